#include "daemon/transactions/alert.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_outside_alert;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_outside_alert);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

enum { BOT = 5, PRINTER = 9 };

static struct addr
ours(uint8_t n)
{
	return addr_v4(10, 0, 0, n);
}

static struct addr
outside(uint8_t n)
{
	return addr_v4(203, 0, 113, n);
}

static bool
same(struct addr a, struct addr b)
{
	return addr_equal(&a, &b);
}

static struct obs_alert
rule(uint64_t sid, uint64_t severity)
{
	return (struct obs_alert){
		.source = "suricata",
		.signature = "ET MALWARE CnC Checkin",
		.category = "A Network Trojan was detected",
		.severity = severity,
		.sid = sid,
		.action = "allowed",
	};
}

static struct obs_alert
notice(const char *type)
{
	return (struct obs_alert){
		.source = "zeek",
		.signature = "10.0.0.5 scanned at least 15 unique ports of host 203.0.113.9.",
		.category = type,
		.severity = TRANSACTION_UNSET,
		.sid = TRANSACTION_UNSET,
	};
}

/* returns how many findings that made */
static size_t
alert(struct rig *r, struct addr orig, struct addr resp, const struct obs_alert *a)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = {
		.id = 1,
		.uid = rig_uid(1),
		.orig = orig,
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
	};

	rig_observe(r, &(struct observation){
			       .kind = OBS_ALERT, .ts_ns = r->now_ns, .talk = &talk, .alert = a });
	return r->raised_count - before;
}

static void
one_alert_charges_who_opened_and_who_was_asked(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(2027863, 1);

	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "SURICATA_ALERT");
	assert_string_equal(e->kind->unit, "alerts");
	assert_true(same(e->host, ours(BOT)));
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.7, 1e-9);
	assert_false(e->decisive || e->kind->may_convict);
	assert_true(e->has_about && same(e->about, outside(9)));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "2027863");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(1).text);
	assert_string_equal(e->text,
		"was the source of 1 alert of Suricata to 203.0.113.9: \"ET MALWARE CnC Checkin\" "
		"(A Network Trojan was detected)");
	e = &r->raised[1];
	assert_true(same(e->host, outside(9)));
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_true(same(e->about, ours(BOT)));
	assert_string_equal(e->text,
		"was the target of 1 alert of Suricata from 10.0.0.5: \"ET MALWARE CnC Checkin\" "
		"(A Network Trojan was detected)");
}

static void
the_level_is_that_of_the_severity(void **state)
{
	static const struct {
		uint64_t severity;
		enum threat level;
	} rows[] = { { 0, THREAT_INFO }, { 1, THREAT_HIGH }, { 2, THREAT_MEDIUM },
		{ 3, THREAT_LOW }, { 4, THREAT_INFO }, { TRANSACTION_UNSET, THREAT_INFO } };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct obs_alert a = rule(1000 + i, rows[i].severity);
		assert_int_equal(alert(r, ours(BOT), outside(9), &a), 2);
		assert_int_equal(rig_last(r)->threat, rows[i].level);
	}
}

static void
notices_are_low_and_those_of_scans_medium(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = notice("Scan::Port_Scan");

	(void)alert(r, ours(BOT), outside(9), &a);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "ZEEK_NOTICE");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_string_equal(e->object, "Scan::Port_Scan");
	assert_string_equal(e->text,
		"was the source of 1 notice of Zeek to 203.0.113.9: \"10.0.0.5 scanned at least 15 "
		"unique ports of host 203.0.113.9.\" (Scan::Port_Scan)");
	a = notice("SSL::Invalid_Server_Cert");
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	a = notice(NULL);
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_int_equal(rig_last(r)->threat, THREAT_LOW);
	assert_string_equal(rig_last(r)->object, "");
	a.severity = 1;
	a.category = "a";
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_int_equal(rig_last(r)->threat, THREAT_HIGH);
}

static void
alerts_of_one_rule_on_one_host_are_told_at_each_tenfold(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 2);

	r->stranger = outside(9);
	for (unsigned i = 1; i <= 100; i++)
		assert_int_equal(
			alert(r, ours(BOT), outside(9), &a), i == 1 || i == 10 || i == 100);
	assert_int_equal(rig_last(r)->observed, 100);
	assert_string_equal(rig_last(r)->text,
		"was the source of 100 alerts of Suricata to 203.0.113.9: \"ET MALWARE CnC Checkin\" "
		"(A Network Trojan was detected)");
	a.sid = 2;
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	assert_int_equal(alert(r, ours(PRINTER), outside(9), &a), 1);
}

static void
after_the_span_the_count_begins_anew(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 2);

	r->stranger = outside(9);
	rig_set_duration(r, "span", 60 * NS_PER_S);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	rig_tick(r, RIG_START_NS + 60 * NS_PER_S - 1);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 0);
	rig_tick(r, RIG_START_NS + 60 * NS_PER_S);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	assert_int_equal(rig_last(r)->observed, 1);
	for (unsigned i = 2; i < 10; i++)
		assert_int_equal(alert(r, ours(BOT), outside(9), &a), 0);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	assert_true(rig_setting_takes(r, "span", 86400 * NS_PER_S));
	assert_false(rig_setting_takes(r, "span", 86400 * NS_PER_S + 1));
	assert_false(rig_setting_takes(r, "span", 60 * NS_PER_S - 1));
}

static void
our_host_is_charged_whoever_opened_the_conversation(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 1);

	r->stranger = outside(9);
	assert_int_equal(alert(r, outside(9), ours(PRINTER), &a), 1);
	assert_true(same(rig_last(r)->host, ours(PRINTER)));
	assert_int_equal(rig_last(r)->role, EVIDENCE_VICTIM);
}

/* It was not counted while it was none of ours. */
static void
nothing_is_kept_of_strangers(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 1);

	r->stranger = outside(9);
	for (unsigned i = 0; i < 5; i++)
		(void)alert(r, outside(9), ours(PRINTER), &a);
	r->stranger = ours(PRINTER);
	assert_int_equal(alert(r, outside(9), ours(PRINTER), &a), 1);
	assert_int_equal(rig_last(r)->observed, 1);
}

static void
a_notice_about_one_host_names_no_other(void **state)
{
	static const struct addr nobody;
	struct rig *r = *state;
	struct obs_alert a = notice("Scan::Address_Scan");

	a.signature = "10.0.0.5 scanned at least 25 hosts";
	assert_int_equal(alert(r, ours(BOT), nobody, &a), 1);
	assert_false(rig_last(r)->has_about);
	assert_string_equal(rig_last(r)->text, "was the source of 1 notice of Zeek: \"10.0.0.5 "
					       "scanned at least 25 hosts\" (Scan::Address_Scan)");
	assert_int_equal(alert(r, nobody, ours(BOT), &a), 0); /* the second of it */
	assert_int_equal(alert(r, nobody, nobody, &a), 0);
}

static void
groups_are_no_hosts_and_one_host_is_charged_once(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 1);

	assert_int_equal(alert(r, ours(BOT), addr_v4(224, 0, 0, 251), &a), 1);
	a.sid = 2;
	assert_int_equal(alert(r, ours(BOT), addr_v4(255, 255, 255, 255), &a), 1);
	a.sid = 3;
	assert_int_equal(alert(r, ours(BOT), ours(BOT), &a), 1);
}

static void
a_blocked_packet_is_told_as_one(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 1);

	a.action = "blocked";
	a.category = NULL;
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_string_equal(r->raised[0].text, "was the source of 1 alert of Suricata to "
					       "203.0.113.9, blocked: \"ET MALWARE CnC Checkin\"");
	a = rule(2, 1);
	a.action = NULL;
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_null(strstr(rig_last(r)->text, "blocked"));
}

static void
what_others_wrote_is_cut_and_made_safe(void **state)
{
	char longest[300];
	struct rig *r = *state;
	struct obs_alert a = rule(TRANSACTION_UNSET, 1);

	memset(longest, '\x1b', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	a.signature = a.category = longest;
	(void)alert(r, ours(BOT), outside(9), &a); /* the rig refuses what is too long */
	assert_null(strchr(r->raised[0].text, '\x1b'));
	assert_null(strchr(r->raised[0].object, '\x1b'));
	memset(longest, 'a', sizeof(longest) - 1);
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_non_null(strstr(rig_last(r)->text, "aaa...\" (aaa"));
	assert_non_null(strstr(rig_last(r)->object, "aaa..."));
	a.signature = NULL;
	(void)alert(r, ours(BOT), outside(9), &a);
	assert_non_null(strstr(rig_last(r)->text, ": \"\" (aaa"));
}

enum { RULES = 8192 }; /* enough to fill every set several times */

/* It is told at 1, 10, 100 and 1000, and not at 1 again: it was never forgotten. */
static void
who_goes_on_alerting_is_kept(void **state)
{
	struct rig *r = *state;
	struct obs_alert first = rule(1, 3);

	r->stranger = outside(9);
	for (unsigned i = 2; i < RULES; i++) {
		struct obs_alert a = rule(i, 3);
		rig_tick(r, r->now_ns + 1);
		assert_int_equal(alert(r, ours(BOT), outside(9), &first),
			i - 1 == 1 || i - 1 == 10 || i - 1 == 100 || i - 1 == 1000);
		rig_tick(r, r->now_ns + 1);
		assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	}
}

static void
who_was_silent_longest_makes_room(void **state)
{
	struct rig *r = *state;

	r->stranger = outside(9);
	struct obs_alert first = rule(1, 3);
	assert_int_equal(alert(r, ours(BOT), outside(9), &first), 1);
	assert_int_equal(alert(r, ours(BOT), outside(9), &first), 0);
	for (unsigned i = 2; i < RULES; i++) {
		struct obs_alert a = rule(i, 3);
		rig_tick(r, r->now_ns + 1);
		assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	}
	assert_int_equal(alert(r, ours(BOT), outside(9), &first), 1);
	struct obs_alert last = rule(RULES - 1, 3);
	assert_int_equal(alert(r, ours(BOT), outside(9), &last), 0);
}

/* Time that goes back must not make a host look silent. */
static void
an_earlier_line_does_not_make_the_last_one_older(void **state)
{
	struct rig *r = *state;
	struct obs_alert a = rule(1, 3);

	r->stranger = outside(9);
	rig_tick(r, RIG_START_NS + 100 * NS_PER_S);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	r->now_ns = RIG_START_NS;
	for (unsigned i = 2; i < 10; i++)
		assert_int_equal(alert(r, ours(BOT), outside(9), &a), 0);
	assert_int_equal(alert(r, ours(BOT), outside(9), &a), 1);
	assert_int_equal(rig_last(r)->observed, 10);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(one_alert_charges_who_opened_and_who_was_asked),
		TEST(the_level_is_that_of_the_severity),
		TEST(notices_are_low_and_those_of_scans_medium),
		TEST(alerts_of_one_rule_on_one_host_are_told_at_each_tenfold),
		TEST(after_the_span_the_count_begins_anew),
		TEST(our_host_is_charged_whoever_opened_the_conversation),
		TEST(nothing_is_kept_of_strangers),
		TEST(a_notice_about_one_host_names_no_other),
		TEST(groups_are_no_hosts_and_one_host_is_charged_once),
		TEST(a_blocked_packet_is_told_as_one),
		TEST(what_others_wrote_is_cut_and_made_safe),
		TEST(who_goes_on_alerting_is_kept),
		TEST(who_was_silent_longest_makes_room),
		TEST(an_earlier_line_does_not_make_the_last_one_older),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
