#include "daemon/transactions/http.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_port_80;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_port_80);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct addr peer = { .byte = { [10] = 0xff, 0xff, 194, 132, 197, 198 } };

static struct obs_flow
conversation(struct addr resp)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP,
		.orig_total = { .packets = 4, .payload_bytes = 5 },
		.resp_total = { .packets = 3, .payload_bytes = 3 },
		.history = "ShAFaf",
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
speak_http(struct rig *r, struct addr resp, enum obs_role role)
{
	const struct obs_http http = { .method = "GET" };
	const struct obs_talk talk = {
		.orig = r->host, .resp = resp, .resp_port = 80, .ip_proto = IPPROTO_TCP
	};

	rig_observe(r, &(struct observation){ .kind = OBS_HTTP,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .http = &http });
}

static void
what_is_no_http_is_told_once_on_both_sides(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(peer)), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "NON_HTTP_PORT_80_CONNECTION");
	assert_string_equal(e->kind->technique, "T1571");
	assert_int_equal(e->kind->signature_id, 5200303);
	assert_int_equal(e->kind->aspect, ASPECT_PROTOCOL);
	assert_false(e->kind->may_convict);
	assert_false(e->twin);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 8);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->object, "194.132.197.198");
	assert_string_equal(e->text,
		"exchanged 8 bytes with 194.132.197.198 at port 80/tcp that were nothing known and not HTTP");
	e = rig_last(r);
	assert_true(e->twin);
	assert_true(addr_equal(&e->host, &peer));
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_string_equal(e->object, "10.0.0.1");
	assert_string_equal(e->text,
		"exchanged 8 bytes with 10.0.0.1 at its port 80/tcp that were nothing known and not HTTP");
	assert_int_equal(reports(r, conversation(peer)), 0);
}

static void
the_first_three_count_and_the_rest_are_information(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	f.service = "ssl";
	for (uint8_t i = 1; i <= 3; i++) {
		f.resp = addr_v4(198, 51, 100, i);
		assert_int_equal(reports(r, f), 2);
		assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	}
	f.resp = peer;
	assert_int_equal(reports(r, f), 2);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
	assert_string_equal(r->raised[6].text,
		"exchanged 8 bytes with 194.132.197.198 at port 80/tcp that were ssl and not HTTP");
}

static void
with_whom_http_was_just_spoken_is_left_alone(void **state)
{
	struct rig *r = *state;

	speak_http(r, peer, ROLE_CLIENT);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_tick(r, RIG_START_NS + 300 * NS_PER_S);
	assert_int_equal(reports(r, conversation(peer)), 0);
	rig_tick(r, RIG_START_NS + 301 * NS_PER_S);
	assert_int_equal(reports(r, conversation(peer)), 2);
	struct obs_flow f = conversation(addr_v4(192, 0, 2, 9));
	f.service = "http";
	assert_int_equal(reports(r, f), 0);
	f.service = "";
	assert_int_equal(reports(r, f), 0);
}

static void
http_of_others_and_as_server_excuses_nobody(void **state)
{
	struct rig *r = *state;

	speak_http(r, addr_v4(192, 0, 2, 1), ROLE_CLIENT);
	speak_http(r, peer, ROLE_SERVER);
	assert_int_equal(reports(r, conversation(peer)), 2);
}

static void
only_what_could_have_been_recognised_counts(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer);

	f.service_known = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	f.resp_port = 443;
	assert_int_equal(reports(r, f), 0);
	f.service = "http"; /* elsewhere */
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer);
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 2);
}

static void
a_neighbour_is_named_but_accused_of_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 9))), 2);
	assert_false(r->raised[0].has_about);
	assert_string_equal(r->raised[0].object, "10.0.0.9");
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
		TEST(what_is_no_http_is_told_once_on_both_sides),
		TEST(the_first_three_count_and_the_rest_are_information),
		TEST(with_whom_http_was_just_spoken_is_left_alone),
		TEST(http_of_others_and_as_server_excuses_nobody),
		TEST(only_what_could_have_been_recognised_counts),
		TEST(a_neighbour_is_named_but_accused_of_nothing),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
