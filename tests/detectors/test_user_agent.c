#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_user_agent;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_user_agent);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static size_t
reports(struct rig *r, uint8_t server, const char *agent)
{
	const struct obs_http http = {
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(203, 0, 113, server),
		.user_agent = agent,
	};

	return rig_request(r, &http);
}

static void
a_tool_is_told_once_a_server(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, 9, "Mozilla/4.08 (Charon; Inferno)"), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "SUSPICIOUS_USER_AGENT");
	assert_string_equal(e->kind->technique, "T1071.001");
	assert_int_equal(e->kind->signature_id, 5200203);
	assert_int_equal(e->kind->aspect, ASPECT_CLIENT);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "203.0.113.9");
	assert_string_equal(e->text,
		"called itself \"Mozilla/4.08 (Charon; Inferno)\" at 203.0.113.9 port 80/tcp");
	assert_int_equal(reports(r, 9, "sqlmap/1.7"), 0);
	assert_int_equal(reports(r, 8, "sqlmap/1.7"), 1);
	assert_int_equal(reports(r, 7, "x (NMAP Scripting Engine)"), 1);
	assert_int_equal(reports(r, 6, "chm_msdn"), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
}

static void
a_look_up_is_high_even_of_a_server_that_was_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, 9, "nikto"), 1);
	assert_int_equal(reports(r, 9, "nikto ${JNDI:ldap://x}"), 1);
	assert_int_equal(rig_last(r)->threat, THREAT_HIGH);
	assert_float_equal(rig_last(r)->confidence, 0.9, 1e-9);
	assert_int_equal(reports(r, 9, "${jndi:ldap://x}"), 0);
}

static void
parts_of_words_are_nothing(void **state)
{
	static const char *const agents[] = { "pb", "webpbx", "nmapper", "xnmap", "my_nmap",
		"nmap_", "jndi", "$jndi:", "Charon", "", "Mozilla/5.0 (Windows NT 10.0)" };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(agents) / sizeof(*agents); i++)
		assert_int_equal(reports(r, 9, agents[i]), 0);
	assert_int_equal(reports(r, 9, NULL), 0);
	const struct obs_http http = { .user_agent = "nmap" };
	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
}

static void
what_is_long_or_hostile_breaks_nothing(void **state)
{
	struct rig *r = *state;
	char agent[2000];

	memset(agent, '\x1b', sizeof(agent));
	memcpy(agent + 1019, "nmap", 4);
	agent[1023] = '\0';
	assert_int_equal(reports(r, 9, agent), 1);
	assert_null(strpbrk(rig_last(r)->text, "\x1b\n"));
	agent[1023] = '\x1b';
	memcpy(agent + 1019, " ", 1);
	memset(agent + 1020, ' ', 4);
	memcpy(agent + 1024, "nmap", 5);
	assert_int_equal(reports(r, 8, agent), 0);
}

static void
sixty_four_servers_are_enough(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 64; i++)
		assert_int_equal(reports(r, i, "${jndi:ldap://x}"), 1);
	assert_int_equal(reports(r, 65, "${jndi:ldap://x}"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_tool_is_told_once_a_server),
		TEST(a_look_up_is_high_even_of_a_server_that_was_told),
		TEST(parts_of_words_are_nothing),
		TEST(what_is_long_or_hostile_breaks_nothing),
		TEST(sixty_four_servers_are_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
