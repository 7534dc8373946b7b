/* test_stream_kept.c -- bytes by their numbers, in blocks: against a naive model, and at every border. */
#include "daemon/reassembly/stream_kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct buddy memory;
	struct stream_kept kept;
};

static struct fixture fixture;

static int
set_up(void **state)
{
	*state = &fixture;
	stream_kept_init(&fixture.kept, 100);
	return buddy_init(&fixture.memory, 1 << 20);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	stream_kept_done(&f->kept, &f->memory);
	assert_int_equal(f->memory.used_units, 0);
	buddy_done(&f->memory);
	return 0;
}

static bool
put(struct fixture *f, uint32_t seq, const char *text, bool replace)
{
	bool different = false;

	assert_int_equal(stream_kept_put(&f->kept, &f->memory, seq, cursor_over(text, strlen(text)),
				 replace, &different),
		STREAM_PUT_ALL);
	return different;
}

static void
assert_run(const struct fixture *f, uint32_t seq, uint32_t limit, const char *text)
{
	struct cursor run = stream_kept_run(&f->kept, seq, limit);

	assert_int_equal(cursor_left(&run), strlen(text));
	if (*text != '\0')
		assert_memory_equal(run.at, text, strlen(text));
}

static void
the_first_stay_unless_they_are_to_be_replaced(void **state)
{
	struct fixture *f = *state;

	assert_false(put(f, 100, "abc", false));
	assert_false(put(f, 102, "cd", false));
	assert_true(put(f, 100, "aXcd", false));
	assert_run(f, 100, 200, "abcd");
	assert_true(put(f, 101, "Y", true));
	assert_false(put(f, 101, "Y", true));
	assert_run(f, 100, 200, "aYcd");
}

static void
a_run_ends_at_a_hole_a_limit_and_a_block(void **state)
{
	struct fixture *f = *state;
	char long_text[STREAM_BLOCK_BYTES + 2];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	put(f, 100, "abc", false);
	put(f, 104, "e", false);
	assert_run(f, 100, 200, "abc");
	assert_run(f, 100, 102, "ab");
	assert_run(f, 100, 100, "");
	assert_run(f, 103, 200, "");
	assert_run(f, 99, 200, "");
	assert_run(f, 104, 200, "e");
	put(f, 100 + 2 * STREAM_BLOCK_BYTES, long_text, false);
	struct cursor run = stream_kept_run(&f->kept, 100 + 2 * STREAM_BLOCK_BYTES, 100000);
	assert_int_equal(cursor_left(&run), STREAM_BLOCK_BYTES);
	assert_run(f, 100 + 3 * STREAM_BLOCK_BYTES, 100000, "x");
}

static void
the_next_byte_is_found_over_holes_and_blocks(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(stream_kept_next(&f->kept, 100, 500), 500);
	put(f, 170, "abc", false);
	put(f, 100 + 5 * STREAM_BLOCK_BYTES + 63, "z", false);
	assert_int_equal(stream_kept_next(&f->kept, 100, 500), 170);
	assert_int_equal(stream_kept_next(&f->kept, 100, 170), 170);
	assert_int_equal(stream_kept_next(&f->kept, 100, 169), 169);
	assert_int_equal(stream_kept_next(&f->kept, 171, 500), 171);
	assert_int_equal(
		stream_kept_next(&f->kept, 173, 100000), 100 + 5 * STREAM_BLOCK_BYTES + 63);
	assert_int_equal(
		stream_kept_next(&f->kept, 100 + 5 * STREAM_BLOCK_BYTES + 64, 100000), 100000);
}

static void
blocks_are_given_back_as_a_whole(void **state)
{
	struct fixture *f = *state;

	put(f, 100 + STREAM_BLOCK_BYTES - 1, "ab", false);
	assert_int_equal(f->kept.count, 2);
	stream_kept_forget(&f->kept, &f->memory, 100 + STREAM_BLOCK_BYTES - 1);
	assert_int_equal(f->kept.count, 2);
	stream_kept_forget(&f->kept, &f->memory, 100 + STREAM_BLOCK_BYTES);
	assert_int_equal(f->kept.count, 1);
	assert_run(f, 100 + STREAM_BLOCK_BYTES, 100000, "b");
	stream_kept_forget(&f->kept, &f->memory, 100 + 10 * STREAM_BLOCK_BYTES + 5);
	assert_int_equal(f->kept.count, 0);
	assert_int_equal(f->memory.used_units, 0);
	/* And goes on from there. */
	put(f, 100 + 10 * STREAM_BLOCK_BYTES + 5, "c", false);
	assert_int_equal(f->kept.count, 1);
	assert_int_equal(f->kept.base, 100 + 10 * STREAM_BLOCK_BYTES);
}

static void
at_its_cap_it_takes_what_needs_no_other_block(void **state)
{
	struct fixture *f = *state;
	bool different = false;

	for (uint32_t i = 0; i < STREAM_BLOCKS_MAX; i++)
		put(f, 100 + 2 * i * STREAM_BLOCK_BYTES, "x", false);
	assert_int_equal(stream_kept_put(&f->kept, &f->memory, 100 + STREAM_BLOCK_BYTES,
				 cursor_over("x", 1), false, &different),
		STREAM_PUT_FULL);
	put(f, 102, "x", false);
	/* What fits before the block that is refused is kept. */
	assert_int_equal(stream_kept_put(&f->kept, &f->memory, 100 + STREAM_BLOCK_BYTES - 1,
				 cursor_over("yz", 2), false, &different),
		STREAM_PUT_FULL);
	assert_run(f, 100 + STREAM_BLOCK_BYTES - 1, 100000, "y");
	assert_int_equal(f->kept.end, 100 + 2 * (STREAM_BLOCKS_MAX - 1) * STREAM_BLOCK_BYTES + 1);
}

static void
without_memory_it_says_so(void **state)
{
	struct fixture *f = *state;
	bool different = false;
	void *taken[64];
	size_t count = 0;

	while (count < 64 && (taken[count] = buddy_take(&f->memory, BUDDY_MAX_BYTES)) != NULL)
		count++;
	assert_int_equal(
		stream_kept_put(&f->kept, &f->memory, 100, cursor_over("x", 1), false, &different),
		STREAM_PUT_NO_MEMORY);
	while (count > 0)
		buddy_give(&f->memory, taken[--count], BUDDY_MAX_BYTES);
	put(f, 100, "x", false);
}

static void
what_differs_is_found_where_it_is_kept(void **state)
{
	struct fixture *f = *state;
	uint32_t far = 100 + 3 * STREAM_BLOCK_BYTES;
	char text[4 * STREAM_BLOCK_BYTES + 1];

	memset(text, '.', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put(f, 110, "abc", false);
	put(f, far, "x", false);
	assert_false(stream_kept_differs(&f->kept, 113, cursor_over(text, far - 113)));
	assert_true(stream_kept_differs(&f->kept, 113, cursor_over(text, far - 113 + 1)));
	text[far - 113] = 'x';
	assert_false(stream_kept_differs(&f->kept, 113, cursor_over(text, sizeof(text) - 1)));
	assert_true(stream_kept_differs(&f->kept, 112, cursor_over(text, 1)));
	assert_false(stream_kept_differs(&f->kept, 112, cursor_over("c", 1)));
	assert_false(stream_kept_differs(&f->kept, far + 1, cursor_over(text, 5)));
	assert_false(stream_kept_differs(&f->kept, 50, cursor_over(text, 60)));
	assert_true(stream_kept_differs(&f->kept, 50, cursor_over(text, 61)));
}

/* ---- the model: an array ---- */

enum { MODEL_BYTES = 5000 };

struct model {
	bool has[MODEL_BYTES];
	char bytes[MODEL_BYTES];
	uint32_t from; /* forgotten before */
};

static uint32_t
chance(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static bool
model_put(struct model *m, uint32_t at, const char *text, uint32_t size, bool replace)
{
	bool different = false;

	for (uint32_t i = 0; i < size; i++) {
		different |= m->has[at + i] && m->bytes[at + i] != text[i];
		if (replace || !m->has[at + i])
			m->bytes[at + i] = text[i];
		m->has[at + i] = true;
	}
	return different;
}

static void
compare(const struct fixture *f, const struct model *m, uint32_t origin)
{
	for (uint32_t i = m->from; i < MODEL_BYTES; i++) {
		struct cursor run = stream_kept_run(&f->kept, origin + i, origin + i + 1);
		assert_int_equal(cursor_left(&run), m->has[i]);
		if (m->has[i])
			assert_int_equal(*run.at, m->bytes[i]);
	}
}

static void
play_at_random(struct fixture *f, uint32_t seed)
{
	static struct model m;
	const uint32_t origin = seed % 2 == 0 ? UINT32_MAX - 2000 : seed * 12345;

	memset(&m, 0, sizeof(m));
	stream_kept_done(&f->kept, &f->memory);
	stream_kept_init(&f->kept, origin);
	for (unsigned round = 0; round < 200; round++) {
		char text[200];
		uint32_t size = 1 + chance(&seed, sizeof(text) - 1);
		uint32_t at = m.from + chance(&seed, MODEL_BYTES - size - m.from + 1);
		bool replace = chance(&seed, 4) == 0;
		bool different = false;
		for (uint32_t i = 0; i < size; i++)
			text[i] = (char)('a' + chance(&seed, 2));
		(void)stream_kept_put(&f->kept, &f->memory, origin + at, cursor_over(text, size),
			replace, &different);
		assert_int_equal(different, model_put(&m, at, text, size, replace));
		if (chance(&seed, 20) == 0 && m.from < MODEL_BYTES - 400) {
			m.from += chance(&seed, 200);
			stream_kept_forget(&f->kept, &f->memory, origin + m.from);
		}
	}
	compare(f, &m, origin);
}

static void
it_is_as_an_array_would_be(void **state)
{
	for (uint32_t seed = 1; seed <= 40; seed++)
		play_at_random(*state, seed);
}

#define KEPT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		KEPT_TEST(the_first_stay_unless_they_are_to_be_replaced),
		KEPT_TEST(a_run_ends_at_a_hole_a_limit_and_a_block),
		KEPT_TEST(the_next_byte_is_found_over_holes_and_blocks),
		KEPT_TEST(blocks_are_given_back_as_a_whole),
		KEPT_TEST(at_its_cap_it_takes_what_needs_no_other_block),
		KEPT_TEST(without_memory_it_says_so),
		KEPT_TEST(what_differs_is_found_where_it_is_kept),
		KEPT_TEST(it_is_as_an_array_would_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
