#include "tests/support/proto_rig.h"

#include "daemon/transactions/nd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_icmp6;

#define BYTES(literal) (literal), sizeof(literal) - 1
#define ADDRESS        "\376\200\0\0\0\0\0\0\0\0\0\0\0\0\0\7"
#define SERVER         "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\65"
#define CARD           "\2\0\0\0\0\11"
#define PREFIX(length) \
	"\3\4" length "\300\0\0\16\20\0\0\0\0\0\0\0\0\40\1\15\270\0\1\377\1\0\0\0\0\0\0\0\7"

static const char advert[] = "\206\0\0\0\100\300\7\10\0\0\0\0\0\0\0\0\1\1" CARD
			     "\5\1\0\0\0\0\5\334" PREFIX("\100") "\31\3\0\0\0\0\0\1" SERVER;

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_icmp6);
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
a_router_says_what_its_link_is_like(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(advert));
	assert_string_equal(rig.text,
		"- type=router_advertisement sender=10.0.0.1 receiver=10.0.0.2 mac=02:00:00:00:00:09 managed=yes "
		"other_config=yes lifetime=1800000000000 prefixes=[2001:db8:1:ff01::/64] "
		"dns_servers=[2001:db8::35] mtu=1500\n");
	assert_int_equal(rig.verdict, PROTO_MORE);
}

static void
a_neighbour_says_whose_address_it_is(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("\207\0\0\0\0\0\0\0" ADDRESS "\1\1" CARD));
	proto_rig_feed(&rig, false, BYTES("\210\0\0\0\240\0\0\0" ADDRESS "\2\1" CARD));
	assert_string_equal(rig.text,
		"- type=neighbor_solicitation sender=10.0.0.1 receiver=10.0.0.2 target=fe80::7 mac=02:00:00:00:00:09\n"
		"- type=neighbor_advertisement sender=10.0.0.2 receiver=10.0.0.1 target=fe80::7 "
		"mac=02:00:00:00:00:09 router=yes solicited=no override=yes\n");
}

static void
a_redirect_names_the_better_hop(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("\211\0\0\0\0\0\0\0" ADDRESS SERVER "\2\1" CARD));
	proto_rig_feed(&rig, true, BYTES("\205\0\0\0\0\0\0\0\1\1" CARD));
	assert_string_equal(rig.text,
		"- type=redirect sender=10.0.0.1 receiver=10.0.0.2 target=fe80::7 mac=02:00:00:00:00:09\n"
		"- type=router_solicitation sender=10.0.0.1 receiver=10.0.0.2 mac=02:00:00:00:00:09\n");
}

static void
hear(void *context, const struct observation *o)
{
	struct nd_prefix *ret_prefix = context;

	*ret_prefix = o->nd->prefix[0];
	assert_int_equal(o->nd->prefix_count, 1);
	assert_memory_equal(&o->nd->card, CARD, 6);
}

static void
a_prefix_is_there_as_a_value_too(void **state)
{
	struct proto_call call = proto_rig_call(&rig, true);
	struct nd_prefix prefix;
	struct cidr net;

	(void)state;
	call.emit = hear;
	call.context = &prefix;
	assert_int_equal(protocol_icmp6.parse(&call, cursor_over(BYTES(advert))), PROTO_MORE);
	assert_true(cidr_parse("2001:db8:1:ff01::/64", &net));
	assert_memory_equal(&prefix.net, &net, sizeof(net));
	assert_true(prefix.on_link && prefix.autonomous);
	assert_int_equal(prefix.valid_s, 3600);
}

static void
host_bits_of_a_prefix_are_dropped(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true,
		BYTES("\206\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" PREFIX("\200") PREFIX("\201")
				PREFIX("\70") PREFIX("\60") PREFIX("\0")));
	assert_non_null(strstr(rig.text, "prefixes=[2001:db8:1:ff01::7/128|2001:db8:1:ff00::/56|"
					 "2001:db8:1::/48|::/0]"));
}

static void
lists_have_their_caps(void **state)
{
	uint8_t bytes[16 + 9 * 32 + 88];
	static const uint8_t prefix[32] = { 3, 4, 64, 0xc0, [16] = 0x20, 1 };

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	bytes[0] = 134;
	for (unsigned i = 0; i < 9; i++)
		memcpy(bytes + 16 + (size_t)i * 32, prefix, 32);
	bytes[16 + 9 * 32] = 25;
	bytes[16 + 9 * 32 + 1] = 11; /* five servers */
	proto_rig_feed(&rig, true, bytes, sizeof(bytes));
	unsigned count = 0;
	for (const char *at = rig.text; (at = strstr(at, "2001::")) != NULL; at++)
		count++;
	assert_int_equal(count, 8);
	assert_non_null(strstr(rig.text, "dns_servers=[::|::|::|::]\n"));
}

static void
options_without_a_length_or_an_end_void_the_message(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES("\205\0\0\0\0\0\0\0\1\0" CARD));
	proto_rig_feed(&rig, true, BYTES("\205\0\0\0\0\0\0\0\1\2" CARD));
	proto_rig_feed(&rig, true, BYTES("\205\0\0\0\0\0\0\0\1"));
	assert_int_equal(rig.told, 0);
	proto_rig_feed(&rig, true, BYTES("\205\0\0\0\0\0\0\0\1\2" CARD CARD "\0\0"));
	assert_int_equal(rig.told, 1);
	assert_null(strstr(rig.text, "mac")); /* not Ethernet's */
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct proto_piece piece = { true, BYTES(advert) };
	static struct proto_rig cut;

	(void)state;
	for (size_t at = 0; at < sizeof(advert); at++)
		(void)proto_rig_truncate(&cut, &protocol_icmp6, &piece, 1, at);
	assert_int_equal(cut.told, 1);
}

static bool
is_ours(uint8_t type, uint8_t code, uint8_t hop_limit)
{
	const uint8_t bytes[8] = { type, code };
	const struct proto_call call = { .hop_limit = hop_limit };

	return protocol_icmp6.looks_like(&call, cursor_over(bytes, sizeof(bytes))) == PROTO_YES;
}

static void
only_messages_of_the_link_are_ours(void **state)
{
	struct proto_call call = proto_rig_call(&rig, true);

	(void)state;
	for (unsigned type = 0; type < 256; type++)
		assert_int_equal(is_ours((uint8_t)type, 0, 255), type >= 133 && type <= 137);
	assert_false(is_ours(134, 1, 255));
	assert_false(is_ours(134, 0, 254));
	call.hop_limit = 254;
	assert_int_equal(protocol_icmp6.parse(&call, cursor_over(BYTES(advert))), PROTO_MORE);
	proto_rig_feed(&rig, true, BYTES("\200\0\0\0\0\0\0\0"));
	proto_rig_feed(&rig, true, BYTES("\205\1\0\0\0\0\0\0"));
	assert_int_equal(rig.told, 0);
	assert_string_equal(protocol_icmp6.name, "");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_router_says_what_its_link_is_like),
		CASE(a_neighbour_says_whose_address_it_is),
		CASE(a_redirect_names_the_better_hop),
		CASE(a_prefix_is_there_as_a_value_too),
		CASE(host_bits_of_a_prefix_are_dropped),
		CASE(lists_have_their_caps),
		CASE(options_without_a_length_or_an_end_void_the_message),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(only_messages_of_the_link_are_ours),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
