/* What all events of EVE have in common. */
#include "tests/support/eve_lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FLOW                                                                            \
	"\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"proto\":\"TCP\",\"flow\":{" \
	"\"start\":\"2021-06-06T16:17:40Z\",\"end\":\"2021-06-06T16:17:41Z\"}"

static void
events_that_nobody_follows_are_passed_over(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, "{\"event_type\":\"stats\",\"stats\":{\"uptime\":8}}"), 0);
	assert_int_equal(input_rig_line(r, "{\"event_type\":\"netflow\",\"netflow\":{}}"), 0);
	assert_int_equal(r->s.skipped, 2);
	assert_int_equal(r->s.unknown, 0);
	assert_int_equal(input_rig_line(r, "{\"event_type\":\"modbus\",\"modbus\":{}}"), 0);
	assert_int_equal(r->s.skipped, 3);
	assert_int_equal(r->s.unknown, 1);
}

static void
an_event_may_say_last_what_it_is(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			"{" FLOW
			",\"timestamp\":\"2021-06-06T16:17:41Z\",\"event_type\":\"flow\"}"),
		1);
	assert_int_equal(r->s.items[0].flow.ip_proto, 6);
	assert_int_equal(r->s.items[0].flow.last_ns - r->s.items[0].flow.start_ns, 1000000000);
}

static void
what_is_no_event_is_bad(void **state)
{
	static const struct {
		const char *line, *complaint;
	} cases[] = {
		{ "", "line: \"\" is no JSON from here on" },
		{ "{}", "event_type: \"\" is no event" },
		{ "{\"ts\":1.5,\"uid\":\"C1\"}", "event_type: \"\" is no event" },
		{ "{\"x\":{\"event_type\":\"flow\"}}", "event_type: \"\" is no event" },
		{ "{\"event_type\":\"flow\",", "line: \"\" is no JSON from here on" },
		{ "{\"event_type\":\"flow\"}]", "line: \"]\" is no JSON from here on" },
		{ "no JSON", "line: \"no JSON\" is no JSON from here on" },
	};
	struct input_rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(input_rig_line(r, cases[i].line), -EBADMSG);
		assert_string_equal(r->s.complaint, cases[i].complaint);
	}
}

static void
a_line_cut_anywhere_is_bad_or_says_less(void **state)
{
	static const char *const lines[] = {
		"{\"timestamp\":\"2021-06-06T16:17:41Z\",\"flow_id\":1,\"event_type\":\"flow\"," FLOW
		"}",
		EVE_BEGIN("dns",
			"UDP") "\"dest_port\":53,\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":2,\"flags\":\"8180\","
			       "\"rrname\":\"a\\u00e9.example\",\"rrtype\":\"A\",\"rcode\":\"NOERROR\",\"answers\":[{\"rrname\":\"a\","
			       "\"rrtype\":\"A\",\"ttl\":36,\"rdata\":\"216.58.201.68\"}],\"grouped\":{\"A\":[\"216.58.201.68\"]}}}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (size_t length = 0; length < strlen(lines[i]); length++)
			assert_int_equal(input_rig_bytes(*state, lines[i], length), -EBADMSG);
}

static void
escapes_are_undone(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("flow",
				"TC\\u0050") "\"app_proto\":\"a\\\"\\\\\\/\\u00e9\",\"flow\":{\"start\":\"2021-06-06T16:17:40Z\"}}"),
		1);
	assert_string_equal(r->s.items[0].flow.service, "a\"\\/\xc3\xa9");
}

static void
null_is_nothing_that_was_said(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("flow",
				"TCP") "\"dest_port\":null,\"flow\":{\"start\":\"2021-06-06T16:17:40Z\",\"pkts_toserver\":null}}"),
		1);
	assert_int_equal(r->s.items[0].flow.resp_port, 0);
}

/* More keys than are remembered, in another order each time. */
static void
strange_keys_cost_time_but_change_nothing(void **state)
{
	struct input_rig *r = *state;
	char line[16384];

	for (unsigned round = 0; round < 3; round++) {
		size_t length = (size_t)snprintf(line, sizeof(line), "{\"event_type\":\"flow\"");
		for (unsigned i = 0; i < 200; i++)
			length += (size_t)snprintf(line + length, sizeof(line) - length,
				",\"key_%u_that_nobody_has_ever_%u\":%u", i * (round + 1), round,
				i);
		(void)snprintf(line + length, sizeof(line) - length,
			",\"timestamp\":\"2021-06-06T16:17:41Z\",\"src_port\":%u," FLOW "}",
			round + 1);
		assert_int_equal(input_rig_line(r, line), 1);
		assert_int_equal(r->s.items[0].flow.orig_port, round + 1);
		assert_int_equal(r->s.items[0].flow.ip_proto, 6);
	}
}

static void
conversations_have_one_name_in_all_their_events(void **state)
{
	struct input_rig *r = *state;
	char flow[512];
	uint64_t id;

	assert_int_equal(
		input_rig_line(
			r, EVE_BEGIN("http", "TCP") "\"dest_port\":80,\"http\":{\"url\":\"/\"}}"),
		1);
	assert_string_equal(r->s.items[0].talk.uid.text, "473137238296542");
	id = r->s.items[0].talk.id;
	assert_int_equal(
		input_rig_line(r, EVE_BEGIN("flow", "TCP") "\"dest_port\":80," FLOW "}"), 1);
	assert_int_equal(r->s.items[0].flow.id, id);
	assert_string_equal(r->s.items[0].flow.uid.text, "473137238296542");
	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("http",
				"TCP") "\"dest_port\":80,\"http\":{\"url\":\"/\"}" EVE_OURS "}}"),
		1);
	assert_string_equal(r->s.items[0].talk.uid.text, EVE_OUR_UID);
	assert_int_not_equal(r->s.items[0].talk.id, id);
	(void)snprintf(flow, sizeof(flow),
		"{\"timestamp\":\"2021-06-06T16:17:41Z\",\"event_type\":\"flow\"," FLOW "}");
	assert_int_equal(input_rig_line(r, flow), 1);
	assert_int_equal(strlen(r->s.items[0].flow.uid.text), 18);
	assert_int_not_equal(r->s.items[0].flow.id, 0);
}

static void
texts_without_room_are_cut_and_counted(void **state)
{
	struct input_rig *r = *state;
	size_t long_text = (size_t)2 * INPUT_TEXT_MAX;
	char *line = malloc(long_text + 1024);

	assert_non_null(line);
	size_t length =
		(size_t)snprintf(line, 1024, EVE_BEGIN("http", "TCP") "\"http\":{\"url\":\"");
	memset(line + length, 'a', long_text);
	(void)snprintf(line + length + long_text, 64, "\",\"http_method\":\"GET\"}}");
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, OBS_HTTP);
	assert_true(r->s.cut_texts > 0);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			events_that_nobody_follows_are_passed_over, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_event_may_say_last_what_it_is, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(what_is_no_event_is_bad, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_line_cut_anywhere_is_bad_or_says_less, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(escapes_are_undone, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			null_is_nothing_that_was_said, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			strange_keys_cost_time_but_change_nothing, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			conversations_have_one_name_in_all_their_events, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			texts_without_room_are_cut_and_counted, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
