#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_tftp;

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

struct sample {
	const char *bytes;
	size_t size;
};

static const struct sample ours[] = {
	BYTES("\0\1startup-config\0octet\0"),
	BYTES("\0\2a\0NetASCII\0blksize\0001468\0"),
	BYTES("\0\1a\0mail\0"),
};

static const struct sample others[] = {
	BYTES("\0\3a\0octet\0"),
	BYTES("\0\0a\0octet\0"),
	BYTES("\1\1a\0octet\0"),
	BYTES("\0\1\0octet\0"),
	BYTES("\0\1a\0octet"),
	BYTES("\0\1a\0octets\0"),
	BYTES("\0\1a\0\0"),
	BYTES("\0\1a"),
};

static void
it_is_recognised_by_how_it_begins(void **state)
{
	static struct proto_rig rig;

	(void)state;
	proto_rig_init(&rig, &protocol_tftp);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		assert_int_equal(
			proto_rig_guess(&rig, true, ours[i].bytes, ours[i].size), PROTO_YES);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(
			proto_rig_guess(&rig, true, others[i].bytes, others[i].size), PROTO_NO);
	proto_rig_done(&rig);
}

static void
cut_anywhere_it_is_read_within_its_bytes(void **state)
{
	static struct proto_rig rig;

	(void)state;
	proto_rig_init(&rig, &protocol_tftp);
	for (size_t at = 0; at < ours[0].size; at++)
		(void)proto_rig_guess(&rig, true, ours[0].bytes, at);
	assert_int_equal(proto_rig_guess(&rig, true, ours[0].bytes, 1), PROTO_NO);
	proto_rig_done(&rig);
}

static void
it_is_named_and_asks_for_no_more(void **state)
{
	static struct proto_rig rig;

	(void)state;
	assert_string_equal(protocol_tftp.name, "tftp");
	proto_rig_init(&rig, &protocol_tftp);
	proto_rig_feed(&rig, true, ours[0].bytes, ours[0].size);
	assert_int_equal(rig.verdict, PROTO_DONE);
	proto_rig_done(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_recognised_by_how_it_begins),
		cmocka_unit_test(cut_anywhere_it_is_read_within_its_bytes),
		cmocka_unit_test(it_is_named_and_asks_for_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
