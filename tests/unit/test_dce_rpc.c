#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/proto/dce_rpc_calls.h"
#include "daemon/transactions/dce_rpc.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_dce_rpc;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A message of so many bytes: type, flags, size, what is behind a log-in's head, the call's number. */
#define MESSAGE(type, flags, size, auth, id) \
	"\x05\x00" type flags "\x10\0\0\0" size "\0" auth "\0" id "\0\0\0"
#define WHOLE  "\x03"
#define EPM    "\x08\x83\xaf\xe1\x1f\x5d\xc9\x11\x91\xa4\x08\0\x2b\x14\xa0\xfa"
#define SYNTAX "\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\0\x2b\x10\x48\x60\x02\0\0\0"
/* One interface of that UUID, as number `id`. */
#define BIND(id, uuid)                               \
	MESSAGE("\x0b", WHOLE, "\x48", "\0", "\x01") \
	"\xd0\x16\xd0\x16\0\0\0\0\x01\0\0\0" id "\0\x01\0" uuid "\x03\0\0\0" SYNTAX
#define REQUEST(id, context, operation) \
	MESSAGE("\0", WHOLE, "\x18", "\0", id) "\0\0\0\0" context "\0" operation "\0"
#define RESPONSE(id) MESSAGE("\x02", WHOLE, "\x18", "\0", id) "\0\0\0\0\0\0\0\0"

static void
calls_of_a_service_manager_are_told(void **state)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("dce_rpc/psexec", &pieces);
	static struct proto_rig r;

	(void)state;
	(void)proto_rig_play(&r, &protocol_dce_rpc, pieces, count, SIZE_MAX);
	assert_ptr_equal(strstr(r.text, "dce_rpc rtt=0 named_pipe=49155 endpoint=svcctl "
					"operation=OpenSCManagerW\n"
					"dce_rpc rtt=0 named_pipe=49155 endpoint=svcctl "
					"operation=CreateServiceWOW64W\n"),
		r.text);
	assert_int_equal(r.told, 19);
	assert_string_equal(r.also, "gssapi");
	static char whole[sizeof(r.text)];
	memcpy(whole, r.text, sizeof(whole));
	proto_cuts(&protocol_dce_rpc, pieces, count, whole);
}

static void
a_call_has_the_interface_that_was_bound(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(BIND("\x05", EPM)) },
		{ true, BYTES(REQUEST("\x07", "\x05", "\x03") REQUEST("\x08", "\x05", "\x63")) },
		{ true, BYTES(REQUEST("\x09", "\x04", "\x01")) },
		{ false, BYTES(RESPONSE("\x08") RESPONSE("\x07") RESPONSE("\x66")) },
	};

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"dce_rpc rtt=0 endpoint=epmapper operation=unknown-99\n"
		"dce_rpc rtt=0 endpoint=epmapper operation=ept_map\n"
		"dce_rpc operation=unknown-1\n");
}

static void
where_the_server_says_that_calls_go_is_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(BIND("\0", EPM)) },
		{ false, BYTES(MESSAGE("\x0c", WHOLE, "\x1e", "\0", "\x01") "\0\0\0\0\0\0\0\0"
									    "\x04\0"
									    "135\0") },
		/* One that says nothing new, and one whose text is not there. */
		{ false, BYTES(MESSAGE("\x0c", WHOLE, "\x1a", "\0", "\x01") "\0\0\0\0\0\0\0\0"
									    "\0\0") },
		{ false, BYTES(MESSAGE("\x0c", WHOLE, "\x1c", "\0", "\x01") "\0\0\0\0\0\0\0\0"
									    "\x04\0"
									    "13") },
		{ true, BYTES(REQUEST("\x01", "\0", "\x02")) },
		{ false, BYTES(RESPONSE("\x01")) },
	};

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"dce_rpc rtt=0 named_pipe=135 endpoint=epmapper operation=ept_lookup\n");
}

static void
an_interface_without_a_name_is_its_uuid(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(BIND("\0", "\x78\x56\x34\x12\xbc\x9a\xf0\xde"
					 "\x01\x02\x03\x04\x05\x06\x07\x08")
					REQUEST("\x01", "\0", "\x02")) },
	};

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"dce_rpc endpoint=unknown-12345678-9abc-def0-0102-030405060708 "
		"operation=unknown-2\n");
}

static void
numbers_may_be_big_endian(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x05\0\x0b\x03\0\0\0\0\0\x48\0\0\0\0\0\x01\x16\xd0\x16\xd0\0\0\0\0\x01\0\0\0"
			      "\0\x06\x01\0\xe1\xaf\x83\x08\x5d\x1f\x11\xc9\x91\xa4\x08\0\x2b\x14\xa0\xfa"
			      "\0\0\0\x03" SYNTAX) },
		{ true, BYTES("\x05\0\0\x03\0\0\0\0\0\x18\0\0\0\0\0\x02\0\0\0\0\0\x06\0\x02") },
		{ false,
			BYTES("\x05\0\x03\x03\0\0\0\0\0\x1c\0\0\0\0\0\x02\0\0\0\0\0\x06\0\0\x1c\x01\0\x02") },
	};

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"dce_rpc rtt=0 endpoint=epmapper operation=ept_lookup fault=0x1c010002\n");
}

/* The first of several pieces has the operation, and the first of the answer's ends the wait. */
static void
pieces_of_a_call_are_one(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(BIND("\0", EPM)) },
		{ true, BYTES(MESSAGE("\0", "\x01", "\x18", "\0", "\x02") "\0\0\0\0\0\0\x02\0") },
		{ true, BYTES(MESSAGE("\0", "\x02", "\x18", "\0", "\x02") "\0\0\0\0\0\0\x02\0") },
		{ false, BYTES(MESSAGE("\x02", "\x02", "\x18", "\0", "\x02") "\0\0\0\0\0\0\0\0") },
		{ false, BYTES(MESSAGE("\x02", "\x01", "\x18", "\0", "\x02") "\0\0\0\0\0\0\0\0") },
	};

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"dce_rpc rtt=0 endpoint=epmapper operation=ept_lookup\n");
}

static void
the_time_to_the_answer_is_told(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_dce_rpc);
	proto_rig_feed(&r, true, BYTES(BIND("\0", EPM)));
	proto_rig_feed(&r, true, BYTES(REQUEST("\x01", "\0", "\x02")));
	r.ts_ns += 1234;
	proto_rig_feed(&r, false, BYTES(RESPONSE("\x01")));
	assert_string_equal(r.text, "dce_rpc rtt=1234 endpoint=epmapper operation=ept_lookup\n");
	proto_rig_done(&r);
}

static void
at_the_cap_the_oldest_call_is_told_without_an_answer(void **state)
{
	static struct proto_rig r;
	char request[] = REQUEST("\x01", "\0", "\x02");

	(void)state;
	proto_rig_init(&r, &protocol_dce_rpc);
	for (unsigned i = 0; i < DCE_RPC_WAITING; i++) {
		request[12] = (char)i;
		proto_rig_feed(&r, true, request, sizeof(request) - 1);
	}
	assert_int_equal(r.told, 0);
	request[12] = DCE_RPC_WAITING;
	proto_rig_feed(&r, true, request, sizeof(request) - 1);
	assert_int_equal(r.told, 1);
	proto_rig_feed(&r, false, BYTES(RESPONSE("\0")));
	assert_int_equal(r.told, 1);
	proto_rig_feed(&r, false, BYTES(RESPONSE("\x01")));
	assert_int_equal(r.told, 2);
	proto_rig_end(&r);
	assert_int_equal(r.told, 2 + DCE_RPC_WAITING - 1);
	proto_rig_done(&r);
}

static void
at_the_cap_the_oldest_interface_is_forgotten(void **state)
{
	static struct proto_rig r;
	char bind[] = BIND("\0", EPM);

	(void)state;
	proto_rig_init(&r, &protocol_dce_rpc);
	for (unsigned i = 0; i <= DCE_RPC_BOUND; i++) {
		bind[28] = (char)i;
		proto_rig_feed(&r, true, bind, sizeof(bind) - 1);
		proto_rig_feed(&r, true, bind, sizeof(bind) - 1); /* once more: no new row */
	}
	proto_rig_feed(&r, true, BYTES(REQUEST("\x01", "\0", "\x02")));
	proto_rig_feed(&r, false, BYTES(RESPONSE("\x01")));
	proto_rig_feed(&r, true, BYTES(REQUEST("\x02", "\x01", "\x02")));
	proto_rig_feed(&r, false, BYTES(RESPONSE("\x02")));
	assert_string_equal(r.text, "dce_rpc rtt=0 operation=unknown-2\n"
				    "dce_rpc rtt=0 endpoint=epmapper operation=ept_lookup\n");
	proto_rig_done(&r);
}

/* MS-NLMP 2.2.1.3: the user and the domain "d" in a log-in that is a message of its own. */
static void
a_log_in_is_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(BIND("\0", EPM)) },
		{ true, BYTES(MESSAGE(
				"\x10", WHOLE, "\x60", "\x44", "\x02") "\0\0\0\0"
								       "\x0a\x02\0\0\0\0\0\0"
								       "NTLMSSP\0\x03\0\0\0"
								       "\0\0\0\0\0\0\0\0"
								       "\0\0\0\0\0\0\0\0"
								       "\x02\0\x02\0\x40\0\0\0"
								       "\x02\0\x02\0\x42\0\0\0"
								       "\0\0\0\0\0\0\0\0"
								       "\0\0\0\0\0\0\0\0"
								       "\x01\0\0\0"
								       "d\0u\0") },
	};
	static struct proto_rig r;

	(void)state;
	proto_cuts(&protocol_dce_rpc, pieces, COUNT(pieces),
		"ntlm username=u domainname=d\n- proto=dce_rpc user=u method=NTLM\n");
	(void)proto_rig_play(&r, &protocol_dce_rpc, pieces, COUNT(pieces), SIZE_MAX);
	assert_string_equal(r.also, "ntlm");
}

static void
after_a_gap_it_goes_on_where_a_message_begins(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_dce_rpc);
	proto_rig_feed(&r, true, BYTES(BIND("\0", EPM)));
	proto_rig_gap(&r, true, 100);
	proto_rig_feed(&r, true, BYTES("the middle of something"));
	proto_rig_feed(&r, true, BYTES(REQUEST("\x01", "\0", "\x02")));
	assert_false(r.is_over);
	proto_rig_end(&r);
	assert_int_equal(r.told, 1);
	proto_rig_done(&r);
}

static void
what_is_no_message_ends_it(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_dce_rpc);
	proto_rig_feed(&r, true, BYTES(REQUEST("\x01", "\0", "\x02") "\x05\0\x14"));
	assert_true(r.is_over);
	assert_int_equal(r.told, 1);
	proto_rig_done(&r);
}

static void
first_messages_are_recognised(void **state)
{
	static const struct proto_piece bind = { true, BYTES(BIND("\0", EPM)) };
	static const struct proto_piece response = { false, BYTES(RESPONSE("\x01")) };
	static const struct proto_piece strangers[] = {
		{ true, BYTES("\x04") },
		{ true, BYTES("\x06") },
		{ true, BYTES("\x05\x02") },
		{ true, BYTES("\x05\0\x14") },
		{ true, BYTES("\x05\0\x0b\x03\x20") },
		{ true, BYTES("\x05\0\x0b\x03\x12") },
		{ true, BYTES("\x05\0\x0b\x03\x10\x04") },
		{ true, BYTES("\x05\0\x0b\x03\x10\x03\x01") },
		/* 15 bytes are no message. */
		{ true, BYTES("\x05\0\x0b\x03\x10\0\0\0\x0f\0\0\0\0\0\0\0") },
	};
	static const struct proto_piece shortest = { true,
		BYTES("\x05\0\x0b\x03\x10\0\0\0\x10\0\0\0\0\0\0\0") };
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_dce_rpc, &bind, DCE_RPC_HEAD);
	proto_cuts_recognised(&protocol_dce_rpc, &response, DCE_RPC_HEAD);
	proto_cuts_recognised(&protocol_dce_rpc, &shortest, DCE_RPC_HEAD);
	proto_cuts_strangers(&protocol_dce_rpc);
	proto_rig_init(&r, &protocol_dce_rpc);
	for (size_t i = 0; i < COUNT(strangers); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, strangers[i].bytes, strangers[i].size), PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_a_service_manager_are_told),
		cmocka_unit_test(a_call_has_the_interface_that_was_bound),
		cmocka_unit_test(where_the_server_says_that_calls_go_is_told),
		cmocka_unit_test(an_interface_without_a_name_is_its_uuid),
		cmocka_unit_test(numbers_may_be_big_endian),
		cmocka_unit_test(pieces_of_a_call_are_one),
		cmocka_unit_test(the_time_to_the_answer_is_told),
		cmocka_unit_test(at_the_cap_the_oldest_call_is_told_without_an_answer),
		cmocka_unit_test(at_the_cap_the_oldest_interface_is_forgotten),
		cmocka_unit_test(a_log_in_is_told),
		cmocka_unit_test(after_a_gap_it_goes_on_where_a_message_begins),
		cmocka_unit_test(what_is_no_message_ends_it),
		cmocka_unit_test(first_messages_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
