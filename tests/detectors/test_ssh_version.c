#include "daemon/transactions/software.h"
#include "tests/support/detector_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_ssh_version;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_ssh_version);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_software
client(const char *name, uint64_t major, uint64_t minor)
{
	return (struct obs_software){
		.type = "SSH::CLIENT",
		.name = name,
		.version = { major, minor, TRANSACTION_UNSET, TRANSACTION_UNSET },
	};
}

/* returns how many findings that made */
static size_t
say(struct rig *r, enum obs_role role, const struct obs_software *s)
{
	size_t before = r->raised_count;
	const struct obs_talk talk = { .id = 1, .uid = rig_uid(7) };

	rig_observe(r, &(struct observation){ .kind = OBS_SOFTWARE,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .software = s });
	return r->raised_count - before;
}

static size_t
speak(struct rig *r, const char *name, uint64_t major, uint64_t minor)
{
	const struct obs_software s = client(name, major, minor);

	return say(r, ROLE_CLIENT, &s);
}

static void
another_version_than_the_last_one_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(speak(r, "OpenSSH", 8, 1), 0);
	assert_int_equal(speak(r, "OpenSSH", 8, 1), 0);
	rig_window_next(r); /* the host is the same */
	assert_int_equal(speak(r, "OpenSSH", 9, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "MULTIPLE_SSH_VERSIONS");
	assert_string_equal(e->kind->technique, "T1021.004");
	assert_int_equal(e->kind->signature_id, 5200357);
	assert_string_equal(e->kind->unit, "changes");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.9F, 1e-6F);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "client");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text, "changed its SSH client OpenSSH from version 8.1 to 9.1");
	assert_int_equal(speak(r, "OpenSSH", 9, 1), 0);
	for (unsigned n = 2; n <= 10; n++)
		assert_int_equal(speak(r, "OpenSSH", 9, n), n == 10);
	assert_string_equal(
		rig_last(r)->text, "changed its SSH client OpenSSH from version 9.9 to 9.10");
}

static void
two_programs_and_two_roles_are_no_change(void **state)
{
	struct rig *r = *state;
	struct obs_software s = client("OpenSSH", 9, 6);

	assert_int_equal(speak(r, "OpenSSH", 8, 1), 0);
	assert_int_equal(speak(r, "libssh2", 1, 11), 0);
	assert_int_equal(speak(r, "OpenSSH", 9, 1), 0);
	s.type = "SSH::SERVER";
	assert_int_equal(say(r, ROLE_SERVER, &s), 0);
	assert_int_equal(say(r, ROLE_CLIENT, &s), 0);
	s.version[1] = TRANSACTION_UNSET;
	assert_int_equal(say(r, ROLE_SERVER, &s), 1);
	assert_string_equal(rig_last(r)->object, "server");
	assert_string_equal(
		rig_last(r)->text, "changed its SSH server OpenSSH from version 9.6 to 9");
}

static void
what_is_not_known_is_no_change(void **state)
{
	struct rig *r = *state;
	struct obs_software s = client("OpenSSH", 9, 6);

	(void)speak(r, "OpenSSH", 8, 1);
	assert_int_equal(say(r, ROLE_SERVER, &s), 0);
	s.type = "HTTP::BROWSER";
	assert_int_equal(say(r, ROLE_CLIENT, &s), 0);
	s.type = NULL;
	assert_int_equal(say(r, ROLE_CLIENT, &s), 0);
	s = client(NULL, 9, 6);
	assert_int_equal(say(r, ROLE_CLIENT, &s), 0);
	s = client("OpenSSH", TRANSACTION_UNSET, 6);
	assert_int_equal(say(r, ROLE_CLIENT, &s), 0);
}

static void
sixty_four_bytes_of_a_name_are_told(void **state)
{
	struct rig *r = *state;
	char name[66];
	char told[128];

	for (int length = 64; length <= 65; length++) {
		(void)snprintf(name, sizeof(name), "%0*d", length, 7);
		(void)speak(r, name, 1, 1);
		assert_int_equal(speak(r, name, 1, (uint64_t)length), 1);
		(void)snprintf(told, sizeof(told), "changed its SSH client %.64s%s from", name,
			length == 64 ? "" : "...");
		assert_memory_equal(rig_last(r)->text, told, strlen(told));
		rig_profile_gone(r);
	}
}

static void
a_hostile_name_is_cut_and_made_safe(void **state)
{
	struct rig *r = *state;
	char name[200];

	memset(name, '\x1b', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	(void)speak(r, name, 1, UINT64_MAX - 1);
	assert_int_equal(speak(r, name, UINT64_MAX - 1, UINT64_MAX - 1), 1);
	assert_null(strchr(rig_last(r)->text, '\x1b'));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(another_version_than_the_last_one_is_told),
		TEST(two_programs_and_two_roles_are_no_change),
		TEST(what_is_not_known_is_no_change),
		TEST(sixty_four_bytes_of_a_name_are_told),
		TEST(a_hostile_name_is_cut_and_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
