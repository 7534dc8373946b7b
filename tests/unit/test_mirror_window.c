#include "exporters/kalipso/mirror_window.h"

#include "tests/support/mirror_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int
setup(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();

	*state = mirror_rig_new(&plan);
	return 0;
}

static int
teardown(void **state)
{
	mirror_rig_free(*state);
	return 0;
}

static struct mirror_window *
find(struct mirror_rig *r, uint32_t host, int64_t number)
{
	const struct addr a = rig_host(host);

	return mirror_window_find(r->mirror, &a, number);
}

/* Its keys vanish by themselves; the tree of a Kalipso would go on to name it. */
static void
a_window_that_has_not_changed_for_so_long_goes(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_gone gone;

	mirror_tick(r->mirror, 100 * NS_PER_S, 0);
	rig_tell_evidence(r, 1, 1);
	rig_tell_evidence(r, 1, 2);
	mirror_tick(r->mirror, 105 * NS_PER_S, 10 * NS_PER_S);
	rig_tell_evidence(r, 1, 2);
	(void)rig_drain(r, 0);
	mirror_tick(r->mirror, 110 * NS_PER_S - 1, 10 * NS_PER_S);
	mirror_tick(r->mirror, 120 * NS_PER_S, 0);
	assert_non_null(find(r, 1, 1));
	mirror_tick(r->mirror, 110 * NS_PER_S, 20 * NS_PER_S); /* time does not go back */
	assert_null(find(r, 1, 1));
	assert_non_null(find(r, 1, 2));
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_int_equal(gone.number, 1);
	assert_false(gone.last_of_host);
	assert_int_equal(mirror_stats(r->mirror).windows_forgotten, 0); /* it made no room */
}

static void
over_the_cap_the_window_that_changed_longest_ago_goes(void **state)
{
	struct mirror_rig *r = *state;

	for (uint32_t host = 1; host <= 4; host++)
		rig_tell_window(r, host, 1, false);
	assert_int_equal(mirror_stats(r->mirror).windows_forgotten, 0);
	rig_tell_timeline(r, 1, 1, 5); /* so the second is the oldest */
	rig_tell_window(r, 5, 1, false);
	assert_non_null(find(r, 1, 1));
	assert_null(find(r, 2, 1));
	assert_non_null(find(r, 3, 1));
	assert_non_null(find(r, 5, 1));
	assert_int_equal(mirror_stats(r->mirror).windows, 4);
	assert_int_equal(mirror_stats(r->mirror).windows_forgotten, 1);
}

static void
a_target_is_told_of_windows_in_the_order_in_which_they_became_due(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_window(r, 1, 1, false);
	rig_tell_window(r, 2, 1, false);
	rig_tell_window(r, 1, 1, false);
	assert_ptr_equal(mirror_first_window(r->mirror, 0), find(r, 1, 1));
	assert_ptr_equal(mirror_next_window(r->mirror, 0), find(r, 1, 1));
	assert_ptr_equal(mirror_next_window(r->mirror, 0), find(r, 2, 1));
	assert_null(mirror_next_window(r->mirror, 0));
	assert_null(mirror_first_window(r->mirror, 0));
}

static void
what_was_told_is_no_longer_whole_and_the_timeline_goes_on_behind_it(void **state)
{
	struct mirror_rig *r = *state;
	struct mirror_window *w;

	rig_tell_timeline(r, 1, 1, 5);
	rig_tell_timeline(r, 1, 1, 6);
	w = mirror_next_window(r->mirror, 0);
	assert_true(w->due[0].whole);
	mirror_window_told(w, 0);
	assert_false(w->due[0].whole);
	assert_int_equal(w->due[0].timeline_told, 2);
	assert_int_equal(w->due[1].timeline_told, 0);
	assert_true(w->due[1].whole);
}

static void
what_was_refused_is_due_again_whole(void **state)
{
	struct mirror_rig *r = *state;
	const struct addr host = rig_host(1);

	rig_tell_timeline(r, 1, 1, 5);
	(void)rig_drain(r, 0);
	(void)rig_drain(r, 1);
	mirror_window_again(r->mirror, 0, &host, 1);
	mirror_window_again(r->mirror, 0, &host, 1); /* twice is once */
	mirror_window_again(r->mirror, 0, &host, 2); /* none such */
	assert_false(mirror_is_due(r->mirror, 1));
	const struct mirror_window *w = mirror_next_window(r->mirror, 0);
	assert_true(w->due[0].whole);
	assert_int_equal(w->due[0].timeline_told, 0);
	assert_null(mirror_next_window(r->mirror, 0));
}

static void
windows_of_a_host_come_in_order_of_their_numbers(void **state)
{
	struct mirror_rig *r = *state;
	static const int64_t told[] = { 7, -2, 9, 3 };
	static const int64_t wanted[] = { -2, 3, 7, 9 };
	const struct addr host = rig_host(1);
	const struct addr other = rig_host(2);
	const struct mirror_window *w = NULL;

	for (size_t i = 0; i < 4; i++)
		rig_tell_window(r, 1, told[i], true);
	for (size_t i = 0; i < 4; i++) {
		w = mirror_window_of(r->mirror, &host, w);
		assert_int_equal(w->ref.number, wanted[i]);
	}
	assert_null(mirror_window_of(r->mirror, &host, w));
	assert_null(mirror_window_of(r->mirror, &other, NULL));
}

static void
a_host_goes_with_its_last_window(void **state)
{
	struct mirror_rig *r = *state;
	const struct addr host = rig_host(1);

	rig_tell_window(r, 1, 1, true);
	rig_tell_window(r, 1, 2, true);
	mirror_window_forget(r->mirror, find(r, 1, 1));
	assert_int_equal(mirror_window_of(r->mirror, &host, NULL)->ref.number, 2);
	mirror_window_forget(r->mirror, find(r, 1, 2));
	assert_null(mirror_window_of(r->mirror, &host, NULL));
	assert_false(mirror_is_due(r->mirror, 0));
	rig_tell_window(r, 1, 3, true);
	assert_int_equal(mirror_window_of(r->mirror, &host, NULL)->ref.number, 3);
}

static void
a_window_that_goes_untold_is_counted_for_each_target(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_window(r, 1, 1, true);
	(void)rig_drain(r, 0);
	mirror_window_forget(r->mirror, find(r, 1, 1));
	assert_int_equal(mirror_stats(r->mirror).untold[0], 0);
	assert_int_equal(mirror_stats(r->mirror).untold[1], 1);
}

static void
tuples_of_one_window_are_unpacked_once_until_they_change(void **state)
{
	struct mirror_rig *r = *state;

	rig_tuple(r, 100);
	rig_tell_window(r, 1, 1, false);
	rig_tell_window(r, 2, 1, false);
	assert_non_null(mirror_window_tuples(r->mirror, find(r, 1, 1)));
	find(r, 1, 1)->tuples[0] ^= 0xff; /* who reads them now fails */
	assert_non_null(mirror_window_tuples(r->mirror, find(r, 1, 1)));
	find(r, 1, 1)->tuples[0] ^= 0xff;
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 2, 1))->window.host.byte[15], 2);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 1, 1))->window.host.byte[15], 1);
	rig_tuple(r, 101);
	rig_tell_window(r, 1, 1, false);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 1, 1))->tuples.count, 2);
	/* Another one may come to be where it was. */
	mirror_window_forget(r->mirror, find(r, 1, 1));
	rig_tuple(r, 102);
	rig_tell_window(r, 3, 1, false);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 3, 1))->tuples.count, 3);
}

static void
tuples_are_those_that_were_told_last(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_timeline(r, 1, 1, 5);
	assert_null(mirror_window_tuples(r->mirror, find(r, 1, 1)));
	rig_tuple(r, 7);
	rig_tell_window(r, 1, 1, false);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 1, 1))->tuples.count, 1);
	rig_tuple(r, 8);
	rig_tell_window(r, 1, 1, false);
	const struct window_unpacking *u = mirror_window_tuples(r->mirror, find(r, 1, 1));
	const struct addr second = rig_host(8);
	assert_int_equal(u->tuples.count, 2);
	assert_true(addr_equal(&u->tuples.first->next->peer, &second));
}

static void
a_window_of_many_pieces_is_whole_again(void **state)
{
	struct mirror_rig *r = *state;
	enum { MANY = 3000 };

	for (uint32_t n = 0; n < MANY; n++)
		rig_tuple(r, n);
	rig_tell_window(r, 1, 1, false);
	assert_true(find(r, 1, 1)->tuples_length > WINDOW_PIECE_MAX);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 1, 1))->tuples.count, MANY);
}

static void
without_memory_for_new_tuples_the_old_ones_stay(void **state)
{
	struct mirror_plan plan = mirror_rig_plan();
	enum { MANY = 60000 };
	(void)state;

	plan.bytes = MIRROR_BYTES_MIN;
	struct mirror_rig *r = mirror_rig_new(&plan);
	rig_tuple(r, 1);
	rig_tell_window(r, 1, 1, false);
	for (uint32_t n = 0; n < MANY; n++)
		rig_tuple(r, n);
	rig_tell_window(r, 1, 1, true);
	assert_int_equal(mirror_stats(r->mirror).refused, 1);
	assert_true(mirror_stats(r->mirror).bytes <= plan.bytes);
	assert_int_equal(mirror_window_tuples(r->mirror, find(r, 1, 1))->tuples.count, 1);
	assert_true(find(r, 1, 1)->closed);
	mirror_rig_free(r);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_window_that_has_not_changed_for_so_long_goes),
		TEST(over_the_cap_the_window_that_changed_longest_ago_goes),
		TEST(a_target_is_told_of_windows_in_the_order_in_which_they_became_due),
		TEST(what_was_told_is_no_longer_whole_and_the_timeline_goes_on_behind_it),
		TEST(what_was_refused_is_due_again_whole),
		TEST(windows_of_a_host_come_in_order_of_their_numbers),
		TEST(a_host_goes_with_its_last_window),
		TEST(a_window_that_goes_untold_is_counted_for_each_target),
		TEST(tuples_of_one_window_are_unpacked_once_until_they_change),
		TEST(tuples_are_those_that_were_told_last),
		TEST(a_window_of_many_pieces_is_whole_again),
		TEST(without_memory_for_new_tuples_the_old_ones_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
