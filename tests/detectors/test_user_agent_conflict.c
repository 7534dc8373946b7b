#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_user_agent_conflict;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_user_agent_conflict);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

#define OLD    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"
#define NEW    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"
#define CHROME "Mozilla/5.0 AppleWebKit/537 Chrome/99.0 Safari/537"

/* returns how many findings `n` requests made */
static size_t
ask(struct rig *r, const char *agent, uint8_t server, unsigned n)
{
	const struct obs_http http = {
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(192, 168, 1, server),
		.user_agent = agent,
	};
	size_t findings = 0;

	for (unsigned i = 0; i < n; i++)
		findings += rig_request(r, &http);
	return findings;
}

static void
a_version_for_one_server_alone_is_told_once(void **state)
{
	struct rig *r = *state;

	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 9), 0);
	assert_int_equal(ask(r, NEW, 161, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "MULTIPLE_USER_AGENT");
	assert_string_equal(e->kind->technique, "T1071.001");
	assert_int_equal(e->kind->signature_id, 5200204);
	assert_int_equal(e->kind->aspect, ASPECT_CLIENT);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.6, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "192.168.1.161");
	assert_string_equal(e->text,
		"called itself Internet Explorer 11 in 10 requests to 192.168.1.161 and nowhere else, "
		"and Internet Explorer 8 at 3 other hosts");
	assert_int_equal(ask(r, NEW, 161, 100), 0);
}

static void
the_other_version_may_come_later(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, NEW, 161, 20), 0);
	assert_int_equal(ask(r, OLD, 1, 50), 0);
	assert_int_equal(ask(r, OLD, 2, 1), 0);
	assert_int_equal(ask(r, OLD, 3, 1), 1);
	assert_int_equal(rig_last(r)->observed, 20);
}

static void
a_version_that_went_to_two_servers_is_a_browser(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, NEW, 161, 1), 0);
	assert_int_equal(ask(r, NEW, 162, 20), 0);
	for (uint8_t server = 1; server <= 5; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
}

static void
another_browser_is_no_other_version(void **state)
{
	struct rig *r = *state;

	for (uint8_t server = 1; server <= 5; server++)
		assert_int_equal(ask(r, CHROME, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0);
	assert_int_equal(ask(r, "curl/8.0", 161, 50), 0);
	assert_int_equal(ask(r, "Mozilla/5.0", 161, 50), 0);
	assert_int_equal(ask(r, NULL, 161, 50), 0);
}

static void
servers_own_requests_are_not_counted(void **state)
{
	struct rig *r = *state;
	struct obs_http http = { .server = addr_v4(10, 0, 0, 1), .user_agent = NEW };

	for (uint8_t server = 1; server <= 3; server++)
		(void)ask(r, OLD, server, 1);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
}

static void
eight_versions_are_known(void **state)
{
	struct rig *r = *state;
	char agent[] = "Mozilla/5.0 Firefox/1x.0";

	for (uint8_t i = 0; i < 7; i++) {
		agent[strlen(agent) - 3] = "0123456"[i];
		assert_int_equal(ask(r, agent, (uint8_t)('0' + i), 1), 0);
	}
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0); /* the ninth */
	rig_window_next(r);
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 1);
}

static void
without_memory_nobody_is_accused(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 64;
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_version_for_one_server_alone_is_told_once),
		TEST(the_other_version_may_come_later),
		TEST(a_version_that_went_to_two_servers_is_a_browser),
		TEST(another_browser_is_no_other_version),
		TEST(servers_own_requests_are_not_counted),
		TEST(eight_versions_are_known),
		TEST(without_memory_nobody_is_accused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
