/* What a state costs and may cost, and what becomes of one that somebody else wrote. */
#include "daemon/engine/engine_save.h"

#include "daemon/base/time_text.h"
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

/* Three windows of one host, and some of others. */
static void
fill(struct sensor_rig *r)
{
	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 3600);
	for (uint8_t i = 2; i < 20; i++) {
		sensor_rig_scan(r, addr_v4(10, 0, 0, i), i, 0, 10, 3610 + i);
		sensor_rig_dns(r, scanner, addr_v4(192, 0, 2, i), sensor_rig_at(3610 + i));
	}
	for (unsigned i = 0; i < 5; i++)
		sensor_rig_refused(r, addr_v4(10, 0, 0, 7), (uint16_t)(1000 + i),
			addr_v4(172, 96, 0, 1), 80, sensor_rig_at(3700 + i));
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
		sensor_rig_start(r, sensor_rig_at(3800));
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
			sensor_rig_start(r, sensor_rig_at(3800));
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
		sensor_rig_start(r, sensor_rig_at(3800));
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
		sensor_rig_dns(r, scanner, addr_v4(172, 96, 0, i), sensor_rig_at(i));
	sensor_rig_save(r);
	r->state_room = r->state_size - (size_t)5 * 24;
	sensor_rig_stop(r);
	assert_int_equal(r->saved.names, 5);
	assert_int_equal(r->saved.names_left_out, 5);
	sensor_rig_start(r, sensor_rig_at(60));
	sensor_rig_scan(r, scanner, 23, 0, 10, 60);
	sensor_rig_scan(
		r, scanner, 23, 100, 5, 70); /* the five first are targets: ten with these */
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
				addr_v4(10, 2, 0, k), sensor_rig_at(i * 0.01));
	sensor_rig_stop(r);
	assert_int_equal(r->saved.windows, 3000);
	r->settings.memory.limit = limit / 64 * 18;
	size_t closed = r->windows_closed;
	sensor_rig_start(r, sensor_rig_at(60));
	struct engine_stats s = engine_stats(r->engine);
	assert_int_equal(s.windows_open, r->restored.windows);
	assert_int_equal(r->restored.windows + r->restored.windows_left_out, 3000);
	assert_true(r->restored.windows > 500);
	assert_true(r->restored.windows_left_out > 500);
	assert_int_equal(s.profiles_evicted, 0);
	assert_int_equal(r->windows_closed, closed);
	sensor_rig_scan(r, scanner, 23, 0, 10, 60); /* there is room for what comes */
	assert_int_equal(sensor_rig_count(r, SCAN, SIZE_MAX), 1);
	assert_int_equal(engine_stats(r->engine).windows_truncated, 0);
	sensor_rig_kill(r);
}

/* Hosts on which there is evidence are not pushed out by invented ones, after a restart neither. */
static bool
is_in(const struct sensor_rig *r, const char *text)
{
	for (size_t i = 0; i + strlen(text) <= r->state_size; i++)
		if (memcmp(r->state + i, text, strlen(text)) == 0)
			return true;
	return false;
}

static void
only_what_can_be_asked_for_again_is_saved(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	assert_true(is_in(r, "scanned port 23/tcp on 10 hosts")); /* may be an alert's reason */
	assert_true(is_in(r, "horizontal_scan"));
	assert_false(is_in(r, "vertical_scan")); /* has told nothing */
	sensor_rig_scan(r, scanner, 23, 10, 90, 0);
	sensor_rig_save(r);
	assert_int_equal(sensor_rig_count(r, "alert", SIZE_MAX), 1);
	assert_false(is_in(r, "scanned port 23/tcp on"));
	assert_true(is_in(r, sensor_rig_told(r, SCAN, 0)->id));
	sensor_rig_kill(r);
}

static void
a_note_without_memory_is_counted_as_lost(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	for (uint16_t port = 1; port <= 50; port++)
		sensor_rig_scan(r, scanner, port, 0, 10, port);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	r->settings.windows.memory_max = 8 << 10;
	sensor_rig_start(r, sensor_rig_at(60));
	assert_int_equal(r->restored.windows, 1);
	engine_finish(r->engine, NULL, 0);
	uint64_t lost = engine_stats(r->engine).evidence_lost;
	assert_in_range(lost, 10, 45);
	sensor_rig_kill(r);
}

static void
a_host_that_is_known_again_survives_a_flood(void **state)
{
	struct sensor_rig *r = *state;

	r->settings.memory.limit = r->settings.memory.limit / 64 * 18;
	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_stop(r);
	sensor_rig_start(r, sensor_rig_at(60));
	for (unsigned i = 0; i < 20000; i++)
		sensor_rig_attempt(r,
			addr_v4(11, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i),
			addr_v4(12, 0, 0, 1), 53, sensor_rig_at(60 + i * 0.001));
	assert_true(engine_stats(r->engine).profiles_evicted > 1000);
	sensor_rig_scan(r, scanner, 23, 0, 10, 120);
	assert_int_equal(engine_stats(r->engine).evidence_repeated, 1);
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
	sensor_rig_start(r, sensor_rig_at(3800));
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
	sensor_rig_start(r, sensor_rig_at(3800));
	assert_int_equal(r->restored.sections_refused, 0);
	assert_int_equal(r->restored.windows, 20);
	sensor_rig_kill(r);
	r->detector_count = all;
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
	put_before(r, 5, 1, "later", 5);
	put_before(r, 0, 1, "never", 5);
	put_before(r, 2, 3, "windows as a later version writes them", 38);
	sensor_rig_start(r, sensor_rig_at(3800));
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
		put_before(r, 1, 2, numbers, cases[i].size);
		sensor_rig_start(r, sensor_rig_at(3800));
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
	put_before(r, 1, 2, numbers, sizeof(numbers));
	sensor_rig_start(r, sensor_rig_at(3800));
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
	sensor_rig_start(r, sensor_rig_at(3800));
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
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	/* numbers, windows, names: the second once more at the end */
	size_t windows = r->state_size - 42 - 8;
	memmove(r->state + r->state_size - 8, r->state + 42, windows);
	r->state_size += windows - 8;
	sensor_rig_start(r, sensor_rig_at(60));
	assert_int_equal(r->restored.windows, 1);
	assert_int_equal(r->restored.windows_left_out, 1);
	assert_int_equal(engine_stats(r->engine).windows_open, 1);
	sensor_rig_kill(r);
}

enum { SECTION_WINDOWS = 2, WINDOW_START_AT = 16 + 8 };

/* The content of the section of windows. */
static uint8_t *
first_window(struct sensor_rig *r)
{
	struct cursor c = cursor_over(r->state, r->state_size);

	for (;;) {
		uint16_t id = cursor_le16(&c);
		(void)cursor_le16(&c);
		uint32_t length = cursor_le32(&c);
		assert_false(c.short_read);
		if (id == SECTION_WINDOWS)
			return r->state + r->state_size - cursor_left(&c);
		cursor_take(&c, length);
	}
}

/* A start that lies on no boundary, one that is to come, and a beginning beyond all time. */
static void
a_window_that_cannot_be_stays_closed(void **state)
{
	struct sensor_rig *r = *state;
	const uint64_t starts[] = { sensor_rig_at(1), sensor_rig_at(36000), UINT64_MAX };

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_save(r);
	sensor_rig_kill(r);
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		struct blob b = blob_over(first_window(r) + WINDOW_START_AT, 8);
		blob_u64(&b, starts[i]);
		sensor_rig_start(r, sensor_rig_at(60));
		assert_int_equal(r->restored.sections_refused, 0);
		assert_int_equal(r->restored.windows, 0);
		assert_int_equal(engine_stats(r->engine).profiles_active, 0);
		sensor_rig_kill(r);
	}
	struct blob b = blob_over(first_window(r) + WINDOW_START_AT - 8, 8);
	blob_u64(&b, UINT64_MAX);
	sensor_rig_start(r, sensor_rig_at(60));
	assert_int_equal(r->restored.sections_refused, 1);
	sensor_rig_kill(r);
}

/* Every byte of a state turned: it is taken or refused, and the sensor goes on. */
static void
a_damaged_byte_harms_nobody(void **state)
{
	struct sensor_rig *r = *state;

	sensor_rig_start(r, 0);
	sensor_rig_scan(r, scanner, 23, 0, 10, 0);
	sensor_rig_dns(r, scanner, addr_v4(172, 96, 9, 9), sensor_rig_at(5));
	sensor_rig_save(r);
	sensor_rig_kill(r);
	for (size_t i = 0; i < r->state_size; i++)
		for (int turn = 0; turn < 2; turn++) {
			uint8_t mask = turn == 0 ? 0x01 : 0xff;
			r->state[i] ^= mask;
			sensor_rig_start(r, sensor_rig_at(60));
			sensor_rig_scan(r, scanner, 23, 0, 10, 60);
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
		A_TEST(the_same_knowledge_gives_the_same_bytes),
		A_TEST(stopping_and_saving_write_the_same),
		A_TEST(what_does_not_fit_is_left_out_whole),
		A_TEST(the_state_at_a_stop_is_bounded_too),
		A_TEST(the_latest_names_go_first),
		A_TEST(more_windows_than_there_is_memory_are_left_out),
		A_TEST(only_what_can_be_asked_for_again_is_saved),
		A_TEST(a_note_without_memory_is_counted_as_lost),
		A_TEST(a_host_that_is_known_again_survives_a_flood),
		A_TEST(no_host_gets_more_windows_than_it_may_have),
		A_TEST(what_a_detector_that_is_off_has_told_is_left_out),
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
