#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_empty_request;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_empty_request);
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
ask(struct rig *r, const char *host, const char *uri, uint64_t body, unsigned n)
{
	const struct obs_http http = { .host = host, .uri = uri, .request_body_len = body };
	size_t findings = 0;

	for (unsigned i = 0; i < n; i++)
		findings += rig_request(r, &http);
	return findings;
}

static void
four_empty_requests_are_told_and_then_each_tenfold(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, "google.com", "/", 0, 2), 0);
	assert_int_equal(ask(r, "WWW.Google.com:80", "/", 0, 1), 0);
	assert_int_equal(ask(r, "google.com", "/", 0, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "EMPTY_CONNECTIONS");
	assert_string_equal(e->kind->technique, "T1016.001");
	assert_int_equal(e->kind->signature_id, 5200206);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 4);
	assert_int_equal(e->threshold, 4);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "google.com");
	assert_string_equal(
		e->text, "asked google.com for its front page 4 times and sent nothing");
	assert_int_equal(ask(r, "google.com", "/", 0, 35), 0);
	assert_int_equal(ask(r, "google.com", "/", 0, 1), 1);
}

static void
each_name_and_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, "google.com", "/", 0, 3), 0);
	assert_int_equal(ask(r, "bing.com", "/", 0, 3), 0);
	rig_window_next(r);
	assert_int_equal(ask(r, "google.com", "/", 0, 3), 0);
	assert_int_equal(ask(r, "google.com", "/", 0, 1), 1);
}

static void
other_requests_are_not_empty(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = { .host = "google.com", .uri = "/" };

	assert_int_equal(ask(r, "google.com", "/search", 0, 9), 0);
	assert_int_equal(ask(r, "google.com", "/", 1, 9), 0);
	assert_int_equal(ask(r, "google.com", NULL, 0, 9), 0);
	assert_int_equal(ask(r, NULL, "/", 0, 9), 0);
	assert_int_equal(ask(r, "google.co", "/", 0, 9), 0);
	assert_int_equal(ask(r, "mail.google.com", "/", 0, 9), 0);
	assert_int_equal(ask(r, "www.", "/", 0, 9), 0);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
}

static void
without_memory_nothing_is_counted(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 16;
	assert_int_equal(ask(r, "google.com", "/", 0, 9), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(four_empty_requests_are_told_and_then_each_tenfold),
		TEST(each_name_and_window_counts_for_itself),
		TEST(other_requests_are_not_empty),
		TEST(without_memory_nothing_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
