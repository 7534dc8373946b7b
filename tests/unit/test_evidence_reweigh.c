#include "daemon/evidence/evidence_reweigh.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct evidence_kind scan = { .name = "SCAN", .technique = "", .may_convict = true };
static const struct evidence_kind probe = { .name = "PROBE", .technique = "" };

static const struct evidence_rule ours = { .rule = ALERT_RULE_NAIAD, .threshold = 1.5 };
static const struct evidence_rule slips = { .rule = ALERT_RULE_SLIPS, .threshold = 1.5 };

static struct {
	struct evidence_ledger l;
	struct arena memory;
	uint16_t silent; /* the port whose findings are; 0: none */
} t;

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	arena_init(&t.memory, (size_t)1024 * 1024, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&t.memory);
	return 0;
}

static struct record_evidence
finding(const struct evidence_kind *kind, uint16_t port, enum threat threat)
{
	return (struct record_evidence){ .kind = kind,
		.threat = threat,
		.confidence = 1,
		.port = port,
		.ip_proto = 6,
		.text = "did it",
		.detector = "a",
		.object = "" };
}

/* As it is raised: silenced or not. */
static enum evidence_verdict
found(const struct evidence_rule *rule, struct record_evidence r)
{
	if (r.port == t.silent)
		r.silenced_by = (struct record_silence){ "rule", "no-alert" };
	return evidence_weigh(&t.l, &t.memory, rule, &r);
}

static bool
is_silenced(void *context, const struct evidence_note *n)
{
	(void)context;
	assert_string_equal(n->detector, "a");
	return n->port == t.silent;
}

static enum evidence_verdict
reweigh(const struct evidence_rule *rule)
{
	return evidence_reweigh(&t.l, &t.memory, rule, is_silenced, NULL);
}

static size_t
alert(const struct evidence_rule *rule)
{
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	struct record_alert a;

	evidence_alert(&t.l, rule, false, ids, &a);
	return a.evidence_total;
}

static void
what_is_silenced_is_noted_and_weighs_nothing(void **state)
{
	struct record_evidence r = finding(&scan, 23, THREAT_HIGH);

	(void)state;
	r.decisive = true;
	t.silent = 23;
	assert_int_equal(found(&ours, r), EVIDENCE_NOTED);
	assert_int_equal(found(&slips, r), EVIDENCE_NOTED);
	assert_true(t.l.sum == 0);
	assert_int_equal(t.l.count, 2);
	assert_null(t.l.subjects);
	assert_int_equal(alert(&ours), 0);
}

static void
a_subject_gives_its_weight_back(void **state)
{
	(void)state;
	found(&ours, finding(&probe, 23, THREAT_HIGH));
	found(&ours, finding(&probe, 80, THREAT_MEDIUM));
	found(&ours, finding(&probe, 23, THREAT_LOW));
	assert_float_equal(t.l.sum, 1.3, 1e-9);
	t.silent = 23;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .5, 1e-9);
	/* and takes it again, no more than before */
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, 1.3, 1e-9);
	assert_int_equal(found(&ours, finding(&probe, 23, THREAT_HIGH)), EVIDENCE_NOTED);
	assert_float_equal(t.l.sum, 1.3, 1e-9);
}

static void
nothing_is_weighed_when_nothing_is_different(void **state)
{
	(void)state;
	found(&ours, finding(&probe, 23, THREAT_HIGH));
	found(&ours, finding(&probe, 80, THREAT_HIGH));
	/* over the threshold already, by an alert rule that changed: that is for the next finding to see */
	assert_int_equal(reweigh(&ours), EVIDENCE_NOTED);
	assert_float_equal(t.l.sum, 1.6, 1e-9);
}

static void
an_alert_is_due_when_what_counts_again_reaches_the_threshold(void **state)
{
	(void)state;
	t.silent = 23;
	found(&ours, finding(&probe, 23, THREAT_HIGH));
	found(&ours, finding(&probe, 80, THREAT_HIGH));
	assert_float_equal(t.l.sum, .8, 1e-9);
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ALERT);
	assert_int_equal(alert(&ours), 2);
	assert_int_equal(reweigh(&ours), EVIDENCE_NOTED);
}

static void
silencing_makes_no_alert_due(void **state)
{
	(void)state;
	found(&ours, finding(&probe, 22, THREAT_HIGH));
	found(&ours, finding(&probe, 23, THREAT_HIGH));
	found(&ours, finding(&probe, 80, THREAT_HIGH)); /* 2.4, and nobody wrote the alert */
	t.silent = 23;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, 1.6, 1e-9);
}

static void
what_was_told_stays_told(void **state)
{
	(void)state;
	found(&ours, finding(&probe, 23, THREAT_HIGH));
	found(&ours, finding(&probe, 80, THREAT_HIGH));
	assert_int_equal(alert(&ours), 2);
	found(&ours, finding(&probe, 81, THREAT_MEDIUM));
	t.silent = 23;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .5, 1e-9);
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .5, 1e-9);
	/* a subject of the alert adds what is above its weight there */
	found(&ours, finding(&probe, 80, THREAT_CRITICAL));
	assert_float_equal(t.l.sum, .7, 1e-9);
}

static void
a_decisive_finding_convicts_when_it_counts_again(void **state)
{
	struct record_evidence r = finding(&scan, 23, THREAT_LOW);

	(void)state;
	r.decisive = true;
	t.silent = 23;
	found(&ours, r);
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ALERT);
	assert_int_equal(alert(&ours), 1);
	/* once */
	assert_int_equal(found(&ours, r), EVIDENCE_NOTED);
	t.silent = 23;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
}

static void
victims_and_info_weigh_nothing_either_way(void **state)
{
	struct record_evidence victim = finding(&probe, 23, THREAT_CRITICAL);

	(void)state;
	victim.role = EVIDENCE_VICTIM;
	t.silent = 23;
	found(&ours, victim);
	found(&ours, finding(&scan, 23, THREAT_INFO));
	t.silent = 0;
	assert_int_equal(reweigh(&ours), EVIDENCE_ADDED);
	assert_true(t.l.sum == 0);
}

static void
with_the_rule_of_slips_each_finding_counts(void **state)
{
	(void)state;
	t.silent = 23;
	found(&slips, finding(&probe, 23, THREAT_HIGH));
	found(&slips, finding(&probe, 23, THREAT_HIGH));
	found(&slips, finding(&probe, 80, THREAT_LOW));
	assert_float_equal(t.l.sum, .2, 1e-9);
	t.silent = 80;
	assert_int_equal(reweigh(&slips), EVIDENCE_ALERT);
	assert_float_equal(t.l.sum, 1.6, 1e-9);
	assert_int_equal(alert(&slips), 2);
	t.silent = 0;
	assert_int_equal(reweigh(&slips), EVIDENCE_ADDED);
	assert_float_equal(t.l.sum, .2, 1e-9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_silenced_is_noted_and_weighs_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_subject_gives_its_weight_back, setup, teardown),
		cmocka_unit_test_setup_teardown(
			nothing_is_weighed_when_nothing_is_different, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_alert_is_due_when_what_counts_again_reaches_the_threshold, setup,
			teardown),
		cmocka_unit_test_setup_teardown(silencing_makes_no_alert_due, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_told_stays_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_decisive_finding_convicts_when_it_counts_again, setup, teardown),
		cmocka_unit_test_setup_teardown(
			victims_and_info_weigh_nothing_either_way, setup, teardown),
		cmocka_unit_test_setup_teardown(
			with_the_rule_of_slips_each_finding_counts, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
