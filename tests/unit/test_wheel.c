#include "daemon/base/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 60, STEPS = 200000 };

struct item {
	uint64_t before; /* the link is not the first member */
	struct wheel_link link;
	uint16_t slot;
};

/* What a wheel must do, as a list in the order in which things were filed. */
struct model {
	struct item *item[ITEMS];
	uint64_t second[ITEMS];
	size_t count;
	uint64_t now_s;
};

static struct pool pool;
static struct wheel wheel;

static int
set_up(void **state)
{
	(void)state;
	if (pool_init(&pool, sizeof(struct item), ITEMS) != 0)
		return -1;
	wheel_init(&wheel, &pool, offsetof(struct item, link));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pool_done(&pool);
	return 0;
}

static struct item *
file(uint64_t second, uint64_t now_s)
{
	struct item *i = pool_take(&pool);

	assert_non_null(i);
	i->slot = wheel_add(&wheel, i, second, now_s);
	return i;
}

static void
what_is_due_in_one_second_comes_out_as_it_was_filed(void **state)
{
	struct item *a = file(1005, 1000);
	struct item *b = file(1005, 1000);
	struct item *early = file(1002, 1000);
	struct item *c = file(1005, 1000);

	(void)state;
	assert_int_equal(wheel_next_s(&wheel), 1002);
	assert_null(wheel_take(&wheel, 1001));
	assert_ptr_equal(wheel_first(&wheel), early);
	assert_ptr_equal(wheel_take(&wheel, 1010), early);
	assert_int_equal(wheel.now_s, 1002);
	assert_ptr_equal(wheel_take(&wheel, 1010), a);
	assert_ptr_equal(wheel_take(&wheel, 1010), b);
	assert_ptr_equal(wheel_take(&wheel, 1010), c);
	assert_null(wheel_take(&wheel, 1010));
	assert_int_equal(wheel.now_s, 1010);
	assert_int_equal(wheel_next_s(&wheel), UINT64_MAX);
	assert_null(wheel_first(&wheel));
}

static void
seconds_out_of_reach_are_moved_to_its_ends(void **state)
{
	(void)state;
	file(5, 1000);
	assert_int_equal(wheel_next_s(&wheel), 1001);
	assert_non_null(wheel_take(&wheel, 1001));
	file(1001 + WHEEL_SLOTS - 1, 1001);
	assert_int_equal(wheel_next_s(&wheel), 1001 + WHEEL_SLOTS - 1);
	struct item *far = file(1001 + WHEEL_SLOTS, 1001);
	assert_int_equal(wheel_slot_s(&wheel, far->slot), 1001 + WHEEL_SLOTS - 1);
	file(UINT64_MAX, 1001);
	assert_non_null(wheel_take(&wheel, UINT64_MAX));
	assert_non_null(wheel_take(&wheel, UINT64_MAX));
	assert_non_null(wheel_take(&wheel, UINT64_MAX));
	assert_int_equal(wheel.now_s, 1001 + WHEEL_SLOTS - 1);
}

static void
an_empty_wheel_starts_at_the_clock(void **state)
{
	(void)state;
	file(2000000003, 2000000000);
	assert_int_equal(wheel_next_s(&wheel), 2000000003);
	assert_non_null(wheel_take(&wheel, 2000000003));
	file(3000000009, 3000000000);
	assert_int_equal(wheel_next_s(&wheel), 3000000009);
}

static void
every_slot_is_found_from_every_other(void **state)
{
	(void)state;
	for (uint64_t from = 0; from < WHEEL_SLOTS; from += 61)
		for (uint64_t ahead = 1; ahead < WHEEL_SLOTS; ahead += 59) {
			uint64_t now_s = UINT64_C(3) * WHEEL_SLOTS + from;
			struct item *i = file(now_s + ahead, now_s);
			assert_int_equal(wheel_next_s(&wheel), now_s + ahead);
			wheel_remove(&wheel, i, i->slot);
			assert_int_equal(wheel_next_s(&wheel), UINT64_MAX);
			pool_give(&pool, i);
		}
}

static void
model_remove(struct model *m, size_t at)
{
	m->count--;
	memmove(&m->item[at], &m->item[at + 1], (m->count - at) * sizeof(struct item *));
	memmove(&m->second[at], &m->second[at + 1], (m->count - at) * sizeof(*m->second));
}

static size_t
model_first(const struct model *m)
{
	size_t first = 0;

	for (size_t i = 1; i < m->count; i++)
		if (m->second[i] < m->second[first])
			first = i;
	return first;
}

static void
model_add(struct model *m, uint64_t second)
{
	if (m->count == ITEMS)
		return;
	m->item[m->count] = file(second, m->now_s);
	if (second <= m->now_s)
		second = m->now_s + 1;
	if (second > m->now_s + WHEEL_SLOTS - 1)
		second = m->now_s + WHEEL_SLOTS - 1;
	m->second[m->count] = second;
	assert_int_equal(wheel_slot_s(&wheel, m->item[m->count]->slot), second);
	m->count++;
}

static void
model_take(struct model *m, uint64_t until_s)
{
	struct item *i = wheel_take(&wheel, until_s);

	if (m->count == 0 || m->second[model_first(m)] > until_s) {
		assert_null(i);
		if (until_s > m->now_s)
			m->now_s = until_s;
		return;
	}
	size_t first = model_first(m);
	assert_ptr_equal(i, m->item[first]);
	m->now_s = m->second[first];
	model_remove(m, first);
	pool_give(&pool, i);
}

static uint64_t
random_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 33;
}

static void
it_does_what_a_list_does(void **state)
{
	static const uint64_t spans[] = { 2, 70, 300, WHEEL_SLOTS, UINT64_C(3) * WHEEL_SLOTS };
	struct model m = { .now_s = 1600000000 };
	uint64_t seed = 7;

	(void)state;
	for (unsigned step = 0; step < STEPS; step++) {
		uint64_t span = spans[random_next(&seed) % 5];
		switch (random_next(&seed) % 8) {
		case 0:
		case 1:
		case 2:
		case 3:
			model_add(&m, m.now_s + random_next(&seed) % span);
			break;
		case 4:
			if (m.count > 0) {
				size_t at = random_next(&seed) % m.count;
				wheel_remove(&wheel, m.item[at], m.item[at]->slot);
				pool_give(&pool, m.item[at]);
				model_remove(&m, at);
			}
			break;
		default:
			model_take(&m, m.now_s + random_next(&seed) % span / 8);
			break;
		}
		assert_int_equal(wheel_next_s(&wheel),
			m.count == 0 ? UINT64_MAX : m.second[model_first(&m)]);
		assert_ptr_equal(
			wheel_first(&wheel), m.count == 0 ? NULL : m.item[model_first(&m)]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_due_in_one_second_comes_out_as_it_was_filed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			seconds_out_of_reach_are_moved_to_its_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_empty_wheel_starts_at_the_clock, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			every_slot_is_found_from_every_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_does_what_a_list_does, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
