#define DETECTOR_UNDER_TEST detector_intel_address
#include "tests/support/intel_rig.h"

#include "daemon/knowledge/geo.h"
#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <maxminddb.h>

static const struct addr bad = { .byte = { [10] = 0xff, 0xff, 203, 0, 113, 9 } };

static struct obs_flow
to(struct addr resp, bool established)
{
	return (struct obs_flow){ .uid = rig_uid(7),
		.resp = resp,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.established = established,
		.orig_total.packets = 3,
		.resp_total.packets = established ? 3 : 0 };
}

static void
call(struct lists_rig *t, struct addr resp, bool established)
{
	const struct obs_flow f = to(resp, established);

	rig_flow(&t->r, established ? OBS_FLOW_END : OBS_FLOW_START, &f);
}

static void
without_lists_and_for_the_unlisted_nothing_is_told(void **state)
{
	struct lists_rig *t = *state;

	call(t, bad, true);
	know_one(t, intel_net("203.0.113.8/32", THREAT_CRITICAL, "near"));
	call(t, bad, true);
	assert_int_equal(t->r.raised_count, 0);
	assert_null(t->r.call.window_state); /* and no memory is taken */
}

static void
a_call_is_told_at_once_on_both_sides_and_once(void **state)
{
	struct lists_rig *t = *state;

	know_one(t, intel_net("203.0.113.0/24", THREAT_MEDIUM, "Simda \"CC\"\n"));
	call(t, bad, false);
	call(t, bad, false);
	assert_int_equal(t->r.raised_count, 2);
	const struct raised *a = &t->r.raised[0];
	assert_string_equal(a->kind->name, "THREAT_INTELLIGENCE_TO_BLACKLISTED_IP");
	assert_string_equal(a->text,
		"called 203.0.113.9, which first.txt lists as \"Simda \"CC\"\\x0a\" (medium)");
	assert_int_equal(a->threat, THREAT_MEDIUM);
	assert_int_equal(a->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&a->about, &bad) && !a->decisive && a->confidence == 1);
	assert_string_equal(a->object, "203.0.113.9");
	assert_int_equal(a->port, 443);
	assert_int_equal(a->uid_count, 1);
	const struct raised *twin = &t->r.raised[1];
	assert_true(twin->twin && twin->role == EVIDENCE_ATTACKER);
	assert_true(addr_equal(&twin->host, &bad));
	assert_string_equal(twin->object, "10.0.0.1");
	assert_string_equal(twin->text, "is listed, and was called by 10.0.0.1: first.txt lists as "
					"\"Simda \"CC\"\\x0a\" (medium)");
	rig_window_next(&t->r);
	call(t, bad, false);
	assert_int_equal(t->r.raised_count, 4);
}

static void
a_talk_with_one_that_is_listed_as_high_convicts_once(void **state)
{
	struct lists_rig *t = *state;

	know_one(t, intel_net("203.0.113.9/32", THREAT_HIGH, ""));
	call(t, bad, false);
	assert_false(t->r.raised[0].decisive);
	call(t, bad, true);
	call(t, bad, true);
	assert_int_equal(t->r.raised_count, 4);
	assert_true(t->r.raised[2].decisive && !t->r.raised[3].decisive);
	assert_string_equal(
		t->r.raised[2].text, "talked with 203.0.113.9, which first.txt lists (high)");
}

static void
nobody_is_convicted_by_medium_or_for_information(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what[] = { intel_net("203.0.113.9/32", THREAT_MEDIUM, ""),
		intel_net("203.0.113.9/32", THREAT_CRITICAL, "seen") };

	know(t, what, (const unsigned[]){ LIST_SECOND, LIST_FOR_INFORMATION }, 2);
	call(t, bad, true);
	assert_int_equal(t->r.raised[0].threat, THREAT_MEDIUM);
	assert_false(t->r.raised[0].decisive);
	assert_string_equal(t->r.raised[0].text,
		"talked with 203.0.113.9, which second.txt and 1 more list (medium)");
	know(t, &what[1], (const unsigned[]){ LIST_FOR_INFORMATION }, 1);
	call(t, addr_v4(203, 0, 113, 8), true);
	assert_int_equal(t->r.raised_count, 2);
	rig_window_next(&t->r);
	call(t, bad, true);
	assert_int_equal(t->r.raised[2].threat, THREAT_INFO);
	assert_false(t->r.raised[2].decisive);
}

static void
who_is_called_by_a_listed_one_is_a_victim(void **state)
{
	struct lists_rig *t = *state;
	struct obs_flow f = { .orig = bad,
		.resp = t->r.host,
		.resp_port = 22,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1 };

	know_one(t, intel_net("203.0.113.9/32", THREAT_HIGH, ""));
	rig_flow_as_server(&t->r, OBS_FLOW_START, &f);
	assert_int_equal(t->r.raised_count, 2);
	assert_string_equal(t->r.raised[0].kind->name, "THREAT_INTELLIGENCE_FROM_BLACKLISTED_IP");
	assert_int_equal(t->r.raised[0].role, EVIDENCE_VICTIM);
	assert_int_equal(t->r.raised[0].threat, THREAT_INFO); /* a knock */
	assert_string_equal(
		t->r.raised[0].text, "was called by 203.0.113.9, which first.txt lists (high)");
	assert_string_equal(
		t->r.raised[1].text, "is listed, and called 10.0.0.1: first.txt lists (high)");
	rig_window_next(&t->r);
	f.established = true;
	f.resp_total.packets = 1;
	rig_flow_as_server(&t->r, OBS_FLOW_END, &f);
	assert_int_equal(t->r.raised[2].threat, THREAT_HIGH);
	assert_false(t->r.raised[2].decisive);
	assert_string_equal(
		t->r.raised[2].text, "was talked to by 203.0.113.9, which first.txt lists (high)");
}

static void
a_peer_of_before_is_told_after_the_lists_have_changed(void **state)
{
	struct lists_rig *t = *state;

	call(t, bad, true);
	know_one(t, intel_net("203.0.113.9/32", THREAT_HIGH, ""));
	peer_again(t, ROLE_CLIENT, bad, true);
	peer_again(t, ROLE_CLIENT, bad, true);
	assert_int_equal(t->r.raised_count, 2);
	assert_true(t->r.raised[0].decisive);
	assert_int_equal(t->r.raised[0].uid_count, 0);
	assert_string_equal(t->r.raised[0].text,
		"talked with 203.0.113.9, which first.txt lists (high) (seen before it was listed)");
}

static void
no_more_peers_than_the_cap_are_told(void **state)
{
	struct lists_rig *t = *state;

	know_one(t, intel_net("198.18.0.0/16", THREAT_LOW, ""));
	for (unsigned i = 0; i < 300; i++)
		call(t, addr_v4(198, 18, (uint8_t)(i >> 8), (uint8_t)i), false);
	assert_int_equal(t->r.raised_count, 2 * 256);
}

static void
an_autonomous_system_is_told_where_no_list_has_the_address(void **state)
{
	struct lists_rig *t = *state;
	struct scratch *scratch = scratch_new();
	struct geo *geo = geo_new();
	struct mmdb_build m;
	char path[96];
	MMDB_s db;
	const struct intel_indicator what[] = { intel_system(64496, THREAT_HIGH),
		intel_net("203.0.113.7/32", THREAT_LOW, "") };

	(void)snprintf(path, sizeof(path), "%s/a.mmdb", scratch->directory);
	mmdb_begin(&m);
	size_t at = m.bytes;
	mmdb_map(&m, 1);
	mmdb_pair(&m, "asn", "AS64496");
	mmdb_network(&m, addr_v4(203, 0, 113, 0), 120, at);
	mmdb_write(&m, path);
	assert_int_equal(MMDB_open(path, MMDB_MODE_MMAP, &db), MMDB_SUCCESS);
	assert_null(geo_add(geo, &db));
	site_free(t->r.site);
	t->r.site =
		site_new(&(struct site_plan){ .names = 4, .macs = 4, .geo = geo }, &t->r.hash_key);
	t->r.call.site = t->r.site;
	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST }, 2);

	call(t, addr_v4(203, 0, 113, 7), true);
	assert_string_equal(t->r.raised[0].kind->name, "THREAT_INTELLIGENCE_TO_BLACKLISTED_IP");
	call(t, bad, true);
	call(t, bad, true);
	assert_int_equal(t->r.raised_count, 4);
	assert_string_equal(t->r.raised[2].kind->name, "THREAT_INTELLIGENCE_BLACKLISTED_ASN");
	assert_true(t->r.raised[2].confidence == 0.8 && !t->r.raised[2].decisive);
	assert_string_equal(t->r.raised[2].text,
		"talked with 203.0.113.9, in a network which first.txt lists (high)");
	site_free(t->r.site);
	t->r.site = NULL;
	geo_free(geo);
	scratch_free(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			without_lists_and_for_the_unlisted_nothing_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_call_is_told_at_once_on_both_sides_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_talk_with_one_that_is_listed_as_high_convicts_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			nobody_is_convicted_by_medium_or_for_information, setup, teardown),
		cmocka_unit_test_setup_teardown(
			who_is_called_by_a_listed_one_is_a_victim, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_peer_of_before_is_told_after_the_lists_have_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			no_more_peers_than_the_cap_are_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_autonomous_system_is_told_where_no_list_has_the_address, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
