#include "exporters/kalipso/mirror_gone.h"

#include "tests/support/mirror_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 50 };

static void
a_ring_holds_so_many_and_gives_the_oldest_first(void **state)
{
	struct mirror_ring ring = { 0 };
	struct mirror_window_key key = { .host = rig_host(1) };
	(void)state;

	assert_true(mirror_ring_init(&ring, MANY));
	for (int turn = 0; turn < 2; turn++) { /* the second goes round the end */
		for (key.number = 0; key.number < MANY; key.number++)
			assert_true(mirror_ring_push(&ring, &key));
		assert_false(mirror_ring_push(&ring, &key));
		for (int64_t n = 0; n < MANY - turn * 7; n++) {
			assert_true(mirror_ring_pop(&ring, &key));
			assert_int_equal(key.number, n);
		}
		if (turn == 0) {
			assert_false(mirror_ring_pop(&ring, &key));
			ring.first = 5;
		}
	}
	mirror_ring_done(&ring);
	mirror_ring_done(&ring);
}

static void
only_the_last_window_of_a_host_takes_its_profile_along(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	struct mirror_gone gone;
	const struct addr host = rig_host(1);
	(void)state;

	rig_tell_window(r, 1, 1, true);
	rig_tell_window(r, 2, 1, true);
	rig_tell_window(r, 1, 2, true);
	rig_tell_window(r, 2, 2, true);
	while (mirror_next_window(r->mirror, 0) != NULL)
		;
	rig_tell_window(r, 3, 1, true);
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_true(addr_equal(&gone.host, &host));
	assert_int_equal(gone.number, 1);
	assert_false(gone.last_of_host);
	rig_tell_window(r, 3, 2, true); /* 2's first */
	rig_tell_window(r, 3, 3, true); /* 1's last */
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_true(addr_equal(&gone.host, &host));
	assert_true(gone.last_of_host);
	assert_false(mirror_next_gone(r->mirror, 0, &gone));
	mirror_rig_free(r);
}

static void
what_is_back_is_not_gone(void **state)
{
	struct mirror_plan plan = mirror_rig_plan();
	struct mirror_gone gone;
	struct addr addr;
	(void)state;

	plan.windows = plan.addresses = 2;
	struct mirror_rig *r = mirror_rig_new(&plan);
	for (uint32_t n = 1; n <= 4; n++) {
		rig_tell_address(r, n < 4 ? n : 1);
		rig_tell_window(r, n < 4 ? n : 1, 1, true);
		if (n <= 2) {
			(void)mirror_next_window(r->mirror, 0);
			(void)mirror_next_address(r->mirror, 0);
		}
	}
	/* 1 went and is back, 2 went. */
	const struct addr second = rig_host(2);
	assert_true(mirror_next_gone(r->mirror, 0, &gone));
	assert_true(addr_equal(&gone.host, &second));
	assert_true(mirror_next_gone_address(r->mirror, 0, &addr));
	assert_true(addr_equal(&addr, &second));
	assert_false(mirror_next_gone(r->mirror, 0, &gone));
	assert_false(mirror_next_gone_address(r->mirror, 0, &addr));
	mirror_rig_free(r);
}

static bool
is_next_gone(struct mirror_rig *r, uint32_t host, int64_t number, bool last_of_host)
{
	const struct addr expected = rig_host(host);
	struct mirror_gone gone;

	return mirror_next_gone(r->mirror, 0, &gone) && addr_equal(&gone.host, &expected) &&
	       gone.number == number && gone.last_of_host == last_of_host;
}

/* It is there of before: whoever comes back and goes before it was told again leaves nothing behind. */
static void
what_came_back_untold_is_gone_when_it_goes_again(void **state)
{
	struct mirror_plan plan = mirror_rig_plan();
	const struct addr first = rig_host(1);
	struct addr addr;
	(void)state;

	plan.windows = plan.addresses = 1;
	struct mirror_rig *r = mirror_rig_new(&plan);
	rig_tell_window(r, 1, 1, true);
	rig_tell_address(r, 1);
	(void)mirror_next_window(r->mirror, 0);
	(void)mirror_next_address(r->mirror, 0);
	for (uint32_t n = 2; n >= 1; n--) {
		rig_tell_window(r, n, 1, true);
		rig_tell_address(r, n);
	}
	struct mirror_gone gone;
	assert_false(mirror_next_gone(r->mirror, 0, &gone));
	assert_false(mirror_next_gone_address(r->mirror, 0, &addr));
	assert_true(mirror_address_told(r->mirror, 0, &first));
	assert_true(mirror_host_told(r->mirror, 0, &first));
	rig_tell_window(r, 3, 1, true);
	rig_tell_address(r, 3);
	assert_true(is_next_gone(r, 1, 1, true));
	assert_true(mirror_next_gone_address(r->mirror, 0, &addr));
	assert_true(addr_equal(&addr, &first));
	assert_false(mirror_next_gone_address(r->mirror, 0, &addr));
	mirror_rig_free(r);
}

static void
a_profile_goes_with_a_window_that_was_never_told(void **state)
{
	struct mirror_plan plan = mirror_rig_plan();
	(void)state;

	plan.windows = 2;
	struct mirror_rig *r = mirror_rig_new(&plan);
	rig_tell_window(r, 1, 1, true);
	(void)mirror_next_window(r->mirror, 0);
	rig_tell_window(r, 1, 2, true);
	rig_tell_window(r, 2, 1, true);
	assert_true(is_next_gone(r, 1, 1, false));
	rig_tell_window(r, 2, 2, true);
	assert_true(is_next_gone(r, 1, 2, true));
	mirror_rig_free(r);
}

static void
what_is_due_only_was_not_told(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	const struct addr host = rig_host(1);
	(void)state;

	assert_false(mirror_host_told(r->mirror, 0, &host));
	assert_false(mirror_address_told(r->mirror, 0, &host));
	rig_tell_address(r, 1);
	rig_tell_window(r, 1, 1, true);
	assert_false(mirror_host_told(r->mirror, 0, &host));
	assert_false(mirror_address_told(r->mirror, 0, &host));
	(void)mirror_next_window(r->mirror, 0);
	(void)mirror_next_address(r->mirror, 0);
	rig_tell_window(r, 1, 2, true);
	assert_true(mirror_host_told(r->mirror, 0, &host));
	assert_true(mirror_address_told(r->mirror, 0, &host));
	assert_false(mirror_host_told(r->mirror, 1, &host));
	assert_false(mirror_address_told(r->mirror, 1, &host));
	mirror_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_holds_so_many_and_gives_the_oldest_first),
		cmocka_unit_test(only_the_last_window_of_a_host_takes_its_profile_along),
		cmocka_unit_test(what_is_back_is_not_gone),
		cmocka_unit_test(what_came_back_untold_is_gone_when_it_goes_again),
		cmocka_unit_test(a_profile_goes_with_a_window_that_was_never_told),
		cmocka_unit_test(what_is_due_only_was_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
