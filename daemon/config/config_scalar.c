/*
 * One switch over the types for each thing that is done to a value. Booleans are true and false
 * only: YAML 1.1 also takes yes, on and NO, which is Norway's country code.
 */
#include "daemon/config/config_scalar.h"

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config_text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

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
	assert(0 && "not a scalar");
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
		if (config_text_is(text, length, row->choices[i])) {
			*ret_index = i;
			return true;
		}
	return false;
}

static bool
u32_parse(const struct config_item *row, const char *text, size_t length, uint32_t *ret_u32)
{
	uint64_t number = 0;

	if (!config_number_parse(text, length, &number))
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
		ret_value->boolean = config_text_is(text, length, "true");
		return ret_value->boolean || config_text_is(text, length, "false");
	case CONFIG_TYPE_U32:
		return u32_parse(row, text, length, &ret_value->u32);
	case CONFIG_TYPE_DOUBLE:
		return config_double_parse(text, length, &ret_value->real) &&
		       ret_value->real >= row->min_double && ret_value->real <= row->max_double;
	case CONFIG_TYPE_DURATION:
		return config_duration_parse(text, length, &ret_value->u64) &&
		       in_bounds(row, ret_value->u64);
	case CONFIG_TYPE_SIZE:
		return config_size_parse(text, length, &ret_value->u64) &&
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
config_scalar_parse(const struct config_item *row, const char *text, size_t length, void *section,
	struct arena *arena)
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

	switch (row->type) {
	case CONFIG_TYPE_BOOL:
		strbuf_text(out, v.boolean ? "true" : "false");
		break;
	case CONFIG_TYPE_U32:
		strbuf_u64(out, v.u32);
		break;
	case CONFIG_TYPE_DOUBLE:
		config_double_format(v.real, out);
		break;
	case CONFIG_TYPE_DURATION:
		config_duration_format(v.u64, out);
		break;
	case CONFIG_TYPE_SIZE:
		config_size_format(v.u64, out);
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
		config_duration_format(n, out);
	else if (row->type == CONFIG_TYPE_SIZE)
		config_size_format(n, out);
	else
		strbuf_u64(out, n);
}

static void
bounds_format(const struct config_item *row, struct strbuf *out)
{
	bool open =
		row->max == UINT64_MAX || (row->type == CONFIG_TYPE_U32 && row->max == UINT32_MAX);

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
		config_double_format(row->min_double, out);
		strbuf_text(out, " to ");
		config_double_format(row->max_double, out);
		break;
	case CONFIG_TYPE_DURATION:
		strbuf_text(out, "a duration");
		bounds_format(row, out);
		break;
	case CONFIG_TYPE_SIZE:
		strbuf_text(out, "a size");
		bounds_format(row, out);
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
		strbuf_text(out, "a network without host bits");
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

void
config_scalar_example(const struct config_item *row, struct strbuf *out)
{
	if (row->type == CONFIG_TYPE_DURATION)
		strbuf_text(out, " (written 250ms, 90s, 5m, 1h, 2d)");
	if (row->type == CONFIG_TYPE_SIZE)
		strbuf_text(out, " (written 512KiB, 64MiB, 1GiB)");
	if (row->type == CONFIG_TYPE_CIDR)
		strbuf_text(out, " (written 10.0.0.0/8, 2001:db8::/32)");
}
