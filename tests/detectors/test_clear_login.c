#include "daemon/transactions/login.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_clear_login;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_clear_login);
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
log_in_at(struct rig *r, struct addr server, enum obs_role role, const struct obs_login *login)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = {
		.id = 1,
		.uid = rig_uid(7),
		.orig = r->host,
		.resp = server,
		.resp_port = 2323,
		.ip_proto = IPPROTO_TCP,
	};

	rig_observe(r, &(struct observation){ .kind = OBS_LOGIN,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .login = login });
	return r->raised_count - before;
}

static size_t
log_in(struct rig *r, const struct obs_login *login)
{
	return log_in_at(r, addr_v4(192, 0, 2, 1), ROLE_CLIENT, login);
}

static void
a_log_in_by_telnet_is_told_once(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);
	const struct obs_login login = {
		.protocol = "telnet", .user = "bob", .success = TRUTH_YES
	};

	assert_int_equal(log_in(r, &login), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "LOGIN");
	assert_string_equal(e->kind->technique, "T1078");
	assert_int_equal(e->kind->signature_id, 5200355);
	assert_string_equal(e->kind->unit, "log-ins");
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 1, 1e-6F);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 2323);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "192.0.2.1 telnet");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text, "logged in in clear text by telnet at 192.0.2.1 as \"bob\"");
	assert_int_equal(log_in(r, &login), 0);
	rig_window_next(r);
	assert_int_equal(log_in(r, &login), 1);
}

static void
each_protocol_outcome_and_server_is_told(void **state)
{
	static const char *const protocols[] = { "telnet", "rlogin", "rsh", "ftp", "pop3", "imap" };
	struct rig *r = *state;
	struct obs_login login = { 0 };

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		login.protocol = protocols[i];
		for (login.success = TRUTH_UNKNOWN; login.success <= TRUTH_YES; login.success++) {
			assert_int_equal(log_in(r, &login), 1);
			assert_int_equal(log_in(r, &login), 0);
		}
	}
	assert_string_equal(
		r->raised[0].text, "perhaps logged in in clear text by telnet at 192.0.2.1");
	assert_string_equal(
		r->raised[1].text, "failed to log in in clear text by telnet at 192.0.2.1");
	login.success = TRUTH_NO;
	assert_int_equal(log_in_at(r, addr_v4(192, 0, 2, 2), ROLE_CLIENT, &login), 1);
}

static void
other_protocols_and_who_is_asked_are_left_out(void **state)
{
	static const char *const others[] = { "ssh", "mysql", "smtp", "telnets", "", NULL };
	struct rig *r = *state;
	struct obs_login login = { .success = TRUTH_YES };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		login.protocol = others[i];
		assert_int_equal(log_in(r, &login), 0);
	}
	login.protocol = "ftp";
	assert_int_equal(log_in_at(r, addr_v4(192, 0, 2, 1), ROLE_SERVER, &login), 0);
}

static void
a_name_from_the_wire_is_cut_and_made_safe(void **state)
{
	struct rig *r = *state;
	char name[129];
	struct obs_login login = { .protocol = "ftp", .user = name, .success = TRUTH_YES };

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(log_in(r, &login), 1);
	assert_non_null(strstr(rig_last(r)->text, "aaaa..."));
	memset(name, '\x1b', sizeof(name) - 1);
	assert_int_equal(log_in_at(r, addr_v4(192, 0, 2, 2), ROLE_CLIENT, &login), 1);
	assert_null(strchr(rig_last(r)->text, '\x1b'));
}

static void
past_256_and_without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;
	const struct obs_login login = { .protocol = "imap", .success = TRUTH_YES };

	for (unsigned i = 0; i <= 256; i++)
		assert_int_equal(log_in_at(r, addr_v4(198, 51, (uint8_t)(i >> 8), (uint8_t)i),
					 ROLE_CLIENT, &login),
			i < 256);
	rig_window_next(r);
	r->memory.cap_bytes = 0;
	assert_int_equal(log_in(r, &login), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_log_in_by_telnet_is_told_once),
		TEST(each_protocol_outcome_and_server_is_told),
		TEST(other_protocols_and_who_is_asked_are_left_out),
		TEST(a_name_from_the_wire_is_cut_and_made_safe),
		TEST(past_256_and_without_memory_it_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
