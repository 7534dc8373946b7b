#include "ctl/case_live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena memory;

static int
begin(void **state)
{
	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_done(&memory);
	return 0;
}

static size_t
rows_of(const char *json, const struct source_evidence **ret)
{
	json_t *data = json_loads(json, 0, NULL);

	assert_non_null(data);
	size_t count = case_live_evidence(data, &memory, ret);
	json_decref(data);
	return count;
}

static void
an_event_has_all_that_a_finding_of_a_run_has(void **state)
{
	static const char event[] =
		"{\"events\": [{\"timestamp\": \"2026-12-01T00:00:00.000000+0000\", \"src_ip\": \"10.0.0.1\","
		" \"dest_ip\": \"10.0.0.2\", \"dest_port\": 23, \"proto\": \"TCP\","
		" \"alert\": {\"signature\": \"A scan\", \"metadata\": {\"unit\": [\"hosts\"], \"uids\": [\"C1\", \"C2\"]}},"
		" \"naiad\": {\"kind\": \"evidence\", \"id\": \"ab\", \"type\": \"A_SCAN\", \"detector\": \"scan\", \"profile\": \"10.0.0.1\","
		" \"role\": \"attacker\", \"text\": \"scanned\", \"threat_level\": \"high\", \"confidence\": 0.5,"
		" \"decisive\": true, \"counted\": true, \"sum\": 1.5, \"observed\": 12, \"threshold\": 10,"
		" \"source\": \"list\", \"silenced_by\": {\"rule\": \"r\"}, \"window\": {\"number\": 3},"
		" \"attack\": {\"technique\": \"T1046\"}}}]}";
	const struct source_evidence *e = NULL;

	(void)state;
	assert_int_equal(rows_of(event, &e), 1);
	assert_string_equal(e->id, "ab");
	assert_string_equal(e->window.host, "10.0.0.1");
	assert_int_equal(e->window.number, 3);
	assert_true(e->ts_ns == UINT64_C(1796083200000000000));
	assert_string_equal(e->kind, "A_SCAN");
	assert_string_equal(e->title, "A scan");
	assert_string_equal(e->threat, "high");
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_string_equal(e->text, "scanned");
	assert_string_equal(e->about, "10.0.0.2");
	assert_string_equal(e->port, "23/TCP");
	assert_string_equal(e->technique, "T1046");
	assert_string_equal(e->detector, "scan");
	assert_string_equal(e->role, "attacker");
	assert_string_equal(e->source, "list");
	assert_string_equal(e->silenced_by, "r");
	assert_string_equal(e->unit, "hosts");
	assert_int_equal(e->observed, 12);
	assert_int_equal(e->threshold, 10);
	assert_true(e->counted && e->decisive);
	assert_float_equal(e->sum, 1.5, 1e-9);
	assert_int_equal(e->uid_count, 2);
	assert_string_equal(e->uids[1], "C2");
}

static void
of_a_victim_the_other_party_is_who_called(void **state)
{
	const struct source_evidence *e = NULL;

	(void)state;
	assert_int_equal(
		rows_of("{\"events\": [{\"src_ip\": \"10.0.0.9\", \"dest_ip\": \"10.0.0.1\","
			" \"naiad\": {\"kind\": \"evidence\", \"profile\": \"10.0.0.1\", \"role\": \"victim\"}}]}",
			&e),
		1);
	assert_string_equal(e->about, "10.0.0.9");
	assert_string_equal(e->port, "");
}

static void
what_is_missing_is_not_known_and_what_is_odd_left_out(void **state)
{
	const struct source_evidence *e = NULL;

	(void)state;
	assert_int_equal(rows_of("{}", &e), 0);
	assert_int_equal(rows_of("{\"events\": 7}", &e), 0);
	assert_int_equal(rows_of("{\"events\": [null, 3, {\"naiad\": {\"kind\": \"alert\"}},"
				 " {\"naiad\": {\"kind\": \"evidence\"}, \"alert\": \"x\"}]}",
				 &e),
		1);
	assert_string_equal(e->id, "");
	assert_string_equal(e->about, "");
	assert_string_equal(e->unit, "");
	assert_int_equal(e->uid_count, 0);
	assert_true(e->sum < 0);
}

#define FINDING(id, sum)                                                                      \
	"{\"naiad\": {\"kind\": \"evidence\", \"id\": \"" id "\", \"profile\": \"10.0.0.1\"," \
	" \"threat_level\": \"high\", \"confidence\": 1, \"counted\": true, \"sum\": " sum "}}"

static void
an_alert_has_its_steps_where_all_of_its_findings_are_kept(void **state)
{
	static const char findings[] =
		"{\"events\": [" FINDING("one", "0.8") ", " FINDING("two", "1.6") "]}";
	static const char answer[] =
		"{\"events\": [{\"naiad\": {\"kind\": \"evidence\"}},"
		" {\"timestamp\": \"2026-12-01T00:00:00.000000+0000\","
		" \"alert\": {\"metadata\": {\"evidence_id\": [\"one\", \"two\"]}},"
		" \"naiad\": {\"kind\": \"alert\", \"id\": \"al\", \"profile\": \"10.0.0.1\", \"reason\": \"it\","
		" \"highest_threat_level\": \"high\", \"sum\": 1.6, \"threshold\": 1.5, \"evidence_count\": 2,"
		" \"window\": {\"number\": 3}}}]}";
	json_t *data = json_loads(answer, 0, NULL);
	const struct source_evidence *rows = NULL;
	const struct case_alert *a = NULL;

	(void)state;
	assert_int_equal(rows_of(findings, &rows), 2);
	assert_int_equal(case_live_alerts(data, rows, 2, &memory, &a), 1);
	assert_string_equal(a->alert.id, "al");
	assert_string_equal(a->alert.window.host, "10.0.0.1");
	assert_int_equal(a->alert.window.number, 3);
	assert_int_equal(a->alert.evidence_total, 2);
	assert_int_equal(a->step_count, 2);
	assert_string_equal(a->steps[1].id, "two");
	assert_float_equal(a->steps[1].added, 0.8, 1e-9);
	assert_float_equal(a->steps[1].sum, 1.6, 1e-9);
	assert_int_equal(case_live_alerts(data, rows, 1, &memory, &a), 1);
	assert_int_equal(a->step_count, 0);
	json_decref(data);
	assert_int_equal(case_live_alerts(NULL, rows, 2, &memory, &a), 0);
}

static void
cards_have_what_those_of_a_run_have(void **state)
{
	json_t *data = json_loads(
		"{\"devices\": [{\"mac\": \"02:00:00:00:00:01\", \"vendor\": \"Somebody\", \"router\": true,"
		" \"first_seen\": \"2026-12-01T00:00:00.000000Z\", \"last_seen\": \"2026-12-01T00:00:01.000000Z\","
		" \"addresses\": [{\"address\": \"10.0.0.1\"}, {\"address\": \"fe80::1\"}],"
		" \"names\": [{\"name\": \"pc\"}]}, 7]}",
		0, NULL);
	const struct source_device *d = NULL;

	(void)state;
	assert_int_equal(case_live_devices(data, &memory, &d), 2);
	assert_string_equal(d[0].mac, "02:00:00:00:00:01");
	assert_string_equal(d[0].vendor, "Somebody");
	assert_true(d[0].is_router);
	assert_true(d[0].first_ns == UINT64_C(1796083200000000000));
	assert_true(d[0].last_ns == UINT64_C(1796083201000000000));
	assert_string_equal(d[0].addresses, "10.0.0.1, fe80::1");
	assert_string_equal(d[0].names, "pc");
	assert_string_equal(d[1].mac, "");
	assert_string_equal(d[1].names, "");
	json_decref(data);
	assert_int_equal(case_live_devices(NULL, &memory, &d), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			an_event_has_all_that_a_finding_of_a_run_has, begin, end),
		cmocka_unit_test_setup_teardown(
			of_a_victim_the_other_party_is_who_called, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_missing_is_not_known_and_what_is_odd_left_out, begin, end),
		cmocka_unit_test_setup_teardown(
			an_alert_has_its_steps_where_all_of_its_findings_are_kept, begin, end),
		cmocka_unit_test_setup_teardown(cards_have_what_those_of_a_run_have, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
