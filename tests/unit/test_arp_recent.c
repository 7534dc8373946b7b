#include "daemon/engine/arp_recent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define T0 (1600000000 * NS_PER_S)

static struct packet
request(uint16_t interface, uint8_t target, uint64_t ts_ns)
{
	return (struct packet){
		.kind = PACKET_ARP,
		.ts_ns = ts_ns,
		.interface = interface,
		.src_mac = { { 2, 0, 0, 0, 0, 1 } },
		.dst_mac = { { 255, 255, 255, 255, 255, 255 } },
		.arp = { .operation = 1,
			.sender_mac = { { 2, 0, 0, 0, 0, 1 } },
			.sender = addr_v4(10, 0, 0, 1),
			.target = addr_v4(10, 0, 0, target) },
	};
}

static bool
takes(struct arp_recent *r, uint16_t interface, uint8_t target, uint64_t ts_ns)
{
	struct packet p = request(interface, target, ts_ns);

	return arp_recent_takes(r, &p);
}

static void
a_request_on_two_ports_counts_on_the_first(void **state)
{
	struct arp_recent r = { 0 };

	(void)state;
	for (unsigned s = 0; s < 5; s++) {
		assert_true(takes(&r, 0, 9, T0 + s * NS_PER_S));
		assert_false(takes(&r, 1, 9, T0 + s * NS_PER_S + NS_PER_MS));
		assert_false(takes(&r, 2, 9, T0 + s * NS_PER_S - NS_PER_MS));
	}
}

static void
nothing_is_like_a_message_that_was_never_sent(void **state)
{
	struct arp_recent r = { 0 };
	struct packet zero = { .kind = PACKET_ARP, .interface = 1 };

	(void)state;
	assert_true(arp_recent_takes(&r, &zero));
}

static void
a_request_that_is_repeated_counts_as_often_as_it_is_sent(void **state)
{
	struct arp_recent r = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 5; i++)
		assert_true(takes(&r, 3, 9, T0 + i * NS_PER_MS));
}

static void
a_message_moves_when_its_interface_was_silent_for_two_seconds(void **state)
{
	struct arp_recent r = { 0 };

	(void)state;
	assert_true(takes(&r, 0, 9, T0));
	assert_false(takes(&r, 1, 9, T0 + ARP_RECENT_SILENCE_NS));
	assert_true(takes(&r, 1, 9, T0 + ARP_RECENT_SILENCE_NS + 1));
	assert_false(takes(&r, 0, 9, T0 + ARP_RECENT_SILENCE_NS + 2));
}

static void
a_message_that_differs_in_anything_is_another(void **state)
{
	struct arp_recent r = { 0 };

	(void)state;
	assert_true(takes(&r, 0, 9, T0));
	struct packet other[7];
	for (unsigned i = 0; i < 7; i++)
		other[i] = request(1, 9, T0);
	other[0].arp.operation = 2;
	other[1].arp.target = addr_v4(10, 0, 0, 8);
	other[2].arp.sender = addr_v4(10, 0, 0, 2);
	other[3].arp.sender_mac.byte[5] = 2;
	other[4].arp.target_mac.byte[5] = 2;
	other[5].src_mac.byte[5] = 2;
	other[6].dst_mac.byte[5] = 2;
	for (unsigned i = 0; i < 7; i++)
		assert_true(arp_recent_takes(&r, &other[i]));
}

static void
the_oldest_of_many_is_forgotten(void **state)
{
	struct arp_recent r = { 0 };

	(void)state;
	for (unsigned i = 0; i < ARP_RECENT_MAX + 1; i++)
		assert_true(takes(&r, 0, (uint8_t)i, T0));
	for (unsigned i = 1; i < ARP_RECENT_MAX + 1; i++)
		assert_false(takes(&r, 1, (uint8_t)i, T0));
	assert_true(takes(&r, 1, 0, T0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_on_two_ports_counts_on_the_first),
		cmocka_unit_test(nothing_is_like_a_message_that_was_never_sent),
		cmocka_unit_test(a_request_that_is_repeated_counts_as_often_as_it_is_sent),
		cmocka_unit_test(a_message_moves_when_its_interface_was_silent_for_two_seconds),
		cmocka_unit_test(a_message_that_differs_in_anything_is_another),
		cmocka_unit_test(the_oldest_of_many_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
