#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_dhcp6;

#define DUID       "\0\1\0\16\0\1\0\1\1\2\3\4\2\0\0\0\0\11"
#define ADDRESS    "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\7"
#define IA_ADDRESS "\0\3\0\50\0\0\0\1\0\0\0\0\0\0\0\0\0\5\0\30" ADDRESS "\0\0\16\20\0\0\34\40"
#define IA_PREFIX  "\0\31\0\51\0\0\0\1\0\0\0\0\0\0\0\0\0\32\0\31\0\0\16\20\0\0\34\40\100" ADDRESS

/* Bytes of a literal. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static const char request[] = "\3\0\0\1" DUID IA_ADDRESS "\0\6\0\4\0\27\0\30"
			      "\0\20\0\11\0\0\1\67\0\3abc"
			      "\0\47\0\15\0\6camera\3lan\0";
static const char reply[] =
	"\7\0\0\1" DUID IA_ADDRESS "\0\27\0\20" ADDRESS "\0\30\0\15\7example\3net\0"
	"\0\15\0\6\0\2full";

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_dhcp6);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	proto_rig_done(&rig);
	return 0;
}

static void
a_request_and_its_reply_are_one_row(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(request));
	rig.ts_ns += 5;
	proto_rig_feed(&rig, false, BYTES(reply));
	assert_string_equal(rig.text,
		"dhcp client_addr=10.0.0.1 server_addr=10.0.0.2 mac=02:00:00:00:00:09 "
		"client_fqdn=camera.lan domain=example.net requested_addr=2001:db8::7 "
		"assigned_addr=2001:db8::7 lease_time=7200000000000 server_message=full "
		"msg_types=[REQUEST|REPLY] duration=5 vendor_class=abc param_list=23,24 "
		"dns_servers=[2001:db8::7] xid=1 version=6\n");
}

static void
a_prefix_is_told_as_an_address(void **state)
{
	(void)state;
	proto_rig_feed(&rig, false, BYTES("\7\0\0\2" IA_PREFIX));
	assert_non_null(strstr(rig.text, "assigned_addr=2001:db8::7 lease_time=7200000000000"));
}

static void
labels_have_their_cap_and_numbers_three_bytes(void **state)
{
	uint8_t bytes[4 + 4 + 66] = { 8, 1, 2, 3, 0, 24, 0, 65 };

	(void)state;
	memset(bytes + 8, 'x', 65);
	bytes[8] = 63;
	bytes[72] = 0;
	proto_rig_feed(&rig, true, bytes, 73);
	proto_rig_end(&rig);
	assert_int_equal(strspn(strstr(rig.text, "domain=") + 7, "x"), 63);
	assert_non_null(strstr(rig.text, "xid=66051 "));
	rig.is_over = false;
	strbuf_reset(&rig.out);
	bytes[7] = 66;
	bytes[8] = 64;
	proto_rig_feed(&rig, true, bytes, 74);
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 2);
	assert_null(strstr(rig.text, "domain="));
}

static void
what_is_asked_of_all_is_told_at_once_but_a_solicit_waits(void **state)
{
	struct proto_call call = proto_rig_call(&rig, true);
	static const uint8_t servers[16] = { 0xff, 2, [13] = 1, [15] = 2 };

	(void)state;
	call.dst = addr_from_v6(servers);
	assert_int_equal(
		protocol_dhcp6.parse(&call, cursor_over(BYTES("\1\0\0\1" DUID))), PROTO_MORE);
	assert_int_equal(rig.told, 0);
	assert_int_equal(protocol_dhcp6.parse(&call, cursor_over(BYTES(request))), PROTO_MORE);
	assert_int_equal(rig.told, 1);
	assert_non_null(strstr(rig.text, "msg_types=[SOLICIT|REQUEST]"));
	assert_null(strstr(rig.text, "server_addr"));
}

#define RELAY "\14\0" ADDRESS ADDRESS
static void
a_relayed_message_is_unwrapped(void **state)
{
	static const char inner[] = "\10\0\0\3" DUID; /* RELEASE: 22 bytes */

	(void)state;
	proto_rig_feed(
		&rig, true, BYTES(RELAY "\0\22\0\1x\0\11\0\74" RELAY "\0\11\0\26\10\0\0\3" DUID));
	proto_rig_end(&rig);
	assert_int_equal(sizeof(inner) - 1, 22);
	assert_non_null(strstr(rig.text, "msg_types=[RELEASE]"));
	assert_non_null(strstr(rig.text, "giaddr=2001:db8::7"));
	assert_non_null(strstr(rig.text, "mac=02:00:00:00:00:09"));
}

static void
eight_relays_are_too_many(void **state)
{
	uint8_t bytes[1024];
	static const uint8_t inner[] = { 8, 0, 0, 3 };

	(void)state;
	for (unsigned relays = 7; relays <= 8; relays++) {
		size_t size = sizeof(inner);
		uint8_t *at = bytes + sizeof(bytes) - size;
		memcpy(at, inner, size);
		for (unsigned i = 0; i < relays; i++) {
			at -= 38;
			memset(at, 0, 38);
			at[0] = 12;
			at[35] = 9;
			at[36] = (uint8_t)(size >> 8);
			at[37] = (uint8_t)size;
			size += 38;
		}
		rig.is_over = false;
		proto_rig_feed(&rig, true, at, size);
		proto_rig_end(&rig);
		assert_int_equal(rig.told, 1);
	}
}

static void
a_relay_without_a_message_says_nothing(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(RELAY));
	proto_rig_feed(&rig, true, BYTES(RELAY "\0\11\0\0"));
	proto_rig_feed(&rig, true, BYTES("\20\0\0\1"));
	proto_rig_feed(&rig, true, BYTES("\0\0\0\1"));
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

static void
options_in_options_go_one_level_down(void **state)
{
	(void)state;
	/* An association in an association, with an address in it. */
	proto_rig_feed(&rig, false,
		BYTES("\7\0\0\2\0\3\0\64\0\0\0\1\0\0\0\0\0\0\0\0\0\3\0\44\0\0\0\1\0\0\0\0\0\0\0\0"
		      "\0\5\0\30" ADDRESS "\0\0\16\20\0\0\34\40"));
	assert_int_equal(rig.told, 1);
	assert_null(strstr(rig.text, "assigned_addr"));
	proto_rig_feed(&rig, false,
		BYTES("\7\0\0\3\0\4\0\40\0\0\0\1\0\5\0\30" ADDRESS "\0\0\16\20\0\0\34\40"));
	assert_non_null(strstr(rig.text, "assigned_addr"));
}

static void
values_of_wrong_sizes_say_nothing(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true,
		BYTES("\10\0\0\2\0\1\0\11\0\3\0\1\1\2\3\4\5\0\6\0\1x\0\20\0\1x\0\47\0\0"
		      "\0\47\0\3\0\100x\0\15\0\2\0\0\0\3\0\1x\0\31\0\1x\0\5\0\1x\0\32\0\1x"));
	proto_rig_end(&rig);
	assert_string_equal(rig.text,
		"dhcp client_addr=10.0.0.1 server_addr=10.0.0.2 msg_types=[RELEASE] duration=0 "
		"xid=2 version=6\n");
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct proto_piece pieces[] = { { true, BYTES(request) }, { false, BYTES(reply) } };
	static struct proto_rig cut;

	(void)state;
	for (size_t at = 0; at <= sizeof(request) + sizeof(reply) - 2; at++)
		(void)proto_rig_truncate(&cut, &protocol_dhcp6, pieces, 2, at);
	assert_int_equal(cut.told, 1);
}

static bool
is_ours(uint16_t port, const char *bytes, size_t size)
{
	const struct proto_call call = { .src_port = 9, .dst_port = port };

	return protocol_dhcp6.looks_like(&call, cursor_over(bytes, size)) == PROTO_YES;
}

static void
it_is_recognised_on_its_ports_by_options_that_fit(void **state)
{
	(void)state;
	assert_true(is_ours(546, BYTES(request)));
	assert_true(is_ours(547, BYTES(request)));
	assert_false(is_ours(548, BYTES(request)));
	assert_false(is_ours(547, request, sizeof(request) - 2));
	assert_true(is_ours(547, "\1\0\0\0", 4));
	assert_false(is_ours(547, "\1\0\0\0", 3));
	assert_false(is_ours(547, "\0\0\0\0", 4));
	assert_true(is_ours(547, "\17\0\0\0", 4));
	assert_false(is_ours(547, "\20\0\0\0", 4));
	assert_true(is_ours(547, BYTES(RELAY)));
	assert_false(is_ours(547, RELAY, sizeof(RELAY) - 2));
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_request_and_its_reply_are_one_row),
		CASE(a_prefix_is_told_as_an_address),
		CASE(labels_have_their_cap_and_numbers_three_bytes),
		CASE(what_is_asked_of_all_is_told_at_once_but_a_solicit_waits),
		CASE(a_relayed_message_is_unwrapped),
		CASE(eight_relays_are_too_many),
		CASE(a_relay_without_a_message_says_nothing),
		CASE(options_in_options_go_one_level_down),
		CASE(values_of_wrong_sizes_say_nothing),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(it_is_recognised_on_its_ports_by_options_that_fit),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
