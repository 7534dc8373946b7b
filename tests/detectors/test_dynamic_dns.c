#include "daemon/transactions/tls.h"
#include "tests/support/name_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_dynamic_dns;

static struct addr peer; /* 186.169.47.11 */

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dynamic_dns);
	peer = addr_v4(186, 169, 47, 11);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_flow
conversation(struct addr resp)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 7084,
		.ip_proto = IPPROTO_TCP,
		.resp_total.packets = 1,
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
a_peer_with_a_name_of_dynamic_dns_is_told(void **state)
{
	struct rig *r = *state;

	rig_name_is(r, "procesoexitos1.duckdns.org", peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DYNAMIC_DNS_NAME");
	assert_string_equal(e->kind->technique, "T1568");
	assert_int_equal(e->kind->signature_id, 5200102);
	assert_int_equal(e->kind->aspect, ASPECT_NAME);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 7084);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "procesoexitos1.duckdns.org");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(
		e->text, "reached procesoexitos1.duckdns.org, 186.169.47.11 by dynamic DNS");
}

static void
other_names_are_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_name_is(r, "www.example.com", peer);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_name_is(r, "notduckdns.org", peer);
	assert_int_equal(reports(r, conversation(peer)), 0);
	assert_null(r->call.window_state);
	rig_name_is(r, "x.duckdns.org", peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
}

static void
an_older_name_of_the_peer_counts_too(void **state)
{
	struct rig *r = *state;

	rig_name_is(r, "x.duckdns.org", peer);
	rig_name_is(r, "www.example.com", peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
	assert_string_equal(rig_last(r)->object, "x.duckdns.org");
}

static void
what_a_host_says_of_itself_is_no_name_of_dynamic_dns(void **state)
{
	struct rig *r = *state;
	const struct obs_talk talk = { .orig = r->host, .resp = peer, .resp_port = 443 };
	const struct obs_tls tls = { .server_name = "x.duckdns.org" };

	rig_learn(r, &(struct observation){
			     .kind = OBS_TLS, .ts_ns = r->now_ns, .talk = &talk, .tls = &tls });
	assert_int_equal(reports(r, conversation(peer)), 0);
}

static void
a_peer_is_told_once_a_window(void **state)
{
	struct rig *r = *state;

	rig_name_is(r, "x.duckdns.org", peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(peer)), 1);
}

static void
after_three_peers_it_is_information(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 4; i++) {
		rig_name_is(r, "x.duckdns.org", addr_v4(198, 51, 100, i));
		assert_int_equal(reports(r, conversation(addr_v4(198, 51, 100, i))), 1);
		assert_int_equal(rig_last(r)->observed, i);
		assert_int_equal(rig_last(r)->threat, i <= 3 ? THREAT_LOW : THREAT_INFO);
	}
}

static void
only_answered_conversations_with_the_internet_count(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	rig_name_is(r, "x.duckdns.org", peer);
	rig_name_is(r, "x.duckdns.org", addr_v4(10, 0, 0, 7));
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 7))), 0);
	f.established = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	f.resp_total.packets = 0;
	assert_int_equal(reports(r, f), 0);
	f.ip_proto = IPPROTO_UDP;
	f.established = false;
	assert_int_equal(reports(r, f), 0);
	f.resp_total.packets = 1;
	assert_int_equal(reports(r, f), 1);
}

static void
a_hostile_name_is_told_fit_for_a_terminal(void **state)
{
	struct rig *r = *state;

	rig_name_is(r, "\x1b]0;x.duckdns.org", peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
	assert_string_equal(rig_last(r)->object, "\\x1b]0;x.duckdns.org");
	rig_window_next(r);
	rig_name_is(r,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.duckdns.org",
		peer);
	assert_int_equal(reports(r, conversation(peer)), 1);
	assert_string_equal(rig_last(r)->object, /* as the site keeps it */
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.duckdns.org");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_peer_with_a_name_of_dynamic_dns_is_told),
		TEST(other_names_are_nothing),
		TEST(an_older_name_of_the_peer_counts_too),
		TEST(what_a_host_says_of_itself_is_no_name_of_dynamic_dns),
		TEST(a_peer_is_told_once_a_window),
		TEST(after_three_peers_it_is_information),
		TEST(only_answered_conversations_with_the_internet_count),
		TEST(a_hostile_name_is_told_fit_for_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
