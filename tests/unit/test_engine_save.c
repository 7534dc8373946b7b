/* A sensor that is stopped, or killed, and started again: what it says as a whole. */
#include "daemon/engine/engine_save.h"

#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "detectors/detector.h"
#include "tests/support/sensor_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCAN "HORIZONTAL_PORT_SCAN"

static const struct addr scanner = { .byte = { [10] = 0xff, [11] = 0xff, 10, 0, 0, 1 } };

static int
setup(void **state)
{
	*state = sensor_rig_new();
	return 0;
}

static int
teardown(void **state)
{
	sensor_rig_free(*state);
	return 0;
}

/* Every id told is told once. */
static void
check_ids(const struct sensor_rig *r)
{
	for (size_t i = 0; i < r->told_count; i++)
		for (size_t k = i + 1; k < r->told_count; k++)
			assert_string_not_equal(r->told[i].id, r->told[k].id);
}

/* No finding is part of two alerts. */
static void
check_alerts(const struct sensor_rig *r)
{
	const struct sensor_told *a;
	const struct sensor_told *b;

	for (size_t i = 0; (a = sensor_rig_told(r, "alert", i)) != NULL; i++)
		for (size_t k = i + 1; (b = sensor_rig_told(r, "alert", k)) != NULL; k++)
			for (size_t m = 0; m < a->evidence_count; m++)
				for (size_t n = 0; n < b->evidence_count; n++)
					assert_string_not_equal(a->evidence[m], b->evidence[n]);
}

static void
windows_go_on_being_counted(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(9000));
	sensor_rig_scan(r, scanner, 23, 0, 10, 9000); /* two and a half hours later */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 2);
	assert_int_equal(sensor_rig_told(r, SCAN, 0)->window, 1);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 3);
	assert_true(sensor_rig_told(r, SCAN, 1)->start_ns == sensor_rig_at(7200));
}

static void
what_was_told_is_not_told_again(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 100, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 0), 2); /* 10 and 100 hosts */
	assert_int_equal(sensor_rig_count(r, "alert", 0), 1);
	sensor_rig_start(r, sensor_rig_at(600));
	assert_int_equal(r->restored.windows, 1);
	sensor_rig_scan(r, scanner, 23, 0, 100, 600);
	assert_int_equal(engine_stats(r->engine).evidence_repeated, 2);
	assert_int_equal(engine_stats(r->engine).evidence, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 0);
	assert_int_equal(sensor_rig_count(r, "alert", 1), 0);
	sensor_rig_start(r, sensor_rig_at(1200)); /* nor after one more */
	sensor_rig_scan(r, scanner, 23, 0, 100, 1200);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 2), 0);
}

static void
a_sensor_that_was_killed_remembers_what_it_had_saved(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	sensor_rig_scan(r, scanner, 80, 0, 10, 10);
	sensor_rig_kill(r);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_scan(r, scanner, 23, 0, 10, 60);
	sensor_rig_scan(r, scanner, 80, 0, 10, 70); /* was told after the save, so once more */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 0), 2);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 1);
	check_ids(r);
}

static void
what_is_more_or_other_than_what_was_told_is_told(void **state)
{
	struct sensor_rig *r = *state;
	const struct addr other = addr_v4(10, 0, 0, 2);

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_scan(r, scanner, 23, 0, 100, 60); /* 10 hosts are no news, 100 are */
	sensor_rig_scan(
		r, scanner, 80, 0, 10, 70); /* nor is another port, or another host, the same */
	sensor_rig_scan(r, other, 23, 0, 10, 80);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 3);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->observed, 100);
	assert_string_equal(sensor_rig_told(r, SCAN, 2)->object, "80/tcp");
	assert_true(addr_equal(&sensor_rig_told(r, SCAN, 3)->host, &other));
	check_ids(r);
}

static void
the_next_window_knows_nothing_of_it(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(3000));
	sensor_rig_scan(r, scanner, 23, 0, 10, 3600);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 1);
}

static void
the_sum_goes_on_to_one_alert_of_all(void **state)
{
	struct sensor_rig *r = *state;
	const struct sensor_told *alert;

	sensor_rig_start(r, 0);
	for (uint16_t port = 1; port <= 3; port++) /* 3 x 0.8 of 3.0 */
		sensor_rig_scan(r, scanner, port, 0, 10, port);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_scan(r, scanner, 1, 0, 10, 60);
	sensor_rig_scan(r, scanner, 4, 0, 10, 70);
	for (uint16_t port = 5; port <= 7; port++) /* the sum has started again: 3 x 0.8 */
		sensor_rig_scan(r, scanner, port, 0, 10, 70 + port);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 1);
	alert = sensor_rig_told(r, "alert", 0);
	assert_int_equal(alert->run, 1);
	assert_int_equal(alert->evidence_count, 4);
	assert_string_equal(alert->evidence[0], sensor_rig_told(r, SCAN, 0)->id);
	assert_string_equal(alert->evidence[3], sensor_rig_told(r, SCAN, 3)->id);
	sensor_rig_start(r, sensor_rig_at(120));
	sensor_rig_scan(r, scanner, 8, 0, 10, 120);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 2);
	check_ids(r);
	check_alerts(r);
}

static void
the_reason_of_an_alert_may_lie_before_the_restart(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.alert.threshold = 1.0 / 60; /* 1.0 an hour: one scan is not enough */
	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	for (unsigned i = 0; i < 5; i++)
		sensor_rig_refused(r, scanner, (uint16_t)(1000 + i), addr_v4(172, 96, 0, 1), 80,
			sensor_rig_at(60 + i));
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 1);
	assert_string_equal(
		sensor_rig_told(r, "alert", 0)->text, sensor_rig_told(r, SCAN, 0)->text);
}

static void
ids_do_not_repeat_where_the_state_is_lost(void **state)
{
	struct sensor_rig *r = *state;

	for (int run = 0; run < 3; run++) {
		r->state_size = 0;
		sensor_rig_start(r, sensor_rig_at(run * 60));
		sensor_rig_scan(r, scanner, 23, 0, 100, 0); /* the same window, the same subject */
		sensor_rig_kill(r);
	}
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 6);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 3);
	check_ids(r);
}

static void
ids_do_not_repeat_where_the_clock_was_set_back(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_scan(r, scanner, 23, 0, 100, 0);
	sensor_rig_stop(r);
	sensor_rig_start(
		r, sensor_rig_at(0) - 5000 * NS_PER_S); /* so early that the window is not open */
	assert_int_equal(r->restored.windows, 0);
	sensor_rig_scan(r, scanner, 23, 0, 100, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 4);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 2);
	check_ids(r);
}

static void
the_cap_of_a_detector_goes_on(void **state)
{
	struct sensor_rig *r = *state;
	const char *held_back = "EVIDENCE_SUPPRESSED";

	r->settings.evidence.max_per_detector = 2;
	sensor_rig_start(r, 0);
	for (uint16_t port = 1; port <= 3; port++)
		sensor_rig_scan(r, scanner, port, 0, 10, port);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 0), 2);
	assert_int_equal(sensor_rig_told(r, held_back, 0)->observed, 3);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, held_back, 1), 0); /* was said */
	sensor_rig_start(r, sensor_rig_at(120));
	for (uint16_t port = 4; port <= 5; port++)
		sensor_rig_scan(r, scanner, port, 0, 10, 120 + port);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 2), 0);
	assert_int_equal(sensor_rig_count(r, held_back, 2), 1);
	assert_string_equal(sensor_rig_told(r, held_back, 1)->text,
		"2 more findings of horizontal_scan were held back");
	check_ids(r);
}

/* A scan that waits for its end when the sensor stops is told then, and not again. */
static void
the_last_words_of_a_run_are_remembered(void **state)
{
	struct sensor_rig *r = *state;

	for (int run = 0; run < 2; run++) {
		sensor_rig_start(r, sensor_rig_at(run * 60));
		for (uint8_t i = 1; i <= 6; i++)
			sensor_rig_arp(r, scanner, addr_v4(10, 0, 1, i),
				sensor_rig_at(run * 60 + i * 0.1));
		sensor_rig_stop(r);
	}
	assert_int_equal(sensor_rig_count(r, "ARP_SCAN", SIZE_MAX), 1);
	assert_int_equal(sensor_rig_told(r, "ARP_SCAN", 0)->run, 0);
}

static void
names_are_known_again_until_they_expire(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	for (uint8_t i = 0; i < 10; i++)
		sensor_rig_dns(r, scanner, addr_v4(172, 96, 0, i), sensor_rig_at(i));
	sensor_rig_stop(r);
	assert_int_equal(r->saved.names, 10);
	sensor_rig_start(r, sensor_rig_at(60));
	assert_int_equal(r->restored.names, 10);
	sensor_rig_scan(r, scanner, 23, 0, 10, 60); /* who scans does not ask for names first */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 0);
	sensor_rig_start(r, sensor_rig_at(86400 + 5));
	assert_int_equal(r->restored.names, 4);
	sensor_rig_kill(r);
}

static void
a_window_that_is_over_by_now_stays_closed(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(7200) - 1);
	assert_int_equal(r->restored.windows, 1);
	sensor_rig_kill(r);
	sensor_rig_start(r, sensor_rig_at(7200));
	assert_int_equal(r->restored.windows, 0);
	assert_int_equal(r->restored.windows_left_out, 1);
	sensor_rig_kill(r);
}

static void
a_window_that_nothing_more_falls_into_closes_in_its_time(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	size_t closed = r->windows_closed;
	engine_tick(r->engine, sensor_rig_at(7200) - 1);
	assert_int_equal(r->windows_closed, closed);
	engine_tick(r->engine, sensor_rig_at(7200));
	assert_int_equal(r->windows_closed, closed + 1);
	sensor_rig_stop(r);
	assert_int_equal(r->saved.windows, 0);
}

static void
windows_of_another_width_start_again(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	r->settings.windows.width /= 2;
	sensor_rig_start(r, sensor_rig_at(600));
	assert_int_equal(r->restored.windows_left_out, 1);
	assert_int_equal(r->restored.sections_refused, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 9000);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 1);
	check_ids(r);
}

/* The first packet after a restart may be that of a host whose ARP cache was poisoned meanwhile. */
static void
networks_and_gateways_go_on(void **state)
{
	struct sensor_rig *r = *state;
	const struct mac router = { { 2, 0, 0, 0, 0, 1 } };
	const struct addr neighbour = addr_v4(10, 9, 9, 9);
	const struct mac liar = { { 2, 0, 0, 0, 0, 66 } };
	struct obs_flow out = { .orig = addr_v4(10, 0, 0, 5),
		.resp = addr_v4(192, 0, 2, 1),
		.ip_proto = 6,
		.has_macs = true,
		.orig_mac = { { 2, 0, 0, 0, 0, 5 } },
		.resp_mac = router,
		.history = "",
		.service = "" };
	struct observation o = { .kind = OBS_FLOW_START, .ts_ns = sensor_rig_at(0), .flow = &out };

	r->prefix_count = 0;
	sensor_rig_start(r, 0);
	engine_observe(r->engine, &o);
	sensor_rig_save(r);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	assert_int_equal(r->restored.sections_refused + r->restored.sections_unknown, 0);
	out.orig = addr_v4(192, 168, 0, 5);
	out.resp_mac = liar;
	o.ts_ns = sensor_rig_at(61);
	engine_observe(r->engine, &o);
	assert_true(site_is_gateway_mac(r->engine->site, &router));
	assert_false(site_is_gateway_mac(r->engine->site, &liar));
	assert_true(site_is_local(r->engine->site, &neighbour));
	assert_false(site_is_local(r->engine->site, &out.orig));
	sensor_rig_stop(r);
}

static void
windows_numbered_by_profile_go_on_too(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.windows.numbering = NUMBERING_PROFILE;
	sensor_rig_start(r, 0);
	sensor_rig_attempt(r, addr_v4(10, 0, 0, 9), addr_v4(172, 96, 0, 1), 80, sensor_rig_at(0));
	sensor_rig_scan(r, scanner, 23, 0, 10, 1000);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(2000));
	assert_int_equal(r->restored.windows, 1);
	sensor_rig_scan(r, scanner, 23, 0, 10, 2000);
	sensor_rig_scan(r, scanner, 23, 0, 10, 1000 + 3600);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 1);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 2);
	assert_true(sensor_rig_told(r, SCAN, 1)->start_ns == sensor_rig_at(1000 + 3600));
	r->settings.windows.numbering = NUMBERING_GLOBAL;
	sensor_rig_start(r, sensor_rig_at(5000));
	assert_int_equal(r->restored.windows, 0);
	sensor_rig_kill(r);
}

static void
the_one_window_of_all_time_goes_on(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.windows.only_one = true;
	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(1000000));
	assert_int_equal(r->restored.windows, 1);
	sensor_rig_scan(r, scanner, 23, 0, 10, 1000000);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 1);
}

/* A detector that tells both sides. */
static const struct evidence_kind quarrel = {
	.name = "QUARREL", .technique = "", .unit = "", .title = ""
};

static void
quarrel_observe(struct detect *d, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return;
	struct finding f = { .kind = &quarrel,
		.threat = THREAT_LOW,
		.confidence = 1,
		.about = &o->flow->resp,
		.observed = 1 };
	evidence_raise(d, &f, "began it");
	f.role = EVIDENCE_VICTIM;
	evidence_raise_twin(d, &f, "suffered it");
}

static const struct detector detector_quarrel = {
	.name = "quarrel",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.kinds = (const struct evidence_kind *const[]){ &quarrel, NULL },
	.observe = quarrel_observe,
};

static void
a_twin_is_tied_to_what_was_told_before_the_restart(void **state)
{
	struct sensor_rig *r = *state;
	const struct addr victim = addr_v4(172, 96, 0, 1);

	r->detectors[r->detector_count++] = &detector_quarrel;
	sensor_rig_start(r, 0);
	sensor_rig_attempt(
		r, scanner, victim, 80, sensor_rig_at(0)); /* nobody there to be charged yet */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "QUARREL", 0), 1);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_attempt(r, victim, scanner, 80, sensor_rig_at(60));
	sensor_rig_attempt(r, scanner, victim, 80, sensor_rig_at(61));
	sensor_rig_stop(r);
	/* 1: of the first run; 2, 3: the victim begins one, with its twin; 4: the twin of 1 */
	assert_int_equal(sensor_rig_count(r, "QUARREL", SIZE_MAX), 4);
	assert_string_equal(
		sensor_rig_told(r, "QUARREL", 3)->twin, sensor_rig_told(r, "QUARREL", 0)->id);
	assert_true(addr_equal(&sensor_rig_told(r, "QUARREL", 3)->host, &victim));
	/* Who began it and who suffered it are not the same finding. */
	sensor_rig_start(r, sensor_rig_at(120));
	sensor_rig_attempt(r, scanner, victim, 80, sensor_rig_at(120));
	sensor_rig_attempt(r, victim, scanner, 80, sensor_rig_at(121));
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "QUARREL", 2), 0);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		A_TEST(windows_go_on_being_counted),
		A_TEST(what_was_told_is_not_told_again),
		A_TEST(a_sensor_that_was_killed_remembers_what_it_had_saved),
		A_TEST(what_is_more_or_other_than_what_was_told_is_told),
		A_TEST(the_next_window_knows_nothing_of_it),
		A_TEST(the_sum_goes_on_to_one_alert_of_all),
		A_TEST(the_reason_of_an_alert_may_lie_before_the_restart),
		A_TEST(ids_do_not_repeat_where_the_state_is_lost),
		A_TEST(ids_do_not_repeat_where_the_clock_was_set_back),
		A_TEST(the_cap_of_a_detector_goes_on),
		A_TEST(the_last_words_of_a_run_are_remembered),
		A_TEST(names_are_known_again_until_they_expire),
		A_TEST(a_window_that_is_over_by_now_stays_closed),
		A_TEST(a_window_that_nothing_more_falls_into_closes_in_its_time),
		A_TEST(windows_of_another_width_start_again),
		A_TEST(networks_and_gateways_go_on),
		A_TEST(windows_numbered_by_profile_go_on_too),
		A_TEST(the_one_window_of_all_time_goes_on),
		A_TEST(a_twin_is_tied_to_what_was_told_before_the_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
