#include "tests/support/talk_rig.h"

extern const struct protocol protocol_rlogin;

#define HELLO "\0alice\0root\0xterm/38400\0"

static void
who_is_trusted_is_let_in_at_once(void **state)
{
	static const struct proto_piece talk[] = { C(HELLO), S("\0Last login: today\r\n") };

	(void)state;
	TALK_TELLS(&protocol_rlogin, talk,
		"- proto=rlogin success=yes confused=no user=root client_user=alice known_by=words\n");
}

static void
a_window_is_not_typed(void **state)
{
	static const struct proto_piece talk[] = {
		C(HELLO),
		S("\0Password: "),
		C("\xff\xffss\0\x18\0\x50\0\0\0\0"),
		C("wrong\r"),
		S("\r\nLogin incorrect\r\nlogin: "),
		C("eve\r"),
		S("\r\nPassword: "),
		C("x\r"),
		S("\r\n# "),
		C("id\r"),
	};

	(void)state;
	TALK_TELLS(&protocol_rlogin, talk,
		"- proto=rlogin success=no confused=no user=root client_user=alice method=password "
		"known_by=words\n"
		"- proto=rlogin success=yes confused=no user=eve client_user=alice method=password "
		"known_by=course\n");
}

static void
it_is_recognised_by_names_and_a_terminal(void **state)
{
	static const char hello[] = HELLO;
	static const char no_speed[] = "\0alice\0root\0xterm\0";
	static const char binary[] = "\0\0\1\2";
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_rlogin);
	for (size_t size = 0; size < sizeof(hello) - 1; size++)
		assert_int_equal(proto_rig_guess(r, true, hello, size), PROTO_PERHAPS);
	assert_int_equal(proto_rig_guess(r, true, hello, sizeof(hello) - 1), PROTO_YES);
	assert_int_equal(proto_rig_guess(r, false, hello, sizeof(hello) - 1), PROTO_NO);
	assert_int_equal(proto_rig_guess(r, true, no_speed, sizeof(no_speed) - 1), PROTO_NO);
	assert_int_equal(proto_rig_guess(r, true, binary, sizeof(binary) - 1), PROTO_NO);
	proto_rig_done(r);
}

static void
names_are_cut_at_their_cap(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (size_t size = 126; size <= 128; size++) {
		char name[256];
		memset(name, 'n', size);
		proto_rig_init(r, &protocol_rlogin);
		proto_rig_feed(r, true, "", 1);
		proto_rig_feed(r, true, name, size);
		proto_rig_feed(r, true, "\0root\0x/1", 10);
		talk_say(r, false, "Login incorrect\r\n");
		assert_int_equal(
			strspn(strstr(r->text, "client_user=") + 12, "n"), size < 127 ? size : 127);
		proto_rig_done(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_trusted_is_let_in_at_once),
		cmocka_unit_test(a_window_is_not_typed),
		cmocka_unit_test(it_is_recognised_by_names_and_a_terminal),
		cmocka_unit_test(names_are_cut_at_their_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
