/*
 * number_text.h -- numbers as logs write them, read exactly and without the locale.
 *
 * What reads a number returns 0, or -EBADMSG when the text is anything else or does not fit; *ret is untouched then.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Decimal digits. */
int number_text_count(const char *text, size_t length, uint64_t *ret);

/* Decimal digits, or hexadecimal ones after "0x". */
int number_text_any(const char *text, size_t length, uint64_t *ret);

/*
 * Seconds with any fraction and exponent ("1664990312.481", "1.5e-05"), as nanoseconds, rounded to the nearest;
 * not negative.
 */
int number_text_seconds(const char *text, size_t length, uint64_t *ret_ns);

/* The value of a hexadecimal digit; 16 for what is none. */
unsigned number_text_hex_digit(char c);
