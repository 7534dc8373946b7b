#include "tests/support/sip_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct protocol protocol_sip_tcp;

#define BYTES(literal) (literal), sizeof(literal) - 1

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_sip_tcp);
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
a_call_is_the_same_however_it_is_cut(void **state)
{
	static const size_t parts[] = { 1, 2, 3, 7, SIZE_MAX };
	static struct proto_rig call;

	(void)state;
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_string_equal(
			proto_rig_play(&call, &protocol_sip_tcp, sip_call, SIP_PIECES, parts[i]),
			sip_told);
	for (size_t part = 8; part < sizeof(sip_invite); part++)
		assert_string_equal(
			proto_rig_play(&call, &protocol_sip_tcp, sip_call, SIP_PIECES, part),
			sip_told);
}

static void
a_stream_that_ends_anywhere_is_read_within_its_bytes(void **state)
{
	static struct proto_rig cut;
	size_t total = 0;

	(void)state;
	for (unsigned i = 0; i < SIP_PIECES; i++)
		total += sip_call[i].size;
	for (size_t at = 0; at <= total; at++)
		(void)proto_rig_truncate(&cut, &protocol_sip_tcp, sip_call, SIP_PIECES, at);
	assert_int_equal(cut.told, 2);
}

static void
messages_follow_each_other_and_line_ends_lie_between(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true,
		BYTES("\r\n\r\nBYE sip:a SIP/2.0\r\nl: 5\r\n\r\n\nBYE\nBYE sip:b SIP/2.0\nCSeq: 1\n\n"));
	assert_string_equal(
		rig.text, "sip trans_depth=0 method=BYE uri=sip:a request_body_len=5\n");
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 2);
}

static void
what_is_no_message_ends_it_and_tells_what_waits(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\n\nGET / HTTP/1.1\n"));
	assert_int_equal(rig.verdict, PROTO_DONE);
	assert_int_equal(rig.told, 1);
}

static void
a_gap_in_a_body_does_not_matter_and_in_headers_ends_it(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\nl: 5\n\nx"));
	proto_rig_gap(&rig, true, 4);
	assert_false(rig.is_over);
	proto_rig_feed(&rig, true, BYTES("BYE sip:b SIP/2.0\nCSeq: 1\nl: 5\n\nx"));
	assert_int_equal(rig.told, 1);
	proto_rig_gap(&rig, true, 5);
	assert_true(rig.is_over);
	assert_int_equal(rig.told, 2);
}

static void
a_line_is_read_up_to_its_cap(void **state)
{
	char name[511];
	char bytes[1100];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	int size = snprintf(
		bytes, sizeof(bytes), "BYE sip:a SIP/2.0\n%s:1\nCSeq: 1\ns:%400sy\n", name, "");
	proto_rig_feed(&rig, true, bytes, (size_t)size);
	/* Two bytes of a name, a colon and 509 of value: the last one that is read, and one past it. */
	size = snprintf(bytes, sizeof(bytes), "To:%509s\nDate:%508s\n\n", "yz", "yz");
	proto_rig_feed(&rig, true, bytes, (size_t)size);
	proto_rig_end(&rig);
	assert_string_equal(rig.text, "sip trans_depth=0 method=BYE uri=sip:a date=y "
				      "request_to=yz seq=1 subject=y\n");
}

static void
each_side_has_its_own_line(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SI"));
	proto_rig_feed(&rig, false, BYTES("SIP/2.0 2"));
	proto_rig_feed(&rig, true, BYTES("P/2.0\nl: 0\n\n"));
	proto_rig_feed(&rig, false, BYTES("00 OK\n\n"));
	assert_string_equal(rig.text,
		"sip trans_depth=0 method=BYE uri=sip:a status_code=200 status_msg=OK "
		"request_body_len=0\n");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_call_is_the_same_however_it_is_cut),
		CASE(a_stream_that_ends_anywhere_is_read_within_its_bytes),
		CASE(messages_follow_each_other_and_line_ends_lie_between),
		CASE(what_is_no_message_ends_it_and_tells_what_waits),
		CASE(a_gap_in_a_body_does_not_matter_and_in_headers_ends_it),
		CASE(a_line_is_read_up_to_its_cap),
		CASE(each_side_has_its_own_line),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
