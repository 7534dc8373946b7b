#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_unknown_port;

static int
setup(void **state)
{
	static struct rig rig;
	const struct cidr net = { addr_v4(10, 0, 0, 0), 96 + 8 };

	rig_open(&rig, &detector_unknown_port);
	site_add_local(rig.site, &net);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct addr peer = { .byte = { [10] = 0xff, 0xff, 212, 95, 153, 36 } };

static struct obs_flow
conversation(struct addr resp, uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total = { .packets = 4 },
		.resp_total = { .packets = 4 },
		.history = "ShADad",
		.service_known = true,
		.established = true,
	};
}

/* Nobody answered for as long as one is waited for. */
static struct obs_flow
attempt(struct addr resp, uint16_t port)
{
	struct obs_flow f = conversation(resp, port);

	f.established = false;
	f.resp_total.packets = 0;
	f.history = "S";
	f.ended = FLOW_END_TIMEOUT;
	return f;
}

static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
a_conversation_at_an_unknown_port_is_told_once(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(peer, 453)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "UNKNOWN_PORT");
	assert_string_equal(e->kind->technique, "T1571");
	assert_int_equal(e->kind->signature_id, 5200300);
	assert_int_equal(e->kind->aspect, ASPECT_PORT);
	assert_false(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 453);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->object, "212.95.153.36 453/tcp");
	assert_string_equal(e->text, "connected to 212.95.153.36 at the unknown port 453/tcp");
	assert_int_equal(reports(r, conversation(peer, 453)), 0);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(peer, 453)), 1);
}

static void
each_port_of_a_peer_is_told_and_each_protocol(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer, 453);

	assert_int_equal(reports(r, f), 1);
	f.resp_port = 454;
	assert_int_equal(reports(r, f), 1);
	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 1);
	assert_string_equal(rig_last(r)->object, "212.95.153.36 454/udp");
	f.ip_proto = IPPROTO_SCTP;
	assert_int_equal(reports(r, f), 0);
}

static void
a_conversation_that_goes_on_is_told_too(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer, 453);

	rig_flow(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(reports(r, f), 0);
}

static void
known_ports_and_none_are_no_news(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(peer, 443)), 0);
	assert_int_equal(reports(r, conversation(peer, 5938)), 0);
	assert_int_equal(reports(r, conversation(peer, 0)), 0);
}

static void
tls_and_http_excuse_no_port_and_others_do(void **state)
{
	static const char *const excused[] = { "ssh", "ftp-data", "smtp,ssl", "dns" };
	struct rig *r = *state;
	struct obs_flow f = conversation(peer, 449);

	for (size_t i = 0; i < sizeof(excused) / sizeof(excused[0]); i++) {
		f.service = excused[i];
		assert_int_equal(reports(r, f), 0);
	}
	f.service = "ssl";
	assert_int_equal(reports(r, f), 1);
	assert_string_equal(rig_last(r)->text,
		"connected to 212.95.153.36 at the unknown port 449/tcp and spoke ssl");
	f.resp_port = 8082;
	f.service = "http";
	assert_int_equal(reports(r, f), 1);
}

/* E4 */
static void
where_nobody_names_protocols_it_is_quiet(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer, 453);

	f.service_known = false;
	assert_int_equal(reports(r, f), 0);
}

static void
an_attempt_is_information_and_a_conversation_after_it_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, attempt(peer, 6898)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
	assert_string_equal(rig_last(r)->text,
		"tried to connect to 212.95.153.36 at the unknown port 6898/tcp");
	assert_int_equal(reports(r, attempt(peer, 6898)), 0);
	assert_int_equal(reports(r, conversation(peer, 6898)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	assert_int_equal(reports(r, attempt(peer, 6898)), 0);
}

static void
attempts_can_be_left_out(void **state)
{
	struct rig *r = *state;
	bool no = false;

	memcpy(r->section + detector_unknown_port.config[0].offset, &no, sizeof(no));
	assert_int_equal(reports(r, attempt(peer, 6898)), 0);
	assert_int_equal(reports(r, conversation(peer, 6898)), 1);
}

static void
an_attempt_that_the_capture_cut_short_is_none(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(peer, 6898);

	f.ended = FLOW_END_CAPTURE;
	assert_int_equal(reports(r, f), 0);
}

static void
the_first_three_count_and_the_rest_are_information(void **state)
{
	struct rig *r = *state;

	for (uint16_t port = 40001; port <= 40003; port++) {
		assert_int_equal(reports(r, conversation(peer, port)), 1);
		assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	}
	assert_int_equal(reports(r, conversation(peer, 40004)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
}

static void
six_peers_are_a_peer_to_peer_network(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 5; i++) {
		(void)reports(r, attempt(addr_v4(192, 0, 2, i), 40001));
		(void)reports(r, attempt(addr_v4(192, 0, 2, i), 40002));
	}
	assert_int_equal(r->raised_count, 10);
	assert_false(detect_marked(&r->call, MARK_PEER_TO_PEER));
	assert_int_equal(reports(r, attempt(addr_v4(192, 0, 2, 6), 40001)), 0);
	assert_true(detect_marked(&r->call, MARK_PEER_TO_PEER));
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 6), 40001)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
	rig_window_next(r);
	rig_set_u32(r, "many_peers", 2);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 1), 40001)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 2), 40001)), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
}

static void
ports_of_a_scanner_are_no_news(void **state)
{
	struct rig *r = *state;

	(void)reports(r, conversation(peer, 443));
	(void)reports(r, conversation(peer, 40001));
	detect_mark(&r->call, MARK_PORT_SCANNER);
	assert_int_equal(reports(r, conversation(peer, 40002)), 0);
}

static void
a_neighbour_is_named_but_accused_of_nothing(void **state)
{
	struct rig *r = *state;
	struct addr ours = addr_v4(10, 0, 0, 9);
	struct addr inside = addr_v4(192, 168, 1, 9);

	assert_int_equal(reports(r, conversation(ours, 4433)), 1);
	assert_false(rig_last(r)->has_about);
	assert_string_equal(rig_last(r)->object, "10.0.0.9 4433/tcp");
	assert_int_equal(reports(r, conversation(inside, 4433)), 1);
	assert_false(rig_last(r)->has_about);
	const struct cidr net = { addr_v4(203, 0, 113, 0), 96 + 24 };
	site_add_local(r->site, &net);
	assert_int_equal(reports(r, conversation(addr_v4(203, 0, 113, 9), 4433)), 1);
	assert_false(rig_last(r)->has_about);
}

static void
announcements_to_neighbours_are_left_out(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(10, 0, 0, 255), 17500);

	f.ip_proto = IPPROTO_UDP;
	f.history = "D";
	assert_int_equal(reports(r, f), 0);
	f.established = true;
	assert_int_equal(reports(r, f), 1);
	f.established = false;
	f.resp = peer;
	assert_int_equal(reports(r, f), 1);
}

static void
groups_and_nobody_are_no_peers(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(239, 1, 2, 3), 40001);

	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 0);
	f.resp = addr_v4(255, 255, 255, 255);
	assert_int_equal(reports(r, f), 0);
	f.resp = (struct addr){ 0 };
	assert_int_equal(reports(r, f), 0);
}

static void
who_asked_whom_must_be_sure(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(peer, 40001);

	f.history = "^aADd"; /* begun before we looked */
	assert_int_equal(reports(r, f), 0);
	rig_flow_as_server(r, OBS_FLOW_END,
		&(struct obs_flow){ .orig = peer,
			.resp = addr_v4(10, 0, 0, 1),
			.orig_port = 40000,
			.resp_port = 40001,
			.ip_proto = IPPROTO_TCP,
			.history = "ShADad",
			.service_known = true,
			.established = true });
	assert_int_equal(r->raised_count, 0);
	f.ip_proto = IPPROTO_UDP;
	f.orig_port = 53; /* an answer */
	assert_int_equal(reports(r, f), 0);
	f.orig_port = 1900;
	f.orig = addr_v4(10, 0, 0, 2);
	f.resp = addr_v4(10, 0, 0, 1);
	assert_int_equal(reports(r, f), 0);
	f = conversation(peer, 40001);
	f.history = "h"; /* its SYN was lost */
	assert_int_equal(reports(r, f), 1);
	f.resp_port++;
	f.history = ""; /* not told */
	assert_int_equal(reports(r, f), 1);
}

static void
doors_past_128_are_not_kept(void **state)
{
	struct rig *r = *state;

	for (uint16_t i = 0; i < 128; i++)
		assert_int_equal(reports(r, conversation(peer, (uint16_t)(50001 + i))), 1);
	size_t used = r->memory.used_bytes;
	assert_int_equal(reports(r, conversation(peer, 50000)), 0);
	assert_int_equal(r->memory.used_bytes, used);
	r->memory.cap_bytes = used;
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 1), 50000)), 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "many_peers", 1));
	assert_true(rig_setting_takes(r, "many_peers", 64));
	assert_false(rig_setting_takes(r, "many_peers", 65));
	rig_set_u32(r, "many_peers", 64);
	for (uint8_t i = 1; i <= 63; i++)
		(void)reports(r, attempt(addr_v4(192, 0, 2, i), 40001));
	assert_false(detect_marked(&r->call, MARK_PEER_TO_PEER));
	(void)reports(r, attempt(addr_v4(192, 0, 2, 64), 40001));
	assert_true(detect_marked(&r->call, MARK_PEER_TO_PEER));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_conversation_at_an_unknown_port_is_told_once),
		TEST(each_port_of_a_peer_is_told_and_each_protocol),
		TEST(a_conversation_that_goes_on_is_told_too),
		TEST(known_ports_and_none_are_no_news),
		TEST(tls_and_http_excuse_no_port_and_others_do),
		TEST(where_nobody_names_protocols_it_is_quiet),
		TEST(an_attempt_is_information_and_a_conversation_after_it_is_told),
		TEST(attempts_can_be_left_out),
		TEST(an_attempt_that_the_capture_cut_short_is_none),
		TEST(the_first_three_count_and_the_rest_are_information),
		TEST(six_peers_are_a_peer_to_peer_network),
		TEST(ports_of_a_scanner_are_no_news),
		TEST(a_neighbour_is_named_but_accused_of_nothing),
		TEST(announcements_to_neighbours_are_left_out),
		TEST(groups_and_nobody_are_no_peers),
		TEST(who_asked_whom_must_be_sure),
		TEST(doors_past_128_are_not_kept),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
