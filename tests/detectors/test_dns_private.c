#include "tests/support/name_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_dns_private;

static struct addr resolver; /* 8.8.8.8 */

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dns_private);
	resolver = addr_v4(8, 8, 8, 8);
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
answered(struct rig *r, const char *name, struct addr a)
{
	const struct dns_answer answers[] = { { .addr = addr_v4(203, 0, 113, 1) }, { .addr = a } };
	size_t before = r->raised_count;

	rig_dns(r,
		&(struct obs_dns){
			.query = name, .server = resolver, .answers = answers, .answer_count = 2 });
	return r->raised_count - before;
}

static void
a_private_address_for_a_public_name_is_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(answered(r, "www.example.co.uk", addr_v4(192, 168, 1, 9)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "INVALID_DNS_RESOLUTION");
	assert_string_equal(e->kind->technique, "T1568");
	assert_int_equal(e->kind->signature_id, 5200106);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &resolver));
	assert_int_equal(e->port, 53);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "www.example.co.uk");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"was told by 8.8.8.8 that www.example.co.uk has the private address 192.168.1.9");
}

static void
one_answer_is_enough_and_a_long_name_is_cut(void **state)
{
	struct rig *r = *state;
	const struct dns_answer answer = { .addr = addr_v4(192, 168, 1, 9) };
	char name[128];

	(void)snprintf(name, sizeof(name), "%060d.example.com", 1);
	rig_dns(r,
		&(struct obs_dns){
			.query = name, .server = resolver, .answers = &answer, .answer_count = 1 });
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(strlen(rig_last(r)->object), EVIDENCE_OBJECT_MAX);
	assert_memory_equal(rig_last(r)->object, "...0000", 7);
}

static void
a_domain_is_told_once_a_window(void **state)
{
	struct rig *r = *state;

	assert_int_equal(answered(r, "a.example.com", addr_v4(10, 9, 9, 9)), 1);
	assert_int_equal(answered(r, "b.example.com", addr_v4(10, 9, 9, 9)), 0);
	assert_int_equal(answered(r, "example.org", addr_v4(10, 9, 9, 9)), 1);
	assert_int_equal(rig_last(r)->observed, 2);
	rig_window_next(r);
	assert_int_equal(answered(r, "a.example.com", addr_v4(10, 9, 9, 9)), 1);
}

static void
public_loopback_and_no_addresses_are_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(answered(r, "a.com", addr_v4(203, 0, 113, 2)), 0);
	assert_int_equal(answered(r, "a.com", addr_v4(127, 0, 0, 1)), 0);
	assert_int_equal(answered(r, "a.com", addr_v4(0, 0, 0, 0)), 0);
	rig_dns(r, &(struct obs_dns){ .query = "a.com", .server = resolver });
	assert_int_equal(r->raised_count, 0);
}

static void
names_of_the_inside_are_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(answered(r, "nas.local", addr_v4(10, 9, 9, 9)), 0);
	assert_int_equal(answered(r, "nas", addr_v4(10, 9, 9, 9)), 0);
	assert_int_equal(answered(r, NULL, addr_v4(10, 9, 9, 9)), 0);
	assert_int_equal(answered(r, "co.uk", addr_v4(10, 9, 9, 9)), 0);
}

static void
resolvers_of_the_inside_may_say_so(void **state)
{
	struct rig *r = *state;

	rig_name_is(r, "a.com", addr_v4(10, 9, 9, 9)); /* by 10.0.0.53 */
	resolver = addr_v4(224, 0, 0, 251);
	assert_int_equal(answered(r, "a.com", addr_v4(10, 9, 9, 9)), 0);
	assert_int_equal(r->raised_count, 0);
}

static void
sixty_four_domains_are_kept(void **state)
{
	struct rig *r = *state;
	char name[32];

	for (unsigned i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof(name), "x%u.com", i);
		assert_int_equal(answered(r, name, addr_v4(10, 9, 9, 9)), i < 64);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_private_address_for_a_public_name_is_told),
		TEST(one_answer_is_enough_and_a_long_name_is_cut),
		TEST(a_domain_is_told_once_a_window),
		TEST(public_loopback_and_no_addresses_are_nothing),
		TEST(names_of_the_inside_are_nothing),
		TEST(resolvers_of_the_inside_may_say_so),
		TEST(sixty_four_domains_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
