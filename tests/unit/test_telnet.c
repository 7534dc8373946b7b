#include "tests/support/talk_rig.h"

extern const struct protocol protocol_telnet;

/* Will echo, will suppress go-ahead, do terminal type, and its subnegotiation. */
#define OPTIONS "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0"

static void
a_refusal_and_a_log_in_are_told(void **state)
{
	static const struct proto_piece talk[] = {
		S(OPTIONS),
		C("\xff\xfd\x01\xff\xfa\x18\0xterm\xff\xf0"),
		S("Debian GNU/Linux 12\r\nhost login: "),
		C("ro"),
		S("ro"),
		C("x\x7fot\r\0"),
		S("ot\r\nPassword: "),
		C("wrong\r\0"),
		S("\r\nLogin incorrect\r\nhost login: "),
		C("root\r\n"),
		S("root\r\nPassword: "),
		C("secret\r\n"),
		S("\r\nLast failed login: today\r\nLast login: yesterday\r\n"),
		C("ls\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_telnet, talk,
		"- proto=telnet success=no confused=no user=root method=password known_by=words\n"
		"- proto=telnet success=yes confused=no user=root method=password known_by=words\n");
	(void)proto_rig_play(&talk_rig, &protocol_telnet, talk, 13, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_DONE);
	assert_null(strstr(talk_rig.text, "secret"));
}

static void
the_next_prompt_tells_what_words_do_not(void **state)
{
	static const struct proto_piece talk[] = {
		S(OPTIONS "\r\n\x1b[1mUsername: \x1b[0m"),
		C("admin\r\n"),
		S("Password: "),
		C("a\r\n"),
		S("\r\nPassword: "), /* again: the first one was wrong */
		C("b\r\n"),
		S("\r\nUsername: "),
		C("guest\r\n"),
		S("Password: "),
		C("c\r\n"),
		S("\r\n\x1b[32mrouter>\x1b[0m"),
		C("show version\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_telnet, talk,
		"- proto=telnet success=no confused=no user=admin method=password known_by=course\n"
		"- proto=telnet success=no confused=no user=admin method=password known_by=course\n"
		"- proto=telnet success=yes confused=no user=guest method=password known_by=course\n");
}

static void
what_nobody_understands_is_told_as_confused(void **state)
{
	static const struct proto_piece talk[] = {
		S(OPTIONS "login: "),
		C("a\r\n"),
		S("Password:"),
		C("b\r\n"),
		S("\r\nChoose 1 or 2"),
		C("1\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_telnet, talk,
		"- proto=telnet confused=yes user=a method=password known_by=course\n");
}

static void
an_end_is_judged_by_what_was_said_last(void **state)
{
	static const struct proto_piece prompt[] = { S(OPTIONS "login: "), C("a\r\n"),
		S("Password:"), C("b\r\n"), S("\r\n$ ") };
	static const struct proto_piece words[] = { S(OPTIONS "login: "), C("a\r\n"),
		S("Password:"), C("b\r\n"), S("\r\naccess denied") };
	static const struct proto_piece silent[] = { S(OPTIONS "login: "), C("a\r\n"),
		S("Password:"), C("b\r\n") };

	(void)state;
	TALK_TELLS(&protocol_telnet, prompt,
		"- proto=telnet success=yes confused=no user=a method=password known_by=course\n");
	TALK_TELLS(&protocol_telnet, words,
		"- proto=telnet success=no confused=no user=a method=password known_by=words\n");
	TALK_TELLS(&protocol_telnet, silent, "- proto=telnet confused=no user=a method=password\n");
}

static void
what_ends_a_line_is_typed_once(void **state)
{
	static const struct proto_piece talk[] = {
		S(OPTIONS "press return"),
		C("\r"),
		S("\r\nlogin: "),
		C("\nbob\r"),
		S("\r\nPassword: "),
		C("\0x\n"),
		S("\r\nincorrect\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_telnet, talk,
		"- proto=telnet success=no confused=no user=bob method=password known_by=words\n");
}

static void
a_greeting_before_the_password_lets_nobody_in(void **state)
{
	static const struct proto_piece talk[] = {
		S(OPTIONS "login: "),
		C("a\r\n"),
		S("Welcome to the box\r\nPassword:"),
		C("b\r\n"),
		S("\r\nincorrect\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_telnet, talk,
		"- proto=telnet success=no confused=no user=a method=password known_by=words\n");
}

static void
the_users_name_is_cut_at_its_cap(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (size_t size = 126; size <= 128; size++) {
		char name[256];
		memset(name, 'u', size);
		memcpy(name + size, "\r\n", 3);
		proto_rig_init(r, &protocol_telnet);
		talk_say(r, false, "login: ");
		talk_say(r, true, name);
		talk_say(r, false, "\r\nlogin incorrect\r\n");
		assert_int_equal(
			strspn(strstr(r->text, "user=") + 5, "u"), size < 127 ? size : 127);
		proto_rig_done(r);
	}
}

static void
a_prompt_behind_a_long_line_is_seen(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (unsigned size = 1; size < 400; size++) {
		proto_rig_init(r, &protocol_telnet);
		for (unsigned i = 0; i < size; i++)
			talk_say(r, false, "x");
		talk_say(r, false, " login: ");
		talk_say(r, true, "bob\r\n");
		talk_say(r, false, "\r\nLogin incorrect\r\n");
		assert_non_null(strstr(r->text, "user=bob"));
		proto_rig_done(r);
	}
}

static void
behind_a_gap_what_is_typed_is_not_taken_for_a_name(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_telnet);
	talk_say(r, false, "login: ");
	talk_say(r, true, "bo");
	proto_rig_gap(r, true, 20); /* the rest of the name, and most of the password */
	talk_say(r, true, "cret\r\n");
	talk_say(r, false, "\r\nLogin incorrect\r\n");
	proto_rig_end(r);
	assert_string_equal(r->text, "");
	proto_rig_done(r);
}

static void
it_is_recognised_by_options(void **state)
{
	const struct protocol *p = &protocol_telnet;

	(void)state;
	assert_int_equal(talk_guess(p, false, "\xff\xfb\x01"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "\xff\xfd\x03\xff\xfb\x18"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "\xff\xfb"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "\xff\xfb\x31x"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "\xff\xfb\x32x"), PROTO_NO);
	assert_int_equal(talk_guess(p, false, "\xff\xd8\xff\xe0"), PROTO_NO); /* a JPEG */
	assert_int_equal(talk_guess(p, false, "login: "), PROTO_NO); /* not telnet's port */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_and_a_log_in_are_told),
		cmocka_unit_test(the_next_prompt_tells_what_words_do_not),
		cmocka_unit_test(what_nobody_understands_is_told_as_confused),
		cmocka_unit_test(an_end_is_judged_by_what_was_said_last),
		cmocka_unit_test(what_ends_a_line_is_typed_once),
		cmocka_unit_test(a_greeting_before_the_password_lets_nobody_in),
		cmocka_unit_test(the_users_name_is_cut_at_its_cap),
		cmocka_unit_test(a_prompt_behind_a_long_line_is_seen),
		cmocka_unit_test(behind_a_gap_what_is_typed_is_not_taken_for_a_name),
		cmocka_unit_test(it_is_recognised_by_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
