/*
 * A setting is written in exactly one way: whole numbers in decimal without sign or leading zero
 * (YAML 1.1 reads 010 as eight, people as ten, so it is refused), durations and sizes as a whole
 * number and a unit (a bare 60 is a minute to one reader and a second to the next), booleans as
 * true and false only (YAML 1.1 also takes yes, on and NO, Norway's country code). Strings hold no
 * control characters: they reach log lines, file names and terminals.
 */
#include "daemon/config_scalar.h"

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOUBLE_TEXT_MAX = 32 };

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

static bool
text_is(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
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

	for (; used < length && is_digit(text[used]); used++) {
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
quantity_parse(
	const struct unit *units, const char *text, size_t length, uint64_t *ret_quantity)
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
		if (text_is(text + used, length - used, u->name))
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

/* strtod() also takes "inf", "nan", hexadecimal and leading blanks; a setting does not. */
static bool
is_decimal(const char *text)
{
	size_t i = text[0] == '-' ? 1 : 0;
	size_t digits = 0;

	for (; is_digit(text[i]); i++)
		digits++;
	if (text[i] == '.')
		for (i++; is_digit(text[i]); i++)
			digits++;
	if (digits == 0)
		return false;
	if (text[i] != 'e' && text[i] != 'E')
		return text[i] == '\0';
	i++;
	if (text[i] == '+' || text[i] == '-')
		i++;
	if (!is_digit(text[i]))
		return false;
	while (is_digit(text[i]))
		i++;
	return text[i] == '\0';
}

static bool
double_parse(const char *text, size_t length, double *ret_double)
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

static void
double_format(double value, struct strbuf *out)
{
	char text[DOUBLE_TEXT_MAX];

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		double back = strtod(text, NULL);

		if (back >= value && back <= value)
			break;
	}
	strbuf_text(out, text);
}

static bool
addr_text_parse(const char *text, size_t length, bool network, struct cidr *ret_cidr)
{
	char copy[ADDR_TEXT_MAX + sizeof("/128")];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (strlen(copy) != length)
		return false;
	return network ? cidr_parse(copy, ret_cidr) : addr_parse(copy, &ret_cidr->base);
}

static void
cidr_format(const struct cidr *net, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	bool v4 = addr_is_v4(&net->base) && net->prefix_len >= 96;

	strbuf_text(out, addr_format(&net->base, text));
	strbuf_char(out, '/');
	strbuf_u64(out, v4 ? net->prefix_len - 96U : net->prefix_len);
}

/* The characters that YAML 1.1 folds or refuses in a quoted text, and those that move a terminal. */
static bool
is_unclean_sequence(const unsigned char *s, size_t length)
{
	if (length == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (length == 2)
		return s[0] == 0xc2 && s[1] < 0xa0; /* C1 */
	if (length != 3)
		return false;
	return (s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9)) || /* U+2028, 2029 */
	       (s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf) ||		   /* U+FEFF */
	       (s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe);			   /* U+FFFE, FFFF */
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

/* Room for any value a scalar row holds, parsed before anything is written. */
union value {
	bool boolean;
	uint32_t u32;
	uint64_t u64;
	double real;
	const char *text;
	struct addr addr;
	struct cidr cidr;
};

static size_t
value_size(enum config_type type)
{
	switch (type) {
	case CONFIG_TYPE_BOOL:
		return sizeof(bool);
	case CONFIG_TYPE_U32:
	case CONFIG_TYPE_ENUM:
		return sizeof(uint32_t);
	case CONFIG_TYPE_DOUBLE:
		return sizeof(double);
	case CONFIG_TYPE_DURATION:
	case CONFIG_TYPE_SIZE:
		return sizeof(uint64_t);
	case CONFIG_TYPE_STRING:
		return sizeof(const char *);
	case CONFIG_TYPE_ADDR:
		return sizeof(struct addr);
	case CONFIG_TYPE_CIDR:
		return sizeof(struct cidr);
	case CONFIG_TYPE_END:
	case CONFIG_TYPE_LIST:
	case CONFIG_TYPE_SECTION:
		break;
	}
	assert(!"not a scalar");
	return 0;
}

static void
value_store(const struct config_item *row, const union value *v, void *section)
{
	memcpy((unsigned char *)section + row->offset, v, value_size(row->type));
}

static union value
value_load(const struct config_item *row, const void *section)
{
	union value v;

	memset(&v, 0, sizeof(v));
	memcpy(&v, (const unsigned char *)section + row->offset, value_size(row->type));
	return v;
}

static bool
in_bounds(const struct config_item *row, uint64_t n)
{
	return n >= row->min && n <= row->max;
}

static bool
choice_parse(const struct config_item *row, const char *text, size_t length, uint32_t *ret_index)
{
	for (uint32_t i = 0; row->choices[i] != NULL; i++)
		if (text_is(text, length, row->choices[i])) {
			*ret_index = i;
			return true;
		}
	return false;
}

static bool
u32_parse(const struct config_item *row, const char *text, size_t length, uint32_t *ret_u32)
{
	uint64_t number = 0;

	if (number_parse(text, length, &number) != length || length == 0)
		return false;
	if (!in_bounds(row, number) || number > UINT32_MAX)
		return false;
	*ret_u32 = (uint32_t)number;
	return true;
}

static bool
value_parse(const struct config_item *row, const char *text, size_t length, union value *ret_value)
{
	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		ret_value->boolean = text_is(text, length, "true");
		return ret_value->boolean || text_is(text, length, "false");
	case CONFIG_TYPE_U32:
		return u32_parse(row, text, length, &ret_value->u32);
	case CONFIG_TYPE_DOUBLE:
		return double_parse(text, length, &ret_value->real) &&
		       ret_value->real >= row->min_double && ret_value->real <= row->max_double;
	case CONFIG_TYPE_DURATION:
		return quantity_parse(duration_units, text, length, &ret_value->u64) &&
		       in_bounds(row, ret_value->u64);
	case CONFIG_TYPE_SIZE:
		return quantity_parse(size_units, text, length, &ret_value->u64) &&
		       in_bounds(row, ret_value->u64);
	case CONFIG_TYPE_STRING: /* copied by the caller, who has the arena */
		ret_value->text = text;
		return in_bounds(row, length) && config_text_is_clean(text, length);
	case CONFIG_TYPE_ENUM:
		return choice_parse(row, text, length, &ret_value->u32);
	case CONFIG_TYPE_ADDR:
	case CONFIG_TYPE_CIDR: /* an addr is the first member of a cidr */
		return addr_text_parse(
			text, length, row->type == CONFIG_TYPE_CIDR, &ret_value->cidr);
	case CONFIG_TYPE_END:
	case CONFIG_TYPE_LIST:
	case CONFIG_TYPE_SECTION:
		break;
	}
	return false;
}

static bool
is_optional(const struct config_item *row)
{
	return (row->type == CONFIG_TYPE_STRING || row->type == CONFIG_TYPE_ADDR ||
		       row->type == CONFIG_TYPE_CIDR) &&
	       row->dflt_text == NULL;
}

int
config_scalar_parse(const struct config_item *row, const char *text, size_t length,
	void *section, struct arena *arena)
{
	union value v;

	memset(&v, 0, sizeof(v));
	if (text == NULL) {
		if (!is_optional(row))
			return -EINVAL;
	} else if (!value_parse(row, text, length, &v)) {
		return -EINVAL;
	} else if (row->type == CONFIG_TYPE_STRING) {
		v.text = arena_string(arena, text, length);
		if (v.text == NULL)
			return -ENOMEM;
	}
	value_store(row, &v, section);
	return 0;
}

void
config_scalar_default(const struct config_item *row, void *section)
{
	union value v;

	memset(&v, 0, sizeof(v));
	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		v.boolean = row->dflt != 0;
		break;
	case CONFIG_TYPE_U32:
	case CONFIG_TYPE_ENUM:
		v.u32 = (uint32_t)row->dflt;
		break;
	case CONFIG_TYPE_DOUBLE:
		v.real = row->dflt_double;
		break;
	case CONFIG_TYPE_DURATION:
	case CONFIG_TYPE_SIZE:
		v.u64 = row->dflt;
		break;
	default: /* by text, which is constant: no copy */
		if (row->dflt_text != NULL) {
			bool parsed = value_parse(row, row->dflt_text, strlen(row->dflt_text), &v);

			assert(parsed);
		}
	}
	value_store(row, &v, section);
}

bool
config_scalar_is_none(const struct config_item *row, const void *section)
{
	static const struct cidr nowhere;
	union value v;

	if (!is_optional(row))
		return false;
	v = value_load(row, section);
	switch (row->type) {
	case CONFIG_TYPE_STRING:
		return v.text == NULL;
	case CONFIG_TYPE_ADDR:
		return addr_equal(&v.addr, &nowhere.base);
	default:
		return addr_equal(&v.cidr.base, &nowhere.base) && v.cidr.prefix_len == 0;
	}
}

void
config_scalar_format(const struct config_item *row, const void *section, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	union value v = value_load(row, section);

	if (config_scalar_is_none(row, section)) {
		strbuf_text(out, "null");
		return;
	}
	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		strbuf_text(out, v.boolean ? "true" : "false");
		break;
	case CONFIG_TYPE_U32:
		strbuf_u64(out, v.u32);
		break;
	case CONFIG_TYPE_DOUBLE:
		double_format(v.real, out);
		break;
	case CONFIG_TYPE_DURATION:
		quantity_format(duration_units, v.u64, out);
		break;
	case CONFIG_TYPE_SIZE:
		quantity_format(size_units, v.u64, out);
		break;
	case CONFIG_TYPE_STRING:
		strbuf_text(out, v.text);
		break;
	case CONFIG_TYPE_ENUM:
		strbuf_text(out, row->choices[v.u32]);
		break;
	case CONFIG_TYPE_ADDR:
		strbuf_text(out, addr_format(&v.addr, text));
		break;
	default:
		cidr_format(&v.cidr, out);
	}
}

static void
number_format(const struct config_item *row, uint64_t n, struct strbuf *out)
{
	if (row->type == CONFIG_TYPE_DURATION)
		quantity_format(duration_units, n, out);
	else if (row->type == CONFIG_TYPE_SIZE)
		quantity_format(size_units, n, out);
	else
		strbuf_u64(out, n);
}

static void
bounds_format(const struct config_item *row, struct strbuf *out)
{
	bool open = row->max == UINT64_MAX ||
		    (row->type == CONFIG_TYPE_U32 && row->max == UINT32_MAX);

	if (open && row->min == 0)
		return;
	strbuf_text(out, open ? " of at least " : " from ");
	number_format(row, row->min, out);
	if (open)
		return;
	strbuf_text(out, " to ");
	number_format(row, row->max, out);
}

static void
choices_format(const struct config_item *row, struct strbuf *out)
{
	strbuf_text(out, "one of ");
	for (size_t i = 0; row->choices[i] != NULL; i++) {
		if (i > 0)
			strbuf_text(out, ", ");
		strbuf_text(out, row->choices[i]);
	}
}

static void
text_bounds_format(const struct config_item *row, struct strbuf *out)
{
	strbuf_text(out, "text of ");
	if (row->min > 0)
		strbuf_printf(out, "%llu to ", (unsigned long long)row->min);
	else
		strbuf_text(out, "at most ");
	strbuf_printf(out, "%llu bytes without control characters", (unsigned long long)row->max);
}

void
config_scalar_expect(const struct config_item *row, struct strbuf *out)
{
	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		strbuf_text(out, "true or false");
		break;
	case CONFIG_TYPE_U32:
		strbuf_text(out, "a whole number");
		bounds_format(row, out);
		break;
	case CONFIG_TYPE_DOUBLE:
		strbuf_text(out, "a number from ");
		double_format(row->min_double, out);
		strbuf_text(out, " to ");
		double_format(row->max_double, out);
		break;
	case CONFIG_TYPE_DURATION:
		strbuf_text(out, "a duration");
		bounds_format(row, out);
		strbuf_text(out, " (written 250ms, 90s, 5m, 1h, 2d)");
		break;
	case CONFIG_TYPE_SIZE:
		strbuf_text(out, "a size");
		bounds_format(row, out);
		strbuf_text(out, " (written 512KiB, 64MiB, 1GiB)");
		break;
	case CONFIG_TYPE_STRING:
		text_bounds_format(row, out);
		break;
	case CONFIG_TYPE_ENUM:
		choices_format(row, out);
		break;
	case CONFIG_TYPE_ADDR:
		strbuf_text(out, "an IP address");
		break;
	case CONFIG_TYPE_CIDR:
		strbuf_text(out, "a network without host bits (written 10.0.0.0/8, 2001:db8::/32)");
		break;
	case CONFIG_TYPE_LIST:
		strbuf_printf(out, "a list of at most %llu items", (unsigned long long)row->max);
		break;
	case CONFIG_TYPE_SECTION:
		strbuf_text(out, "a section of settings");
		break;
	case CONFIG_TYPE_END:
		break;
	}
	if (row->unit != NULL && row->unit[0] != '\0') {
		strbuf_char(out, ' ');
		strbuf_text(out, row->unit);
	}
}
