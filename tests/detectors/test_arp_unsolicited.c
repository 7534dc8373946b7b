#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_arp_unsolicited;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_arp_unsolicited);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct mac everyone = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
static const struct mac someone = { { 2, 0, 0, 0, 0, 1 } };

static struct obs_arp
announcement(void)
{
	return (struct obs_arp){
		.operation = 2,
		.eth_src = someone,
		.eth_dst = everyone,
		.sender_mac = someone,
		.target_mac = everyone,
		.sender = addr_v4(10, 0, 0, 1),
		.target = addr_v4(10, 0, 0, 1),
	};
}

static size_t
says(struct rig *r, struct obs_arp a, enum obs_role role)
{
	size_t before = r->raised_count;

	rig_observe(r,
		&(struct observation){
			.kind = OBS_ARP, .role = role, .ts_ns = r->now_ns + NS_PER_S, .arp = &a });
	return r->raised_count - before;
}

static void
a_reply_to_everybody_is_unsolicited(void **state)
{
	struct rig *r = *state;

	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "UNSOLICITED_ARP");
	assert_string_equal(e->kind->technique, "T1557.002");
	assert_int_equal(e->kind->signature_id, 5200021);
	assert_string_equal(e->kind->unit, "replies");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_string_equal(
		e->text, "broadcast 1 ARP reply that nobody had asked for, from 02:00:00:00:00:01");
}

static void
each_condition_is_needed(void **state)
{
	struct rig *r = *state;
	struct obs_arp a = announcement();

	a.operation = 1;
	assert_int_equal(says(r, a, ROLE_CLIENT), 0);
	a = announcement();
	a.eth_dst = someone;
	assert_int_equal(says(r, a, ROLE_CLIENT), 0);
	a = announcement();
	a.target_mac = someone;
	assert_int_equal(says(r, a, ROLE_CLIENT), 0);
	a = announcement();
	a.eth_src = (struct mac){ { 0 } };
	assert_int_equal(says(r, a, ROLE_CLIENT), 0);
	a = announcement();
	a.sender_mac = (struct mac){ { 0 } };
	assert_int_equal(says(r, a, ROLE_CLIENT), 0);
	assert_int_equal(says(r, announcement(), ROLE_SERVER), 0);
	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 1);
}

static void
more_are_told_at_each_tenfold_of_a_window(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++)
		(void)says(r, announcement(), ROLE_CLIENT);
	assert_int_equal(r->raised_count, 3); /* 1, 10, 100 */
	assert_string_equal(rig_last(r)->text,
		"broadcast 100 ARP replies that nobody had asked for, from 02:00:00:00:00:01");
	rig_window_next(r);
	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 1);
	assert_int_equal(rig_last(r)->observed, 1);
}

static void
the_least_number_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_replies", 0));
	assert_true(rig_setting_takes(r, "min_replies", 1000000));
	assert_false(rig_setting_takes(r, "min_replies", 1000001));
	rig_set_u32(r, "min_replies", 3);
	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 0);
	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 0);
	assert_int_equal(says(r, announcement(), ROLE_CLIENT), 1);
	assert_int_equal(rig_last(r)->threshold, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_reply_to_everybody_is_unsolicited),
		TEST(each_condition_is_needed),
		TEST(more_are_told_at_each_tenfold_of_a_window),
		TEST(the_least_number_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
