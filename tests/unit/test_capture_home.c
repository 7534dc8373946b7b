#include "daemon/loop/capture/capture_home.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ADDRESSES = 9 };

/* What the system says: in place of the C library's. */
static struct {
	struct ifaddrs list;
	char interface[16];
	struct sockaddr_storage address, mask;
} all[ADDRESSES];
static size_t all_count;
static bool fails;
static unsigned lists; /* that are to be freed */

int
getifaddrs(struct ifaddrs **__ifap) /* as the C library calls it */
{
	if (fails)
		return -1;
	for (size_t i = 0; i < all_count; i++)
		all[i].list.ifa_next = i + 1 < all_count ? &all[i + 1].list : NULL;
	*__ifap = all_count > 0 ? &all[0].list : NULL;
	lists++;
	return 0;
}

void
freeifaddrs(struct ifaddrs *__ifa)
{
	assert_ptr_equal(__ifa, all_count > 0 ? &all[0].list : NULL);
	lists--;
}

static void
set(struct sockaddr_storage *into, const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	if (addr_is_v4(&a)) {
		struct sockaddr_in in = { .sin_family = AF_INET };
		memcpy(&in.sin_addr, a.byte + 12, 4);
		memcpy(into, &in, sizeof(in));
	} else {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
		memcpy(&in6.sin6_addr, a.byte, 16);
		memcpy(into, &in6, sizeof(in6));
	}
}

static void
has_address(const char *interface, const char *address, const char *mask)
{
	size_t i = all_count++;

	assert_true(i < ADDRESSES);
	memset(&all[i], 0, sizeof(all[i]));
	(void)snprintf(all[i].interface, sizeof(all[i].interface), "%s", interface);
	all[i].list.ifa_name = all[i].interface;
	if (address != NULL) {
		set(&all[i].address, address);
		all[i].list.ifa_addr = (void *)&all[i].address;
	}
	if (mask != NULL) {
		set(&all[i].mask, mask);
		all[i].list.ifa_netmask = (void *)&all[i].mask;
	}
}

static int
start(void **state)
{
	(void)state;
	all_count = 0;
	fails = false;
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	assert_int_equal(lists, 0);
	return 0;
}

static void
assert_net(const struct cidr *net, const char *expected)
{
	struct cidr is;

	assert_true(cidr_parse(expected, &is));
	assert_true(addr_equal(&net->base, &is.base));
	assert_int_equal(net->prefix_len, is.prefix_len);
}

static void
an_address_is_in_a_network(void **state)
{
	struct cidr nets[8];

	(void)state;
	has_address("eth0", NULL, NULL);
	has_address("eth0", "192.168.99.1", "255.255.255.0");
	all[1].list.ifa_addr->sa_family = AF_PACKET; /* its hardware's */
	has_address("eth0", "192.168.7.33", "255.255.255.0");
	has_address("eth1", "10.0.0.1", "255.0.0.0");
	has_address("eth0", "10.131.1.1", "255.192.0.0");
	has_address("eth0", "203.0.113.9", "255.255.255.255");
	has_address("eth0", "2001:db8:77:1::5", "ffff:ffff:ffff:ffff::");
	assert_int_equal(capture_home_add("eth0", nets, 0, 8), 4);
	assert_net(&nets[0], "192.168.7.0/24");
	assert_net(&nets[1], "10.128.0.0/10");
	assert_net(&nets[2], "203.0.113.9/32");
	assert_net(&nets[3], "2001:db8:77:1::/64");
	assert_int_equal(capture_home_add("eth1", nets, 4, 8), 5);
	assert_net(&nets[4], "10.0.0.0/8");
	assert_int_equal(capture_home_add("none", nets, 5, 8), 5);
}

static void
what_says_nothing_of_a_site_is_left_out(void **state)
{
	struct cidr nets[8];

	(void)state;
	has_address("eth0", "169.254.9.9", "255.255.0.0");
	has_address("eth0", "fe80::1", "ffff:ffff:ffff:ffff::");
	has_address("eth0", "198.51.100.1", "0.0.0.0");
	has_address("eth0", "2001:db8::1", "::");
	has_address("eth0", "192.0.2.1", NULL);
	assert_int_equal(capture_home_add("eth0", nets, 0, 8), 0);
}

static void
each_network_is_there_once_and_never_more_than_there_is_room(void **state)
{
	struct cidr nets[2];

	(void)state;
	has_address("eth0", "192.168.7.33", "255.255.255.0");
	has_address("eth0", "192.168.7.34", "255.255.255.0");
	has_address("eth0", "192.168.7.34", "255.255.255.128");
	has_address("eth0", "192.168.8.1", "255.255.255.0");
	assert_int_equal(capture_home_add("eth0", nets, 0, 2), 2);
	assert_net(&nets[0], "192.168.7.0/24");
	assert_net(&nets[1], "192.168.7.0/25");
	assert_int_equal(capture_home_add("eth0", nets, 1, 1), 1);
	assert_int_equal(capture_home_add("eth0", nets, 0, 1), 1); /* what lay there is no member */
	fails = true;
	assert_int_equal(capture_home_add("eth0", nets, 1, 2), 1);
}

static void
assert_own(const struct addr *own, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(own, text), expected);
}

static void
an_interface_has_addresses_of_the_sensor(void **state)
{
	struct addr own[8];

	(void)state;
	has_address("lo", "127.0.0.1", "255.0.0.0");
	has_address("eth0", NULL, NULL);
	has_address("eth0", "192.168.99.1", "255.255.255.0");
	all[2].list.ifa_addr->sa_family = AF_PACKET; /* its hardware's */
	has_address("eth0", "192.168.7.33", "255.255.255.0");
	has_address("eth1", "10.0.0.1", NULL);
	has_address("eth0", "fe80::33", "ffff:ffff:ffff:ffff::");
	has_address("eth1", "192.168.7.33", "255.255.255.0");
	assert_int_equal(capture_home_own("eth0", own, 0, 8), 2);
	assert_own(&own[0], "192.168.7.33");
	assert_own(&own[1], "fe80::33");
	assert_int_equal(capture_home_own("eth1", own, 2, 8), 3); /* one was there */
	assert_own(&own[2], "10.0.0.1");
	assert_int_equal(capture_home_own("none", own, 3, 8), 3);
	assert_int_equal(capture_home_own("any", own, 0, 8), 3);
	assert_own(&own[0], "192.168.7.33");
	assert_own(&own[1], "10.0.0.1");
	assert_own(&own[2], "fe80::33");
	assert_int_equal(capture_home_own("lo", own, 0, 8), 1);
	assert_own(&own[0], "127.0.0.1");
}

static void
addresses_are_never_more_than_there_is_room(void **state)
{
	struct addr own[2] = { 0 };

	(void)state;
	has_address("eth0", "192.168.7.33", NULL);
	has_address("eth0", "192.168.7.34", NULL);
	assert_int_equal(capture_home_own("eth0", own, 0, 1), 1);
	assert_true(addr_is_unspecified(&own[1]));
	assert_int_equal(capture_home_own("eth0", own, 1, 1), 1);
	assert_int_equal(capture_home_own("eth0", own, 1, 2), 2);
	assert_own(&own[1], "192.168.7.34");
	fails = true;
	assert_int_equal(capture_home_own("eth0", own, 1, 2), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_address_is_in_a_network, start, stop),
		cmocka_unit_test_setup_teardown(
			what_says_nothing_of_a_site_is_left_out, start, stop),
		cmocka_unit_test_setup_teardown(
			each_network_is_there_once_and_never_more_than_there_is_room, start, stop),
		cmocka_unit_test_setup_teardown(
			an_interface_has_addresses_of_the_sensor, start, stop),
		cmocka_unit_test_setup_teardown(
			addresses_are_never_more_than_there_is_room, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
