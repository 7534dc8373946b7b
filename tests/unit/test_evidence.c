#include "daemon/evidence/evidence.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct evidence_kind scan = { .name = "SCAN", .technique = "", .may_convict = true };
static const struct evidence_kind probe = { .name = "PROBE", .technique = "" };

static const struct evidence_rule ours = { .rule = ALERT_RULE_NAIAD, .threshold = 3.0 };
static const struct evidence_rule slips = { .rule = ALERT_RULE_SLIPS, .threshold = 15.0 };

struct ledger {
	struct evidence_ledger l;
	struct arena memory;
	unsigned raised;
};

static void
ledger_init(struct ledger *t)
{
	memset(t, 0, sizeof(*t));
	arena_init(&t->memory, (size_t)1024 * 1024, NULL);
}

static struct record_evidence
finding(const struct evidence_kind *kind, uint16_t port, double confidence)
{
	return (struct record_evidence){ .kind = kind,
		.threat = THREAT_HIGH,
		.confidence = confidence,
		.port = port,
		.ip_proto = 6,
		.text = "did it",
		.object = "" };
}

static enum evidence_verdict
weigh(struct ledger *t, const struct evidence_rule *rule, struct record_evidence r)
{
	memcpy(r.id, "id-000", sizeof("id-000"));
	r.id[3] = (char)('0' + t->raised / 100 % 10);
	r.id[4] = (char)('0' + t->raised / 10 % 10);
	r.id[5] = (char)('0' + t->raised % 10);
	t->raised++;
	return evidence_weigh(&t->l, &t->memory, rule, &r);
}

static void
a_port_counts_once_at_its_highest(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	assert_int_equal(weigh(&t, &ours, finding(&scan, 23, .5)), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .4, 1e-9);
	assert_int_equal(weigh(&t, &ours, finding(&scan, 23, .5)), EVIDENCE_NOTED);
	assert_int_equal(weigh(&t, &ours, finding(&scan, 23, 1)), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .8, 1e-9);
	assert_int_equal(weigh(&t, &ours, finding(&scan, 23, .2)), EVIDENCE_NOTED);
	assert_float_equal(t.l.sum, .8, 1e-9);
	assert_int_equal(t.l.count, 4); /* all are kept */
	arena_done(&t.memory);
}

static void
ports_protocols_kinds_and_parties_are_subjects_of_their_own(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	weigh(&t, &ours, finding(&scan, 23, .5));
	weigh(&t, &ours, finding(&scan, 24, .5));
	struct record_evidence udp = finding(&scan, 23, .5);
	udp.ip_proto = 17;
	weigh(&t, &ours, udp);
	weigh(&t, &ours, finding(&probe, 23, .5));
	assert_float_equal(t.l.sum, 1.6, 1e-9);

	/* With another party, the party is the subject and the port is not. */
	struct record_evidence about = finding(&scan, 23, .5);
	about.has_about = true;
	about.about = addr_v4(10, 0, 0, 1);
	weigh(&t, &ours, about);
	about.port = 99;
	weigh(&t, &ours, about);
	assert_float_equal(t.l.sum, 2.0, 1e-9);
	about.about = addr_v4(10, 0, 0, 2);
	weigh(&t, &ours, about);
	assert_float_equal(t.l.sum, 2.4, 1e-9);
	arena_done(&t.memory);
}

static void
the_threshold_alerts_and_the_sum_starts_again(void **state)
{
	struct ledger t;
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a;

	(void)state;
	ledger_init(&t);
	for (uint16_t port = 1; port <= 3; port++)
		assert_int_equal(weigh(&t, &ours, finding(&scan, port, 1)), EVIDENCE_ADDED);
	struct record_evidence strongest = finding(&probe, 4, 1);
	strongest.threat = THREAT_CRITICAL;
	strongest.text = "did the worst";
	assert_int_equal(weigh(&t, &ours, strongest), EVIDENCE_ALERT); /* 2.4 + 1 */
	evidence_alert(&t.l, &ours, false, ids, &a);
	assert_float_equal(a.sum, 3.4, 1e-9);
	assert_float_equal(a.threshold, 3.0, 1e-9);
	assert_int_equal(a.evidence_count, 4);
	assert_int_equal(a.evidence_total, 4);
	assert_string_equal(a.evidence[0], "id-000");
	assert_string_equal(a.evidence[3], "id-003");
	assert_int_equal(a.highest, THREAT_CRITICAL);
	assert_ptr_equal(a.strongest, &probe);
	assert_string_equal(a.reason, "did the worst");
	assert_float_equal(t.l.sum, 0, 1e-9);

	/* What has alerted is not used again, and known subjects add nothing. */
	assert_int_equal(weigh(&t, &ours, finding(&scan, 1, 1)), EVIDENCE_NOTED);
	for (uint16_t port = 11; port <= 13; port++)
		weigh(&t, &ours, finding(&scan, port, 1));
	assert_int_equal(weigh(&t, &ours, finding(&scan, 14, 1)), EVIDENCE_ALERT);
	evidence_alert(&t.l, &ours, false, ids, &a);
	assert_int_equal(a.evidence_count, 5);
	assert_string_equal(a.evidence[0], "id-004");
	arena_done(&t.memory);
}

static void
of_equal_evidence_the_latest_is_the_reason(void **state)
{
	struct ledger t;
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a;

	(void)state;
	ledger_init(&t);
	struct record_evidence r = finding(&scan, 23, 1);
	r.text = "scanned 10";
	weigh(&t, &ours, r);
	r.text = "scanned 100";
	weigh(&t, &ours, r);
	evidence_alert(&t.l, &ours, true, ids, &a);
	assert_string_equal(a.reason, "scanned 100");
	arena_done(&t.memory);
}

static void
just_below_the_threshold_is_no_alert(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	for (uint16_t port = 1; port <= 3; port++)
		weigh(&t, &ours, finding(&scan, port, 1));
	assert_int_equal(weigh(&t, &ours, finding(&scan, 4, .74)), EVIDENCE_ADDED); /* 2.992 */
	assert_int_equal(weigh(&t, &ours, finding(&scan, 4, .76)), EVIDENCE_ALERT); /* 3.008 */
	arena_done(&t.memory);
}

static void
a_decisive_finding_convicts_alone_and_once(void **state)
{
	struct ledger t;
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a;

	(void)state;
	ledger_init(&t);
	struct record_evidence r = finding(&scan, 23, 1);
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_ADDED);
	r.decisive = true;
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_ALERT); /* though it adds nothing */
	evidence_alert(&t.l, &ours, true, ids, &a);
	assert_true(a.decisive);
	assert_int_equal(a.evidence_count, 2);
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_NOTED); /* the same subject, grown tenfold */
	r.port = 80;
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_ALERT);
	arena_done(&t.memory);
}

static void
information_and_victims_add_nothing(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	struct record_evidence r = finding(&scan, 23, 1);
	r.threat = THREAT_INFO;
	r.decisive = true;
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_NOTED);
	r.threat = THREAT_HIGH;
	r.role = EVIDENCE_VICTIM;
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_NOTED);
	assert_int_equal(weigh(&t, &slips, r), EVIDENCE_NOTED);
	assert_float_equal(t.l.sum, 0, 1e-9);
	arena_done(&t.memory);
}

static void
slips_adds_everything_and_nothing_is_decisive(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	struct record_evidence r = finding(&scan, 23, 1);
	r.decisive = true;
	for (int i = 0; i < 18; i++)
		assert_int_equal(weigh(&t, &slips, r), EVIDENCE_ADDED); /* 14.4 */
	assert_int_equal(weigh(&t, &slips, r), EVIDENCE_ALERT);         /* 15.2 */
	arena_done(&t.memory);
}

static void
without_memory_it_is_counted_and_quiet(void **state)
{
	struct ledger t;

	(void)state;
	ledger_init(&t);
	t.memory.cap_bytes = 0;
	struct record_evidence r = finding(&scan, 23, 1);
	r.decisive = true;
	assert_int_equal(weigh(&t, &ours, r), EVIDENCE_NOTED);
	assert_int_equal(t.l.lost, 1);
	assert_int_equal(t.l.count, 0);
	arena_done(&t.memory);
}

static void
an_alert_lists_64_and_counts_all(void **state)
{
	struct ledger t;
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a;

	(void)state;
	ledger_init(&t);
	for (uint16_t i = 0; i < 70; i++)
		weigh(&t, &ours, finding(&scan, 23, .1));
	evidence_alert(&t.l, &ours, false, ids, &a);
	assert_int_equal(a.evidence_count, 64);
	assert_int_equal(a.evidence_total, 70);
	arena_done(&t.memory);
}

static void
the_threshold_goes_with_the_width(void **state)
{
	struct settings s = { .windows.width = 3600 * NS_PER_S };

	(void)state;
	assert_float_equal(evidence_rule_of(&s).threshold, 3.0, 1e-9);
	s.windows.width = 300 * NS_PER_S;
	assert_float_equal(evidence_rule_of(&s).threshold, 0.25, 1e-9);
	s.alert.rule = ALERT_RULE_SLIPS;
	assert_float_equal(evidence_rule_of(&s).threshold, 1.25, 1e-9);
	s.alert.threshold = 2;
	assert_float_equal(evidence_rule_of(&s).threshold, 10, 1e-9);
}

/* Told, then a restart. */
static void
tell_earlier(struct ledger *t, struct record_evidence r)
{
	(void)weigh(t, &ours, r);
	for (struct evidence_note *n = t->l.first; n != NULL; n = n->next)
		n->earlier = true;
}

static void
only_what_is_more_than_was_told_before_a_restart_is_news(void **state)
{
	struct record_evidence r = finding(&scan, 23, 1);
	struct ledger t;

	(void)state;
	ledger_init(&t);
	r.object = "23/tcp";
	r.observed = 10;
	(void)weigh(&t, &ours, r);
	assert_null(
		evidence_told_earlier(&t.l, &r)); /* without a restart detectors know themselves */
	r.observed = 100;
	tell_earlier(&t, r);
	assert_ptr_equal(evidence_told_earlier(&t.l, &r), t.l.last);
	r.observed = 10;
	assert_ptr_equal(evidence_told_earlier(&t.l, &r), t.l.first);
	r.observed = 101;
	assert_null(evidence_told_earlier(&t.l, &r));
	(void)weigh(&t, &ours, r); /* told since: its detector knows */
	assert_null(evidence_told_earlier(&t.l, &r));
	arena_done(&t.memory);
}

static void
another_subject_is_news(void **state)
{
	struct record_evidence r = finding(&scan, 23, 1);
	struct record_evidence other;
	struct ledger t;

	(void)state;
	ledger_init(&t);
	r.object = "23/tcp";
	r.has_about = true;
	r.about = addr_v4(10, 0, 0, 1);
	tell_earlier(&t, r);
	other = r;
	assert_non_null(evidence_told_earlier(&t.l, &other));
	other.port = 99; /* what it is about is in the object */
	assert_non_null(evidence_told_earlier(&t.l, &other));
	other.object = "24/tcp";
	assert_null(evidence_told_earlier(&t.l, &other));
	other = r;
	other.kind = &probe;
	assert_null(evidence_told_earlier(&t.l, &other));
	other = r;
	other.about = addr_v4(10, 0, 0, 2);
	assert_null(evidence_told_earlier(&t.l, &other));
	other = r;
	other.ip_proto = 17;
	assert_null(evidence_told_earlier(&t.l, &other));
	other = r;
	other.role = EVIDENCE_VICTIM;
	assert_null(evidence_told_earlier(&t.l, &other));
	arena_done(&t.memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_counts_once_at_its_highest),
		cmocka_unit_test(ports_protocols_kinds_and_parties_are_subjects_of_their_own),
		cmocka_unit_test(the_threshold_alerts_and_the_sum_starts_again),
		cmocka_unit_test(of_equal_evidence_the_latest_is_the_reason),
		cmocka_unit_test(just_below_the_threshold_is_no_alert),
		cmocka_unit_test(a_decisive_finding_convicts_alone_and_once),
		cmocka_unit_test(information_and_victims_add_nothing),
		cmocka_unit_test(slips_adds_everything_and_nothing_is_decisive),
		cmocka_unit_test(without_memory_it_is_counted_and_quiet),
		cmocka_unit_test(an_alert_lists_64_and_counts_all),
		cmocka_unit_test(the_threshold_goes_with_the_width),
		cmocka_unit_test(only_what_is_more_than_was_told_before_a_restart_is_news),
		cmocka_unit_test(another_subject_is_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
