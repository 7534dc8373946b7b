#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_doh;

static struct addr known, other; /* 8.8.8.8, and no resolver that people know */

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_doh);
	known = addr_v4(8, 8, 8, 8);
	other = addr_v4(198, 51, 100, 7);
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
conversation(struct addr resp, uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
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

static size_t
greets(struct rig *r, enum obs_kind kind, struct addr resp, uint16_t port, const char *name)
{
	const struct obs_talk talk = { .uid = rig_uid(8),
		.orig = r->host,
		.resp = resp,
		.resp_port = port,
		.ip_proto = kind == OBS_TLS ? IPPROTO_TCP : IPPROTO_UDP };
	const struct obs_tls tls = { .server_name = name };
	const struct obs_quic quic = { .server_name = name };
	struct observation o = { .kind = kind, .ts_ns = r->now_ns, .talk = &talk };
	size_t before = r->raised_count;

	if (kind == OBS_TLS)
		o.tls = &tls;
	else
		o.quic = &quic;
	rig_observe(r, &o);
	return r->raised_count - before;
}

static void
a_handshake_with_a_resolver_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(greets(r, OBS_TLS, other, 443, "dns.google"), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DOH_CONNECTION");
	assert_string_equal(e->kind->technique, "T1071.004");
	assert_int_equal(e->kind->signature_id, 5200103);
	assert_int_equal(e->kind->aspect, ASPECT_NONE);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &other));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "198.51.100.7");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text, "asked for names over HTTPS at dns.google, 198.51.100.7");
	assert_true(detect_marked(&r->call, MARK_RESOLVES_ELSEWHERE));
}

static void
quic_is_as_good(void **state)
{
	struct rig *r = *state;

	assert_int_equal(greets(r, OBS_QUIC, other, 853, "dns.quad9.net"), 1);
	assert_int_equal(rig_last(r)->ip_proto, IPPROTO_UDP);
	assert_string_equal(rig_last(r)->text,
		"asked for names over an encrypted connection at dns.quad9.net, 198.51.100.7");
}

static void
the_address_of_a_resolver_is_enough(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(known, 443);

	f.established = false;
	f.resp_total.packets = 1;
	assert_int_equal(reports(r, f), 0);
	assert_false(detect_marked(&r->call, MARK_RESOLVES_ELSEWHERE));
	assert_int_equal(reports(r, conversation(known, 443)), 1);
	assert_string_equal(rig_last(r)->text, "asked for names over HTTPS at 8.8.8.8");
	assert_true(detect_marked(&r->call, MARK_RESOLVES_ELSEWHERE));
}

static void
an_answer_by_udp_is_enough(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(known, 443);

	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 0); /* nobody answered */
	f.established = false;
	f.resp_total.packets = 1;
	assert_int_equal(reports(r, f), 1);
}

static void
others_and_other_ports_are_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(greets(r, OBS_TLS, other, 443, "www.example.com"), 0);
	assert_int_equal(greets(r, OBS_TLS, other, 443, NULL), 0);
	assert_int_equal(greets(r, OBS_TLS, other, 993, "dns.google"), 0);
	assert_int_equal(reports(r, conversation(other, 443)), 0);
	assert_int_equal(reports(r, conversation(known, 53)), 0);
	assert_false(detect_marked(&r->call, MARK_RESOLVES_ELSEWHERE));
}

static void
an_unknown_resolver_on_853_only_leaves_the_mark(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(other, 853)), 0);
	assert_true(detect_marked(&r->call, MARK_RESOLVES_ELSEWHERE));
}

static void
a_resolver_is_told_once_a_window_and_marked_in_each(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(known, 443)), 1);
	assert_int_equal(reports(r, conversation(known, 853)), 0);
	assert_int_equal(reports(r, conversation(addr_v4(8, 8, 4, 4), 443)), 1);
	assert_int_equal(rig_last(r)->observed, 2);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(known, 443)), 1);
}

static void
only_the_client_is_looked_at(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(known, 443);

	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_handshake_with_a_resolver_is_told),
		TEST(quic_is_as_good),
		TEST(the_address_of_a_resolver_is_enough),
		TEST(an_answer_by_udp_is_enough),
		TEST(others_and_other_ports_are_nothing),
		TEST(an_unknown_resolver_on_853_only_leaves_the_mark),
		TEST(a_resolver_is_told_once_a_window_and_marked_in_each),
		TEST(only_the_client_is_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
