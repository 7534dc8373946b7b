/* The tables of exporters and encodings are this test's own: the linker takes them from here. */
#include "exporters/outlets.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the fake exporters and encodings saw, as text: one word an event. */
static struct {
	char trace[2048];
	size_t length;
	unsigned encoded;
	int open_result;
	int close_result;
	int encoding_result;
	bool too_long;
	bool silent;
	uint32_t of_hardy; /* what the one that does without lines wants */
	unsigned ticks;
	struct outlet *last;
} seen;

static void __attribute__((format(printf, 1, 2))) trace(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seen.length += (size_t)vsnprintf(
		seen.trace + seen.length, sizeof(seen.trace) - seen.length, fmt, args);
	va_end(args);
}

static int
encoding_open(void *state, const struct run_info *run)
{
	(void)run;
	*(unsigned *)state = 7;
	trace("encoding+ ");
	return seen.encoding_result;
}

static void
encoding_close(void *state)
{
	trace("encoding%u ", *(unsigned *)state);
}

static void
encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	(void)run;
	(*(unsigned *)state)++;
	seen.encoded++;
	if (seen.silent)
		return;
	strbuf_printf(out, "line%llu", (unsigned long long)r->ts_ns);
	while (seen.too_long && !out->truncated)
		strbuf_char(out, 'x');
}

static void
header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	strbuf_printf(out, "head-%s", run->version);
}

static void
footer(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)run;
	strbuf_printf(out, "foot%u", *(unsigned *)state);
}

static const struct encoding counting = {
	.name = "counting",
	.encodes = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_FLOW),
	.state_size = sizeof(unsigned),
	.open = encoding_open,
	.encode = encode,
	.header = header,
	.footer = footer,
	.close = encoding_close,
};

static const struct encoding unused = { .name = "unused", .open = encoding_open };

const struct encoding *const encodings[] = { &unused, &counting };
const size_t encoding_count = 2;

const struct encoding *
encoding_find(const char *name)
{
	for (size_t i = 0; i < encoding_count; i++)
		if (strcmp(encodings[i]->name, name) == 0)
			return encodings[i];
	return NULL;
}

/* A section is the mask of records that is wanted. */
static uint32_t
accepts(const void *config, const struct run_info *run)
{
	assert_non_null(run);
	return *(const uint32_t *)config;
}

static const char *
encoding(const void *config)
{
	assert_non_null(config);
	return "counting";
}

static int
outlet_open(struct outlet *o, const char *head)
{
	trace("open[%s] ", head);
	assert_int_equal(*(unsigned *)o->state, 0);
	*(unsigned *)o->state = 1;
	return seen.open_result;
}

static void
outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	assert_int_equal(*(unsigned *)o->state, 1);
	seen.last = o;
	outlet_left(o, 1);
	if (line == NULL)
		trace("record%llu ", (unsigned long long)r->ts_ns);
	else
		trace("%s/%zu ", line, length);
}

static int
outlet_close(struct outlet *o, const char *foot)
{
	(void)o;
	trace("close[%s] ", foot);
	return seen.close_result;
}

static void
outlet_reopen(struct outlet *o)
{
	(void)o;
	trace("reopen ");
}

static void
outlet_tick(struct outlet *o)
{
	trace("tick%llu/%llu ", (unsigned long long)o->now.monotonic_ns,
		(unsigned long long)o->now.wall_ns);
	seen.ticks++;
}

static void
outlet_show(struct outlet *o)
{
	(void)o;
	trace("show ");
}

#define LINES                                                                     \
	.encoding = encoding, .state_size = sizeof(unsigned), .accepts = accepts, \
	.open = outlet_open, .write = outlet_write, .close = outlet_close

static const struct exporter first = {
	.name = "first", LINES, .reopen = outlet_reopen, .tick = outlet_tick, .show = outlet_show
};
static const struct exporter second = { .name = "second", LINES };
static const struct exporter records = { .name = "records",
	.state_size = sizeof(unsigned),
	.accepts = accepts,
	.open = outlet_open,
	.write = outlet_write,
	.close = outlet_close };

static const struct exporter hardy = { .name = "hardy", LINES, .does_without = true };

const struct exporter *const exporters[] = { &first, &records, &second, &hardy };
const size_t exporter_count = 4;

enum {
	EVIDENCE = RECORD_BIT(RECORD_EVIDENCE),
	ALERT = RECORD_BIT(RECORD_ALERT),
	FLOW = RECORD_BIT(RECORD_FLOW),
	TOTALS = RECORD_BIT(RECORD_TOTALS),
};

static const struct run_info run = { .version = "1" };

static int
open_with(uint32_t of_first, uint32_t of_records, uint32_t of_second, struct outlets **ret_outlets)
{
	static uint32_t masks[3]; /* borrowed for the outlets' life */
	const void *const configs[] = { &masks[0], &masks[1], &masks[2], &seen.of_hardy };

	masks[0] = of_first;
	masks[1] = of_records;
	masks[2] = of_second;
	return outlets_open(configs, &run, NULL, ret_outlets);
}

static void
give(struct outlets *o, enum record_kind kind, uint64_t ts_ns)
{
	struct record_sink sink = outlets_sink(o);
	struct record r = { .kind = kind, .ts_ns = ts_ns };

	sink.write(sink.context, &r);
}

static int
setup(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static void
a_record_is_encoded_once_for_all_who_want_its_line(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE | FLOW, EVIDENCE, EVIDENCE, &o), 0);
	give(o, RECORD_EVIDENCE, 1);
	assert_int_equal(seen.encoded, 1);
	give(o, RECORD_FLOW, 2);
	assert_int_equal(seen.encoded, 2);
	assert_int_equal(outlets_close(o), 0);
	assert_string_equal(seen.trace, "encoding+ open[head-1] open[] open[head-1] "
					"record1 line1/5 line1/5 line2/5 "
					"close[foot9] close[] close[foot9] encoding9 ");
}

static void
what_nobody_wants_is_neither_asked_for_nor_encoded(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE | TOTALS, TOTALS, 0, &o), 0);
	/* The encoding has no line for totals: the first outlet gets the record, as the second does. */
	assert_int_equal(outlets_sink(o).wanted, EVIDENCE | TOTALS | ALERT);
	give(o, RECORD_FLOW, 1);
	give(o, RECORD_TOTALS, 2);
	assert_int_equal(seen.encoded, 0);
	assert_int_equal(outlets_close(o), 0);
	assert_string_equal(seen.trace,
		"encoding+ open[head-1] open[] record2 record2 close[foot7] close[] encoding7 ");
}

static void
what_the_settings_do_not_ask_for_is_not_opened(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(0, EVIDENCE, 0, &o), 0);
	assert_int_equal(outlets_sink(o).wanted, EVIDENCE | ALERT);
	give(o, RECORD_EVIDENCE, 1);
	outlets_reopen(o);
	assert_int_equal(outlets_close(o), 0);
	assert_string_equal(seen.trace, "open[] record1 close[] ");
}

static void
only_who_can_is_reopened(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, 0, EVIDENCE, &o), 0);
	seen.length = 0;
	outlets_reopen(o);
	assert_string_equal(seen.trace, "reopen ");
	assert_int_equal(outlets_close(o), 0);
}

static void
who_does_without_gets_a_record_whose_line_does_not_fit(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	seen.of_hardy = EVIDENCE;
	assert_int_equal(open_with(EVIDENCE, 0, 0, &o), 0);
	seen.length = 0;
	seen.too_long = true;
	give(o, RECORD_EVIDENCE, 2);
	assert_string_equal(seen.trace, "record2 ");
	assert_int_equal(seen.last->dropped[OUTLET_DROP_TOO_LONG], 0);
	assert_int_equal(outlets_close(o), 0);
}

static void
a_line_that_does_not_fit_is_dropped_by_all_and_counted(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, 0, EVIDENCE, &o), 0);
	give(o, RECORD_EVIDENCE, 1);
	seen.length = 0;
	seen.trace[0] = '\0';
	seen.too_long = true;
	give(o, RECORD_EVIDENCE, 2);
	assert_string_equal(seen.trace, "");
	assert_int_equal(seen.last->written, 1);
	assert_int_equal(seen.last->dropped[OUTLET_DROP_TOO_LONG], 1);
	seen.too_long = false;
	give(o, RECORD_EVIDENCE, 3);
	assert_string_equal(seen.trace, "line3/5 line3/5 ");
	assert_int_equal(outlets_close(o), 0);
}

static void
an_encoding_may_have_nothing_to_say(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, 0, 0, &o), 0);
	seen.silent = true;
	give(o, RECORD_EVIDENCE, 1);
	assert_int_equal(seen.encoded, 1);
	assert_null(seen.last);
	assert_int_equal(outlets_close(o), 0);
}

static void
one_that_fails_to_open_closes_all(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	seen.open_result = -EACCES;
	assert_int_equal(open_with(EVIDENCE, EVIDENCE, EVIDENCE, &o), -EACCES);
	assert_null(o);
	assert_string_equal(seen.trace, "encoding+ open[head-1] close[foot7] encoding7 ");
}

static void
an_encoding_that_fails_to_open_closes_all(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	seen.encoding_result = -ENOSYS;
	assert_int_equal(open_with(0, EVIDENCE, EVIDENCE, &o), -ENOSYS);
	assert_null(o);
	assert_string_equal(seen.trace, "open[] encoding+ close[] close[] ");
}

static void
the_first_failure_at_the_close_is_told(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, EVIDENCE, 0, &o), 0);
	seen.close_result = -ENOSPC;
	assert_int_equal(outlets_close(o), -ENOSPC);
	assert_int_equal(outlets_close(NULL), 0);
}

static void
time_passes_for_who_is_open_and_asks_for_it(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, EVIDENCE, EVIDENCE, &o), 0);
	seen.length = 0;
	outlets_tick(o, (struct outlet_time){ .monotonic_ns = 5, .wall_ns = 7 });
	assert_string_equal(seen.trace, "tick5/7 ");
	assert_int_equal(outlets_close(o), 0);

	assert_int_equal(open_with(0, EVIDENCE, EVIDENCE, &o), 0);
	seen.ticks = 0;
	outlets_tick(o, (struct outlet_time){ .monotonic_ns = 5 });
	assert_int_equal(seen.ticks, 0);
	assert_int_equal(outlets_close(o), 0);
}

static void
who_has_something_to_show_is_asked_to_show_it(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(EVIDENCE, EVIDENCE, EVIDENCE, &o), 0);
	seen.length = 0;
	outlets_show(o);
	assert_string_equal(seen.trace, "show ");
	assert_int_equal(outlets_close(o), 0);

	assert_int_equal(open_with(0, EVIDENCE, EVIDENCE, &o), 0);
	seen.length = 0;
	outlets_show(o);
	assert_int_equal(seen.length, 0);
	assert_int_equal(outlets_close(o), 0);
}

static void
a_loop_makes_time_pass_until_the_close(void **state)
{
	struct event_base *base = event_base_new();
	struct outlets *o = NULL;
	uint32_t masks[3] = { EVIDENCE, 0, 0 };
	const void *const configs[] = { &masks[0], &masks[1], &masks[2], &seen.of_hardy };
	struct outlet_stats stats[1];

	(void)state;
	assert_int_equal(outlets_open(configs, &run, base, &o), 0);
	while (seen.ticks < 2)
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
	give(o, RECORD_EVIDENCE, 1);
	assert_int_equal(outlets_stats(o, stats, 1), 1);
	assert_true(
		stats[0].last_success_s > 1700000000); /* the clock on the wall, not packet time */
	assert_int_equal(outlets_close(o), 0);
	assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 1); /* nothing is left in it */
	event_base_free(base);
}

static void
each_open_outlet_tells_what_it_did(void **state)
{
	struct outlets *o = NULL;
	struct outlet_stats stats[3];

	(void)state;
	assert_int_equal(open_with(EVIDENCE | FLOW, 0, EVIDENCE, &o), 0);
	outlets_tick(o, (struct outlet_time){ .wall_ns = UINT64_C(9000000001) });
	give(o, RECORD_EVIDENCE, 1);
	give(o, RECORD_FLOW, 2);
	seen.last->queued_records = 3;
	seen.last->queued_bytes = 300;
	seen.last->forgotten[OUTLET_FORGOT_ADDRESSES] = 4;
	seen.last->left_out = 5;
	seen.too_long = true;
	give(o, RECORD_EVIDENCE, 3);
	assert_int_equal(outlets_stats(o, stats, 3), 2);
	assert_string_equal(stats[0].name, "first");
	assert_int_equal(stats[0].written, 2);
	assert_int_equal(stats[0].dropped[OUTLET_DROP_TOO_LONG], 1);
	assert_int_equal(stats[0].dropped[OUTLET_DROP_FULL], 0);
	assert_int_equal(stats[0].queued_records, 3);
	assert_int_equal(stats[0].queued_bytes, 300);
	assert_int_equal(stats[0].forgotten[OUTLET_FORGOT_ADDRESSES], 4);
	assert_int_equal(stats[0].left_out, 5);
	assert_int_equal(stats[0].last_success_s, 9);
	assert_string_equal(stats[1].name, "second");
	assert_int_equal(stats[1].written, 1);
	assert_int_equal(outlets_stats(o, stats, 1), 1);
	assert_int_equal(outlets_close(o), 0);
}

static void
alert(struct outlets *o, enum threat highest)
{
	struct record_sink sink = outlets_sink(o);
	struct record_alert a = { .highest = highest };
	struct record r = { .kind = RECORD_ALERT, .alert = &a };

	sink.write(sink.context, &r);
}

static void
the_highest_level_of_all_alerts_is_kept(void **state)
{
	struct outlets *o = NULL;

	(void)state;
	assert_int_equal(open_with(0, 0, 0, &o), 0);
	assert_false(outlets_alert_reached(o, THREAT_INFO));
	alert(o, THREAT_INFO);
	assert_true(outlets_alert_reached(o, THREAT_INFO));
	assert_false(outlets_alert_reached(o, THREAT_LOW));
	alert(o, THREAT_HIGH);
	alert(o, THREAT_MEDIUM);
	assert_true(outlets_alert_reached(o, THREAT_MEDIUM));
	assert_true(outlets_alert_reached(o, THREAT_HIGH));
	assert_false(outlets_alert_reached(o, THREAT_CRITICAL));
	assert_int_equal(outlets_close(o), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_record_is_encoded_once_for_all_who_want_its_line, setup),
		cmocka_unit_test_setup(what_nobody_wants_is_neither_asked_for_nor_encoded, setup),
		cmocka_unit_test_setup(what_the_settings_do_not_ask_for_is_not_opened, setup),
		cmocka_unit_test_setup(only_who_can_is_reopened, setup),
		cmocka_unit_test_setup(
			a_line_that_does_not_fit_is_dropped_by_all_and_counted, setup),
		cmocka_unit_test_setup(
			who_does_without_gets_a_record_whose_line_does_not_fit, setup),
		cmocka_unit_test_setup(an_encoding_may_have_nothing_to_say, setup),
		cmocka_unit_test_setup(one_that_fails_to_open_closes_all, setup),
		cmocka_unit_test_setup(an_encoding_that_fails_to_open_closes_all, setup),
		cmocka_unit_test_setup(the_first_failure_at_the_close_is_told, setup),
		cmocka_unit_test_setup(time_passes_for_who_is_open_and_asks_for_it, setup),
		cmocka_unit_test_setup(who_has_something_to_show_is_asked_to_show_it, setup),
		cmocka_unit_test_setup(a_loop_makes_time_pass_until_the_close, setup),
		cmocka_unit_test_setup(each_open_outlet_tells_what_it_did, setup),
		cmocka_unit_test_setup(the_highest_level_of_all_alerts_is_kept, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
