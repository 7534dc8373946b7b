#include "exporters/redis/redis_expected.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { OVERHEAD = sizeof(struct redis_expected) };

static struct redis_expected
command(uint64_t number, uint32_t bytes)
{
	return (struct redis_expected){
		.number = number, .bytes = bytes, .what = REDIS_EXPECT_COMMAND
	};
}

static void
what_was_sent_first_is_answered_first(void **state)
{
	struct redis_queue q = { 0 };
	struct redis_expected e;

	(void)state;
	assert_null(redis_queue_first(&q));
	assert_false(redis_queue_pop(&q, &e));
	assert_true(redis_queue_push(&q, command(1, 10)));
	assert_true(redis_queue_push(&q, (struct redis_expected){ .what = REDIS_EXPECT_MARK }));
	assert_int_equal(redis_queue_first(&q)->number, 1);
	assert_true(redis_queue_pop(&q, &e));
	assert_int_equal(e.number, 1);
	assert_int_equal(e.bytes, 10);
	assert_int_equal(e.what, REDIS_EXPECT_COMMAND);
	assert_true(redis_queue_pop(&q, &e));
	assert_int_equal(e.what, REDIS_EXPECT_MARK);
	assert_false(redis_queue_pop(&q, &e));
	assert_null(redis_queue_first(&q));
	redis_queue_done(&q);
}

static void
bytes_are_those_that_were_sent_and_what_is_kept_of_them(void **state)
{
	struct redis_queue q = { 0 };
	struct redis_expected e;

	(void)state;
	assert_true(redis_queue_push(&q, command(1, UINT32_MAX)));
	assert_true(redis_queue_push(&q, command(2, 1)));
	assert_true(q.bytes == UINT64_C(1) + UINT32_MAX + UINT64_C(2) * OVERHEAD);
	assert_true(redis_queue_pop(&q, &e));
	assert_int_equal(q.bytes, 1 + OVERHEAD);
	redis_queue_done(&q);
	assert_int_equal(q.bytes, 0);
	assert_int_equal(q.count, 0);
	redis_queue_done(&q); /* twice does no harm */
}

/* The ring is full, and turned, whenever it grows: 3 come, 1 goes. */
static void
the_order_is_kept_while_it_grows_and_shrinks(void **state)
{
	struct redis_queue q = { 0 };
	struct redis_expected e;
	uint64_t in = 0;
	uint64_t out = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		for (int j = 0; j < 3; j++)
			assert_true(redis_queue_push(&q, command(in++, 7)));
		assert_true(redis_queue_pop(&q, &e));
		assert_int_equal(e.number, out++);
		assert_int_equal(q.bytes, (in - out) * (7 + OVERHEAD));
	}
	while (redis_queue_pop(&q, &e))
		assert_int_equal(e.number, out++);
	assert_int_equal(out, in);
	assert_int_equal(q.bytes, 0);
	redis_queue_done(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_first_is_answered_first),
		cmocka_unit_test(bytes_are_those_that_were_sent_and_what_is_kept_of_them),
		cmocka_unit_test(the_order_is_kept_while_it_grows_and_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
