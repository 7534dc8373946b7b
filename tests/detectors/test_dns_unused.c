#include "tests/support/name_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_dns_unused;

enum { A = 1, AAAA = 28 };

#define WAIT_NS (1800 * NS_PER_S)

static struct addr place;     /* where www.example.com is */
static struct addr elsewhere; /* another host of the Internet */

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dns_unused);
	place = addr_v4(203, 0, 113, 1);
	elsewhere = addr_v4(198, 51, 100, 1);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static void
resolve_all(struct rig *r, const char *name, const struct dns_answer *answers, size_t count)
{
	rig_dns(r, &(struct obs_dns){ .query = name,
			   .query_type = addr_is_v4(&answers[0].addr) ? A : AAAA,
			   .answers = answers,
			   .answer_count = count });
}

static void
resolve(struct rig *r, const char *name, struct addr a)
{
	resolve_all(r, name, &(struct dns_answer){ .addr = a }, 1);
}

static void
go(struct rig *r, struct addr to)
{
	rig_flow(r, OBS_FLOW_START,
		&(struct obs_flow){ .resp = to, .resp_port = 443, .ip_proto = IPPROTO_TCP });
}

/* What is said once the wait is over, of a host that went elsewhere meanwhile. */
static size_t
reports(struct rig *r)
{
	size_t before = r->raised_count;

	rig_tick(r, r->now_ns + 1);
	go(r, elsewhere);
	rig_tick(r, r->now_ns + WAIT_NS);
	return r->raised_count - before;
}

static void
a_name_that_nobody_uses_is_told(void **state)
{
	struct rig *r = *state;

	resolve(r, "www.example.com", place);
	rig_tick(r, r->now_ns + 1);
	go(r, elsewhere);
	rig_tick(r, r->now_ns + WAIT_NS - 2);
	assert_int_equal(r->raised_count, 0);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DNS_WITHOUT_CONNECTION");
	assert_string_equal(e->kind->technique, "T1568");
	assert_int_equal(e->kind->signature_id, 5200108);
	assert_string_equal(e->kind->unit, "names");
	assert_int_equal(e->kind->aspect, ASPECT_NONE);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(53).text);
	assert_string_equal(e->object, "www.example.com");
	assert_string_equal(e->text, "resolved www.example.com and did not go there within 30 min");
}

static void
who_goes_there_uses_it(void **state)
{
	static const enum obs_kind kinds[] = { OBS_FLOW_START, OBS_FLOW_INTERIM, OBS_FLOW_END };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		resolve(r, "www.example.com", place);
		rig_flow(r, kinds[i], &(struct obs_flow){ .resp = place, .resp_port = 123 });
		assert_int_equal(reports(r), 0);
		rig_window_next(r);
	}
}

static void
any_of_eight_addresses_will_do(void **state)
{
	struct rig *r = *state;
	struct dns_answer answers[9];

	for (uint8_t i = 0; i < 9; i++)
		answers[i] = (struct dns_answer){ .addr = addr_v4(203, 0, 113, i) };
	for (uint8_t i = 0; i < 8; i++) {
		resolve_all(r, "www.example.com", answers, 8);
		go(r, answers[i].addr);
		assert_int_equal(reports(r), 0);
		rig_window_next(r);
	}
	resolve_all(r, "www.example.com", answers, 9); /* not all can be watched */
	assert_int_equal(r->deadline_count, 0);
	assert_int_equal(reports(r), 0);
	resolve_all(r, "www.example.com", answers, 8);
	assert_int_equal(reports(r), 1);
}

static void
later_answers_add_their_addresses(void **state)
{
	struct rig *r = *state;

	resolve(r, "www.example.com", place);
	for (uint8_t i = 2; i <= 8; i++) {
		resolve(r, "www.example.com", addr_v4(203, 0, 113, i));
		resolve(r, "WWW.example.com.", place); /* was known */
	}
	go(r, addr_v4(203, 0, 113, 8));
	assert_int_equal(reports(r), 0);
	rig_window_next(r);
	for (uint8_t i = 1; i <= 9; i++)
		resolve(r, "www.example.com", addr_v4(203, 0, 113, i));
	assert_int_equal(reports(r), 0); /* nine are too many */
}

static void
the_wait_counts_from_the_first_answer(void **state)
{
	struct rig *r = *state;

	resolve(r, "www.example.com", place);
	rig_tick(r, r->now_ns + WAIT_NS - 1);
	go(r, elsewhere);
	resolve(r, "www.example.com", place);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 1);
}

static void
names_with_addresses_of_both_families_are_not_judged(void **state)
{
	struct rig *r = *state;
	const struct addr six = { .byte = { 0x20, 1, 0x0d, 0xb8, [15] = 1 } };
	const struct dns_answer both[] = { { .addr = place }, { .addr = six } };

	resolve(r, "www.example.com", place);
	resolve(r, "www.example.com", six);
	assert_int_equal(reports(r), 0);
	resolve(r, "www.example.com", six);
	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 0);
	resolve_all(r, "www.example.com", both, 2);
	assert_int_equal(reports(r), 0);
	resolve(r, "www.example.com", six);
	assert_int_equal(reports(r), 1);
}

static void
a_name_is_told_once_a_window(void **state)
{
	struct rig *r = *state;

	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 1);
	go(r, place); /* too late */
	resolve(r, "www.example.com", place);
	resolve(r, "www.example.com", (struct addr){ .byte = { 0x20, 1 } });
	resolve(r, "www.example.com", place);
	assert_int_equal(r->deadline_count, 0);
	resolve(r, "www.example.net", place);
	assert_int_equal(r->deadline_count, 1);
	rig_window_next(r);
	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 1);
	assert_string_equal(rig_last(r)->object, "www.example.com");
	assert_int_equal(rig_last(r)->observed, 1);
}

static void
nobody_is_accused_when_the_wait_is_cut_short(void **state)
{
	struct rig *r = *state;

	resolve(r, "www.example.com", place);
	resolve(r, "www.example.net", place);
	rig_window_next(r);
	assert_int_equal(r->raised_count, 0);
	rig_tick(r, r->now_ns + 1);
	go(r, elsewhere);
	rig_tick(r, r->now_ns + WAIT_NS);
	assert_int_equal(r->raised_count, 0);
	char name[] = "a.example.com";
	for (int i = 0; i < 16; i++, name[0]++) /* both have left their places */
		resolve(r, name, place);
	assert_int_equal(reports(r), 16);
}

static void
one_deadline_serves_all_names_of_a_window(void **state)
{
	struct rig *r = *state;

	resolve(r, "a.example.com", place);
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	resolve(r, "b.example.com", place);
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	resolve(r, "c.example.com", place);
	assert_int_equal(r->deadline_count, 1);
	rig_tick(r, r->now_ns + 1);
	go(r, elsewhere);
	rig_tick(r, r->now_ns - 1 + WAIT_NS - 120 * NS_PER_S);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(r->deadline_count, 1);
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	assert_int_equal(r->raised_count, 2);
	assert_int_equal(rig_last(r)->observed, 2);
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	assert_int_equal(r->raised_count, 3);
	assert_string_equal(rig_last(r)->object, "c.example.com");
	assert_int_equal(r->deadline_count, 0);
}

static void
without_a_deadline_nothing_is_watched(void **state)
{
	struct rig *r = *state;

	r->deadline_max = 0;
	resolve(r, "www.example.com", place);
	assert_int_equal(r->deadlines_refused, 1);
	r->deadline_max = RIG_DEADLINES_MAX;
	resolve(r, "www.example.net", place);
	assert_int_equal(reports(r), 1);
	assert_string_equal(rig_last(r)->object, "www.example.net");
}

static void
sixteen_names_are_watched_at_once(void **state)
{
	struct rig *r = *state;
	char name[] = "a.example.com";

	for (int i = 0; i < 17; i++, name[0]++)
		resolve(r, name, addr_v4(203, 0, 113, (uint8_t)(1 + i)));
	size_t used = r->profile_memory.used_bytes;
	assert_int_equal(reports(r), 16);
	assert_string_equal(rig_last(r)->object, "p.example.com");
	rig_window_next(r);
	for (int i = 0; i < 20; i++) { /* who is used gives its place to the next */
		resolve(r, "www.example.net", place);
		go(r, place);
	}
	for (int i = 0; i < 17; i++, name[0]--)
		resolve(r, name, place);
	assert_int_equal(r->profile_memory.used_bytes, used);
	go(r, place);
	assert_int_equal(reports(r), 0);
}

static void
who_is_not_heard_to_talk_is_not_judged(void **state)
{
	struct rig *r = *state;

	go(r, elsewhere); /* before */
	resolve(r, "www.example.com", place);
	go(r, addr_v4(10, 0, 0, 9)); /* a neighbour */
	rig_tick(r, r->now_ns + 1);
	rig_flow(r, OBS_FLOW_START, &(struct obs_flow){ .resp = elsewhere, .resp_port = 53 });
	rig_flow_as_server(r, OBS_FLOW_END, &(struct obs_flow){ .resp = elsewhere });
	rig_tick(r, r->now_ns + WAIT_NS);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(r->deadline_count, 0);
	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 1);
}

static void
resolvers_ask_for_others(void **state)
{
	struct rig *r = *state;
	const struct dns_answer answer = { .addr = elsewhere };
	struct obs_dns dns = { .query = "example.net",
		.client = addr_v4(10, 0, 0, 9),
		.server = r->host,
		.rcode = TRANSACTION_UNSET,
		.answers = &answer,
		.answer_count = 1 };

	rig_dns(r, &dns); /* it did not answer */
	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 1);
	rig_window_next(r);
	dns.rcode = 0;
	rig_dns(r, &dns);
	resolve(r, "www.example.org", place);
	assert_int_equal(reports(r), 0);
	for (uint8_t i = 100; i < 162; i++) {
		dns.server = addr_v4(10, 0, 0, i);
		rig_dns(r, &dns);
		rig_dns(r, &dns);                 /* is known */
		dns.server = addr_v4(8, 8, 8, i); /* is nobody whose names we would watch */
		rig_dns(r, &dns);
	}
	rig_window_next(r);
	resolve(r, "www.example.org", place);
	assert_int_equal(reports(r), 0);
	dns.server = addr_v4(10, 0, 0, 99); /* with 10.0.0.53 it is the 65th: the first make room */
	rig_dns(r, &dns);
	rig_window_next(r);
	resolve(r, "www.example.org", place);
	assert_int_equal(reports(r), 1);
}

static void
names_that_lead_nowhere_are_not_watched(void **state)
{
	static const char *const names[] = { "7.113.0.203.in-addr.arpa", "printer.local",
		"intranet", "com", "1.2.3.origin.asn.cymru.com", "dns.msftncsi.com",
		"wpad.example.com", "WPAD.example.com" };
	struct rig *r = *state;
	const struct dns_answer blocked[] = { { .addr = place },
		{ .addr = addr_v4(127, 0, 0, 1) } };
	const struct dns_answer at_all[] = { { .addr = place }, { .addr = addr_v4(0, 0, 0, 0) } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		resolve(r, names[i], place);
	resolve_all(r, "ads.example.com", blocked, 2);
	resolve(r, "ads.example.com", (struct addr){ 0 });
	resolve_all(r, "ads.example.com", at_all, 2);
	assert_int_equal(r->deadline_count, 0);
	resolve(r, "wpadding.example.com", place);
	assert_int_equal(reports(r), 1);
	resolve(r, "2.0.0.127.zen.example.org", addr_v4(127, 0, 0, 2)); /* of a block list */
	assert_int_equal(reports(r), 1);
}

static void
only_answers_of_servers_to_questions_for_addresses_count(void **state)
{
	struct rig *r = *state;
	const struct dns_answer answer = { .addr = place };
	const struct dns_answer own = { .addr = place, .name = "www.example.com" };
	const struct obs_dns good = {
		.query = "www.example.com", .query_type = A, .answers = &answer, .answer_count = 1
	};
	struct obs_dns dns = good;

	dns.query_type = 65;
	rig_dns(r, &dns);
	dns.query_type = TRANSACTION_UNSET;
	rig_dns(r, &dns);
	dns = good;
	dns.rcode = 3;
	rig_dns(r, &dns);
	dns.rcode = TRANSACTION_UNSET;
	rig_dns(r, &dns);
	dns = good;
	dns.answer_count = 0;
	rig_dns(r, &dns);
	dns = good;
	dns.answers = &own;
	rig_dns(r, &dns);
	dns = good;
	dns.query = NULL;
	rig_dns(r, &dns);
	assert_int_equal(r->deadline_count, 0);
	rig_dns(r, &good);
	assert_int_equal(r->deadline_count, 1);
	rig_observe(r, &(struct observation){ .kind = OBS_DNS,
			       .role = ROLE_SERVER,
			       .ts_ns = r->now_ns,
			       .dns = &(struct obs_dns){ .query = "b.example.com",
				       .query_type = A,
				       .answers = &answer,
				       .answer_count = 1 } });
	assert_int_equal(reports(r), 1);
}

static void
a_log_may_know_no_conversation(void **state)
{
	struct rig *r = *state;

	rig_observe(r, &(struct observation){ .kind = OBS_DNS,
			       .ts_ns = r->now_ns,
			       .dns = &(struct obs_dns){ .client = r->host,
				       .server = addr_v4(10, 0, 0, 53),
				       .query = "b.example.com",
				       .query_type = A,
				       .answers = &(struct dns_answer){ .addr = place },
				       .answer_count = 1 } });
	assert_int_equal(reports(r), 1);
	assert_int_equal(rig_last(r)->uid_count, 0);
}

static void
of_a_long_name_its_end_is_told(void **state)
{
	struct rig *r = *state;
	char name[128];

	(void)snprintf(name, sizeof(name), "%060d.example.com", 1);
	resolve(r, name, place);
	assert_int_equal(reports(r), 1);
	assert_int_equal(strlen(rig_last(r)->object), EVIDENCE_OBJECT_MAX);
	assert_memory_equal(rig_last(r)->object, "...0000", 7);
	(void)snprintf(name, sizeof(name), "%053d.example.com.", 1); /* just short enough */
	assert_int_equal(strlen(name), EVIDENCE_OBJECT_MAX + 2);
	resolve(r, name + 1, place);
	assert_int_equal(reports(r), 1);
	assert_memory_equal(rig_last(r)->object, name + 1, EVIDENCE_OBJECT_MAX);
}

static void
a_full_arena_is_quiet(void **state)
{
	struct rig *r = *state;

	go(r, elsewhere); /* what it always has is made */
	r->profile_memory.cap_bytes = r->profile_memory.used_bytes;
	resolve(r, "www.example.com", place);
	assert_int_equal(reports(r), 0);
	assert_true(r->profile_memory.refused > 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "wait", 60 * NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "wait", 60 * NS_PER_S));
	assert_true(rig_setting_takes(r, "wait", 86400 * NS_PER_S));
	assert_false(rig_setting_takes(r, "wait", 86400 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_name_that_nobody_uses_is_told),
		TEST(who_goes_there_uses_it),
		TEST(any_of_eight_addresses_will_do),
		TEST(later_answers_add_their_addresses),
		TEST(the_wait_counts_from_the_first_answer),
		TEST(names_with_addresses_of_both_families_are_not_judged),
		TEST(a_name_is_told_once_a_window),
		TEST(nobody_is_accused_when_the_wait_is_cut_short),
		TEST(one_deadline_serves_all_names_of_a_window),
		TEST(without_a_deadline_nothing_is_watched),
		TEST(sixteen_names_are_watched_at_once),
		TEST(who_is_not_heard_to_talk_is_not_judged),
		TEST(resolvers_ask_for_others),
		TEST(names_that_lead_nowhere_are_not_watched),
		TEST(only_answers_of_servers_to_questions_for_addresses_count),
		TEST(a_log_may_know_no_conversation),
		TEST(of_a_long_name_its_end_is_told),
		TEST(a_full_arena_is_quiet),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
