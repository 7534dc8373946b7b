/* Members of whatever type give something sensible. */
#include "viewer/source/source_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY = 1024 * 1024 };

struct place {
	struct arena memory;
	json_t *json;
};

static int
setup(void **state)
{
	static const char text[] =
		"{\"t\":\"x\",\"nul\":\"a\\u0000b\",\"i\":7,\"r\":0.5,\"neg\":-3,\"n\":null,\"tn\":\"1.5\",\"bad\":\"1.5x\","
		"\"e\":\"\",\"list\":[\"a\",2,null,[],\"b\"],\"huge\":1e300,\"nan\":\"nan\"}";
	struct place *p = calloc(1, sizeof(*p));

	arena_init(&p->memory, MEMORY, NULL);
	p->json = source_json_read(text, strlen(text));
	assert_non_null(p->json);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	json_decref(p->json);
	arena_done(&p->memory);
	free(p);
	return 0;
}

static void
a_text_is_a_text_and_so_is_a_number(void **state)
{
	struct place *p = *state;

	assert_string_equal(source_json_text(p->json, "t", &p->memory), "x");
	assert_string_equal(source_json_text(p->json, "nul", &p->memory), "a\\x00b");
	assert_string_equal(source_json_text(p->json, "i", &p->memory), "7");
	assert_string_equal(source_json_text(p->json, "r", &p->memory), "0.5");
	assert_string_equal(source_json_text(p->json, "n", &p->memory), "");
	assert_string_equal(source_json_text(p->json, "list", &p->memory), "");
	assert_string_equal(source_json_text(p->json, "none", &p->memory), "");
	assert_string_equal(source_json_text(NULL, "t", &p->memory), "");
	assert_string_equal(
		source_json_text_of(p->json, &p->memory, "none", "e", "i", "t", (const char *)NULL),
		"7");
	assert_string_equal(
		source_json_text_of(p->json, &p->memory, "none", (const char *)NULL), "");
}

static void
a_number_is_a_number_and_so_is_a_text_of_one(void **state)
{
	struct place *p = *state;

	assert_true(source_json_number(p->json, "r", 9) == 0.5);
	assert_true(source_json_number(p->json, "tn", 9) == 1.5);
	assert_true(source_json_number(p->json, "bad", 9) == 9);
	assert_true(source_json_number(p->json, "e", 9) == 9);
	assert_true(source_json_number(p->json, "nan", 9) == 9);
	assert_true(source_json_number(NULL, "r", 9) == 9);
	assert_int_equal(source_json_integer(p->json, "neg"), -3);
	assert_int_equal(source_json_count(p->json, "neg"), 0);
	assert_int_equal(source_json_count(p->json, "i"), 7);
	assert_int_equal(source_json_integer(p->json, "tn"), 1);
	assert_int_equal(source_json_integer(p->json, "huge"), 0);
}

static void
a_list_has_its_texts_and_one_alone_is_a_list(void **state)
{
	struct place *p = *state;
	const char *const *texts = NULL;

	assert_int_equal(
		source_json_texts(json_object_get(p->json, "list"), &p->memory, &texts), 3);
	assert_string_equal(texts[1], "2");
	assert_string_equal(texts[2], "b");
	assert_int_equal(source_json_texts(json_object_get(p->json, "t"), &p->memory, &texts), 1);
	assert_string_equal(texts[0], "x");
	assert_int_equal(source_json_texts(p->json, &p->memory, &texts), 0);
	assert_null(texts);
	assert_int_equal(source_json_texts(NULL, &p->memory, &texts), 0);
}

static void
a_list_is_read_up_to_its_bound(void **state)
{
	struct place *p = *state;
	const char *const *texts = NULL;
	json_t *list = json_array();

	for (int i = 0; i < 1025; i++)
		json_array_append_new(list, json_integer(i));
	assert_int_equal(source_json_texts(list, &p->memory, &texts), 1024);
	json_decref(list);
}

static uint64_t
time_of(json_t *value)
{
	uint64_t ns = source_json_time(value);

	json_decref(value);
	return ns;
}

static void
a_time_is_a_date_or_seconds(void **state)
{
	(void)state;
	assert_int_equal(
		time_of(json_string("2020/10/07 13:00:20.500000")), UINT64_C(1602075620500000000));
	assert_int_equal(
		time_of(json_string("2020-10-07T13:00:20.5+0000")), UINT64_C(1602075620500000000));
	assert_int_equal(time_of(json_string("1602075620.5")), UINT64_C(1602075620500000000));
	assert_int_equal(time_of(json_real(1602075620.25)), UINT64_C(1602075620250000000));
	assert_int_equal(time_of(json_integer(3)), UINT64_C(3000000000));
	assert_int_equal(time_of(json_string("now")), 0);
	assert_int_equal(time_of(json_integer(-1)), 0);
	assert_int_equal(time_of(json_real(1e300)), 0);
	assert_int_equal(time_of(json_array()), 0);
	assert_int_equal(source_json_time(NULL), 0);
}

static void
what_is_no_document_is_none(void **state)
{
	(void)state;
	assert_null(source_json_read(NULL, 0));
	assert_null(source_json_read("", 0));
	assert_null(source_json_read("{", 1));
	assert_null(source_json_read("7", 1));
	assert_null(source_json_read("{}", (size_t)SOURCE_JSON_MAX + 1));
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_text_is_a_text_and_so_is_a_number),
		IN_PLACE(a_number_is_a_number_and_so_is_a_text_of_one),
		IN_PLACE(a_list_has_its_texts_and_one_alone_is_a_list),
		IN_PLACE(a_list_is_read_up_to_its_bound),
		IN_PLACE(a_time_is_a_date_or_seconds),
		IN_PLACE(what_is_no_document_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
