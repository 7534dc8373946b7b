#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_beacon;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_beacon);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const struct addr peer = { .byte = { [10] = 0xff, 0xff, 217, 8, 117, 52 } };
static const struct addr neighbour = { .byte = { [10] = 0xff, 0xff, 10, 0, 0, 9 } };

static struct obs_flow
connection(struct addr resp, uint16_t port, uint64_t at_ms, uint64_t bytes)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total = { .packets = 4, .payload_bytes = bytes },
		.resp_total = { .packets = 4 },
		.start_ns = RIG_START_NS + at_ms * 1000000,
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

/* `count` connections from `from_ms` on. */
static size_t
calls(struct rig *r, struct addr resp, uint64_t from_ms, uint64_t gap_ms, unsigned count)
{
	size_t before = r->raised_count;

	for (uint64_t i = 0; i < count; i++)
		(void)reports(r, connection(resp, 80, from_ms + i * gap_ms, 200));
	return r->raised_count - before;
}

/* The first two are seen and not watched. */
static void
eight_connections_by_the_clock_are_told_once(void **state)
{
	struct rig *r = *state;

	assert_int_equal(calls(r, peer, 0, 60500, 9), 0);
	assert_int_equal(calls(r, peer, UINT64_C(9) * 60500, 60500, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "BEACON");
	assert_string_equal(e->kind->technique, "T1071");
	assert_int_equal(e->kind->signature_id, 5200301);
	assert_int_equal(e->kind->aspect, ASPECT_HABIT);
	assert_true(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 8);
	assert_int_equal(e->threshold, 8);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->object, "217.8.117.52 80/tcp");
	assert_string_equal(e->text,
		"connected 8 times to port 80/tcp of 217.8.117.52 within 7 min, about every 60.5 s: "
		"regularity 1.00, likeness 1.00");
	assert_int_equal(calls(r, peer, UINT64_C(10) * 60500, 60500, 40), 0);
	rig_window_next(r);
	assert_int_equal(calls(r, peer, 3600000, 60500, 10), 1);
}

static void
they_span_five_minutes_at_least(void **state)
{
	struct rig *r = *state;

	assert_int_equal(calls(r, peer, 0, 10000, 32), 0); /* watched from 20 s to 310 s */
	assert_int_equal(reports(r, connection(peer, 80, 319999, 200)), 0);
	assert_int_equal(reports(r, connection(peer, 80, 320000, 200)), 1);
	rig_window_next(r);
	rig_set_duration(r, "min_span", 60 * NS_PER_S);
	assert_int_equal(calls(r, peer, 3600000, 9000, 9), 0);
	assert_int_equal(calls(r, peer, 3600000 + UINT64_C(9) * 9000, 9000, 1), 1);
}

/* Gaps that stray by 0.6 of the median, and minutes that are filled by chance. */
static void
without_regularity_nor_likeness_it_is_none(void **state)
{
	static const uint64_t gaps[] = { 1, 300, 2, 90, 600, 5, 1, 200, 3, 700, 1, 40, 500, 2 };
	struct rig *r = *state;
	uint64_t at_ms = 0;

	for (uint64_t i = 0; i < 140; i++) {
		at_ms += gaps[i % 14] * 100;
		assert_int_equal(reports(r, connection(peer, 80, at_ms * 5, i * 7 % 100 * 50)), 0);
	}
}

/* Half of the score each. */
static void
likeness_is_the_share_within_sixteen_bytes_or_five_percent(void **state)
{
	static const uint64_t near[] = { 1000, 1050, 950, 1000, 1000, 1000, 1051, 949 };
	static const uint64_t small[] = { 100, 116, 84, 100, 100, 100, 117, 83 };
	struct rig *r = *state;

	(void)calls(r, peer, 0, 60000, 2);
	for (uint64_t i = 0; i < 8; i++)
		(void)reports(r, connection(peer, 80, (2 + i) * 60000, near[i]));
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, (1 + 0.75) / 2, 1e-9);
	rig_window_next(r);
	(void)calls(r, peer, 3600000, 60000, 2);
	for (uint64_t i = 0; i < 8; i++)
		(void)reports(r, connection(peer, 80, 3600000 + (2 + i) * 60000, small[i]));
	assert_int_equal(r->raised_count, 2);
	assert_float_equal(rig_last(r)->confidence, (1 + 0.75) / 2, 1e-9);
}

static void
regularity_is_how_little_gaps_stray(void **state)
{
	static const uint64_t at_s[] = { 0, 60, 100, 200, 240, 340, 380,
		480 }; /* median 60 of 40 and 100 */
	struct rig *r = *state;

	rig_set_duration(r, "min_span", 480 * NS_PER_S);
	(void)calls(r, peer, 0, 1000, 2);
	for (uint64_t i = 0; i < 8; i++)
		(void)reports(r, connection(peer, 80, 2000 + at_s[i] * 1000, 200));
	/* Gaps 60 40 100 40 100 40 100: 60 in the middle, which 20 of 0 20 40 20 40 20 40 stray from. */
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, (1 + 2.0 / 3) / 2, 1e-9);
	assert_non_null(
		strstr(rig_last(r)->text, "about every 60.0 s: regularity 0.67, likeness 1.00"));
}

/* Two each minute, at any time in it. */
static void
or_how_evenly_minutes_are_filled(void **state)
{
	struct rig *r = *state;

	(void)calls(r, peer, 0, 1, 2);
	for (uint64_t i = 0; i < 6; i++) {
		assert_int_equal(r->raised_count, 0);
		(void)reports(r, connection(peer, 80, 1000 + i * 60000, 200));
		(void)reports(r, connection(peer, 80, 1100 + i * 60000, 200));
	}
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, 1, 1e-9);
}

/* Three each minute, whenever, and one in the last, which begins as it ends the fifth minute after the first. */
static void
the_minute_of_the_last_connection_is_one_of_them(void **state)
{
	static const uint64_t at_s[] = { 0, 1, 50, 64, 99, 101, 130, 131, 178, 181, 222, 226, 244,
		261, 299, 300 };
	struct rig *r = *state;

	rig_set_u32(r, "min_connections", 16);
	(void)calls(r, peer, 0, 1, 2);
	for (uint64_t i = 0; i < 16; i++)
		(void)reports(r, connection(peer, 80, 1000 + at_s[i] * 1000, 200));
	/* 3 3 3 3 3 1: 16/6 on average, which they stray from by the root of 20/36. */
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, (1 + 1 - 0.745356 * 6 / 16) / 2, 1e-5);
}

static void
minutes_after_the_first_hour_are_not_looked_at(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_connections", 121);
	(void)calls(r, peer, 0, 1, 2);
	for (uint64_t i = 0; i < 60; i++) { /* two each minute, at times that stray by a half */
		(void)reports(r, connection(peer, 80, 1000 + i * 60000 + i % 7 * 4000, 200));
		(void)reports(r, connection(peer, 80, 31000 + i * 60000 + i % 5 * 6000, 200));
	}
	assert_int_equal(r->raised_count, 0);
	(void)reports(r, connection(peer, 80, 1000 + 3600000, 200));
	assert_int_equal(r->raised_count, 1);
	assert_non_null(strstr(rig_last(r)->text, "regularity 1.00"));
}

/* Three of six are filled, and the gaps in them are none. */
static void
minutes_that_are_empty_count_against_it(void **state)
{
	static const uint64_t minute[] = { 0, 2, 5 };
	struct rig *r = *state;

	rig_set_u32(r, "min_connections", 12);
	(void)calls(r, peer, 0, 1, 2);
	for (uint64_t m = 0; m < 3; m++)
		for (uint64_t i = 0; i < 4; i++)
			(void)reports(
				r, connection(peer, 80,
					   1000 + minute[m] * 60000 + (i > 1 ? 900 : 0), 200));
	assert_int_equal(r->raised_count, 0);
}

static void
the_score_has_a_threshold(void **state)
{
	struct rig *r = *state;
	double score = 0.88;

	memcpy(r->section + detector_beacon.config[3].offset, &score, sizeof(score));
	(void)calls(r, peer, 0, 60000, 2);
	for (uint64_t i = 0; i < 8; i++) /* 6 of 8 alike: 0.875 */
		(void)reports(r, connection(peer, 80, (2 + i) * 60000, i > 5 ? 900 : 200));
	assert_int_equal(r->raised_count, 0);
	score = 0.875;
	memcpy(r->section + detector_beacon.config[3].offset, &score, sizeof(score));
	rig_window_next(r);
	(void)calls(r, peer, 3600000, 60000, 2);
	for (uint64_t i = 0; i < 8; i++)
		(void)reports(
			r, connection(peer, 80, 3600000 + (2 + i) * 60000, i > 5 ? 900 : 200));
	assert_int_equal(r->raised_count, 1);
}

static void
two_hundred_of_them_to_the_internet_convict(void **state)
{
	struct rig *r = *state;

	assert_int_equal(calls(r, peer, 0, 2230, 201), 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(calls(r, peer, UINT64_C(201) * 2230, 2230, 1), 1);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->observed, 200);
	assert_int_equal(rig_last(r)->threshold, 200);
	assert_int_equal(calls(r, peer, UINT64_C(202) * 2230, 2230, 300), 0);
	(void)calls(r, neighbour, UINT64_C(202) * 2230, 2230, 300);
	assert_int_equal(r->raised_count, 3);
	assert_false(rig_last(r)->decisive);
}

static void
whoever_asks_for_nothing_or_a_neighbour_is_not_convicted(void **state)
{
	const struct addr ours = addr_v4(203, 0, 113, 9);
	const struct cidr home = { addr_v4(203, 0, 113, 0), 96 + 24 };
	struct rig *r = *state;

	for (uint64_t i = 0; i < 300; i++)
		(void)reports(r, connection(peer, 80, i * 2230, 0));
	assert_int_equal(r->raised_count, 1);
	assert_false(rig_last(r)->decisive);
	rig_window_next(r);
	site_add_local(r->site, &home);
	assert_int_equal(calls(r, ours, 3600000, 2230, 300), 1);
	assert_false(rig_last(r)->decisive);
	rig_window_next(r);
	for (uint64_t i = 0; i < 300; i++)
		(void)reports(r, connection(peer, 80, 7200000 + i * 2230, 1));
	assert_true(rig_last(r)->decisive);
}

static void
it_need_not_convict(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict", 0);
	assert_int_equal(calls(r, peer, 0, 2230, 400), 1);
	assert_false(rig_last(r)->decisive);
}

/* Four of five are of one length: 0.8; then less. Gaps that stray by a tenth, then by more. */
static void
conviction_needs_both_high(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 300; i++) /* 24 of the last 32 are alike, 28 at best */
		(void)reports(r, connection(peer, 80, i * 2230, i % 4 == 0 ? 900 : 200));
	assert_int_equal(r->raised_count, 1);
	assert_false(rig_last(r)->decisive);
	rig_window_next(r);
	uint64_t at_ms = 3600000;
	for (uint64_t i = 0; i < 300; i++) { /* strays 20 of 100 */
		(void)reports(r, connection(peer, 80, at_ms, 200));
		at_ms += i % 20 == 0 ? 60000 : i % 3 == 0 ? 2000 : i % 3 == 1 ? 2600 : 1400;
	}
	assert_int_equal(r->raised_count, 2);
	assert_false(rig_last(r)->decisive);
}

static void
ends_in_another_order_are_put_in_order(void **state)
{
	struct rig *r = *state;

	(void)calls(r, peer, 0, 60000, 3);
	for (uint64_t i = 3; i < 11; i += 2) {
		(void)reports(r, connection(peer, 80, (i + 1) * 60000, 200));
		(void)reports(r, connection(peer, 80, i * 60000, 200));
	}
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, 1, 1e-9);
	(void)reports(r, connection(peer, 80, 1, 200)); /* long before those that are kept */
}

/* 16 gaps of one minute and 15 of two, where the last to end is before all that are kept. */
static void
one_before_all_others_is_put_before_them(void **state)
{
	struct rig *r = *state;
	uint64_t at_ms = 121000;

	rig_set_u32(r, "min_connections", 33);
	rig_set_duration(r, "min_span", 60 * NS_PER_S);
	(void)calls(r, peer, 0, 1, 2);
	(void)reports(r, connection(peer, 80, 1000, 200));
	for (uint64_t i = 0; i < 31; i++) {
		(void)reports(r, connection(peer, 80, at_ms, 200));
		at_ms += i < 15 ? 60000 : 120000;
	}
	assert_int_equal(reports(r, connection(peer, 80, 61000, 200)), 1);
	assert_non_null(strstr(rig_last(r)->text, "about every 60.0 s"));
}

static void
logins_names_and_time_are_left_out(void **state)
{
	static const uint16_t ports[] = { 21, 22, 23, 25, 53, 110, 123, 143, 465, 512, 513, 514,
		587, 853, 993, 995, 3389, 5900 };
	static const char *const services[] = { "ssh", "ftp", "smtp,ssl", "telnet", "rdp", "imap",
		"pop3", "rlogin", "rsh" };
	struct rig *r = *state;

	for (size_t p = 0; p < sizeof(ports) / sizeof(ports[0]); p++)
		for (uint64_t i = 0; i < 12; i++)
			(void)reports(r, connection(peer, ports[p], i * 60000, 200));
	for (size_t s = 0; s < sizeof(services) / sizeof(services[0]); s++)
		for (uint64_t i = 0; i < 12; i++) {
			struct obs_flow f = connection(peer, 902, i * 60000, 200);
			f.service = services[s];
			(void)reports(r, f);
		}
	assert_int_equal(r->raised_count, 0);
	assert_null(r->call.window_state);
	for (uint64_t i = 0; i < 12; i++)
		(void)reports(r, connection(peer, 5901, i * 60000, 200));
	assert_int_equal(r->raised_count, 1);
}

static void
what_a_domain_does_inside_is_left_out(void **state)
{
	static const uint16_t ports[] = { 88, 135, 389, 445 };
	struct rig *r = *state;

	for (size_t p = 0; p < 4; p++)
		for (uint64_t i = 0; i < 12; i++)
			(void)reports(r, connection(neighbour, ports[p], i * 60000, 200));
	assert_int_equal(r->raised_count, 0);
	for (uint64_t i = 0; i < 12; i++)
		(void)reports(r, connection(peer, 445, i * 60000, 200));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(calls(r, neighbour, 0, 60000, 12), 1);
}

static void
only_established_tcp_of_the_client_at_its_end_counts(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 12; i++) {
		struct obs_flow f = connection(peer, 80, i * 60000, 200);
		rig_flow(r, OBS_FLOW_START, &f);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
		rig_flow_as_server(r, OBS_FLOW_END, &f);
		f.established = false;
		(void)reports(r, f);
		f.established = true;
		f.ip_proto = IPPROTO_UDP;
		(void)reports(r, f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
ports_of_a_peer_are_watched_apart(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 9; i++) {
		(void)reports(r, connection(peer, 80, i * 60000, 200));
		(void)reports(r, connection(peer, 8080, i * 60000 + 20000, 200));
	}
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(reports(r, connection(peer, 80, UINT64_C(9) * 60000, 200)), 1);
	assert_int_equal(reports(r, connection(peer, 8080, UINT64_C(9) * 60000 + 20000, 200)), 1);
}

/* Twelve that keep to their rhythm are not driven out; one that has broken it is. */
static void
who_broke_its_rhythm_makes_room(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 6; i++)
		for (uint8_t p = 0; p < 12; p++)
			if (p != 5 || i < 4)
				(void)reports(r, connection(addr_v4(198, 51, 100, p), 80,
							 i * 60000 + p, 200));
	size_t used = r->memory.used_bytes;
	(void)calls(
		r, peer, 301000, 1000, 4); /* at 304 s number 5 is 124 s late: two of its 45 s */
	assert_int_equal(r->memory.used_bytes, used);
	for (uint64_t i = 6; i < 20; i++)
		for (uint8_t p = 0; p < 12; p++)
			if (p != 5)
				(void)reports(r, connection(addr_v4(198, 51, 100, p), 80,
							 i * 60000 + p, 200));
	assert_int_equal(r->raised_count, 11);
	assert_int_equal(calls(r, peer, 1200000, 60000, 12), 1);
	assert_int_equal(r->memory.used_bytes, used);
}

static void
no_newcomer_takes_the_place_of_who_keeps_to_it(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 10; i++) {
		if (i == 6)
			(void)calls(r, peer, 301000, 1000, 20);
		for (uint8_t p = 0; p < 12; p++)
			(void)reports(
				r, connection(addr_v4(198, 51, 100, p), 80, i * 60000 + p, 200));
	}
	assert_int_equal(r->raised_count, 12);
}

/* After 40 times each ten seconds, by the latest 32, 50 seconds are five times too many. */
static void
rhythm_is_that_of_the_latest(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 45; i++)
		for (uint8_t p = 0; p < 12; p++)
			if (p != 5 || i < 40)
				(void)reports(r, connection(addr_v4(198, 51, 100, p), 80,
							 i * 10000 + p, 200));
	assert_int_equal(r->raised_count, 12);
	size_t used = r->memory.used_bytes;
	(void)calls(r, peer, 440500, 500, 3);
	assert_int_equal(calls(r, peer, 442000, 60000, 7), 1);
	assert_int_equal(r->memory.used_bytes, used);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	(void)calls(r, peer, 0, 60000, 2);
	r->memory.cap_bytes = r->memory.used_bytes;
	assert_int_equal(calls(r, peer, 120000, 60000, 12), 0);
	rig_window_next(r);
	r->memory.cap_bytes = 64; /* the head */
	assert_int_equal(calls(r, peer, 3600000, 60000, 12), 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_connections", 3));
	assert_true(rig_setting_takes(r, "min_connections", 10000));
	assert_false(rig_setting_takes(r, "min_connections", 10001));
	assert_true(rig_setting_takes(r, "convict", 1000000));
	assert_false(rig_setting_takes(r, "convict", 1000001));
	assert_false(rig_setting_takes(r, "min_span", 59 * NS_PER_S));
	assert_true(rig_setting_takes(r, "min_span", 86400 * NS_PER_S));
	rig_set_u32(r, "min_connections", 9);
	assert_int_equal(calls(r, peer, 0, 60000, 10), 0);
	assert_int_equal(calls(r, peer, 600000, 60000, 1), 1);
	assert_int_equal(rig_last(r)->threshold, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(eight_connections_by_the_clock_are_told_once),
		TEST(they_span_five_minutes_at_least),
		TEST(without_regularity_nor_likeness_it_is_none),
		TEST(likeness_is_the_share_within_sixteen_bytes_or_five_percent),
		TEST(regularity_is_how_little_gaps_stray),
		TEST(or_how_evenly_minutes_are_filled),
		TEST(the_minute_of_the_last_connection_is_one_of_them),
		TEST(minutes_after_the_first_hour_are_not_looked_at),
		TEST(minutes_that_are_empty_count_against_it),
		TEST(the_score_has_a_threshold),
		TEST(two_hundred_of_them_to_the_internet_convict),
		TEST(whoever_asks_for_nothing_or_a_neighbour_is_not_convicted),
		TEST(it_need_not_convict),
		TEST(conviction_needs_both_high),
		TEST(ends_in_another_order_are_put_in_order),
		TEST(one_before_all_others_is_put_before_them),
		TEST(logins_names_and_time_are_left_out),
		TEST(what_a_domain_does_inside_is_left_out),
		TEST(only_established_tcp_of_the_client_at_its_end_counts),
		TEST(ports_of_a_peer_are_watched_apart),
		TEST(who_broke_its_rhythm_makes_room),
		TEST(no_newcomer_takes_the_place_of_who_keeps_to_it),
		TEST(rhythm_is_that_of_the_latest),
		TEST(without_memory_it_is_quiet),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
