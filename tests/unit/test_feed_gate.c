#include "daemon/feeds/feed_gate.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum feed_refusal
judge(struct feed_gate *g, const char *net, bool *ret_take)
{
	struct intel_indicator what = intel_net(net, THREAT_LOW, "");

	return feed_gate_check(g, &what, ret_take);
}

static void
expect(struct feed_gate *g, const char *net, enum feed_refusal refusal, bool take)
{
	bool taken;

	assert_int_equal(judge(g, net, &taken), refusal);
	if (refusal == FEED_ACCEPTED)
		assert_int_equal(taken, take);
}

static void
networks_wider_than_8_and_19_bits_are_refused(void **state)
{
	struct feed_gate g;

	(void)state;
	feed_gate_init(&g, NULL, 0);
	expect(&g, "44.0.0.0/8", FEED_ACCEPTED, true);
	expect(&g, "44.0.0.0/7", FEED_TOO_BROAD, false);
	expect(&g, "0.0.0.0/0", FEED_TOO_BROAD, false);
	expect(&g, "2001:c000::/19", FEED_ACCEPTED, true);
	expect(&g, "2001:8000::/18", FEED_TOO_BROAD, false);
	expect(&g, "::/0", FEED_TOO_BROAD, false);
}

static void
what_is_in_or_around_our_network_is_refused(void **state)
{
	struct cidr ours[2];
	struct feed_gate g;

	(void)state;
	assert_true(cidr_parse("44.1.0.0/16", &ours[0]));
	assert_true(cidr_parse("9.9.9.9", &ours[1]));
	feed_gate_init(&g, ours, 2);
	expect(&g, "44.1.2.3", FEED_OURS, false);
	expect(&g, "44.0.0.0/15", FEED_OURS, false);
	expect(&g, "44.0.0.0/8", FEED_OURS, false);
	expect(&g, "44.2.0.0", FEED_ACCEPTED, true);
	expect(&g, "44.0.255.255", FEED_ACCEPTED, true);
	expect(&g, "9.9.9.9", FEED_OURS, false);
	expect(&g, "9.9.9.8", FEED_ACCEPTED, true);
	expect(&g, "9.9.9.8/29", FEED_OURS, false);
}

static void
bogons_are_passed_over_unless_they_are_what_we_have(void **state)
{
	struct cidr ours[3];
	struct feed_gate g;

	(void)state;
	assert_true(cidr_parse("10.1.0.0/16", &ours[0]));
	assert_true(cidr_parse("172.16.1.0/24", &ours[2]));
	assert_true(cidr_parse("192.168.0.0/16", &ours[1]));
	feed_gate_init(&g, ours, 3);
	expect(&g, "172.16.0.0/12", FEED_ACCEPTED, false);
	expect(&g, "10.0.0.0/8", FEED_ACCEPTED, false); /* every network of this kind is in it */
	expect(&g, "224.0.0.0/3", FEED_ACCEPTED, false);
	expect(&g, "ff00::/8", FEED_ACCEPTED, false);
	expect(&g, "172.16.5.5", FEED_ACCEPTED, false);
	assert_int_equal(g.skipped, 5);
	expect(&g, "192.168.0.0/16", FEED_OURS, false);
	expect(&g, "10.0.0.0/9", FEED_OURS, false);
	expect(&g, "10.1.2.3", FEED_OURS, false);
	assert_int_equal(g.skipped, 5);
}

static bool
is_com(void *user, struct intel_text name)
{
	(void)user;
	return name.length == 3 && memcmp(name.at, "com", 3) == 0;
}

static void
public_suffixes_are_passed_over(void **state)
{
	struct intel_indicator suffix = intel_name("com", THREAT_LOW, "");
	struct intel_indicator name = intel_name("bad.com", THREAT_LOW, "");
	struct feed_gate g;
	bool take;

	(void)state;
	feed_gate_init(&g, NULL, 0);
	assert_int_equal(feed_gate_check(&g, &suffix, &take), FEED_ACCEPTED);
	assert_true(take); /* nobody told what they are */
	g.is_public_suffix = is_com;
	assert_int_equal(feed_gate_check(&g, &suffix, &take), FEED_ACCEPTED);
	assert_false(take);
	assert_int_equal(feed_gate_check(&g, &name, &take), FEED_ACCEPTED);
	assert_true(take);
	assert_int_equal(g.skipped, 1);
}

static void
a_list_with_less_than_half_of_what_it_had_is_refused(void **state)
{
	(void)state;
	assert_int_equal(feed_gate_count(0, 0), FEED_EMPTY);
	assert_int_equal(feed_gate_count(0, 1000), FEED_EMPTY);
	assert_int_equal(feed_gate_count(1, 0), FEED_ACCEPTED);
	assert_int_equal(feed_gate_count(1, 100), FEED_ACCEPTED); /* short lists change */
	assert_int_equal(feed_gate_count(50, 101), FEED_SHRUNK);
	assert_int_equal(feed_gate_count(51, 101), FEED_ACCEPTED);
	assert_int_equal(feed_gate_count(51, 102), FEED_ACCEPTED);
	assert_int_equal(feed_gate_count(50, 102), FEED_SHRUNK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_wider_than_8_and_19_bits_are_refused),
		cmocka_unit_test(what_is_in_or_around_our_network_is_refused),
		cmocka_unit_test(bogons_are_passed_over_unless_they_are_what_we_have),
		cmocka_unit_test(public_suffixes_are_passed_over),
		cmocka_unit_test(a_list_with_less_than_half_of_what_it_had_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
