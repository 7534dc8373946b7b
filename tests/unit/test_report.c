#include "ctl/report/report.h"
#include "ctl/report/report_html.h"
#include "ctl/report/report_json.h"
#include "ctl/report/report_md.h"

#include "tests/support/report_rig.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define MINUTE_NS (60 * UINT64_C(1000000000))

enum { PROFILES = 10000, LONG = 64 * 1024 };
#define EVIL \
	"<script>alert(1)</script>\"'>]]><!--&amp;|`[x](javascript:1)\x1b[2J\n\xe2\x80\xae\xe2\x80\xac\xff"

/* What follows is read from right to left. */
static const char turn[] = { '\xe2', '\x80', '\xae', '\0' };

struct fixture {
	struct report_rig rig;
	struct source_profile *profiles;
	struct source_window window;
	struct report report;
	char *text;
	size_t length;
};

static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	report_rig_init(&f.rig);
	f.profiles = calloc(PROFILES, sizeof(*f.profiles));
	assert_non_null(f.profiles);
	f.window.id = (struct source_window_id){ .host = "10.0.0.1", .number = 1 };
	for (size_t i = 0; i < PROFILES; i++)
		f.profiles[i] = (struct source_profile){
			.host = "10.0.0.1", .name = "", .vendor = "", .country = ""
		};
	f.rig.profiles = f.profiles;
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	report_done(&f->report);
	free(f->profiles);
	free(f->text);
	return 0;
}

/* One host with all that a report can say of one; each text of the wire is `text`. */
static void
fill(struct fixture *f, const char *text)
{
	static struct source_evidence evidence[2];
	static struct source_alert alert;
	static struct source_flow flows[20];
	static struct source_entry entry;
	static struct source_device device;
	static struct source_loss losses[2];
	static struct source_loss_span loss_spans[2];
	static struct source_address address;
	static struct source_run run;
	static struct source_pair pair;
	static const char *ids[2];
	static const char *texts[1];

	texts[0] = text;
	for (size_t i = 0; i < 2; i++) {
		evidence[i] = report_rig_evidence(text, text);
		evidence[i].id = ids[i] = i == 0 ? "one" : text;
		evidence[i].title = evidence[i].text = evidence[i].about = text;
		evidence[i].about_place = evidence[i].port = evidence[i].technique = text;
		evidence[i].source = evidence[i].unit = text;
		evidence[i].uids = texts;
		evidence[i].uid_count = 1;
		evidence[i].observed = 1;
	}
	evidence[1].threat = text;
	alert = (struct source_alert){ .id = text,
		.window = evidence[0].window,
		.ts_ns = evidence[0].ts_ns,
		.sum = 0.4,
		.threshold = 3.0,
		.decisive = true,
		.reason = text,
		.strongest = text,
		.highest = text,
		.evidence = ids,
		.evidence_count = 2,
		.evidence_total = 3 };
	for (size_t i = 0; i < 20; i++)
		flows[i] = (struct source_flow){ .uid = text,
			.start_ns = evidence[0].ts_ns + i * UINT64_C(60000000000),
			.orig = text,
			.orig_port = "1",
			.resp = i % 2 == 0 ? text : "203.0.113.7",
			.resp_port = i % 2 == 0 ? text : "443",
			.proto = "tcp",
			.service = text,
			.state = text,
			.established = i < 2,
			.orig_bytes = 100 };
	pair = (struct source_pair){ .label = text, .value = text };
	entry = (struct source_entry){ .ts_ns = evidence[0].ts_ns,
		.service = text,
		.names = text,
		.peer = text,
		.port = text,
		.warning = text,
		.critical = text,
		.pairs = &pair,
		.pair_count = 1,
		.uid = text };
	device = (struct source_device){
		.mac = text, .vendor = text, .addresses = text, .names = text
	};
	losses[0] = (struct source_loss){ .reason = "capture_dropped_kernel", .count = 1234 };
	losses[1] = (struct source_loss){ .reason = "clock_jumps", .count = 0 };
	loss_spans[0] = (struct source_loss_span){ .reason = "capture_dropped_kernel",
		.interface = text,
		.from_ns = evidence[0].ts_ns + 5 * MINUTE_NS,
		.to_ns = evidence[0].ts_ns + 6 * MINUTE_NS,
		.count = 12400 };
	loss_spans[1] = (struct source_loss_span){ .reason = text, .interface = "" };
	address = (struct source_address){ .address = text,
		.org = text,
		.country = "NL",
		.reverse = text,
		.names = texts,
		.name_count = 1 };
	run = (struct source_run){
		.version = text, .sensor = text, .inputs = texts, .input_count = 1, .ended = true
	};
	f->window.id.host = text;
	f->profiles[0] = (struct source_profile){ .host = text,
		.name = text,
		.vendor = text,
		.country = text,
		.infected = true,
		.evidence = 2,
		.alerts = 1,
		.windows = &f->window,
		.window_count = 1 };
	f->rig.profile_count = 1;
	f->rig.evidence = evidence;
	f->rig.evidence_count = 2;
	f->rig.alerts = &alert;
	f->rig.alert_count = 1;
	f->rig.flows = flows;
	f->rig.flow_count = 20;
	f->rig.entries = &entry;
	f->rig.entry_count = 1;
	f->rig.devices = &device;
	f->rig.device_count = 1;
	f->rig.losses = losses;
	f->rig.loss_count = 2;
	f->rig.loss_spans = loss_spans;
	f->rig.loss_span_count = 2;
	f->rig.address = &address;
	f->rig.run = &run;
}

static void
gather(struct fixture *f)
{
	assert_true(report_gather(&f->report, &f->rig.source, UINT64_C(1795507047000000000)));
}

static const char *
written(struct fixture *f, void (*write)(const struct report *, FILE *))
{
	free(f->text);
	FILE *out = open_memstream(&f->text, &f->length);
	assert_non_null(out);
	write(&f->report, out);
	assert_int_equal(fclose(out), 0);
	return f->text;
}

static void
write_json(const struct report *r, FILE *out)
{
	assert_true(report_json(r, out));
}

static void
hostile_names_make_no_markup(void **state)
{
	struct fixture *f = *state;

	fill(f, EVIL);
	gather(f);
	const char *page = written(f, report_html);
	assert_true(report_rig_is_xml(page));
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "]]>"));
	assert_null(strstr(page, "<!--"));
	assert_null(strchr(page, '\x1b'));
	assert_null(strstr(page, turn));
	assert_true(report_rig_count(page, "&lt;script&gt;alert(1)") > 30);
	/* What a text could close it did not: there is one of each. */
	assert_int_equal(report_rig_count(page, "<h1>"), 1);
	assert_null(strstr(page, "\"></th>"));
	assert_int_equal(report_rig_count(page, "<style>"), 1);
	assert_int_equal(report_rig_count(page, "</body>"), 1);
}

static void
long_names_are_cut_and_the_page_stays_whole(void **state)
{
	struct fixture *f = *state;
	char *name = malloc(LONG + 1);

	assert_non_null(name);
	for (size_t i = 0; i < LONG; i++)
		name[i] = "<&>\"'\x01\xff"[i % 7];
	name[LONG] = '\0';
	fill(f, name);
	gather(f);
	assert_true(report_rig_is_xml(written(f, report_html)));
	assert_in_range(f->length, 1, 1 << 20);
	(void)written(f, report_md);
	assert_in_range(f->length, 1, 1 << 18);
	free(name);
}

static void
nothing_is_loaded_or_run(void **state)
{
	struct fixture *f = *state;

	fill(f, "http://evil.example/");
	gather(f);
	const char *page = written(f, report_html);
	assert_non_null(strstr(page, "content=\"default-src 'none'; style-src 'unsafe-inline';"));
	assert_null(strstr(page, "src="));
	assert_null(strstr(page, "url("));
	assert_null(strstr(page, "@import"));
	assert_null(strstr(page, "<link"));
	assert_null(strstr(page, "<img"));
	assert_null(strstr(page, "<iframe"));
	/* All links are within the page. */
	assert_int_equal(report_rig_count(page, "href="), report_rig_count(page, "href=\"#"));
	assert_non_null(strstr(page, "prefers-color-scheme:dark"));
	assert_non_null(strstr(page, "@media print"));
	/* On a narrow screen a time may end a line, but is not broken within a number. */
	assert_non_null(strstr(page, "td.t{white-space:normal;overflow-wrap:normal}"));
}

static void
every_link_has_its_place(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	gather(f);
	const char *page = written(f, report_html);
	for (const char *at = strstr(page, "href=\"#"); at != NULL;
		at = strstr(at + 1, "href=\"#")) {
		char id[64];

		(void)snprintf(id, sizeof(id), "id=\"%.*s\"", (int)strcspn(at + 7, "\""), at + 7);
		assert_int_equal(report_rig_count(page, id), 1);
	}
}

static void
what_is_there_is_said_in_all_parts(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	gather(f);
	assert_int_equal(f->report.loss_count, 1);
	assert_int_equal(f->report.hosts[0].evidence_total, 2);
	assert_int_equal(f->report.hosts[0].beacon_count, 2);
	const char *page = written(f, report_html);
	assert_non_null(strstr(page, "1 of 1 host is infected or attacking: 1 alert was raised."));
	assert_non_null(strstr(page, "Not all of the traffic was seen"));
	assert_non_null(strstr(page, "1\xe2\x80\xaf"
				     "234"));
	assert_non_null(strstr(page, "Sum 0.40, threshold 3.00."));
	assert_non_null(strstr(page, "0.8 \xc3\x97 0.50"));
	assert_non_null(strstr(page, "one finding is decisive"));
	assert_non_null(
		strstr(page, "The first 2 of 3 evidence of this alert are shown; 1 is left out."));
	assert_non_null(
		strstr(page, "class=\"medium\">10.0.0.1</span> <span class=\"high\">10.0.0.1<"));
	assert_int_equal(report_rig_count(page, "<figure class=\"traffic\""), 1);
	assert_int_equal(report_rig_count(page, "<figure class=\"beacon\""), 2);
	assert_int_equal(report_rig_count(page, "<figure class=\"map\""), 1);
	const char *text = written(f, report_md);
	assert_non_null(strstr(text, "**1 of 1 host infected or attacking, 1 alert.**"));
	assert_non_null(strstr(text, "| capture\\_dropped\\_kernel | 1\xe2\x80\xaf"
				     "234 |"));
	assert_non_null(strstr(text, "Sum 0.40, threshold 3.00; one finding is decisive."));
}

static void
what_weighs_nothing_was_not_counted_before(void **state)
{
	struct fixture *f = *state;
	struct source_evidence evidence[2];

	fill(f, "10.0.0.1");
	memcpy(evidence, f->rig.evidence, sizeof(evidence));
	evidence[0].counted = false;
	f->rig.evidence = evidence;
	gather(f);
	assert_non_null(strstr(written(f, report_html), "<td class=\"n\">counted already</td>"));
	report_done(&f->report);
	evidence[0].confidence = 0;
	gather(f);
	const char *page = written(f, report_html);
	assert_null(strstr(page, "<td class=\"n\">counted already</td>"));
	assert_non_null(strstr(page, "<td class=\"n\">nothing</td>"));
}

/* The picture spans 19 minutes in 96 parts: the fifth minute is the 26th part to the 31st. */
static void
where_traffic_was_missing_is_marked(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	gather(f);
	assert_int_equal(f->report.hosts[0].to_ns - f->report.hosts[0].from_ns, 19 * MINUTE_NS);
	for (int i = 0; i < REPORT_BUCKETS; i++)
		assert_int_equal(f->report.hosts[0].buckets[i].is_blind, i >= 25 && i <= 30);
	const char *page = written(f, report_html);
	assert_int_equal(report_rig_count(page, "class=\"blind\""), 6);
	assert_int_equal(report_rig_count(page, "; not all was seen"), 6);
	assert_int_equal(report_rig_count(page, "class=\"key blind\""), 1);
	assert_int_equal(report_rig_count(page, "<tr class=\"lost\""), 2);
	assert_non_null(strstr(page, "12\xe2\x80\xaf"
				     "400"));
	assert_non_null(strstr(written(f, report_md), "| 12\xe2\x80\xaf"
						      "400 | capture\\_dropped\\_kernel |"));
	assert_non_null(strstr(written(f, write_json),
		"\"count\":12400,\"reason\":\"capture_dropped_kernel\",\"interface\":\"10.0.0.1\""));
}

/* A sensor that still runs has not counted yet; what it lost it has told. */
static void
without_counts_the_times_are_told(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	f->rig.loss_count = 0;
	gather(f);
	const char *page = written(f, report_html);
	assert_non_null(strstr(page, "Not all of the traffic was seen"));
	assert_null(strstr(page, "Nothing is known to be missing"));
	assert_null(strstr(written(f, report_md), "Nothing is known to be missing"));
}

static void
who_is_infected_and_why_is_said_first(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	f->profiles[0].name = "black-pearl";
	for (size_t i = 1; i < 15; i++) {
		f->profiles[i] = f->profiles[0];
		f->profiles[i].name = "";
	}
	f->rig.profile_count = 15;
	gather(f);
	const char *page = written(f, report_html);
	assert_true(report_rig_is_xml(page));
	const char *named = strstr(page, "<ul class=\"named\">");
	assert_non_null(named);
	assert_true(named < strstr(page, "What was read"));
	assert_ptr_equal(strstr(named, "<li><a href=\"#host-1\"><code>10.0.0.1</code></a> "
				       "<b>black-pearl</b><span>10.0.0.1</span></li>"),
		named + strlen("<ul class=\"named\">"));
	assert_non_null(strstr(named, "href=\"#host-10\""));
	assert_non_null(
		strstr(named, "<li>5 more: see the <a href=\"#hosts\">hosts</a>.</li></ul>"));
	const char *text = written(f, report_md);
	assert_non_null(strstr(text, "\n* **10.0.0.1** black-pearl: 10.0.0.1\n"));
	assert_int_equal(report_rig_count(text, "* **10.0.0.1**: 10.0.0.1\n"), 9);
	assert_non_null(strstr(text, "\n* and 5 more, in the table of hosts\n\n"));
}

static void
evidence_without_an_alert_is_pointed_at(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	f->profiles[0].infected = false;
	gather(f);
	const char *page = written(f, report_html);
	assert_non_null(strstr(page, "There is evidence that was not enough for an alert"));
	assert_null(strstr(page, "class=\"named\""));
}

static void
a_run_over_logs_has_no_packets(void **state)
{
	struct fixture *f = *state;
	struct source_run run;

	fill(f, "10.0.0.1");
	run = *f->rig.run;
	run.flows = 576;
	f->rig.run = &run;
	gather(f);
	assert_null(strstr(written(f, report_html), "on the wire"));
	assert_non_null(strstr(written(f, report_md), "; 576 flows\n"));
	run.packets = 7;
	run.bytes = 2048;
	report_done(&f->report);
	gather(f);
	assert_non_null(strstr(written(f, report_html), "<b>2.0 KiB</b><span>on the wire</span>"));
	assert_non_null(strstr(written(f, report_md), "; 576 flows, 7 packets, 2.0 KiB\n"));
}

static void
nothing_found_is_not_said_to_be_safe(void **state)
{
	struct fixture *f = *state;

	f->rig.profile_count = 1;
	gather(f);
	const char *page = written(f, report_html);
	assert_true(report_rig_is_xml(page));
	assert_non_null(strstr(page, "No host raised an alert."));
	assert_non_null(strstr(page, "is no proof that nothing is there"));
	assert_non_null(strstr(page, "This source does not tell what was lost."));
	assert_non_null(strstr(page, "<p>None was raised.</p>"));
	assert_null(strstr(page, "<figure"));
	assert_non_null(strstr(written(f, report_md), "None was raised."));
	f->report.has_alerts = false;
	assert_non_null(
		strstr(written(f, report_html), "<p>This source does not tell of alerts.</p>"));
}

static void
an_empty_run_has_no_verdict(void **state)
{
	struct fixture *f = *state;
	const struct source_run run = { .version = "", .sensor = "", .ended = true };

	f->rig.run = &run;
	gather(f);
	const char *page = written(f, report_html);
	assert_true(report_rig_is_xml(page));
	assert_non_null(strstr(
		page, "class=\"verdict none\">No host was seen: there is nothing to judge."));
	assert_null(strstr(page, "No host raised an alert"));
	assert_null(strstr(page, "not known to not known"));
	assert_null(strstr(page, "<table"));
	const char *text = written(f, report_md);
	assert_non_null(strstr(text, "No host was seen: there is nothing to judge."));
	assert_null(strstr(text, "* Time"));
	assert_null(strstr(text, "| Host |"));
}

static void
a_question_without_an_answer_is_told(void **state)
{
	struct fixture *f = *state;

	f->rig.trouble = "the disk <is> gone";
	gather(f);
	assert_non_null(strstr(
		written(f, report_html), "This report is not complete: the disk &lt;is&gt; gone"));
	assert_non_null(strstr(written(f, report_md), "**Not complete:** the disk \\<is\\> gone"));
	assert_non_null(strstr(written(f, write_json), "\"trouble\":\"the disk <is> gone\""));
}

static void
ten_thousand_hosts_make_a_page_of_bounded_size(void **state)
{
	struct fixture *f = *state;

	fill(f, "10.0.0.1");
	for (size_t i = 1; i < PROFILES; i++) {
		f->profiles[i].evidence = PROFILES - i;
		f->profiles[i].infected = i < 100;
	}
	f->rig.profile_count = PROFILES;
	gather(f);
	assert_int_equal(f->report.infected_count, 100);
	assert_int_equal(f->report.hosts_told, REPORT_HOSTS_MAX);
	const char *page = written(f, report_html);
	assert_true(report_rig_is_xml(page));
	assert_in_range(f->length, 1, 4 << 20);
	assert_int_equal(report_rig_count(page, "<section class=\"host\""), REPORT_HOSTS_MAX);
	assert_non_null(strstr(page, "The first 200 of 10\xe2\x80\xaf"
				     "000 hosts are shown; 9\xe2\x80\xaf"
				     "800 are left out."));
	assert_non_null(strstr(page, "more hosts with evidence and no section"));
	assert_non_null(strstr(written(f, report_md), "The first 200 of 10000 hosts are shown."));
}

static void
json_reads_back_whatever_the_names_are(void **state)
{
	struct fixture *f = *state;

	fill(f, EVIL);
	gather(f);
	json_t *root = json_loads(written(f, write_json), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "report")), REPORT_JSON_VERSION);
	const json_t *alerts = json_object_get(root, "alerts");
	assert_int_equal(json_array_size(alerts), 1);
	const json_t *evidence = json_object_get(json_array_get(alerts, 0), "evidence");
	assert_int_equal(json_array_size(evidence), 2);
	const char *text = json_string_value(json_object_get(json_array_get(evidence, 0), "text"));
	assert_non_null(text);
	assert_int_equal(strncmp(text, "<script>", 8), 0);
	const json_t *host = json_array_get(json_object_get(root, "hosts"), 0);
	assert_true(json_is_true(json_object_get(host, "infected")));
	assert_int_equal(json_array_size(json_object_get(host, "beacons")), 2);
	const json_t *losses = json_object_get(root, "losses");
	assert_int_equal(json_object_size(losses), 1);
	static const char *const totals[] = { "alerts", "hosts", "devices", "indicators",
		"loss_spans" };
	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		assert_true(json_is_integer(
			json_object_get(json_object_get(root, "totals"), totals[i])));
	const json_t *device = json_array_get(json_object_get(root, "devices"), 0);
	assert_non_null(json_object_get(device, "first"));
	assert_non_null(json_object_get(device, "last"));
	json_decref(root);
}

static void
markdown_has_no_markup_of_the_wire(void **state)
{
	struct fixture *f = *state;

	fill(f, EVIL);
	gather(f);
	const char *text = written(f, report_md);
	assert_int_equal(report_rig_count(text, "<script"), report_rig_count(text, "\\<script"));
	assert_null(strstr(text, "](javascript"));
	assert_non_null(strstr(text, "\\<script\\>alert\\(1\\)"));
	assert_null(strchr(text, '\x1b'));
}

/* Where "http://..." and "www...." are links without any markup. */
static void
markdown_makes_no_links_of_names(void **state)
{
	struct fixture *f = *state;

	fill(f, "WWW.evil.example http://evil.example/x");
	gather(f);
	const char *text = written(f, report_md);
	assert_non_null(strstr(text, "WWW\\.evil.example http\\://evil.example/x"));
	assert_null(strstr(text, "WWW.evil"));
	assert_null(strstr(text, "http://"));
}

/* As they are in the file they can be copied, too: behind no backslashes. */
static void
markdown_has_indicators_as_code(void **state)
{
	struct fixture *f = *state;

	fill(f, "203.0.113.9");
	gather(f);
	assert_non_null(strstr(written(f, report_html), "<small>weighs 0.40</small>"));
	const char *text = written(f, report_md);
	assert_non_null(strstr(text, "\n| `203[.]0[.]113[.]9` | 203\\[.\\]0\\[.\\]113"));
	assert_non_null(strstr(text, " | 0.40 | 203.0.113.9 |"));
}

static void
a_file_is_there_as_a_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	char dir[] = "/tmp/naiad_test.XXXXXX";
	char page[64];
	char nowhere[64];
	char error[REPORT_ERROR_MAX];
	struct stat there;

	fill(f, "10.0.0.1");
	assert_non_null(mkdtemp(dir));
	(void)snprintf(page, sizeof(page), "%s/report.html", dir);
	(void)snprintf(nowhere, sizeof(nowhere), "%s/no/report.md", dir);
	struct report_options o = { .html = page };
	assert_int_equal(report_run(&f->rig.source, &o, error), 0);
	assert_int_equal(stat(page, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0640);
	assert_true(there.st_size > 1000);
	o = (struct report_options){ .markdown = nowhere };
	assert_true(report_run(&f->rig.source, &o, error) < 0);
	assert_non_null(strstr(error, nowhere));
	assert_non_null(strstr(error, "No such file"));
	/* What is no file is written into, and stays what it is. */
	o = (struct report_options){ .json = "/dev/null" };
	assert_int_equal(report_run(&f->rig.source, &o, error), 0);
	assert_int_equal(stat("/dev/null", &there), 0);
	assert_true(S_ISCHR(there.st_mode));
	o = (struct report_options){ .json = "/dev/full" };
	assert_true(report_run(&f->rig.source, &o, error) < 0);
	assert_non_null(strstr(error, "No space left"));
	assert_int_equal(unlink(page), 0);
	assert_int_equal(rmdir(dir), 0); /* nothing else is left in it */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hostile_names_make_no_markup, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			long_names_are_cut_and_the_page_stays_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_loaded_or_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_link_has_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_there_is_said_in_all_parts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_weighs_nothing_was_not_counted_before, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			where_traffic_was_missing_is_marked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			without_counts_the_times_are_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			who_is_infected_and_why_is_said_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			evidence_without_an_alert_is_pointed_at, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_run_over_logs_has_no_packets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			nothing_found_is_not_said_to_be_safe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_empty_run_has_no_verdict, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_question_without_an_answer_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			ten_thousand_hosts_make_a_page_of_bounded_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			json_reads_back_whatever_the_names_are, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			markdown_has_no_markup_of_the_wire, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			markdown_makes_no_links_of_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(markdown_has_indicators_as_code, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_is_there_as_a_whole_or_not_at_all, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
