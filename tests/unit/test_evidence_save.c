/* Ledgers from anybody: what no ledger holds is refused, and then nothing of its section is taken. */
#include "daemon/engine/evidence_save.h"

#include "daemon/base/time_text.h"
#include "tests/support/sensor_rig.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WIDTH_NS (UINT64_C(3600) * NS_PER_S)
#define T0_NS    (UINT64_C(1600000000) * NS_PER_S)

/* A ledger of one subject and one note, as it is written. */
struct ledger {
	double sum;
	uint8_t first_item;
	const char *detector;
	uint8_t convicted;
	double subject_weight;
	const char *kind, *id;
	uint8_t flags, threat;
	double note_weight;
	size_t object_length, text_length;
	uint8_t empty_item; /* 0: none */
	uint8_t last_item;
};

static struct ledger
sound(void)
{
	return (struct ledger){
		.sum = 0.8,
		.first_item = 1,
		.detector = "horizontal_scan",
		.convicted = 1,
		.subject_weight = 1,
		.kind = "HORIZONTAL_PORT_SCAN",
		.id = "01234567-89ab-8def-8123-456789abcdef",
		.flags = 3,
		.threat = 4,
		.note_weight = 1,
		.object_length = 64,
		.text_length = 255,
	};
}

static void
text_of(struct blob *b, size_t length)
{
	static const char long_text[] = "0123456789012345678901234567890123456789012345678901234567"
					"8901234567890123456789012345678901234567890123456789012345"
					"6789012345678901234567890123456789012345678901234567890123"
					"4567890123456789012345678901234567890123456789012345678901"
					"23456789012345678901234567890";
	char text[sizeof(long_text)] = "";

	assert_true(length < sizeof(text));
	memcpy(text, long_text, length);
	blob_text(b, text);
}

static void
write_ledger(struct blob *b, const struct ledger *l)
{
	static const uint8_t nobody[16] = { 0 };

	blob_f64(b, l->sum);
	blob_u8(b, l->first_item);
	blob_text(b, l->detector);
	blob_u32(b, 1);
	blob_u8(b, 2);
	blob_text(b, l->kind);
	blob_bytes(b, nobody, 16);
	blob_u16(b, 23);
	blob_u8(b, 6);
	blob_u8(b, l->convicted);
	blob_f64(b, l->subject_weight);
	blob_u8(b, 3);
	blob_text(b, l->kind);
	blob_text(b, l->id);
	blob_text(b, l->detector);
	blob_u16(b, 23);
	blob_u8(b, l->flags);
	blob_u8(b, l->threat);
	blob_f64(b, l->note_weight);
	blob_u8(b, 6);
	blob_bytes(b, nobody, 16);
	blob_u64(b, 10);
	text_of(b, l->object_length);
	text_of(b, l->text_length);
	if (l->empty_item != 0)
		blob_u8(b, l->empty_item);
	blob_u8(b, l->last_item);
}

static void
write_window(struct blob *b, uint8_t host, const struct ledger *l)
{
	struct addr a = addr_v4(10, 0, 0, host);

	blob_bytes(b, &a, sizeof(a));
	blob_u64(b, 0);
	blob_u64(b, T0_NS);
	blob_u32(b, 0);
	write_ledger(b, l);
}

static void
write_numbers(struct blob *b)
{
	blob_u16(b, 1);
	blob_u16(b, 2);
	blob_u32(b, 34);
	blob_u64(b, WIDTH_NS);
	blob_u8(b, 0);
	blob_u8(b, 1);
	blob_u64(b, T0_NS);
	blob_u64(b, 0);
	blob_u64(b, 0);
}

/* Restore a window with a sound ledger and one with `l`. */
static struct engine_restored
restore(const struct ledger *l)
{
	struct sensor_rig *r = sensor_rig_new();
	struct blob b = blob_over(r->state, r->state_room);
	uint8_t windows[4096];
	struct blob w = blob_over(windows, sizeof(windows));
	struct ledger first = sound();

	write_numbers(&b);
	write_window(&w, 1, &first);
	write_window(&w, 2, l);
	blob_u16(&b, 2);
	blob_u16(&b, 2);
	blob_u32(&b, (uint32_t)w.length);
	blob_bytes(&b, windows, w.length);
	assert_false(b.overflow || w.overflow);
	r->state_size = b.length;
	sensor_rig_start(r, T0_NS + NS_PER_S);
	struct engine_restored restored = r->restored;
	assert_int_equal(engine_stats(r->engine).windows_open, restored.windows);
	sensor_rig_free(r);
	return restored;
}

static void
is_taken(const struct ledger *l)
{
	struct engine_restored r = restore(l);

	assert_int_equal(r.sections_refused, 0);
	assert_int_equal(r.windows, 2);
	assert_int_equal(r.windows_left_out, 0);
}

static void
is_refused(const struct ledger *l)
{
	struct engine_restored r = restore(l);

	assert_int_equal(r.sections_refused, 1);
	assert_int_equal(r.windows, 0); /* the sound one before it neither */
}

static void
a_ledger_at_its_limits_is_taken(void **state)
{
	struct ledger l = sound();

	(void)state;
	is_taken(&l);
	l.sum = 1e300;
	is_taken(&l);
	l.sum = l.subject_weight = l.note_weight = 0;
	l.flags = l.threat = l.convicted = 0;
	l.object_length = l.text_length = 0;
	is_taken(&l);
}

static void
names_that_nobody_knows_are_no_nonsense(void **state)
{
	struct ledger l = sound();

	(void)state;
	l.detector = "of_another_version";
	l.kind = "OF_ANOTHER_VERSION";
	is_taken(&l);
}

static void
a_sum_that_is_none_is_refused(void **state)
{
	static const double sums[] = { -0.1, INFINITY, NAN };

	(void)state;
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		struct ledger l = sound();
		l.sum = sums[i];
		is_refused(&l);
	}
}

static void
a_weight_outside_its_range_is_refused(void **state)
{
	static const double weights[] = { -0.1, 1.1, INFINITY, NAN };

	(void)state;
	for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
		struct ledger l = sound();
		l.subject_weight = weights[i];
		is_refused(&l);
		l = sound();
		l.note_weight = weights[i];
		is_refused(&l);
	}
}

static void
values_without_a_meaning_are_refused(void **state)
{
	struct ledger l = sound();

	(void)state;
	l.convicted = 2;
	is_refused(&l);
	l = sound();
	l.flags = 16;
	is_refused(&l);
	l = sound();
	l.threat = 5;
	is_refused(&l);
	l = sound();
	l.first_item = 4;
	is_refused(&l);
	l = sound();
	l.last_item = 1;
	is_refused(&l);
	l = sound();
	l.empty_item = 4;
	is_refused(&l);
	l = sound();
	l.first_item = 0; /* ends early: what follows is no window */
	is_refused(&l);
}

static void
texts_that_are_too_long_are_refused(void **state)
{
	struct ledger l = sound();

	(void)state;
	l.object_length = 65;
	is_refused(&l);
	l = sound();
	l.text_length = 256;
	is_refused(&l);
}

static void
an_id_that_is_none_is_refused(void **state)
{
	static const char *const ids[] = {
		"",
		"01234567-89ab-8def-8123-456789abcde",
		"01234567-89ab-8def-8123-456789abcdef0",
		"01234567-89AB-8def-8123-456789abcdef",
		"01234567089ab-8def-8123-456789abcdef",
		"0123456-789ab-8def-8123-456789abcdef",
		"01234567-89ab-8def-8123-45678\"abcdef",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ledger l = sound();
		l.id = ids[i];
		is_refused(&l);
	}
}

static void
a_state_cut_short_anywhere_is_never_half_a_section(void **state)
{
	struct sensor_rig *r = sensor_rig_new();
	struct ledger l = sound();
	struct blob b = blob_over(r->state, r->state_room);
	uint8_t window[1024];
	struct blob w = blob_over(window, sizeof(window));

	(void)state;
	write_numbers(&b);
	size_t numbers = b.length;
	write_window(&w, 1, &l);
	for (size_t length = 0; length <= w.length; length++) {
		/* The file ends there, and the section ends there. */
		for (int section_too = 0; section_too < 2; section_too++) {
			b.length = numbers;
			blob_u16(&b, 2);
			blob_u16(&b, 2);
			blob_u32(&b, (uint32_t)(section_too ? length : w.length));
			blob_bytes(&b, window, length);
			r->state_size = b.length;
			sensor_rig_start(r, T0_NS + NS_PER_S);
			bool whole = length == w.length;
			bool refused = !whole && (length > 0 || !section_too);
			assert_int_equal(r->restored.windows, whole);
			assert_int_equal(r->restored.sections_refused, refused);
			sensor_rig_kill(r);
		}
	}
	for (size_t length = 0; length < numbers; length++) {
		r->state_size = length;
		sensor_rig_start(r, T0_NS + NS_PER_S);
		assert_int_equal(r->restored.sections_refused, length > 0);
		sensor_rig_kill(r);
	}
	sensor_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ledger_at_its_limits_is_taken),
		cmocka_unit_test(names_that_nobody_knows_are_no_nonsense),
		cmocka_unit_test(a_sum_that_is_none_is_refused),
		cmocka_unit_test(a_weight_outside_its_range_is_refused),
		cmocka_unit_test(values_without_a_meaning_are_refused),
		cmocka_unit_test(texts_that_are_too_long_are_refused),
		cmocka_unit_test(an_id_that_is_none_is_refused),
		cmocka_unit_test(a_state_cut_short_anywhere_is_never_half_a_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
