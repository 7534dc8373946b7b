#include "daemon/input/input_begun.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct rig {
	struct input_begun *begun;
	struct input_stream s;
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->begun = input_begun_new();
	r->s.log = "";
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	input_begun_free(r->begun);
	free(r);
	return 0;
}

/* A conversation that has its number everywhere is at hand. */
static void
read_line(struct rig *r, uint64_t number)
{
	struct input_item *item = &r->s.items[0];

	memset(item, 0, sizeof(*item));
	item->flow.start_ns = item->flow.last_ns = item->key_ns = number;
	item->history[0] = 'S';
	item->service[0] = 's';
	item->label[sizeof(item->label) - 2] = 'l';
	r->s.log = "conn";
	input_item_flow(item);
}

static void
expect_kept(struct rig *r, uint64_t number)
{
	const struct input_item *item = &r->s.items[0];

	memset(&r->s.items[0], 0, sizeof(r->s.items[0]));
	r->s.log = "dns";
	assert_true(input_begun_have(r->begun, number, &r->s));
	assert_string_equal(r->s.log, "conn");
	assert_int_equal(item->o.kind, OBS_FLOW_END);
	assert_ptr_equal(item->o.flow, &item->flow);
	assert_int_equal(item->flow.start_ns, number);
	assert_int_equal(item->key_ns, number);
	assert_string_equal(item->flow.history, "S");
	assert_string_equal(item->flow.service, "s");
	assert_int_equal(item->label[sizeof(item->label) - 2], 'l');
}

static void
what_a_line_says_is_kept(void **state)
{
	struct rig *r = *state;

	assert_false(input_begun_have(r->begun, 1, &r->s));
	read_line(r, 1);
	input_begun_keep(r->begun, 1, &r->s);
	read_line(r, 2);
	input_begun_keep(r->begun, 2, &r->s);
	expect_kept(r, 1);
	expect_kept(r, 2);
	expect_kept(r, 1);
}

static void
so_many_lines_behind_each_other_are_kept(void **state)
{
	struct rig *r = *state;

	for (uint64_t number = 1; number <= INPUT_BEGUN_MAX + 1; number++) {
		read_line(r, number);
		input_begun_keep(r->begun, number, &r->s);
	}
	assert_false(input_begun_have(r->begun, 1, &r->s));
	expect_kept(r, 2);
	expect_kept(r, INPUT_BEGUN_MAX + 1);
	assert_in_range(input_begun_memory(), 256 << 10, 1 << 20);
}

/* What carried it lies in the format's own state, which the next line has for itself. */
static void
what_was_carried_is_not_kept(void **state)
{
	const struct obs_outside outside = { 0 };
	struct rig *r = *state;

	read_line(r, 1);
	r->s.items[0].flow.outside = &outside;
	input_begun_keep(r->begun, 1, &r->s);
	assert_false(input_begun_have(r->begun, 1, &r->s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define BEGUN_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		BEGUN_TEST(what_a_line_says_is_kept),
		BEGUN_TEST(so_many_lines_behind_each_other_are_kept),
		BEGUN_TEST(what_was_carried_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
