#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/transactions/socks.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_socks;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ASK_NAME "\x05\x01\x00\x03\x0ewww.osnews.com\x00\x50"
#define REPLY    "\x05\x00\x00\x01\xc0\xa8\x00\x1f\x0a\x80"

static void
a_request_by_name_is_told_with_its_answer(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\x01\x00") },
		{ false, BYTES("\x05\x00") },
		{ true, BYTES(ASK_NAME) },
		{ false, BYTES(REPLY) },
		{ true, BYTES("GET / HTTP/1.1\r\n") },
	};

	(void)state;
	proto_cuts(&protocol_socks, pieces, COUNT(pieces),
		"socks version=5 status=succeeded request.name=www.osnews.com request_p=80 "
		"bound.host=192.168.0.31 bound_p=2688\n");
}

static void
a_log_in_is_told_without_the_password(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\x03\x00\x03\x02") },
		{ false, BYTES("\x05\x02") },
		{ true, BYTES("\x01\x03"
			      "bob\x05"
			      "alice") },
		{ false, BYTES("\x01\x00") },
		{ true, BYTES("\x05\x01\x00\x04\x2a\x00\x14\x50\x40\x06\x08\x0d\x00\x00\x00\x00\x00\x00\x20\x0e"
			      "\x01\xbb") },
		{ false, BYTES("\x05\x05\x00\x03\x04home\x00\x16") },
	};

	(void)state;
	proto_cuts(&protocol_socks, pieces, COUNT(pieces),
		"- proto=socks success=yes user=bob known_by=reply\n"
		"socks version=5 user=bob status=connection refused "
		"request.host=2a00:1450:4006:80d::200e request_p=443 bound.name=home bound_p=22\n");
}

static void
a_refused_log_in_ends_it(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\x01\x02\x01\x03"
			      "bob\x00") },
		{ false, BYTES("\x05\x02\x01\x01") },
		{ true, BYTES(ASK_NAME) },
	};

	(void)state;
	proto_cuts(&protocol_socks, pieces, COUNT(pieces),
		"- proto=socks success=no user=bob known_by=reply\n");
}

static void
version_4_knows_addresses_and_names(void **state)
{
	static const struct proto_piece address[] = {
		{ true, BYTES("\x04\x01\x00\x50\x5d\xb8\xd8\x77\x00") },
		{ false, BYTES("\x00\x5a\xdf\xb2\x0a\xb4\x9c\xf9HTTP") },
	};
	static const struct proto_piece name[] = {
		{ true, BYTES("\x04\x02\x01\xbb\x00\x00\x00\x01me\x00login.live.com\x00") },
		{ false, BYTES("\x00\x5b\x00\x00\x00\x00\x00\x00") },
	};

	(void)state;
	proto_cuts(&protocol_socks, address, COUNT(address),
		"socks version=4 status=succeeded request.host=93.184.216.119 request_p=80 "
		"bound.host=10.180.156.249 bound_p=57266\n");
	proto_cuts(&protocol_socks, name, COUNT(name),
		"socks version=4 user=me status=request rejected or failed "
		"request.name=login.live.com request_p=443 bound.host=0.0.0.0\n");
}

static void
a_request_without_answer_is_told_at_the_end(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\x01\x00" ASK_NAME "and more") },
	};
	static const struct proto_piece junk[] = {
		{ true, BYTES("\x05\x01\x00" ASK_NAME) },
		{ false, BYTES("\x05\x00\x05\x00\x00\x07") },
	};
	static const struct proto_piece refused[] = {
		{ true, BYTES("\x05\x01\x00") },
		{ false, BYTES("\x05\xff") },
	};

	(void)state;
	proto_cuts(&protocol_socks, pieces, COUNT(pieces),
		"socks version=5 request.name=www.osnews.com request_p=80\n");
	proto_cuts(&protocol_socks, junk, COUNT(junk),
		"socks version=5 request.name=www.osnews.com request_p=80\n");
	proto_cuts(&protocol_socks, refused, COUNT(refused), "");
}

static void
answers_have_names(void **state)
{
	static const struct {
		uint8_t code;
		const char *name;
	} cases[] = { { 0, "succeeded" }, { 1, "general SOCKS server failure" },
		{ 2, "connection not allowed by ruleset" }, { 3, "network unreachable" },
		{ 4, "host unreachable" }, { 5, "connection refused" }, { 6, "TTL expired" },
		{ 7, "command not supported" }, { 8, "address type not supported" },
		{ 9, "unknown" } };
	static struct proto_rig r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t reply[] = { 5, 0, 5, cases[i].code, 0, 1, 0, 0, 0, 0, 0, 0 };
		const struct proto_piece pieces[] = {
			{ true, BYTES("\x05\x01\x00" ASK_NAME) },
			{ false, reply, sizeof(reply) },
		};
		(void)proto_rig_play(&r, &protocol_socks, pieces, 2, SIZE_MAX);
		assert_non_null(strstr(r.text, cases[i].name));
	}
}

static void
the_longest_name_fits(void **state)
{
	static struct proto_rig r;
	uint8_t ask[3 + 5 + 255 + 2] = { 5, 1, 0, 5, 1, 0, 3, 255 };
	const struct proto_piece piece = { true, ask, sizeof(ask) };

	(void)state;
	memset(ask + 8, 'n', 255);
	ask[sizeof(ask) - 1] = 80;
	(void)proto_rig_play(&r, &protocol_socks, &piece, 1, SIZE_MAX);
	assert_int_equal(
		strlen(r.text), strlen("socks version=5 request.name= request_p=80\n") + 255);
}

static void
a_gap_matters_only_before_the_request(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_socks);
	proto_rig_feed(&r, true, BYTES("\x05\x01\x00" ASK_NAME));
	proto_rig_gap(&r, true, 1000);
	assert_false(r.is_over);
	proto_rig_gap(&r, false, 2);
	assert_true(r.is_over);
	assert_int_equal(r.told, 1);
	proto_rig_done(&r);
}

static void
first_messages_are_recognised_and_others_are_not(void **state)
{
	static const struct proto_piece greeting = { true, BYTES("\x05\x03\x00\x01\x02") };
	static const struct proto_piece four = { true,
		BYTES("\x04\x01\x00\x50\x5d\xb8\xd8\x77me\x00") };
	static const struct proto_piece hasty = { true, BYTES("\x05\x01\x00\x05") };
	static const struct proto_piece others[] = {
		{ true, BYTES("\x05\x00") },
		{ true, BYTES("\x05\x11") },
		{ true, BYTES("\x05\x01\x0a") },
		{ true, BYTES("\x05\x01\x7f") },
		{ true, BYTES("\x05\x01\x00\x03") },
		{ true, BYTES("\x04\x03\x00\x50\x5d\xb8\xd8\x77me\x00") },
		{ true, BYTES("\x04\x01\x00\x00\x5d\xb8\xd8\x77me\x00") },
		{ true, BYTES("\x04\x01\x00\x50\x5d\xb8\xd8\x77\x01\x00") },
		{ true, BYTES("\x04\x01\x00\x50\x5d\xb8\xd8\x77me\x00more") },
		{ true, BYTES("\x06\x01\x00") },
	};
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_socks, &greeting, 5);
	proto_cuts_recognised(&protocol_socks, &four, four.size);
	proto_cuts_recognised(&protocol_socks, &hasty, 3);
	proto_cuts_strangers(&protocol_socks);
	proto_rig_init(&r, &protocol_socks);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, others[i].bytes, others[i].size), PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_by_name_is_told_with_its_answer),
		cmocka_unit_test(a_log_in_is_told_without_the_password),
		cmocka_unit_test(a_refused_log_in_ends_it),
		cmocka_unit_test(version_4_knows_addresses_and_names),
		cmocka_unit_test(a_request_without_answer_is_told_at_the_end),
		cmocka_unit_test(answers_have_names),
		cmocka_unit_test(the_longest_name_fits),
		cmocka_unit_test(a_gap_matters_only_before_the_request),
		cmocka_unit_test(first_messages_are_recognised_and_others_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
