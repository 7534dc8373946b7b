#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_reconnection;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_reconnection);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* An attempt that was refused. */
static struct obs_flow
refused(uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(3),
		.resp = addr_v4(192, 0, 2, 1),
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1,
		.resp_total.packets = 1,
		.state = CONN_REJ,
		.ended = FLOW_END_CLOSED,
	};
}

/* An attempt that was not answered. */
static struct obs_flow
unanswered(uint16_t port)
{
	struct obs_flow f = refused(port);

	f.resp_total.packets = 0;
	f.state = CONN_S0;
	f.ended = FLOW_END_TIMEOUT;
	return f;
}

/* `count` attempts, a second apart, each from the port after the last one's. */
static void
knock(struct rig *r, unsigned count, struct obs_flow f)
{
	for (unsigned i = 0; i < count; i++) {
		rig_tick(r, r->now_ns + NS_PER_S);
		f.orig_port = (uint16_t)(20000 + r->now_ns / NS_PER_S % 40000);
		f.start_ns = f.last_ns = r->now_ns;
		rig_flow(r, OBS_FLOW_END, &f);
	}
}

static void
four_refusals_are_silence_and_five_are_not(void **state)
{
	struct rig *r = *state;

	knock(r, 4, refused(445));
	assert_int_equal(r->raised_count, 0);
	knock(r, 1, refused(445));
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);

	knock(r, 5, refused(445));
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "MULTIPLE_RECONNECTION_ATTEMPTS");
	assert_string_equal(e->kind->title, "Multiple reconnection attempts");
	assert_string_equal(e->kind->technique, "T1008");
	assert_string_equal(e->kind->unit, "attempts");
	assert_int_equal(e->kind->signature_id, 5200008);
	assert_string_equal(
		e->text, "tried to connect to 192.0.2.1 port 445/tcp 5 times and was refused");
	assert_string_equal(e->object, "192.0.2.1 port 445/tcp");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 445);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 5);
	assert_int_equal(e->threshold, 5);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(3).text);
}

static void
refusals_are_reported_again_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	knock(r, 49, refused(445));
	assert_int_equal(r->raised_count, 1);
	knock(r, 1, refused(445));
	assert_int_equal(r->raised_count, 2);
	knock(r, 449, refused(445));
	assert_int_equal(r->raised_count, 2);
	knock(r, 1, refused(445));
	assert_int_equal(r->raised_count, 3);
}

static void
three_telnet_attempts_are_silence_and_four_are_not(void **state)
{
	struct rig *r = *state;

	knock(r, 3, unanswered(23));
	assert_int_equal(r->raised_count, 0);
	knock(r, 1, unanswered(23));
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->text, "tried telnet to 192.0.2.1 4 times in vain");
	assert_string_equal(e->object, "192.0.2.1");
	assert_int_equal(e->port, 23);
	assert_int_equal(e->threshold, 4);
	knock(r, 35, unanswered(23));
	assert_int_equal(r->raised_count, 1);
	knock(r, 1, unanswered(23));
	assert_int_equal(r->raised_count, 2);
}

static void
both_telnet_ports_of_a_host_are_one_count(void **state)
{
	struct rig *r = *state;

	knock(r, 2, unanswered(23));
	knock(r, 2, unanswered(2323));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->port, 2323);
}

static void
a_refused_telnet_attempt_is_told_once(void **state)
{
	struct rig *r = *state;

	knock(r, 5, refused(23));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 4);
}

static void
elsewhere_only_a_refusal_counts(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(445);

	knock(r, 100, unanswered(445));
	f.state = CONN_RSTOS0;
	knock(r, 100, f);
	f.state = CONN_RSTR;
	knock(r, 100, f);
	assert_int_equal(r->raised_count, 0);
}

static void
a_telnet_session_that_was_established_is_none_in_vain(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(23);

	f.state = CONN_SF;
	f.established = true;
	knock(r, 100, f);
	assert_int_equal(r->raised_count, 0);
}

static void
only_tcp_counts(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	f.ip_proto = IPPROTO_UDP;
	knock(r, 100, f);
	f = refused(445);
	f.ip_proto = IPPROTO_UDP;
	knock(r, 100, f);
	assert_int_equal(r->raised_count, 0);
}

static void
ports_and_hosts_are_counted_apart(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(445);

	knock(r, 4, f);
	knock(r, 4, refused(139));
	f.resp = addr_v4(192, 0, 2, 2);
	knock(r, 4, f);
	knock(r, 3, unanswered(23));
	f = unanswered(23);
	f.resp = addr_v4(192, 0, 2, 2);
	knock(r, 3, f);
	assert_int_equal(r->raised_count, 0);
}

static void
the_refusing_side_is_not_charged(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(445);

	for (uint16_t port = 1; port < 100; port++) {
		f.orig_port = port;
		rig_flow_as_server(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
flows_that_go_on_are_not_over(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	for (uint16_t port = 1; port < 100; port++) {
		f.orig_port = port;
		rig_flow(r, OBS_FLOW_START, &f);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	knock(r, 4, refused(445));
	rig_window_next(r);
	knock(r, 4, refused(445));
	assert_int_equal(r->raised_count, 0);
}

static void
the_same_syn_sent_again_is_the_same_attempt(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	f.orig_port = 40000;
	f.start_ns = f.last_ns = r->now_ns;
	for (int i = 0; i < 10; i++) {
		f.start_ns = f.last_ns + 64 * NS_PER_S; /* the longest wait */
		f.last_ns = f.start_ns + NS_PER_S;
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
	knock(r, 2, unanswered(23));
	assert_int_equal(r->raised_count, 0);
	knock(r, 1, unanswered(23));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 4);
}

static void
the_same_port_long_after_is_another_attempt(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	f.orig_port = 40000;
	f.start_ns = f.last_ns = r->now_ns;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(r->raised_count, 0);
		f.start_ns = f.last_ns = f.last_ns + 64 * NS_PER_S + 1;
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 1);
}

/* A flow log may leave the originator's port out. */
static void
what_carried_data_is_no_syn_sent_again(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(445);

	f.start_ns = f.last_ns = r->now_ns;
	f.orig_port = 4000;
	f.orig_total.payload_bytes = 588;
	for (unsigned i = 0; i < 5; i++)
		rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 5);
}

static void
the_first_attempt_counts_from_whatever_port(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	f.start_ns = f.last_ns = 1;
	rig_flow(r, OBS_FLOW_END, &f); /* from port 0 at time 1: as a zeroed entry has it */
	knock(r, 2, unanswered(23));
	assert_int_equal(r->raised_count, 0);
	knock(r, 1, unanswered(23));
	assert_int_equal(r->raised_count, 1);
}

static void
attempts_that_were_cut_short_do_not_count(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = unanswered(23);

	f.ended = FLOW_END_CAPTURE;
	knock(r, 100, f);
	f.ended = FLOW_END_EVICTED;
	knock(r, 100, f);
	assert_int_equal(r->raised_count, 0);
	f = refused(445);
	f.ended = FLOW_END_CAPTURE; /* it was refused before that */
	knock(r, 5, f);
	assert_int_equal(r->raised_count, 1);
}

static void
a_scanner_that_knocks_once_on_each_door_is_not_meant(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(23);

	for (unsigned i = 0; i < 400; i++) {
		f.resp = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		knock(r, 1, f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
both_thresholds_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_refused", 1));
	assert_false(rig_setting_takes(r, "min_refused", 10001));
	assert_false(rig_setting_takes(r, "min_telnet", 1));
	assert_false(rig_setting_takes(r, "min_telnet", 10001));
	assert_true(rig_setting_takes(r, "min_refused", 10000));
	assert_true(rig_setting_takes(r, "min_telnet", 2));
	assert_true(rig_setting_takes(r, "min_telnet", 10000));
	rig_set_u32(r, "min_refused", 2);
	rig_set_u32(r, "min_telnet", 3);
	knock(r, 2, refused(445));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 2);
	knock(r, 2, unanswered(23));
	assert_int_equal(r->raised_count, 1);
	knock(r, 1, unanswered(23));
	assert_int_equal(r->raised_count, 2);
	assert_int_equal(rig_last(r)->threshold, 3);
}

static void
the_longest_address_and_port_fit(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = refused(65535);

	memset(f.resp.byte, 0x2e, sizeof(f.resp.byte));
	knock(r, 5, f);
	assert_string_equal(
		rig_last(r)->object, "2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e port 65535/tcp");
}

static void
the_door_after_the_last_is_not_counted(void **state)
{
	struct rig *r = *state;

	for (uint16_t port = 1000; port < 1511; port++)
		knock(r, 1, refused(port));
	knock(r, 5, refused(445)); /* the 512th */
	assert_int_equal(r->raised_count, 1);
	knock(r, 5, refused(446));
	assert_int_equal(r->raised_count, 1);
	knock(r, 4, refused(1000)); /* what is in the table goes on */
	assert_int_equal(r->raised_count, 2);
}

static void
a_full_arena_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	knock(r, 1, refused(1));
	r->memory.cap_bytes = r->memory.used_bytes;
	knock(r, 10, refused(445));
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(four_refusals_are_silence_and_five_are_not),
		TEST(the_finding_says_what_was_counted),
		TEST(refusals_are_reported_again_at_each_tenfold),
		TEST(three_telnet_attempts_are_silence_and_four_are_not),
		TEST(both_telnet_ports_of_a_host_are_one_count),
		TEST(a_refused_telnet_attempt_is_told_once),
		TEST(elsewhere_only_a_refusal_counts),
		TEST(a_telnet_session_that_was_established_is_none_in_vain),
		TEST(only_tcp_counts),
		TEST(ports_and_hosts_are_counted_apart),
		TEST(the_refusing_side_is_not_charged),
		TEST(flows_that_go_on_are_not_over),
		TEST(each_window_counts_for_itself),
		TEST(the_same_syn_sent_again_is_the_same_attempt),
		TEST(the_same_port_long_after_is_another_attempt),
		TEST(what_carried_data_is_no_syn_sent_again),
		TEST(the_first_attempt_counts_from_whatever_port),
		TEST(attempts_that_were_cut_short_do_not_count),
		TEST(a_scanner_that_knocks_once_on_each_door_is_not_meant),
		TEST(both_thresholds_can_be_set),
		TEST(the_longest_address_and_port_fit),
		TEST(the_door_after_the_last_is_not_counted),
		TEST(a_full_arena_is_quiet_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
