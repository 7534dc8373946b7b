#include "tests/support/talk_rig.h"

extern const struct protocol protocol_imap;

static void
a_refusal_and_a_log_in_are_told(void **state)
{
	static const struct proto_piece talk[] = {
		S("* OK IMAP4 ready\r\n"),
		C("a1 CAPABILITY\r\n"),
		S("* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"),
		C("a2 LOGIN bob wrong\r\n"),
		S("a2 NO failed\r\n"),
		C("a3 login \"b\\\"ob\" \"se cret\"\r\n"),
		S("* OK not this one\r\na33 OK nor this\r\na3 OK in\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_imap, talk,
		"- proto=imap success=no user=bob method=LOGIN known_by=reply\n"
		"- proto=imap success=yes user=b\"ob method=LOGIN known_by=reply\n");
	(void)proto_rig_play(&talk_rig, &protocol_imap, talk, 7, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_DONE);
}

static void
literals_and_mechanisms_tell_their_user(void **state)
{
	static const struct proto_piece talk[] = {
		S("* OK ready\r\n"),
		C("a1 LOGIN {3}\r\n"),
		S("+ go\r\n"),
		C("bob {6+}\r\nsecret\r\n"),
		S("a1 BAD no\r\n"),
		C("a2 LOGIN eve {6}\r\n"),
		S("+ go\r\n"),
		C("secret\r\n"),
		S("a2 NO no\r\n"),
		C("a3 AUTHENTICATE PLAIN\r\n"),
		S("+ \r\n"),
		C("AGJvYgBzZWNyZXQ=\r\n"),
		S("a3 NO no\r\n"),
		C("a5 LOGIN {10+}\r\nbob@x.test {6}\r\n"),
		S("+ go\r\n"),
		C("secret\r\n"),
		S("a5 NO no\r\n"),
		C("a6 AUTHENTICATE PLAIN\r\na7 LOGIN bob x\r\n"),
		S("a7 NO no\r\n"),
		C("a4 AUTHENTICATE XOAUTH2 dXNlcj1ib2IBYXV0aD1CZWFyZXIgeAEB\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_imap, talk,
		"- proto=imap success=no user=bob method=LOGIN known_by=reply\n"
		"- proto=imap success=no user=eve method=LOGIN known_by=reply\n"
		"- proto=imap success=no user=bob method=PLAIN known_by=reply\n"
		"- proto=imap success=no user=bob@x.test method=LOGIN known_by=reply\n"
		"- proto=imap method=PLAIN\n"
		"- proto=imap success=no user=bob method=LOGIN known_by=reply\n"
		"- proto=imap user=bob method=XOAUTH2\n");
}

static void
starttls_and_preauth_end_it(void **state)
{
	static const struct proto_piece tls[] = { S("* OK x\r\n"), C("1 STARTTLS\r\n"),
		S("1 OK go\r\n") };
	static const struct proto_piece in[] = { S("* PREAUTH x\r\n") };

	(void)state;
	TALK_TELLS(&protocol_imap, tls, "");
	(void)proto_rig_play(&talk_rig, &protocol_imap, tls, 3, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_HANDOVER);
	(void)proto_rig_play(&talk_rig, &protocol_imap, in, 1, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_DONE);
}

static void
a_tag_is_followed_up_to_its_cap(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (size_t size = 30; size <= 32; size++) {
		static const char ones[] = "11111111111111111111111111111111";
		const char *tag = ones + sizeof(ones) - 1 - size;
		proto_rig_init(r, &protocol_imap);
		talk_say(r, true, tag);
		talk_say(r, true, " LOGIN bob x\r\n");
		talk_say(r, false, tag);
		talk_say(r, false, " OK\r\n");
		assert_int_equal(r->told, size < 32);
		proto_rig_done(r);
	}
}

static void
a_users_name_is_cut_at_its_cap(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (size_t size = 126; size <= 128; size++) {
		proto_rig_init(r, &protocol_imap);
		talk_say(r, true, "a LOGIN ");
		for (size_t i = 0; i < size; i++)
			talk_say(r, true, "u");
		talk_say(r, true, " x\r\n");
		talk_say(r, false, "a NO\r\n");
		assert_int_equal(
			strspn(strstr(r->text, "user=") + 5, "u"), size < 127 ? size : 127);
		proto_rig_done(r);
	}
}

static void
it_is_recognised_by_its_greeting_or_a_tag(void **state)
{
	const struct protocol *p = &protocol_imap;

	(void)state;
	assert_int_equal(talk_guess(p, false, "* OK ready\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "* O"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "* x"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "a001 CAPABILITY\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "a001 CAP"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, true, "GET / HTTP/1.1\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "login ID x"), PROTO_NO);
}

static void
of_one_side_only_log_ins_have_no_outcome(void **state)
{
	static const struct proto_piece talk[] = { C(
		"a1 LOGIN bob x\r\na2 NOOP\r\na3 LOGIN eve y\r\na4 STARTTLS\r\n") };

	(void)state;
	TALK_TELLS(&protocol_imap, talk,
		"- proto=imap user=bob method=LOGIN\n"
		"- proto=imap user=eve method=LOGIN\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_one_side_only_log_ins_have_no_outcome),
		cmocka_unit_test(a_refusal_and_a_log_in_are_told),
		cmocka_unit_test(literals_and_mechanisms_tell_their_user),
		cmocka_unit_test(starttls_and_preauth_end_it),
		cmocka_unit_test(a_tag_is_followed_up_to_its_cap),
		cmocka_unit_test(a_users_name_is_cut_at_its_cap),
		cmocka_unit_test(it_is_recognised_by_its_greeting_or_a_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
