#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/transactions/rdp.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_rdp;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define REQUEST                                        \
	"\x03\x00\x00\x2f\x2a\xe0\x00\x00\x00\x00\x00" \
	"Cookie: mstshash=JOHN-PC  \r\n\x01\x00\x08\x00\x00\x00\x00\x00"
#define CONFIRM(kind, value) \
	"\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00" kind "\x00\x08\x00" value "\x00\x00\x00"

static void
a_session_under_tls_is_encrypted(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(REQUEST) },
		{ false, BYTES(CONFIRM("\x02", "\x02")) },
		{ true, BYTES("\x16\x03\x03\x00\x02xx") },
	};

	(void)state;
	proto_cuts(&protocol_rdp, pieces, COUNT(pieces),
		"rdp cookie=JOHN-PC   result=encrypted security_protocol=HYBRID\n");
}

static void
under_its_own_security_the_result_is_read(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(REQUEST) },
		{ false, BYTES(CONFIRM("\x02", "\x00")) },
		{ true, BYTES("\x03\x00\x00\x0c\x02\xf0\x80\x7f\x65\x82\x01\xb2") },
		{ false,
			BYTES("\x03\x00\x00\x10\x02\xf0\x80\x7f\x66\x82\x05\x71\x0a\x01\x00\x02") },
	};

	(void)state;
	proto_cuts(&protocol_rdp, pieces, COUNT(pieces),
		"rdp cookie=JOHN-PC   result=Success security_protocol=RDP\n");
}

static void
what_came_of_it_is_told(void **state)
{
	static const struct {
		const char *request;
		size_t request_size;
		const char *answer;
		size_t answer_size;
		const char *expected;
	} cases[] = {
		{ BYTES(REQUEST), BYTES(CONFIRM("\x03", "\x05")),
			"rdp cookie=JOHN-PC   result=HYBRID_REQUIRED_BY_SERVER\n" },
		{ BYTES(REQUEST), BYTES(CONFIRM("\x03", "\x06")),
			"rdp cookie=JOHN-PC   result=SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER\n" },
		{ BYTES(REQUEST), BYTES(CONFIRM("\x03", "\x07")),
			"rdp cookie=JOHN-PC   result=unknown\n" },
		{ BYTES(REQUEST), BYTES(CONFIRM("\x02", "\x01")),
			"rdp cookie=JOHN-PC   result=encrypted security_protocol=SSL\n" },
		{ BYTES(REQUEST), BYTES(CONFIRM("\x02", "\x08")),
			"rdp cookie=JOHN-PC   result=encrypted security_protocol=HYBRID_EX\n" },
		{ BYTES(REQUEST), BYTES(CONFIRM("\x02", "\x04")),
			"rdp cookie=JOHN-PC   result=encrypted security_protocol=RDSTLS\n" },
		{ BYTES(REQUEST), BYTES("junk that is none"), "rdp cookie=JOHN-PC  \n" },
		{ BYTES(REQUEST), BYTES(""), "rdp cookie=JOHN-PC  \n" },
		/* No cookie; and no negotiation at all; and a load balancer's token. */
		{ BYTES("\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"),
			BYTES(CONFIRM("\x02", "\x02")),
			"rdp cookie= result=encrypted security_protocol=HYBRID\n" },
		{ BYTES("\x03\x00\x00\x0d\x08\xe0\x00\x00\x00\x00\x00\r\n"),
			BYTES("\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"), "rdp\n" },
		{ BYTES("\x03\x00\x00\x20\x1b\xe0\x00\x00\x00\x00\x00"
			"Cookie: msts=1\r\n.\x01\x08\x00\x00"),
			BYTES(""), "rdp\n" },
	};
	static struct proto_rig r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct proto_piece pieces[] = {
			{ true, cases[i].request, cases[i].request_size },
			{ false, cases[i].answer, cases[i].answer_size },
		};
		assert_string_equal(
			proto_rig_play(&r, &protocol_rdp, pieces, 2, SIZE_MAX), cases[i].expected);
	}
}

/* A request whose cookie has so many letters. */
static const char *
told_of_cookie(struct proto_rig *r, size_t letters)
{
	static const char head[] = "\x03\x00\x00\x00\x00\xe0\x00\x00\x00\x00\x00"
				   "Cookie: mstshash=";
	char request[256];
	size_t size = sizeof(head) - 1;

	memcpy(request, head, size);
	memset(request + size, 'a', letters);
	request[size + letters] = '\r';
	request[size + letters + 1] = '\n';
	size += letters + 2;
	request[3] = (char)size;
	request[4] = (char)(size - 5);
	const struct proto_piece piece = { true, request, size };
	return proto_rig_play(r, &protocol_rdp, &piece, 1, SIZE_MAX);
}

static void
a_cookie_is_cut_at_its_cap(void **state)
{
	static const char before[] = "rdp cookie=";
	static struct proto_rig r;

	(void)state;
	for (size_t letters = RDP_COOKIE_MAX - 2; letters <= RDP_COOKIE_MAX; letters++) {
		size_t told = letters < RDP_COOKIE_MAX ? letters : RDP_COOKIE_MAX - 1;
		assert_int_equal(strlen(told_of_cookie(&r, letters)), strlen(before) + told + 1);
	}
}

static void
a_gap_ends_it_with_what_is_known(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_rdp);
	proto_rig_feed(&r, true, BYTES(REQUEST));
	proto_rig_gap(&r, false, 19);
	assert_true(r.is_over);
	assert_string_equal(r.text, "rdp cookie=JOHN-PC  \n");
	proto_rig_done(&r);
	proto_rig_init(&r, &protocol_rdp);
	proto_rig_feed(&r, true, REQUEST, 20);
	proto_rig_gap(&r, true, 10);
	assert_false(r.is_over);
	proto_rig_end(&r);
	assert_string_equal(r.text, "");
	proto_rig_done(&r);
}

static void
the_request_is_recognised_and_others_of_its_kind_are_not(void **state)
{
	static const struct proto_piece request = { true, BYTES(REQUEST) };
	static const char bare[] = "\x03\x00\x00\x0b\x06\xe0\x00\x00\x00\x00\x00";
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_rdp, &request, request.size);
	proto_cuts_strangers(&protocol_rdp);
	proto_rig_init(&r, &protocol_rdp);
	assert_int_equal(proto_rig_guess(&r, true, BYTES(bare)), PROTO_NO); /* not at its port */
	assert_int_equal(
		proto_rig_guess(&r, true, /* a controller's */
			BYTES("\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x00\x00\xc1\x02\x01\x00\xc2\x02"
			      "\x01\x02\xc0\x01\x0a")),
		PROTO_NO);
	assert_int_equal(proto_rig_guess(&r, false, BYTES(CONFIRM("\x02", "\x02"))), PROTO_NO);
	struct proto_call call = proto_rig_call(&r, true);
	call.dst_port = 3389;
	assert_int_equal(protocol_rdp.looks_like(&call, cursor_over(BYTES(bare))), PROTO_YES);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_under_tls_is_encrypted),
		cmocka_unit_test(under_its_own_security_the_result_is_read),
		cmocka_unit_test(what_came_of_it_is_told),
		cmocka_unit_test(a_cookie_is_cut_at_its_cap),
		cmocka_unit_test(a_gap_ends_it_with_what_is_known),
		cmocka_unit_test(the_request_is_recognised_and_others_of_its_kind_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
