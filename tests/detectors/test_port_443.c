#include "daemon/transactions/tls.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_port_443;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_port_443);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct addr peer = { .byte = { [10] = 0xff, 0xff, 185, 90, 61, 62 } };

static struct obs_flow
conversation(struct addr resp)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.orig_total = { .packets = 4, .payload_bytes = 300 },
		.resp_total = { .packets = 4, .payload_bytes = 512 },
		.history = "ShADad",
		.service_known = true,
		.established = true,
	};
}

static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
speak_tls(struct rig *r, struct addr resp, enum obs_role role)
{
	const struct obs_tls tls = { .version = "TLSv13" };
	const struct obs_talk talk = {
		.orig = r->host, .resp = resp, .resp_port = 443, .ip_proto = IPPROTO_TCP
	};

	rig_observe(r, &(struct observation){ .kind = OBS_TLS,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .tls = &tls });
}

static void
what_is_no_tls_is_told_once_a_peer(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(peer)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "NON_SSL_PORT_443_CONNECTION");
	assert_string_equal(e->kind->technique, "T1571");
	assert_int_equal(e->kind->signature_id, 5200302);
	assert_int_equal(e->kind->aspect, ASPECT_PROTOCOL);
	assert_false(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 812);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->object, "185.90.61.62");
	assert_string_equal(e->text,
		"exchanged 812 bytes with 185.90.61.62 at port 443/tcp that were nothing known and not TLS");
	assert_int_equal(reports(r, conversation(peer)), 0);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 1))), 1);
}

static void
http_in_clear_is_medium_however_many_there_were(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	f.service = "ssh";
	for (uint8_t i = 1; i <= 3; i++) {
		f.resp = addr_v4(198, 51, 100, i);
		assert_int_equal(reports(r, f), 1);
		assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	}
	f.resp = addr_v4(198, 51, 100, 4);
	assert_int_equal(reports(r, f), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
	f.resp = peer;
	f.service = "http";
	assert_int_equal(reports(r, f), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_MEDIUM);
	assert_string_equal(rig_last(r)->text,
		"exchanged 812 bytes with 185.90.61.62 at port 443/tcp that were http and not TLS");
}

static void
tls_alone_or_after_something_is_what_belongs_there(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	f.service = "ssl";
	assert_int_equal(reports(r, f), 0);
	f.resp = addr_v4(198, 51, 100, 1);
	f.service = "smtp,ssl";
	assert_int_equal(reports(r, f), 0);
	f.resp = addr_v4(198, 51, 100, 2);
	f.service = "ssl,http";
	assert_int_equal(reports(r, f), 0);
	f.resp = addr_v4(198, 51, 100, 3);
	f.service = "ssl2,nossl,ss";
	assert_int_equal(reports(r, f), 1);
}

static void
with_whom_tls_was_just_spoken_is_left_alone(void **state)
{
	struct rig *r = *state;

	speak_tls(r, peer, ROLE_CLIENT);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_tick(r, RIG_START_NS + 300 * NS_PER_S);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_tick(r, RIG_START_NS + 301 * NS_PER_S);
	assert_int_equal(reports(r, conversation(peer)), 1);
	/* One that began before TLS, by a flow that has it. */
	struct obs_flow f = conversation(addr_v4(192, 0, 2, 9));
	f.service = "ssl";
	(void)reports(r, f);
	f.service = "";
	f.start_ns = f.last_ns = RIG_START_NS + 1 * NS_PER_S;
	assert_int_equal(reports(r, f), 0);
	rig_set_duration(r, "near", 299 * NS_PER_S);
	assert_int_equal(reports(r, f), 1);
}

static void
tls_of_others_and_as_server_excuses_nobody(void **state)
{
	struct rig *r = *state;

	speak_tls(r, addr_v4(192, 0, 2, 1), ROLE_CLIENT);
	speak_tls(r, peer, ROLE_SERVER);
	assert_int_equal(reports(r, conversation(peer)), 1);
}

static void
it_must_be_one_in_which_tls_would_have_been_seen(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	f.service_known = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.established = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.history = "^aADd";
	assert_int_equal(reports(r, f), 0);
	f.history = "";
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.resp_port = 8443;
	assert_int_equal(reports(r, f), 0);
	f.service = "ssl"; /* elsewhere */
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.orig_total.payload_bytes = f.resp_total.payload_bytes = 0;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.history = "h";
	f.orig_total.payload_bytes = 0;
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 512);
}

static void
a_neighbour_is_named_but_accused_of_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 9))), 1);
	assert_false(rig_last(r)->has_about);
	assert_string_equal(rig_last(r)->object, "10.0.0.9");
}

static void
peers_share_no_more_than_thirty_two_places(void **state)
{
	struct rig *r = *state;

	speak_tls(r, addr_v4(192, 0, 2, 1), ROLE_CLIENT);
	size_t used = r->memory.used_bytes;
	for (unsigned i = 0; i < 1000; i++)
		speak_tls(r, addr_v4(198, 51, (uint8_t)(i >> 8), (uint8_t)i), ROLE_CLIENT);
	assert_int_equal(r->memory.used_bytes - used, 32 * 16); /* at the first two in one place */
	assert_int_equal(
		reports(r, conversation(addr_v4(192, 0, 2, 1))), 1); /* others came after */
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 64; /* the head */
	speak_tls(r, peer, ROLE_CLIENT);
	assert_int_equal(reports(r, conversation(peer)), 0);
	assert_true(r->memory.refused > 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_true(rig_setting_takes(r, "near", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "near", 3601 * NS_PER_S));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(what_is_no_tls_is_told_once_a_peer),
		TEST(http_in_clear_is_medium_however_many_there_were),
		TEST(tls_alone_or_after_something_is_what_belongs_there),
		TEST(with_whom_tls_was_just_spoken_is_left_alone),
		TEST(tls_of_others_and_as_server_excuses_nobody),
		TEST(it_must_be_one_in_which_tls_would_have_been_seen),
		TEST(a_neighbour_is_named_but_accused_of_nothing),
		TEST(peers_share_no_more_than_thirty_two_places),
		TEST(without_memory_it_is_quiet),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
