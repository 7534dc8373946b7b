#include "daemon/loop/control/control_commands.h"

#include "daemon/loop/control/control_reply.h"
#include "tests/support/control_fake.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct desk {
	struct control_fake fake;
	struct control_reply reply;
	char memory[CONTROL_REPLY_MAX];
	json_t *answer;
};

static int
begin(void **state)
{
	struct desk *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	control_fake_init(&d->fake);
	*state = d;
	return 0;
}

static int
end(void **state)
{
	struct desk *d = *state;

	json_decref(d->answer);
	control_fake_done(&d->fake);
	free(d);
	return 0;
}

static const json_t *
ask(struct desk *d, const char *line)
{
	const struct control_peer root = { .may_ask = true, .may_change = true };
	const char *name = NULL;

	control_reply_begin(&d->reply, d->memory);
	(void)control_dispatch(
		control_commands, &d->fake.sensor, &root, line, strlen(line), &d->reply, &name);
	json_decref(d->answer);
	d->answer = json_loads(d->reply.out.text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(d->answer);
	return d->answer;
}

static const json_t *
data(struct desk *d, const char *line)
{
	const json_t *answer = ask(d, line);

	if (!json_is_true(json_object_get(answer, "ok")))
		fail_msg("%s: %s", line, d->reply.out.text);
	return json_object_get(answer, "data");
}

static const char *
refusal(struct desk *d, const char *line)
{
	const json_t *answer = ask(d, line);

	if (!json_is_false(json_object_get(answer, "ok")))
		fail_msg("%s: %s", line, d->reply.out.text);
	return json_string_value(json_object_get(answer, "error"));
}

static json_int_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *
text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void
status_tells_what_runs_and_how_it_is(void **state)
{
	struct desk *d = *state;
	const json_t *s = data(d, "{\"command\":\"status\"}");
	const json_t *eth0 = json_array_get(json_object_get(s, "interfaces"), 0);
	const json_t *wan1 = json_array_get(json_object_get(s, "interfaces"), 1);
	const json_t *zeek = json_array_get(json_object_get(s, "inputs"), 0);
	const json_t *netflow = json_array_get(json_object_get(s, "inputs"), 1);
	const json_t *engine = json_object_get(s, "engine");
	const json_t *memory = json_object_get(s, "memory");
	const json_t *syslog = json_array_get(json_object_get(s, "outputs"), 1);

	assert_string_equal(text(s, "version"), "0.1.0");
	assert_string_equal(text(s, "sensor"), "edge");
	assert_string_equal(text(s, "settings"), "/etc/naiad/naiad.yaml");
	assert_true(json_is_null(json_object_get(s, "store")));
	assert_int_equal(number(s, "pid"), 4711);
	assert_string_equal(text(s, "log_level"), "info");
	assert_string_equal(text(s, "now"), "2026-11-24T03:00:00.123456Z");
	assert_string_equal(text(s, "started"), "2026-11-23T01:00:00.123456Z");
	assert_int_equal(number(s, "uptime_s"), 93600);
	assert_string_equal(text(eth0, "name"), "eth0");
	assert_string_equal(text(eth0, "role"), "lan");
	assert_string_equal(text(eth0, "state"), "up");
	assert_int_equal(number(eth0, "offered"),
		number(eth0, "analysed") + number(eth0, "filtered") +
			number(eth0, "dropped_kernel") + number(eth0, "dropped_interface") +
			number(eth0, "dropped_here"));
	assert_string_equal(text(eth0, "last_packet"), "2026-11-24T02:59:59.123456Z");
	assert_string_equal(text(wan1, "state"), "down");
	assert_true(json_is_null(json_object_get(wan1, "last_packet")));
	assert_string_equal(text(zeek, "name"), "/var/log/zeek");
	assert_string_equal(text(zeek, "type"), "zeek");
	assert_string_equal(text(zeek, "state"), "reading");
	assert_int_equal(number(zeek, "told"), 70000);
	assert_int_equal(number(zeek, "bad"), 1);
	assert_int_equal(number(zeek, "lag_s"), 90);
	assert_string_equal(text(zeek, "last"), "2026-11-24T02:58:30.123456Z");
	assert_int_equal(number(netflow, "dropped"), 5);
	assert_true(json_is_null(json_object_get(netflow, "last")));
	assert_int_equal(number(engine, "packets"), 123456789);
	assert_int_equal(number(engine, "bytes"), 98765432100);
	assert_int_equal(number(engine, "flows_active"), 4321);
	assert_int_equal(number(engine, "profiles_active"), 17);
	assert_int_equal(number(engine, "windows_open"), 21);
	assert_int_equal(number(engine, "evidence"), 12);
	assert_int_equal(number(engine, "evidence_suppressed"), 3);
	assert_int_equal(number(engine, "alerts"), 1);
	assert_int_equal(number(memory, "limit"), 128 << 20);
	assert_int_equal(number(memory, "resident"), 70 << 20);
	assert_int_equal(json_array_size(json_object_get(memory, "areas")), 3);
	assert_string_equal(text(syslog, "name"), "syslog");
	assert_int_equal(number(syslog, "written"), 10);
	assert_int_equal(number(syslog, "queued"), 2);
	assert_int_equal(number(syslog, "dropped"), 1);
	assert_int_equal(number(syslog, "forgotten"), 3);
	assert_int_equal(number(syslog, "left_out"), 4);
	assert_true(json_is_null(json_object_get(syslog, "last_success")));
	assert_true(json_is_null(json_object_get(s, "reload")));
	d->fake.store = "/var/log/naiad/naiad.db";
	assert_string_equal(text(data(d, "{\"command\":\"status\"}"), "store"), d->fake.store);
}

static void
a_reload_names_what_changed_and_what_has_to_wait(void **state)
{
	struct desk *d = *state;
	const json_t *r = data(d, "{\"command\":\"reload\",\"args\":{}}");

	assert_int_equal(d->fake.reloads, 1);
	assert_string_equal(text(r, "changed"), "alert.threshold home_network");
	assert_string_equal(text(r, "needs_restart"), "windows.width");
	r = json_object_get(data(d, "{\"command\":\"status\"}"), "reload");
	assert_true(json_is_true(json_object_get(r, "ok")));
	assert_string_equal(text(r, "needs_restart"), "windows.width");
}

static void
a_reload_that_fails_says_what_is_wrong_in_the_file(void **state)
{
	struct desk *d = *state;

	d->fake.reload_fails = true;
	assert_string_equal(refusal(d, "{\"command\":\"reload\"}"),
		"the old settings stay in force: naiad.yaml:3: windows.widht is not known, did you "
		"mean \"width\"?");
}

static void
files_are_opened_again_or_it_says_why_not(void **state)
{
	struct desk *d = *state;

	const json_t *nothing = data(d, "{\"command\":\"reopen\"}");
	assert_true(json_is_null(nothing));
	assert_int_equal(d->fake.reopens, 1);
	d->fake.reopen_result = -ENOSPC;
	assert_string_equal(refusal(d, "{\"command\":\"reopen\"}"),
		"not opened again: No space left on device");
}

static void
the_log_level_is_told_and_set(void **state)
{
	struct desk *d = *state;

	assert_string_equal(text(data(d, "{\"command\":\"log-level\"}"), "level"), "info");
	assert_int_equal(d->fake.level, LOG_LEVEL_INFO);
	assert_string_equal(
		text(data(d, "{\"command\":\"log-level\",\"args\":{\"level\":\"debug\"}}"),
			"level"),
		"debug");
	assert_int_equal(d->fake.level, LOG_LEVEL_DEBUG);
	(void)refusal(d, "{\"command\":\"log-level\",\"args\":{\"level\":\"loud\"}}");
	(void)refusal(d, "{\"command\":\"log-level\",\"args\":{\"level\":1}}");
	assert_int_equal(d->fake.level, LOG_LEVEL_DEBUG);
}

static size_t
events(struct desk *d, const char *line)
{
	return json_array_size(json_object_get(data(d, line), "events"));
}

static void
evidence_and_alerts_are_lines_of_eve(void **state)
{
	struct desk *d = *state;
	const json_t *e = data(d, "{\"command\":\"evidence\"}");
	const json_t *first = json_array_get(json_object_get(e, "events"), 0);

	assert_int_equal(json_array_size(json_object_get(e, "events")), 4);
	assert_int_equal(number(e, "earlier"), 0);
	assert_string_equal(text(first, "event_type"), "alert");
	assert_string_equal(text(json_object_get(first, "naiad"), "profile"), "192.168.1.10");
	e = data(d, "{\"command\":\"alerts\"}");
	first = json_array_get(json_object_get(e, "events"), 0);
	assert_int_equal(json_array_size(json_object_get(e, "events")), 2);
	assert_string_equal(text(json_object_get(first, "naiad"), "kind"), "alert");
}

static void
evidence_is_asked_for_by_host_type_level_time_and_number(void **state)
{
	struct desk *d = *state;

	assert_int_equal(
		events(d, "{\"command\":\"evidence\",\"args\":{\"host\":\"192.168.1.10\"}}"), 2);
	assert_int_equal(
		events(d, "{\"command\":\"evidence\",\"args\":{\"host\":\"192.168.1.64/28\"}}"), 2);
	assert_int_equal(
		events(d,
			"{\"command\":\"evidence\",\"args\":{\"type\":\"horizontal_port_scan\"}}"),
		4);
	assert_int_equal(events(d, "{\"command\":\"evidence\",\"args\":{\"type\":\"OTHER\"}}"), 0);
	assert_int_equal(events(d, "{\"command\":\"evidence\",\"args\":{\"level\":\"high\"}}"), 2);
	/* An hour after the first: the last three came 1, 2 and 3 minutes later. */
	assert_int_equal(events(d, "{\"command\":\"evidence\",\"args\":{\"since\":\"1h\"}}"), 4);
	assert_int_equal(events(d, "{\"command\":\"evidence\",\"args\":{\"since\":\"58m\"}}"), 2);
	assert_int_equal(
		events(d, "{\"command\":\"evidence\",\"args\":{\"since\":\"36500d\"}}"), 4);
	assert_int_equal(events(d, "{\"command\":\"evidence\",\"args\":{\"limit\":3}}"), 3);
	assert_int_equal(number(json_object_get(d->answer, "data"), "earlier"), 1);
	assert_int_equal(
		events(d, "{\"command\":\"alerts\",\"args\":{\"level\":\"critical\"}}"), 0);
}

static void
a_filter_that_makes_no_sense_is_refused(void **state)
{
	static const char *const wrong[] = {
		"\"host\":\"router\"",
		"\"host\":1",
		"\"type\":[]",
		"\"level\":\"worst\"",
		"\"level\":3",
		"\"since\":\"yesterday\"",
		"\"since\":5",
		"\"limit\":0",
		"\"limit\":-1",
		"\"limit\":\"5\"",
		"\"limit\":1.5",
	};
	struct desk *d = *state;
	char line[128];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(
			line, sizeof(line), "{\"command\":\"evidence\",\"args\":{%s}}", wrong[i]);
		(void)refusal(d, line);
	}
}

static void
arguments_that_are_not_known_are_refused(void **state)
{
	static const char *const names[] = { "status", "reload", "reopen", "log-level", "evidence",
		"alerts", "metrics" };
	struct desk *d = *state;
	char line[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(line, sizeof(line), "{\"command\":\"%s\",\"args\":{\"\\u001b\":1}}",
			names[i]);
		assert_non_null(strstr(refusal(d, line), "has no argument \"\\x1b\""));
	}
	assert_int_equal(d->fake.reloads, 0);
	assert_int_equal(d->fake.reopens, 0);
	assert_string_equal(
		refusal(d, "{\"command\":\"evidence\",\"args\":{\"hots\":\"10.0.0.1\"}}"),
		"evidence has no argument \"hots\", did you mean \"host\"?");
}

static void
metrics_have_names_labels_and_values(void **state)
{
	struct desk *d = *state;
	const json_t *m = data(d, "{\"command\":\"metrics\"}");

	assert_int_equal(json_array_size(m), 4);
	assert_string_equal(text(json_array_get(m, 0), "name"), "naiad_flows_started_total");
	assert_null(text(json_array_get(m, 0), "labels"));
	assert_int_equal(number(json_array_get(m, 0), "value"), 1000000);
	assert_string_equal(
		text(json_array_get(m, 1), "labels"), "interface=\"eth0\",result=\"analysed\"");
	assert_true(json_real_value(json_object_get(json_array_get(m, 3), "value")) == 0.25);
	m = data(d, "{\"command\":\"metrics\",\"args\":{\"name\":\"packets\"}}");
	assert_int_equal(json_array_size(m), 2);
	(void)refusal(d, "{\"command\":\"metrics\",\"args\":{\"name\":7}}");
}

static void
what_a_sensor_does_not_have_is_said(void **state)
{
	struct desk *d = *state;

	d->fake.sensor.reload = NULL;
	d->fake.sensor.reopen = NULL;
	d->fake.sensor.metrics = NULL;
	d->fake.sensor.log_level_set = NULL;
	d->fake.sensor.recent = NULL;
	assert_string_equal(
		refusal(d, "{\"command\":\"reload\"}"), "reload is not there in this sensor");
	(void)refusal(d, "{\"command\":\"reopen\"}");
	(void)refusal(d, "{\"command\":\"metrics\"}");
	(void)refusal(d, "{\"command\":\"evidence\"}");
	(void)refusal(d, "{\"command\":\"log-level\",\"args\":{\"level\":\"debug\"}}");
}

static void
only_what_changes_something_says_so(void **state)
{
	(void)state;
	for (const struct control_command *m = control_commands; m->name != NULL; m++) {
		enum control_effect expected = CONTROL_LOOKS;

		if (strcmp(m->name, "reload") == 0 || strcmp(m->name, "reopen") == 0)
			expected = CONTROL_CHANGES;
		else if (strcmp(m->name, "log-level") == 0)
			expected = CONTROL_CHANGES_IF_TOLD;
		assert_int_equal(m->effect, expected);
	}
}

static void
devices_are_told_as_far_as_the_limit_and_the_answer_go(void **state)
{
	struct desk *d = *state;
	const json_t *r = data(d, "{\"command\":\"devices\"}");

	assert_int_equal(json_array_size(json_object_get(r, "devices")), 3);
	assert_int_equal(number(r, "more"), 0);
	assert_string_equal(
		text(json_array_get(json_object_get(r, "devices"), 1), "mac"), "02:00:00:00:00:01");
	r = data(d, "{\"command\":\"devices\",\"args\":{\"limit\":2}}");
	assert_int_equal(json_array_size(json_object_get(r, "devices")), 2);
	assert_int_equal(number(r, "more"), 1);
	d->fake.device_count = 300;
	r = data(d, "{\"command\":\"devices\"}");
	assert_int_equal(json_array_size(json_object_get(r, "devices")), 50);
	r = data(d, "{\"command\":\"devices\",\"args\":{\"limit\":9000}}");
	assert_int_equal(json_array_size(json_object_get(r, "devices")), 256);
	assert_int_equal(number(r, "more"), 44);
	d->fake.device_padding = 2000;
	r = data(d, "{\"command\":\"devices\",\"args\":{\"limit\":9000}}");
	assert_in_range(json_array_size(json_object_get(r, "devices")), 100, 120);
	assert_int_equal(
		(size_t)number(r, "more") + json_array_size(json_object_get(r, "devices")), 300);
	(void)refusal(d, "{\"command\":\"devices\",\"args\":{\"limit\":0}}");
	(void)refusal(d, "{\"command\":\"devices\",\"args\":{\"host\":\"10.0.0.1\"}}");
	d->fake.sensor.devices = NULL;
	assert_non_null(strstr(refusal(d, "{\"command\":\"devices\"}"), "not there"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(status_tells_what_runs_and_how_it_is),
		TEST(a_reload_names_what_changed_and_what_has_to_wait),
		TEST(a_reload_that_fails_says_what_is_wrong_in_the_file),
		TEST(files_are_opened_again_or_it_says_why_not),
		TEST(the_log_level_is_told_and_set),
		TEST(evidence_and_alerts_are_lines_of_eve),
		TEST(evidence_is_asked_for_by_host_type_level_time_and_number),
		TEST(a_filter_that_makes_no_sense_is_refused),
		TEST(arguments_that_are_not_known_are_refused),
		TEST(devices_are_told_as_far_as_the_limit_and_the_answer_go),
		TEST(metrics_have_names_labels_and_values),
		TEST(what_a_sensor_does_not_have_is_said),
		TEST(only_what_changes_something_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
