#include "tests/support/talk_rig.h"

extern const struct protocol protocol_irc;

static void
names_channels_and_files_are_told(void **state)
{
	static const struct proto_piece talk[] = {
		S(":irc.example NOTICE AUTH :*** Looking up\r\n"),
		C("NICK bot\r\nUSER b 0 * :Real Name\r\n"),
		S(":irc.example 001 bot :Welcome\r\n"),
		C("   JOIN #one,#two key\r\nPRIVMSG #one :hello\r\nnick bot2\r\n"),
		S(":eve!e@x PRIVMSG bot2 :\x01"
		  "DCC SEND \"a b.exe\" 3232235777 5000 42208\x01\r\n"),
		C("PRIVMSG eve :\x01"
		  "DCC SEND c.zip 1 2\x01\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_irc, talk,
		"irc command=NICK value=bot\n"
		"irc nick=bot command=USER value=b addl=0 * Real Name\n"
		"irc nick=bot user=b command=JOIN value=#one\n"
		"irc nick=bot user=b command=JOIN value=#two\n"
		"irc nick=bot user=b command=NICK value=bot2\n"
		"irc nick=bot2 user=b command=DCC value=bot2 dcc_file_name=a b.exe dcc_file_size=42208\n"
		"irc nick=bot2 user=b command=DCC value=eve dcc_file_name=c.zip\n");
}

static void
of_one_join_so_many_channels_are_told(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (unsigned count = 15; count <= 17; count++) {
		proto_rig_init(r, &protocol_irc);
		talk_say(r, true, "JOIN #");
		for (unsigned i = 1; i < count; i++)
			talk_say(r, true, ",#");
		talk_say(r, true, "\r\n");
		assert_int_equal(r->told, count < 16 ? count : 16);
		proto_rig_done(r);
	}
}

static void
a_torn_line_is_passed_over(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_irc);
	talk_say(r, true, "NICK b");
	proto_rig_gap(r, true, 3);
	talk_say(r, true, "ot\r\nNICK c\r\n");
	assert_string_equal(r->text, "irc command=NICK value=c\n");
	proto_rig_done(r);
}

static void
it_is_recognised_only_by_what_nobody_else_says(void **state)
{
	const struct protocol *p = &protocol_irc;

	(void)state;
	assert_int_equal(talk_guess(p, true, "NICK bot\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "NICK bot is a name\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "USER a b c :d e\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "USER bob\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "PASS x\r\n"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, true, "PASS x\r\nNICK a\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "CAP LS 302\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, ":irc.example 020 * :wait\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, ":a"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "NOTICE AUTH :x\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, ":100644 100644 abc M file\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "GET / HTTP/1.1\r\n"), PROTO_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_channels_and_files_are_told),
		cmocka_unit_test(of_one_join_so_many_channels_are_told),
		cmocka_unit_test(a_torn_line_is_passed_over),
		cmocka_unit_test(it_is_recognised_only_by_what_nobody_else_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
