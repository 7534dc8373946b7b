#include "tests/support/talk_rig.h"

extern const struct protocol protocol_pop3;

static void
a_refusal_and_a_log_in_are_told(void **state)
{
	static const struct proto_piece talk[] = {
		S("+OK POP server ready\r\n"),
		C("CAPA\r\n"),
		S("+OK list\r\nSASL PLAIN\r\n.\r\n"),
		C("USER bob\r\n"),
		S("+OK\r\n"),
		C("PASS wrong\r\n"),
		S("-ERR no\r\n"),
		C("USER bob\r\nPASS secret\r\n"), /* ahead of the replies */
		S("+OK\r\n+OK in\r\n"),
		C("STAT\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_pop3, talk,
		"- proto=pop3 success=no user=bob method=USER known_by=reply\n"
		"- proto=pop3 success=yes user=bob method=USER known_by=reply\n");
	(void)proto_rig_play(&talk_rig, &protocol_pop3, talk, 9, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_DONE);
}

static void
other_methods_tell_their_user(void **state)
{
	static const struct proto_piece talk[] = {
		S("+OK ready <1@x>\r\n"),
		C("APOP alice c4c9334bac560ecc979e58001b3e22fb\r\n"),
		S("-ERR no\r\n"),
		C("AUTH\r\n"),
		S("+OK\r\nPLAIN\r\n.\r\n"),
		C("AUTH PLAIN\r\n"),
		S("+ \r\n"),
		C("AGJvYgBzZWNyZXQ=\r\n"),
		S("-ERR authentication failed\r\n"),
		C("USER eve\r\n"),
		S("-ERR unknown\r\n"),
		C("PASS x\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_pop3, talk,
		"- proto=pop3 success=no user=alice method=APOP known_by=reply\n"
		"- proto=pop3 success=no user=bob method=PLAIN known_by=reply\n"
		"- proto=pop3 success=no user=eve method=USER known_by=reply\n"
		"- proto=pop3 user=eve method=USER\n");
}

static void
stls_ends_it(void **state)
{
	static const struct proto_piece talk[] = { S("+OK x\r\n"), C("STLS\r\n"), S("+OK go\r\n") };

	(void)state;
	TALK_TELLS(&protocol_pop3, talk, "");
	(void)proto_rig_play(&talk_rig, &protocol_pop3, talk, 3, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_HANDOVER);
}

static void
a_status_behind_a_gap_lets_nobody_in(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_pop3);
	talk_say(r, false, "+OK x\r\n");
	talk_say(r, true, "PASS b\r\n");
	proto_rig_gap(r, false, 7);
	talk_say(r, false, "+OK torn\r\n+OK later\r\n");
	proto_rig_end(r);
	assert_string_equal(r->text, "- proto=pop3 method=USER\n");
	proto_rig_done(r);
}

static void
a_name_with_a_gap_is_not_told(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_pop3);
	talk_say(r, false, "+OK x\r\n");
	talk_say(r, true, "USER ro");
	proto_rig_gap(r, true, 7);
	talk_say(r, true, "ot\r\n");
	talk_say(r, false, "-ERR no\r\n");
	assert_string_equal(r->text, "");
	proto_rig_done(r);
}

static void
at_its_port_it_is_recognised_by_less(void **state)
{
	const struct proto_call from_server = { .src_port = 110 };
	const struct proto_call from_client = { .from_orig = true, .dst_port = 110 };

	(void)state;
	assert_int_equal(
		protocol_pop3.looks_like(&from_server, cursor_over("+OK\r\n", 5)), PROTO_YES);
	assert_int_equal(
		protocol_pop3.looks_like(&from_client, cursor_over("USER bob\r\n", 10)), PROTO_YES);
	assert_int_equal(
		protocol_pop3.looks_like(&from_client, cursor_over("+OK\r\n", 5)), PROTO_NO);
}

static void
it_is_recognised_by_its_greeting(void **state)
{
	const struct protocol *p = &protocol_pop3;

	(void)state;
	assert_int_equal(talk_guess(p, false, "+OK ready\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "+OK"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "+OK\r\n"), PROTO_NO); /* Redis says so as well */
	assert_int_equal(talk_guess(p, true, "CAPA\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "USER bob\r\n"), PROTO_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_and_a_log_in_are_told),
		cmocka_unit_test(other_methods_tell_their_user),
		cmocka_unit_test(stls_ends_it),
		cmocka_unit_test(a_status_behind_a_gap_lets_nobody_in),
		cmocka_unit_test(a_name_with_a_gap_is_not_told),
		cmocka_unit_test(at_its_port_it_is_recognised_by_less),
		cmocka_unit_test(it_is_recognised_by_its_greeting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
