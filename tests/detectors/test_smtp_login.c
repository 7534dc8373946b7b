#include "daemon/transactions/login.h"
#include "daemon/transactions/smtp.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_smtp_login;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_smtp_login);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* returns how many findings that made */
static size_t
say(struct rig *r, uint64_t talk_id, uint8_t server, enum obs_kind kind, const void *said)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = {
		.id = talk_id,
		.uid = rig_uid(7),
		.orig = r->host,
		.resp = addr_v4(192, 0, 2, server),
		.resp_port = 587,
		.ip_proto = IPPROTO_TCP,
	};

	rig_observe(r, &(struct observation){
			       .kind = kind, .ts_ns = r->now_ns, .talk = &talk, .said = said });
	return r->raised_count - before;
}

/* A conversation of its own in which AUTH is refused. */
static size_t
refuse(struct rig *r)
{
	const struct obs_login login = { .protocol = "smtp", .success = TRUTH_NO };

	return say(r, 1, 1, OBS_LOGIN, &login);
}

static size_t
reply(struct rig *r, uint64_t talk_id, const char *text)
{
	const struct obs_smtp message = { .last_reply = text };

	return say(r, talk_id, 1, OBS_SMTP, &message);
}

static void
the_first_failure_is_told_and_the_third_within_ten_seconds_is_brute_force(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);

	assert_int_equal(refuse(r), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "BAD_SMTP_LOGIN");
	assert_string_equal(e->kind->technique, "T1110");
	assert_int_equal(e->kind->signature_id, 5200353);
	assert_string_equal(e->kind->unit, "attempts");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 1, 1e-6F);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 587);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "192.0.2.1");
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text, "failed 1 time to log in at the mail server 192.0.2.1");
	assert_int_equal(refuse(r), 0);
	rig_tick(r, r->now_ns + 10 * NS_PER_S);
	assert_int_equal(refuse(r), 1);
	e = rig_last(r);
	assert_string_equal(e->kind->name, "SMTP_LOGIN_BRUTEFORCE");
	assert_string_equal(e->kind->technique, "T1110");
	assert_int_equal(e->kind->signature_id, 5200354);
	assert_string_equal(e->kind->unit, "attempts");
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_false(e->decisive || e->kind->may_convict);
	assert_int_equal(e->observed, 3);
	assert_int_equal(e->threshold, 3);
	assert_string_equal(
		e->text, "failed 3 times to log in at the mail server 192.0.2.1 within 10 s");
	for (unsigned n = 4; n <= 100; n++) {
		assert_int_equal(refuse(r), n == 10 || n == 100);
		if (n == 10)
			assert_string_equal(rig_last(r)->text,
				"failed 10 times to log in at the mail server 192.0.2.1");
	}
}

static void
slower_ones_are_no_brute_force_until_three_are_together(void **state)
{
	struct rig *r = *state;

	(void)refuse(r);
	for (unsigned n = 2; n < 10; n++) {
		rig_tick(r, r->now_ns + 5 * NS_PER_S + 1);
		assert_int_equal(refuse(r), 0);
	}
	assert_int_equal(r->raised_count, 1);
	rig_set_duration(r, "span", 11 * NS_PER_S);
	assert_int_equal(refuse(r), 2); /* the tenth, and the three */
	assert_string_equal(rig_last(r)->kind->name, "SMTP_LOGIN_BRUTEFORCE");
}

static void
the_count_can_be_sixteen(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "count", 16);
	rig_set_duration(r, "span", 15 * NS_PER_S);
	(void)refuse(r);
	for (unsigned n = 2; n <= 20; n++) {
		rig_tick(r, r->now_ns + NS_PER_S);
		assert_int_equal(refuse(r), (n == 10) + (n == 16));
	}
}

static void
a_message_of_a_bad_user_is_a_failure(void **state)
{
	struct rig *r = *state;

	for (unsigned n = 1; n <= 3; n++)
		assert_int_equal(reply(r, 5, "554 5.7.1 Bad SMTP-AUTH user"), n != 2);
	assert_string_equal(rig_last(r)->kind->name, "SMTP_LOGIN_BRUTEFORCE");
}

static void
other_replies_are_none(void **state)
{
	static const char *const others[] = { "250 ok", "554 5.7.1 spam", "554 bad smtp-auth use",
		"454 bad smtp-auth user", "53", "5", "", NULL };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(reply(r, 5, others[i]), 0);
}

static void
a_session_that_ended_refused_counts_once(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reply(r, 0, "535 5.7.8 no"), 1); /* nobody told of its AUTH */
	rig_window_next(r);
	assert_int_equal(refuse(r), 1);
	for (unsigned n = 0; n < 5; n++)
		assert_int_equal(reply(r, 1, "535 5.7.8 no"), 0);
	assert_int_equal(refuse(r), 0);
	assert_int_equal(reply(r, 2, "535 5.7.8 no"), 1); /* of another one: the third */
}

static void
other_log_ins_and_servers_do_not_count(void **state)
{
	struct rig *r = *state;
	struct obs_login login = { .protocol = "ftp", .success = TRUTH_NO };

	assert_int_equal(say(r, 1, 1, OBS_LOGIN, &login), 0);
	login.protocol = NULL;
	assert_int_equal(say(r, 1, 1, OBS_LOGIN, &login), 0);
	login.protocol = "smtp";
	login.success = TRUTH_YES;
	assert_int_equal(say(r, 1, 1, OBS_LOGIN, &login), 0);
	login.success = TRUTH_UNKNOWN;
	assert_int_equal(say(r, 1, 1, OBS_LOGIN, &login), 0);
	login.success = TRUTH_NO;
	for (uint8_t n = 1; n <= 20; n++)
		assert_int_equal(say(r, n, n, OBS_LOGIN, &login), 1); /* each its first */
	rig_observe(r, &(struct observation){ .kind = OBS_LOGIN,
			       .role = ROLE_SERVER,
			       .ts_ns = r->now_ns,
			       .talk = &(struct obs_talk){ .id = 99 },
			       .login = &login });
	assert_int_equal(r->raised_count, 20);
}

static void
servers_past_256_are_not_kept_and_without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;
	const struct obs_login login = { .protocol = "smtp", .success = TRUTH_NO };

	for (unsigned i = 0; i <= 256; i++) {
		const struct obs_talk talk = { .id = i,
			.resp = addr_v4(198, 51, (uint8_t)(i >> 8), (uint8_t)i) };
		rig_observe(r, &(struct observation){ .kind = OBS_LOGIN,
				       .ts_ns = r->now_ns,
				       .talk = &talk,
				       .login = &login });
	}
	assert_int_equal(r->raised_count, 256);
	rig_window_next(r);
	r->memory.cap_bytes = 0;
	assert_int_equal(refuse(r), 0);
}

static void
the_settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "count", 1));
	assert_true(rig_setting_takes(r, "count", 2));
	assert_false(rig_setting_takes(r, "count", 17));
	assert_false(rig_setting_takes(r, "span", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "span", NS_PER_S));
	assert_true(rig_setting_takes(r, "span", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "span", 3600 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(the_first_failure_is_told_and_the_third_within_ten_seconds_is_brute_force),
		TEST(slower_ones_are_no_brute_force_until_three_are_together),
		TEST(the_count_can_be_sixteen),
		TEST(a_message_of_a_bad_user_is_a_failure),
		TEST(other_replies_are_none),
		TEST(a_session_that_ended_refused_counts_once),
		TEST(other_log_ins_and_servers_do_not_count),
		TEST(servers_past_256_are_not_kept_and_without_memory_it_is_quiet),
		TEST(the_settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
