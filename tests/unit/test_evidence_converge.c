/* Oddities that meet at one peer. A detector of the test's own raises what the port of a flow says. */
#include "daemon/evidence/evidence_converge.h"

#include "daemon/base/time_text.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ODD(n, title_, aspect_)                                                       \
	{                                                                             \
		.name = "ODD_" #n, .signature_id = (n), .technique = "", .unit = "x", \
		.title = (title_), .aspect = (aspect_)                                \
	}

static const struct evidence_kind odd[] = {
	ODD(1, "Plain", ASPECT_NONE),
	ODD(2, "No name", ASPECT_NAME),
	ODD(3, "No signer", ASPECT_CERT),
	ODD(4, "No port", ASPECT_PORT),
	ODD(5, "No protocol", ASPECT_PROTOCOL),
	ODD(6, "Other name", ASPECT_NAME),
};
static const struct evidence_kind *const kinds[] = { &odd[0], &odd[1], &odd[2], &odd[3], &odd[4],
	&odd[5], NULL };

enum { VICTIM = 100 };

static void
raise_what_the_port_says(struct detect *d, const struct observation *o)
{
	uint16_t port = o->flow->resp_port;
	const struct evidence_kind *kind = kinds[port % VICTIM - 1];

	evidence_raise(d,
		&(struct finding){ .kind = kind,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = port >= VICTIM ? EVIDENCE_VICTIM : EVIDENCE_ATTACKER,
			.about = &o->flow->resp,
			.uids = &o->flow->uid,
			.uid_count = 1 },
		"was odd");
}

static const struct detector odd_detector = {
	.name = "odd",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.kinds = kinds,
	.observe = raise_what_the_port_says,
};

static struct engine_rig *
rig_new(void)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_detector(r, &odd_detector, NULL);
	return r;
}

/* `host` meets a peer in the way of kinds[way - 1]; VICTIM + way: as the victim of it. */
static void
meet(struct engine_rig *r, const char *host, const char *peer, uint16_t way)
{
	engine_rig_flow(r, &(struct rig_flow){ 1, host, 1000, peer, way, IPPROTO_TCP, 0, 10, 10,
				   CONN_SF, 4, 4 });
}

static size_t
told(const struct engine_rig *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->evidence_count; i++)
		count += r->evidence[i].evidence.kind == &evidence_converging;
	return count;
}

/* An engine over which these pairs of (peer, way) have gone; how often a peer was told. */
static size_t
told_of(struct engine_rig *r, const char *host, const char *const peers[], const uint16_t ways[])
{
	engine_rig_start(r);
	for (size_t i = 0; ways[i] != 0; i++)
		meet(r, host, peers[i], ways[i]);
	engine_rig_finish(r);
	size_t count = told(r);
	assert_int_equal(r->alert_count, count);
	free(r);
	return count;
}

#define ONE_PEER                                                       \
	(const char *const[])                                          \
	{                                                              \
		"1.1.1.1", "1.1.1.1", "1.1.1.1", "1.1.1.1", "1.1.1.1", \
	}
#define WAYS(...)               \
	(const uint16_t[])      \
	{                       \
		__VA_ARGS__, 0, \
	}

static void
three_ways_at_one_peer_make_an_alert(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	engine_rig_start(r);
	meet(r, "10.0.0.1", "1.1.1.1", 3);
	meet(r, "10.0.0.1", "1.1.1.1", 1);
	assert_int_equal(told(r), 0);
	meet(r, "10.0.0.1", "1.1.1.1", 2);
	assert_int_equal(r->alert_count, 0);
	meet(r, "10.0.0.1", "1.1.1.1", 4);
	assert_int_equal(told(r), 1);
	const struct record_evidence *e = &r->evidence[4].evidence;
	assert_string_equal(r->evidence[4].text,
		"3 kinds of evidence meet at 1.1.1.1: No signer, No name, No port");
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_true(e->decisive);
	assert_int_equal(e->observed, 3);
	assert_int_equal(e->threshold, 3);
	assert_int_equal(e->uid_count, 1);
	assert_true(addr_equal(&e->about, &(struct addr[]){ rig_addr("1.1.1.1") }[0]));
	assert_int_equal(r->alert_count, 1);
	assert_true(r->alerts[0].decisive);
	assert_int_equal(r->alerts[0].highest, THREAT_HIGH);
	engine_rig_finish(r);
	assert_int_equal(r->totals.evidence, 5);
	free(r);
}

static void
the_same_way_counts_once(void **state)
{
	(void)state;
	assert_int_equal(told_of(rig_new(), "10.0.0.1", ONE_PEER, WAYS(2, 6, 3, 2, 6)), 0);
	assert_int_equal(told_of(rig_new(), "10.0.0.1", ONE_PEER, WAYS(2, 6, 3, 5)), 1);
}

static void
a_peer_is_told_once_in_a_window(void **state)
{
	(void)state;
	assert_int_equal(told_of(rig_new(), "10.0.0.1", ONE_PEER, WAYS(2, 3, 4, 5, 2)), 1);
}

static void
ways_of_different_peers_do_not_meet(void **state)
{
	static const char *const three[] = { "1.1.1.1", "1.1.1.2", "1.1.1.1" };

	(void)state;
	assert_int_equal(told_of(rig_new(), "10.0.0.1", three, WAYS(2, 3, 4)), 0);
}

static void
what_a_victim_suffers_says_nothing_of_him(void **state)
{
	(void)state;
	assert_int_equal(told_of(rig_new(), "10.0.0.1", ONE_PEER, WAYS(2, 3, VICTIM + 4)), 0);
	assert_int_equal(told_of(rig_new(), "10.0.0.1", ONE_PEER, WAYS(2, 3, VICTIM + 4, 4)), 1);
}

static void
how_many_ways_is_a_setting(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	r->settings.alert.converge = 4;
	assert_int_equal(told_of(r, "10.0.0.1", ONE_PEER, WAYS(2, 3, 4)), 0);
	r = rig_new();
	r->settings.alert.converge = 4;
	assert_int_equal(told_of(r, "10.0.0.1", ONE_PEER, WAYS(2, 3, 4, 5)), 1);
	r = rig_new();
	r->settings.alert.converge = 0;
	assert_int_equal(told_of(r, "10.0.0.1", ONE_PEER, WAYS(2, 3, 4, 5)), 0);
}

static void
the_rule_of_slips_knows_no_meeting(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	r->settings.alert.rule = ALERT_RULE_SLIPS;
	assert_int_equal(told_of(r, "10.0.0.1", ONE_PEER, WAYS(2, 3, 4, 5)), 0);
}

/* Without a home network the first private address says where ours is. */
static void
a_stranger_is_not_judged_by_his_peers(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	assert_int_equal(told_of(r, "9.9.9.9", ONE_PEER, WAYS(2, 3, 4)), 0);
	struct setting_cidr home = { 0 };
	assert_true(cidr_parse("9.9.9.0/24", &home.value));
	r = rig_new();
	engine_rig_home(r, &home);
	assert_int_equal(told_of(r, "9.9.9.9", ONE_PEER, WAYS(2, 3, 4)), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_ways_at_one_peer_make_an_alert),
		cmocka_unit_test(the_same_way_counts_once),
		cmocka_unit_test(a_peer_is_told_once_in_a_window),
		cmocka_unit_test(ways_of_different_peers_do_not_meet),
		cmocka_unit_test(what_a_victim_suffers_says_nothing_of_him),
		cmocka_unit_test(how_many_ways_is_a_setting),
		cmocka_unit_test(the_rule_of_slips_knows_no_meeting),
		cmocka_unit_test(a_stranger_is_not_judged_by_his_peers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
