#include "tests/support/name_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct detector detector_dns_arpa;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dns_arpa);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static void
ask_for(struct rig *r, const char *name)
{
	rig_dns(r, &(struct obs_dns){ .query = name, .query_type = 12, .rcode = 3 });
}

/* Ask for the addresses 192.0.2.[first, end), `gap_ns` apart. */
static void
ask_for_all(struct rig *r, unsigned first, unsigned end, uint64_t gap_ns)
{
	char name[64];

	for (unsigned i = first; i < end; i++) {
		(void)snprintf(name, sizeof(name), "%u.2.0.192.in-addr.arpa", i);
		ask_for(r, name);
		rig_tick(r, r->now_ns + gap_ns);
	}
}

static void
ten_names_within_two_seconds_are_a_scan(void **state)
{
	struct rig *r = *state;

	ask_for_all(r, 0, 9, 1);
	assert_int_equal(r->raised_count, 0);
	ask_for_all(r, 9, 10, 1);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DNS_ARPA_SCAN");
	assert_string_equal(e->kind->technique, "T1018");
	assert_int_equal(e->kind->signature_id, 5200105);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.7, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text, "asked for the names of 10 addresses within 2 s");
}

static void
the_two_seconds_slide(void **state)
{
	struct rig *r = *state;

	ask_for_all(r, 0, 100, NS_PER_S / 4); /* nine within two seconds */
	assert_int_equal(r->raised_count, 0);
	ask_for_all(r, 100, 120, NS_PER_S * 2 / 9);
	assert_int_equal(r->raised_count, 1);
}

static void
a_window_is_told_once(void **state)
{
	struct rig *r = *state;

	ask_for_all(r, 0, 200, 1);
	assert_int_equal(r->raised_count, 1);
	rig_window_next(r);
	ask_for_all(r, 0, 10, 1);
	assert_int_equal(r->raised_count, 2);
}

static void
the_same_name_counts_once(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 20; i++)
		ask_for_all(r, 0, 9, 1);
	assert_int_equal(r->raised_count, 0);
	rig_window_next(r);
	for (int i = 0; i < 20; i++)
		ask_for_all(r, 0, 1, 1); /* and for the next one, too */
	ask_for_all(r, 1, 9, 1);
	assert_int_equal(r->raised_count, 0);
	ask_for_all(r, 9, 10, 1);
	assert_int_equal(r->raised_count, 1);
}

static void
addresses_of_ipv6_count_too(void **state)
{
	struct rig *r = *state;
	char name[64];

	for (unsigned i = 0; i < 10; i++) {
		(void)snprintf(name, sizeof(name), "%x.f.8.b.d.0.1.0.0.2.ip6.arpa", i + 6);
		ask_for(r, name);
	}
	assert_int_equal(r->raised_count, 1);
}

static void
other_names_do_not_count(void **state)
{
	struct rig *r = *state;
	char name[64];

	ask_for_all(r, 0, 9, 0);
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "%u.example.com", i);
		ask_for(r, name);
		(void)snprintf(name, sizeof(name), "lb._dns-sd._udp.%u.in-addr.arpa", i);
		ask_for(r, name);
		(void)snprintf(name, sizeof(name), "b._dns-sd._udp.%u.in-addr.arpa", i);
		ask_for(r, name);
		(void)snprintf(name, sizeof(name), "x%u.in-addr.arpa", i);
		ask_for(r, name);
		(void)snprintf(name, sizeof(name), "10.%u.in-addr.arpa", i);
		rig_dns(r, &(struct obs_dns){ .query = name, .query_type = 16 });
		rig_dns(r, &(struct obs_dns){ .query_type = 12 });
		rig_dns(r, &(struct obs_dns){ .query = name,
				   .query_type = 12,
				   .server = addr_v4(224, 0, 0, 251) });
	}
	assert_int_equal(r->raised_count, 0);
}

static void
the_time_is_that_of_the_question(void **state)
{
	struct rig *r = *state;
	char name[64];

	for (unsigned i = 0; i < 20; i++) { /* given up all at once, asked one a second */
		(void)snprintf(name, sizeof(name), "%u.2.0.192.in-addr.arpa", i);
		const struct obs_dns dns = { .client = r->host,
			.query = name,
			.query_type = 12,
			.rcode = TRANSACTION_UNSET };
		rig_observe(r, &(struct observation){ .kind = OBS_DNS,
				       .ts_ns = r->now_ns,
				       .began_ns = r->now_ns - (60 - i) * NS_PER_S,
				       .dns = &dns });
	}
	assert_int_equal(r->raised_count, 0);
}

static void
what_was_never_asked_is_no_question_of_1970(void **state)
{
	struct rig *r = *state;
	const struct obs_dns dns = {
		.client = r->host, .query = "1.2.0.192.in-addr.arpa", .query_type = 12
	};

	rig_observe(r, &(struct observation){
			       .kind = OBS_DNS, .ts_ns = r->now_ns, .began_ns = 2, .dns = &dns });
	assert_int_equal(r->raised_count, 0);
}

static void
a_ring_of_64_is_all_that_is_kept(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_names", 64);
	ask_for_all(r, 0, 63, 1);
	size_t used = r->memory.used_bytes;
	assert_int_equal(r->raised_count, 0);
	ask_for_all(r, 63, 64, 1);
	assert_int_equal(r->raised_count, 1);
	ask_for_all(r, 64, 250, 1);
	assert_int_equal(r->memory.used_bytes, used);
	rig_window_next(r);
	r->memory.cap_bytes = 64;
	ask_for_all(r, 0, 200, 1);
	assert_int_equal(r->raised_count, 1);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_names", 1));
	assert_true(rig_setting_takes(r, "min_names", 2));
	assert_true(rig_setting_takes(r, "min_names", 64));
	assert_false(rig_setting_takes(r, "min_names", 65));
	assert_false(rig_setting_takes(r, "span", NS_PER_S / 10 - 1));
	assert_true(rig_setting_takes(r, "span", NS_PER_S / 10));
	assert_true(rig_setting_takes(r, "span", 600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "span", 600 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(ten_names_within_two_seconds_are_a_scan),
		TEST(the_two_seconds_slide),
		TEST(a_window_is_told_once),
		TEST(the_same_name_counts_once),
		TEST(addresses_of_ipv6_count_too),
		TEST(other_names_do_not_count),
		TEST(the_time_is_that_of_the_question),
		TEST(what_was_never_asked_is_no_question_of_1970),
		TEST(a_ring_of_64_is_all_that_is_kept),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
