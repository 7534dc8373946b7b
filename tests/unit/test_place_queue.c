#include "daemon/input/place_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PLACES_MAX = 5000 };

static uint64_t
random_of(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *random >> 33;
}

static void
expect_next(struct place_queue *q, struct place *before)
{
	const struct place first = *place_queue_first(q);
	struct place p = place_queue_take(q);

	assert_int_equal(p.where, first.where);
	assert_false(place_is_before(&p, before));
	assert_int_equal(p.line, p.where + 1);
	*before = p;
}

/* Whether all come in order, none does, or some do: at any fill of the lists. */
static void
the_earliest_comes_first_in_whatever_order_they_came(void **state)
{
	static const unsigned disorder[] = { 0, 3, 2 * PLACES_MAX };

	(void)state;
	for (size_t kind = 0; kind < 3; kind++) {
		struct place_queue q = { .most = PLACES_MAX };
		uint64_t random = 1;
		struct place before = { 0 };
		for (uint64_t i = 0; i < PLACES_MAX; i++) {
			uint64_t later =
				disorder[kind] > 0 ? random_of(&random) % disorder[kind] : 0;
			assert_true(place_queue_has_room(&q, 1));
			place_queue_add(&q, (struct place){ i + later, i, i + 1 });
		}
		assert_int_equal(place_queue_count(&q), PLACES_MAX);
		assert_int_equal(q.heap_count > 0, disorder[kind] > 0);
		for (size_t left = PLACES_MAX; left > 0; left--)
			expect_next(&q, &before);
		assert_null(place_queue_first(&q));
		place_queue_free(&q);
	}
}

/* The row goes round, and grows while it does. */
static void
a_queue_that_is_filled_and_emptied_by_turns_keeps_the_order(void **state)
{
	struct place_queue q = { .most = PLACES_MAX };
	struct place before = { 0 };
	uint64_t added = 0;

	(void)state;
	for (unsigned turn = 0; turn < 40; turn++) {
		for (unsigned i = 0; i < 700 && place_queue_has_room(&q, 1); i++, added++)
			place_queue_add(&q, (struct place){ added, added, added + 1 });
		for (unsigned i = 0; i < 600; i++)
			expect_next(&q, &before);
	}
	assert_int_equal(q.heap_count, 0);
	while (place_queue_count(&q) > 0)
		expect_next(&q, &before);
	assert_int_equal(before.where, added - 1);
	place_queue_free(&q);
}

static void
of_one_time_the_first_in_the_file_comes_first(void **state)
{
	struct place_queue q = { .most = 3 };

	(void)state;
	assert_true(place_queue_has_room(&q, 3));
	place_queue_add(&q, (struct place){ 7, 2, 0 });
	place_queue_add(&q, (struct place){ 7, 3, 0 });
	place_queue_add(&q, (struct place){ 7, 1, 0 });
	assert_int_equal(q.heap_count, 1);
	assert_int_equal(place_queue_take(&q).where, 1);
	assert_int_equal(place_queue_take(&q).where, 2);
	assert_int_equal(place_queue_take(&q).where, 3);
	place_queue_free(&q);
}

static void
there_is_room_for_as_many_as_were_asked_for(void **state)
{
	struct place_queue q = { .most = 2 };

	(void)state;
	assert_false(place_queue_has_room(&q, 3));
	assert_true(place_queue_has_room(&q, 2));
	place_queue_add(&q, (struct place){ 1, 1, 1 });
	assert_false(place_queue_has_room(&q, 2));
	assert_true(place_queue_has_room(&q, 1));
	place_queue_add(&q, (struct place){ 0, 2, 1 });
	assert_false(place_queue_has_room(&q, 1));
	(void)place_queue_take(&q);
	assert_true(place_queue_has_room(&q, 1));
	assert_int_equal(q.heap_room, 2);
	assert_int_equal(q.row_room, 2);
	place_queue_free(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_comes_first_in_whatever_order_they_came),
		cmocka_unit_test(a_queue_that_is_filled_and_emptied_by_turns_keeps_the_order),
		cmocka_unit_test(of_one_time_the_first_in_the_file_comes_first),
		cmocka_unit_test(there_is_room_for_as_many_as_were_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
