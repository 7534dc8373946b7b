#include "daemon/base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 100, CAPACITY_MAX = 700, KEYS_MAX = 1680, STEPS = 24000 };

struct item {
	uint64_t key[2];
	uint64_t value;
};

static const struct hash_key key_a = { { UINT64_C(0x0123456789abcdef), 42 } };
static const struct hash_key key_b = { { 7, UINT64_C(0xfedcba9876543210) } };

static void
key_of(unsigned number, uint64_t ret_key[2])
{
	ret_key[0] = number / 4; /* keys share their first word, and their second */
	ret_key[1] = number % 4;
}

static struct item *
find(const struct table *t, unsigned number)
{
	uint64_t key[2];

	key_of(number, key);
	return table_find(t, key, table_hash(t, key));
}

static struct item *
add(struct table *t, unsigned number)
{
	uint64_t key[2];

	key_of(number, key);
	return table_add(t, key, table_hash(t, key));
}

static void
drop(struct table *t, struct item *item)
{
	table_remove(t, item, table_hash(t, item));
}

static void
a_full_table_refuses_and_keeps_what_it_has(void **state)
{
	struct table t;

	(void)state;
	assert_int_equal(table_init(&t, sizeof(struct item), 16, CAPACITY, &key_a), 0);
	assert_int_equal(table_capacity(&t), CAPACITY);
	for (unsigned i = 0; i < CAPACITY; i++) {
		assert_int_equal(table_count(&t), i);
		struct item *item = add(&t, i);
		assert_non_null(item);
		assert_true(item->value == 0);
		item->value = i + 1000;
	}
	assert_null(add(&t, CAPACITY));
	assert_null(find(&t, CAPACITY));
	assert_int_equal(table_count(&t), CAPACITY);
	for (unsigned i = 0; i < CAPACITY; i++)
		assert_true(find(&t, i)->value == i + 1000);
	drop(&t, find(&t, 17));
	assert_null(find(&t, 17));
	struct item *item = add(&t, CAPACITY);
	assert_non_null(item);
	assert_true(item->value == 0); /* nothing of its forerunner is left */
	assert_null(add(&t, 17));
	table_done(&t);
}

/* What the table should hold, by key number. */
struct model {
	struct item *item[KEYS_MAX];
	uint64_t value[KEYS_MAX];
	unsigned keys; /* in use: more than twice the capacity, so that it stays near the cap */
	unsigned count;
};

static void
check_all(const struct table *t, const struct model *m)
{
	assert_int_equal(table_count(t), m->count);
	for (unsigned i = 0; i < m->keys; i++) {
		const struct item *item = find(t, i);
		assert_ptr_equal(item, m->item[i]);
		if (item != NULL)
			assert_true(item->value == m->value[i]);
	}
}

static void
step_once(struct table *t, struct model *m, unsigned number, uint64_t value)
{
	if (m->item[number] != NULL) {
		drop(t, m->item[number]);
		m->item[number] = NULL;
		m->count--;
		assert_null(find(t, number));
		return;
	}
	struct item *item = add(t, number);
	assert_int_equal(item == NULL, m->count == table_capacity(t));
	if (item == NULL)
		return;
	assert_true(item->value == 0);
	item->value = value;
	m->item[number] = item;
	m->value[number] = value;
	m->count++;
}

/*
 * The same long churn, mostly near the cap, for one hash key. returns a trace of the indices given
 * out and refused, in ret_trace.
 */
static void
churn(const struct hash_key *hash_key, uint32_t capacity, uint32_t ret_trace[STEPS])
{
	struct table t;
	static struct model m;
	uint64_t seed = 0x7ab1e;

	m = (struct model){ .keys = capacity * 12 / 5 };
	assert_int_equal(table_init(&t, sizeof(struct item), 16, capacity, hash_key), 0);
	unsigned full = 0;
	for (unsigned step = 0; step < STEPS; step++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		unsigned number = (unsigned)(seed >> 33) % m.keys;
		step_once(&t, &m, number, step + 1);
		ret_trace[step] =
			m.item[number] == NULL ? UINT32_MAX : pool_index(&t.items, m.item[number]);
		full += m.count == capacity;
		if (step % 199 == 0)
			check_all(&t, &m);
	}
	check_all(&t, &m);
	assert_true(full > STEPS / 20); /* the cap was really reached */
	for (unsigned i = 0; i < m.keys; i++)
		if (m.item[i] != NULL)
			drop(&t, m.item[i]);
	for (uint32_t i = 0; i <= t.slot_mask; i++)
		assert_int_equal(t.slots[i].index, 0); /* no tombstones */
	table_done(&t);
}

/* Two keys put everything into other slots; finds, refusals and item indices stay the same. */
static void
a_long_churn_is_that_of_a_naive_model_under_two_keys(void **state)
{
	static uint32_t trace_a[STEPS];
	static uint32_t trace_b[STEPS];

	(void)state;
	static const uint32_t capacities[] = { CAPACITY, CAPACITY_MAX };
	for (unsigned i = 0; i < 2; i++) {
		churn(&key_a, capacities[i], trace_a);
		churn(&key_b, capacities[i], trace_b);
		assert_memory_equal(trace_a, trace_b, sizeof(trace_a));
	}
}

static void
indices_follow_insertion_and_removal(void **state)
{
	struct table t;

	(void)state;
	assert_int_equal(table_init(&t, sizeof(struct item), 16, 4, &key_b), 0);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pool_index(&t.items, add(&t, 50 - i)), i);
	drop(&t, find(&t, 50));
	drop(&t, find(&t, 48));
	assert_int_equal(pool_index(&t.items, add(&t, 3)), 2);
	assert_int_equal(pool_index(&t.items, add(&t, 9)), 0);
	table_done(&t);
}

/* Equal hashes, given by the caller: only the key tells the items apart. */
static void
colliding_hashes_are_told_apart_by_key(void **state)
{
	struct table t;
	struct item *item[6];

	(void)state;
	assert_int_equal(table_init(&t, sizeof(struct item), 16, 6, &key_a), 0);
	for (uint64_t i = 0; i < 6; i++) {
		const uint64_t key[2] = { 5, i };
		item[i] = table_add(&t, key, UINT64_MAX); /* probes from the last slot around */
		assert_non_null(item[i]);
	}
	for (uint64_t i = 0; i < 6; i++) {
		const uint64_t key[2] = { 5, i };
		assert_ptr_equal(table_find(&t, key, UINT64_MAX), item[i]);
	}
	const uint64_t none[2] = { 5, 6 };
	assert_null(table_find(&t, none, UINT64_MAX));
	for (uint64_t i = 1; i < 6; i += 2)
		table_remove(&t, item[i], UINT64_MAX);
	for (uint64_t i = 0; i < 6; i++) {
		const uint64_t key[2] = { 5, i };
		assert_ptr_equal(table_find(&t, key, UINT64_MAX), i % 2 == 0 ? item[i] : NULL);
	}
	table_done(&t);
}

/* Hashes crowd around both ends of the slots, where a wider array parts what has wrapped around. */
static uint64_t
crowded_hash(uint64_t i)
{
	uint64_t spread = i * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t low = (spread >> 40 & 0x1f) - 16; /* 16 before the end to 15 after the start */

	return (spread & UINT64_C(0xffffffff00000000)) |
	       ((low & 0x3ff) + ((spread >> 50 & 7) << 10));
}

static void
a_growing_table_loses_nothing_however_crowded(void **state)
{
	enum { ITEMS = 2100 };
	static struct item *item[ITEMS];
	struct table t;

	(void)state;
	assert_int_equal(table_init(&t, sizeof(struct item), 16, ITEMS, &key_a), 0);
	for (uint64_t i = 0; i < ITEMS; i++) {
		const uint64_t key[2] = { i, 1 };
		item[i] = table_add(&t, key, crowded_hash(i));
		assert_non_null(item[i]);
		assert_true(table_count(&t) * 2 <= t.slot_mask + 1); /* never more than half full */
		if (i % 64 != 0 && (i & (i - 1)) != 0)
			continue; /* all are looked up at each power of two, where arrays grow, and after it */
		for (uint64_t j = 0; j <= i; j++) {
			const uint64_t known[2] = { j, 1 };
			assert_ptr_equal(table_find(&t, known, crowded_hash(j)), item[j]);
		}
	}
	table_done(&t);
}

static void
the_hash_is_that_of_the_whole_key_and_the_tables_secret(void **state)
{
	const uint64_t key[2] = { 3, 4 };
	struct table a;
	struct table b;

	(void)state;
	assert_int_equal(table_init(&a, sizeof(struct item), 16, 1, &key_a), 0);
	assert_int_equal(table_init(&b, sizeof(struct item), 8, 1, &key_b), 0);
	assert_true(table_hash(&a, key) == hash_words(&key_a, key, 2));
	assert_true(table_hash(&b, key) == hash_words(&key_b, key, 1));
	table_done(&a);
	table_done(&b);
}

static void
prefetching_changes_nothing(void **state)
{
	struct table t;
	uint64_t key[2];

	(void)state;
	assert_int_equal(table_init(&t, sizeof(struct item), 16, 8, &key_a), 0);
	struct item *item = add(&t, 1);
	item->value = 77;
	for (unsigned i = 0; i < 8; i++) {
		key_of(i, key);
		table_prefetch_slot(&t, table_hash(&t, key));
		table_prefetch_item(&t, table_hash(&t, key), sizeof(struct item));
	}
	assert_int_equal(table_count(&t), 1);
	assert_ptr_equal(find(&t, 1), item);
	assert_true(item->value == 77);
	table_done(&t);
}

static void
slots_suffice_for_every_capacity(void **state)
{
	static const uint32_t capacities[] = { 1, 4, 5, 8, 9, 512, 513, 1000 };

	(void)state;
	for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]); i++) {
		struct table t;
		assert_int_equal(table_init(&t, sizeof(struct item), 16, capacities[i], &key_a), 0);
		for (uint32_t number = 0; number < capacities[i]; number++)
			assert_non_null(add(&t, number));
		assert_null(add(&t, capacities[i]));
		assert_true(t.slot_mask + 1 >= capacities[i] * 2);
		assert_int_equal((t.slot_mask + 1) & t.slot_mask, 0);
		assert_null(find(&t, capacities[i]));
		table_done(&t);
		assert_null(t.slots);
		table_done(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_table_refuses_and_keeps_what_it_has),
		cmocka_unit_test(a_long_churn_is_that_of_a_naive_model_under_two_keys),
		cmocka_unit_test(indices_follow_insertion_and_removal),
		cmocka_unit_test(colliding_hashes_are_told_apart_by_key),
		cmocka_unit_test(the_hash_is_that_of_the_whole_key_and_the_tables_secret),
		cmocka_unit_test(prefetching_changes_nothing),
		cmocka_unit_test(a_growing_table_loses_nothing_however_crowded),
		cmocka_unit_test(slots_suffice_for_every_capacity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
