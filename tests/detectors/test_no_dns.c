#include "tests/support/name_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_no_dns;

static struct addr stranger; /* 212.95.153.36 */

/* A host that has had three answers. */
static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_no_dns);
	for (uint8_t i = 1; i <= 3; i++)
		rig_name_is(&rig, "www.example.com", addr_v4(203, 0, 113, i));
	stranger = addr_v4(212, 95, 153, 36);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_flow
conversation(struct addr resp)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 453,
		.ip_proto = IPPROTO_TCP,
		.history = "ShADad",
		.established = true,
	};
}

/* What is said of a conversation, once the time for an answer has passed. */
static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_END, &f);
	rig_tick(r, r->now_ns + 15 * NS_PER_S);
	return r->raised_count - before;
}

static void
a_peer_that_no_answer_named_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(stranger)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "CONNECTION_WITHOUT_DNS");
	assert_string_equal(e->kind->technique, "T1071");
	assert_int_equal(e->kind->signature_id, 5200100);
	assert_int_equal(e->kind->aspect, ASPECT_NAME);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &stranger));
	assert_int_equal(e->port, 453);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "212.95.153.36");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"connected to 212.95.153.36 port 453/tcp, which no answer of DNS had named");
}

static void
who_was_resolved_for_anybody_is_known(void **state)
{
	struct rig *r = *state;

	rig_resolve(r, stranger);
	assert_int_equal(reports(r, conversation(stranger)), 0);
	assert_int_equal(r->deadline_count, 0);
}

static void
an_answer_is_forgotten_after_a_day(void **state)
{
	struct rig *r = *state;

	rig_resolve(r, stranger);
	rig_tick(r, r->now_ns + SITE_NAME_VALID_NS - 1);
	assert_int_equal(reports(r, conversation(stranger)), 0);
	rig_tick(r, r->now_ns + NS_PER_S);
	assert_int_equal(reports(r, conversation(stranger)), 1);
}

static void
an_answer_within_fifteen_seconds_excuses(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	rig_flow(r, OBS_FLOW_END, &f);
	rig_tick(r, r->now_ns + 15 * NS_PER_S - 1);
	assert_int_equal(r->raised_count, 0);
	rig_resolve(r, stranger);
	rig_tick(r, r->now_ns + NS_PER_S);
	assert_int_equal(r->raised_count, 0);
}

static void
fifteen_seconds_count_from_the_beginning(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	f.start_ns = r->now_ns;
	f.last_ns = f.start_ns + 15 * NS_PER_S - 1;
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 0);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 1);
	f.resp = addr_v4(212, 95, 153, 37);
	f.last_ns = f.start_ns + 15 * NS_PER_S;
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 2); /* at once */
	assert_int_equal(r->deadline_count, 0);
}

static void
nobody_is_accused_when_the_wait_is_cut_short(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->deadline_count, 1);
	rig_window_next(r);
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	assert_int_equal(r->raised_count, 0);
}

static void
one_deadline_serves_all_that_are_waited_for(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	for (uint8_t i = 0; i < 3; i++) {
		f.resp = addr_v4(212, 95, 153, i);
		rig_flow(r, OBS_FLOW_END, &f);
		assert_int_equal(r->deadline_count, 1);
		rig_tick(r, r->now_ns + 4 * NS_PER_S);
	}
	rig_tick(r, r->now_ns + 3 * NS_PER_S); /* 15 s after the first */
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(r->deadline_count, 1);
	rig_tick(r, r->now_ns + 4 * NS_PER_S);
	assert_int_equal(r->raised_count, 2);
	rig_tick(r, r->now_ns + 4 * NS_PER_S - 1);
	assert_int_equal(r->raised_count, 2);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 3);
	assert_string_equal(rig_last(r)->object, "212.95.153.2");
	assert_int_equal(r->deadline_count, 0);
}

static void
a_later_one_may_be_due_first(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);
	uint64_t began_ns = r->now_ns + 1;

	rig_tick(r, began_ns + 10 * NS_PER_S);
	rig_flow(r, OBS_FLOW_END, &f); /* due 15 s from now */
	f.resp = addr_v4(212, 95, 153, 37);
	f.start_ns = began_ns;
	f.last_ns = r->now_ns;
	rig_flow(r, OBS_FLOW_END, &f); /* due in 5 s, and asked for with the first */
	rig_tick(r, r->now_ns + 15 * NS_PER_S - 1);
	assert_int_equal(r->raised_count, 0);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 2);
}

static void
sixteen_are_waited_for_at_once(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	for (uint8_t i = 0; i < 17; i++) {
		f.resp = addr_v4(212, 95, 153, i);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	rig_tick(r, r->now_ns + 15 * NS_PER_S);
	assert_int_equal(r->raised_count, 16);
	assert_int_equal(reports(r, f), 1); /* the one that had no room, when it comes again */
}

static void
a_peer_is_told_once_a_window(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(stranger)), 1);
	assert_int_equal(reports(r, conversation(stranger)), 0);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(stranger)), 1);
}

static void
who_hears_few_answers_is_not_judged(void **state)
{
	struct rig *r = *state;

	rig_done(r);
	rig_open(r, &detector_no_dns);
	rig_name_is(r, "a.example.com", addr_v4(203, 0, 113, 1));
	rig_name_is(r, "b.example.com", addr_v4(203, 0, 113, 2));
	assert_int_equal(reports(r, conversation(stranger)), 0);
	rig_name_is(r, "c.example.com", addr_v4(203, 0, 113, 3));
	assert_int_equal(reports(r, conversation(stranger)), 1);
}

static void
answers_must_have_come_before_the_conversation(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	rig_done(r);
	rig_open(r, &detector_no_dns);
	f.start_ns = r->now_ns;
	rig_tick(r, r->now_ns + 1);
	for (uint8_t i = 1; i <= 3; i++)
		rig_name_is(r, "www.example.com", addr_v4(203, 0, 113, i));
	f.last_ns = r->now_ns;
	assert_int_equal(reports(r, f), 0);
	f.start_ns++;
	assert_int_equal(reports(r, f), 1);
}

static void
only_answers_of_servers_with_addresses_count(void **state)
{
	struct rig *r = *state;
	const struct dns_answer own = { .addr = addr_v4(10, 0, 0, 9), .name = "printer.local" };
	const struct dns_answer other = { .addr = addr_v4(10, 0, 0, 9) };

	rig_done(r);
	rig_open(r, &detector_no_dns);
	for (int i = 0; i < 5; i++) {
		rig_name_fails(r, "www.example.com");
		rig_dns(r, &(struct obs_dns){ .query = "x", .answers = &own, .answer_count = 1 });
		rig_dns(r, &(struct obs_dns){ .query = "x",
				   .server = addr_v4(224, 0, 0, 251),
				   .answers = &other,
				   .answer_count = 1 });
		rig_dns(r, &(struct obs_dns){ .query = "x",
				   .client = addr_v4(224, 0, 0, 251),
				   .answers = &other,
				   .answer_count = 1 });
		rig_dns(r, &(struct obs_dns){ .query = "x",
				   .rcode = TRANSACTION_UNSET,
				   .answers = &other,
				   .answer_count = 1 });
	}
	assert_int_equal(reports(r, conversation(stranger)), 0);
}

static void
only_conversations_that_were_seen_from_their_beginning_are_looked_at(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	f.established = false;
	assert_int_equal(reports(r, f), 0);
	f = conversation(stranger);
	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 0);
	f = conversation(stranger);
	f.history = "DadA";
	assert_int_equal(reports(r, f), 0);
	f.history = "";
	assert_int_equal(reports(r, f), 0);
	f = conversation(stranger);
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->deadline_count, 0);
	assert_int_equal(reports(r, conversation(stranger)), 1);
}

static void
neighbours_and_services_that_are_set_by_address_are_left_out(void **state)
{
	static const uint16_t ports[] = { 53, 123, 500, 853, 1194, 1701, 1723, 4460, 4500 };
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		f.resp_port = ports[i];
		assert_int_equal(reports(r, f), 0);
	}
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 9))), 0);
	struct cidr ours = { .base = addr_v4(212, 95, 153, 0), .prefix_len = 120 };
	site_add_local(r->site, &ours);
	assert_int_equal(reports(r, conversation(stranger)), 0);
}

static void
who_resolves_elsewhere_is_not_judged_for_a_day(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(stranger);

	detect_mark(&r->call, MARK_RESOLVES_ELSEWHERE);
	assert_int_equal(reports(r, f), 0);
	uint64_t last_ns = r->now_ns - 15 * NS_PER_S;
	rig_window_next(r); /* the mark is gone, the memory is not */
	assert_int_equal(reports(r, f), 0);
	rig_tick(r, last_ns + SITE_NAME_VALID_NS - 1);
	assert_int_equal(reports(r, f), 0);
	rig_tick(r, last_ns + SITE_NAME_VALID_NS + 15 * NS_PER_S);
	assert_int_equal(reports(r, f), 1);
}

static void
a_mark_that_comes_while_waiting_counts(void **state)
{
	struct rig *r = *state;
	static const enum window_mark marks[] = { MARK_RESOLVES_ELSEWHERE, MARK_PORT_SCANNER,
		MARK_PEER_TO_PEER };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct obs_flow f = conversation(stranger);
		rig_flow(r, OBS_FLOW_END, &f);
		assert_int_equal(r->deadline_count, 1);
		detect_mark(&r->call, marks[i]);
		rig_tick(r, r->now_ns + 15 * NS_PER_S);
		assert_int_equal(r->raised_count, 0);
		rig_window_next(r);
	}
}

static void
a_full_arena_is_quiet(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = r->memory.used_bytes;
	assert_int_equal(reports(r, conversation(stranger)), 0);
	assert_true(r->memory.refused > 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_answers", 0));
	assert_true(rig_setting_takes(r, "min_answers", 1000));
	assert_false(rig_setting_takes(r, "min_answers", 1001));
	assert_false(rig_setting_takes(r, "wait", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "wait", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "wait", 3600 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_peer_that_no_answer_named_is_told),
		TEST(who_was_resolved_for_anybody_is_known),
		TEST(an_answer_is_forgotten_after_a_day),
		TEST(an_answer_within_fifteen_seconds_excuses),
		TEST(fifteen_seconds_count_from_the_beginning),
		TEST(nobody_is_accused_when_the_wait_is_cut_short),
		TEST(one_deadline_serves_all_that_are_waited_for),
		TEST(a_later_one_may_be_due_first),
		TEST(sixteen_are_waited_for_at_once),
		TEST(a_peer_is_told_once_a_window),
		TEST(who_hears_few_answers_is_not_judged),
		TEST(answers_must_have_come_before_the_conversation),
		TEST(only_answers_of_servers_with_addresses_count),
		TEST(only_conversations_that_were_seen_from_their_beginning_are_looked_at),
		TEST(neighbours_and_services_that_are_set_by_address_are_left_out),
		TEST(who_resolves_elsewhere_is_not_judged_for_a_day),
		TEST(a_mark_that_comes_while_waiting_counts),
		TEST(a_full_arena_is_quiet),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
