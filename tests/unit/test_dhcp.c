#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_dhcp;

enum { HEADER = 240, SECOND = 1000000000 };

/* A message under construction: a header, then options. */
struct message {
	uint8_t byte[600];
	size_t size;
};

static struct proto_rig rig;

static struct message
message(bool is_reply, uint8_t xid)
{
	static const uint8_t head[] = { 1, 1, 6, 0, 0, 0, 0 };
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 9 };
	static const uint8_t cookie[] = { 0x63, 0x82, 0x53, 0x63 };
	struct message m = { .size = HEADER };

	memcpy(m.byte, head, sizeof(head));
	m.byte[0] = is_reply ? 2 : 1;
	m.byte[7] = xid;
	memcpy(m.byte + 28, mac, sizeof(mac));
	memcpy(m.byte + 236, cookie, sizeof(cookie));
	return m;
}

static void
option(struct message *m, uint8_t number, const void *value, size_t size)
{
	m->byte[m->size++] = number;
	m->byte[m->size++] = (uint8_t)size;
	memcpy(m->byte + m->size, value, size);
	m->size += size;
}

static void
type(struct message *m, uint8_t number)
{
	option(m, 53, &number, 1);
}

static void
say(bool from_orig, const struct message *m)
{
	proto_rig_feed(&rig, from_orig, m->byte, m->size);
}

/* The same, to all: nothing that answers it comes back in this conversation. */
static void
say_to_all(const struct message *m)
{
	struct proto_call call = proto_rig_call(&rig, true);

	call.src = addr_v4(0, 0, 0, 0);
	call.dst = addr_v4(255, 255, 255, 255);
	assert_int_equal(protocol_dhcp.parse(&call, cursor_over(m->byte, m->size)), PROTO_MORE);
}

static struct message
discover(uint8_t xid)
{
	struct message m = message(false, xid);

	type(&m, 1);
	option(&m, 12, "camera", 6);
	option(&m, 60, "udhcp 1.2", 9);
	option(&m, 55, "\1\3\6", 3);
	option(&m, 81, "\0\0\0cam.example", 14);
	return m;
}

static struct message
request(uint8_t xid)
{
	struct message m = message(false, xid);

	type(&m, 3);
	option(&m, 50, "\300\250\1\7", 4);
	option(&m, 54, "\300\250\1\1", 4);
	option(&m, 51, "\0\1\0\0", 4);
	return m;
}

static struct message
answer(uint8_t xid, uint8_t which)
{
	struct message m = message(true, xid);

	memcpy(m.byte + 16, "\300\250\1\7", 4);
	type(&m, which);
	option(&m, 54, "\300\250\1\1", 4);
	option(&m, 51, "\0\0\16\20", 4);
	option(&m, 1, "\377\377\377\0", 4);
	option(&m, 3, "\300\250\1\1\300\250\1\2", 8);
	option(&m, 6, "\10\10\10\10", 4);
	option(&m, 15, "lan\0", 4);
	return m;
}

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_dhcp);
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
an_exchange_with_a_relay_is_one_row(void **state)
{
	struct message m[] = { discover(1), answer(1, 2), request(1), answer(1, 5) };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		memcpy(m[i].byte + 24, "\12\0\0\3", 4); /* giaddr */
		say(i % 2 == 0, &m[i]);
		rig.ts_ns += SECOND;
	}
	assert_string_equal(rig.text,
		"dhcp client_addr=10.0.0.1 server_addr=192.168.1.1 mac=02:00:00:00:00:09 "
		"host_name=camera client_fqdn=cam.example domain=lan requested_addr=192.168.1.7 "
		"assigned_addr=192.168.1.7 lease_time=3600000000000 "
		"msg_types=[DISCOVER|OFFER|REQUEST|ACK] duration=3000000000 "
		"vendor_class=udhcp 1.2 param_list=1,3,6 giaddr=10.0.0.3 "
		"subnet_mask=255.255.255.0 routers=[192.168.1.1|192.168.1.2] dns_servers=[8.8.8.8] "
		"xid=1 version=4\n");
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 1);
}

static void
what_is_asked_of_all_is_told_at_once(void **state)
{
	struct message m[] = { discover(1), request(1) };

	(void)state;
	say_to_all(&m[0]);
	assert_int_equal(rig.told, 0);
	say_to_all(&m[1]);
	assert_int_equal(rig.told, 1);
	assert_non_null(strstr(rig.text, "msg_types=[DISCOVER|REQUEST]"));
	assert_null(strstr(rig.text, "client_addr"));
	assert_null(strstr(rig.text, "lease_time")); /* a wish is no lease */
}

static void
an_attempt_without_an_answer_is_told_at_the_end(void **state)
{
	struct message m = discover(1);

	(void)state;
	say_to_all(&m);
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 1);
	assert_non_null(strstr(rig.text, "msg_types=[DISCOVER]"));
}

static void
attempts_within_twelve_seconds_are_joined(void **state)
{
	struct message m = discover(1);

	(void)state;
	say_to_all(&m);
	rig.ts_ns += UINT64_C(12) * SECOND - 1;
	say_to_all(&m);
	assert_int_equal(rig.told, 0);
	rig.ts_ns += 1;
	say_to_all(&m);
	assert_int_equal(rig.told, 1);
	assert_non_null(strstr(rig.text, "msg_types=[DISCOVER|DISCOVER] duration=11999999999"));
}

static void
three_exchanges_are_open_and_the_oldest_makes_room(void **state)
{
	(void)state;
	for (uint8_t xid = 1; xid <= 3; xid++) {
		struct message m = discover(xid);
		say_to_all(&m);
		rig.ts_ns++;
	}
	assert_int_equal(rig.told, 0);
	struct message m = discover(4);
	say_to_all(&m);
	assert_int_equal(rig.told, 1);
	assert_non_null(strstr(rig.text, "xid=1 "));
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 4);
}

static void
sixteen_messages_are_a_row(void **state)
{
	struct message m = discover(1);

	(void)state;
	for (unsigned i = 0; i < 15; i++)
		say_to_all(&m);
	assert_int_equal(rig.told, 0);
	say_to_all(&m);
	assert_int_equal(rig.told, 1);
	say_to_all(&m);
	assert_int_equal(rig.told, 1);
}

static void
each_last_message_ends_its_exchange(void **state)
{
	(void)state;
	for (uint8_t which = 1; which <= 18; which++) {
		bool is_last = (which >= 4 && which <= 7) || (which >= 11 && which <= 13);
		struct message m = message(false, 1);
		type(&m, which);
		say(true, &m);
		assert_int_equal(rig.told, is_last);
		proto_rig_end(&rig);
		assert_int_equal(rig.told, 1);
		proto_rig_done(&rig);
		proto_rig_init(&rig, &protocol_dhcp);
	}
}

static void
what_has_no_known_type_is_not_told(void **state)
{
	struct message none = message(false, 1);
	struct message unknown = message(false, 2);
	struct message zero = message(false, 3);

	(void)state;
	option(&none, 12, "camera", 6);
	type(&unknown, 19);
	type(&zero, 0);
	say(true, &none);
	say(true, &unknown);
	say(true, &zero);
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

static void
options_go_on_in_other_fields(void **state)
{
	struct message m = message(false, 1);
	struct message plain = message(false, 2);

	(void)state;
	memcpy(m.byte + 44, "\17\3lan\377", 6);     /* sname: domain */
	memcpy(m.byte + 108, "\14\6camera\377", 9); /* file: host name */
	plain = m;
	type(&m, 7);
	option(&m, 52, "\3", 1);
	say(true, &m);
	assert_non_null(strstr(rig.text, "host_name=camera domain=lan"));
	type(&plain, 7);
	say(true, &plain);
	assert_int_equal(rig.told, 2);
	assert_null(strstr(strchr(rig.text, '\n'), "host_name"));
}

static void
a_server_repeats_a_name_and_the_clients_counts(void **state)
{
	struct message m[] = { message(false, 1), message(true, 1) };

	(void)state;
	type(&m[0], 3);
	option(&m[0], 12, "Camera", 6);
	type(&m[1], 6);
	option(&m[1], 12, "camera", 6);
	option(&m[1], 56, "no\0", 3);
	say(true, &m[0]);
	say(false, &m[1]);
	assert_non_null(
		strstr(rig.text, "host_name=Camera server_message=no msg_types=[REQUEST|NAK]"));
	assert_non_null(strstr(rig.text, "server_addr=10.0.0.2")); /* it did not name itself */
}

static void
a_message_of_the_client_is_its_own(void **state)
{
	struct message m = message(false, 1);

	(void)state;
	type(&m, 4);
	option(&m, 56, "in use", 6);
	option(&m, 50, "\0\0\0\0", 4);
	say(true, &m);
	assert_non_null(strstr(rig.text, "requested_addr=0.0.0.0 client_message=in use"));
}

static void
names_as_labels_are_read(void **state)
{
	struct message m = message(false, 1);

	(void)state;
	type(&m, 7);
	option(&m, 81, "\4\0\0\3cam\7example\0", 16);
	say(true, &m);
	assert_non_null(strstr(rig.text, "client_fqdn=cam.example "));
}

static void
lists_and_texts_have_their_caps(void **state)
{
	struct message m = message(true, 1);
	uint8_t bytes[255];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	type(&m, 5);
	option(&m, 12, bytes, 128);
	option(&m, 3, bytes, 20);
	option(&m, 6, bytes, 19);
	say(false, &m);
	memset(bytes, 200, sizeof(bytes));
	assert_non_null(strstr(rig.text, "routers=[120.120.120.120|120.120.120.120|120.120.120.120|"
					 "120.120.120.120] dns_servers"));
	const char *name = strstr(rig.text, "host_name=") + 10;
	assert_int_equal(strspn(name, "x"), 127);
	struct message many = message(false, 2);
	type(&many, 7);
	option(&many, 55, bytes, 255);
	say(true, &many);
	const char *list = strstr(rig.text, "param_list=") + 11;
	assert_true(strspn(list, "0123456789,") < 128);
	assert_int_equal(strspn(list, "0123456789,") % 4, 3); /* no number is cut */
}

static void
values_of_wrong_sizes_say_nothing(void **state)
{
	struct message m = message(true, 1);

	(void)state;
	type(&m, 5);
	option(&m, 1, "\1\2\3", 3);
	option(&m, 50, "\1\2\3\4\5", 5);
	option(&m, 51, "\1\2\3", 3);
	option(&m, 54, "", 0);
	option(&m, 12, "", 0);
	option(&m, 81, "\4\0", 2);
	option(&m, 55, "", 0);
	say(false, &m);
	assert_string_equal(rig.text,
		"dhcp client_addr=10.0.0.1 server_addr=10.0.0.2 mac=02:00:00:00:00:09 "
		"msg_types=[ACK] duration=0 xid=1 version=4\n");
}

static void
the_end_option_ends_and_padding_does_not(void **state)
{
	struct message m = message(false, 1);

	(void)state;
	m.byte[m.size++] = 0;
	type(&m, 7);
	m.byte[m.size++] = 255;
	option(&m, 12, "late", 4);
	say(true, &m);
	assert_int_equal(rig.told, 1);
	assert_null(strstr(rig.text, "late"));
}

static void
other_hardware_has_no_mac(void **state)
{
	struct message m = message(false, 1);

	(void)state;
	m.byte[1] = 32; /* InfiniBand */
	type(&m, 7);
	say(true, &m);
	assert_null(strstr(rig.text, "mac="));
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct message m[] = { discover(1), answer(1, 2), request(1), answer(1, 5) };
	struct proto_piece pieces[4];
	size_t total = 0;
	static struct proto_rig cut;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		pieces[i] = (struct proto_piece){ i % 2 == 0, m[i].byte, m[i].size };
		total += m[i].size;
	}
	for (size_t at = 0; at <= total; at++)
		(void)proto_rig_truncate(&cut, &protocol_dhcp, pieces, 4, at);
	assert_int_equal(cut.told, 1);
}

static bool
is_ours(const struct message *m, size_t size, bool on_its_ports)
{
	struct proto_call call = { .src_port = on_its_ports ? 68 : 1000, .dst_port = 67 };

	return protocol_dhcp.looks_like(&call, cursor_over(m->byte, size)) == PROTO_YES;
}

static void
it_is_recognised_by_its_cookie(void **state)
{
	struct message m = discover(1);

	(void)state;
	assert_true(is_ours(&m, HEADER, false));
	assert_false(is_ours(&m, HEADER - 1, true));
	m.byte[0] = 3;
	assert_false(is_ours(&m, m.size, true));
	m.byte[0] = 2;
	m.byte[2] = 7; /* Ethernet has six */
	assert_false(is_ours(&m, m.size, true));
	m.byte[1] = 32;
	assert_true(is_ours(&m, m.size, false));
	m.byte[2] = 17;
	assert_false(is_ours(&m, m.size, false));
}

static void
without_its_cookie_the_ports_tell(void **state)
{
	struct message m = discover(1);

	(void)state;
	m.byte[239]++;
	assert_false(is_ours(&m, m.size, false));
	assert_true(is_ours(&m, m.size, true));
	say(true, &m);
	proto_rig_end(&rig);
	assert_int_equal(rig.told, 0);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(an_exchange_with_a_relay_is_one_row),
		CASE(what_is_asked_of_all_is_told_at_once),
		CASE(an_attempt_without_an_answer_is_told_at_the_end),
		CASE(attempts_within_twelve_seconds_are_joined),
		CASE(three_exchanges_are_open_and_the_oldest_makes_room),
		CASE(sixteen_messages_are_a_row),
		CASE(each_last_message_ends_its_exchange),
		CASE(what_has_no_known_type_is_not_told),
		CASE(options_go_on_in_other_fields),
		CASE(a_server_repeats_a_name_and_the_clients_counts),
		CASE(a_message_of_the_client_is_its_own),
		CASE(names_as_labels_are_read),
		CASE(lists_and_texts_have_their_caps),
		CASE(values_of_wrong_sizes_say_nothing),
		CASE(the_end_option_ends_and_padding_does_not),
		CASE(other_hardware_has_no_mac),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(it_is_recognised_by_its_cookie),
		CASE(without_its_cookie_the_ports_tell),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
