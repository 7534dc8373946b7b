#include "daemon/base/number_text.h"

#include "daemon/base/ascii.h"

#include <errno.h>
#include <stdbool.h>

enum {
	NANO = 9,                 /* a second is 10^9 ns */
	SHIFT_MAX = 20,           /* 10^20 is more than 64 bits hold */
	EXPONENT_MAX = 100000000, /* no text has the digits that would make up for more */
};

/* One digit more behind `value`. returns false when 64 bits do not hold it; nothing has changed then */
static inline bool
append(uint64_t *value, unsigned base, unsigned digit)
{
	if (*value >= UINT64_MAX / base &&
		(*value > UINT64_MAX / base || digit > UINT64_MAX % base))
		return false;
	*value = *value * base + digit;
	return true;
}

int
number_text_count(const char *text, size_t length, uint64_t *ret)
{
	uint64_t value = 0;

	if (length == 0)
		return -EBADMSG;
	for (const char *end = text + length; text < end; text++)
		if (!ascii_is_digit(*text) || !append(&value, 10, (unsigned)(*text - '0')))
			return -EBADMSG;
	*ret = value;
	return 0;
}

unsigned
number_text_hex_digit(char c)
{
	if (ascii_is_digit(c))
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

int
number_text_any(const char *text, size_t length, uint64_t *ret)
{
	uint64_t value = 0;

	if (length < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
		return number_text_count(text, length, ret);
	for (size_t i = 2; i < length; i++) {
		unsigned digit = number_text_hex_digit(text[i]);
		if (digit == 16 || !append(&value, 16, digit))
			return -EBADMSG;
	}
	*ret = value;
	return 0;
}

/* A number without a sign: `digits` * 10^`exponent`, and a rest of which one digit is known. */
struct decimal {
	uint64_t digits;
	int exponent;
	bool is_cut;   /* further digits did not fit ... */
	bool is_above; /* ... and are half of the last one or more */
};

/* Digits, to the first other character. returns where that is */
static const char *
take_digits(struct decimal *d, const char *at, const char *end, bool is_fraction)
{
	for (; at < end && ascii_is_digit(*at); at++) {
		unsigned digit = (unsigned)(*at - '0');

		if (!d->is_cut && append(&d->digits, 10, digit)) {
			d->exponent -= is_fraction;
			continue;
		}
		d->is_above = d->is_cut ? d->is_above : digit >= 5;
		d->is_cut = true;
		d->exponent += !is_fraction;
	}
	return at;
}

/* What stands behind the 'e': a sign, and digits. returns false when it is something else */
static bool
take_exponent(struct decimal *d, const char *at, const char *end)
{
	bool is_negative = at < end && *at == '-';
	int exponent = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end)
		return false;
	for (; at < end; at++) {
		if (!ascii_is_digit(*at))
			return false;
		if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (*at - '0');
	}
	d->exponent += is_negative ? -exponent : exponent;
	return true;
}

/* returns false when it is no number */
static bool
parse_decimal(const char *text, size_t length, struct decimal *ret)
{
	const char *end = text + length;
	const char *at = take_digits(ret, text, end, /* is_fraction= */ false);
	size_t count = (size_t)(at - text);

	if (at < end && *at == '.') {
		const char *fraction = at + 1;
		at = take_digits(ret, fraction, end, /* is_fraction= */ true);
		count += (size_t)(at - fraction);
	}
	if (count == 0)
		return false;
	if (at < end && (*at == 'e' || *at == 'E'))
		return take_exponent(ret, at + 1, end);
	return at == end;
}

static uint64_t
power_of_ten(int exponent)
{
	uint64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

int
number_text_seconds(const char *text, size_t length, uint64_t *ret_ns)
{
	struct decimal d = { .digits = 0 };

	if (!parse_decimal(text, length, &d))
		return -EBADMSG;
	int shift = d.exponent + NANO;
	if (d.digits == 0 || shift <= -SHIFT_MAX) {
		*ret_ns = 0;
		return 0;
	}
	if (shift <
		0) { /* what was cut is less than one of `digits`, and a half is a whole number of them */
		uint64_t power = power_of_ten(-shift);
		uint64_t rest = d.digits % power;
		*ret_ns = d.digits / power + (rest >= power - rest);
		return 0;
	}
	if (shift > 0 && (d.is_cut || shift >= SHIFT_MAX))
		return -EBADMSG;
	uint64_t power = power_of_ten(shift);
	if (d.digits > UINT64_MAX / power || (d.is_above && d.digits == UINT64_MAX))
		return -EBADMSG;
	*ret_ns = d.digits * power + d.is_above;
	return 0;
}
