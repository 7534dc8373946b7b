#include "daemon/proto/sip.h"
#include "tests/support/sip_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_sip;

#define BYTES(literal) (literal), sizeof(literal) - 1

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_sip);
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
each_response_is_told_with_its_request(void **state)
{
	static struct proto_rig call;

	(void)state;
	assert_string_equal(
		proto_rig_play(&call, &protocol_sip, sip_call, SIP_PIECES, SIZE_MAX), sip_told);
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	static struct proto_rig cut;
	size_t total = 0;

	(void)state;
	for (unsigned i = 0; i < SIP_PIECES; i++)
		total += sip_call[i].size;
	for (size_t at = 0; at <= total; at++)
		(void)proto_rig_truncate(&cut, &protocol_sip, sip_call, SIP_PIECES, at);
	assert_int_equal(cut.told, 2);
}

static void
what_nobody_answers_is_told_when_another_request_comes_and_at_the_end(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\nCSeq: 2 BYE\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\nCSeq: 2 BYE\n\n")); /* sent again */
	assert_int_equal(rig.told, 0);
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\nCSeq: 3 BYE\n\n"));
	assert_int_equal(rig.told, 1);
	proto_rig_end(&rig);
	assert_string_equal(rig.text, "sip trans_depth=0 method=BYE uri=sip:a seq=2 BYE\n"
				      "sip trans_depth=0 method=BYE uri=sip:a seq=3 BYE\n");
}

static void
an_acknowledgement_waits_for_nothing(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("ACK sip:a SIP/2.0\n\n"));
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

static void
a_response_without_its_request_is_told_too(void **state)
{
	(void)state;
	proto_rig_feed(&rig, false, BYTES("SIP/2.0 999 x\nCSeq: 3 BYE\nCall-ID: 8\n\n"));
	assert_string_equal(
		rig.text, "sip trans_depth=0 call_id=8 seq=3 BYE status_code=999 status_msg=x\n");
}

static void
lengths_that_are_no_numbers_are_not_known(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/2.0\nl: 999999999\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:b SIP/2.0\nCSeq: 1\nl: 1000000000\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:c SIP/2.0\nCSeq: 2\nl: -1\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:d SIP/2.0\nCSeq: 3\nl:\n\n"));
	proto_rig_end(&rig);
	assert_string_equal(rig.text,
		"sip trans_depth=0 method=BYE uri=sip:a request_body_len=999999999\n"
		"sip trans_depth=0 method=BYE uri=sip:b seq=1\n"
		"sip trans_depth=0 method=BYE uri=sip:c seq=2\n"
		"sip trans_depth=0 method=BYE uri=sip:d seq=3\n");
}

static void
texts_and_paths_have_their_caps(void **state)
{
	char bytes[512] = "BYE sip:a SIP/2.0\nv:1\nv:2\nv:3\nv:4\ns: ";
	size_t size = strlen(bytes);

	(void)state;
	memset(bytes + size, 'x', 128);
	proto_rig_feed(&rig, true, bytes, size + 128);
	proto_rig_end(&rig);
	assert_int_equal(strspn(strstr(rig.text, "subject=") + 8, "x"), 127);
	assert_non_null(strstr(rig.text, "request_path=[1|2|3]"));
}

static void
a_header_without_a_value_says_nothing(void **state)
{
	struct sip_message m = { 0 };
	char *none = malloc(1);

	(void)state;
	assert_non_null(none);
	sip_header(&m, cursor_over(none, 0));
	free(none);
	sip_header(&m, cursor_over(BYTES("Subject")));
	sip_header(&m, cursor_over(BYTES("From:a;tag=")));
	assert_string_equal(m.text[SIP_SUBJECT], "");
	assert_string_equal(m.text[SIP_FROM], "a");
}

static void
what_is_no_first_line_says_nothing(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("\r\n\r\n"));
	proto_rig_feed(&rig, true, BYTES("SIP/2.0 99 x\n\n"));
	proto_rig_feed(&rig, true, BYTES("SIP/2.0 1000 x\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:a SIP/3.0\n\n"));
	proto_rig_feed(&rig, true, BYTES("BYE sip:a\n\n"));
	proto_rig_feed(&rig, true, BYTES("x"));
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

static void
it_is_recognised_as_soon_as_it_can_be(void **state)
{
	static const char *const ours[] = { "SIP/2.0 ",
		"INVITE sip:", "A sips:", "OPTIONS tel:", "ABCDEFGHIJKLMNOP urn:" };
	static const char *const others[] = { "SIP/2.1 ", "GET /",
		"invite sip:", "INVITE  sip:", "INVITE http:", " sip:", "\r\n",
		"ABCDEFGHIJKLMNOPQ sip:" };

	(void)state;
	for (unsigned i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		size_t size = strlen(ours[i]);
		for (size_t at = 0; at <= size; at++)
			assert_int_equal(sip_looks_like(cursor_over(ours[i], at)),
				at < size ? PROTO_PERHAPS : PROTO_YES);
		assert_int_equal(proto_rig_guess(&rig, true, ours[i], size), PROTO_YES);
		assert_int_equal(proto_rig_guess(&rig, true, ours[i], size - 1), PROTO_NO);
	}
	assert_int_equal(sip_looks_like(cursor_over("SIP/2.0 200 OK", 14)), PROTO_YES);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(
			sip_looks_like(cursor_over(others[i], strlen(others[i]))), PROTO_NO);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(each_response_is_told_with_its_request),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(what_nobody_answers_is_told_when_another_request_comes_and_at_the_end),
		CASE(an_acknowledgement_waits_for_nothing),
		CASE(a_response_without_its_request_is_told_too),
		CASE(lengths_that_are_no_numbers_are_not_known),
		CASE(texts_and_paths_have_their_caps),
		CASE(a_header_without_a_value_says_nothing),
		CASE(what_is_no_first_line_says_nothing),
		CASE(it_is_recognised_as_soon_as_it_can_be),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
