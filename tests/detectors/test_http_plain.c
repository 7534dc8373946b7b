#include "tests/support/detector_rig.h"

#include "daemon/transactions/http.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_http_plain;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_http_plain);
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
ask(struct rig *r, struct addr server, enum obs_role role, const char *method)
{
	const struct obs_talk talk = { .uid = rig_uid(1), .resp_port = 8080 };
	const struct obs_http http = { .server = server, .method = method };
	size_t before = r->raised_count;

	rig_observe(r, &(struct observation){ .kind = OBS_HTTP,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .http = &http });
	return r->raised_count - before;
}

static void
requests_are_told_at_the_first_and_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 100; i++)
		assert_int_equal(ask(r, addr_v4(9, 9, 9, 9), ROLE_CLIENT, "GET"),
			i == 1 || i == 10 || i == 100);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "HTTP_TRAFFIC");
	assert_string_equal(e->kind->technique, "T1040");
	assert_int_equal(e->kind->signature_id, 5200254);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_int_equal(e->port, 8080);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 100);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(
		e->text, "asked the Internet in the clear 100 times, last 9.9.9.9 port 8080");
	assert_string_equal(r->raised[0].text,
		"asked the Internet in the clear 1 time, last 9.9.9.9 port 8080");
	rig_window_next(r);
	assert_int_equal(ask(r, addr_v4(9, 9, 9, 9), ROLE_CLIENT, "GET"), 1);
}

static void
the_setting_says_how_many(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_requests", 3);
	for (unsigned i = 1; i <= 30; i++)
		assert_int_equal(
			ask(r, addr_v4(9, 9, 9, 9), ROLE_CLIENT, "GET"), i == 3 || i == 30);
	assert_int_equal(rig_last(r)->threshold, 3);
	assert_false(rig_setting_takes(r, "min_requests", 0));
	assert_true(rig_setting_takes(r, "min_requests", 1));
	assert_true(rig_setting_takes(r, "min_requests", 1000000));
	assert_false(rig_setting_takes(r, "min_requests", 1000001));
}

static void
answers_servers_and_the_inside_are_none(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, addr_v4(9, 9, 9, 9), ROLE_CLIENT, NULL), 0);
	assert_int_equal(ask(r, addr_v4(9, 9, 9, 9), ROLE_SERVER, "GET"), 0);
	assert_int_equal(ask(r, addr_v4(10, 0, 0, 9), ROLE_CLIENT, "GET"), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(requests_are_told_at_the_first_and_at_each_tenfold),
		TEST(the_setting_says_how_many),
		TEST(answers_servers_and_the_inside_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
