/* A sensor that is stopped, or killed, and started again: what it says as a whole. */
#include "daemon/engine_save.h"

#include "daemon/base/time_text.h"
#include "detectors/detector.h"
#include "tests/support/sensor_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCAN "HORIZONTAL_PORT_SCAN"

static const struct addr scanner = { .byte = { [10] = 0xff, [11] = 0xff, 10, 0, 0, 1 } };

static uint64_t
at(double seconds)
{
	return UINT64_C(1600000000) * NS_PER_S + (uint64_t)(seconds * (double)NS_PER_S);
}

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

/* Knock on `port` of hosts `first` .. `first` + `count` - 1, one in ten milliseconds. */
static void
scan(struct sensor_rig *r, struct addr who, uint16_t port, unsigned first, unsigned count,
	double seconds)
{
	for (unsigned i = first; i < first + count; i++)
		sensor_rig_attempt(r, who, addr_v4(172, 16, (uint8_t)(i >> 8), (uint8_t)i), port,
			at(seconds + 0.01 * i));
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
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(9000));
	scan(r, scanner, 23, 0, 10, 9000); /* two and a half hours later */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 2);
	assert_int_equal(sensor_rig_told(r, SCAN, 0)->window, 1);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 3);
	assert_true(sensor_rig_told(r, SCAN, 1)->start_ns == at(7200));
}

static void
what_was_told_is_not_told_again(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 100, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 0), 2); /* 10 and 100 hosts */
	assert_int_equal(sensor_rig_count(r, "alert", 0), 1);
	sensor_rig_start(r, at(600));
	assert_int_equal(r->restored.windows, 1);
	scan(r, scanner, 23, 0, 100, 600);
	assert_int_equal(engine_stats(r->engine).evidence_repeated, 2);
	assert_int_equal(engine_stats(r->engine).evidence, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 0);
	assert_int_equal(sensor_rig_count(r, "alert", 1), 0);
	sensor_rig_start(r, at(1200)); /* nor after one more */
	scan(r, scanner, 23, 0, 100, 1200);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 2), 0);
}

static void
a_sensor_that_was_killed_remembers_what_it_had_saved(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	scan(r, scanner, 80, 0, 10, 10);
	sensor_rig_kill(r);
	sensor_rig_start(r, at(60));
	scan(r, scanner, 23, 0, 10, 60);
	scan(r, scanner, 80, 0, 10, 70); /* was told after the save, so once more */
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
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(60));
	scan(r, scanner, 23, 0, 100, 60); /* 10 hosts are no news, 100 are */
	scan(r, scanner, 80, 0, 10, 70);  /* nor is another port, or another host, the same */
	scan(r, other, 23, 0, 10, 80);
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
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(3000));
	scan(r, scanner, 23, 0, 10, 3600);
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
		scan(r, scanner, port, 0, 10, port);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(60));
	scan(r, scanner, 1, 0, 10, 60);
	scan(r, scanner, 4, 0, 10, 70);
	for (uint16_t port = 5; port <= 7; port++) /* the sum has started again: 3 x 0.8 */
		scan(r, scanner, port, 0, 10, 70 + port);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 1);
	alert = sensor_rig_told(r, "alert", 0);
	assert_int_equal(alert->run, 1);
	assert_int_equal(alert->evidence_count, 4);
	assert_string_equal(alert->evidence[0], sensor_rig_told(r, SCAN, 0)->id);
	assert_string_equal(alert->evidence[3], sensor_rig_told(r, SCAN, 3)->id);
	sensor_rig_start(r, at(120));
	scan(r, scanner, 8, 0, 10, 120);
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
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(60));
	for (unsigned i = 0; i < 5; i++)
		sensor_rig_refused(
			r, scanner, (uint16_t)(1000 + i), addr_v4(172, 16, 0, 1), 80, at(60 + i));
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
		sensor_rig_start(r, at(run * 60));
		scan(r, scanner, 23, 0, 100, 0); /* the same window, the same subject */
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

	sensor_rig_start(r, at(60));
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	r->settings.evidence.max_per_detector = 1000;
	sensor_rig_start(r, at(0) - 5000 * NS_PER_S); /* so early that the window is not open */
	assert_int_equal(r->restored.windows, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 2);
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
		scan(r, scanner, port, 0, 10, port);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 0), 2);
	assert_int_equal(sensor_rig_told(r, held_back, 0)->observed, 3);
	sensor_rig_start(r, at(60));
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, held_back, 1), 0); /* was said */
	sensor_rig_start(r, at(120));
	for (uint16_t port = 4; port <= 5; port++)
		scan(r, scanner, port, 0, 10, 120 + port);
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
		sensor_rig_start(r, at(run * 60));
		for (uint8_t i = 1; i <= 6; i++)
			sensor_rig_arp(r, scanner, addr_v4(10, 0, 1, i), at(run * 60 + i * 0.1));
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
		sensor_rig_dns(r, scanner, addr_v4(172, 16, 0, i), at(i));
	sensor_rig_stop(r);
	assert_int_equal(r->saved.names, 10);
	sensor_rig_start(r, at(60));
	assert_int_equal(r->restored.names, 10);
	scan(r, scanner, 23, 0, 10, 60); /* who scans does not ask for names first */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 0);
	sensor_rig_start(r, at(86400 + 5));
	assert_int_equal(r->restored.names, 4);
	sensor_rig_kill(r);
}

static void
a_window_that_is_over_by_now_stays_closed(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(7200) - 1);
	assert_int_equal(r->restored.windows, 1);
	sensor_rig_kill(r);
	sensor_rig_start(r, at(7200));
	assert_int_equal(r->restored.windows, 0);
	assert_int_equal(r->restored.windows_left_out, 1);
	sensor_rig_kill(r);
}

static void
a_window_that_nothing_more_falls_into_closes_in_its_time(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(60));
	size_t closed = r->windows_closed;
	engine_tick(r->engine, at(7200) - 1);
	assert_int_equal(r->windows_closed, closed);
	engine_tick(r->engine, at(7200));
	assert_int_equal(r->windows_closed, closed + 1);
	sensor_rig_stop(r);
	assert_int_equal(r->saved.windows, 0);
}

/* Three windows of one host, and some of others. */
static void
fill(struct sensor_rig *r)
{
	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	scan(r, scanner, 23, 0, 10, 3600);
	for (uint8_t i = 2; i < 20; i++) {
		scan(r, addr_v4(10, 0, 0, i), i, 0, 10, 3610 + i);
		sensor_rig_dns(r, scanner, addr_v4(192, 0, 2, i), at(3610 + i));
	}
	for (unsigned i = 0; i < 5; i++)
		sensor_rig_refused(r, addr_v4(10, 0, 0, 7), (uint16_t)(1000 + i),
			addr_v4(172, 16, 0, 1), 80, at(3700 + i));
}

static void
the_same_knowledge_gives_the_same_bytes(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	size_t size = r->state_size;
	uint8_t *first = malloc(size);
	assert_non_null(first);
	memcpy(first, r->state, size);
	sensor_rig_kill(r);
	assert_int_equal(r->saved.windows, 20);
	for (int again = 0; again < 2; again++) {
		/* Before all that was told: ordinals stay where they are. */
		sensor_rig_start(r, at(3800));
		assert_int_equal(r->restored.windows, 20);
		assert_int_equal(r->restored.names, 18);
		assert_int_equal(r->windows_closed, 0);
		sensor_rig_save(r);
		assert_int_equal(r->state_size, size);
		/* All but the ordinals, which have jumped to the clock. */
		memset(r->state + 26, 0, 16);
		memset(first + 26, 0, 16);
		assert_memory_equal(r->state, first, size);
		sensor_rig_kill(r);
	}
	free(first);
}

static void
stopping_and_saving_write_the_same(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	size_t size = r->state_size;
	uint8_t *saved = malloc(size);
	assert_non_null(saved);
	memcpy(saved, r->state, size);
	sensor_rig_stop(r);
	assert_int_equal(r->state_size, size);
	assert_memory_equal(r->state, saved, size);
	free(saved);
}

static void
what_does_not_fit_is_left_out_whole(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	size_t full = r->state_size;
	assert_int_equal(r->saved.windows_left_out + r->saved.names_left_out, 0);
	struct engine *filled = r->engine;
	uint8_t *whole = r->state;
	for (r->state_room = 0; r->state_room <= full; r->state_room++) {
		r->engine = filled;
		r->state = malloc(r->state_room + 1);
		assert_non_null(r->state);
		r->state[r->state_room] = 0xee;
		sensor_rig_save(r);
		assert_true(r->state_size <= r->state_room);
		assert_int_equal(r->state[r->state_room], 0xee);
		assert_int_equal(r->saved.windows + r->saved.windows_left_out, 20);
		assert_int_equal(r->saved.names + r->saved.names_left_out, 18);
		bool all = r->saved.windows_left_out + r->saved.names_left_out == 0;
		assert_int_equal(all, r->state_room == full);
		if (r->state_room % 16 == 0) { /* engines take their time */
			struct engine_saved saved = r->saved;
			sensor_rig_start(r, at(3800));
			assert_int_equal(r->restored.sections_refused, 0);
			assert_int_equal(r->restored.windows, saved.windows);
			assert_int_equal(r->restored.names, saved.names);
			engine_free(r->engine);
		}
		free(r->state);
	}
	r->engine = filled;
	r->state = whole;
	sensor_rig_kill(r);
}

static void
the_state_at_a_stop_is_bounded_too(void **state)
{
	struct sensor_rig *r = *state;

	for (r->state_room = 0; r->state_room < 4000; r->state_room += 97) {
		fill(r);
		memset(r->state, 0xee, 4100);
		sensor_rig_stop(r);
		assert_true(r->state_size <= r->state_room);
		assert_int_equal(r->state[r->state_room], 0xee);
		assert_int_equal(r->saved.windows + r->saved.windows_left_out, 20);
		assert_int_equal(r->saved.names + r->saved.names_left_out, 18);
		struct engine_saved saved = r->saved;
		sensor_rig_start(r, at(3800));
		assert_int_equal(r->restored.sections_refused, 0);
		assert_int_equal(r->restored.windows, saved.windows);
		assert_int_equal(r->restored.names, saved.names);
		sensor_rig_kill(r);
		r->told_count = 0;
	}
}

/* The names confirmed last are the ones that are worth most. */
static void
the_latest_names_go_first(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	for (uint8_t i = 0; i < 10; i++)
		sensor_rig_dns(r, scanner, addr_v4(172, 16, 0, i), at(i));
	sensor_rig_save(r);
	r->state_room = r->state_size - 5 * 24;
	sensor_rig_stop(r);
	assert_int_equal(r->saved.names, 5);
	assert_int_equal(r->saved.names_left_out, 5);
	sensor_rig_start(r, at(60));
	scan(r, scanner, 23, 0, 10, 60);
	scan(r, scanner, 23, 100, 5, 70); /* the five first are targets: ten with these */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 1);
}

static void
more_windows_than_there_is_memory_are_left_out(void **state)
{
	struct sensor_rig *r = *state;
	const uint64_t limit = r->settings.memory.limit;

	sensor_rig_start(r, 0);
	for (unsigned i = 0; i < 3000; i++)
		for (uint8_t k = 0; k < 5; k++)
			sensor_rig_arp(r, addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i),
				addr_v4(10, 2, 0, k), at(i * 0.01));
	sensor_rig_stop(r);
	assert_int_equal(r->saved.windows, 3000);
	r->settings.memory.limit = limit / 64 * 18;
	size_t closed = r->windows_closed;
	sensor_rig_start(r, at(60));
	struct engine_stats s = engine_stats(r->engine);
	assert_int_equal(s.windows_open, r->restored.windows);
	assert_int_equal(r->restored.windows + r->restored.windows_left_out, 3000);
	assert_true(r->restored.windows > 500);
	assert_true(r->restored.windows_left_out > 500);
	assert_int_equal(s.profiles_evicted, 0);
	assert_int_equal(r->windows_closed, closed);
	scan(r, scanner, 23, 0, 10, 60); /* there is room for what comes */
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 1);
	assert_int_equal(engine_stats(r->engine).windows_truncated, 0);
	sensor_rig_kill(r);
}

static void
no_host_gets_more_windows_than_it_may_have(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	r->settings.windows.open_max = 1;
	sensor_rig_start(r, at(3800));
	assert_int_equal(r->restored.windows, 19);
	assert_int_equal(r->restored.windows_left_out, 1);
	assert_int_equal(r->windows_closed, 0);
	sensor_rig_kill(r);
}

static void
what_a_detector_that_is_off_has_told_is_left_out(void **state)
{
	struct sensor_rig *r = *state;
	size_t all = r->detector_count;

	fill(r);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	r->detector_count = 1;
	sensor_rig_start(r, at(3800));
	assert_int_equal(r->restored.sections_refused, 0);
	assert_int_equal(r->restored.windows, 20);
	sensor_rig_kill(r);
	r->detector_count = all;
}

static void
windows_of_another_width_start_again(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	r->settings.windows.width /= 2;
	sensor_rig_start(r, at(600));
	assert_int_equal(r->restored.windows_left_out, 1);
	assert_int_equal(r->restored.sections_refused, 0);
	scan(r, scanner, 23, 0, 10, 9000);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 1);
	check_ids(r);
}

static void
windows_numbered_by_profile_go_on_too(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.windows.numbering = NUMBERING_PROFILE;
	sensor_rig_start(r, 0);
	sensor_rig_attempt(r, addr_v4(10, 0, 0, 9), addr_v4(172, 16, 0, 1), 80, at(0));
	scan(r, scanner, 23, 0, 10, 1000);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(2000));
	assert_int_equal(r->restored.windows, 1);
	scan(r, scanner, 23, 0, 10, 2000);
	scan(r, scanner, 23, 0, 10, 1000 + 3600);
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, SCAN, 1), 1);
	assert_int_equal(sensor_rig_told(r, SCAN, 1)->window, 2);
	assert_true(sensor_rig_told(r, SCAN, 1)->start_ns == at(1000 + 3600));
	r->settings.windows.numbering = NUMBERING_GLOBAL;
	sensor_rig_start(r, at(5000));
	assert_int_equal(r->restored.windows, 0);
	sensor_rig_kill(r);
}

static void
the_one_window_of_all_time_goes_on(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.windows.only_one = true;
	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, at(1000000));
	assert_int_equal(r->restored.windows, 1);
	scan(r, scanner, 23, 0, 10, 1000000);
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
	const struct addr victim = addr_v4(172, 16, 0, 1);

	r->detectors[r->detector_count++] = &detector_quarrel;
	sensor_rig_start(r, 0);
	sensor_rig_attempt(r, scanner, victim, 80, at(0)); /* nobody there to be charged yet */
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "QUARREL", 0), 1);
	sensor_rig_start(r, at(60));
	sensor_rig_attempt(r, victim, scanner, 80, at(60));
	sensor_rig_attempt(r, scanner, victim, 80, at(61));
	sensor_rig_stop(r);
	/* 1: of the first run; 2, 3: the victim begins one, with its twin; 4: the twin of 1 */
	assert_int_equal(sensor_rig_count(r, "QUARREL", SIZE_MAX), 4);
	assert_string_equal(
		sensor_rig_told(r, "QUARREL", 3)->twin, sensor_rig_told(r, "QUARREL", 0)->id);
	assert_true(addr_equal(&sensor_rig_told(r, "QUARREL", 3)->host, &victim));
	/* Who began it and who suffered it are not the same finding. */
	sensor_rig_start(r, at(120));
	sensor_rig_attempt(r, scanner, victim, 80, at(120));
	sensor_rig_attempt(r, victim, scanner, 80, at(121));
	sensor_rig_stop(r);
	assert_int_equal(sensor_rig_count(r, "QUARREL", 2), 0);
}

/* A section of its own in front of what fill() leaves. */
static void
put_before(struct sensor_rig *r, uint16_t id, uint16_t version, const void *bytes, size_t size)
{
	size_t before = r->state_size;
	uint8_t *old = malloc(before);
	struct blob b = blob_over(r->state, r->state_room);

	assert_non_null(old);
	memcpy(old, r->state, before);
	blob_u16(&b, id);
	blob_u16(&b, version);
	blob_u32(&b, (uint32_t)size);
	blob_bytes(&b, bytes, size);
	blob_bytes(&b, old, before);
	assert_false(b.overflow);
	r->state_size = b.length;
	free(old);
}

static void
a_section_that_nobody_knows_is_skipped_and_said(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	put_before(r, 4, 1, "later", 5);
	put_before(r, 0, 1, "never", 5);
	put_before(r, 2, 2, "windows as a later version writes them", 38);
	sensor_rig_start(r, at(3800));
	assert_int_equal(r->restored.sections_unknown, 3);
	assert_int_equal(r->restored.sections_refused, 0);
	assert_int_equal(r->restored.windows, 20);
	assert_int_equal(r->restored.names, 18);
	sensor_rig_kill(r);
}

/* Each refused, with all the rest taken. */
static void
a_numbering_that_makes_no_sense_is_refused(void **state)
{
	struct sensor_rig *r = *state;
	const struct {
		uint64_t width, started, t0, next_evidence, next_alert;
		size_t size;
		bool refused;
	} cases[] = {
		{ 1, 0, INT64_MAX / 2, INT64_MAX, INT64_MAX, 34, false },
		{ INT64_MAX / 4, 0, 0, 0, 0, 34, false },
		{ 0, 0, 0, 0, 0, 34, true },
		{ INT64_MAX / 4 + 1, 0, 0, 0, 0, 34, true },
		{ 1, 2, 0, 0, 0, 34, true },
		{ 1, 0, INT64_MAX / 2 + 1, 0, 0, 34, true },
		{ 1, 0, 0, UINT64_C(1) << 63, 0, 34, true },
		{ 1, 0, 0, 0, UINT64_C(1) << 63, 34, true },
		{ 1, 0, 0, 0, 0, 33, true },
		{ 1, 0, 0, 0, 0, 35, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t numbers[40] = { 0 };
		struct blob b = blob_over(numbers, sizeof(numbers));
		blob_u64(&b, cases[i].width);
		blob_u8(&b, 0);
		blob_u8(&b, (uint8_t)cases[i].started);
		blob_u64(&b, cases[i].t0);
		blob_u64(&b, cases[i].next_evidence);
		blob_u64(&b, cases[i].next_alert);
		fill(r);
		sensor_rig_save(r);
		sensor_rig_kill(r);
		put_before(r, 1, 1, numbers, cases[i].size);
		sensor_rig_start(r, at(3800));
		assert_int_equal(r->restored.sections_refused, cases[i].refused);
		assert_int_equal(r->restored.windows, 20);
		sensor_rig_kill(r);
		r->told_count = 0;
	}
}

static void
the_numbering_is_set_once(void **state)
{
	struct sensor_rig *r = *state;
	uint8_t numbers[34];

	fill(r);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	memcpy(numbers, r->state + 8, sizeof(numbers));
	put_before(r, 1, 1, numbers, sizeof(numbers));
	sensor_rig_start(r, at(3800));
	assert_int_equal(r->restored.sections_refused, 1);
	assert_int_equal(r->restored.windows, 20);
	sensor_rig_kill(r);
}

static void
windows_without_a_numbering_stay_closed(void **state)
{
	struct sensor_rig *r = *state;

	fill(r);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	r->state_size -= 42;
	memmove(r->state, r->state + 42, r->state_size);
	sensor_rig_start(r, at(3800));
	assert_int_equal(r->restored.windows, 0);
	assert_int_equal(r->restored.windows_left_out, 20);
	assert_int_equal(r->restored.names, 18);
	sensor_rig_kill(r);
}

static void
the_same_window_twice_is_one(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	/* numbers, windows, names: the second once more at the end */
	size_t windows = r->state_size - 42 - 8;
	memmove(r->state + r->state_size - 8, r->state + 42, windows);
	r->state_size += windows - 8;
	sensor_rig_start(r, at(60));
	assert_int_equal(r->restored.windows, 1);
	assert_int_equal(r->restored.windows_left_out, 1);
	assert_int_equal(engine_stats(r->engine).windows_open, 1);
	sensor_rig_kill(r);
}

/* A start that lies on no boundary, one that is to come, and a beginning beyond all time. */
static void
a_window_that_cannot_be_stays_closed(void **state)
{
	struct sensor_rig *r = *state;
	const uint64_t starts[] = { at(1), at(36000), UINT64_MAX };
	enum { START_AT = 42 + 8 + 16 + 8 };

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct blob b = blob_over(r->state + START_AT, 8);
		blob_u64(&b, starts[i]);
		sensor_rig_start(r, at(60));
		assert_int_equal(r->restored.sections_refused, 0);
		assert_int_equal(r->restored.windows, 0);
		assert_int_equal(engine_stats(r->engine).profiles_active, 0);
		sensor_rig_kill(r);
	}
	struct blob b = blob_over(r->state + START_AT - 8, 8);
	blob_u64(&b, UINT64_MAX);
	sensor_rig_start(r, at(60));
	assert_int_equal(r->restored.sections_refused, 1);
	sensor_rig_kill(r);
}

/* Every byte of a state turned: it is taken or refused, and the sensor goes on. */
static void
a_damaged_byte_harms_nobody(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_dns(r, scanner, addr_v4(172, 16, 9, 9), at(5));
	sensor_rig_save(r);
	sensor_rig_kill(r);
	for (size_t i = 0; i < r->state_size; i++)
		for (int turn = 0; turn < 2; turn++) {
			uint8_t mask = turn == 0 ? 0x01 : 0xff;
			r->state[i] ^= mask;
			sensor_rig_start(r, at(60));
			scan(r, scanner, 23, 0, 10, 60);
			engine_finish(r->engine, NULL, 0);
			sensor_rig_kill(r);
			r->state[i] ^= mask;
			r->told_count = 0;
		}
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
		A_TEST(the_same_knowledge_gives_the_same_bytes),
		A_TEST(stopping_and_saving_write_the_same),
		A_TEST(what_does_not_fit_is_left_out_whole),
		A_TEST(the_state_at_a_stop_is_bounded_too),
		A_TEST(the_latest_names_go_first),
		A_TEST(more_windows_than_there_is_memory_are_left_out),
		A_TEST(no_host_gets_more_windows_than_it_may_have),
		A_TEST(what_a_detector_that_is_off_has_told_is_left_out),
		A_TEST(windows_of_another_width_start_again),
		A_TEST(windows_numbered_by_profile_go_on_too),
		A_TEST(the_one_window_of_all_time_goes_on),
		A_TEST(a_twin_is_tied_to_what_was_told_before_the_restart),
		A_TEST(a_section_that_nobody_knows_is_skipped_and_said),
		A_TEST(a_numbering_that_makes_no_sense_is_refused),
		A_TEST(the_numbering_is_set_once),
		A_TEST(windows_without_a_numbering_stay_closed),
		A_TEST(the_same_window_twice_is_one),
		A_TEST(a_window_that_cannot_be_stays_closed),
		A_TEST(a_damaged_byte_harms_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
