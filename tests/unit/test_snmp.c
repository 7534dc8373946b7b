#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_snmp;

#define BYTES(literal) (literal), sizeof(literal) - 1
#define COMMUNITY      "\2\1\1\4\6public"
#define EMPTY(kind)    "\60\30" COMMUNITY kind "\13\2\1\1\2\1\0\2\1\0\60\0"

/* sysDescr.0 is "box\0", sysUpTime.0 is 500 ticks. */
static const char answer[] = "\60\74\2\1\0\4\6public\242\57\2\1\1\2\1\0\2\1\0\60\44"
			     "\60\20\6\10\53\6\1\2\1\1\1\0\4\4box\0"
			     "\60\20\6\10\53\6\1\2\1\1\3\0\103\4\0\0\1\364";
static const char secret[] = "\60\54\2\1\3\60\20\2\4\0\0\0\1\2\2\5\300\4\1\4\2\1\3\4\2\60\0"
			     "\60\21\4\1e\4\0\241\12\2\1\1\2\1\0\2\1\0\60\0";

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_snmp);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	proto_rig_done(&rig);
	return 0;
}

static void
a_conversation_is_one_row_at_its_end(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(EMPTY("\240")));
	proto_rig_feed(&rig, true, BYTES(EMPTY("\241")));
	proto_rig_feed(&rig, true, BYTES(EMPTY("\243")));
	proto_rig_feed(&rig, true, BYTES(EMPTY("\245")));
	proto_rig_feed(&rig, true, BYTES(EMPTY("\247"))); /* a trap is none of them */
	rig.ts_ns += 7;
	proto_rig_feed(&rig, false, BYTES(answer));
	assert_int_equal(rig.told, 0);
	proto_rig_end(&rig);
	assert_string_equal(rig.text,
		"snmp duration=7 version=1 community=public get_requests=2 get_bulk_requests=1 "
		"get_responses=1 set_requests=1 display_string=box\\x00 "
		"up_since=1699999995000000007\n");
}

static void
version_3_has_no_community(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(secret));
	proto_rig_end(&rig);
	assert_string_equal(rig.text, "snmp duration=0 version=3 get_requests=1 "
				      "get_bulk_requests=0 get_responses=0 set_requests=0\n");
}

static void
what_nobody_said_is_not_told(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("\60\3\2\1\2"));
	proto_rig_feed(&rig, true, BYTES("x"));
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

static void
a_time_before_1970_is_none(void **state)
{
	(void)state;
	rig.ts_ns = UINT64_C(5000000000);
	proto_rig_feed(&rig, false, BYTES(answer));
	proto_rig_end(&rig);
	assert_null(strstr(rig.text, "up_since"));
}

static void
a_community_has_its_cap(void **state)
{
	uint8_t bytes[128] = { 0x30, 0x7e, 2, 1, 1, 4, 100 };

	(void)state;
	memset(bytes + 7, 'c', 100);
	proto_rig_feed(&rig, true, bytes, sizeof(bytes));
	proto_rig_end(&rig);
	assert_int_equal(strspn(strstr(rig.text, "community=") + 10, "c"), 63);
}

static void
lengths_have_their_forms(void **state)
{
	(void)state;
	proto_rig_feed(
		&rig, true, BYTES("\60\203\0\0\30" COMMUNITY "\240\13\2\1\1\2\1\0\2\1\0\60\0"));
	static uint8_t large[320] = "\60\202\1\74\2\1\0\4\202\1\50";
	static const uint8_t empty[4] = { 0xa0 };
	memcpy(large + 11 + 296, empty, sizeof(empty));
	proto_rig_feed(&rig, true, large, sizeof(large));
	proto_rig_feed(&rig, true, BYTES("\60\204\0\0\0\30" COMMUNITY "\240\0"));
	proto_rig_feed(&rig, true, BYTES("\60\200" COMMUNITY "\240\0"));
	proto_rig_end(&rig);
	assert_non_null(strstr(rig.text, "get_requests=2 "));
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct proto_piece pieces[] = { { false, BYTES(answer) }, { true, BYTES(secret) } };
	static struct proto_rig cut;

	(void)state;
	for (size_t at = 0; at <= sizeof(answer) + sizeof(secret) - 2; at++)
		(void)proto_rig_truncate(&cut, &protocol_snmp, pieces, 2, at);
	assert_int_equal(cut.told, 1);
}

static bool
is_ours(const char *bytes, size_t size)
{
	return proto_rig_guess(&rig, true, bytes, size) == PROTO_YES;
}

static void
it_is_recognised_by_what_it_begins_with(void **state)
{
	(void)state;
	assert_true(is_ours(BYTES(EMPTY("\240"))));
	assert_true(is_ours(BYTES(EMPTY("\250"))));
	assert_false(is_ours(BYTES(EMPTY("\251"))));
	assert_false(is_ours(BYTES(EMPTY("\237"))));
	assert_true(is_ours(BYTES(answer)));
	assert_true(is_ours(BYTES(secret)));
	assert_false(is_ours(secret, 12));
	assert_false(is_ours(BYTES("\61\30" COMMUNITY "\240")));
	assert_false(is_ours(BYTES("\60\30\2\1\2\4\6public\240")));
	assert_false(is_ours(BYTES("\60\30\2\1\1\5\6public\240")));
	assert_false(is_ours(BYTES("\60\30\2\6\0\0\0\0\0\1\4\0\240")));
	assert_false(is_ours(BYTES("\60\30\2\0\4\0\240")));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_conversation_is_one_row_at_its_end),
		CASE(version_3_has_no_community),
		CASE(what_nobody_said_is_not_told),
		CASE(a_time_before_1970_is_none),
		CASE(a_community_has_its_cap),
		CASE(lengths_have_their_forms),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(it_is_recognised_by_what_it_begins_with),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
