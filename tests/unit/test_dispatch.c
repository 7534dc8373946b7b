/*
 * test_dispatch.c -- asking only those who can begin with a byte gives the answer that asking all does.
 *
 * Held against all that the corpora of the parsers begin with, any byte in front of what a parser would take,
 * the ports that are hints, and either side.
 */
#include "daemon/proto/dispatch.h"

#include "daemon/proto/proto.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

enum { SEED_MAX = 64 * 1024, SEED_HEAD = 2, PIECE_HEAD = 2 };

struct seed {
	const char *path;
	uint8_t bytes[SEED_MAX];
	size_t size;
};

static struct dispatch dispatch;
static size_t taken; /* seeds, by whoever */

static int
setup(void **state)
{
	(void)state;
	dispatch_init(&dispatch, UINT64_MAX);
	return 0;
}

/* Does it take these bytes for its own, at any of the ports by which a parser decides? */
static bool
takes(size_t i, struct cursor bytes)
{
	static const uint16_t ports[] = { 9, 21, 23, 25, 67, 68, 88, 110, 123, 512, 513, 514, 546,
		547, 587, 2323, 3389, 5353 };
	struct proto_call call = { .ts_ns = UINT64_C(1700000000000000000), .hop_limit = 255 };

	for (size_t p = 0; p < sizeof(ports) / sizeof(ports[0]); p++)
		for (unsigned from_orig = 0; from_orig < 2; from_orig++) {
			call.from_orig = from_orig != 0;
			call.src_port = from_orig != 0 ? 1000 : ports[p];
			call.dst_port = from_orig != 0 ? ports[p] : 1000;
			if (protocols[i]->looks_like(&call, bytes) != PROTO_NO)
				return true;
		}
	return false;
}

/* returns true when it takes them; then it must be asked */
static bool
check(const char *path, size_t i, struct cursor bytes)
{
	if (protocols[i]->looks_like == NULL || cursor_left(&bytes) == 0 || !takes(i, bytes))
		return false;
	if ((dispatch_asked(&dispatch, protocols[i]->ip_proto, bytes) >> i & 1) == 0)
		fail_msg("protocols[%zu] (%s) is not asked about 0x%02x: %s", i, protocols[i]->name,
			*bytes.at, path);
	return true;
}

/* What a conversation of a seed begins with (tests/fuzz/proto_fuzz.h). */
static struct cursor
first_piece(const struct seed *seed)
{
	struct cursor c = cursor_over(seed->bytes, seed->size);

	(void)cursor_take(&c, SEED_HEAD);
	size_t size = cursor_be16(&c) & 0x7fff;
	return size < cursor_left(&c) ? cursor_sub(&c, size) : c;
}

/* Nor is anybody left out who might take it with another byte in front. */
static void
check_seed(struct seed *seed)
{
	uint8_t *front = &seed->bytes[SEED_HEAD + PIECE_HEAD];
	uint8_t first = *front;

	for (size_t i = 0; i < protocol_count; i++) {
		if (!check(seed->path, i, first_piece(seed)))
			continue;
		taken++;
		for (unsigned byte = 0; byte < DISPATCH_BYTES; byte++) {
			*front = (uint8_t)byte;
			(void)check(seed->path, i, first_piece(seed));
		}
		*front = first;
	}
}

static void
whoever_takes_the_beginning_of_a_corpus_is_asked(void **state)
{
	static struct seed seed;
	glob_t found;

	(void)state;
	assert_int_equal(glob(TESTS_DIR "/fuzz/corpus/*/*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "rb");
		assert_non_null(f);
		seed.path = found.gl_pathv[i];
		seed.size = fread(seed.bytes, 1, sizeof(seed.bytes), f);
		assert_int_equal(fclose(f), 0);
		if (seed.size > SEED_HEAD + PIECE_HEAD)
			check_seed(&seed);
	}
	globfree(&found);
	assert_true(taken > 1000);
}

static void
whoever_cannot_tell_from_one_byte_is_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < protocol_count; i++)
		for (unsigned byte = 0; byte < DISPATCH_BYTES; byte++) {
			uint8_t alone = (uint8_t)byte;
			(void)check("one byte", i, cursor_over(&alone, 1));
		}
}

static void
few_are_asked(void **state)
{
	static const struct {
		const char *begin;
		uint8_t ip_proto;
		int most;
	} common[] = {
		{ "GET / HTTP/1.1\r\n", IPPROTO_TCP, 8 },
		{ "\x16\x03\x01", IPPROTO_TCP, 6 },
		{ "SSH-2.0", IPPROTO_TCP, 10 },
		{ "\xc3\x00\x00\x00\x01", IPPROTO_UDP, 2 },
		{ "\x9c\xd2\x01", IPPROTO_UDP, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		struct cursor begin =
			cursor_over((const uint8_t *)common[i].begin, strlen(common[i].begin));
		uint64_t few = dispatch_asked(&dispatch, common[i].ip_proto, begin);
		assert_in_range(__builtin_popcountll(few), 1, common[i].most);
	}
}

static void
they_are_asked_in_the_order_of_the_list(void **state)
{
	uint64_t some = 1U << 3 | 1U << 7 | UINT64_C(1) << 63;

	(void)state;
	assert_int_equal(dispatch_next(&some), 3);
	assert_int_equal(dispatch_next(&some), 7);
	assert_int_equal(dispatch_next(&some), 63);
	assert_true(some == 0);
}

static void
nobody_is_asked_who_is_not_read_or_about_nothing(void **state)
{
	struct dispatch none;
	const uint8_t get = 'G';

	(void)state;
	dispatch_init(&none, 0);
	assert_true(dispatch_asked(&none, IPPROTO_TCP, cursor_over(&get, 1)) == 0);
	assert_true(dispatch_asked(&dispatch, IPPROTO_TCP, cursor_over(&get, 0)) == 0);
	assert_true(dispatch_asked(&dispatch, IPPROTO_TCP, cursor_over(&get, 1)) != 0);
	assert_true(dispatch_asked(&dispatch, IPPROTO_GRE, cursor_over(&get, 1)) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_takes_the_beginning_of_a_corpus_is_asked),
		cmocka_unit_test(whoever_cannot_tell_from_one_byte_is_asked),
		cmocka_unit_test(few_are_asked),
		cmocka_unit_test(they_are_asked_in_the_order_of_the_list),
		cmocka_unit_test(nobody_is_asked_who_is_not_read_or_about_nothing),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
