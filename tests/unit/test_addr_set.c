#include "daemon/base/addr_set.h"

#include "daemon/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MEMBERS_MAX = 4096, MEMBER_BYTES = 32 };

static struct addr
v4_number(uint32_t number)
{
	return addr_v4((uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number);
}

static void
an_address_is_new_once(void **state)
{
	struct addr_set s = { 0 };
	struct arena memory;
	struct addr a = addr_v4(192, 0, 2, 1);
	struct addr b = addr_v4(192, 0, 2, 2);

	(void)state;
	arena_init(&memory, 4096, NULL);
	assert_false(addr_set_has(&s, &a));
	assert_int_equal(memory.used_bytes, 0);
	assert_true(addr_set_add(&s, &memory, &a, 10));
	assert_true(addr_set_has(&s, &a));
	assert_false(addr_set_has(&s, &b));
	assert_false(addr_set_add(&s, &memory, &a, 10));
	assert_true(addr_set_add(&s, &memory, &b, 10));
	assert_false(addr_set_add(&s, &memory, &b, 10));
	assert_int_equal(s.count, 2);
	assert_false(s.saturated);
	arena_done(&memory);
}

static void
the_cap_turns_away_newcomers_only(void **state)
{
	struct addr_set s = { 0 };
	struct arena memory;

	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	for (uint32_t i = 0; i < 5; i++) {
		struct addr a = v4_number(i);
		assert_true(addr_set_add(&s, &memory, &a, 5));
	}
	struct addr known = v4_number(3);
	assert_false(addr_set_add(&s, &memory, &known, 5));
	assert_false(s.saturated); /* at the cap, and nobody was turned away */
	struct addr late = v4_number(5);
	assert_false(addr_set_add(&s, &memory, &late, 5));
	assert_true(s.saturated);
	assert_int_equal(s.count, 5);
	assert_false(addr_set_has(&s, &late));
	assert_true(addr_set_has(&s, &known));
	assert_int_equal(memory.used_bytes, 5 * MEMBER_BYTES);
	arena_done(&memory);
}

static void
the_end_of_memory_saturates_too(void **state)
{
	struct addr_set s = { 0 };
	struct arena memory;
	struct addr a[4];

	(void)state;
	arena_init(&memory, (size_t)3 * MEMBER_BYTES, NULL);
	for (uint32_t i = 0; i < 4; i++) {
		a[i] = v4_number(i);
		assert_int_equal(addr_set_add(&s, &memory, &a[i], 100), i < 3);
		assert_int_equal(s.saturated, i >= 3);
	}
	assert_int_equal(s.count, 3);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(addr_set_has(&s, &a[i]), i < 3);
	arena_done(&memory);
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed ^ *seed >> 31;
}

/* Few addresses that differ in few bits, of both families: repeats and near misses are common. */
static struct addr
near_address(uint64_t *seed)
{
	uint64_t r = next_random(seed);
	struct addr a = (r & 1) != 0 ? addr_v4(10, 0, 0, 0)
				     : (struct addr){ .byte = { 0x20, 1, 0xd, 0xb8 } };

	a.byte[15] = (uint8_t)(r >> 8 & 0x1f);
	a.byte[(r & 1) != 0 ? 12 + (r >> 16) % 3 : (r >> 16) % 15] ^=
		(uint8_t)(1U << (r >> 24 & 7));
	return a;
}

static bool
model_has(const struct addr *known, unsigned count, const struct addr *a)
{
	for (unsigned i = 0; i < count; i++)
		if (addr_equal(&known[i], a))
			return true;
	return false;
}

static void
it_answers_like_a_list(void **state)
{
	enum { MAX = 1500, ROUNDS = 12000 };
	static struct addr known[MAX];
	unsigned count = 0;
	struct addr_set s = { 0 };
	struct arena memory;
	uint64_t seed = 0x5e7;
	unsigned turned_away = 0;

	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct addr a = near_address(&seed);
		bool was_known = model_has(known, count, &a);
		bool fits = count < MAX;
		assert_int_equal(addr_set_has(&s, &a), was_known);
		assert_int_equal(addr_set_add(&s, &memory, &a, MAX), !was_known && fits);
		if (!was_known && fits)
			known[count++] = a;
		turned_away += !was_known && !fits;
		assert_int_equal(s.count, count);
		assert_int_equal(s.saturated, turned_away > 0);
	}
	assert_int_equal(count, MAX);
	assert_true(turned_away > 100);
	arena_done(&memory);
}

static unsigned
depth_of(const struct addr_set_node *node)
{
	if (node == NULL)
		return 0;
	unsigned left = depth_of(node->child[0]);
	unsigned right = depth_of(node->child[1]);
	return 1 + (left > right ? left : right);
}

/* Hosts as networks number them: what differs may be the end, the middle or the beginning. */
static struct addr
natural_address(unsigned habit, uint32_t i)
{
	struct addr a = { .byte = { 0x20, 1, 0xd, 0xb8 } };
	uint8_t high = (uint8_t)(i >> 8);
	uint8_t low = (uint8_t)i;

	switch (habit) {
	case 0: /* a sweep of a network */
		return v4_number(0x0a000000 + i);
	case 1: /* the first host of many networks */
		return v4_number(0x0a000001 + (i << 8));
	case 2: /* numbered servers */
		break;
	case 3: /* one number in many subnets */
		a.byte[15] = 0x0e;
		a.byte[14] = 0x20;
		a.byte[6] = high;
		a.byte[7] = low;
		return a;
	default: /* EUI-64 of one maker */
		a.byte[8] = 0x02;
		a.byte[11] = 0xff;
		a.byte[12] = 0xfe;
		break;
	}
	a.byte[14] = high;
	a.byte[15] = low;
	return a;
}

static void
thousands_of_neighbours_fit_and_stay_near(void **state)
{
	(void)state;
	for (unsigned habit = 0; habit < 5; habit++) {
		struct addr_set s = { 0 };
		struct arena memory;
		arena_init(&memory, (size_t)MEMBERS_MAX * MEMBER_BYTES, NULL);
		for (uint32_t i = 0; i < MEMBERS_MAX; i++) {
			struct addr a = natural_address(habit, i);
			assert_true(addr_set_add(&s, &memory, &a, MEMBERS_MAX));
		}
		for (uint32_t i = 0; i < 2 * MEMBERS_MAX; i++) {
			struct addr a = natural_address(habit, i);
			assert_int_equal(addr_set_has(&s, &a), i < MEMBERS_MAX);
		}
		assert_int_equal(s.count, MEMBERS_MAX);
		assert_int_equal(memory.refused, 0);
		assert_true(depth_of(s.root) <= 2 * 12); /* 12 is the best there is */
		arena_done(&memory);
	}
}

/* The address whose path through the tree is `word`: what a peer who read the source would send. */
static struct addr
address_of_path(const uint64_t word[2])
{
	uint64_t inverse = 1;
	struct addr a;

	for (unsigned i = 0; i < 6; i++) /* Newton, modulo 2^64 */
		inverse *= 2 - UINT64_C(0x9e3779b97f4a7c15) * inverse;
	uint64_t low = word[1] * inverse;
	uint64_t high = word[0] * inverse ^ low;
	for (size_t i = 0; i < 8; i++) {
		a.byte[i] = (uint8_t)(high >> (56 - 8 * i));
		a.byte[8 + i] = (uint8_t)(low >> (56 - 8 * i));
	}
	return a;
}

static void
no_choice_of_addresses_goes_deeper_than_their_bits(void **state)
{
	struct addr_set s = { 0 };
	struct arena memory;
	uint64_t seed = 0xdee9;

	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	/* A chain to the bottom: one bit after the other, and last the path without any. */
	for (unsigned bit = 0; bit <= 128; bit++) {
		uint64_t word[2] = { 0, 0 };
		if (bit < 128)
			word[bit / 64] = UINT64_C(1) << (63 - bit % 64);
		struct addr a = address_of_path(word);
		assert_true(addr_set_add(&s, &memory, &a, MEMBERS_MAX));
		assert_int_equal(depth_of(s.root), bit + 1);
		assert_false(addr_set_add(&s, &memory, &a, MEMBERS_MAX));
	}
	/* More of those whose paths share all they can: it gets wider, not deeper. */
	for (unsigned i = 0; i < 2000; i++) {
		const uint64_t word[2] = { 0, next_random(&seed) >> (i % 64) };
		struct addr a = address_of_path(word);
		(void)addr_set_add(&s, &memory, &a, MEMBERS_MAX);
		assert_true(addr_set_has(&s, &a));
	}
	assert_int_equal(depth_of(s.root), 129);
	arena_done(&memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_new_once),
		cmocka_unit_test(the_cap_turns_away_newcomers_only),
		cmocka_unit_test(the_end_of_memory_saturates_too),
		cmocka_unit_test(it_answers_like_a_list),
		cmocka_unit_test(thousands_of_neighbours_fit_and_stay_near),
		cmocka_unit_test(no_choice_of_addresses_goes_deeper_than_their_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
