#include "ctl/member.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct thing {
	const char *text, *id;
	const char *const *texts;
	size_t text_count;
	bool yes;
	uint64_t count, time_ns;
	int64_t integer;
	double real;
	const struct thing *rows;
	size_t row_count;
};

#define M(member, type, title)                                                               \
	{                                                                                    \
#member, type, offsetof(struct thing, member), 0, NULL, title, "of " #member \
	}
static const struct member part_members[] = { M(text, MEMBER_TEXT, "PART") };
static const struct member_table parts = { "parts", "A part", part_members, 1,
	sizeof(struct thing) };
static const struct member pair_members[] = { M(text, MEMBER_TEXT, NULL),
	M(id, MEMBER_TEXT, NULL) };
static const struct member_table pairs = { "pairs", "A pair", pair_members, 2,
	sizeof(struct thing) };
static const struct member members[] = {
	M(id, MEMBER_ID, "ID"),
	{ "texts", MEMBER_TEXTS, offsetof(struct thing, texts), offsetof(struct thing, text_count),
		NULL, "TEXTS", "of texts" },
	M(yes, MEMBER_YES, "YES"),
	M(count, MEMBER_COUNT, "COUNT"),
	M(time_ns, MEMBER_TIME, "TIME"),
	{ "pairs", MEMBER_PAIRS, offsetof(struct thing, rows), offsetof(struct thing, row_count),
		&pairs, "PAIRS", "of pairs" },
	M(integer, MEMBER_INTEGER, NULL),
	M(real, MEMBER_REAL, "REAL"),
	{ "rows", MEMBER_ROWS, offsetof(struct thing, rows), offsetof(struct thing, row_count),
		&parts, "ROWS", "of rows" },
	M(text, MEMBER_TEXT, "TEXT"),
};
static const struct member_table things = { "things", "A thing", members,
	sizeof(members) / sizeof(members[0]), sizeof(struct thing) };

static const char *const two[] = { "a", "b" };
static const struct thing inner[] = { { .text = "p", .id = "v" }, { .text = "", .id = "w" } };
static const struct thing full = { "t\x1b", "12345678-90", two, 2, true, UINT64_MAX,
	UINT64_C(1796083200000000000), -3, 1.5, inner, 2 };
static const struct thing empty = { .text = "", .id = "", .real = -1 };

static void
is_json(json_t *value, const char *want)
{
	char *text = json_dumps(
		value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(6));

	assert_string_equal(text, want);
	free(text);
	json_decref(value);
}

static void
each_type_is_json(void **state)
{
	(void)state;
	is_json(member_row(&things, &full),
		"{\"count\":9223372036854775807,\"id\":\"12345678-90\",\"integer\":-3,"
		"\"pairs\":[{\"id\":\"v\",\"text\":\"p\"},{\"id\":\"w\",\"text\":null}],\"real\":1.5,\"rows\":[{\"text\":\"p\"},{\"text\":null}],\"text\":\"t\\u001B\",\"texts\":[\"a\",\"b\"],"
		"\"time_ns\":\"2026-12-01T00:00:00.000000Z\",\"yes\":true}");
}

static void
what_is_not_known_is_null(void **state)
{
	(void)state;
	is_json(member_row(&things, &empty),
		"{\"count\":0,\"id\":null,\"integer\":0,\"pairs\":[],\"real\":null,\"rows\":[],\"text\":null,"
		"\"texts\":[],\"time_ns\":null,\"yes\":false}");
	is_json(member_rows(&things, NULL, 0), "[]");
}

static void
what_is_no_utf8_is_told_all_the_same(void **state)
{
	const struct thing t = { .text = "a\xff", .id = "" };

	(void)state;
	is_json(member_row(&parts, &t), "{\"text\":\"a\\\\xff\"}");
}

static void
members_with_a_title_are_columns(void **state)
{
	const struct thing rows[] = { full, empty };
	struct table_terminal terminal = { .width = 0 };
	char *text = NULL;
	size_t length = 0;

	(void)state;
	terminal.out = open_memstream(&text, &length);
	member_show(&things, rows, 2, &terminal);
	assert_int_equal(fclose(terminal.out), 0);
	assert_string_equal(text,
		"ID        TEXTS  YES                 COUNT  TIME                 PAIRS    REAL  ROWS  TEXT\n"
		"12345678  a, b   yes  18446744073709551615  2026-12-01 00:00:00  p: v; w  1.50     2  t\\x1b\n"
		"          -      -                       0  -                    -           -     0  -\n");
	free(text);
}

static void
levels_are_coloured(void **state)
{
	static const struct member level = { "level", MEMBER_TEXT, offsetof(struct thing, text), 0,
		NULL, "LEVEL", "of level" };
	static const struct member_table levels = { "levels", "A level", &level, 1,
		sizeof(struct thing) };
	const struct thing rows[] = { { .text = "low" }, { .text = "medium" }, { .text = "high" },
		{ .text = "critical" } };
	struct table_terminal terminal = { .colour = true };
	char *text = NULL;
	size_t length = 0;

	(void)state;
	terminal.out = open_memstream(&text, &length);
	member_show(&levels, rows, 4, &terminal);
	assert_int_equal(fclose(terminal.out), 0);
	assert_string_equal(text,
		"LEVEL\nlow\n\x1b[33mmedium\x1b[0m\n\x1b[1;31mhigh\x1b[0m\n\x1b[1;31mcritical\x1b[0m\n");
	free(text);
}

static void
the_schema_has_all_members_with_types_and_meanings(void **state)
{
	static const char *const types[] = { "[\"string\",\"null\"]", "\"array\"", "\"boolean\"",
		"\"integer\"", "[\"string\",\"null\"]", "\"array\"", "\"integer\"",
		"[\"number\",\"null\"]", "\"array\"", "[\"string\",\"null\"]" };
	json_t *schema = member_schema(&things);
	const json_t *properties = json_object_get(schema, "properties");

	(void)state;
	assert_int_equal(json_object_size(properties), things.count);
	assert_int_equal(json_array_size(json_object_get(schema, "required")), things.count);
	for (size_t i = 0; i < things.count; i++) {
		const json_t *one = json_object_get(properties, members[i].name);

		is_json(json_incref(json_object_get(one, "type")), types[i]);
		assert_string_equal(
			json_string_value(json_object_get(one, "description")), members[i].meaning);
	}
	json_decref(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_is_json),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(what_is_no_utf8_is_told_all_the_same),
		cmocka_unit_test(members_with_a_title_are_columns),
		cmocka_unit_test(levels_are_coloured),
		cmocka_unit_test(the_schema_has_all_members_with_types_and_meanings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
