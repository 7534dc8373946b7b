/* Real settings from a file, a real engine: what a rule ignores and silences, and what a reload makes of it. */
#include "daemon/engine/engine_whitelist.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config.h"
#include "daemon/config/config_diff.h"
#include "daemon/engine/engine_reconfigure.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/tls.h"
#include "tests/support/config_sample.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINES = 256, LINE = 512 };

/* What came out: `KIND level rule effect`, `ALERT reason`, `FLOW ignored_by`. */
static struct {
	struct config *config;
	struct engine *engine;
	struct sample_report report;
	char lines[LINES][LINE];
	size_t count;
	uint16_t port; /* of the next conversation */
	char totals[LINE];
} t;

static void
keep(void *context, const struct record *r)
{
	char line[LINE] = "";
	const struct record_evidence *e = r->evidence;

	(void)context;
	if (r->kind == RECORD_EVIDENCE)
		(void)snprintf(line, LINE, "%s %s %s %s %s", e->kind->name, threat_name(e->threat),
			e->counted ? "counted" : "-",
			e->silenced_by.rule == NULL ? "-" : e->silenced_by.rule,
			e->silenced_by.rule == NULL ? "-" : e->silenced_by.effect);
	if (r->kind == RECORD_ALERT)
		(void)snprintf(
			line, LINE, "ALERT %zu %s", r->alert->evidence_total, r->alert->reason);
	if (r->kind == RECORD_FLOW)
		(void)snprintf(line, LINE, "FLOW %s",
			r->flow->ignored_by == NULL ? "-" : r->flow->ignored_by);
	if (r->kind == RECORD_WINDOW)
		(void)snprintf(line, LINE, "WINDOW %s",
			r->window->tuples->first == NULL ? "empty" : "tuples");
	if (r->kind == RECORD_TOTALS && r->totals->whitelist_count > 0)
		(void)snprintf(t.totals, LINE, "%zu: %s %llu", r->totals->whitelist_count,
			r->totals->whitelist[0].reason,
			(unsigned long long)r->totals->whitelist[0].count);
	if (line[0] == '\0')
		return;
	assert_true(t.count < LINES);
	memcpy(t.lines[t.count++], line, LINE);
}

static struct config *
load(const char *whitelist)
{
	/* One scanned port is enough for an alert, unless a test says otherwise. */
	const char *head = strncmp(whitelist, "alert:", 6) == 0
				   ? "home_network: [10.0.0.0/8]\n"
				   : "home_network: [10.0.0.0/8]\nalert: {threshold: 0.01}\n";
	char path[] = "/tmp/naiad-whitelist-XXXXXX";
	struct config *c = NULL;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, head, strlen(head)), strlen(head));
	assert_int_equal(write(fd, whitelist, strlen(whitelist)), strlen(whitelist));
	(void)close(fd);
	if (config_load(path, NULL, sample_report_init(&t.report), &c) != 0)
		fail_msg("%s", t.report.memory);
	(void)unlink(path);
	return c;
}

static void
start(const char *whitelist)
{
	memset(&t, 0, sizeof(t));
	t.port = 1024;
	t.config = load(whitelist);
	t.engine = engine_new(&(struct engine_plan){
		.settings = t.config->settings,
		.detectors = t.config->detectors,
		.detector_configs = t.config->detector_configs,
		.detector_count = t.config->detector_count,
		.sink = { .wanted = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) |
				    RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TOTALS) |
				    RECORD_BIT(RECORD_WINDOW),
			.write = keep },
	});
	assert_non_null(t.engine);
}

static void
reload(const char *whitelist)
{
	struct config *fresh = load(whitelist);

	assert_int_equal(config_keep(t.config, fresh), 0);
	engine_reconfigure(t.engine, fresh->settings, fresh->detectors, fresh->detector_configs);
	config_free(t.config);
	t.config = fresh;
}

static void
finish(void)
{
	engine_finish(t.engine, NULL, 0);
	engine_free(t.engine);
	config_free(t.config);
}

/* Lines that begin so. */
static unsigned
lines(const char *begin)
{
	unsigned count = 0;

	for (size_t i = 0; i < t.count; i++)
		count += strncmp(t.lines[i], begin, strlen(begin)) == 0;
	return count;
}

static struct obs_flow
flow(const char *orig, const char *resp, double at_s)
{
	struct obs_flow f = { .id = t.port,
		.orig = rig_addr(orig),
		.resp = rig_addr(resp),
		.orig_port = t.port++,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.start_ns = rig_ns(at_s),
		.last_ns = rig_ns(at_s + 1),
		.previous_ns = rig_ns(at_s),
		.state = CONN_SF,
		.established = true,
		.history = "",
		.service = "",
		.label = "" };

	f.orig_total = f.orig_delta = (struct flow_side){ .packets = 5, .ip_bytes = 500 };
	f.resp_total = f.resp_delta = (struct flow_side){ .packets = 5, .ip_bytes = 500 };
	return f;
}

static void
converse(const char *orig, const char *resp, double at_s)
{
	struct obs_flow f = flow(orig, resp, at_s);

	f.ended = FLOW_END_CLOSED;
	engine_observe(t.engine,
		&(struct observation){ .kind = OBS_FLOW_END, .ts_ns = f.last_ns, .flow = &f });
}

/* TCP attempts from 10.0.0.1 to a port of hosts 10.1.0.`first` .. `last`, a second apart, unanswered. */
static void
knock(uint16_t port, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		char target[32];
		uint8_t bytes[BUILD_MAX];

		(void)snprintf(target, sizeof(target), "10.1.0.%u", i);
		struct build b = build_between("10.0.0.1", t.port++, target, port);
		b.flags = TCP_SYN;
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(i));
		engine_packets(t.engine, &f, 1);
	}
	engine_tick(t.engine, rig_ns(last + 10));
}

static void
resolve(const char *name, const char *address, double at_s)
{
	struct dns_answer a = { .addr = rig_addr(address) };
	struct obs_dns dns = { .client = rig_addr("10.0.0.1"),
		.server = rig_addr("10.0.0.53"),
		.query = name,
		.rcode = 0,
		.answers = &a,
		.answer_count = 1 };
	struct obs_talk talk = { .orig = dns.client, .resp = dns.server, .resp_port = 53 };

	engine_observe(t.engine,
		&(struct observation){
			.kind = OBS_DNS, .ts_ns = rig_ns(at_s), .talk = &talk, .dns = &dns });
}

static void
call(const char *name, const char *address, double at_s)
{
	struct obs_tls tls = { .server_name = name };
	struct obs_talk talk = {
		.orig = rig_addr("10.0.0.1"), .resp = rig_addr(address), .resp_port = 443
	};

	engine_observe(t.engine,
		&(struct observation){
			.kind = OBS_TLS, .ts_ns = rig_ns(at_s), .talk = &talk, .tls = &tls });
}

static uint64_t
hits(enum whitelist_effect effect)
{
	return engine_stats(t.engine).whitelist_hits[effect];
}

#define SCANNER(effect_)                                                                   \
	"whitelist: {rules: [{name: scanner, effect: " effect_ ", match: {src: 10.0.0.1, " \
	"detector: HORIZONTAL_PORT_SCAN}}]}\n"

static void
without_rules_a_scan_is_an_alert(void **state)
{
	(void)state;
	start("");
	knock(23, 1, 60);
	assert_true(lines("HORIZONTAL_PORT_SCAN high counted - -") > 0);
	assert_int_equal(lines("ALERT"), 1);
	finish();
	assert_string_equal(t.totals, "");
}

static void
no_alert_writes_evidence_that_counts_for_nothing(void **state)
{
	(void)state;
	start(SCANNER("no-alert"));
	knock(23, 1, 60);
	assert_int_equal(lines("ALERT"), 0);
	unsigned scans = lines("HORIZONTAL_PORT_SCAN");
	assert_true(scans > 0);
	assert_int_equal(lines("HORIZONTAL_PORT_SCAN high - scanner no-alert"), scans);
	assert_int_equal(hits(WHITELIST_NO_ALERT), scans);
	assert_int_equal(hits(WHITELIST_NO_EVIDENCE), 0);
	finish();
	assert_memory_equal(t.totals, "1: scanner ", 11);
}

static void
no_evidence_leaves_a_note_at_info(void **state)
{
	(void)state;
	start(SCANNER("no-evidence"));
	knock(23, 1, 60);
	unsigned scans = lines("HORIZONTAL_PORT_SCAN");
	assert_true(scans > 0);
	assert_int_equal(lines("HORIZONTAL_PORT_SCAN info - scanner no-evidence"), scans);
	assert_int_equal(lines("ALERT"), 0);
	assert_int_equal(engine_stats(t.engine).evidence, t.count - lines("FLOW"));
	finish();
}

static void
or_nothing_at_all_when_that_is_not_wanted(void **state)
{
	(void)state;
	start("whitelist: {write_silenced: false, rules: [{match: {src: 10.0.0.1}, effect: no-evidence}]}\n");
	knock(23, 1, 60);
	assert_int_equal(lines("HORIZONTAL_PORT_SCAN"), 0);
	assert_int_equal(engine_stats(t.engine).evidence, 0);
	assert_true(hits(WHITELIST_NO_EVIDENCE) > 0);
	finish();
	assert_memory_equal(t.totals, "1: rule 1 ", 10);
}

static void
a_rule_is_about_nothing_else(void **state)
{
	(void)state;
	start("whitelist: {rules: [{match: {src: 10.0.0.2, detector: HORIZONTAL_PORT_SCAN}}, {match: {detector: ARP_SCAN}}]}\n");
	knock(23, 1, 60);
	assert_int_equal(lines("ALERT"), 1);
	assert_int_equal(hits(WHITELIST_NO_ALERT), 0);
	finish();
}

static void
ignored_traffic_reaches_no_detector_and_no_window(void **state)
{
	(void)state;
	start("whitelist: {rules: [{name: ours, match: {src: 10.0.0.1}, effect: ignore-traffic}]}\n");
	knock(23, 1, 60);
	assert_int_equal(lines("HORIZONTAL"), 0);
	assert_int_equal(engine_stats(t.engine).profiles_made, 0);
	finish();
	assert_int_equal(lines("FLOW ours"), 60);
	assert_int_equal(lines("FLOW"), 60);
	assert_string_equal(t.totals, "1: ours 60");
}

static void
foreign_conversations_are_ignored_as_well(void **state)
{
	(void)state;
	start("whitelist: {rules: [{name: ours, match: {dst: 192.0.2.1, port: 443/tcp}, effect: ignore-traffic}]}\n");
	converse("10.0.0.1", "192.0.2.1", 1);
	assert_int_equal(engine_stats(t.engine).profiles_made, 0);
	converse("10.0.0.1", "192.0.2.2", 1);
	assert_int_equal(engine_stats(t.engine).profiles_made, 1);
	assert_int_equal(lines("FLOW ours"), 1);
	assert_int_equal(lines("FLOW -"), 1);
	assert_int_equal(hits(WHITELIST_IGNORE_TRAFFIC), 1);
	finish();
}

static void
a_lie_about_the_server_whitelists_nothing(void **state)
{
	static const char rules[] =
		"whitelist: {rules: [{name: web, match: {domain: example.com}, effect: ignore-traffic}]}\n";

	(void)state;
	start(rules);
	call("www.example.com", "192.0.2.66", 1);
	converse("10.0.0.1", "192.0.2.66", 1);
	assert_int_equal(lines("FLOW -"), 1);
	assert_int_equal(hits(WHITELIST_IGNORE_TRAFFIC), 0);
	resolve("www.example.com", "192.0.2.1", 2);
	converse("10.0.0.1", "192.0.2.1", 3);
	assert_int_equal(lines("FLOW web"), 1);
	finish();
}

/*
 * A finding about a peer may have the name that the client called it by: that is no name of it. A finding about
 * nobody, or about what a list has, is about the name itself.
 */
static void
the_object_of_evidence_is_a_name_only_where_nobody_can_gain_by_it(void **state)
{
	static const struct evidence_kind content = { .name = "POST", .aspect = ASPECT_CONTENT };
	static const struct evidence_kind listed = { .name = "LISTED", .aspect = ASPECT_LIST };
	static const struct {
		const struct evidence_kind *kind;
		bool has_about, silenced;
	} cases[] = {
		{ &content, true, false },
		{ &content, false, true },
		{ &listed, true, true },
		{ &listed, false, true },
	};

	(void)state;
	start("whitelist: {rules: [{name: web, match: {domain: example.com}, effect: no-evidence}]}\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record_evidence r = { .kind = cases[i].kind,
			.detector = "post",
			.object = "www.example.com",
			.host = rig_addr("10.0.0.1"),
			.has_about = cases[i].has_about,
			.about = rig_addr("192.0.2.66") };
		assert_int_equal(engine_silences(t.engine, &r), cases[i].silenced);
		assert_int_equal(r.silenced_by.rule != NULL, cases[i].silenced);
	}
	finish();
}

/* Its start was shown, because nobody had named its server by then. */
static void
a_conversation_may_be_ignored_from_its_middle_on(void **state)
{
	uint8_t bytes[BUILD_MAX];
	struct build b = build_between("10.0.0.1", 1024, "10.0.9.9", 443);

	(void)state;
	start("direction: all\n"
	      "whitelist: {rules: [{name: web, match: {domain: example.com}, effect: ignore-traffic}]}\n");
	b.flags = TCP_SYN;
	struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(1));
	engine_packets(t.engine, &f, 1);
	assert_int_equal(engine_stats(t.engine).windows_open, 2);
	resolve("www.example.com", "10.0.9.9", 2);
	finish();
	assert_int_equal(lines("FLOW web"), 1);
	assert_int_equal(lines("WINDOW empty"), 2);
	assert_int_equal(lines("WINDOW"), 2);
}

static void
a_rule_ends_in_packet_time(void **state)
{
	(void)state;
	/* rig_ns(0) is 2020-09-13T12:26:40Z */
	start("whitelist: {rules: [{match: {port: 443}, until: 2020-09-13T12:27:00Z, effect: ignore-traffic}]}\n");
	converse("10.0.0.1", "192.0.2.1", 18);
	assert_int_equal(hits(WHITELIST_IGNORE_TRAFFIC), 1);
	converse("10.0.0.1", "192.0.2.1", 20);
	assert_int_equal(hits(WHITELIST_IGNORE_TRAFFIC), 1);
	finish();
}

static void
a_rule_that_goes_raises_the_alert_once(void **state)
{
	(void)state;
	start(SCANNER("no-evidence"));
	knock(23, 1, 60);
	assert_int_equal(lines("ALERT"), 0);
	reload(SCANNER("no-evidence")); /* the same: nothing is weighed */
	assert_int_equal(lines("ALERT"), 0);
	reload("");
	assert_int_equal(lines("ALERT"), 1);
	unsigned scans = lines("HORIZONTAL_PORT_SCAN");
	char begin[80];
	(void)snprintf(begin, sizeof(begin),
		"ALERT %u after a change of the whitelist: scanned port 23/tcp", scans);
	assert_int_equal(lines(begin), 1);
	reload(SCANNER("no-alert"));
	reload("");
	assert_int_equal(lines("ALERT"), 1);
	finish();
	assert_int_equal(lines("ALERT"), 1);
}

static void
a_rule_that_comes_gives_the_weight_back(void **state)
{
	static const char strict[] = "alert: {threshold: 10}\n"; /* 600 a window of an hour */
	char text[256];

	(void)state;
	start(strict);
	converse("10.0.0.1", "192.0.2.1", 1);
	knock(23, 1, 12);
	struct addr host = rig_addr("10.0.0.1");
	const struct window *w = profile_find(&t.engine->profiles, &host)->windows;
	double before = w->evidence.sum;
	assert_true(before > 0);
	(void)snprintf(text, sizeof(text), "%s%s", strict, SCANNER("no-alert"));
	reload(text);
	assert_true(w->evidence.sum == 0);
	reload(strict);
	assert_true(w->evidence.sum == before);
	finish();
}

static void
hits_go_on_over_a_reload_by_name(void **state)
{
	(void)state;
	start("whitelist: {rules: [{name: a, match: {port: 443}, effect: ignore-traffic}]}\n");
	converse("10.0.0.1", "192.0.2.1", 1);
	reload("whitelist: {rules: [{name: b, match: {port: 1}}, {name: a, match: {port: 443}, effect: ignore-traffic}]}\n");
	converse("10.0.0.1", "192.0.2.1", 1);
	finish();
	assert_string_equal(t.totals, "1: a 2");
}

/* What is silenced has a share of its own: the rest of the window is written as if it had not been. */
static void
what_is_silenced_takes_no_room_from_what_is_not(void **state)
{
	(void)state;
	start("evidence: {max_per_detector: 1}\n"
	      "whitelist: {rules: [{match: {port: 23/tcp}, effect: no-evidence}]}\n");
	knock(23, 1, 60);
	assert_int_equal(lines("HORIZONTAL_PORT_SCAN info"), 1);
	knock(24, 61, 80);
	assert_int_equal(lines("HORIZONTAL_PORT_SCAN high counted"), 1);
	assert_int_equal(engine_stats(t.engine).evidence_suppressed, 0);
	finish();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_rules_a_scan_is_an_alert),
		cmocka_unit_test(no_alert_writes_evidence_that_counts_for_nothing),
		cmocka_unit_test(no_evidence_leaves_a_note_at_info),
		cmocka_unit_test(or_nothing_at_all_when_that_is_not_wanted),
		cmocka_unit_test(a_rule_is_about_nothing_else),
		cmocka_unit_test(ignored_traffic_reaches_no_detector_and_no_window),
		cmocka_unit_test(foreign_conversations_are_ignored_as_well),
		cmocka_unit_test(a_lie_about_the_server_whitelists_nothing),
		cmocka_unit_test(the_object_of_evidence_is_a_name_only_where_nobody_can_gain_by_it),
		cmocka_unit_test(a_conversation_may_be_ignored_from_its_middle_on),
		cmocka_unit_test(a_rule_ends_in_packet_time),
		cmocka_unit_test(a_rule_that_goes_raises_the_alert_once),
		cmocka_unit_test(a_rule_that_comes_gives_the_weight_back),
		cmocka_unit_test(hits_go_on_over_a_reload_by_name),
		cmocka_unit_test(what_is_silenced_takes_no_room_from_what_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
