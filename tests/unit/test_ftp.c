#include "tests/support/talk_rig.h"

#include "daemon/proto/ftp_text.h"

extern const struct protocol protocol_ftp, protocol_ftp_data;

static void
a_session_is_told_command_by_command(void **state)
{
	static const struct proto_piece talk[] = {
		S("220-Welcome\r\n220 to our FTP\r\n"),
		C("USER bob\r\n"),
		S("331 password\r\n"),
		C("PASS secret\r\n"),
		S("230-hello\r\n 230 not the end\r\n230 in\r\n"),
		C("PWD\r\n"),
		S("257 \"/srv/b\"\"ob\" is it\r\n"),
		C("CWD sub\r\n"),
		S("250 ok\r\n"),
		C("PASV\r\n"),
		S("227 Entering Passive Mode (10,0,0,2,82,9).\r\n"),
		C("RETR file\r\n"),
		S("150 Opening (39 bytes).\r\n"),
		C("NOOP\r\n"),
		S("226 done\r\n200 noop\r\n"),
		C("PORT 10,0,0,1,4,1\r\n"),
		S("200 fine\r\n"),
		C("CDUP\r\n"),
		S("250 ok\r\n"),
		C("STOR /abs/file\r\n"),
		S("553 no\r\n"),
		C("QUIT\r\n"),
		S("221 bye\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"- proto=ftp success=yes user=bob method=USER known_by=reply\n"
		"ftp user=bob password=<hidden> command=PASV reply_code=227 "
		"reply_msg=Entering Passive Mode (10,0,0,2,82,9). data_channel.passive=yes "
		"data_channel.orig_h=10.0.0.1 data_channel.resp_h=10.0.0.2 data_channel.resp_p=21001\n"
		"ftp user=bob password=<hidden> command=RETR arg=ftp://10.0.0.2/srv/b\"ob/sub/file "
		"file_size=39 reply_code=226 reply_msg=done\n"
		"ftp user=bob password=<hidden> command=PORT arg=10,0,0,1,4,1 reply_code=200 reply_msg=fine "
		"data_channel.passive=no data_channel.orig_h=10.0.0.2 data_channel.resp_h=10.0.0.1 "
		"data_channel.resp_p=1025\n"
		"ftp user=bob password=<hidden> command=STOR arg=ftp://10.0.0.2/abs/file reply_code=553 "
		"reply_msg=no\n");
}

static void
extended_ends_may_leave_the_address_out(void **state)
{
	static const struct proto_piece talk[] = {
		S("220 FTP\r\n"),
		C("EPSV\r\n"),
		S("229 Extended (|||6446|)\r\n"),
		C("EPRT |2|2001:db8::1|5282|\r\n"),
		S("200 ok\r\n"),
		C("SIZE f\r\n"),
		S("213 12\r\n"),
		C("RETR f\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"ftp user=<unknown> command=EPSV reply_code=229 reply_msg=Extended (|||6446|) "
		"data_channel.passive=yes data_channel.orig_h=10.0.0.1 data_channel.resp_h=10.0.0.2 "
		"data_channel.resp_p=6446\n"
		"ftp user=<unknown> command=EPRT arg=|2|2001:db8::1|5282| reply_code=200 reply_msg=ok "
		"data_channel.passive=no data_channel.orig_h=10.0.0.2 data_channel.resp_h=2001:db8::1 "
		"data_channel.resp_p=5282\n"
		"ftp user=<unknown> command=RETR arg=ftp://10.0.0.2/./f file_size=12 reply_code=213 "
		"reply_msg=12\n");
}

/* Nothing more is expected, or that `opener` opens a connection to `end`. */
static void
assert_expects(unsigned count, struct addr opener, struct addr end, uint16_t port)
{
	const struct proto_expected *x = &talk_rig.expected;

	assert_int_equal(talk_rig.expectations, count);
	assert_ptr_equal(x->protocol, &protocol_ftp_data);
	assert_true(addr_equal(&x->opener, &opener));
	assert_true(addr_equal(&x->end, &end));
	assert_int_equal(x->port, port);
}

/* Who is told where to connect may do so before he says that he will. */
static void
data_connections_are_expected_as_soon_as_they_are_named(void **state)
{
	struct proto_rig *r = &talk_rig;
	const struct addr client = addr_v4(10, 0, 0, 1);
	const struct addr server = addr_v4(10, 0, 0, 2);

	(void)state;
	proto_rig_init(r, &protocol_ftp);
	talk_say(r, true, "PORT 10,0,0,9,1,2\r\n");
	assert_expects(1, server, addr_v4(10, 0, 0, 9), 258);
	talk_say(r, false, "200 ok\r\n");
	talk_say(r, true, "EPRT |1|10.0.0.1|4000|\r\n");
	assert_expects(2, server, client, 4000);
	talk_say(r, false, "200 ok\r\n");
	talk_say(r, true, "PASV\r\n");
	talk_say(r, false, "500 no (10,0,0,2,1,2)\r\n");
	assert_expects(2, server, client, 4000);
	talk_say(r, true, "PASV\r\n");
	talk_say(r, false, "227 (10,0,0,8,1,3)\r\n");
	assert_expects(3, client, addr_v4(10, 0, 0, 8), 259);
	talk_say(r, true, "EPSV\r\n");
	talk_say(r, false, "229 (|||5000|)\r\n");
	assert_expects(4, client, server, 5000);
	talk_say(r, true, "RETR PORT 1,2,3,4,5,6\r\n");
	talk_say(r, false, "226 (1,2,3,4,5,6)\r\n");
	assert_expects(4, client, server, 5000);
	proto_rig_done(r);
}

static void
a_guest_has_an_address_and_a_refusal_is_told(void **state)
{
	static const struct proto_piece talk[] = {
		S("220 FTP\r\n"),
		C("USER anonymous\r\nPASS me@home\r\n"),
		S("331 x\r\n"),
		C("DELE a\r\n"),
		S("550 x\r\n"),
		C("USER root\r\n"),
		S("530 never\r\n"),
		C("PASS toor\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"ftp user=anonymous password=me@home command=DELE arg=ftp://10.0.0.2/./a reply_code=550 "
		"reply_msg=x\n"
		"- proto=ftp success=no user=root method=USER known_by=reply\n"
		"- proto=ftp user=root method=USER\n");
}

static void
of_one_side_only_log_ins_have_no_outcome(void **state)
{
	static const struct proto_piece talk[] = { C(
		"USER bob\r\nPASS x\r\nUSER eve\r\nPASS y\r\nPWD\r\nPASS z\r\n") };

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"- proto=ftp user=bob method=USER\n"
		"- proto=ftp user=eve method=USER\n"
		"- proto=ftp user=eve method=USER\n");
}

static void
auth_ends_it_when_it_is_taken(void **state)
{
	static const struct proto_piece talk[] = {
		S("220 FTP\r\n"),
		C("AUTH TLS\r\n"),
		S("234 go\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_ftp, talk, "");
	(void)proto_rig_play(&talk_rig, &protocol_ftp, talk, 3, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_HANDOVER);
	proto_rig_init(&talk_rig, &protocol_ftp);
	talk_say(&talk_rig, true, "AUTH TLS\r\n");
	talk_say(&talk_rig, false, "504 no\r\n");
	assert_int_equal(talk_rig.verdict, PROTO_MORE);
	proto_rig_done(&talk_rig);
}

static void
who_logs_in_again_stays_where_he_is(void **state)
{
	static const struct proto_piece talk[] = {
		S("220 FTP\r\n"),
		C("CWD x\r\n"),
		S("250 ok\r\n"),
		C("USER bob\r\n"),
		S("230 in\r\n"),
		C("STOU\r\n"),
		S("226 ok\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"- proto=ftp success=yes user=bob method=USER known_by=reply\n"
		"ftp user=bob command=STOU arg=ftp://10.0.0.2/./x reply_code=226 reply_msg=ok\n");
}

/* The beginning was not seen, and who opened it was guessed wrongly. */
static void
the_server_is_who_speaks_in_numbers(void **state)
{
	static const struct proto_piece talk[] = { C("220 FTP\r\n"), S("PASV\r\n"),
		C("227 (10,0,0,1,1,1)\r\n") };

	(void)state;
	TALK_TELLS(&protocol_ftp, talk,
		"ftp user=<unknown> command=PASV reply_code=227 reply_msg=(10,0,0,1,1,1) "
		"data_channel.passive=yes data_channel.orig_h=10.0.0.2 data_channel.resp_h=10.0.0.1 "
		"data_channel.resp_p=257\n");
}

static void
a_torn_line_is_not_believed(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_ftp);
	talk_say(r, true, "PASV\r\n");
	proto_rig_gap(r, false, 10);
	talk_say(r, false, "227 (10,0,0,2,1,1)\r\n");
	assert_string_equal(r->text, "");
	talk_say(r, false, "500 no\r\n");
	assert_string_equal(
		r->text, "ftp user=<unknown> command=PASV reply_code=500 reply_msg=no\n");
	proto_rig_done(r);
}

/* A command whose argument is `size` times the same letter. */
static void
say_long(struct proto_rig *r, const char *command, size_t size)
{
	char text[2100];
	struct strbuf line;

	strbuf_init(&line, text, sizeof(text));
	strbuf_text(&line, command);
	for (size_t i = 0; i < size; i++)
		strbuf_char(&line, 'u');
	strbuf_text(&line, "\r\n");
	talk_say(r, true, line.text);
}

static void
the_caps_hold(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (size_t size = 126; size <= 128; size++) {
		proto_rig_init(r, &protocol_ftp);
		say_long(r, "USER ", size);
		talk_say(r, false, "530 x\r\n");
		const char *user = strstr(r->text, "user=");
		assert_int_equal(strspn(user + 5, "u"), size < 127 ? size : 127);
		proto_rig_done(r);
	}
	proto_rig_init(r, &protocol_ftp);
	say_long(r, "RETR ", 2000);
	talk_say(r, false, "550 x\r\n");
	assert_int_equal(strspn(strstr(r->text, "/./") + 3, "u"), 995);
	proto_rig_done(r);
}

static void
ends_are_six_numbers_or_none(void **state)
{
	struct ftp_end end = { 0 };

	(void)state;
	assert_true(ftp_end_read("=255,255,255,255,255,255", &end));
	assert_int_equal(end.port, 65535);
	assert_true(ftp_end_read("in 9 (1,2,3,4,0,21)", &end));
	assert_int_equal(end.port, 21);
	assert_false(ftp_end_read("1,2,3,4,5", &end));
	assert_false(ftp_end_read("256,2,3,4,5,6", &end));
	assert_false(ftp_end_read("1,2,3,4,5,", &end));
	assert_true(ftp_end_read_extended("(|||65535|)", &end));
	assert_int_equal(end.port, 65535);
	assert_false(ftp_end_read_extended("(|||65536|)", &end));
	assert_false(ftp_end_read_extended("(|||1)", &end));
	assert_false(ftp_end_read_extended("|1|nowhere|1|", &end));
	assert_false(ftp_end_read_extended("", &end));
}

static void
paths_go_down_and_up(void **state)
{
	char path[16] = "/";

	(void)state;
	ftp_path_step(path, sizeof(path), "a");
	ftp_path_step(path, sizeof(path), "b");
	assert_string_equal(path, "/a/b");
	ftp_path_step(path, sizeof(path), "..");
	assert_string_equal(path, "/a");
	ftp_path_step(path, sizeof(path), "..");
	ftp_path_step(path, sizeof(path), "..");
	assert_string_equal(path, "/");
	ftp_path_step(path, sizeof(path), "0123456789abcde");
	assert_string_equal(path, "/0123456789abcd");
	ftp_path_step(path, sizeof(path), "x");
	assert_string_equal(path, "/0123456789abcd");
	ftp_path_step(path, sizeof(path), "/y");
	assert_string_equal(path, "/y");
}

static void
it_is_recognised_by_words_on_any_port(void **state)
{
	const struct protocol *p = &protocol_ftp;

	(void)state;
	assert_int_equal(talk_guess(p, false, "220 (vsFTPd 3.0.3)\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "220 hello\r\n"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "220 ESMTP\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "USER bob\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "USER bob"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, true, "USER a b c :d\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "AUTH TLS\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "RETR x\r\n"), PROTO_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_told_command_by_command),
		cmocka_unit_test(extended_ends_may_leave_the_address_out),
		cmocka_unit_test(data_connections_are_expected_as_soon_as_they_are_named),
		cmocka_unit_test(a_guest_has_an_address_and_a_refusal_is_told),
		cmocka_unit_test(of_one_side_only_log_ins_have_no_outcome),
		cmocka_unit_test(auth_ends_it_when_it_is_taken),
		cmocka_unit_test(who_logs_in_again_stays_where_he_is),
		cmocka_unit_test(the_server_is_who_speaks_in_numbers),
		cmocka_unit_test(a_torn_line_is_not_believed),
		cmocka_unit_test(the_caps_hold),
		cmocka_unit_test(ends_are_six_numbers_or_none),
		cmocka_unit_test(paths_go_down_and_up),
		cmocka_unit_test(it_is_recognised_by_words_on_any_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
