#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_changing_ip;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_changing_ip);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct mac card = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac router = { { 2, 0, 0, 0, 0, 9 } };

static struct obs_flow
conversation(struct addr orig, struct mac mac)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.orig = orig,
		.resp = addr_v4(192, 0, 2, 1),
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.has_macs = true,
		.orig_mac = mac,
		.resp_mac = router,
	};
}

/* Another host's conversation: the site learns of it. */
static void
other(struct rig *r, struct addr orig, struct mac mac)
{
	struct obs_flow f = conversation(orig, mac);

	rig_learn(
		r, &(struct observation){ .kind = OBS_FLOW_START, .ts_ns = r->now_ns, .flow = &f });
}

static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_START, &f);
	return r->raised_count - before;
}

static void
a_card_with_a_second_address_is_told_once(void **state)
{
	struct rig *r = *state;

	other(r, addr_v4(10, 0, 0, 7), card);
	assert_int_equal(reports(r, conversation(r->host, card)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DEVICE_CHANGING_IP");
	assert_string_equal(e->kind->technique, "T1557.002");
	assert_int_equal(e->kind->signature_id, 5200026);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	struct addr former = addr_v4(10, 0, 0, 7);
	assert_true(addr_equal(&e->about, &former));
	assert_string_equal(e->object, "02:00:00:00:00:01");
	assert_int_equal(e->observed, 2);
	assert_int_equal(e->threshold, 2);
	assert_string_equal(e->kind->unit, "addresses");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"used the network card 02:00:00:00:00:01, which had been that of 10.0.0.7");
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
}

static void
a_card_with_its_own_address_is_silence(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(r->host, card)), 0);
	other(r, addr_v4(10, 0, 0, 7), card);
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
}

static void
an_unknown_card_is_no_evidence(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(r->host, card);

	other(r, addr_v4(10, 0, 0, 7), card);
	f.has_macs = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(r->host, (struct mac){ { 0 } });
	assert_int_equal(reports(r, f), 0);
	assert_int_equal(
		reports(r, conversation(r->host, card)), 1); /* the first that shows a card */
}

static void
the_gateways_card_sends_for_all(void **state)
{
	struct rig *r = *state;

	other(r, addr_v4(10, 0, 0, 7), card); /* this tells who the router is */
	other(r, addr_v4(10, 0, 0, 8), router);
	assert_int_equal(reports(r, conversation(r->host, router)), 0);
}

static void
a_card_with_three_addresses_is_a_router(void **state)
{
	struct rig *r = *state;

	other(r, addr_v4(10, 0, 0, 7), card);
	other(r, addr_v4(10, 0, 0, 8), card);
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
}

static void
link_local_and_other_networks_say_nothing(void **state)
{
	struct rig *r = *state;

	other(r, addr_v4(169, 254, 1, 1), card);
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
}

static void
both_addresses_must_be_ours(void **state)
{
	struct rig *r = *state;
	const struct cidr ours = { .base = addr_v4(10, 0, 0, 0), .prefix_len = 96 + 24 };

	site_add_local(r->site, &ours);
	other(r, addr_v4(10, 0, 1, 7), card);
	assert_int_equal(reports(r, conversation(r->host, card)), 0);
}

static void
the_new_address_must_be_ours(void **state)
{
	struct rig *r = *state;
	const struct cidr ours = { .base = addr_v4(10, 0, 0, 0), .prefix_len = 96 + 24 };

	site_add_local(r->site, &ours);
	other(r, addr_v4(10, 0, 0, 7), card);
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 1, 7), card)), 0);
}

static void
public_and_v6_sources_have_no_leases(void **state)
{
	struct rig *r = *state;
	struct addr v6 = { .byte = { 0xfd, [15] = 1 } };

	other(r, addr_v4(10, 0, 0, 7), card);
	assert_int_equal(reports(r, conversation(addr_v4(8, 8, 8, 8), card)), 0);
	assert_int_equal(reports(r, conversation(v6, card)), 0);
	struct obs_flow f = conversation(r->host, card);
	rig_flow_as_server(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(reports(r, conversation(r->host, card)), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_card_with_a_second_address_is_told_once),
		TEST(a_card_with_its_own_address_is_silence),
		TEST(an_unknown_card_is_no_evidence),
		TEST(the_gateways_card_sends_for_all),
		TEST(a_card_with_three_addresses_is_a_router),
		TEST(link_local_and_other_networks_say_nothing),
		TEST(both_addresses_must_be_ours),
		TEST(the_new_address_must_be_ours),
		TEST(public_and_v6_sources_have_no_leases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
