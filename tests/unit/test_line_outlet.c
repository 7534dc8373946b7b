/* With it the two exporters that are little more than a line outlet: eve, alerts_log. */
#include "exporters/line_outlet.h"

#include "daemon/config/config_rows.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct exporter exporter_eve;
extern const struct exporter exporter_alerts_log;

struct place {
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	uint64_t config[8]; /* zeroed: everything is off */
};

static int
setup(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	p.scratch = scratch_new();
	p.run.output_dir = p.scratch->directory;
	p.outlet = (struct outlet){ .run = &p.run, .config = p.config };
	p.outlet.state = calloc(1, sizeof(struct line_outlet));
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	(void)line_outlet_close(&p->outlet, NULL);
	free(p->outlet.state);
	scratch_free(p->scratch);
	return 0;
}

static void
write(struct place *p, enum record_kind kind, uint64_t ts_ns, const char *line)
{
	struct record r = { .kind = kind, .ts_ns = ts_ns };

	line_outlet_write(&p->outlet, &r, line, strlen(line));
}

static void
over_files_lines_wait_for_the_buffer(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_outlet_open(&p->outlet, "f", "#head\n", NULL), 0);
	write(p, RECORD_ALERT, SAMPLE_NS, "one");
	assert_string_equal(scratch_read(p->scratch, "f"), "");
	line_outlet_show(&p->outlet);
	assert_string_equal(scratch_read(p->scratch, "f"), "#head\none\n");
	write(p, RECORD_ALERT, SAMPLE_NS, "two");
	assert_string_equal(scratch_read(p->scratch, "f"), "#head\none\n");
	assert_int_equal(line_outlet_close(&p->outlet, "#foot\n"), 0);
	assert_string_equal(scratch_read(p->scratch, "f"), "#head\none\ntwo\n#foot\n");
	assert_int_equal(p->outlet.written, 2);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_FULL], 0);
}

static void
tick(struct place *p, uint64_t ms)
{
	p->outlet.now = (struct outlet_time){ .monotonic_ns = ms * NS_PER_MS,
		.wall_ns = SAMPLE_NS + ms * NS_PER_MS };
	line_outlet_tick(&p->outlet);
}

static void
live_findings_go_out_at_once_and_flows_within_a_second(void **state)
{
	struct place *p = *state;
	struct line_outlet *out = p->outlet.state;

	p->run.live = true;
	assert_int_equal(line_outlet_open(&p->outlet, "f", "", NULL), 0);
	tick(p, 1000);
	write(p, RECORD_EVIDENCE, SAMPLE_NS, "evidence");
	assert_string_equal(scratch_read(p->scratch, "f"), "evidence\n");
	assert_int_equal(p->outlet.last_success_ns, SAMPLE_NS + NS_PER_S);
	assert_true(out->file.unsynced);
	tick(p, 1200);
	assert_false(out->file.unsynced);
	write(p, RECORD_FLOW, SAMPLE_NS, "a");
	assert_false(out->file.unsynced);
	tick(p, 1300); /* the first for long goes with the next tick */
	write(p, RECORD_FLOW, SAMPLE_NS, "b");
	tick(p, 1700);
	assert_string_equal(scratch_read(p->scratch, "f"), "evidence\na\n");
	assert_int_equal(p->outlet.queued_records, 1);
	assert_int_equal(p->outlet.queued_bytes, 2);
	tick(p, 1800);
	assert_string_equal(scratch_read(p->scratch, "f"), "evidence\na\nb\n");
	assert_int_equal(p->outlet.queued_records, 0);
	write(p, RECORD_FLOW, SAMPLE_NS, "c");
	write(p, RECORD_ALERT, SAMPLE_NS, "alert");
	assert_string_equal(scratch_read(p->scratch, "f"), "evidence\na\nb\nc\nalert\n");
	write(p, RECORD_CAPTURE_GAP, SAMPLE_NS + NS_PER_S, "gap");
	assert_string_equal(scratch_read(p->scratch, "f"), "evidence\na\nb\nc\nalert\ngap\n");
}

static void
what_is_refused_is_counted_by_its_reason(void **state)
{
	struct place *p = *state;
	struct line_outlet *out = p->outlet.state;
	static char line[LINE_FILE_BUFFER / 2 + 1];

	p->run.live = true;
	memset(line, 'x', LINE_FILE_BUFFER / 2);
	assert_int_equal(line_outlet_open(&p->outlet, "f", "", NULL), 0);
	out->file.limits.keep_free = UINT64_MAX / 4;
	write(p, RECORD_FLOW, SAMPLE_NS, line);
	write(p, RECORD_FLOW, SAMPLE_NS, line); /* asks the disk for room, and there is none */
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_FULL], 1);
	write(p, RECORD_FLOW, SAMPLE_NS, line);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_RESERVED], 1);
	assert_int_equal(p->outlet.written, 1);
	write(p, RECORD_ALERT, SAMPLE_NS, line);
	assert_int_equal(p->outlet.last_success_ns, 0); /* kept, but on no disk */
	assert_int_equal(p->outlet.written, 2);
	assert_int_equal(line_outlet_close(&p->outlet, ""), -ENOSPC);
	assert_int_equal(p->outlet.written, 0);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_FAILED], 2);
}

static void
a_line_without_room_is_counted(void **state)
{
	struct place *p = *state;
	static char line[LINE_FILE_BUFFER + 1];

	memset(line, 'x', LINE_FILE_BUFFER);
	assert_int_equal(line_outlet_open(&p->outlet, "f", "", NULL), 0);
	write(p, RECORD_FLOW, SAMPLE_NS, line);
	assert_int_equal(p->outlet.written, 0);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_TOO_LONG], 1);
}

static void
a_file_begins_with_its_header_after_a_rotation_too(void **state)
{
	struct place *p = *state;
	char from[128];
	char to[128];

	p->run.live = true;
	assert_int_equal(line_outlet_open(&p->outlet, "f", "#head\n", NULL), 0);
	write(p, RECORD_ALERT, SAMPLE_NS, "old");
	(void)snprintf(from, sizeof(from), "%s/f", p->scratch->directory);
	(void)snprintf(to, sizeof(to), "%s/f.1", p->scratch->directory);
	assert_int_equal(rename(from, to), 0);
	line_outlet_reopen(&p->outlet);
	write(p, RECORD_ALERT, SAMPLE_NS, "new");
	assert_string_equal(scratch_read(p->scratch, "f"), "#head\nnew\n");
	assert_string_equal(scratch_read(p->scratch, "f.1"), "#head\nold\n");
}

enum {
	FINDINGS = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT),
	FLOWS = RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL),
	JUMPS = RECORD_BIT(RECORD_CLOCK_JUMP),
	GAPS = RECORD_BIT(RECORD_CAPTURE_GAP),
	WEIRD = RECORD_BIT(RECORD_WEIRD),
	SAID = RECORD_BIT(RECORD_TRANSACTION),
};

static void
set_flag(struct place *p, const struct exporter *x, const char *name, uint32_t value)
{
	for (const struct config_item *row = x->config; row->type != CONFIG_TYPE_END; row++)
		if (strcmp(row->name, name) == 0)
			memcpy((char *)p->config + row->offset, &value,
				row->type == CONFIG_TYPE_BOOL ? sizeof(bool) : sizeof(value));
}

static void
by_default_findings_and_flows_are_written(void **state)
{
	struct place *p = *state;

	config_rows_default(exporter_eve.config, p->config);
	assert_int_equal(exporter_eve.accepts(p->config, &p->run),
		FINDINGS | FLOWS | JUMPS | GAPS | WEIRD | SAID);
	assert_string_equal(exporter_eve.encoding(p->config), "eve");
	set_flag(p, &exporter_eve, "flows", 0);
	assert_int_equal(
		exporter_eve.accepts(p->config, &p->run), FINDINGS | JUMPS | GAPS | WEIRD | SAID);
	set_flag(p, &exporter_eve, "transactions", 0);
	assert_int_equal(exporter_eve.accepts(p->config, &p->run), FINDINGS | JUMPS | GAPS | WEIRD);
	set_flag(p, &exporter_eve, "enabled", 0);
	assert_int_equal(exporter_eve.accepts(p->config, &p->run), 0);

	config_rows_default(exporter_alerts_log.config, p->config);
	assert_int_equal(exporter_alerts_log.accepts(p->config, &p->run), FINDINGS | GAPS);
	assert_string_equal(exporter_alerts_log.encoding(p->config), "text");
	set_flag(p, &exporter_alerts_log, "enabled", 0);
	assert_int_equal(exporter_alerts_log.accepts(p->config, &p->run), 0);
}

static void
files_are_where_people_look_for_them(void **state)
{
	struct place *p = *state;
	static const struct {
		const struct exporter *exporter;
		const char *name;
	} expected[] = { { &exporter_eve, "eve.json" }, { &exporter_alerts_log, "alerts.log" } };

	for (size_t i = 0; i < 2; i++) {
		const struct exporter *x = expected[i].exporter;

		assert_int_equal(x->state_size, sizeof(struct line_outlet));
		assert_true(x->config_size <= sizeof(p->config));
		config_rows_default(x->config, p->config);
		assert_int_equal(x->open(&p->outlet, "#head\n"), 0);
		assert_int_equal(x->close(&p->outlet, ""), 0);
		assert_string_equal(scratch_read(p->scratch, expected[i].name), "#head\n");
	}
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(over_files_lines_wait_for_the_buffer),
		IN_PLACE(live_findings_go_out_at_once_and_flows_within_a_second),
		IN_PLACE(what_is_refused_is_counted_by_its_reason),
		IN_PLACE(a_line_without_room_is_counted),
		IN_PLACE(a_file_begins_with_its_header_after_a_rotation_too),
		IN_PLACE(by_default_findings_and_flows_are_written),
		IN_PLACE(files_are_where_people_look_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
