#include "daemon/site/site_network.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct mac router = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac other = { { 2, 0, 0, 0, 0, 2 } };

static struct addr
address(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static bool
is_local(const struct site_network *n, const char *text)
{
	struct addr a = address(text);

	return site_network_is_local(n, &a);
}

static void
add(struct site_network *n, const char *text)
{
	struct cidr net;

	assert_true(cidr_parse(text, &net));
	site_network_add(n, &net);
}

static void
see(struct site_network *n, const char *text)
{
	struct addr a = address(text);

	site_network_see(n, &a);
}

static void
told_networks_are_local_and_nothing_is_learned(void **state)
{
	struct site_network n = { 0 };

	(void)state;
	assert_false(is_local(&n, "10.0.0.1"));
	add(&n, "192.168.7.0/24");
	add(&n, "2001:db8::/32");
	see(&n, "10.0.0.1");
	assert_true(is_local(&n, "192.168.7.9"));
	assert_true(is_local(&n, "2001:db8::1"));
	assert_false(is_local(&n, "192.168.8.9"));
	assert_false(is_local(&n, "2001:db9::1"));
	assert_false(is_local(&n, "10.0.0.1"));
	assert_false(site_network_is_learned(&n));
}

static void
the_first_private_address_tells_its_range(void **state)
{
	static const struct {
		const char *first, *inside, *outside;
	} rows[] = {
		{ "10.1.2.3", "10.255.0.1", "11.0.0.1" },
		{ "172.31.2.3", "172.16.0.1", "172.32.0.1" },
		{ "192.168.1.3", "192.168.255.1", "192.169.0.1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct site_network n = { 0 };
		see(&n, "8.8.8.8");
		see(&n, "fd00::1");
		see(&n, "169.254.1.1");
		assert_int_equal(n.local_count, 0);
		see(&n, rows[i].first);
		see(&n, i == 0 ? "192.168.1.1" : "10.0.0.1"); /* the second changes nothing */
		assert_true(is_local(&n, rows[i].inside));
		assert_false(is_local(&n, rows[i].outside));
		assert_int_equal(n.local_count, 1);
		assert_true(site_network_is_learned(&n));
	}
}

static void
networks_past_the_last_place_are_left_out(void **state)
{
	struct site_network n = { 0 };

	(void)state;
	for (unsigned i = 0; i < SITE_NETWORKS_MAX; i++)
		add(&n, "192.168.7.0/24");
	add(&n, "10.0.0.0/8");
	assert_int_equal(n.local_count, SITE_NETWORKS_MAX);
	assert_false(is_local(&n, "10.0.0.1"));
}

static void
the_first_gateway_stays_while_it_carries(void **state)
{
	struct site_network n = { 0 };

	(void)state;
	assert_false(site_network_is_gateway_mac(&n, &router));
	assert_true(site_network_carried(&n, 3, &router, 100 * NS_PER_S));
	assert_false(site_network_carried(&n, 3, &router, 400 * NS_PER_S));
	assert_false(site_network_carried(&n, 3, &router, 200 * NS_PER_S)); /* out of order */
	assert_false(site_network_carried(&n, 3, &other, 1000 * NS_PER_S - 1));
	assert_true(site_network_is_gateway_mac(&n, &router));
	assert_false(site_network_is_gateway_mac(&n, &other));
	assert_true(site_network_carried(&n, 3, &other, 1000 * NS_PER_S));
	assert_true(site_network_is_gateway_mac(&n, &other));
	assert_false(site_network_is_gateway_mac(&n, &router));
	assert_true(site_network_is_learned(&n));
}

static void
each_interface_has_its_gateway(void **state)
{
	struct site_network n = { 0 };

	(void)state;
	assert_true(site_network_carried(&n, INTERFACES_MAX - 1, &router, 1));
	assert_true(site_network_carried(&n, 0, &other, 1));
	assert_true(site_network_is_gateway_mac(&n, &router));
	assert_true(site_network_is_gateway_mac(&n, &other));
	assert_true(site_network_carried(&n, 1, &router, 1));
	assert_int_equal(n.gateway_end, INTERFACES_MAX);
	struct addr own =
		address("10.0.0.1"); /* all of them are looked at, and none past the last */
	assert_false(site_network_is_gateway(&n, &own));
	assert_false(site_network_is_gateway_mac(&n, &(struct mac){ { 2, 9 } }));
	site_network_name_gateway(&n, &router, &own);
	assert_true(n.gateways[1].has_addr && n.gateways[INTERFACES_MAX - 1].has_addr);
}

static void
a_gateway_has_the_first_address_it_speaks_as(void **state)
{
	struct site_network n = { 0 };
	struct addr first = address("10.0.0.1");
	struct addr second = address("10.0.0.2");
	struct addr zero = { 0 };

	(void)state;
	site_network_name_gateway(&n, &router, &first);
	assert_false(site_network_is_gateway(&n, &first));
	(void)site_network_carried(&n, 0, &router, 1);
	assert_false(site_network_is_gateway(&n, &zero));
	site_network_name_gateway(&n, &other, &second);
	assert_false(site_network_is_gateway(&n, &second));
	site_network_name_gateway(&n, &router, &first);
	site_network_name_gateway(&n, &router, &second);
	assert_true(site_network_is_gateway(&n, &first));
	assert_false(site_network_is_gateway(&n, &second));
}

static size_t
save(const struct site_network *n, uint8_t *bytes, size_t size)
{
	struct blob b = blob_over(bytes, size);

	site_network_save(n, &b);
	assert_false(b.overflow);
	return b.length;
}

static struct site_network
sample(void)
{
	struct site_network n = { 0 };
	struct addr own = address("10.0.0.1");

	see(&n, "10.0.0.9");
	(void)site_network_carried(&n, 1, &router, 100 * NS_PER_S);
	(void)site_network_carried(&n, 4, &other, 200 * NS_PER_S);
	site_network_name_gateway(&n, &router, &own);
	return n;
}

static void
what_was_learned_comes_back(void **state)
{
	struct site_network n = sample();
	struct site_network back = { 0 };
	struct addr own = address("10.0.0.1");
	uint8_t bytes[512];
	size_t length = save(&n, bytes, sizeof(bytes));

	(void)state;
	assert_true(site_network_restore(&back, cursor_over(bytes, length), 300 * NS_PER_S));
	assert_true(is_local(&back, "10.200.0.1"));
	assert_true(back.learned);
	assert_true(site_network_is_gateway_mac(&back, &router));
	assert_true(site_network_is_gateway_mac(&back, &other));
	assert_true(site_network_is_gateway(&back, &own));
	assert_int_equal(back.gateways[1].seen_ns, 100 * NS_PER_S);
	assert_int_equal(back.gateways[4].seen_ns, 200 * NS_PER_S);
	assert_int_equal(back.gateway_end, 5);

	back = (struct site_network){ 0 };
	assert_true(site_network_restore(&back, cursor_over(bytes, length), 150 * NS_PER_S));
	assert_int_equal(back.gateways[4].seen_ns, 150 * NS_PER_S); /* the clock was set back */
}

static void
a_told_network_stands_against_a_saved_one(void **state)
{
	struct site_network n = sample();
	struct site_network back = { 0 };
	uint8_t bytes[512];
	size_t length = save(&n, bytes, sizeof(bytes));

	(void)state;
	add(&back, "192.168.7.0/24");
	assert_true(site_network_restore(&back, cursor_over(bytes, length), 300 * NS_PER_S));
	assert_false(is_local(&back, "10.200.0.1"));
	assert_int_equal(back.local_count, 1);
	assert_false(back.learned);
	length = save(&back, bytes, sizeof(bytes)); /* and it is not saved: it will be told again */
	back = (struct site_network){ 0 };
	assert_true(site_network_restore(&back, cursor_over(bytes, length), 300 * NS_PER_S));
	assert_int_equal(back.local_count, 0);
}

/* A cut between two gateways is a whole section of fewer of them. */
static void
half_of_it_is_refused(void **state)
{
	enum { NETWORK = 1 + 17, GATEWAY = 1 + 6 + 1 + 16 + 8 };
	struct site_network n = sample();
	uint8_t bytes[512];
	size_t length = save(&n, bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(length, NETWORK + 2 * GATEWAY);
	for (size_t cut = 0; cut <= length; cut++) {
		struct site_network back = { 0 };
		bool whole = cut >= NETWORK && (cut - NETWORK) % GATEWAY == 0;
		assert_int_equal(site_network_restore(&back, cursor_over(bytes, cut), 1), whole);
		if (!whole)
			assert_false(site_network_is_learned(&back));
	}
}

static void
what_cannot_have_been_written_is_refused(void **state)
{
	enum { BASE = 1, PREFIX = 17, INTERFACE = 18, MAC = 19 };
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {
		{ BASE + 12, 11 },             /* a public network */
		{ BASE, 1 },                   /* not of IPv4 */
		{ PREFIX, 96 + 9 },            /* not the range's length */
		{ INTERFACE, INTERFACES_MAX }, /* past the last one */
		{ MAC, 1 },                    /* a group's */
	};
	struct site_network n = sample();
	uint8_t bytes[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct site_network back = { 0 };
		size_t length = save(&n, bytes, sizeof(bytes));
		bytes[rows[i].at] = rows[i].value;
		assert_false(site_network_restore(&back, cursor_over(bytes, length), 1));
		assert_false(site_network_is_learned(&back));
	}
	size_t length = save(&n, bytes, sizeof(bytes));
	struct site_network back = { 0 };
	bytes[INTERFACE] = INTERFACES_MAX - 1;
	assert_true(site_network_restore(&back, cursor_over(bytes, length), 1));
	assert_int_equal(back.gateway_end, INTERFACES_MAX);
}

static void
announced(struct site_network *n, const char *text, uint64_t until_ns)
{
	struct cidr net;

	assert_true(cidr_parse(text, &net));
	site_network_announced(n, &net, until_ns, /* now_ns= */ 5);
}

static void
a_links_network_that_a_router_announced_is_local(void **state)
{
	struct site_network n = { 0 };

	(void)state;
	announced(&n, "2001:db8:0:1::/64", 5); /* over */
	announced(&n, "2001:db8:0:2::/63", 6);
	announced(&n, "fe80::/64", 6);
	announced(&n, "ff02::/64", 6);
	announced(&n, "10.0.0.0/8", 6);
	assert_false(is_local(&n, "2001:db8:0:1::1"));
	assert_false(is_local(&n, "2001:db8:0:2::1"));
	assert_false(is_local(&n, "fe80::1"));
	assert_false(is_local(&n, "ff02::1"));
	assert_false(is_local(&n, "10.0.0.1"));
	announced(&n, "2001:db8:0:1::/64", 6);
	assert_true(is_local(&n, "2001:db8:0:1::1"));
	assert_false(is_local(&n, "2001:db8:0:2::1"));
	see(&n, "10.0.0.1"); /* the range of IPv4 is learned all the same */
	assert_true(is_local(&n, "10.0.0.1"));
	announced(&n, "2001:db8:0:2::/64", 6);
	assert_true(is_local(&n, "2001:db8:0:2::1"));
}

static void
the_announced_network_that_ends_first_makes_room(void **state)
{
	struct site_network n = { 0 };
	char text[64];

	(void)state;
	for (unsigned i = 0; i < SITE_ANNOUNCED_MAX; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:0:%x::/64", i);
		announced(&n, text, 100 + i);
	}
	announced(&n, "2001:db8:0:0::/64", 200); /* again, for longer */
	announced(&n, "2001:db8:0:99::/64", 300);
	assert_true(is_local(&n, "2001:db8:0:0::1"));
	assert_false(is_local(&n, "2001:db8:0:1::1"));
	assert_true(is_local(&n, "2001:db8:0:2::1"));
	assert_true(is_local(&n, "2001:db8:0:7::1"));
	assert_true(is_local(&n, "2001:db8:0:99::1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_networks_are_local_and_nothing_is_learned),
		cmocka_unit_test(the_first_private_address_tells_its_range),
		cmocka_unit_test(networks_past_the_last_place_are_left_out),
		cmocka_unit_test(the_first_gateway_stays_while_it_carries),
		cmocka_unit_test(each_interface_has_its_gateway),
		cmocka_unit_test(a_gateway_has_the_first_address_it_speaks_as),
		cmocka_unit_test(what_was_learned_comes_back),
		cmocka_unit_test(a_told_network_stands_against_a_saved_one),
		cmocka_unit_test(half_of_it_is_refused),
		cmocka_unit_test(what_cannot_have_been_written_is_refused),
		cmocka_unit_test(a_links_network_that_a_router_announced_is_local),
		cmocka_unit_test(the_announced_network_that_ends_first_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
