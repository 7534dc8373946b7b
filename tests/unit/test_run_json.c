#include "exporters/exporter.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct exporter exporter_run_json;

static const char *const inputs[] = { "a.pcap", "odd \"name\"\n.pcap" };

struct place {
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	uint64_t config[4];
};

static int
setup(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	p.scratch = scratch_new();
	p.run = (struct run_info){
		.version = "0.1.0",
		.sensor = "gw1",
		.output_dir = p.scratch->directory,
		.inputs = inputs,
		.input_count = 2,
		.settings_text = "# Time windows.\nwindows:\n  # Width.\n  width: 1h\n\n# End.",
	};
	p.outlet = (struct outlet){ .run = &p.run, .config = p.config };
	p.outlet.state = calloc(1, exporter_run_json.state_size);
	assert_true(exporter_run_json.config_size <= sizeof(p.config));
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	free(p->outlet.state);
	scratch_free(p->scratch);
	return 0;
}

static const struct record_loss weird[] = { { "fragment_tiny", 3 } };
static const struct record_loss lost[] = { { "flows_evicted", 0 }, { "ip_short", 7 } };

static struct record_totals
totals(void)
{
	return (struct record_totals){
		.packets = 1,
		.bytes = 2,
		.flows = 3,
		.hosts = 4,
		.windows = 5,
		.evidence = 6,
		.alerts = 7,
		.first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS + NS_PER_S,
		.lost = lost,
		.lost_count = 2,
		.weird = weird,
		.weird_count = 1,
	};
}

static void
end(struct place *p, const struct record_totals *t)
{
	struct record r = { .kind = RECORD_TOTALS, .ts_ns = t->last_ns, .totals = t };

	assert_int_equal(exporter_run_json.open(&p->outlet, ""), 0);
	exporter_run_json.write(&p->outlet, &r, NULL, 0);
	assert_int_equal(exporter_run_json.close(&p->outlet, ""), 0);
	assert_int_equal(p->outlet.written, 1);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_TOO_LONG], 0);
}

static void
it_says_what_was_run_and_what_came_of_it(void **state)
{
	struct place *p = *state;
	struct record_totals t = totals();

	end(p, &t);
	assert_string_equal(scratch_read(p->scratch, "run.json"),
		"{\n"
		"  \"version\": \"0.1.0\",\n"
		"  \"sensor\": \"gw1\",\n"
		"  \"inputs\": [\n"
		"    {\"file\":\"a.pcap\",\"kind\":\"pcap\"},\n"
		"    {\"file\":\"odd \\\"name\\\"\\n.pcap\",\"kind\":\"pcap\"}\n"
		"  ],\n"
		"  \"settings\": [\n"
		"    \"windows:\",\n"
		"    \"  width: 1h\"\n"
		"  ],\n"
		"  \"packets\": 1,\n"
		"  \"bytes\": 2,\n"
		"  \"flows\": 3,\n"
		"  \"hosts\": 4,\n"
		"  \"windows\": 5,\n"
		"  \"evidence\": 6,\n"
		"  \"alerts\": 7,\n"
		"  \"lost\": {\n"
		"    \"flows_evicted\": 0,\n"
		"    \"ip_short\": 7\n"
		"  },\n"
		"  \"weird\": {\n"
		"    \"fragment_tiny\": 3\n"
		"  },\n"
		"  \"first_ts\": \"2026-11-24T02:00:00.123456Z\",\n"
		"  \"last_ts\": \"2026-11-24T02:00:01.123456Z\"\n"
		"}\n");
}

static size_t
logs(void *context, size_t from, struct run_input *ret, size_t room)
{
	const struct run_input *all = context;
	size_t n = 0;

	for (; n < room && from + n < 2; n++)
		ret[n] = all[from + n];
	return n;
}

static void
it_says_of_each_log_what_became_of_its_lines(void **state)
{
	struct place *p = *state;
	struct record_totals t = totals();
	struct run_input all[] = {
		{ "d/conn.log", "zeek", "conn", 10, 7, 2, 1 },
		{ "eve.json", "eve", "", 5, 5, 0, 0 },
	};

	p->run.files = logs;
	p->run.files_context = all;
	end(p, &t);
	assert_non_null(strstr(scratch_read(p->scratch, "run.json"),
		"  \"inputs\": [\n"
		"    {\"file\":\"d/conn.log\",\"kind\":\"zeek\",\"log\":\"conn\",\"lines\":10,\"read\":7,\"skipped\":2,\"bad\":1},\n"
		"    {\"file\":\"eve.json\",\"kind\":\"eve\",\"lines\":5,\"read\":5,\"skipped\":0,\"bad\":0}\n"
		"  ],\n"));
}

static void
it_says_of_each_list_what_became_of_it(void **state)
{
	struct place *p = *state;
	struct record_totals t = totals();
	const struct run_list all[] = {
		{ .file = "c2.csv", .kind = "malicious", .indicators = 9 },
		{ .file = "tor.txt", .kind = "tor", .refused = "too-broad", .line = 17 },
		{ .file = "none", .kind = "malicious", .refused = "unopened" },
	};

	p->run.lists = all;
	p->run.list_count = 3;
	end(p, &t);
	assert_non_null(strstr(scratch_read(p->scratch, "run.json"),
		"  \"intelligence\": [\n"
		"    {\"file\":\"c2.csv\",\"kind\":\"malicious\",\"indicators\":9},\n"
		"    {\"file\":\"tor.txt\",\"kind\":\"tor\",\"indicators\":0,\"refused\":\"too-broad\",\"line\":17},\n"
		"    {\"file\":\"none\",\"kind\":\"malicious\",\"indicators\":0,\"refused\":\"unopened\"}\n"
		"  ],\n"));
}

static void
a_run_without_packets_has_no_times(void **state)
{
	struct place *p = *state;
	struct record_totals t = { 0 };

	p->run.input_count = 0;
	p->run.settings_text = "last line without an end";
	end(p, &t);
	const char *text = scratch_read(p->scratch, "run.json");
	assert_non_null(strstr(text, "  \"inputs\": [\n  ],\n"));
	assert_non_null(
		strstr(text, "  \"settings\": [\n    \"last line without an end\"\n  ],\n"));
	assert_null(strstr(text, "whitelist\": {"));
	assert_non_null(strstr(text, "  \"lost\": {\n  },\n  \"weird\": {\n  },\n"));
	assert_non_null(strstr(text, "  \"first_ts\": null,\n  \"last_ts\": null\n}\n"));
}

static void
a_run_that_did_not_end_leaves_it_empty(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_run_json.open(&p->outlet, ""), 0);
	assert_int_equal(exporter_run_json.close(&p->outlet, ""), 0);
	assert_string_equal(scratch_read(p->scratch, "run.json"), "");
}

static void
a_directory_that_is_not_there_is_told_at_the_start(void **state)
{
	struct place *p = *state;

	p->run.output_dir = "/dev/null";
	assert_int_equal(exporter_run_json.open(&p->outlet, ""), -ENOTDIR);
	assert_int_equal(exporter_run_json.close(&p->outlet, ""), 0);
}

static void
only_runs_over_files_that_want_it_have_one(void **state)
{
	struct place *p = *state;
	bool enabled = true;

	memcpy(p->config, &enabled, sizeof(enabled));
	assert_int_equal(exporter_run_json.accepts(p->config, &p->run), RECORD_BIT(RECORD_TOTALS));
	p->run.live = true;
	assert_int_equal(exporter_run_json.accepts(p->config, &p->run), 0);
	p->run.live = false;
	memset(p->config, 0, sizeof(p->config));
	assert_int_equal(exporter_run_json.accepts(p->config, &p->run), 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(it_says_what_was_run_and_what_came_of_it),
		IN_PLACE(it_says_of_each_log_what_became_of_its_lines),
		IN_PLACE(it_says_of_each_list_what_became_of_it),
		IN_PLACE(a_run_without_packets_has_no_times),
		IN_PLACE(a_run_that_did_not_end_leaves_it_empty),
		IN_PLACE(a_directory_that_is_not_there_is_told_at_the_start),
		IN_PLACE(only_runs_over_files_that_want_it_have_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
