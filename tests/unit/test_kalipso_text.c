/* test_kalipso_text.c -- text that tells Kalipso nothing but itself, and the names of its keys. */
#include "exporters/kalipso/kalipso_text.h"
#include "tests/support/hostile_text.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
put(const char *text)
{
	static char room[16 * 1024];
	struct strbuf b;

	strbuf_init(&b, room, sizeof(room));
	kalipso_put(&b, text);
	assert_false(b.truncated);
	return room;
}

static void
braces_become_parentheses(void **state)
{
	(void)state;
	assert_string_equal(put("{bold}a{/bold}"), "(bold)a(/bold)");
}

static void
what_stood_before_is_left_alone(void **state)
{
	char room[64];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, room, sizeof(room));
	strbuf_text(&b, "{");
	kalipso_put(&b, "{");
	assert_string_equal(room, "{(");
}

static void
control_characters_are_made_visible(void **state)
{
	(void)state;
	assert_string_equal(put("a\x1b[2J\nb\xff"), "a\\x1b[2J\\x0ab\\xff");
}

static void
a_long_text_is_cut(void **state)
{
	static char text[10 * 1024];

	(void)state;
	memset(text, 1, sizeof(text) - 1);
	const char *cut = put(text);
	assert_int_equal(strlen(cut), 4 * KALIPSO_TEXT_MAX + 3);
	assert_string_equal(cut + strlen(cut) - 7, "\\x01...");
	memset(text, '{', KALIPSO_TEXT_MAX);
	text[KALIPSO_TEXT_MAX] = '\0';
	assert_int_equal(strlen(put(text)), KALIPSO_TEXT_MAX);
}

/* As a value and as a key. */
static void
any_text_makes_json_that_tells_nothing_else(void **state)
{
	static char document[64 * 1024];
	char text[HOSTILE_TEXT_MAX];

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i++) {
		struct strbuf b;
		struct json j;
		const char *key;
		json_t *value;

		hostile_text(i, sizeof(text), text);
		strbuf_init(&b, document, sizeof(document));
		json_init(&j, &b);
		json_object_begin(&j);
		kalipso_key(&j, text);
		kalipso_text(&j, text);
		json_object_end(&j);
		hostile_text_check(document, b.length);
		json_t *root = json_loads(document, 0, NULL);
		assert_non_null(root);
		assert_int_equal(json_object_size(root), 1);
		json_object_foreach(root, key, value)
		{
			assert_string_equal(key, put(text));
			assert_string_equal(json_string_value(value), put(text));
			assert_null(strpbrk(key, "{}"));
		}
		json_decref(root);
	}
}

static void
strings_of_a_document_are_made_harmless_where_they_lie(void **state)
{
	char document[] = "{\"a\":\"{b}\\\"}\\\\\",\"{\":[{\"c\":\"\\u001b\\n{\"}]}";

	(void)state;
	kalipso_tame(document, strlen(document));
	assert_string_equal(document, "{\"a\":\"(b)\\\")\\\\\",\"(\":[{\"c\":\"????????"
				      "(\"}]}");
}

static void
keys_are_those_of_slips(void **state)
{
	const struct addr v4 = addr_v4(192, 168, 2, 12);
	char room[KALIPSO_KEY_MAX];
	struct addr v6;

	(void)state;
	assert_true(addr_parse("2001:db8::1", &v6));
	assert_string_equal(kalipso_profile_key(room, "", &v4), "profile_192.168.2.12");
	assert_string_equal(kalipso_profile_key(room, "tws", &v6), "twsprofile_2001:db8::1");
	assert_string_equal(kalipso_window_key(room, &v4, 3, "_timeline"),
		"profile_192.168.2.12_timewindow3_timeline");
	assert_string_equal(kalipso_window_name(room, -2), "timewindow-2");
}

/* The longest that there is. */
static void
every_key_has_room(void **state)
{
	char room[KALIPSO_KEY_MAX];
	struct addr longest;

	(void)state;
	assert_true(addr_parse("1111:2222:3333:4444:5555:6666:7777:8888", &longest));
	kalipso_window_key(room, &longest, INT64_MIN, "_timeline");
	assert_string_equal(room + strlen(room) - 9, "_timeline");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(braces_become_parentheses),
		cmocka_unit_test(what_stood_before_is_left_alone),
		cmocka_unit_test(control_characters_are_made_visible),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(any_text_makes_json_that_tells_nothing_else),
		cmocka_unit_test(strings_of_a_document_are_made_harmless_where_they_lie),
		cmocka_unit_test(keys_are_those_of_slips),
		cmocka_unit_test(every_key_has_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
