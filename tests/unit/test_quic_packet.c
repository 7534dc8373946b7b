/* test_quic_packet.c -- headers of every type, versions and their names, and datagrams cut short. */
#include "daemon/proto/quic_packet.h"
#include "tests/support/quic_build.h"
#include "tests/support/quic_vectors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t
varint(const char *bytes, size_t size, bool *ret_short)
{
	struct cursor c = cursor_over(bytes, size);
	uint64_t value = quic_varint(&c);

	*ret_short = c.short_read;
	return value;
}

/* RFC 9000 appendix A.1. */
static void
numbers_have_1_2_4_or_8_bytes(void **state)
{
	bool is_short;

	(void)state;
	assert_int_equal(varint("\x25", 1, &is_short), 37);
	assert_int_equal(varint("\x40\x25", 2, &is_short), 37);
	assert_int_equal(varint("\x7b\xbd", 2, &is_short), 15293);
	assert_int_equal(varint("\x9d\x7f\x3e\x7d", 4, &is_short), 494878333);
	assert_true(varint("\xc2\x19\x7c\x5e\xff\x14\xe8\x8c", 8, &is_short) == 151288809941952652);
	assert_false(is_short);
	assert_int_equal(varint("\xc2\x19\x7c\x5e\xff\x14\xe8", 7, &is_short), 0);
	assert_true(is_short);
}

static void
versions_have_names(void **state)
{
	static const struct {
		uint32_t version;
		bool is_known, is_used;
		const char *name;
	} cases[] = {
		{ 1, true, true, "1" },
		{ 0x6b3343cf, true, true, "quicv2" },
		{ 0xff000016, false, true, "draft-22" },
		{ 0xff000017, true, true, "draft-23" },
		{ 0xff00001d, true, true, "draft-29" },
		{ 0xff000020, true, true, "draft-32" },
		{ 0xff000022, true, true, "draft-34" },
		{ 0xff000023, false, false, "unknown-ff000023" },
		{ 0xff000000, false, false, "unknown-ff000000" },
		{ 0x51303436, false, true, "Q046" },
		{ 0x54303530, false, true, "T050" },
		{ 0x5130343a, false, false, "unknown-5130343a" },
		{ 0xfaceb001, false, true, "mvfst (faceb001)" },
		{ 0xfaceb020, false, false, "unknown-faceb020" },
		{ 2, false, false, "unknown-00000002" },
	};
	char name[QUIC_VERSION_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		quic_version_name(cases[i].version, name);
		assert_string_equal(name, cases[i].name);
		assert_int_equal(quic_version_of(cases[i].version) != NULL, cases[i].is_known);
		assert_int_equal(quic_version_is_used(cases[i].version), cases[i].is_used);
	}
}

/* Take a packet out of a copy that ends where its memory ends. */
static bool
next(const void *bytes, size_t size, struct quic_packet *ret, size_t *ret_left)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, bytes, size);
	struct cursor c = cursor_over(exact, size);
	bool is_there = quic_packet_next(&c, ret);
	*ret_left = cursor_left(&c);
	free(exact);
	return is_there;
}

static void
a_packet_is_all_there_or_none(void **state)
{
	struct quic_build b = { 0 };
	struct quic_packet p;
	size_t left;

	(void)state;
	quic_build_long(&b, 1, 0, "destination", "source");
	quic_build_length(&b, 5);
	quic_build_bytes(&b, "token", 5);
	quic_build_length(&b, 24);
	quic_build_bytes(&b, "number, payload, and tag", 24);
	for (size_t size = 0; size < b.size; size++)
		assert_false(next(b.bytes, size, &p, &left));
	quic_build_bytes(&b, "more", 4);
	assert_true(next(b.bytes, b.size, &p, &left));
	assert_int_equal(left, 4);
	assert_int_equal(p.type, QUIC_INITIAL);
	assert_int_equal(p.version, 1);
	assert_int_equal(p.number_at, b.size - 4 - 24);
	assert_int_equal(cursor_left(&p.dcid), 11);
	assert_int_equal(cursor_left(&p.scid), 6);
	assert_int_equal(cursor_left(&p.whole), b.size - 4);
}

static void
types_have_other_numbers_in_version_2(void **state)
{
	static const enum quic_type types[] = { QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE };
	static const uint32_t versions[] = { 1, 0x6b3343cf, 0xff00001d };
	struct quic_packet p;
	size_t left;

	(void)state;
	for (size_t v = 0; v < 3; v++)
		for (unsigned type = 1; type < 3; type++) {
			struct quic_build b = { 0 };
			quic_build_packet(&b, versions[v], type, "d", "s");
			quic_build_packet(&b, versions[v], type, "d", "s");
			assert_true(next(b.bytes, b.size, &p, &left));
			assert_int_equal(p.type, types[type]);
			assert_int_equal(left, b.size / 2);
		}
	for (size_t v = 0; v < 3; v++) {
		struct quic_build b = { 0 };
		quic_build_long(&b, versions[v], 3, "d", "s");
		quic_build_bytes(&b, "token and tag", 13);
		assert_true(next(b.bytes, b.size, &p, &left));
		assert_int_equal(p.type, QUIC_RETRY);
		assert_int_equal(left, 0);
	}
}

static void
what_has_no_length_takes_the_rest(void **state)
{
	struct quic_build b = { 0 };
	struct quic_packet p;
	size_t left;

	(void)state;
	quic_build_short(&b);
	assert_true(next(b.bytes, b.size, &p, &left));
	assert_int_equal(p.type, QUIC_SHORT);
	assert_int_equal(left, 0);
	assert_false(next("\0\0\0", 3, &p, &left)); /* nothing: what fills up */
	b.size = 0;
	quic_build_long(&b, 0, 0, "d", "s");
	quic_build_bytes(&b, "\0\0\0\1", 4);
	assert_true(next(b.bytes, b.size, &p, &left));
	assert_int_equal(p.type, QUIC_NEGOTIATION);
	b.size = 0;
	quic_build_long(&b, 0x10010000, 0, "d", "s");
	assert_true(next(b.bytes, b.size, &p, &left));
	assert_int_equal(p.type, QUIC_UNKNOWN);
	assert_null(p.known);
}

static void
an_id_may_have_20_bytes(void **state)
{
	char id[22];
	struct quic_packet p;
	size_t left;

	(void)state;
	for (size_t size = 19; size <= 21; size++) {
		memset(id, 'i', sizeof(id));
		id[size] = '\0';
		struct quic_build d = { 0 };
		struct quic_build s = { 0 };
		quic_build_packet(&d, 1, 2, id, "");
		quic_build_packet(&s, 1, 2, "", id);
		assert_int_equal(next(d.bytes, d.size, &p, &left), size <= QUIC_ID_MAX);
		assert_int_equal(next(s.bytes, s.size, &p, &left), size <= QUIC_ID_MAX);
	}
}

static void
lengths_past_the_datagram_are_none(void **state)
{
	static const char huge[] = "\xff\xff\xff\xff\xff\xff\xff\xff";
	struct quic_packet p;
	size_t left;

	(void)state;
	struct quic_build b = { 0 };
	quic_build_long(&b, 1, 0, "d", "s");
	quic_build_bytes(&b, huge, 8); /* of the token */
	quic_build_bytes(&b, "1234567890123456789012345", 25);
	assert_false(next(b.bytes, b.size, &p, &left));
	b.size = 0;
	quic_build_long(&b, 1, 2, "d", "s");
	quic_build_bytes(&b, huge, 8); /* of the packet */
	quic_build_bytes(&b, "1234567890123456789012345", 25);
	assert_false(next(b.bytes, b.size, &p, &left));
}

static void
google_s_old_header_is_known(void **state)
{
	uint32_t version = 0;

	(void)state;
	assert_true(quic_is_old(cursor_over("\x0d"
					    "12345678Q034\1",
					14),
		&version));
	assert_int_equal(version, 0x51303334);
	assert_false(quic_is_old(cursor_over("\x0d"
					     "12345678Q034\1",
					 12),
		&version));
	assert_false(quic_is_old(cursor_over("\x0c"
					     "12345678Q034\1",
					 14),
		&version));
	assert_false(quic_is_old(cursor_over("\x05"
					     "12345678Q034\1",
					 14),
		&version));
	assert_false(quic_is_old(cursor_over("\x4d"
					     "12345678Q034\1",
					 14),
		&version));
	assert_false(quic_is_old(cursor_over("\x0d"
					     "12345678Q0x4\1",
					 14),
		&version));
}

static void
the_retry_of_the_appendix_is_read(void **state)
{
	uint8_t bytes[64];
	struct quic_packet p;
	size_t left;

	(void)state;
	size_t size = quic_vector(QUIC_VECTOR_1_RETRY, bytes, sizeof(bytes));
	assert_true(next(bytes, size, &p, &left));
	assert_int_equal(p.type, QUIC_RETRY);
	assert_int_equal(cursor_left(&p.dcid), 0);
	assert_int_equal(cursor_left(&p.scid), 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_1_2_4_or_8_bytes),
		cmocka_unit_test(versions_have_names),
		cmocka_unit_test(a_packet_is_all_there_or_none),
		cmocka_unit_test(types_have_other_numbers_in_version_2),
		cmocka_unit_test(what_has_no_length_takes_the_rest),
		cmocka_unit_test(an_id_may_have_20_bytes),
		cmocka_unit_test(lengths_past_the_datagram_are_none),
		cmocka_unit_test(google_s_old_header_is_known),
		cmocka_unit_test(the_retry_of_the_appendix_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
