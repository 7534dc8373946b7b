#include "daemon/record/loss_span.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S(seconds) ((uint64_t)(seconds)*NS_PER_S)

enum { TOLD_MAX = 16, EVERY_S = 8, LOOKS = 3600 / EVERY_S };

/* Counters that a test moves, and what was told of them. */
struct rig {
	struct loss_span spans[2];
	struct record_loss counts[2];
	uint64_t at_ns;
	struct record_sink sink;
	struct record_loss_span told[TOLD_MAX];
	uint64_t told_ns[TOLD_MAX];
	size_t told_count;
};

static void
keep(void *context, const struct record *record)
{
	struct rig *r = context;

	assert_int_equal(record->kind, RECORD_LOSS_SPAN);
	assert_true(r->told_count < TOLD_MAX);
	r->told_ns[r->told_count] = record->ts_ns;
	r->told[r->told_count++] = *record->loss_span;
}

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->counts[0] = (struct record_loss){ "dropped", 0 };
	r->counts[1] = (struct record_loss){ "cut", 0 };
	r->sink = (struct record_sink){ RECORD_BIT(RECORD_LOSS_SPAN), r, keep, NULL };
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

/* Look at `now_s`, when so many more were dropped. */
static void
look(struct rig *r, uint64_t now_s, uint64_t dropped)
{
	r->counts[0].count += dropped;
	loss_spans_look(r->spans, r->counts, 2, "eth0", r->at_ns, S(now_s), &r->sink);
	r->at_ns = S(now_s);
}

static void
end(struct rig *r)
{
	loss_spans_end(r->spans, r->counts, 2, "eth0", &r->sink);
}

static void
assert_told(const struct rig *r, size_t i, uint64_t from_s, uint64_t to_s, uint64_t count)
{
	assert_true(i < r->told_count);
	assert_int_equal(r->told[i].from_ns, S(from_s));
	assert_int_equal(r->told[i].to_ns, S(to_s));
	assert_int_equal(r->told[i].count, count);
	assert_int_equal(r->told_ns[i], S(to_s));
}

static void
a_loss_is_between_two_looks(void **state)
{
	struct rig *r = *state;

	look(r, 100, 0);
	look(r, 110, 7);
	look(r, 111, 0);
	assert_int_equal(r->told_count, 0); /* it may go on */
	look(r, 169, 0);
	assert_int_equal(r->told_count, 0);
	look(r, 170, 0);
	assert_told(r, 0, 100, 110, 7);
	assert_string_equal(r->told[0].reason, "dropped");
	assert_string_equal(r->told[0].interface, "eth0");
	look(r, 1000, 0);
	end(r);
	assert_int_equal(r->told_count, 1);
}

static void
what_goes_on_within_a_minute_is_one_span(void **state)
{
	struct rig *r = *state;

	look(r, 100, 1);
	look(r, 110, 7);
	look(r, 170, 2);                /* a minute later, still the same */
	assert_told(r, 0, 100, 110, 8); /* there was no look before the first */
	look(r, 231, 3);                /* a second too late */
	assert_told(r, 1, 100, 170, 10);
	end(r);
	assert_told(r, 2, 170, 231, 3);
	assert_int_equal(r->told_count, 3);
}

static void
one_that_goes_on_is_told_once_a_minute(void **state)
{
	struct rig *r = *state;

	look(r, 1000, 0);
	for (uint64_t s = 1001; s <= 1180; s++)
		look(r, s, 1);
	assert_int_equal(r->told_count, 2);
	assert_told(r, 0, 1000, 1060, 60);
	assert_told(r, 1, 1000, 1120, 120);
	end(r);
	assert_told(r, 2, 1000, 1180, 180);
}

static void
no_span_is_longer_than_an_hour(void **state)
{
	struct rig *r = *state;
	size_t ended = 0;

	r->at_ns = S(10);
	for (uint64_t i = 1; i <= LOOKS + 1; i++) {
		look(r, 10 + i * EVERY_S, 1);
		ended = r->told_count;
		if (r->told_count == TOLD_MAX)
			r->told_count = 0;
	}
	assert_told(r, ended - 1, 10, 10 + LOOKS * EVERY_S, LOOKS);
	r->told_count = 0;
	end(r);
	assert_told(r, 0, 10 + LOOKS * EVERY_S, 10 + (LOOKS + 1) * EVERY_S, 1);
}

static void
counters_do_not_know_of_each_other(void **state)
{
	struct rig *r = *state;

	look(r, 10, 1);
	r->counts[1].count = 5;
	look(r, 20, 0);
	end(r);
	assert_int_equal(r->told_count, 2);
	assert_told(r, 0, 10, 10, 1);
	assert_told(r, 1, 10, 20, 5);
	assert_string_equal(r->told[1].reason, "cut");
}

static void
a_clock_that_went_back_ends_nothing_before_it_began(void **state)
{
	struct rig *r = *state;

	look(r, 100, 0);
	look(r, 50, 3);
	look(r, 51, 4);
	end(r);
	for (size_t i = 0; i < r->told_count; i++)
		assert_true(r->told[i].from_ns <= r->told[i].to_ns);
	assert_told(r, 0, 100, 100, 3);
	assert_told(r, 1, 50, 51, 4);
}

static void
who_does_not_ask_hears_nothing(void **state)
{
	struct rig *r = *state;

	r->sink.wanted = ~RECORD_BIT(RECORD_LOSS_SPAN);
	look(r, 100, 1);
	end(r);
	assert_int_equal(r->told_count, 0);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_loss_is_between_two_looks),
		T(what_goes_on_within_a_minute_is_one_span),
		T(one_that_goes_on_is_told_once_a_minute),
		T(no_span_is_longer_than_an_hour),
		T(counters_do_not_know_of_each_other),
		T(a_clock_that_went_back_ends_nothing_before_it_began),
		T(who_does_not_ask_hears_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
