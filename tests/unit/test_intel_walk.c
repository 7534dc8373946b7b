#include "daemon/intel/intel_walk.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct intel *
sample(void)
{
	const struct intel_indicator what[] = {
		intel_net("198.51.100.1", THREAT_LOW, "first's"),
		intel_name("only.example", THREAT_LOW, ""),
		intel_net("192.0.2.0/24", THREAT_LOW, "first's"),
		intel_net("198.51.100.1", THREAT_HIGH, "second's"),
		intel_net("0.0.0.0/0", THREAT_LOW, "all"),
		intel_net("128.0.0.0/1", THREAT_LOW, "half"),
		intel_net("192.0.2.0/24", THREAT_MEDIUM, "net"),
		intel_net("192.0.2.128/31", THREAT_MEDIUM, "two"),
		intel_net("2001:db8::1", THREAT_MEDIUM, "six"),
		intel_net("2001:db8:ffff:ffff:fffe::/79", THREAT_MEDIUM, "nets"),
		intel_name("bad.example", THREAT_CRITICAL, "name"),
		intel_digest(INTEL_JA3, "e7d705a3286e19ea42f587b344ee6865", THREAT_INFO),
		{ .type = INTEL_ASN, .asn = 64500, .tag = intel_text_of("tag") },
	};
	const unsigned list[] = { 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	return intel_of(what, list, sizeof(what) / sizeof(what[0]));
}

/* A store of what one list says in another. */
static struct intel *
said_again(const struct intel *i, const char *list, uint64_t *ret_count)
{
	static const struct hash_key key = { { 3, 4 } }; /* intel_of()'s */
	struct intel_indicator what;
	struct intel_room room = { 0 };
	struct intel_build *b = NULL;
	struct intel_walk w;
	bool found = false;

	assert_true(intel_walk_begin(&w, i, list));
	while (intel_walk_next(&w, &what, &found))
		assert_true(!found || intel_room_add(&room, &what));
	*ret_count = room.count;
	assert_int_equal(intel_build_new(&room, 1 << 20, &key, &b), 0);
	assert_int_equal(intel_build_list(b, list, LIST_MALICIOUS, false), 0);
	assert_true(intel_walk_begin(&w, i, list));
	while (intel_walk_next(&w, &what, &found))
		assert_true(!found || intel_build_add(b, 0, &what) == 0);
	return intel_build_done(b);
}

static const char *
told(const struct intel_hit *hit)
{
	return hit == NULL ? NULL : hit->description;
}

static const char *
addr_told(const struct intel *i, const char *text)
{
	struct intel_found room;
	struct addr a;

	assert_true(addr_parse(text, &a));
	return told(intel_find_addr(i, LIST_MALICIOUS, &a, &room));
}

static void
what_a_list_says_is_said_again_and_nothing_else(void **state)
{
	struct intel_found room;
	uint64_t count = 0;

	(void)state;
	struct intel *old = sample();
	struct intel *i = said_again(old, "second.txt", &count);
	intel_free(old);
	assert_int_equal(count, 10);
	assert_int_equal(intel_count(i), 10);
	assert_string_equal(addr_told(i, "198.51.100.1"), "second's");
	assert_string_equal(addr_told(i, "1.2.3.4"), "all");
	assert_string_equal(addr_told(i, "192.0.2.1"), "net");
	assert_string_equal(addr_told(i, "192.0.2.129"), "two");
	assert_string_equal(addr_told(i, "2001:db8::1"), "six");
	assert_string_equal(addr_told(i, "2001:db8:ffff:ffff:ffff::1"), "nets");
	assert_null(addr_told(i, "2001:db8:ffff:ffff:fffd::1"));
	assert_null(addr_told(i, "2001:db8::2"));
	const struct intel_hit *hit =
		intel_find_name(i, LIST_MALICIOUS, "www.bad.example", 15, &room, NULL);
	assert_string_equal(told(hit), "name");
	assert_int_equal(hit->level, THREAT_CRITICAL);
	assert_null(intel_find_name(i, LIST_MALICIOUS, "only.example", 12, &room, NULL));
	assert_non_null(intel_find_digest(
		i, LIST_MALICIOUS, INTEL_JA3, "E7D705A3286E19EA42F587B344EE6865", &room));
	hit = intel_find_asn(i, LIST_MALICIOUS, 64500, &room);
	assert_non_null(hit);
	assert_string_equal(hit->tag, "tag");
	intel_free(i);
}

static void
a_half_and_a_pair_of_addresses_keep_their_width(void **state)
{
	struct intel_found room;
	struct addr a;
	uint64_t count = 0;

	(void)state;
	struct intel *old = sample();
	struct intel *i = said_again(old, "second.txt", &count);
	assert_true(addr_parse("192.0.2.128", &a));
	assert_non_null(intel_find_addr(i, LIST_MALICIOUS, &a, &room));
	assert_int_equal(room.count, 4);
	assert_true(addr_parse("192.0.2.130", &a));
	assert_non_null(intel_find_addr(i, LIST_MALICIOUS, &a, &room));
	assert_int_equal(room.count, 3);
	assert_true(addr_parse("127.255.255.255", &a));
	assert_non_null(intel_find_addr(i, LIST_MALICIOUS, &a, &room));
	assert_int_equal(room.count, 1);
	intel_free(i);
	intel_free(old);
}

static void
a_list_that_says_nothing_is_walked_through(void **state)
{
	uint64_t count = 1;

	(void)state;
	struct intel *old = sample();
	intel_free(said_again(old, "third.txt", &count));
	assert_int_equal(count, 0);
	intel_free(old);
}

static void
a_list_that_is_not_there_is_none(void **state)
{
	struct intel_walk w;

	(void)state;
	struct intel *old = sample();
	assert_false(intel_walk_begin(&w, old, "fourth.txt"));
	assert_false(intel_walk_begin(&w, NULL, "first.txt"));
	intel_free(old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_list_says_is_said_again_and_nothing_else),
		cmocka_unit_test(a_half_and_a_pair_of_addresses_keep_their_width),
		cmocka_unit_test(a_list_that_says_nothing_is_walked_through),
		cmocka_unit_test(a_list_that_is_not_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
