#include "daemon/transactions/ssh.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_ssh_guessing;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_ssh_guessing);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct addr
server(void)
{
	return addr_v4(192, 0, 2, 1);
}

/* Two agreed on keys, and more is not known. */
static struct obs_ssh
session(void)
{
	return (struct obs_ssh){
		.auth_success = TRUTH_UNKNOWN,
		.client = "SSH-2.0-unheard_of_1.0",
		.server = "SSH-2.0-OpenSSH_9.6p1",
		.kex_alg = "curve25519-sha256",
	};
}

static struct obs_flow
conversation(uint64_t id)
{
	return (struct obs_flow){
		.id = id,
		.uid = rig_uid(7),
		.resp = server(),
		.orig_port = 40000,
		.resp_port = 902,
		.ip_proto = IPPROTO_TCP,
		.established = true,
		.service = "ssh",
		.state = CONN_SF,
		.orig_total.payload_bytes = 2000,
		.resp_total.payload_bytes = 2290,
	};
}

static void
say(struct rig *r, const struct obs_flow *f, const struct obs_ssh *ssh, enum obs_role role)
{
	const struct obs_talk talk = {
		.id = f->id,
		.uid = f->uid,
		.orig = r->host,
		.resp = f->resp,
		.orig_port = f->orig_port,
		.resp_port = f->resp_port,
		.ip_proto = IPPROTO_TCP,
	};

	rig_observe(r, &(struct observation){ .kind = OBS_SSH,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .ssh = ssh });
}

static size_t
reports(struct rig *r, struct obs_flow f, struct obs_ssh ssh)
{
	size_t before = r->raised_count;

	say(r, &f, &ssh, ROLE_CLIENT);
	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
guess(struct rig *r, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)reports(r, conversation(i + 1), session());
}

static void
the_ninth_session_that_led_nowhere_is_told(void **state)
{
	struct rig *r = *state;
	struct addr peer = server();

	guess(r, 8);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(reports(r, conversation(9), session()), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "PASSWORD_GUESSING");
	assert_string_equal(e->kind->technique, "T1110.001");
	assert_int_equal(e->kind->signature_id, 5200350);
	assert_string_equal(e->kind->unit, "attempts");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 902);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 9);
	assert_int_equal(e->threshold, 9);
	assert_string_equal(e->object, "192.0.2.1 port 902/tcp");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text, "failed 9 times to log in by SSH at 192.0.2.1 port 902/tcp");
}

static void
it_is_told_again_when_the_attempts_above_have_doubled_and_convicts_at_30(void **state)
{
	static const uint64_t told[] = { 9, 10, 12, 16, 24, 30, 40, 72 };
	struct rig *r = *state;

	guess(r, 135);
	assert_int_equal(r->raised_count, 8);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(r->raised[i].observed, told[i]);
		assert_int_equal(r->raised[i].decisive, told[i] >= 30);
	}
	assert_float_equal(r->raised[4].confidence, 0.785714F, 1e-6F);
	assert_float_equal(r->raised[5].confidence, 1, 1e-9);
	assert_int_equal(reports(r, conversation(1), session()), 1); /* 136 = 8 + 128 */
	assert_true(rig_last(r)->kind->may_convict);
}

/* detections 2.13: 24 attempts by libssh2 are 0.886. */
static void
programs_that_guess_are_known_by_their_banner(void **state)
{
	static const struct {
		const char *banner;
		double confidence;
		const char *text;
	} rows[] = {
		{ "SSH-2.0-libssh2_1.11.0", 0.6, ", by a program that calls itself libssh" },
		{ "SSH-2.0-PARAMIKO_3", 0.6, ", by a program that calls itself paramiko" },
		{ "SSH-2.0-OpenSSH_9.6p1", 0.55, ", by a program that calls itself openssh" },
		{ "SSH-2.0-x WinSCP", 0.55, ", by a program that calls itself winscp" },
		{ "SSH-2.0-WinSC", 0.5, "" },
		{ "", 0.5, "" },
		{ NULL, 0.5, "" },
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct obs_ssh ssh = session();
		ssh.client = rows[i].banner;
		for (unsigned n = 1; n <= 9; n++)
			(void)reports(r, conversation(n), ssh);
		const struct raised *e = rig_last(r);
		assert_float_equal(e->confidence, rows[i].confidence, 1e-9);
		assert_string_equal(strstr(e->text, "tcp") + 3, rows[i].text);
		rig_window_next(r);
	}
	struct obs_ssh ssh = session();
	ssh.client = rows[0].banner;
	for (unsigned n = 1; n <= 23; n++)
		(void)reports(r, conversation(n), ssh);
	ssh.client = NULL; /* the program is the one that was last known */
	(void)reports(r, conversation(24), ssh);
	assert_float_equal(rig_last(r)->confidence, 0.885714F, 1e-6F);
}

static void
the_confidence_lies_between_its_ends(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();

	rig_set_u32(r, "convict_attempts", 11);
	rig_set_u32(r, "min_attempts", 9);
	ssh.client = "SSH-2.0-libssh";
	for (unsigned n = 1; n <= 10; n++)
		(void)reports(r, conversation(n), ssh);
	assert_float_equal(rig_last(r)->confidence, 0.8, 1e-9);
	rig_window_next(r);
	rig_set_u32(r, "convict_attempts", 1000);
	rig_set_u32(r, "min_attempts", 996);
	ssh.auth_success = TRUTH_NO;
	ssh.auth_attempts = 999;
	assert_int_equal(reports(r, conversation(1), ssh), 1);
	assert_float_equal(rig_last(r)->confidence, 0.9F, 1e-6F);
	rig_window_next(r);
	rig_set_u32(r, "min_attempts", 100);
	assert_int_equal(reports(r, conversation(1), ssh), 1);
	assert_float_equal(rig_last(r)->confidence, 0.99, 1e-9);
	rig_window_next(r);
	rig_set_u32(r, "convict_attempts", 50);
	ssh.auth_attempts = 60;
	assert_int_equal(reports(r, conversation(1), ssh), 0); /* nor is what is no mention */
	rig_set_u32(r, "min_attempts", 120);
	assert_int_equal(reports(r, conversation(1), ssh), 1);
	assert_float_equal(rig_last(r)->confidence, 1, 1e-9);
	assert_true(rig_last(r)->decisive);
}

static void
refused_sessions_count_as_many_attempts_as_were_seen(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();
	struct obs_flow f = conversation(1);

	ssh.auth_success = TRUTH_NO;
	ssh.auth_attempts = 8;
	ssh.kex_alg = NULL;
	assert_int_equal(reports(r, f, ssh), 0);
	ssh.auth_attempts = 0;
	assert_int_equal(reports(r, f, ssh), 1); /* once: its end adds nothing */
	assert_int_equal(rig_last(r)->observed, 9);
	assert_string_equal(rig_last(r)->uids[0].text, rig_uid(7).text);
	ssh.auth_attempts = TRANSACTION_UNSET;
	assert_int_equal(reports(r, f, ssh), 1);
	assert_int_equal(rig_last(r)->observed, 10);
}

static void
sessions_that_let_somebody_in_count_nothing(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 20; i++) {
		struct obs_ssh ssh = session();
		struct obs_flow f = conversation(i);
		ssh.auth_success = TRUTH_YES;
		ssh.auth_attempts = 3;
		(void)reports(r, f, ssh);
		f.resp_total.payload_bytes++; /* as much as somebody who is in */
		(void)reports(r, f, session());
	}
	assert_int_equal(r->raised_count, 0);
	rig_set_size(r, "max_bytes", 4291);
	for (unsigned i = 1; i <= 9; i++) {
		struct obs_flow f = conversation(i);
		f.resp_total.payload_bytes++;
		(void)reports(r, f, session());
	}
	assert_int_equal(r->raised_count, 1);
}

/* Monitors read the banner and go. */
static void
a_session_without_keys_is_no_attempt(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();

	ssh.kex_alg = NULL;
	for (unsigned i = 1; i <= 20; i++)
		(void)reports(r, conversation(i), ssh);
	assert_int_equal(r->raised_count, 0);
}

static void
what_was_cut_short_or_is_another_conversation_is_no_attempt(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 20; i++) {
		struct obs_flow f = conversation(i);
		f.state = CONN_S1;
		(void)reports(r, f, session());
		f.id = 100 + i;
		f.state = CONN_OTH;
		(void)reports(r, f, session());
		f = conversation(200 + i); /* nothing was said in it */
		rig_flow(r, OBS_FLOW_END, &f);
		f.id = 300 + i;
		f.service = "ssl";
		(void)reports(r, f, session());
		f.id = 400 + i;
		f.service = "ssh";
		f.ip_proto = IPPROTO_UDP;
		(void)reports(r, f, session());
	}
	assert_int_equal(r->raised_count, 0);
}

static void
it_is_over_when_either_side_closed_or_reset_it(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 9; i++) {
		struct obs_flow f = conversation(i);
		f.state = i % 3 == 0 ? CONN_SF : i % 3 == 1 ? CONN_RSTO : CONN_RSTR;
		f.ended = FLOW_END_CAPTURE;
		(void)reports(r, f, session());
	}
	assert_int_equal(r->raised_count, 1);
}

static void
a_session_ends_once_and_only_the_client_guesses(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(1);
	struct obs_ssh ssh = session();

	rig_set_u32(r, "min_attempts", 2);
	say(r, &f, &ssh, ROLE_SERVER);
	rig_flow(r, OBS_FLOW_END, &f);
	say(r, &f, &ssh, ROLE_CLIENT);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	for (unsigned i = 0; i < 5; i++)
		rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0); /* one attempt */
	assert_int_equal(reports(r, f, ssh), 1);
}

static void
each_server_and_port_counts_for_itself(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 8; i++) {
		struct obs_flow f = conversation(i);
		(void)reports(r, f, session());
		f.resp_port = 22;
		(void)reports(r, f, session());
		f.resp = addr_v4(192, 0, 2, 2);
		(void)reports(r, f, session());
	}
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(reports(r, conversation(1), session()), 1);
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(1), session()), 0);
}

/* 32 sessions at once are waited for: those that began last. */
static void
the_first_of_too_many_sessions_at_once_are_forgotten(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();
	struct obs_flow f;

	rig_set_u32(r, "min_attempts", 32);
	rig_set_u32(r, "convict_attempts", 32);
	for (unsigned i = 1; i <= 33; i++) {
		f = conversation(i);
		say(r, &f, &ssh, ROLE_CLIENT);
	}
	for (unsigned i = 1; i <= 32; i++) {
		f = conversation(i);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
	f = conversation(33);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
servers_past_256_are_not_kept(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();

	ssh.auth_success = TRUTH_NO;
	ssh.auth_attempts = 8;
	for (unsigned i = 0; i <= 256; i++) {
		struct obs_flow f = conversation(1);
		f.resp_port = (uint16_t)(1000 + i);
		(void)reports(r, f, ssh);
	}
	struct obs_flow f = conversation(1);
	f.resp_port = 1256;
	assert_int_equal(reports(r, f, ssh), 0);
	f.resp_port = 1255;
	assert_int_equal(reports(r, f, ssh), 1);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();

	r->memory.cap_bytes = 0;
	guess(r, 20);
	ssh.auth_success = TRUTH_NO;
	ssh.auth_attempts = 100;
	(void)reports(r, conversation(1), ssh);
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
the_longest_sentence_fits(void **state)
{
	struct rig *r = *state;
	struct obs_ssh ssh = session();
	struct obs_flow f = conversation(1);

	assert_true(addr_parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", &f.resp));
	f.resp_port = 65535;
	ssh.client = "SSH-2.0-asyncssh";
	ssh.auth_success = TRUTH_NO;
	ssh.auth_attempts = UINT64_MAX - 1;
	assert_int_equal(reports(r, f, ssh), 1);
	assert_non_null(strstr(rig_last(r)->text, "port 65535/tcp, by a program that calls itself "
						  "asyncssh"));
}

static void
the_settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_attempts", 1));
	assert_true(rig_setting_takes(r, "min_attempts", 10000));
	assert_false(rig_setting_takes(r, "min_attempts", 10001));
	assert_false(rig_setting_takes(r, "convict_attempts", 1));
	assert_true(rig_setting_takes(r, "convict_attempts", 1000000));
	assert_false(rig_setting_takes(r, "convict_attempts", 1000001));
	assert_false(rig_setting_takes(r, "max_bytes", 0));
	assert_true(rig_setting_takes(r, "max_bytes", 1));
	assert_true(rig_setting_takes(r, "max_bytes", 1048576));
	assert_false(rig_setting_takes(r, "max_bytes", 1048577));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(the_ninth_session_that_led_nowhere_is_told),
		TEST(it_is_told_again_when_the_attempts_above_have_doubled_and_convicts_at_30),
		TEST(programs_that_guess_are_known_by_their_banner),
		TEST(the_confidence_lies_between_its_ends),
		TEST(refused_sessions_count_as_many_attempts_as_were_seen),
		TEST(sessions_that_let_somebody_in_count_nothing),
		TEST(a_session_without_keys_is_no_attempt),
		TEST(what_was_cut_short_or_is_another_conversation_is_no_attempt),
		TEST(it_is_over_when_either_side_closed_or_reset_it),
		TEST(a_session_ends_once_and_only_the_client_guesses),
		TEST(each_server_and_port_counts_for_itself),
		TEST(the_first_of_too_many_sessions_at_once_are_forgotten),
		TEST(servers_past_256_are_not_kept),
		TEST(without_memory_it_is_quiet),
		TEST(the_longest_sentence_fits),
		TEST(the_settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
