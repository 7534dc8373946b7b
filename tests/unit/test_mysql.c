#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/transactions/mysql.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_mysql;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define GREETING               \
	"\x27\x00\x00\x00\x0a" \
	"5.5.35-log\x00\x98\x00\x00\x00]E!r<uX8\x00\xff\xf7\x08\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
#define LOGIN_WITH(capabilities)                                                                                           \
	"\x25\x00\x00\x01" capabilities                                                                                    \
	"\x00\x00\x00\x01\x21\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" \
	"root\x00"
#define LOGIN      LOGIN_WITH("\x85\xa6\x0f\x00")
#define OK(number) "\x07\x00\x00" number "\x00\x00\x00\x02\x00\x00\x00"
#define DENIED     "\x10\x00\x00\x02\xff\x15\x04#28000denied."

/* A log-in, and three queries of which the second has attributes. */
static const struct proto_piece golden[] = {
	{ false, BYTES("P\x00\x00\x00\x0a"
		       "8.0.29-debug\x00;\x00\x00\x00IZ\x08"
		       "6Deh\x13\x00\xff\xff\xff"
		       "\x02\x00\xff\xdf\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
		       "0(K\x09q\x05u)@+E|"
		       "\x00"
		       "caching_sha2_password\x00") },
	{ true, BYTES("\xce\x00\x00\x01\x85\xa6\xff\x19\x00\x00\x00\x01\xff\x00\x00\x00\x00\x00\x00\x00\x00"
		      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00ykg\x00 ;b\xf3G\x03\x90"
		      "\xca\x04\xe0\x16\x8f\xe9oU\x84)\xa3\x8b\x1c\x93\x1cR\xf7\xad\x0a\xde\xb4\x3f\x80\xba"
		      "-\xf2"
		      "caching_sha2_password\x00r\x04_pid\x05"
		      "98225\x09_platform\x06x86_64\x03_os"
		      "\x05Linux\x0c_client_name\x08libmysql\x07os_user\x03ykg\x0f_client_version\x06"
		      "8.0"
		      ".29\x0cprogram_name\x05mysql") },
	{ false, BYTES("\x02\x00\x00\x02\x01\x03\x07\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00") },
	{ true, BYTES("#\x00\x00\x00\x03\x00\x01select @@version_comment limit 1") },
	{ false,
		BYTES("\x01\x00\x00\x01\x01'\x00\x00\x02\x03"
		      "def\x00\x00\x00\x11@@version_comment\x00\x0c"
		      "\xff\x00TU\x01\x00\xfd\x00\x00\x1f\x00\x00\x14\x00\x00\x03\x13Source distribution"
		      "\x07\x00\x00\x04\xfe\x00\x00\x02\x00\x00\x00") },
	{ true, BYTES("!\x00\x00\x00\x03\x02\x01\x00\x01\xfe\x00\x02n1\xfe\x00\x02n2\x02v1\x02v2select now("
		      ")") },
	{ false, BYTES("\x01\x00\x00\x01\x01\x1b\x00\x00\x02\x03"
		       "def\x00\x00\x00\x05now()\x00\x0c\x3f\x00"
		       "\x13\x00\x00\x00\x0c\x81\x00\x00\x00\x00\x14\x00\x00\x03\x13"
		       "2022-07-13 10:45:41"
		       "\x07\x00\x00\x04\xfe\x00\x00\x02\x00\x00\x00") },
	{ true, BYTES("\x0f\x00\x00\x00\x03\x00\x01select now()") },
	{ false, BYTES("\x01\x00\x00\x01\x01\x1b\x00\x00\x02\x03"
		       "def\x00\x00\x00\x05now()\x00\x0c\x3f\x00"
		       "\x13\x00\x00\x00\x0c\x81\x00\x00\x00\x00\x14\x00\x00\x03\x13"
		       "2022-07-13 10:45:43"
		       "\x07\x00\x00\x04\xfe\x00\x00\x02\x00\x00\x00") },
};

static void
a_conversation_is_told_command_by_command(void **state)
{
	(void)state;
	proto_cuts(&protocol_mysql, golden, COUNT(golden),
		"mysql cmd=login arg=ykg success=yes rows=0\n"
		"- proto=mysql success=yes user=ykg known_by=reply\n"
		"mysql cmd=query arg=select @@version_comment limit 1 success=yes rows=0\n"
		"mysql cmd=query arg=select now() success=yes rows=0\n"
		"mysql cmd=query arg=select now() success=yes rows=0\n");
}

static void
a_refused_log_in_has_what_the_server_says(void **state)
{
	static const struct proto_piece pieces[] = {
		{ false, BYTES(GREETING) },
		{ true, BYTES(LOGIN) },
		{ false, BYTES("\x0f\x00\x00\x02\xff\x15\x04#28000denied") },
	};

	(void)state;
	proto_cuts(&protocol_mysql, pieces, COUNT(pieces),
		"mysql cmd=login arg=root success=no response=denied\n"
		"- proto=mysql success=no user=root known_by=reply\n");
}

/* Logged in, then the pieces; what is told of them. */
static const char *
told(struct proto_rig *r, const struct proto_piece *pieces, size_t count)
{
	static const struct proto_piece before[] = {
		{ false, BYTES(GREETING) },
		{ true, BYTES(LOGIN) },
		{ false, BYTES(OK("\x02")) },
	};
	struct proto_piece all[COUNT(before) + 8];

	memcpy(all, before, sizeof(before));
	memcpy(all + COUNT(before), pieces, count * sizeof(*pieces));
	const char *text = proto_rig_play(r, &protocol_mysql, all, COUNT(before) + count, SIZE_MAX);
	text = strchr(text, '\n') + 1;
	return strchr(text, '\n') + 1;
}

static void
commands_have_their_own_text_and_outcome(void **state)
{
	static const struct {
		const char *command;
		size_t command_size;
		const char *answer;
		size_t answer_size;
		const char *expected;
	} cases[] = {
		{ BYTES("\x01\x00\x00\x00\x01"), BYTES(""), "mysql cmd=quit arg=\n" },
		{ BYTES("\x01\x00\x00\x00\x0e"), BYTES(OK("\x01")),
			"mysql cmd=ping arg= success=yes rows=0\n" },
		{ BYTES("\x03\x00\x00\x00\x02"
			"db"),
			BYTES(OK("\x01")), "mysql cmd=init_db arg=db success=yes rows=0\n" },
		{ BYTES("\x04\x00\x00\x00\x03xyz"),
			BYTES("\x09\x00\x00\x01\x00\xfc\x34\x12\x00\x02\x00\x00\x00"),
			"mysql cmd=query arg=xyz success=yes rows=4660\n" },
		{ BYTES("\x04\x00\x00\x00\x03xyz"), BYTES("\x05\x00\x00\x01\xff\x28\x04no"),
			"mysql cmd=query arg=xyz success=no response=no\n" },
		{ BYTES("\x04\x00\x00\x00\x03xyz"), BYTES(""), "mysql cmd=query arg=xyz\n" },
		{ BYTES("\x05\x00\x00\x00\x19\x01\x00\x00\x00"), BYTES(""),
			"mysql cmd=stmt_close arg=\n" },
		{ BYTES("\x04\x00\x00\x00\x03x\x00z"), BYTES(""), "mysql cmd=query arg=x\\x00z\n" },
		{ BYTES("\x01\x00\x00\x00\x1f"), BYTES(""), "mysql cmd=reset_connection arg=\n" },
		{ BYTES("\x01\x00\x00\x00\x20"), BYTES(""), "" },
		{ BYTES("\x00\x00\x00\x00"), BYTES(""), "" },
	};
	static struct proto_rig r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct proto_piece pieces[] = {
			{ true, cases[i].command, cases[i].command_size },
			{ false, cases[i].answer, cases[i].answer_size },
		};
		assert_string_equal(told(&r, pieces, 2), cases[i].expected);
	}
}

static void
another_user_may_take_over_after_a_dialogue(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x06\x00\x00\x00\x11root\x00") },
		{ false, BYTES("\x04\x00\x00\x01\xfexyz") },
		{ true, BYTES("\x04\x00\x00\x02"
			      "1234") },
		{ false, BYTES("\x02\x00\x00\x03\x01\x03") },
		{ false, BYTES(DENIED) },
	};
	static struct proto_rig r;

	(void)state;
	assert_string_equal(told(&r, pieces, COUNT(pieces)),
		"mysql cmd=change_user arg=root success=no response=denied.\n");
}

static void
a_file_that_is_sent_is_not_read(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\x00\x00\x00\x03load") },
		{ false, BYTES("\x05\x00\x00\x01\xfb/etc") },
		{ true, BYTES("\x04\x00\x00\x02\x03xyz") },
		{ true, BYTES("\x00\x00\x00\x03") },
		{ false, BYTES(OK("\x04")) },
	};
	static struct proto_rig r;

	(void)state;
	assert_string_equal(
		told(&r, pieces, COUNT(pieces)), "mysql cmd=query arg=load success=yes rows=0\n");
}

static void
a_query_is_cut_at_its_cap(void **state)
{
	static struct proto_rig r;
	char command[MYSQL_ARG_MAX + 16] = { 0 };

	(void)state;
	memset(command + 5, 'q', sizeof(command) - 5);
	command[4] = 3;
	for (size_t letters = MYSQL_ARG_MAX - 2; letters <= MYSQL_ARG_MAX; letters++) {
		const struct proto_piece piece = { true, command, letters + 5 };
		size_t kept = letters < MYSQL_ARG_MAX ? letters : MYSQL_ARG_MAX - 1;
		command[0] = (char)((letters + 1) & 0xff);
		command[1] = (char)((letters + 1) >> 8);
		assert_int_equal(
			strlen(told(&r, &piece, 1)), strlen("mysql cmd=query arg=\n") + kept);
	}
}

static void
tls_and_compression_end_it(void **state)
{
	static const struct proto_piece tls[] = {
		{ false, BYTES(GREETING) },
		{ true, BYTES("\x20\x00\x00\x01\x85\xae\x0f\x00\x00\x00\x00\x01\x21\x00\x00\x00\x00\x00\x00"
			      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
	};
	static const struct proto_piece compressed[] = {
		{ false, BYTES(GREETING) },
		{ true, BYTES(LOGIN_WITH("\xa5\xa6\x0f\x00")) },
		{ false, BYTES(OK("\x02")) },
	};
	static struct proto_rig r;

	(void)state;
	assert_string_equal(proto_rig_play(&r, &protocol_mysql, tls, COUNT(tls), SIZE_MAX), "");
	assert_int_equal(r.verdict, PROTO_DONE);
	(void)proto_rig_play(&r, &protocol_mysql, compressed, COUNT(compressed), SIZE_MAX);
	assert_int_equal(r.verdict, PROTO_DONE);
	assert_int_equal(r.told, 2);
}

static void
an_old_client_logs_in_as_well(void **state)
{
	static const struct proto_piece pieces[] = {
		{ false, BYTES(GREETING) },
		{ true, BYTES("\x0a\x00\x00\x01\x05\x00\x00\x00\x01root\x00") },
	};
	static struct proto_rig r;

	(void)state;
	assert_string_equal(proto_rig_play(&r, &protocol_mysql, pieces, COUNT(pieces), SIZE_MAX),
		"mysql cmd=login arg=root\n- proto=mysql user=root\n");
}

static void
a_gap_over_a_beginning_ends_it(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_mysql);
	proto_rig_feed(&r, false, BYTES(GREETING));
	proto_rig_feed(&r, true, BYTES(LOGIN));
	proto_rig_gap(&r, false, 4);
	assert_true(r.is_over);
	assert_string_equal(r.text, "mysql cmd=login arg=root\n- proto=mysql user=root\n");
	proto_rig_done(&r);
}

static void
a_gap_within_an_answer_is_borne(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_mysql);
	proto_rig_feed(&r, false, BYTES(GREETING));
	proto_rig_feed(&r, true, BYTES(LOGIN));
	proto_rig_feed(&r, false, BYTES("\x09\x00\x00\x02\x01"));
	proto_rig_gap(&r, false, 8);
	assert_false(r.is_over);
	proto_rig_feed(&r, false, BYTES(OK("\x03")));
	assert_int_equal(r.told, 2);
	proto_rig_done(&r);
}

static void
the_greeting_is_recognised(void **state)
{
	static const struct proto_piece greeting = { false, BYTES(GREETING) };
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_mysql, &greeting, 29);
	proto_cuts_strangers(&protocol_mysql);
	proto_rig_init(&r, &protocol_mysql);
	assert_int_equal(proto_rig_guess(&r, false,
				 BYTES("\x1f\x00\x00\x00\xff\x6a\x04Host 'a' is not allowed.....")),
		PROTO_YES);
	assert_int_equal(
		proto_rig_guess(&r, false,
			BYTES("\x1f\x00\x00\x00\xff\x6a\x04Host 'a' is not allowed..\x01..")),
		PROTO_NO);
	assert_int_equal(
		proto_rig_guess(&r, false,
			BYTES("\x29\x00\x00\x00\x0ax.5.35-log\x00\x98\x00\x00\x00]E!r<uX8\x00")),
		PROTO_NO);
	assert_int_equal(proto_rig_guess(&r, false,
				 BYTES("\x27\x00\x00\x00\x0a"
				       "5.5.35-log\x00\x98\x00\x00\x00]E!r<uX8\x01")),
		PROTO_NO);
	assert_int_equal(proto_rig_guess(&r, false,
				 BYTES("\x29\x00\x00\x01\x0a"
				       "5.5.35-log\x00\x98\x00\x00\x00]E!r<uX8\x00")),
		PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_is_told_command_by_command),
		cmocka_unit_test(a_refused_log_in_has_what_the_server_says),
		cmocka_unit_test(commands_have_their_own_text_and_outcome),
		cmocka_unit_test(another_user_may_take_over_after_a_dialogue),
		cmocka_unit_test(a_file_that_is_sent_is_not_read),
		cmocka_unit_test(a_query_is_cut_at_its_cap),
		cmocka_unit_test(tls_and_compression_end_it),
		cmocka_unit_test(an_old_client_logs_in_as_well),
		cmocka_unit_test(a_gap_over_a_beginning_ends_it),
		cmocka_unit_test(a_gap_within_an_answer_is_borne),
		cmocka_unit_test(the_greeting_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
