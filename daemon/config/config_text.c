/*
 * A setting is written in exactly one way: whole numbers in decimal without sign or leading zero
 * (YAML 1.1 reads 010 as eight, people as ten, so it is refused), durations and sizes as a whole
 * number and a unit (a bare 60 is a minute to one reader and a second to the next). Strings hold no
 * control characters: they reach log lines, file names and terminals.
 */
#include "daemon/config/config_text.h"

#include "daemon/base/ascii.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOUBLE_TEXT_MAX = 32, DOUBLE_DIGITS_MAX = 17 };
#define DOUBLE_PLAIN_BELOW 1e15 /* whole numbers up to here are exact */

struct unit {
	const char *name;
	uint64_t times;
};

/* Small to large: formatting takes the last that divides. */
static const struct unit duration_units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", 1000000000 },
	{ "m", UINT64_C(60) * 1000000000 },
	{ "h", UINT64_C(3600) * 1000000000 },
	{ "d", UINT64_C(86400) * 1000000000 },
	{ NULL, 0 },
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "GiB", UINT64_C(1) << 30 },
	{ "TiB", UINT64_C(1) << 40 },
	{ NULL, 0 },
};

bool
config_text_is(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool
multiply(uint64_t a, uint64_t b, uint64_t *ret_product)
{
	if (b != 0 && a > UINT64_MAX / b)
		return false;
	*ret_product = a * b;
	return true;
}

/* Decimal digits at the start of `text`. returns how many, 0 when there is no number that fits. */
static size_t
number_parse(const char *text, size_t length, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t used = 0;

	for (; used < length && ascii_is_digit(text[used]); used++) {
		uint64_t digit = (uint64_t)(text[used] - '0');

		if (!multiply(number, 10, &number) || number > UINT64_MAX - digit)
			return 0;
		number += digit;
	}
	if (used == 0 || (used > 1 && text[0] == '0'))
		return 0;
	*ret_number = number;
	return used;
}

static bool
quantity_parse(const struct unit *units, const char *text, size_t length, uint64_t *ret_quantity)
{
	uint64_t number = 0;
	size_t used = number_parse(text, length, &number);

	if (used == 0)
		return false;
	/* Nothing is nothing in any unit, and "0" is how people switch a duration off. */
	if (used == length && number == 0) {
		*ret_quantity = 0;
		return true;
	}
	for (const struct unit *u = units; u->name != NULL; u++)
		if (config_text_is(text + used, length - used, u->name))
			return multiply(number, u->times, ret_quantity);
	return false;
}

static void
quantity_format(const struct unit *units, uint64_t quantity, struct strbuf *out)
{
	const struct unit *exact = units;

	if (quantity == 0) {
		strbuf_text(out, units == duration_units ? "0s" : "0");
		return;
	}
	for (const struct unit *u = units; u->name != NULL; u++)
		if (quantity % u->times == 0)
			exact = u;
	strbuf_u64(out, quantity / exact->times);
	strbuf_text(out, exact->name);
}

bool
config_duration_parse(const char *text, size_t length, uint64_t *ret_ns)
{
	return quantity_parse(duration_units, text, length, ret_ns);
}

bool
config_size_parse(const char *text, size_t length, uint64_t *ret_bytes)
{
	return quantity_parse(size_units, text, length, ret_bytes);
}

void
config_duration_format(uint64_t ns, struct strbuf *out)
{
	quantity_format(duration_units, ns, out);
}

void
config_size_format(uint64_t bytes, struct strbuf *out)
{
	quantity_format(size_units, bytes, out);
}

bool
config_number_parse(const char *text, size_t length, uint64_t *ret_number)
{
	return length > 0 && number_parse(text, length, ret_number) == length;
}

/* strtod() also takes "inf", "nan", hexadecimal and leading blanks; a setting does not. */
static bool
is_decimal(const char *text)
{
	size_t i = text[0] == '-' ? 1 : 0;
	size_t digits = 0;

	for (; ascii_is_digit(text[i]); i++)
		digits++;
	if (text[i] == '.')
		for (i++; ascii_is_digit(text[i]); i++)
			digits++;
	if (digits == 0)
		return false;
	if (text[i] != 'e' && text[i] != 'E')
		return text[i] == '\0';
	i++;
	if (text[i] == '+' || text[i] == '-')
		i++;
	if (!ascii_is_digit(text[i]))
		return false;
	while (ascii_is_digit(text[i]))
		i++;
	return text[i] == '\0';
}

bool
config_double_parse(const char *text, size_t length, double *ret_double)
{
	char copy[DOUBLE_TEXT_MAX];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (strlen(copy) != length || !is_decimal(copy))
		return false;
	*ret_double = strtod(copy, NULL);
	return true;
}

void
config_double_format(double value, struct strbuf *out)
{
	char text[DOUBLE_TEXT_MAX];

	for (int digits = 1; digits <= DOUBLE_DIGITS_MAX; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, value);
		double back = strtod(text, NULL);

		if (back >= value && back <= value)
			break;
	}
	/* "%g" writes a thousand as 1e+03, which nobody does. */
	if (strchr(text, 'e') != NULL && value >= 1 && value < DOUBLE_PLAIN_BELOW)
		(void)snprintf(text, sizeof(text), "%.0f", value);
	strbuf_text(out, text);
}

/*
 * The characters that YAML 1.1 folds or refuses in a quoted text, and those that move what a person
 * reads: control characters, and the overrides of writing direction (CVE-2021-42574).
 */
static bool
is_unclean_sequence(const unsigned char *s, size_t length)
{
	if (length == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (length == 2)
		return s[0] == 0xc2 && s[1] < 0xa0; /* C1 */
	if (length != 3)
		return false;

	uint32_t point =
		(uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
	return (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
	       point == 0xfeff || point >= 0xfffe;
}

bool
config_text_is_clean(const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t n = utf8_sequence(text + at, length - at);

		if (n == 0 || is_unclean_sequence((const unsigned char *)text + at, n))
			return false;
		at += n;
	}
	return true;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Restricted Damerau-Levenshtein distance (Boytsov 2011, "Indexing methods for approximate
 * dictionary searching", 2.1): a letter too many, missing, wrong, or two neighbours swapped.
 * Both texts at most CONFIG_NAME_MAX bytes. Three rows of the matrix are enough.
 */
static size_t
edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t row[3][CONFIG_NAME_MAX + 1];

	for (size_t j = 0; j <= b_length; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		const size_t *before = row[(i + 1) % 3];
		const size_t *above = row[(i + 2) % 3];
		size_t *here = row[i % 3];

		here[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t wrong = a[i - 1] != b[j - 1];

			here[j] = least(above[j - 1] + wrong, least(above[j], here[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here[j] = least(here[j], before[j - 2] + 1);
		}
	}
	return row[a_length % 3][b_length];
}

size_t
config_slip_distance(const char *known, const char *name, size_t length)
{
	size_t known_length = strlen(known);
	size_t distance = SIZE_MAX;

	if (known_length > CONFIG_NAME_MAX || length > CONFIG_NAME_MAX)
		return SIZE_MAX;
	distance = edit_distance(known, known_length, name, length);
	return distance * 3 <= (known_length > length ? known_length : length) ? distance
									       : SIZE_MAX;
}

const char *
config_nearest(const char *const *texts, const char *name, size_t length)
{
	const char *best = NULL;
	size_t best_distance = SIZE_MAX;

	for (; *texts != NULL; texts++) {
		size_t distance = config_slip_distance(*texts, name, length);

		if (distance < best_distance) {
			best = *texts;
			best_distance = distance;
		}
	}
	return best;
}

void
config_cut(struct strbuf *b, size_t length)
{
	if (length >= b->length)
		return;
	b->length = length;
	b->text[length] = '\0';
	b->truncated = false;
}
