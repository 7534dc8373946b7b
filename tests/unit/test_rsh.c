#include "tests/support/talk_rig.h"

extern const struct protocol protocol_rsh;

#define COMMAND "1022\0alice\0root\0cat /etc/passwd\0"

static void
the_servers_first_byte_lets_in_or_not(void **state)
{
	static const struct proto_piece in[] = { C(COMMAND), S("\0root:x:0") };
	static const struct proto_piece out[] = { C(COMMAND), S("\1Permission denied.\n") };
	static const struct proto_piece silent[] = { C(COMMAND) };

	(void)state;
	TALK_TELLS(&protocol_rsh, in,
		"- proto=rsh success=yes user=root client_user=alice known_by=reply\n");
	TALK_TELLS(&protocol_rsh, out,
		"- proto=rsh success=no user=root client_user=alice known_by=reply\n");
	TALK_TELLS(&protocol_rsh, silent, "- proto=rsh user=root client_user=alice\n");
}

static void
only_ports_that_passwords_do_not_go_through_count(void **state)
{
	static const char text[] = COMMAND;
	static const struct {
		uint16_t client, server;
		enum proto_guess guess;
	} ports[] = {
		{ 1022, 514, PROTO_YES },
		{ 40000, 514, PROTO_YES },
		{ 1023, 9, PROTO_YES },
		{ 1024, 9, PROTO_NO },
		{ 1023, 512, PROTO_NO },
		{ 512, 9, PROTO_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		const struct proto_call call = {
			.from_orig = true, .src_port = ports[i].client, .dst_port = ports[i].server
		};
		assert_int_equal(
			protocol_rsh.looks_like(&call, cursor_over(text, sizeof(text) - 1)),
			ports[i].guess);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_servers_first_byte_lets_in_or_not),
		cmocka_unit_test(only_ports_that_passwords_do_not_go_through_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
