#include "daemon/site_macs.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };
static const uint64_t day_ns = UINT64_C(86400) * NS_PER_S;

static struct mac
card(uint8_t n)
{
	return (struct mac){ { 2, 0, 0, 0, 0, n } };
}

static int
setup(void **state)
{
	static struct site_macs macs;

	macs = (struct site_macs){ 0 };
	*state = &macs;
	return site_macs_init(&macs, 3, &key);
}

static int
teardown(void **state)
{
	site_macs_done(*state);
	return 0;
}

static void
see(struct site_macs *m, uint8_t n, struct addr a, bool by_arp, uint64_t at_s)
{
	struct mac mac = card(n);

	site_macs_see(m, &mac, &a, by_arp, at_s * NS_PER_S);
}

static const struct site_mac *
known(const struct site_macs *m, uint8_t n)
{
	struct mac mac = card(n);

	return site_macs_find(m, &mac);
}

static void
assert_bears(const struct site_macs *m, uint8_t n, struct addr a)
{
	assert_non_null(known(m, n));
	assert_true(known(m, n)->has_v4);
	assert_true(addr_equal(&known(m, n)->v4, &a));
}

static void
a_card_keeps_its_first_v4_address_so_that_a_second_can_be_told(void **state)
{
	struct site_macs *m = *state;

	assert_null(known(m, 1));
	see(m, 1, addr_v4(10, 0, 0, 1), false, 1);
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
	assert_int_equal(known(m, 1)->others, 0);
	see(m, 1, addr_v4(10, 0, 0, 2), false, 2);
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
	assert_int_equal(known(m, 1)->others, 1);
	assert_int_equal(known(m, 1)->seen_ns, 2 * NS_PER_S);
	assert_int_equal(known(m, 1)->v4_seen_ns, NS_PER_S);
	assert_null(known(m, 2));
}

static void
the_same_other_address_again_is_not_one_more(void **state)
{
	struct site_macs *m = *state;

	see(m, 1, addr_v4(10, 0, 0, 1), false, 1);
	for (unsigned i = 0; i < 10; i++)
		see(m, 1, addr_v4(10, 0, 0, 2), false, 2 + i);
	assert_int_equal(known(m, 1)->others, 1);
	for (unsigned i = 0; i < 600; i++)
		see(m, 1, addr_v4(10, 0, 1, (uint8_t)i), false, 20);
	assert_int_equal(known(m, 1)->others, UINT8_MAX);
}

static void
v6_addresses_are_many_and_change_nothing(void **state)
{
	struct site_macs *m = *state;
	struct addr v6 = { .byte = { 0xfd, [15] = 1 } };

	see(m, 1, v6, false, 1);
	assert_non_null(known(m, 1));
	assert_false(known(m, 1)->has_v4);
	see(m, 1, addr_v4(10, 0, 0, 1), false, 2);
	v6.byte[15] = 2;
	see(m, 1, v6, false, 3);
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
	assert_int_equal(known(m, 1)->others, 0);
}

static void
an_address_given_up_for_a_day_is_followed_by_another(void **state)
{
	struct site_macs *m = *state;

	see(m, 1, addr_v4(10, 0, 0, 1), false, 1);
	see(m, 1, addr_v4(10, 0, 0, 2), false, 86400);
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
	see(m, 1, addr_v4(10, 0, 0, 2), false, 86401);
	assert_bears(m, 1, addr_v4(10, 0, 0, 2));
	assert_int_equal(known(m, 1)->v4_seen_ns, NS_PER_S + day_ns);
}

static void
a_link_local_address_is_followed_at_once(void **state)
{
	struct site_macs *m = *state;

	see(m, 1, addr_v4(169, 254, 3, 4), true, 1);
	see(m, 1, addr_v4(10, 0, 0, 2), false, 2);
	assert_bears(m, 1, addr_v4(10, 0, 0, 2));
	assert_int_equal(known(m, 1)->others, 0);
}

static void
arp_outweighs_packets(void **state)
{
	struct site_macs *m = *state;

	see(m, 1, addr_v4(10, 9, 9, 9), false, 1); /* routed for another */
	see(m, 1, addr_v4(10, 0, 0, 1), true, 2);
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
	assert_true(known(m, 1)->by_arp);
	see(m, 1, addr_v4(10, 0, 0, 1), false,
		3); /* a packet of its own makes it no less certain */
	assert_true(known(m, 1)->by_arp);
	see(m, 1, addr_v4(10, 0, 0, 2), true, 4); /* ARP against ARP: the first stays */
	assert_bears(m, 1, addr_v4(10, 0, 0, 1));
}

static void
the_longest_silent_card_makes_room(void **state)
{
	struct site_macs *m = *state;

	for (uint8_t n = 1; n <= 3; n++)
		for (int again = 0; again < 3; again++) /* its place moves once a second */
			see(m, n, addr_v4(10, 0, 0, n), false, n);
	see(m, 1, addr_v4(10, 0, 0, 1), false, 4);
	assert_int_equal(m->evicted, 0);
	see(m, 4, addr_v4(10, 0, 0, 4), false, 5);
	assert_int_equal(m->evicted, 1);
	assert_non_null(known(m, 1));
	assert_null(known(m, 2));
	assert_non_null(known(m, 3));
	assert_non_null(known(m, 4));
	see(m, 5, addr_v4(10, 0, 0, 5), false, 6);
	assert_null(known(m, 3));
	see(m, 6, addr_v4(10, 0, 0, 6), false, 7);
	assert_null(known(m, 1));
	assert_non_null(known(m, 4));
	assert_int_equal(table_count(&m->table), 3);
}

/* One that comes out of order was sent earlier, whatever it says. */
static void
time_does_not_go_back(void **state)
{
	struct site_macs *m = *state;

	see(m, 1, addr_v4(10, 0, 0, 1), false, 9);
	see(m, 1, addr_v4(10, 0, 0, 1), false, 3);
	assert_int_equal(known(m, 1)->seen_ns, 9 * NS_PER_S);
}

static void
a_gateway_is_forgotten(void **state)
{
	struct site_macs *m = *state;
	struct mac mac = card(1);

	site_macs_forget(m, &mac);
	see(m, 1, addr_v4(10, 0, 0, 1), false, 1);
	see(m, 2, addr_v4(10, 0, 0, 2), false, 1);
	site_macs_forget(m, &mac);
	assert_null(known(m, 1));
	assert_non_null(known(m, 2));
	for (uint8_t n = 3; n <= 5;
		n++) /* its place is used again, and the list of ages is whole */
		see(m, n, addr_v4(10, 0, 0, n), false, n);
	assert_null(known(m, 2));
	assert_int_equal(m->evicted, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_card_keeps_its_first_v4_address_so_that_a_second_can_be_told),
		TEST(the_same_other_address_again_is_not_one_more),
		TEST(v6_addresses_are_many_and_change_nothing),
		TEST(an_address_given_up_for_a_day_is_followed_by_another),
		TEST(a_link_local_address_is_followed_at_once),
		TEST(arp_outweighs_packets),
		TEST(the_longest_silent_card_makes_room),
		TEST(time_does_not_go_back),
		TEST(a_gateway_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
