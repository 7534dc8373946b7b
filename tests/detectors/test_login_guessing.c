#include "daemon/transactions/http.h"
#include "daemon/transactions/kerberos.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/mysql.h"
#include "daemon/transactions/ntlm.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_login_guessing;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_login_guessing);
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
say_by(struct rig *r, uint8_t ip_proto, struct addr server, enum obs_kind kind, const void *said)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = {
		.id = 1,
		.uid = rig_uid(7),
		.orig = r->host,
		.resp = server,
		.orig_port = 40000,
		.resp_port = 2121,
		.ip_proto = ip_proto,
	};

	rig_observe(r, &(struct observation){
			       .kind = kind, .ts_ns = r->now_ns, .talk = &talk, .said = said });
	return r->raised_count - before;
}

static size_t
say_at(struct rig *r, struct addr server, enum obs_kind kind, const void *said)
{
	return say_by(r, IPPROTO_TCP, server, kind, said);
}

static struct addr
server(void)
{
	return addr_v4(192, 0, 2, 1);
}

static size_t
say(struct rig *r, enum obs_kind kind, const void *said)
{
	return say_at(r, server(), kind, said);
}

static struct obs_login
refused(const char *protocol, const char *user)
{
	return (struct obs_login){ .protocol = protocol, .user = user, .success = TRUTH_NO };
}

static void
guess(struct rig *r, unsigned times)
{
	const struct obs_login login = refused("ftp", "root");

	for (unsigned i = 0; i < times; i++)
		(void)say(r, OBS_LOGIN, &login);
}

static void
the_fifth_failure_in_quick_succession_is_told(void **state)
{
	struct rig *r = *state;
	struct addr peer = server();

	guess(r, 4);
	assert_int_equal(r->raised_count, 0);
	guess(r, 1);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "LOGIN_GUESSING");
	assert_string_equal(e->kind->technique, "T1110.001");
	assert_int_equal(e->kind->signature_id, 5200351);
	assert_string_equal(e->kind->unit, "attempts");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8F, 1e-6F);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 2121);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 5);
	assert_int_equal(e->threshold, 5);
	assert_string_equal(e->object, "192.0.2.1 ftp");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text, "failed 5 times to log in by ftp at 192.0.2.1");
}

static void
fifty_outstanding_failures_convict(void **state)
{
	struct rig *r = *state;

	guess(r, 49);
	assert_int_equal(r->raised_count, 1);
	guess(r, 1);
	assert_int_equal(r->raised_count, 2);
	const struct raised *e = rig_last(r);
	assert_true(e->decisive && e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_int_equal(e->observed, 50);
	guess(r, 449);
	assert_int_equal(r->raised_count, 2);
	guess(r, 1);
	assert_int_equal(r->raised_count, 3);
}

/* Whose address was forged is refused what it never asked for. */
static void
by_udp_nobody_is_convicted(void **state)
{
	const struct obs_kerberos k = {
		.request_type = "AS", .client = "bob/X", .success = TRUTH_NO
	};
	struct rig *r = *state;

	for (unsigned i = 0; i < 60; i++)
		(void)say_by(r, IPPROTO_UDP, server(), OBS_KERBEROS, &k);
	assert_int_equal(r->raised_count, 2);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->threat, THREAT_MEDIUM);
	for (unsigned i = 0; i < 49; i++) /* nor do they add to what is tried by TCP */
		(void)say(r, OBS_KERBEROS, &k);
	assert_false(rig_last(r)->decisive);
	(void)say(r, OBS_KERBEROS, &k);
	assert_true(rig_last(r)->decisive);
}

static void
conviction_has_a_number_of_its_own(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict", 7);
	guess(r, 6);
	assert_int_equal(r->raised_count, 1);
	guess(r, 1);
	assert_int_equal(r->raised_count, 2);
	assert_true(rig_last(r)->decisive);
}

/* A program with an outdated password that asks each ten seconds. */
static void
who_is_slow_is_never_told(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 300; i++) {
		guess(r, 1);
		rig_tick(r, r->now_ns + 10 * NS_PER_S);
	}
	assert_int_equal(r->raised_count, 0);
	rig_set_duration(r, "leak", 600 * NS_PER_S);
	guess(r, 5);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 305);
}

static void
five_users_are_spraying(void **state)
{
	static const char *const users[] = { "a/X", "b/X", "a/X", "c/X", "d/X", "e/X" };
	struct rig *r = *state;
	struct obs_kerberos k = {
		.request_type = "AS", .success = TRUTH_NO, .error_message = "KDC_ERR_PREAUTH_FAILED"
	};

	rig_set_u32(r, "capacity", 100);
	for (unsigned i = 0; i < 6; i++) {
		k.client = users[i];
		assert_int_equal(say(r, OBS_KERBEROS, &k), i == 5);
	}
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "PASSWORD_SPRAYING");
	assert_string_equal(e->kind->technique, "T1110.003");
	assert_int_equal(e->kind->signature_id, 5200352);
	assert_string_equal(e->kind->unit, "users");
	assert_true(e->kind->may_convict && !e->decisive);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_int_equal(e->observed, 5);
	assert_int_equal(e->threshold, 5);
	assert_string_equal(e->object, "192.0.2.1 kerberos");
	assert_string_equal(
		e->text, "failed 6 times to log in by kerberos at 192.0.2.1, as 5 users");
	for (unsigned i = 0; i < 93; i++) /* the same users with other passwords */
		assert_int_equal(say(r, OBS_KERBEROS, &k), i == 43); /* 50 */
	assert_true(rig_last(r)->decisive);
	assert_string_equal(rig_last(r)->kind->name, "PASSWORD_SPRAYING");
}

static void
users_at_other_servers_and_without_a_name_are_not_added(void **state)
{
	struct rig *r = *state;
	char name[300];

	rig_set_u32(r, "capacity", 100);
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "user%u", i);
		const struct obs_login named = refused("imap", name);
		const struct obs_login nobody = refused("imap", NULL);
		(void)say_at(r, addr_v4(192, 0, 2, (uint8_t)(10 + i / 4)), OBS_LOGIN, &named);
		(void)say(r, OBS_LOGIN, &nobody);
	}
	assert_int_equal(r->raised_count, 0);
	/* Names that differ past what is kept are one. */
	memset(name, 'a', sizeof(name) - 1);
	for (unsigned i = 0; i < 20; i++) {
		const struct obs_login named = refused("pop3", name);
		name[sizeof(name) - 1] = '\0';
		name[200] = (char)('a' + i);
		(void)say(r, OBS_LOGIN, &named);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
each_service_of_a_server_counts_for_itself(void **state)
{
	static const char *const services[] = { "ftp", "pop3", "imap", "telnet", "rlogin", "rsh",
		"redis", "mqtt", "socks" };
	struct rig *r = *state;

	for (unsigned n = 1; n <= 5; n++)
		for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
			const struct obs_login login = refused(services[i], "root");
			assert_int_equal(say(r, OBS_LOGIN, &login), n == 5);
		}
}

static void
what_did_not_fail_or_has_a_detector_of_its_own_is_left_out(void **state)
{
	static const char *const others[] = { "ssh", "smtp", "kerberos", "mysql", "smb", "", NULL };
	struct rig *r = *state;

	for (unsigned n = 1; n <= 20; n++) {
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
			const struct obs_login login = refused(others[i], "root");
			(void)say(r, OBS_LOGIN, &login);
		}
		struct obs_login login = refused("ftp", "root");
		login.success = TRUTH_YES;
		(void)say(r, OBS_LOGIN, &login);
		login.success = TRUTH_UNKNOWN;
		(void)say(r, OBS_LOGIN, &login);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
http_refuses_a_user_with_401_and_403(void **state)
{
	struct rig *r = *state;
	struct obs_http h = { .status_code = 401 };

	for (unsigned n = 0; n < 20; n++)
		assert_int_equal(say(r, OBS_HTTP, &h), 0); /* that asks for a user */
	h.username = "admin";
	h.status_code = 404;
	for (unsigned n = 0; n < 20; n++)
		assert_int_equal(say(r, OBS_HTTP, &h), 0);
	for (unsigned n = 1; n <= 5; n++) {
		h.status_code = n % 2 == 0 ? 401 : 403;
		assert_int_equal(say(r, OBS_HTTP, &h), n == 5);
	}
	assert_string_equal(rig_last(r)->object, "192.0.2.1 http");
	for (unsigned n = 0; n < 200; n++) /* a program asks on */
		(void)say(r, OBS_HTTP, &h);
	assert_true(rig_last(r)->observed >= 50 && !rig_last(r)->decisive);
}

static void
kerberos_counts_refused_users_alone(void **state)
{
	static const struct obs_kerberos none[] = {
		{ .request_type = "AS", .client = "u", .success = TRUTH_YES },
		{ .request_type = "AS", .client = "u", .success = TRUTH_UNKNOWN },
		{ .request_type = "TGS", .client = "u", .success = TRUTH_NO },
		{ .client = "u", .success = TRUTH_NO },
		{ .request_type = "AS", .success = TRUTH_NO },
		{ .request_type = "AS",
			.client = "u",
			.success = TRUTH_NO,
			.error_message = "KDC_ERR_PREAUTH_REQUIRED" },
		{ .request_type = "AS",
			.client = "u",
			.success = TRUTH_NO,
			.error_message = "KRB_ERR_RESPONSE_TOO_BIG" },
	};
	struct rig *r = *state;
	const struct obs_kerberos k = { .request_type = "AS", .client = "u", .success = TRUTH_NO };

	for (unsigned n = 0; n < 20; n++)
		for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
			assert_int_equal(say(r, OBS_KERBEROS, &none[i]), 0);
	for (unsigned n = 1; n <= 5; n++)
		assert_int_equal(say(r, OBS_KERBEROS, &k), n == 5);
}

static void
mysql_and_ntlm_count_users_who_were_refused(void **state)
{
	static const struct obs_mysql ok[] = {
		{ .command = "login", .arg = "root", .success = TRUTH_YES },
		{ .command = "query", .arg = "root", .success = TRUTH_NO },
		{ .success = TRUTH_NO },
	};
	static const struct obs_ntlm unknown[] = {
		{ .user = "root", .success = TRUTH_UNKNOWN },
		{ .user = "root", .success = TRUTH_YES },
		{ .success = TRUTH_NO },
	};
	struct rig *r = *state;
	const struct obs_mysql m = { .command = "login", .arg = "root", .success = TRUTH_NO };
	const struct obs_ntlm n = { .user = "root", .success = TRUTH_NO };

	for (unsigned i = 0; i < 60; i++) {
		assert_int_equal(say(r, OBS_MYSQL, &ok[i % 3]), 0);
		assert_int_equal(say(r, OBS_NTLM, &unknown[i % 3]), 0);
	}
	for (unsigned i = 1; i <= 5; i++) {
		assert_int_equal(say(r, OBS_MYSQL, &m), i == 5);
		assert_int_equal(say(r, OBS_NTLM, &n), i == 5);
	}
	assert_string_equal(rig_last(r)->object, "192.0.2.1 ntlm");
}

static size_t
desktop(struct rig *r, uint64_t lasts_ns, enum conn_state how, const char *service)
{
	size_t before = r->raised_count;
	const struct obs_flow f = {
		.uid = rig_uid(8),
		.resp = server(),
		.resp_port = 3390,
		.ip_proto = IPPROTO_TCP,
		.start_ns = r->now_ns,
		.last_ns = r->now_ns + lasts_ns,
		.state = how,
		.service = service,
	};

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
a_remote_desktop_that_ends_at_once_is_a_failure(void **state)
{
	static const enum conn_state over[] = { CONN_SF, CONN_RSTO, CONN_RSTR };
	struct rig *r = *state;

	rig_set_duration(r, "leak", 600 * NS_PER_S);
	for (unsigned i = 0; i < 20; i++) {
		(void)desktop(r, 3 * NS_PER_S, CONN_SF, "rdp,ssl");
		(void)desktop(r, NS_PER_S, CONN_S1, "rdp,ssl");
		(void)desktop(r, NS_PER_S, CONN_SF, "ssl");
	}
	assert_int_equal(r->raised_count, 0);
	for (unsigned i = 1; i <= 5; i++)
		assert_int_equal(desktop(r, 3 * NS_PER_S - 1, over[i % 3], "rdp,ssl"), i == 5);
	assert_string_equal(rig_last(r)->object, "192.0.2.1 rdp");
	assert_int_equal(rig_last(r)->port, 3390);
	assert_int_equal(rig_last(r)->ip_proto, IPPROTO_TCP);
	assert_string_equal(rig_last(r)->uids[0].text, rig_uid(8).text);
}

static void
who_is_asked_is_not_accused(void **state)
{
	struct rig *r = *state;
	const struct obs_login login = refused("ftp", "root");
	const struct obs_talk talk = { .orig = server(), .resp = r->host };

	for (unsigned i = 0; i < 20; i++)
		rig_observe(r, &(struct observation){ .kind = OBS_LOGIN,
				       .role = ROLE_SERVER,
				       .ts_ns = r->now_ns,
				       .talk = &talk,
				       .login = &login });
	assert_int_equal(r->raised_count, 0);
}

static void
servers_past_256_and_users_past_1024_are_not_kept(void **state)
{
	struct rig *r = *state;
	struct obs_login login = refused("ftp", NULL);
	char name[16];

	rig_set_u32(r, "min_users", 1024);
	login.user = name;
	for (unsigned i = 0; i < 1023; i++) {
		(void)snprintf(name, sizeof(name), "user%u", i);
		(void)say(r, OBS_LOGIN, &login);
	}
	(void)snprintf(name, sizeof(name), "another");
	assert_int_equal(say(r, OBS_LOGIN, &login), 1);
	assert_int_equal(rig_last(r)->observed, 1024);
	size_t used = r->memory.used_bytes;
	(void)snprintf(name, sizeof(name), "one more");
	(void)say(r, OBS_LOGIN, &login);
	assert_int_equal(r->memory.used_bytes, used);
	rig_window_next(r);
	login.user = NULL;
	for (unsigned n = 0; n < 5; n++)
		for (unsigned i = 0; i <= 256; i++)
			assert_int_equal(say_at(r, addr_v4(198, 51, (uint8_t)(i >> 8), (uint8_t)i),
						 OBS_LOGIN, &login),
				n == 4 && i < 256);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 0;
	guess(r, 100);
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
the_settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "capacity", 1));
	assert_true(rig_setting_takes(r, "capacity", 2));
	assert_true(rig_setting_takes(r, "capacity", 10000));
	assert_false(rig_setting_takes(r, "capacity", 10001));
	assert_false(rig_setting_takes(r, "convict", 1));
	assert_true(rig_setting_takes(r, "convict", 2));
	assert_true(rig_setting_takes(r, "convict", 1000000));
	assert_false(rig_setting_takes(r, "convict", 1000001));
	assert_false(rig_setting_takes(r, "min_users", 1));
	assert_true(rig_setting_takes(r, "min_users", 2));
	assert_false(rig_setting_takes(r, "min_users", 1025));
	assert_false(rig_setting_takes(r, "leak", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "leak", NS_PER_S));
	assert_false(rig_setting_takes(r, "leak", 600 * NS_PER_S + 1));
	assert_false(rig_setting_takes(r, "rdp_session", NS_PER_S / 10 - 1));
	assert_true(rig_setting_takes(r, "rdp_session", NS_PER_S / 10));
	assert_true(rig_setting_takes(r, "rdp_session", 60 * NS_PER_S));
	assert_false(rig_setting_takes(r, "rdp_session", 60 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(the_fifth_failure_in_quick_succession_is_told),
		TEST(fifty_outstanding_failures_convict),
		TEST(by_udp_nobody_is_convicted),
		TEST(conviction_has_a_number_of_its_own),
		TEST(who_is_slow_is_never_told),
		TEST(five_users_are_spraying),
		TEST(users_at_other_servers_and_without_a_name_are_not_added),
		TEST(each_service_of_a_server_counts_for_itself),
		TEST(what_did_not_fail_or_has_a_detector_of_its_own_is_left_out),
		TEST(http_refuses_a_user_with_401_and_403),
		TEST(kerberos_counts_refused_users_alone),
		TEST(mysql_and_ntlm_count_users_who_were_refused),
		TEST(a_remote_desktop_that_ends_at_once_is_a_failure),
		TEST(who_is_asked_is_not_accused),
		TEST(servers_past_256_and_users_past_1024_are_not_kept),
		TEST(without_memory_it_is_quiet),
		TEST(the_settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
