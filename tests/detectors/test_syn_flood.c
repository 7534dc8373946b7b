#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_syn_flood;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_syn_flood);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct addr
victim(uint8_t last)
{
	return addr_v4(192, 0, 2, last);
}

/* The `n`th of very many sources. */
static struct addr
source(uint32_t n)
{
	n *= 2654435761U;
	return addr_v4(
		(uint8_t)(1 + (n >> 24) % 200), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n);
}

/* A handshake that hangs. */
static struct obs_flow
syn(uint32_t from, uint8_t to, uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(from),
		.orig = source(from),
		.resp = victim(to),
		.orig_port = (uint16_t)from,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1,
		.state = CONN_S0,
		.ended = FLOW_END_TIMEOUT,
		.history = "S",
	};
}

static struct obs_flow
answered(uint32_t from, uint8_t to)
{
	struct obs_flow f = syn(from, to, 80);

	f.state = CONN_SF;
	f.established = true;
	f.history = "ShADadFf";
	return f;
}

static void
at(struct rig *r, uint64_t ns, struct obs_flow f)
{
	f.start_ns = f.last_ns = ns;
	rig_flow(r, OBS_FLOW_END, &f);
}

/* In each of the seconds [first, end): `rate` handshakes that hang, `good` that do not. */
static void
seconds_of(struct rig *r, unsigned first, unsigned end, unsigned rate, unsigned good)
{
	for (unsigned s = first; s < end; s++) {
		uint64_t second_ns = RIG_START_NS + s * NS_PER_S;
		for (unsigned i = 0; i < rate; i++)
			at(r, second_ns + (uint64_t)i * NS_PER_US, syn(s * rate + i, 1, 80));
		for (unsigned i = 0; i < good; i++)
			at(r, second_ns + NS_PER_S / 2 + (uint64_t)i * NS_PER_US, answered(i, 1));
	}
}

static void
ten_hot_seconds_are_a_flood_and_nine_are_not(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 10, 101, 0);
	assert_int_equal(r->raised_count, 0); /* the tenth is not over */
	seconds_of(r, 10, 11, 1, 0);
	assert_int_equal(r->raised_count, 1);
}

static void
a_hundred_a_second_is_not_enough(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 60, 100, 0);
	assert_int_equal(r->raised_count, 0);
}

static void
the_finding_is_the_victims_with_its_numbers(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 11, 500, 10);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	struct addr who = victim(1);
	assert_string_equal(e->kind->name, "SYN_FLOOD");
	assert_true(addr_equal(&e->host, &who));
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_false(e->has_about);
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 500);
	assert_int_equal(e->threshold, 100);
	assert_string_equal(e->object, "192.0.2.1");
	assert_float_equal(e->confidence, 500.0 / 510, 1e-9);
	assert_int_equal(e->uid_count, EVIDENCE_UIDS_MAX);
	const char *begin =
		"got 500 handshakes a second that were left hanging for 9 s, 98 % of all, "
		"to port 80/tcp from about 4";
	assert_true(strncmp(e->text, begin, strlen(begin)) == 0);
}

static void
it_is_told_once_a_minute_with_what_is_new(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 70, 200, 0);
	assert_int_equal(r->raised_count, 1);
	seconds_of(r, 70, 71, 200, 0); /* 60 s after the first, which came with the 11th second */
	assert_int_equal(r->raised_count, 2);
	assert_non_null(strstr(rig_last(r)->text, "hanging for 60 s,"));
	seconds_of(r, 71, 131, 200, 0);
	assert_int_equal(r->raised_count, 3);
}

static void
a_flood_that_pauses_is_told_no_more_often(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 12, 200, 0);
	seconds_of(r, 15, 60, 200, 0);
	assert_int_equal(r->raised_count, 1);
	seconds_of(r, 60, 72, 200, 0);
	assert_int_equal(r->raised_count, 2);
}

static void
a_cold_second_begins_the_count_anew(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 9, 200, 0);
	seconds_of(r, 9, 10, 100, 0);
	seconds_of(r, 10, 20, 200, 0);
	assert_int_equal(r->raised_count, 0);
	seconds_of(r, 20, 21, 1, 0);
	assert_int_equal(r->raised_count, 1);
}

static void
a_quiet_second_does_too(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 9, 200, 0);
	seconds_of(r, 10, 19, 200, 0);
	assert_int_equal(r->raised_count, 0);
}

static void
a_busy_server_is_not_flooded(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 30, 0, 2000);
	seconds_of(r, 30, 60, 400, 100); /* 80 % hang, and that is not more */
	assert_int_equal(r->raised_count, 0);
	seconds_of(r, 400, 411, 404, 100);
	assert_int_equal(r->raised_count, 1);
}

static void
a_dead_server_that_its_clients_retry_is_not_flooded(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 300; s++)
		for (unsigned i = 0; i < 30; i++)
			at(r, RIG_START_NS + s * NS_PER_S + i, syn(i, 1, 443));
	assert_int_equal(r->raised_count, 0);
}

static void
what_is_usual_here_is_no_flood(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 100, 90, 0); /* five times that is 450 */
	seconds_of(r, 100, 120, 430, 0);
	assert_int_equal(r->raised_count, 0);
}

static void
five_times_the_usual_is(void **state)
{
	struct rig *r = *state;

	seconds_of(r, 0, 100, 90, 0);
	seconds_of(r, 100, 111, 455, 0);
	assert_int_equal(r->raised_count, 1);
	assert_in_range(rig_last(r)->threshold, 430, 450);
	/* A flood does not become usual by lasting; quiet makes it unusual again. */
	seconds_of(r, 111, 171, 455, 0);
	assert_int_equal(r->raised_count, 2);
	seconds_of(r, 400, 411, 101, 0);
	assert_int_equal(r->raised_count, 3);
}

static void
a_scan_of_many_hosts_is_no_flood(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 20; s++)
		for (unsigned i = 0; i < 2500; i++) {
			struct obs_flow f = syn(1, (uint8_t)i, 22);
			f.resp.byte[14] = (uint8_t)(i >> 8);
			at(r, RIG_START_NS + s * NS_PER_S + i, f);
		}
	assert_int_equal(r->raised_count, 0);
}

/* `sources` take turns, and go through `ports` ports. */
static void
storm(struct rig *r, unsigned first, unsigned end, unsigned sources, unsigned ports)
{
	for (unsigned s = first; s < end; s++)
		for (unsigned i = 0; i < 1000; i++) {
			unsigned n = s * 1000 + i;
			at(r, RIG_START_NS + s * NS_PER_S + i,
				syn(n % sources, 1, (uint16_t)(1 + n / sources % ports)));
		}
}

static void
a_scan_of_many_ports_is_no_flood_even_with_decoys(void **state)
{
	struct rig *r = *state;

	storm(r, 0, 30, 1, 60000);
	storm(r, 60, 90, 16, 60000);
	assert_int_equal(r->raised_count, 0);
	storm(r, 200, 211, 17, 60000);
	assert_int_equal(r->raised_count, 1);
	assert_non_null(strstr(rig_last(r)->text, "to many ports from about 17 sources"));
	assert_int_equal(rig_last(r)->port, 0);
}

static void
a_source_that_sends_most_is_charged_and_linked(void **state)
{
	struct rig *r = *state;
	struct addr from = source(0);
	struct addr to = victim(1);

	storm(r, 0, 11, 1, 1);
	assert_int_equal(r->raised_count, 2);
	const struct raised *attacker = &r->raised[0];
	assert_true(addr_equal(&attacker->host, &from));
	assert_int_equal(attacker->role, EVIDENCE_ATTACKER);
	assert_true(attacker->has_about && addr_equal(&attacker->about, &to));
	assert_string_equal(attacker->text,
		"left 1000 handshakes a second with 192.0.2.1 hanging for 9 s, to port 1/tcp");
	const struct raised *charged = &r->raised[1];
	assert_true(addr_equal(&charged->host, &to));
	assert_int_equal(charged->role, EVIDENCE_VICTIM);
	assert_true(charged->has_about && addr_equal(&charged->about, &from));
	assert_non_null(strstr(charged->text, "from about 1 sources, most from "));
}

static void
a_source_among_many_is_found_if_it_sends_most(void **state)
{
	struct rig *r = *state;
	struct addr from;

	assert_true(addr_parse("2001:db8:1111:2222:3333:4444:5555:6666", &from));
	for (unsigned s = 0; s < 11; s++)
		for (unsigned i = 0; i < 500; i++) {
			struct obs_flow f = syn(s * 500 + i, 1, (uint16_t)(80 + (i % 5 == 1)));
			if (i % 5 < 3)
				f.orig = from;
			at(r, RIG_START_NS + s * NS_PER_S + i, f);
		}
	assert_int_equal(r->raised_count, 2);
	assert_true(addr_equal(&r->raised[0].host, &from));
	assert_int_equal(r->raised[0].port, 80);
	assert_non_null(
		strstr(rig_last(r)->text, ", most from 2001:db8:1111:2222:3333:4444:5555:6666"));
}

static void
half_is_not_most(void **state)
{
	struct rig *r = *state;

	storm(r, 0, 11, 2, 1);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->role, EVIDENCE_VICTIM);
}

static void
our_host_that_floods_a_stranger_is_told(void **state)
{
	struct rig *r = *state;

	r->stranger = victim(1);
	storm(r, 0, 11, 1, 1);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->role, EVIDENCE_ATTACKER);
}

static void
an_answer_that_nobody_had_asked_for_leaves_the_handshake_hanging(void **state)
{
	struct rig *r = *state;
	static const char *const histories[] = { "Sh", "ShR", "ShhT", "SW" };
	static const char *const completed[] = { "ShA", "ShD", "ShFa", "^hA", "Sr", "ShQ", "h" };

	for (unsigned s = 0; s < 11; s++)
		for (unsigned i = 0; i < 300; i++) {
			struct obs_flow f = syn(s * 300 + i, 1, 80);
			f.history = histories[i % 3];
			f.state = i % 3 == 1 ? CONN_RSTO : CONN_S1;
			f.established = true;
			at(r, RIG_START_NS + s * NS_PER_S + i, f);
			f = syn(s * 300 + i, 2, 80);
			f.history = completed[i % 7];
			f.state = CONN_S1;
			f.established = true;
			at(r, RIG_START_NS + s * NS_PER_S + i, f);
		}
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->host.byte[15], 1);
}

static void
what_comes_late_counts_in_the_present_second(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 12; s++)
		for (unsigned i = 0; i < 200; i++)
			at(r, RIG_START_NS + (s + 4 - i % 2 * 3) * NS_PER_S,
				syn(s * 200 + i, 1, 80));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 200);
}

static void
datagrams_are_no_handshakes(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 12; s++)
		for (unsigned i = 0; i < 200; i++) {
			struct obs_flow f = syn(s * 200 + i, 1, 53);
			f.ip_proto = IPPROTO_UDP;
			at(r, RIG_START_NS + s * NS_PER_S, f);
		}
	assert_int_equal(r->raised_count, 0);
}

static void
refused_handshakes_neither_hang_nor_succeed(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 11; s++) {
		seconds_of(r, s, s + 1, 200, 0);
		for (unsigned i = 0; i < 1000; i++) {
			struct obs_flow f = syn(i, 1, 81);
			f.state = CONN_REJ;
			f.history = "Sr";
			at(r, RIG_START_NS + s * NS_PER_S, f);
		}
	}
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 200);
}

static void
a_flood_is_not_lost_in_a_scan(void **state)
{
	struct rig *r = *state;

	for (unsigned s = 0; s < 12; s++)
		for (unsigned i = 0; i < 20000; i++) {
			struct obs_flow f = syn(i, (uint8_t)i, 80);
			f.resp.byte[13] = (uint8_t)(s + 1);
			f.resp.byte[14] = (uint8_t)(i >> 8);
			at(r, RIG_START_NS + s * NS_PER_S + i, f);
			if (i % 100 == 0)
				at(r, RIG_START_NS + s * NS_PER_S + i, syn(s * 20000 + i, 1, 80));
		}
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 200);
}

/* Floods `count` hosts for eleven seconds from `first` on. */
static void
carpet(struct rig *r, unsigned first, unsigned count)
{
	for (unsigned s = first; s < first + 12; s++)
		for (unsigned i = 0; i < 150; i++)
			for (unsigned host = 0; host < count; host++)
				at(r, RIG_START_NS + s * NS_PER_S,
					syn(s * 150 + i, (uint8_t)host, 80));
}

static void
sixteen_floods_are_told_at_a_time(void **state)
{
	struct rig *r = *state;

	carpet(r, 0, 16);
	assert_int_equal(r->raised_count, 16);
	carpet(r, 100, 20);
	assert_int_equal(r->raised_count, 32);
	carpet(r, 200, 16); /* those that are over have made room */
	assert_int_equal(r->raised_count, 48);
}

static void
floods_that_go_on_keep_their_place(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 3000; i++) { /* so that they lie anywhere in the table */
		struct obs_flow f = syn(i, (uint8_t)i, 80);
		f.resp.byte[14] = (uint8_t)(10 + (i >> 8));
		at(r, RIG_START_NS, f);
	}
	for (unsigned s = 0; s < 6; s++)
		carpet(r, 10 + 12 * s, 17);
	assert_int_equal(r->raised_count, 32);
	for (unsigned s = 0; s < 3; s++)
		carpet(r, 1000 + 100 * s, 16);
	assert_int_equal(r->raised_count, 32 + 48);
}

static void
settings_are_obeyed(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_rate", 20);
	rig_set_u32(r, "min_share", 50);
	rig_set_u32(r, "sustain", 3);
	rig_set_duration(r, "report_every", 5 * NS_PER_S);
	seconds_of(r, 0, 4, 30, 29);
	assert_int_equal(r->raised_count, 1);
	seconds_of(r, 4, 9, 30, 29);
	assert_int_equal(r->raised_count, 2);
	assert_false(rig_setting_takes(r, "min_rate", 9));
	assert_false(rig_setting_takes(r, "sustain", 1));
	assert_false(rig_setting_takes(r, "min_share", 101));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(ten_hot_seconds_are_a_flood_and_nine_are_not),
		TEST(a_hundred_a_second_is_not_enough),
		TEST(the_finding_is_the_victims_with_its_numbers),
		TEST(it_is_told_once_a_minute_with_what_is_new),
		TEST(a_flood_that_pauses_is_told_no_more_often),
		TEST(a_cold_second_begins_the_count_anew),
		TEST(a_quiet_second_does_too),
		TEST(a_busy_server_is_not_flooded),
		TEST(a_dead_server_that_its_clients_retry_is_not_flooded),
		TEST(what_is_usual_here_is_no_flood),
		TEST(five_times_the_usual_is),
		TEST(a_scan_of_many_hosts_is_no_flood),
		TEST(a_scan_of_many_ports_is_no_flood_even_with_decoys),
		TEST(a_source_that_sends_most_is_charged_and_linked),
		TEST(a_source_among_many_is_found_if_it_sends_most),
		TEST(half_is_not_most),
		TEST(our_host_that_floods_a_stranger_is_told),
		TEST(an_answer_that_nobody_had_asked_for_leaves_the_handshake_hanging),
		TEST(what_comes_late_counts_in_the_present_second),
		TEST(datagrams_are_no_handshakes),
		TEST(refused_handshakes_neither_hang_nor_succeed),
		TEST(a_flood_is_not_lost_in_a_scan),
		TEST(sixteen_floods_are_told_at_a_time),
		TEST(floods_that_go_on_keep_their_place),
		TEST(settings_are_obeyed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
