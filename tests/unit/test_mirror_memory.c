#include "exporters/kalipso/mirror_memory.h"

#include "tests/support/mirror_rig.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MANY = 30000, EACH = 1000 };

static struct mirror_plan
flood_plan(void)
{
	struct mirror_plan plan = mirror_rig_plan();

	plan.bytes = MIRROR_BYTES_MIN;
	plan.windows = plan.addresses = plan.timeline_lines = UINT32_MAX / 4;
	return plan;
}

static void
assert_within(const struct mirror_rig *r)
{
	assert_true(mirror_stats(r->mirror).bytes <= MIRROR_BYTES_MIN);
}

static void
a_flood_of_windows_stays_within_bytes(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	(void)state;

	rig_tuple(r, 1);
	for (uint32_t n = 0; n < MANY; n++) {
		rig_tell_window(r, n, 1, true);
		if (n % 16 == 0)
			assert_within(r);
	}
	assert_true(mirror_stats(r->mirror).windows > 100);
	assert_int_equal(
		mirror_stats(r->mirror).windows_forgotten, MANY - mirror_stats(r->mirror).windows);
	mirror_rig_free(r);
}

static void
a_flood_of_lines_of_one_window_stays_within_bytes(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	(void)state;

	rig_tell_window(r, 2, 1, true);
	for (uint32_t n = 0; n < MANY; n++) {
		rig_tell_timeline(r, 1, 1, n);
		if (n % 16 == 0)
			assert_within(r);
	}
	assert_int_equal(mirror_stats(r->mirror).windows, 1); /* the other made room */
	assert_true(mirror_stats(r->mirror).refused > 0);
	mirror_rig_free(r);
}

static void
a_flood_of_addresses_stays_within_its_share(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	(void)state;

	for (uint32_t n = 0; n < MANY; n++)
		rig_tell_address(r, n);
	assert_within(r);
	assert_true(mirror_stats(r->mirror).addresses > 100);
	assert_true(mirror_stats(r->mirror).addresses < MANY);
	for (uint32_t n = 0; n < MANY / 10; n++)
		rig_tell_evidence(r, n, 1);
	assert_within(r);
	assert_true(mirror_stats(r->mirror).windows > 100);
	mirror_rig_free(r);
}

static void
addresses_find_room_when_windows_have_filled_it(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	(void)state;

	for (uint32_t n = 0; n < MANY / 10; n++)
		rig_tell_evidence(r, n, 1);
	for (uint32_t n = 0; n < 200; n++)
		rig_tell_address(r, n);
	assert_within(r);
	assert_int_equal(mirror_stats(r->mirror).addresses, 200);
	mirror_rig_free(r);
}

static void
the_count_is_what_malloc_gave_and_ends_at_nothing(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	const uint64_t empty = r->mirror->allocated;
	uint64_t sum = 0;
	(void)state;

	assert_int_equal(empty, 0);
	rig_tuple(r, 1);
	rig_tell_window(r, 1, 1, true);
	for (uint64_t n = 1; n <= 10; n++)
		rig_tell_timeline(r, 1, 1, n);
	const struct addr host = rig_host(1);
	const struct mirror_window *w = mirror_window_of(r->mirror, &host, NULL);
	for (struct mirror_line *l = w->timeline.first; l != NULL; l = l->next)
		sum += malloc_usable_size(l) + sizeof(size_t);
	sum += malloc_usable_size(w->tuples) + sizeof(size_t);
	assert_int_equal(r->mirror->allocated, sum);
	assert_true(mirror_room(r->mirror, 0, NULL));
	assert_false(mirror_room(
		r->mirror, MIRROR_BYTES_MIN, NULL)); /* all goes, and it is not enough */
	assert_int_equal(mirror_stats(r->mirror).windows, 0);
	assert_int_equal(r->mirror->allocated, 0);
	mirror_rig_free(r);
}

/* So many bytes each, an eighth more or less; `bytes`: before they were told. */
static void
assert_each(const struct mirror_rig *r, uint64_t *bytes, uint64_t about)
{
	uint64_t each = (mirror_stats(r->mirror).bytes - *bytes) / EACH;

	assert_in_range(each, about - about / 8, about + about / 8);
	*bytes = mirror_stats(r->mirror).bytes;
}

/* docs/REDIS.md, "How much memory": who sizes a mirror by that table is not misled. */
static void
things_take_what_the_table_for_people_says(void **state)
{
	struct mirror_plan plan = flood_plan();
	plan.bytes = UINT64_C(64) * 1024 * 1024;
	struct mirror_rig *r = mirror_rig_new(&plan);
	uint64_t bytes = mirror_stats(r->mirror).bytes;
	(void)state;

	for (uint32_t n = 0; n < EACH; n++)
		rig_tell_window(r, n, 1, true);
	assert_each(r, &bytes, 600);
	for (uint32_t n = 0; n < EACH; n++)
		rig_tuple(r, n);
	rig_tell_window(r, 1, 1, true);
	assert_each(r, &bytes, 100);
	for (uint32_t n = 0; n < EACH; n++)
		rig_tell_timeline(r, 1, 1, n);
	assert_each(r, &bytes, 400);
	for (uint32_t n = 0; n < EACH; n++)
		rig_tell_evidence(r, n, 1);
	assert_each(r, &bytes, 450);
	for (uint32_t n = 0; n < EACH; n++)
		rig_tell_address(r, n);
	assert_each(r, &bytes, 1000);
	mirror_rig_free(r);
}

static void
the_window_that_is_being_told_is_not_forgotten(void **state)
{
	const struct mirror_plan plan = flood_plan();
	struct mirror_rig *r = mirror_rig_new(&plan);
	const struct addr host = rig_host(1);
	(void)state;

	rig_tell_window(r, 1, 1, true);
	rig_tell_window(r, 2, 1, true);
	const struct mirror_window *w = mirror_window_of(r->mirror, &host, NULL);
	assert_false(mirror_room(r->mirror, MIRROR_BYTES_MIN, w));
	assert_int_equal(mirror_stats(r->mirror).windows, 1);
	assert_ptr_equal(mirror_window_of(r->mirror, &host, NULL), w);
	mirror_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_of_windows_stays_within_bytes),
		cmocka_unit_test(a_flood_of_lines_of_one_window_stays_within_bytes),
		cmocka_unit_test(a_flood_of_addresses_stays_within_its_share),
		cmocka_unit_test(addresses_find_room_when_windows_have_filled_it),
		cmocka_unit_test(the_count_is_what_malloc_gave_and_ends_at_nothing),
		cmocka_unit_test(things_take_what_the_table_for_people_says),
		cmocka_unit_test(the_window_that_is_being_told_is_not_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
