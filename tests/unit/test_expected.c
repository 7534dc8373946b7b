/* test_expected.c -- conversations that were announced: met once, forgotten in time, bounded. */
#include "daemon/engine/expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define T0 (1600000000 * NS_PER_S)

static const struct hash_key hash_key = { { 1, 2 } };

static int
set_up(void **state)
{
	struct expected_table *t = calloc(1, sizeof(*t));

	*state = t;
	return t == NULL ? -1 : expected_init(t, &hash_key);
}

static int
tear_down(void **state)
{
	expected_done(*state);
	free(*state);
	return 0;
}

/* 10.0.0.1 opens to 10.0.0.2. */
static struct expected_key
key_of(uint16_t port)
{
	return (struct expected_key){
		.opener = addr_v4(10, 0, 0, 1),
		.end = addr_v4(10, 0, 0, 2),
		.port = port,
		.ip_proto = 6,
	};
}

static void
announce(struct expected_table *t, uint16_t port, uint64_t now_ns)
{
	const struct expected_key key = key_of(port);

	expected_add(t, &key, port, now_ns);
}

/* As many as there is room for. */
static void
announce_all(struct expected_table *t)
{
	for (unsigned port = 1; port <= EXPECTED_MAX; port++)
		announce(t, (uint16_t)port, T0);
}

static size_t
meet(struct expected_table *t, uint16_t port, uint64_t now_ns)
{
	const struct expected_key key = key_of(port);

	return expected_meet(t, &key, now_ns);
}

static void
what_was_announced_is_met_once(void **state)
{
	struct expected_table *t = *state;

	assert_false(expected_any(t));
	announce(t, 7, T0);
	assert_true(expected_any(t));
	assert_int_equal(meet(t, 7, T0), 7);
	assert_false(expected_any(t));
	assert_int_equal(meet(t, 7, T0), SIZE_MAX);
}

static void
everything_that_was_said_of_it_has_to_be_right(void **state)
{
	struct expected_table *t = *state;
	struct expected_key other[4] = { key_of(7), key_of(7), key_of(7), key_of(8) };

	other[0].opener = addr_v4(10, 0, 0, 3);
	other[1].end = addr_v4(10, 0, 0, 3);
	other[2].ip_proto = 17;
	announce(t, 7, T0);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(expected_meet(t, &other[i], T0), SIZE_MAX);
	assert_int_equal(meet(t, 7, T0), 7);
}

static void
it_is_forgotten_when_its_time_is_over(void **state)
{
	struct expected_table *t = *state;

	announce(t, 7, T0);
	announce(t, 8, T0);
	assert_int_equal(meet(t, 7, T0 + EXPECTED_NS - 1), 7);
	assert_int_equal(meet(t, 8, T0 + EXPECTED_NS), SIZE_MAX);
	assert_false(expected_any(t));
}

static void
announced_again_it_waits_anew(void **state)
{
	struct expected_table *t = *state;

	announce(t, 7, T0);
	announce(t, 8, T0 + 1);
	announce(t, 7, T0 + 2);
	assert_int_equal(meet(t, 8, T0 + EXPECTED_NS), 8);
	assert_int_equal(meet(t, 7, T0 + EXPECTED_NS + 1), 7);
}

static void
the_one_announced_first_makes_room(void **state)
{
	struct expected_table *t = *state;

	announce_all(t);
	assert_int_equal(t->evicted, 0);
	announce(t, 1, T0); /* it is there: nobody has to go */
	assert_int_equal(t->evicted, 0);
	announce(t, EXPECTED_MAX + 1, T0);
	assert_int_equal(t->evicted, 1);
	assert_int_equal(meet(t, 2, T0), SIZE_MAX);
	assert_int_equal(meet(t, 1, T0), 1);
	assert_int_equal(meet(t, EXPECTED_MAX + 1, T0), EXPECTED_MAX + 1);
}

/* Nobody has to make room for who is due. */
static void
those_whose_time_is_over_go_first(void **state)
{
	struct expected_table *t = *state;

	announce_all(t);
	announce(t, EXPECTED_MAX + 1, T0 + EXPECTED_NS);
	assert_int_equal(t->evicted, 0);
	assert_int_equal(table_count(&t->table), 1);
}

#define EXPECTED_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EXPECTED_TEST(what_was_announced_is_met_once),
		EXPECTED_TEST(everything_that_was_said_of_it_has_to_be_right),
		EXPECTED_TEST(it_is_forgotten_when_its_time_is_over),
		EXPECTED_TEST(announced_again_it_waits_anew),
		EXPECTED_TEST(the_one_announced_first_makes_room),
		EXPECTED_TEST(those_whose_time_is_over_go_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
