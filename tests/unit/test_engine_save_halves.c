/* Whatever comes, in two halves with a restart between them, against the same without one. */
#include "daemon/engine/engine_save.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/frame.h"
#include "daemon/loop/capture/capture_file.h"
#include "tests/support/sensor_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool
same_subject(const struct sensor_told *a, const struct sensor_told *b)
{
	return strcmp(a->kind, b->kind) == 0 && addr_equal(&a->host, &b->host) &&
	       strcmp(a->object, b->object) == 0 && a->start_ns == b->start_ns;
}

static size_t
count_of(const struct sensor_rig *r, const struct sensor_told *like)
{
	size_t count = 0;

	for (size_t i = 0; i < r->told_count; i++)
		count += same_subject(&r->told[i], like);
	return count;
}

static void
check_ids_and_alerts(const struct sensor_rig *r)
{
	for (size_t i = 0; i < r->told_count; i++) {
		const struct sensor_told *a = &r->told[i];
		for (size_t k = i + 1; k < r->told_count; k++) {
			const struct sensor_told *b = &r->told[k];
			assert_string_not_equal(a->id, b->id);
			for (size_t m = 0; m < a->evidence_count; m++)
				for (size_t n = 0; n < b->evidence_count; n++)
					assert_string_not_equal(a->evidence[m], b->evidence[n]);
		}
	}
}

/* What is told after the restart about what was told before it is more. */
static void
check_is_news(const struct sensor_rig *r, const struct sensor_told *t)
{
	for (size_t i = 0; i < r->told_count && t->evidence_count == 0; i++)
		if (r->told[i].run < t->run && same_subject(&r->told[i], t))
			assert_true(r->told[i].observed < t->observed);
}

/*
 * Nothing is told that would not have been told without the restart, and windows have their numbers. Scanners that
 * were not known yet are forgotten as such, and a few more of the ports that they try are told until they are.
 */
static void
check_no_more(const struct sensor_rig *halves, const struct sensor_rig *whole)
{
	for (size_t i = 0; i < halves->told_count; i++) {
		const struct sensor_told *t = &halves->told[i];
		if (strcmp(t->kind, "UNKNOWN_PORT") != 0)
			assert_true(count_of(whole, t) > 0);
		check_is_news(halves, t);
		for (size_t k = 0; k < whole->told_count; k++)
			if (whole->told[k].start_ns == t->start_ns)
				assert_int_equal(whole->told[k].window, t->window);
	}
	check_ids_and_alerts(halves);
}

static void
check_no_less(const struct sensor_rig *halves, const struct sensor_rig *whole)
{
	for (size_t i = 0; i < whole->told_count; i++)
		assert_true(count_of(halves, &whole->told[i]) > 0);
}

/* Ten minutes each; more than one window in all, and hosts and subjects that come back. */
enum { EPISODES = 12 };

static void
episode(struct sensor_rig *r, unsigned n)
{
	const struct addr host = addr_v4(10, 0, 0, (uint8_t)(1 + n % 3));
	double start = n * 600;

	for (uint8_t i = 0; i < 110; i++)
		if (n % 4 == 0 || i < 15)
			sensor_rig_attempt(r, host, addr_v4(172, 96, (uint8_t)n, i),
				(uint16_t)(20 + n), sensor_rig_at(start + i * 0.1));
	for (uint16_t i = 0; i < 12; i++)
		sensor_rig_attempt(r, host, addr_v4(172, 97, 0, (uint8_t)n), (uint16_t)(1 + i),
			sensor_rig_at(start + 20 + i));
	for (uint16_t i = 0; i < 6; i++)
		sensor_rig_refused(r, host, (uint16_t)(1000 + i), addr_v4(172, 98, 0, (uint8_t)n),
			80, sensor_rig_at(start + 40 + i));
	for (uint8_t i = 0; n % 6 == 1 && i < 9; i++)
		sensor_rig_arp(r, host, addr_v4(10, 0, 1, i), sensor_rig_at(start + 60 + i * 0.1));
	sensor_rig_dns(r, host, addr_v4(172, 96, (uint8_t)(n + 1), 3), sensor_rig_at(start + 100));
}

static void
a_restart_between_two_events_changes_nothing_that_is_told(void **state)
{
	struct sensor_rig *whole = sensor_rig_new();

	(void)state;
	sensor_rig_start(whole, 0);
	for (unsigned n = 0; n < EPISODES; n++)
		episode(whole, n);
	sensor_rig_stop(whole);
	assert_true(sensor_rig_count(whole, "alert", SIZE_MAX) > 3);
	assert_true(sensor_rig_count(whole, "HORIZONTAL_PORT_SCAN", SIZE_MAX) > 10);
	assert_int_equal(sensor_rig_count(whole, "ARP_SCAN", SIZE_MAX), 2);
	for (unsigned cut = 0; cut <= EPISODES; cut++)
		for (int killed = 0; killed < 2; killed++) {
			struct sensor_rig *halves = sensor_rig_new();
			sensor_rig_start(halves, 0);
			for (unsigned n = 0; n < cut; n++)
				episode(halves, n);
			if (killed)
				sensor_rig_save(halves);
			if (killed)
				sensor_rig_kill(halves);
			else
				sensor_rig_stop(halves);
			sensor_rig_start(halves, sensor_rig_at(cut * 600));
			assert_int_equal(halves->restored.sections_refused, 0);
			for (unsigned n = cut; n < EPISODES; n++)
				episode(halves, n);
			sensor_rig_stop(halves);
			check_no_more(halves, whole);
			check_no_less(halves, whole);
			assert_int_equal(halves->told_count, whole->told_count);
			sensor_rig_free(halves);
		}
	sensor_rig_free(whole);
}

/* The frames of a capture, kept. */
struct capture {
	struct frame frames[20000];
	size_t count;
};

static struct capture *
capture_read(const char *path)
{
	struct capture *c = calloc(1, sizeof(*c));
	struct capture_file *reader;
	struct frame frames[CAPTURE_BATCH_MAX];
	char error[CAPTURE_ERROR_MAX];

	assert_non_null(c);
	assert_int_equal(capture_file_open(&path, 1, NULL, &reader, error), 0);
	for (size_t n; (n = capture_file_next(reader, frames)) > 0;)
		for (size_t i = 0; i < n; i++) {
			uint8_t *bytes = malloc(frames[i].captured);
			assert_non_null(bytes);
			assert_true(c->count < sizeof(c->frames) / sizeof(c->frames[0]));
			memcpy(bytes, frames[i].bytes, frames[i].captured);
			c->frames[c->count] = frames[i];
			c->frames[c->count++].bytes = bytes;
		}
	capture_file_close(reader);
	return c;
}

static void
feed(struct sensor_rig *r, const struct capture *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		engine_packets(r->engine, &c->frames[i], 1);
}

static void
a_restart_within_a_capture_tells_nothing_twice(void **state)
{
	static const char *const paths[] = {
		TESTS_DIR "/golden/arp_sweep/input.pcap",
		TESTS_DIR "/golden/horizontal_scan/input.pcap",
		TESTS_DIR "/golden/long_connection/input.pcap",
		TESTS_DIR "/golden/named_targets/input.pcap",
		TESTS_DIR "/golden/vertical_scan/input.pcap",
		TESTS_DIR "/captures/lab-scan.pcap",
	};
	enum { CUTS = 16 };

	(void)state;
	for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]); p++) {
		struct capture *c = capture_read(paths[p]);
		struct sensor_rig *whole = sensor_rig_new();
		sensor_rig_start(whole, 0);
		feed(whole, c, 0, c->count);
		sensor_rig_stop(whole);
		for (size_t cut = 0; cut <= CUTS; cut++) {
			size_t middle = c->count * cut / CUTS;
			struct sensor_rig *halves = sensor_rig_new();
			sensor_rig_start(halves, 0);
			feed(halves, c, 0, middle);
			sensor_rig_stop(halves);
			sensor_rig_start(
				halves, c->frames[middle < c->count ? middle : c->count - 1].ts_ns);
			feed(halves, c, middle, c->count);
			sensor_rig_stop(halves);
			check_no_more(halves, whole);
			if (cut == 0 || cut == CUTS)
				check_no_less(halves, whole);
			sensor_rig_free(halves);
		}
		sensor_rig_free(whole);
		for (size_t i = 0; i < c->count; i++) {
			union {
				const uint8_t *borrowed;
				uint8_t *owned;
			} bytes = { .borrowed = c->frames[i].bytes };
			free(bytes.owned);
		}
		free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restart_between_two_events_changes_nothing_that_is_told),
		cmocka_unit_test(a_restart_within_a_capture_tells_nothing_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
