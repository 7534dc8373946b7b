/* The beginning of compressed data, with zlib as the oracle. */
#include "daemon/proto/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

enum { PLAIN_MAX = 4096, PACKED_MAX = 8192, ZLIB = 15, GZIP = 15 + 16, BARE = -15 };

struct packed {
	uint8_t bytes[PACKED_MAX];
	size_t size;
};

static void
pack(uint8_t *plain, size_t size, int wrapping, int level, int strategy, struct packed *ret_packed)
{
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, wrapping, 8, strategy), Z_OK);
	z.next_in = plain;
	z.avail_in = (uInt)size;
	z.next_out = ret_packed->bytes;
	z.avail_out = sizeof(ret_packed->bytes);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	ret_packed->size = z.total_out;
	(void)deflateEnd(&z);
}

/* Unpack the first `there` bytes, which lie in memory of exactly their size. */
static size_t
unpack(const struct packed *p, size_t there, uint8_t *ret_plain, size_t size)
{
	uint8_t *exact = malloc(there > 0 ? there : 1);

	assert_non_null(exact);
	memcpy(exact, p->bytes, there);
	size_t got = inflate_head(cursor_over(exact, there), ret_plain, size);
	free(exact);
	return got;
}

/* Text that repeats, and bytes that do not. */
static void
fill(uint8_t *plain, size_t size, unsigned seed)
{
	static const char words[] = "<p>the same words again and again, ";

	for (size_t i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		plain[i] = (seed >> 16) % 9 == 0 ? (uint8_t)(seed >> 20)
						 : (uint8_t)words[i % (sizeof(words) - 1)];
	}
}

static void
what_zlib_packs_is_unpacked(void **state)
{
	static const int wrappings[] = { ZLIB, GZIP, BARE };
	static const int strategies[] = { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY };
	uint8_t plain[PLAIN_MAX];
	uint8_t got[PLAIN_MAX];
	struct packed p;

	(void)state;
	for (unsigned i = 0; i < 9; i++)
		for (int level = 0; level <= 9; level += 3) {
			fill(plain, sizeof(plain), i);
			pack(plain, sizeof(plain), wrappings[i % 3], level, strategies[i / 3], &p);
			assert_int_equal(unpack(&p, p.size, got, sizeof(got)), sizeof(plain));
			assert_memory_equal(got, plain, sizeof(plain));
		}
}

static void
only_what_fits_is_unpacked(void **state)
{
	uint8_t plain[PLAIN_MAX];
	uint8_t got[100] = { 0 };
	struct packed p;

	(void)state;
	fill(plain, sizeof(plain), 3);
	pack(plain, sizeof(plain), GZIP, 6, Z_DEFAULT_STRATEGY, &p);
	for (size_t size = 0; size < sizeof(got); size++) {
		got[size] = 0xee;
		assert_int_equal(unpack(&p, p.size, got, size), size);
		assert_memory_equal(got, plain, size);
		assert_int_equal(got[size], 0xee);
	}
}

static void
cut_anywhere_it_is_a_beginning(void **state)
{
	uint8_t plain[600];
	uint8_t got[PLAIN_MAX];
	struct packed p;
	size_t before = 0;

	(void)state;
	fill(plain, sizeof(plain), 5);
	for (int level = 0; level <= 6; level += 6) {
		pack(plain, sizeof(plain), GZIP, level, Z_DEFAULT_STRATEGY, &p);
		before = 0;
		for (size_t there = 0; there <= p.size; there++) {
			size_t size = unpack(&p, there, got, sizeof(got));
			assert_true(size >= before && size <= sizeof(plain));
			assert_memory_equal(got, plain, size);
			before = size;
		}
		assert_int_equal(before, sizeof(plain));
	}
}

static void
headers_of_gzip_are_passed(void **state)
{
	static const char header[] = "\x1f\x8b\x08\x1e\0\0\0\0\0\3\2\0xyname\0comment\0\1\2";
	uint8_t got[64];
	struct packed bare;
	struct packed p;

	(void)state;
	uint8_t plain[] = "hello hello";
	pack(plain, 11, BARE, 6, Z_DEFAULT_STRATEGY, &bare);
	memcpy(p.bytes, header, sizeof(header) - 1);
	memcpy(p.bytes + sizeof(header) - 1, bare.bytes, bare.size);
	p.size = sizeof(header) - 1 + bare.size;
	assert_int_equal(unpack(&p, p.size, got, sizeof(got)), 11);
	assert_memory_equal(got, "hello hello", 11);
}

static void
damage_ends_it_and_nothing_more(void **state)
{
	uint8_t plain[300];
	uint8_t got[PLAIN_MAX];
	struct packed p;
	struct packed damaged;

	(void)state;
	fill(plain, sizeof(plain), 7);
	pack(plain, sizeof(plain), BARE, 6, Z_DEFAULT_STRATEGY, &p);
	for (size_t at = 0; at < p.size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			damaged = p;
			damaged.bytes[at] ^= (uint8_t)(1U << bit);
			assert_true(
				unpack(&damaged, damaged.size, got, sizeof(got)) <= sizeof(got));
		}
	damaged = (struct packed){ .bytes = "\7nonsense",
		.size = 9 }; /* a kind of block that is none */
	assert_int_equal(unpack(&damaged, damaged.size, got, sizeof(got)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_zlib_packs_is_unpacked),
		cmocka_unit_test(only_what_fits_is_unpacked),
		cmocka_unit_test(cut_anywhere_it_is_a_beginning),
		cmocka_unit_test(headers_of_gzip_are_passed),
		cmocka_unit_test(damage_ends_it_and_nothing_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
