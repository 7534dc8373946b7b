#include "daemon/base/strbuf.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 20, DECIMALS_MAX = 9 };

static const uint64_t power_of_ten[DIGITS_MAX] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
	UINT64_C(10000000000000000),
	UINT64_C(100000000000000000),
	UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000),
};

void
strbuf_init(struct strbuf *b, char *memory, size_t capacity)
{
	assert(capacity > 0);
	*b = (struct strbuf){ .text = memory, .capacity = capacity };
	memory[0] = '\0';
}

void
strbuf_reset(struct strbuf *b)
{
	strbuf_init(b, b->text, b->capacity);
}

void
strbuf_char(struct strbuf *b, char c)
{
	char *at = strbuf_extend(b, 1);

	if (at != NULL)
		*at = c;
}

void
strbuf_bytes(struct strbuf *b, const char *bytes, size_t length)
{
	char *at = strbuf_extend(b, length);

	if (at != NULL && length > 0)
		memcpy(at, bytes, length);
}

void
strbuf_text(struct strbuf *b, const char *text)
{
	strbuf_bytes(b, text, strlen(text));
}

static unsigned
digit_count(uint64_t value)
{
	unsigned count = 1;

	while (count < DIGITS_MAX && value >= power_of_ten[count])
		count++;
	return count;
}

/* Two digits a division: a 64-bit division is most of what a number costs. */
static void
digits_write(char *at, uint64_t value, unsigned count)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	for (; count >= 2; count -= 2) {
		memcpy(at + count - 2, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (count == 1)
		*at = (char)('0' + value);
}

void
strbuf_u64(struct strbuf *b, uint64_t value)
{
	unsigned count = digit_count(value);
	char *at = strbuf_extend(b, count);

	if (at != NULL)
		digits_write(at, value, count);
}

void
strbuf_i64(struct strbuf *b, int64_t value)
{
	if (value >= 0) {
		strbuf_u64(b, (uint64_t)value);
		return;
	}
	uint64_t magnitude = 0 - (uint64_t)value; /* INT64_MIN has no positive twin */
	unsigned count = digit_count(magnitude);
	char *at = strbuf_extend(b, 1 + (size_t)count);
	if (at == NULL)
		return;
	*at = '-';
	digits_write(at + 1, magnitude, count);
}

void
strbuf_u64_padded(struct strbuf *b, uint64_t value, unsigned width)
{
	assert(width >= 1 && width <= DIGITS_MAX);
	unsigned count = digit_count(value);
	unsigned zeros = count < width ? width - count : 0;
	char *at = strbuf_extend(b, (size_t)zeros + count);
	if (at == NULL)
		return;
	memset(at, '0', zeros);
	digits_write(at + zeros, value, count);
}

/*
 * Whole and fraction are taken apart first, since value * 10^decimals need not fit 64 bits. The
 * subtraction is exact, the product is not: when it lands on a half, the error that fma() tells
 * decides, so that 0.015 (which is a little less than that) gives 0.01, as printf() does.
 */
void
strbuf_double(struct strbuf *b, double value, unsigned decimals)
{
	double magnitude = fabs(value);

	assert(decimals <= DECIMALS_MAX);
	if (!(magnitude < 0x1p63)) {
		strbuf_printf(b, "%.*f", (int)decimals, value);
		return;
	}
	uint64_t whole = (uint64_t)magnitude;
	double part = magnitude - (double)whole;
	double product = part * (double)power_of_ten[decimals];
	uint64_t fraction = (uint64_t)product;
	double rest = product - (double)fraction;
	if (rest > 0.5 || (rest == 0.5 && fma(part, (double)power_of_ten[decimals], -product) >= 0))
		fraction++;
	if (fraction == power_of_ten[decimals]) {
		fraction = 0;
		whole++;
	}

	bool negative = value < 0 && (whole > 0 || fraction > 0);
	unsigned count = digit_count(whole);
	char *at = strbuf_extend(
		b, (size_t)negative + count + (decimals > 0 ? 1 + (size_t)decimals : 0));
	if (at == NULL)
		return;
	if (negative)
		*at++ = '-';
	digits_write(at, whole, count);
	if (decimals > 0) {
		at[count] = '.';
		digits_write(at + count + 1, fraction, decimals);
	}
}

static bool
ends_in(const char *text, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length > size && memcmp(text + length - size, end, size) == 0;
}

void
strbuf_quantity(struct strbuf *b, uint64_t count, const char *unit)
{
	size_t length = strcspn(unit, "/"); /* "handshakes/s" */

	strbuf_u64(b, count);
	strbuf_char(b, ' ');
	if (count != 1 || !ends_in(unit, length, "s")) {
		strbuf_text(b, unit);
		return;
	}
	if (ends_in(unit, length, "ies")) {
		strbuf_bytes(b, unit, length - 3);
		strbuf_char(b, 'y');
	} else {
		strbuf_bytes(b, unit, length - (ends_in(unit, length, "sses") ? 2 : 1));
	}
	strbuf_text(b, unit + length);
}

void
strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
	size_t left = b->capacity - b->length;
	va_list args;

	if (b->truncated)
		return;
	va_start(args, fmt);
	int length = vsnprintf(b->text + b->length, left, fmt, args);
	va_end(args);
	if (length < 0 || (size_t)length >= left) {
		b->text[b->length] = '\0';
		b->truncated = true;
		return;
	}
	b->length += (size_t)length;
}
