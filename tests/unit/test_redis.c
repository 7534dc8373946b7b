#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/proto/resp.h"
#include "daemon/transactions/redis.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_redis;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PING     "*1\r\n$4\r\nPING\r\n"

static void
the_first_command_shows_who_may_come_in(void **state)
{
	static const struct proto_piece open[] = {
		{ true, BYTES("*1\r\n$4\r\ninfo\r\n") },
		{ false, BYTES("$6\r\nredis!\r\n") },
		{ true, BYTES("*2\r\n$3\r\nGET\r\n$1\r\na\r\n") },
		{ false, BYTES("$1\r\n1\r\n") },
	};
	static const struct proto_piece closed[] = {
		{ true, BYTES("*2\r\n$3\r\nGET\r\n$1\r\na\r\n") },
		{ false, BYTES("-NOAUTH Authentication required.\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_redis, open, COUNT(open), "- cmd=INFO success=yes\n");
	proto_cuts(&protocol_redis, closed, COUNT(closed),
		"- cmd=GET arg=a success=no reply=NOAUTH Authentication required.\n");
}

static void
log_ins_are_told_without_their_secrets(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n") },
		{ false, BYTES("-WRONGPASS no\r\n") },
		{ true, BYTES("*3\r\n$4\r\nauth\r\n$3\r\nbob\r\n$6\r\nsecret\r\n") },
		{ false, BYTES("+OK\r\n") },
		{ true, BYTES("*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAuth\r\n$3\r\namy\r\n$6\r\nsecret\r\n") },
		{ false, BYTES("%1\r\n+server\r\n+redis\r\n") },
		{ true, BYTES("AUTH secret\r\n") },
		{ false, BYTES("+OK\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_redis, pieces, COUNT(pieces),
		"- cmd=AUTH success=no reply=WRONGPASS no\n"
		"- proto=redis success=no user=default method=AUTH known_by=reply\n"
		"- cmd=AUTH success=yes reply=OK\n"
		"- proto=redis success=yes user=bob method=AUTH known_by=reply\n"
		"- cmd=HELLO arg=3 success=yes\n"
		"- proto=redis success=yes user=amy method=HELLO known_by=reply\n"
		"- cmd=AUTH success=yes reply=OK\n"
		"- proto=redis success=yes user=default method=AUTH known_by=reply\n");
}

static void
answers_are_counted_to_find_a_commands_own(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(PING) },
		{ false, BYTES("+PONG\r\n") },
		{ true, BYTES(PING
				"*4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$3\r\ndir\r\n$4\r\n/tmp\r\n" PING) },
		{ false, BYTES("*2\r\n:1\r\n:2\r\n>1\r\n+push\r\n-ERR no\r\n+PONG\r\n") },
		{ true, BYTES("*0\r\n*3\r\n$7\r\nSLAVEOF\r\n$2\r\nno\r\n$3\r\none\r\n") },
		{ false, BYTES("+OK\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_redis, pieces, COUNT(pieces),
		"- cmd=PING success=yes reply=PONG\n"
		"- cmd=CONFIG arg=SET success=no reply=ERR no\n"
		"- cmd=SLAVEOF arg=no success=yes reply=OK\n");
}

static void
a_command_without_answer_is_told_when_the_next_one_or_the_end_comes(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(PING "*1\r\n$4\r\nSAVE\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_redis, pieces, COUNT(pieces), "- cmd=PING\n- cmd=SAVE\n");
}

static void
subscriptions_end_it(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(PING) },
		{ false, BYTES("+PONG\r\n") },
		{ true, BYTES("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n" PING) },
		{ false, BYTES("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_redis, pieces, COUNT(pieces),
		"- cmd=PING success=yes reply=PONG\n- cmd=SUBSCRIBE arg=c\n");
}

static void
what_is_no_message_ends_it(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(PING) },
		{ false, BYTES("*x\r\n") },
		{ false, BYTES("+PONG\r\n") },
	};
	static const struct proto_piece string[] = {
		{ true, BYTES("$4\r\nPING\r\n" PING) },
	};

	(void)state;
	proto_cuts(&protocol_redis, pieces, COUNT(pieces), "- cmd=PING\n");
	proto_cuts(&protocol_redis, string, COUNT(string), "");
}

static void
texts_are_cut_and_without_nuls(void **state)
{
	static struct proto_rig r;
	char get[256] = "*2\r\n$3\r\nGET\r\n$200\r\n";
	const size_t head = strlen(get);
	const struct proto_piece long_one = { true, get, head + 202 };
	static const struct proto_piece nul = { true, BYTES("*2\r\n$3\r\nGET\r\n$3\r\na\0b\r\n") };

	(void)state;
	memset(get + head, 'a', 200);
	get[head + 200] = '\r';
	get[head + 201] = '\n';
	assert_int_equal(strlen(proto_rig_play(&r, &protocol_redis, &long_one, 1, SIZE_MAX)),
		strlen("- cmd=GET arg=\n") + REDIS_TEXT_MAX - 1);
	assert_string_equal(
		proto_rig_play(&r, &protocol_redis, &nul, 1, SIZE_MAX), "- cmd=GET arg=a\\x00b\n");
}

static void
a_gap_is_borne_in_the_rest_of_a_string_only(void **state)
{
	static struct proto_rig r;
	char value[RESP_TEXT_MAX];

	(void)state;
	memset(value, 'v', sizeof(value));
	proto_rig_init(&r, &protocol_redis);
	proto_rig_feed(&r, true, BYTES("*2\r\n$4\r\nINFO\r\n$300\r\n"));
	proto_rig_feed(&r, true, value, sizeof(value));
	proto_rig_gap(&r, true, 100);
	assert_false(r.is_over);
	proto_rig_gap(&r, true, 300);
	assert_true(r.is_over);
	proto_rig_done(&r);
	proto_rig_init(&r, &protocol_redis);
	proto_rig_feed(&r, true, BYTES(PING));
	proto_rig_gap(&r, false, 1);
	assert_true(r.is_over);
	assert_string_equal(r.text, "- cmd=PING\n");
	proto_rig_done(&r);
}

static void
a_command_is_recognised(void **state)
{
	static const struct proto_piece ping = { true, BYTES(PING) };
	static const char *const others[] = { "*0\r\n$4\r\nPING", "*1\r\n$1\r\nP",
		"*1\r\n$99\r\nPING", "*1\r\n$4\r\nPI G", "*1\n$4\r\nPING", "*1\r\n+4\r\nPING", "*x",
		"$4\r\nPING\r\n" };
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_redis, &ping, strlen("*1\r\n$4\r\nPING"));
	proto_cuts_strangers(&protocol_redis);
	proto_rig_init(&r, &protocol_redis);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(proto_rig_guess(&r, true, others[i], strlen(others[i])), PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_command_shows_who_may_come_in),
		cmocka_unit_test(log_ins_are_told_without_their_secrets),
		cmocka_unit_test(answers_are_counted_to_find_a_commands_own),
		cmocka_unit_test(
			a_command_without_answer_is_told_when_the_next_one_or_the_end_comes),
		cmocka_unit_test(subscriptions_end_it),
		cmocka_unit_test(what_is_no_message_ends_it),
		cmocka_unit_test(texts_are_cut_and_without_nuls),
		cmocka_unit_test(a_gap_is_borne_in_the_rest_of_a_string_only),
		cmocka_unit_test(a_command_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
