#include "ctl/member.h"

#include "ctl/say.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { TIME_MAX = 64, SAFE_MAX = 8 * 1024, JOINED_MAX = TABLE_CELL_MAX, ID_SHOWN = 8 };

/* Each type that is read as it lies there. */
#define READ(type, row, at) (*(type const *)(const void *)((const char *)(row) + (at)))

static json_t *
text_json(const char *text)
{
	char memory[SAFE_MAX * 4];
	struct strbuf safe;

	if (text == NULL || text[0] == '\0')
		return json_null();
	json_t *as_it_is = json_string(text);
	if (as_it_is != NULL)
		return as_it_is;
	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, text, SAFE_MAX - 8);
	return json_string(memory);
}

static json_t *
time_json(uint64_t ns)
{
	char memory[TIME_MAX];
	struct strbuf b;

	if (ns == 0)
		return json_null();
	strbuf_init(&b, memory, sizeof(memory));
	time_text_iso(&b, ns, "Z");
	return json_string(memory);
}

static json_t *
texts_json(const char *const *texts, size_t count)
{
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(all, text_json(texts[i]));
	return all;
}

static json_t *
count_json(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

static json_t *
value_json(const struct member *m, const void *row)
{
	switch (m->type) {
	case MEMBER_TEXT:
	case MEMBER_ID:
		return text_json(READ(const char *, row, m->at));
	case MEMBER_TEXTS:
		return texts_json(
			READ(const char *const *, row, m->at), READ(size_t, row, m->count_at));
	case MEMBER_YES:
		return json_boolean(READ(bool, row, m->at));
	case MEMBER_COUNT:
		return count_json(READ(uint64_t, row, m->at));
	case MEMBER_SIZE:
		return count_json(READ(size_t, row, m->at));
	case MEMBER_INTEGER:
		return json_integer(READ(int64_t, row, m->at));
	case MEMBER_REAL:
		return READ(double, row, m->at) >= 0 ? json_real(READ(double, row, m->at))
						     : json_null();
	case MEMBER_TIME:
		return time_json(READ(uint64_t, row, m->at));
	case MEMBER_PAIRS:
	case MEMBER_ROWS:
		break;
	}
	return member_rows(m->of, READ(void *, row, m->at), READ(size_t, row, m->count_at));
}

json_t *
member_row(const struct member_table *t, const void *row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < t->count; i++)
		(void)json_object_set_new(
			object, t->members[i].name, value_json(&t->members[i], row));
	return object;
}

void
member_say(const struct member_table *t, const void *row, FILE *out)
{
	json_t *one = member_row(t, row);

	say_json(one, out);
	json_decref(one);
}

json_t *
member_rows(const struct member_table *t, const void *rows, size_t count)
{
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			all, member_row(t, (const char *)rows + i * t->row_size));
	return all;
}

/* ---- for people ---- */

/* A level, and whatever else is said in words that mean trouble. */
static enum table_style
style_of(const struct member *m, const char *text)
{
	if (strcmp(m->name, "level") != 0)
		return TABLE_PLAIN;
	if (strcmp(text, "high") == 0 || strcmp(text, "critical") == 0)
		return TABLE_BAD;
	return strcmp(text, "medium") == 0 ? TABLE_WARN : TABLE_PLAIN;
}

static void
text_cell(struct table_print *p, const struct member *m, const char *text)
{
	table_print_cell(p, text == NULL || text[0] == '\0' ? NULL : text,
		text == NULL ? TABLE_PLAIN : style_of(m, text));
}

static void
texts_cell(struct table_print *p, const char *const *texts, size_t count)
{
	char memory[JOINED_MAX];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	for (size_t i = 0; i < count; i++) {
		strbuf_text(&b, i > 0 ? ", " : "");
		strbuf_text(&b, texts[i]);
	}
	table_print_cell(p, count > 0 ? memory : NULL, TABLE_PLAIN);
}

/* "Query: a.example; Answers: 192.0.2.1" */
static void
pairs_cell(struct table_print *p, const struct member_table *of, const char *rows, size_t count)
{
	char memory[JOINED_MAX];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	for (size_t i = 0; i < count; i++, rows += of->row_size) {
		const char *label = READ(const char *, rows, of->members[0].at);

		strbuf_printf(&b, "%s%s%s%s", i > 0 ? "; " : "", label,
			label[0] != '\0' ? ": " : "", READ(const char *, rows, of->members[1].at));
	}
	table_print_cell(p, count > 0 ? memory : NULL, TABLE_PLAIN);
}

/* "2026-11-24 02:00:00" */
static void
time_cell(struct table_print *p, uint64_t ns)
{
	char memory[TIME_MAX];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	time_text_iso(&b, ns, "");
	if (ns == 0)
		table_print_cell(p, NULL, TABLE_PLAIN);
	else
		table_print_format(p, TABLE_PLAIN, "%.10s %.8s", memory, memory + 11);
}

static void
value_cell(struct table_print *p, const struct member *m, const void *row)
{
	switch (m->type) {
	case MEMBER_TEXT:
		text_cell(p, m, READ(const char *, row, m->at));
		break;
	case MEMBER_ID:
		table_print_format(
			p, TABLE_PLAIN, "%.*s", ID_SHOWN, READ(const char *, row, m->at));
		break;
	case MEMBER_TEXTS:
		texts_cell(
			p, READ(const char *const *, row, m->at), READ(size_t, row, m->count_at));
		break;
	case MEMBER_YES:
		table_print_cell(p, READ(bool, row, m->at) ? "yes" : NULL,
			READ(bool, row, m->at) && strcmp(m->name, "infected") == 0 ? TABLE_BAD
										   : TABLE_PLAIN);
		break;
	case MEMBER_COUNT:
		table_print_format(p, TABLE_PLAIN, "%" PRIu64, READ(uint64_t, row, m->at));
		break;
	case MEMBER_SIZE:
		table_print_format(p, TABLE_PLAIN, "%zu", READ(size_t, row, m->at));
		break;
	case MEMBER_INTEGER:
		table_print_format(p, TABLE_PLAIN, "%" PRId64, READ(int64_t, row, m->at));
		break;
	case MEMBER_REAL:
		if (READ(double, row, m->at) >= 0)
			table_print_format(p, TABLE_PLAIN, "%.2f", READ(double, row, m->at));
		else
			table_print_cell(p, NULL, TABLE_PLAIN);
		break;
	case MEMBER_TIME:
		time_cell(p, READ(uint64_t, row, m->at));
		break;
	case MEMBER_PAIRS:
		pairs_cell(
			p, m->of, READ(const char *, row, m->at), READ(size_t, row, m->count_at));
		break;
	case MEMBER_ROWS:
		table_print_format(p, TABLE_PLAIN, "%zu", READ(size_t, row, m->count_at));
		break;
	}
}

static bool
is_number(enum member_type type)
{
	return type == MEMBER_COUNT || type == MEMBER_SIZE || type == MEMBER_INTEGER ||
	       type == MEMBER_REAL || type == MEMBER_ROWS;
}

void
member_show(const struct member_table *t, const void *rows, size_t count,
	const struct table_terminal *terminal)
{
	struct table_column columns[TABLE_COLUMNS_MAX];
	struct table_print p;
	size_t width = 0;

	for (size_t i = 0; i < t->count; i++)
		if (t->members[i].title != NULL) {
			assert(width < TABLE_COLUMNS_MAX);
			columns[width++] = (struct table_column){ t->members[i].title,
				is_number(t->members[i].type) };
		}
	table_print_begin(&p, terminal, columns, width);
	for (size_t row = 0; row < count; row++)
		for (size_t i = 0; i < t->count; i++)
			if (t->members[i].title != NULL)
				value_cell(
					&p, &t->members[i], (const char *)rows + row * t->row_size);
	table_print_end(&p);
}

/* ---- what programs may count on ---- */

static json_t *
type_schema(const struct member *m)
{
	switch (m->type) {
	case MEMBER_TEXT:
	case MEMBER_ID:
		return json_pack("{s:[ss]}", "type", "string", "null");
	case MEMBER_TEXTS:
		return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
	case MEMBER_YES:
		return json_pack("{s:s}", "type", "boolean");
	case MEMBER_COUNT:
	case MEMBER_SIZE:
		return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
	case MEMBER_INTEGER:
		return json_pack("{s:s}", "type", "integer");
	case MEMBER_REAL:
		return json_pack("{s:[ss]}", "type", "number", "null");
	case MEMBER_TIME:
		return json_pack("{s:[ss], s:s}", "type", "string", "null", "format", "date-time");
	case MEMBER_PAIRS:
	case MEMBER_ROWS:
		break;
	}
	return json_pack("{s:s, s:o}", "type", "array", "items", member_schema(m->of));
}

json_t *
member_schema(const struct member_table *t)
{
	json_t *properties = json_object();
	json_t *required = json_array();

	for (size_t i = 0; i < t->count; i++) {
		const struct member *m = &t->members[i];
		json_t *one = type_schema(m);

		(void)json_object_set_new(one, "description", json_string(m->meaning));
		(void)json_object_set_new(properties, m->name, one);
		(void)json_array_append_new(required, json_string(m->name));
	}
	return json_pack("{s:s, s:s, s:o, s:o}", "type", "object", "description", t->meaning,
		"properties", properties, "required", required);
}
