#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_arp_outside;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_arp_outside);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_arp
request(struct addr sender, struct addr target)
{
	return (struct obs_arp){
		.operation = 1,
		.sender_mac = { { 2, 0, 0, 0, 0, 1 } },
		.sender = sender,
		.target = target,
	};
}

static void
say(struct rig *r, struct obs_arp a, enum obs_role role)
{
	rig_observe(r,
		&(struct observation){
			.kind = OBS_ARP, .role = role, .ts_ns = r->now_ns + NS_PER_S, .arp = &a });
}

static void
ask(struct rig *r, struct addr target)
{
	say(r, request(addr_v4(10, 0, 0, 1), target), ROLE_CLIENT);
}

static void
an_address_of_the_internet_is_outside(void **state)
{
	struct rig *r = *state;

	ask(r, addr_v4(69, 220, 152, 1));
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "ARP_OUTSIDE_LOCALNET");
	assert_string_equal(e->kind->technique, "T1018");
	assert_int_equal(e->kind->signature_id, 5200020);
	assert_string_equal(e->kind->unit, "hosts");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.6, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->text,
		"asked by ARP for 1 address outside of the local networks, last for 69.220.152.1");
}

static void
private_networks_are_all_inside(void **state)
{
	struct rig *r = *state;

	ask(r, addr_v4(10, 9, 9, 9));
	ask(r, addr_v4(172, 16, 0, 1));
	ask(r, addr_v4(192, 168, 0, 1));
	assert_int_equal(r->raised_count, 0);
}

static void
the_same_first_byte_is_a_network_of_public_addresses(void **state)
{
	struct rig *r = *state;

	say(r, request(addr_v4(81, 2, 3, 4), addr_v4(81, 9, 9, 9)), ROLE_CLIENT);
	assert_int_equal(r->raised_count, 0);
	say(r, request(addr_v4(81, 2, 3, 4), addr_v4(82, 2, 3, 5)), ROLE_CLIENT);
	assert_int_equal(r->raised_count, 1);
}

static void
a_network_of_ours_is_inside(void **state)
{
	struct rig *r = *state;
	const struct cidr ours = { .base = addr_v4(69, 220, 0, 0), .prefix_len = 96 + 16 };

	site_add_local(r->site, &ours);
	ask(r, addr_v4(69, 220, 152, 1));
	assert_int_equal(r->raised_count, 0);
	ask(r, addr_v4(69, 221, 152, 1));
	assert_int_equal(r->raised_count, 1);
}

static void
probes_announcements_and_addresses_of_nobody_say_nothing(void **state)
{
	struct rig *r = *state;

	say(r, request(addr_v4(0, 0, 0, 0), addr_v4(8, 8, 8, 8)), ROLE_CLIENT);
	say(r, request(addr_v4(81, 2, 3, 4), addr_v4(81, 2, 3, 4)), ROLE_CLIENT);
	ask(r, addr_v4(0, 0, 0, 0));
	ask(r, addr_v4(224, 0, 0, 1));
	ask(r, addr_v4(169, 254, 1, 1));
	ask(r, addr_v4(255, 255, 255, 255));
	assert_int_equal(r->raised_count, 0);
}

static void
replies_are_no_questions(void **state)
{
	struct rig *r = *state;
	struct obs_arp a = request(addr_v4(10, 0, 0, 1), addr_v4(8, 8, 8, 8));

	a.operation = 2;
	say(r, a, ROLE_CLIENT);
	a.operation = 1;
	say(r, a, ROLE_SERVER);
	assert_int_equal(r->raised_count, 0);
}

static void
distinct_addresses_count_and_are_told_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 99; i++)
		for (int again = 0; again < 3; again++)
			ask(r, addr_v4(8, 8, 8, (uint8_t)i));
	assert_int_equal(r->raised_count, 2); /* 1 and 10 */
	ask(r, addr_v4(8, 8, 9, 0));
	assert_int_equal(r->raised_count, 3);
	assert_string_equal(rig_last(r)->text,
		"asked by ARP for 100 addresses outside of the local networks, last for 8.8.9.0");
	rig_window_next(r);
	ask(r, addr_v4(8, 8, 9, 0));
	assert_int_equal(rig_last(r)->observed, 1);
}

static void
the_count_stands_still_at_4096_and_without_memory(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 20000; i++)
		ask(r, addr_v4(8, 8, (uint8_t)(i >> 8), (uint8_t)i));
	assert_int_equal(r->raised_count, 4); /* 1, 10, 100, 1000 */
	rig_window_next(r);
	ask(r, addr_v4(8, 8, 8, 8));
	r->memory.cap_bytes = r->memory.used_bytes;
	for (unsigned i = 0; i < 100; i++)
		ask(r, addr_v4(9, 8, 8, (uint8_t)i));
	assert_int_equal(r->raised_count, 5);
}

static void
the_least_number_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_targets", 0));
	assert_true(rig_setting_takes(r, "min_targets", 4096));
	assert_false(rig_setting_takes(r, "min_targets", 4097));
	rig_set_u32(r, "min_targets", 2);
	ask(r, addr_v4(8, 8, 8, 8));
	assert_int_equal(r->raised_count, 0);
	ask(r, addr_v4(8, 8, 8, 9));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_address_of_the_internet_is_outside),
		TEST(private_networks_are_all_inside),
		TEST(the_same_first_byte_is_a_network_of_public_addresses),
		TEST(a_network_of_ours_is_inside),
		TEST(probes_announcements_and_addresses_of_nobody_say_nothing),
		TEST(replies_are_no_questions),
		TEST(distinct_addresses_count_and_are_told_at_each_tenfold),
		TEST(the_count_stands_still_at_4096_and_without_memory),
		TEST(the_least_number_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
