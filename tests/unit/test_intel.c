#include "daemon/intel/intel.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct intel_hit *
addr_hit(const struct intel *i, const char *text, struct intel_found *room)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return intel_find_addr(i, LIST_MALICIOUS, &a, room);
}

static void
an_address_has_what_is_said_of_it_and_of_its_networks(void **state)
{
	const struct intel_indicator what[] = {
		intel_net("198.51.100.7", THREAT_LOW, "scanner"),
		intel_net("198.51.100.0/24", THREAT_MEDIUM, "bad net"),
		intel_net("2001:db8::7", THREAT_HIGH, "six"),
		intel_net("198.51.100.7", THREAT_HIGH, "control"),
	};
	const unsigned list[] = { 0, 0, 0, 1 };
	struct intel *i = intel_of(what, list, 4);
	struct intel_found room;

	(void)state;
	assert_int_equal(intel_count(i), 3);
	const struct intel_hit *hit = addr_hit(i, "198.51.100.7", &room);
	assert_non_null(hit);
	assert_string_equal(hit->source, "second.txt"); /* the worst first */
	assert_string_equal(hit->description, "control");
	assert_int_equal(hit->level, THREAT_HIGH);
	assert_string_equal(hit->next->description, "bad net");
	assert_string_equal(hit->next->next->description, "scanner");
	assert_string_equal(hit->next->next->source, "first.txt");
	assert_null(hit->next->next->next);
	hit = addr_hit(i, "198.51.100.8", &room);
	assert_string_equal(hit->description, "bad net");
	assert_null(hit->next);
	assert_string_equal(addr_hit(i, "2001:db8::7", &room)->description, "six");
	assert_null(addr_hit(i, "2001:db8::8", &room));
	assert_null(addr_hit(i, "198.51.101.7", &room));
	intel_free(i);
}

static void
a_parent_speaks_for_a_name_of_which_nothing_is_said(void **state)
{
	const struct intel_indicator what[] = {
		intel_name("bad.example", THREAT_HIGH, "parent"),
		intel_name("www.BAD.example.", THREAT_LOW, "child"),
	};
	const unsigned list[] = { 0, 0 };
	struct intel *i = intel_of(what, list, 2);
	struct intel_found room;
	bool is_parent;

	(void)state;
	assert_string_equal(intel_find_name(i, LIST_MALICIOUS, "bad.example", 11, &room, &is_parent)
				    ->description,
		"parent");
	assert_false(is_parent);
	const struct intel_hit *hit =
		intel_find_name(i, LIST_MALICIOUS, "www.bad.example", 15, &room, &is_parent);
	assert_string_equal(hit->description, "child");
	assert_null(hit->next);
	assert_false(is_parent);
	assert_string_equal(
		intel_find_name(i, LIST_MALICIOUS, "x.y.bad.example", 15, &room, &is_parent)
			->description,
		"parent");
	assert_true(is_parent);
	assert_string_equal(intel_find_name(i, LIST_MALICIOUS, "1.2.3.4.5.6.7.8.9.bad.example", 29,
				    &room, &is_parent)
				    ->description,
		"parent");
	assert_true(is_parent);
	assert_null(intel_find_name(i, LIST_MALICIOUS, "notbad.example", 14, &room, NULL));
	assert_null(intel_find_name(i, LIST_MALICIOUS, "example", 7, &room, NULL));
	assert_null(intel_find_name(i, LIST_MALICIOUS, "", 0, &room, NULL));
	intel_free(i);
}

static void
digests_and_autonomous_systems_are_kept_apart(void **state)
{
	const struct intel_indicator what[] = {
		intel_digest(INTEL_JA3, "0123456789abcdef0123456789abcdef", THREAT_HIGH),
		intel_digest(INTEL_SHA1, "0123456789ABCDEF0123456789abcdef01234567", THREAT_LOW),
		{ .type = INTEL_ASN, .asn = 64500, .level = THREAT_MEDIUM },
	};
	const unsigned list[] = { 0, 1, 2 };
	struct intel *i = intel_of(what, list, 3);
	char too_long[INTEL_DIGEST_MAX + 2] = "";
	struct intel_found room;

	(void)state;
	assert_non_null(intel_find_digest(
		i, LIST_MALICIOUS, INTEL_JA3, "0123456789ABCDEF0123456789abcdef", &room));
	assert_null(intel_find_digest(
		i, LIST_MALICIOUS, INTEL_MD5, "0123456789abcdef0123456789abcdef", &room));
	assert_non_null(intel_find_digest(
		i, LIST_MALICIOUS, INTEL_SHA1, "0123456789abcdef0123456789abcdef01234567", &room));
	assert_null(intel_find_digest(i, LIST_MALICIOUS, INTEL_SHA1, "", &room));
	memset(too_long, 'a', sizeof(too_long) - 1); /* 65 */
	assert_null(intel_find_digest(i, LIST_MALICIOUS, INTEL_SHA256, too_long, &room));
	const struct intel_hit *hit = intel_find_asn(i, LIST_MALICIOUS, 64500, &room);
	assert_string_equal(hit->source, "third.txt");
	assert_string_equal(hit->description, "");
	assert_true(hit->is_info);
	assert_null(intel_find_asn(i, LIST_MALICIOUS, 64501, &room));
	intel_free(i);
}

static void
another_category_is_another_question(void **state)
{
	const struct intel_indicator what[] = { intel_net("198.51.100.7", THREAT_LOW, "x") };
	const unsigned list[] = { 0 };
	struct intel *i = intel_of(what, list, 1);
	struct intel_found room;

	(void)state;
	assert_null(intel_find_addr(i, LIST_TOR, &what[0].network.base, &room));
	assert_non_null(intel_find_addr(i, LIST_MALICIOUS, &what[0].network.base, &room));
	intel_free(i);
}

/* Eighteen networks around one address: more than are told. */
static void
what_says_the_least_is_left_out(void **state)
{
	struct intel_indicator what[18];
	unsigned list[18] = { 0 };
	struct intel_found room;
	unsigned count = 0;

	(void)state;
	for (unsigned n = 0; n < 18; n++) {
		what[n] = intel_net("198.51.100.7", n % 4 == 0 ? THREAT_HIGH : THREAT_LOW, "x");
		what[n].network.prefix_len = (uint8_t)(128 - n);
		for (unsigned bit = 128 - n; bit < 128; bit++)
			what[n].network.base.byte[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	}
	struct intel *i = intel_of(what, list, 18);
	for (const struct intel_hit *h = addr_hit(i, "198.51.100.7", &room); h != NULL; h = h->next)
		assert_int_equal(h->level, count++ < 5 ? THREAT_HIGH : THREAT_LOW);
	assert_int_equal(count, INTEL_HITS_MAX);
	intel_free(i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_has_what_is_said_of_it_and_of_its_networks),
		cmocka_unit_test(a_parent_speaks_for_a_name_of_which_nothing_is_said),
		cmocka_unit_test(digests_and_autonomous_systems_are_kept_apart),
		cmocka_unit_test(another_category_is_another_question),
		cmocka_unit_test(what_says_the_least_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
