#include "daemon/base/arena.h"

#include "daemon/base/buddy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { CHUNK_HEADER = 16 };

static void
the_cap_refuses_and_counts(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 64, NULL);
	assert_non_null(arena_alloc(&a, 33)); /* rounds to 48 */
	assert_null(arena_alloc(&a, 33));
	assert_int_equal(a.refused, 1);
	assert_null(arena_alloc(&a, 17));
	assert_non_null(arena_alloc(&a, 16)); /* a refusal is no end: what fits still does */
	assert_int_equal(a.used_bytes, 64);
	assert_null(arena_alloc(&a, 1));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_alloc(&a, SIZE_MAX - 15));
	assert_int_equal(a.refused, 5);
	arena_done(&a);
	assert_int_equal(a.used_bytes, 0);
	assert_int_equal(a.refused, 0);
	assert_non_null(arena_alloc(&a, 64)); /* reusable, with the same cap */
	assert_null(arena_alloc(&a, 1));
	arena_done(&a);
	arena_init(&a, 40, NULL);
	assert_null(arena_alloc(&a, 33)); /* padding counts as well */
	assert_non_null(arena_alloc(&a, 32));
	arena_done(&a);
}

static void
an_arena_that_never_allocated_can_be_done(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 0, NULL);
	arena_done(&a);
	assert_null(arena_alloc(&a, 1));
	arena_done(&a);
}

/* Blocks are marked as they come; the marks must all be there at the end. */
static void
blocks_are_zeroed_aligned_and_apart(void **state)
{
	enum { BLOCKS = 400 };
	static uint8_t *block[BLOCKS];
	static size_t size[BLOCKS];
	struct arena a;

	(void)state;
	arena_init(&a, SIZE_MAX / 2, NULL);
	for (unsigned i = 0; i < BLOCKS; i++) {
		size[i] = 1 + i * 37U % 900;
		block[i] = arena_alloc(&a, size[i]);
		assert_non_null(block[i]);
		assert_int_equal((uintptr_t)block[i] % _Alignof(max_align_t), 0);
		for (size_t at = 0; at < size[i]; at++)
			assert_int_equal(block[i][at], 0);
		memset(block[i], (int)(i % 255 + 1), size[i]);
	}
	for (unsigned i = 0; i < BLOCKS; i++)
		for (size_t at = 0; at < size[i]; at++)
			assert_int_equal(block[i][at], i % 255 + 1);
	arena_done(&a);
}

/* A region that has held other things: what comes out of it must be zeroed all the same. */
static void
memory_of_a_source_is_zeroed_and_goes_back(void **state)
{
	struct buddy b;
	struct arena a;

	(void)state;
	assert_int_equal(buddy_init(&b, BUDDY_MAX_BYTES), 0);
	void *whole = buddy_take(&b, BUDDY_MAX_BYTES);
	memset(whole, 0xff, BUDDY_MAX_BYTES);
	buddy_give(&b, whole, BUDDY_MAX_BYTES);

	arena_init(&a, SIZE_MAX / 2, &b);
	assert_int_equal(b.used_units, 0); /* nothing before the first block */
	const uint8_t *block = arena_alloc(&a, 400);
	assert_non_null(block);
	for (unsigned i = 0; i < 400; i++)
		assert_int_equal(block[i], 0);
	assert_int_equal(b.used_units, 1);
	arena_done(&a);
	assert_int_equal(b.used_units, 0);
	assert_ptr_equal(a.source, &b);
	buddy_done(&b);
}

static void
chunks_double_from_512_to_16384_once_six_are_in_use(void **state)
{
	static const uint32_t units_of_chunk[] = { 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8,
		16, 16, 16, 32, 32 };
	struct buddy b;
	struct arena a;
	uint32_t expected = 0;
	size_t full = 0; /* what the chunks before hold, to the last byte */

	(void)state;
	assert_int_equal(buddy_init(&b, (size_t)16 * BUDDY_MAX_BYTES), 0);
	arena_init(&a, SIZE_MAX / 2, &b);
	for (unsigned i = 0; i < sizeof(units_of_chunk) / sizeof(units_of_chunk[0]); i++) {
		expected += units_of_chunk[i];
		while (b.used_units < expected)
			assert_non_null(arena_alloc(&a, 16));
		assert_int_equal(b.used_units, expected);
		assert_int_equal(a.used_bytes, full + 16);
		full += units_of_chunk[i] * (size_t)BUDDY_MIN_BYTES - CHUNK_HEADER;
	}
	arena_done(&a);
	assert_int_equal(b.used_units, 0);
	buddy_done(&b);
}

static void
the_largest_block_fits_a_source_and_no_larger(void **state)
{
	struct buddy b;
	struct arena a;

	(void)state;
	assert_int_equal(buddy_init(&b, (size_t)4 * BUDDY_MAX_BYTES), 0);
	arena_init(&a, SIZE_MAX / 2, &b);
	assert_non_null(arena_alloc(&a, ARENA_BLOCK_MAX));
	assert_int_equal(b.used_units, BUDDY_MAX_BYTES / BUDDY_MIN_BYTES);
	assert_null(arena_alloc(&a, BUDDY_MAX_BYTES));
	assert_int_equal(a.refused, 1);
	arena_done(&a);
	arena_init(&a, SIZE_MAX / 2, NULL);
	assert_non_null(arena_alloc(&a, 100000)); /* malloc has no such bound */
	arena_done(&a);
	buddy_done(&b);
}

static void
an_empty_source_refuses_and_counts(void **state)
{
	struct buddy b;
	struct arena a;
	unsigned blocks = 0;

	(void)state;
	assert_int_equal(buddy_init(&b, BUDDY_MAX_BYTES), 0);
	arena_init(&a, SIZE_MAX / 2, &b);
	while (arena_alloc(&a, 1000) != NULL)
		blocks++;
	/* 1024, 2048, 4096 and 8192 for one, two, four and eight, and 1024 that are left for one */
	assert_int_equal(blocks, 16);
	assert_int_equal(a.refused, 1);
	size_t used = a.used_bytes;
	assert_null(arena_alloc(&a, 1000));
	assert_int_equal(a.refused, 2);
	assert_int_equal(a.used_bytes, used);
	arena_done(&a);
	assert_non_null(buddy_take(&b, BUDDY_MAX_BYTES));
	buddy_done(&b);
}

/* All but every other of the smallest blocks is taken: no two of them are left side by side. */
static void
a_source_in_pieces_gives_what_is_enough(void **state)
{
	enum { PIECES = BUDDY_MAX_BYTES / BUDDY_MIN_BYTES, ENOUGH = BUDDY_MIN_BYTES - 16 };
	struct buddy b;
	struct arena a;
	void *pieces[PIECES];

	(void)state;
	assert_int_equal(buddy_init(&b, BUDDY_MAX_BYTES), 0);
	for (size_t i = 0; i < PIECES; i++)
		assert_non_null(pieces[i] = buddy_take(&b, BUDDY_MIN_BYTES));
	for (size_t i = 0; i < PIECES; i += 2)
		buddy_give(&b, pieces[i], BUDDY_MIN_BYTES);
	arena_init(&a, SIZE_MAX / 2, &b);
	for (size_t i = 0; i < PIECES / 2; i++)
		assert_non_null(arena_alloc(&a, ENOUGH));
	assert_int_equal(a.refused, 0);
	assert_null(arena_alloc(&a, 1)); /* none is left */
	arena_done(&a);
	arena_init(&a, SIZE_MAX / 2, &b);
	assert_null(arena_alloc(&a, ENOUGH + 1)); /* none is large enough */
	assert_int_equal(b.used_units, PIECES / 2);
	arena_done(&a);
	buddy_done(&b);
}

static void
strings_are_copied_and_ended(void **state)
{
	struct arena a;
	char text[] = "abcdef";

	(void)state;
	arena_init(&a, 32, NULL);
	char *copy = arena_string(&a, text, 3);
	assert_string_equal(copy, "abc");
	text[0] = 'x';
	assert_string_equal(copy, "abc");
	assert_string_equal(arena_string(&a, text, 0), "");
	assert_null(arena_string(&a, text, 6));
	assert_int_equal(a.refused, 1);
	arena_done(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cap_refuses_and_counts),
		cmocka_unit_test(an_arena_that_never_allocated_can_be_done),
		cmocka_unit_test(blocks_are_zeroed_aligned_and_apart),
		cmocka_unit_test(memory_of_a_source_is_zeroed_and_goes_back),
		cmocka_unit_test(chunks_double_from_512_to_16384_once_six_are_in_use),
		cmocka_unit_test(the_largest_block_fits_a_source_and_no_larger),
		cmocka_unit_test(an_empty_source_refuses_and_counts),
		cmocka_unit_test(a_source_in_pieces_gives_what_is_enough),
		cmocka_unit_test(strings_are_copied_and_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
