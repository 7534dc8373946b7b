#include "daemon/site/site_mac.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t day_ns = UINT64_C(86400) * NS_PER_S;

static struct site_mac mac;

static int
setup(void **state)
{
	(void)state;
	mac = (struct site_mac){ 0 };
	return 0;
}

static void
see(struct addr a, bool by_arp, uint64_t at_s)
{
	site_mac_see(&mac, &a, by_arp, at_s * NS_PER_S);
}

static void
assert_bears(struct addr a)
{
	assert_true(mac.has_v4);
	assert_true(addr_equal(&mac.v4, &a));
}

static void
a_card_keeps_its_first_v4_address_so_that_a_second_can_be_told(void **state)
{
	(void)state;
	see(addr_v4(10, 0, 0, 1), false, 1);
	assert_bears(addr_v4(10, 0, 0, 1));
	assert_int_equal(mac.others, 0);
	see(addr_v4(10, 0, 0, 2), false, 2);
	assert_bears(addr_v4(10, 0, 0, 1));
	assert_int_equal(mac.others, 1);
	assert_int_equal(mac.v4_seen_ns, NS_PER_S);
}

static void
the_same_other_address_again_is_not_one_more(void **state)
{
	(void)state;
	see(addr_v4(10, 0, 0, 1), false, 1);
	for (unsigned i = 0; i < 10; i++)
		see(addr_v4(10, 0, 0, 2), false, 2 + i);
	assert_int_equal(mac.others, 1);
	for (unsigned i = 0; i < 600; i++)
		see(addr_v4(10, 0, 1, (uint8_t)i), false, 20);
	assert_int_equal(mac.others, UINT8_MAX);
}

static void
v6_addresses_are_many_and_change_nothing(void **state)
{
	struct addr v6 = { .byte = { 0xfd, [15] = 1 } };

	(void)state;
	see(v6, false, 1);
	assert_false(mac.has_v4);
	see(addr_v4(10, 0, 0, 1), false, 2);
	v6.byte[15] = 2;
	see(v6, false, 3);
	assert_bears(addr_v4(10, 0, 0, 1));
	assert_int_equal(mac.others, 0);
}

static void
an_address_given_up_for_a_day_is_followed_by_another(void **state)
{
	(void)state;
	see(addr_v4(10, 0, 0, 1), false, 1);
	see(addr_v4(10, 0, 0, 2), false, 86400);
	assert_bears(addr_v4(10, 0, 0, 1));
	see(addr_v4(10, 0, 0, 2), false, 86401);
	assert_bears(addr_v4(10, 0, 0, 2));
	assert_int_equal(mac.v4_seen_ns, NS_PER_S + day_ns);
}

static void
a_link_local_address_is_followed_at_once(void **state)
{
	(void)state;
	see(addr_v4(169, 254, 3, 4), true, 1);
	see(addr_v4(10, 0, 0, 2), false, 2);
	assert_bears(addr_v4(10, 0, 0, 2));
	assert_int_equal(mac.others, 0);
}

static void
arp_outweighs_packets(void **state)
{
	(void)state;
	see(addr_v4(10, 9, 9, 9), false, 1); /* routed for another */
	see(addr_v4(10, 0, 0, 1), true, 2);
	assert_bears(addr_v4(10, 0, 0, 1));
	assert_true(mac.by_arp);
	see(addr_v4(10, 0, 0, 1), false, 3); /* a packet of its own makes it no less certain */
	assert_true(mac.by_arp);
	see(addr_v4(10, 0, 0, 2), true, 4); /* ARP against ARP: the first stays */
	assert_bears(addr_v4(10, 0, 0, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, NULL)
		TEST(a_card_keeps_its_first_v4_address_so_that_a_second_can_be_told),
		TEST(the_same_other_address_again_is_not_one_more),
		TEST(v6_addresses_are_many_and_change_nothing),
		TEST(an_address_given_up_for_a_day_is_followed_by_another),
		TEST(a_link_local_address_is_followed_at_once),
		TEST(arp_outweighs_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
