#include "daemon/site.h"

#include "daemon/base/time_text.h"
#include "daemon/observation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static struct site *
new_site(uint32_t names)
{
	return site_new(&(struct site_plan){ .names = names, .macs = 4 }, &key);
}

static void
answer(struct site *s, struct addr client, struct addr named, uint64_t at_s)
{
	struct dns_answer a = { .addr = named, .ttl_s = 60 };
	struct obs_dns dns = { .client = client, .query = "x", .answers = &a, .answer_count = 1 };

	site_learn(
		s, &(struct observation){ .kind = OBS_DNS, .ts_ns = at_s * NS_PER_S, .dns = &dns });
}

static void
an_answer_resolves_for_a_day(void **state)
{
	struct site *s = new_site(4);
	struct addr web = addr_v4(1, 2, 3, 4);
	struct addr other = addr_v4(1, 2, 3, 5);

	(void)state;
	assert_false(site_is_resolved(s, &web, 0));
	answer(s, addr_v4(10, 0, 0, 1), web, 100);
	assert_true(site_is_resolved(s, &web, 100 * NS_PER_S));
	assert_false(site_is_resolved(s, &other, 100 * NS_PER_S));
	assert_true(site_is_resolved(s, &web, (100 + 86399) * NS_PER_S));
	assert_false(site_is_resolved(s, &web, (100 + 86400) * NS_PER_S));
	answer(s, addr_v4(10, 0, 0, 1), web, 86400);
	assert_true(site_is_resolved(s, &web, (100 + 86400) * NS_PER_S));
	site_free(s);
}

static void
multicast_answers_are_not_learned(void **state)
{
	struct site *s = new_site(4);
	struct addr printer = addr_v4(10, 0, 0, 9);

	(void)state;
	answer(s, addr_v4(224, 0, 0, 251), printer, 1);
	assert_false(site_is_resolved(s, &printer, NS_PER_S));
	site_free(s);
}

static void
the_least_recently_confirmed_makes_room(void **state)
{
	struct site *s = new_site(2);
	struct addr client = addr_v4(10, 0, 0, 1);
	struct addr a = addr_v4(1, 0, 0, 1);
	struct addr b = addr_v4(1, 0, 0, 2);
	struct addr c = addr_v4(1, 0, 0, 3);

	(void)state;
	answer(s, client, a, 1);
	answer(s, client, b, 2);
	answer(s, client, a, 3);
	assert_int_equal(site_stats(s).names_evicted, 0);
	answer(s, client, c, 4);
	assert_true(site_is_resolved(s, &a, 4 * NS_PER_S));
	assert_false(site_is_resolved(s, &b, 4 * NS_PER_S));
	assert_true(site_is_resolved(s, &c, 4 * NS_PER_S));
	assert_int_equal(site_stats(s).names_evicted, 1);
	assert_int_equal(site_stats(s).names_learned, 3);
	assert_int_equal(site_stats(s).names, 2);
	site_free(s);
}

static void
other_observations_are_ignored(void **state)
{
	struct site *s = new_site(2);
	struct obs_arp arp = { .sender = addr_v4(10, 0, 0, 1) };

	(void)state;
	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 1, .arp = &arp });
	assert_int_equal(site_stats(s).names, 0);
	site_free(s);
	site_free(NULL);
}

static uint64_t
ns(uint64_t seconds)
{
	return seconds * NS_PER_S;
}

static void
names_come_back_in_their_order(void **state)
{
	struct site *s = new_site(4);
	uint8_t bytes[4 * 24];
	struct blob b = blob_over(bytes, sizeof(bytes));
	uint32_t count = 0;

	(void)state;
	for (uint8_t i = 1; i <= 4; i++)
		answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, i), 100 + i);
	assert_int_equal(site_save(s, &b), 4);
	site_free(s);
	s = new_site(3); /* there is room for the three latest */
	assert_true(site_restore(s, cursor_over(bytes, b.length), ns(200), &count));
	assert_int_equal(count, 4);
	assert_int_equal(site_stats(s).names, 3);
	for (uint8_t i = 1; i <= 4; i++) {
		struct addr a = addr_v4(1, 2, 3, i);
		assert_int_equal(site_is_resolved(s, &a, ns(200)), i > 1);
		assert_int_equal(site_is_resolved(s, &a, ns(100 + i + 86399)), i > 1);
		assert_false(site_is_resolved(s, &a, ns(100 + i + 86400)));
	}
	answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, 9), 201); /* the oldest makes room */
	struct addr oldest = addr_v4(1, 2, 3, 2);
	assert_false(site_is_resolved(s, &oldest, ns(201)));
	site_free(s);
}

static void
names_are_saved_as_far_as_they_fit(void **state)
{
	struct site *s = new_site(4);

	(void)state;
	for (uint8_t i = 1; i <= 4; i++)
		answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, i), 100);
	for (size_t room = 0; room < 100; room++) {
		uint8_t bytes[100];
		struct blob b = blob_over(bytes, room);
		uint32_t count = site_save(s, &b);
		assert_int_equal(count, room / 24);
		assert_int_equal(b.length, (size_t)count * 24);
		assert_false(b.overflow);
	}
	site_free(s);
}

static void
half_a_name_refuses_all(void **state)
{
	struct site *s = new_site(4);
	uint8_t bytes[2 * 24] = { 1 };

	(void)state;
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		uint32_t count = 0;
		bool whole = size % 24 == 0;
		assert_int_equal(site_restore(s, cursor_over(bytes, size), 1, &count), whole);
		assert_int_equal(count, whole ? size / 24 : 0);
		if (size < 24)
			assert_int_equal(site_stats(s).names, 0);
	}
	site_free(s);
}

static void
a_name_of_the_future_does_not_stay_for_ever(void **state)
{
	struct site *s = new_site(4);
	struct addr web = addr_v4(1, 2, 3, 4);
	uint8_t bytes[24];
	struct blob b = blob_over(bytes, sizeof(bytes));
	uint32_t count = 0;

	(void)state;
	blob_bytes(&b, &web, sizeof(web));
	blob_u64(&b, UINT64_MAX);
	assert_true(site_restore(s, cursor_over(bytes, b.length), ns(100), &count));
	assert_true(site_is_resolved(s, &web, ns(100)));
	assert_false(site_is_resolved(s, &web, ns(100 + 86400)));
	site_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_resolves_for_a_day),
		cmocka_unit_test(multicast_answers_are_not_learned),
		cmocka_unit_test(the_least_recently_confirmed_makes_room),
		cmocka_unit_test(other_observations_are_ignored),
		cmocka_unit_test(names_come_back_in_their_order),
		cmocka_unit_test(names_are_saved_as_far_as_they_fit),
		cmocka_unit_test(half_a_name_refuses_all),
		cmocka_unit_test(a_name_of_the_future_does_not_stay_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
