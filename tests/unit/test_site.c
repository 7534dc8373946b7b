#include "daemon/site.h"

#include "daemon/base/time_text.h"
#include "daemon/observation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

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
	struct site *s = site_new(4, &key);
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
	struct site *s = site_new(4, &key);
	struct addr printer = addr_v4(10, 0, 0, 9);

	(void)state;
	answer(s, addr_v4(224, 0, 0, 251), printer, 1);
	assert_false(site_is_resolved(s, &printer, NS_PER_S));
	site_free(s);
}

static void
the_least_recently_confirmed_makes_room(void **state)
{
	struct site *s = site_new(2, &key);
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
	struct site *s = site_new(2, &key);
	struct obs_arp arp = { .sender = addr_v4(10, 0, 0, 1) };

	(void)state;
	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 1, .arp = &arp });
	assert_int_equal(site_stats(s).names, 0);
	site_free(s);
	site_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_resolves_for_a_day),
		cmocka_unit_test(multicast_answers_are_not_learned),
		cmocka_unit_test(the_least_recently_confirmed_makes_room),
		cmocka_unit_test(other_observations_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
