#include "daemon/base/arena_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct item {
	uint64_t key[2];
	uint64_t value;
};

static const struct arena_map_shape shape = {
	.item_size = sizeof(struct item),
	.key_size = sizeof(((struct item *)0)->key),
	.capacity = 100,
};

static const struct hash_key key_of_hash = { { 1, 2 } };

struct fixture {
	struct arena memory;
	struct arena_map map;
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){ 0 };
	arena_init(&f.memory, (size_t)1024 * 1024, NULL);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->memory);
	return 0;
}

static struct item *
get(struct fixture *f, uint64_t first, uint64_t second)
{
	uint64_t key[2] = { first, second };

	return arena_map_get(&f->map, &shape, &f->memory, &key_of_hash, key);
}

static struct item *
find(const struct fixture *f, uint64_t first, uint64_t second)
{
	uint64_t key[2] = { first, second };

	return arena_map_find(&f->map, &shape, &key_of_hash, key);
}

static void
a_new_item_is_zeroed_but_for_its_key(void **state)
{
	struct fixture *f = *state;
	struct item *i = get(f, 7, 8);

	assert_non_null(i);
	assert_int_equal(i->key[0], 7);
	assert_int_equal(i->key[1], 8);
	assert_int_equal(i->value, 0);
}

static void
finding_makes_nothing(void **state)
{
	struct fixture *f = *state;

	assert_null(find(f, 7, 8));
	(void)get(f, 7, 8);
	assert_null(find(f, 7, 9));
	assert_int_equal(f->map.count, 1);
	assert_ptr_equal(find(f, 7, 8), get(f, 7, 8));
	assert_int_equal(f->map.count, 1);
}

static void
every_word_of_the_key_counts(void **state)
{
	struct fixture *f = *state;

	assert_ptr_not_equal(get(f, 1, 2), get(f, 1, 3));
	assert_ptr_not_equal(get(f, 1, 2), get(f, 2, 2));
	assert_int_equal(f->map.count, 3);
}

/* Against an array that is searched from end to end; items must stay where they are as it grows. */
static void
it_agrees_with_a_naive_model_while_it_grows(void **state)
{
	struct fixture *f = *state;
	struct item *model[200] = { 0 };
	uint32_t count = 0;
	uint64_t seed = 42;

	for (int step = 0; step < 20000; step++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		uint64_t key = (seed >> 33) % 200;
		struct item *i = get(f, key, key);
		if (model[key] == NULL && count < shape.capacity) {
			assert_non_null(i);
			assert_int_equal(i->value, 0);
			model[key] = i;
			count++;
		}
		assert_ptr_equal(i, model[key]);
		assert_ptr_equal(find(f, key, key), model[key]);
		if (i != NULL)
			i->value++;
		assert_int_equal(f->map.count, count);
	}
	assert_int_equal(count, shape.capacity);
	for (uint64_t key = 0; key < 200; key++)
		if (model[key] != NULL)
			assert_int_equal(model[key]->key[0], key);
}

static void
it_is_full_at_its_capacity_and_counts_the_refused(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < shape.capacity; i++)
		assert_non_null(get(f, i, 0));
	assert_int_equal(f->map.refused, 0);
	assert_null(get(f, shape.capacity, 0));
	assert_int_equal(f->map.refused, 1);
	assert_non_null(get(f, shape.capacity - 1, 0)); /* what is in it is still found */
	assert_int_equal(f->map.refused, 1);
}

/* Chains stay short: otherwise a scan of a thousand ports walks a thousand items a flow. */
static void
it_has_at_least_a_bucket_an_item(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < shape.capacity; i++) {
		(void)get(f, i, 0);
		assert_true(f->map.bucket_count >= f->map.count);
	}
	assert_int_equal(f->map.bucket_count, 128);
}

static void
an_arena_without_room_refuses_and_is_counted(void **state)
{
	struct fixture *f = *state;

	f->memory.cap_bytes = 0;
	assert_null(get(f, 1, 1));
	assert_null(find(f, 1, 1));
	assert_int_equal(f->map.refused, 1);
	f->memory.cap_bytes = 4096;
	assert_non_null(get(f, 1, 1));
}

static void
without_room_for_buckets_there_is_none(void **state)
{
	struct fixture *f = *state;

	f->memory.cap_bytes = 8;
	assert_null(get(f, 1, 1));
	assert_int_equal(f->memory.used_bytes, 0);
}

/* The capacity of this one is the number of its buckets. */
static void
a_full_map_takes_no_more_memory(void **state)
{
	struct fixture *f = *state;
	struct arena_map_shape even = shape;

	even.capacity = 64;
	for (uint64_t i = 0; i < 64; i++)
		assert_non_null(arena_map_get(
			&f->map, &even, &f->memory, &key_of_hash, (uint64_t[]){ i, i }));
	size_t used = f->memory.used_bytes;
	assert_null(
		arena_map_get(&f->map, &even, &f->memory, &key_of_hash, (uint64_t[]){ 64, 64 }));
	assert_int_equal(f->memory.used_bytes, used);
}

static void
without_room_for_more_buckets_it_goes_on(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 0; i < 8; i++)
		assert_non_null(get(f, i, 0));
	/* Sixteen buckets take 128 bytes: room for one item, not for them. */
	f->memory.cap_bytes = f->memory.used_bytes + 64;
	assert_non_null(get(f, 8, 0));
	assert_int_equal(f->map.bucket_count, 8);
	for (uint64_t i = 0; i < 9; i++)
		assert_non_null(find(f, i, 0));
	assert_null(get(f, 9, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_new_item_is_zeroed_but_for_its_key, setup, teardown),
		cmocka_unit_test_setup_teardown(finding_makes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(every_word_of_the_key_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(
			it_agrees_with_a_naive_model_while_it_grows, setup, teardown),
		cmocka_unit_test_setup_teardown(
			it_is_full_at_its_capacity_and_counts_the_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(it_has_at_least_a_bucket_an_item, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_arena_without_room_refuses_and_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_room_for_buckets_there_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(a_full_map_takes_no_more_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_room_for_more_buckets_it_goes_on, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
