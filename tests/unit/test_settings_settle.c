#include "daemon/settings/settings_settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MIB (UINT64_C(1024) * 1024)

static bool
is_home(const struct settings *s, const char *text)
{
	const struct setting_cidr *nets = s->home_network.items;
	struct addr a;

	assert_true(addr_parse(text, &a));
	for (size_t i = 0; i < s->home_network.count; i++)
		if (cidr_contains(&nets[i].value, &a))
			return true;
	return false;
}

static void
over_files_a_flow_is_its_originators_and_every_host_is_at_home(void **state)
{
	struct settings s = { 0 };

	(void)state;
	settings_settle_files(&s);
	assert_int_equal(s.direction, DIRECTION_OUT);
	assert_int_equal(s.home_network.count, 0);
	assert_int_equal(s.memory.limit, 1024 * MIB);
}

static void
live_private_networks_are_home_and_both_sides_are_told(void **state)
{
	static const char *const home[] = { "10.255.255.255", "172.31.0.1", "192.168.7.1",
		"100.127.0.1", "169.254.1.1", "fd00::1", "fe80::1" };
	static const char *const away[] = { "11.0.0.0", "172.32.0.1", "192.169.0.1", "100.128.0.1",
		"8.8.8.8", "2001:db8::1", "::1" };
	struct setting_cidr room[SETTINGS_HOME_MAX];
	struct settings s = { 0 };

	(void)state;
	settings_settle_live(&s, NULL, 0, room);
	assert_int_equal(s.direction, DIRECTION_ALL);
	assert_int_equal(s.memory.limit, 128 * MIB);
	for (size_t i = 0; i < sizeof(home) / sizeof(home[0]); i++)
		assert_true(is_home(&s, home[i]));
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		assert_false(is_home(&s, away[i]));
}

static void
networks_of_the_interfaces_are_home_as_far_as_there_is_room(void **state)
{
	struct cidr prefixes[SETTINGS_PREFIXES_MAX + 8];
	struct setting_cidr room[SETTINGS_HOME_MAX];
	struct settings s = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		prefixes[i] = (struct cidr){ .base = addr_v4(198, 51, 100, (uint8_t)i),
			.prefix_len = 128 };
	settings_settle_live(&s, prefixes, 2, room);
	assert_true(is_home(&s, "198.51.100.0"));
	assert_true(is_home(&s, "198.51.100.1"));
	assert_false(is_home(&s, "198.51.100.2"));

	s = (struct settings){ 0 };
	settings_settle_live(&s, prefixes, sizeof(prefixes) / sizeof(prefixes[0]), room);
	assert_int_equal(s.home_network.count, SETTINGS_HOME_MAX);
	assert_true(is_home(&s, "198.51.100.63"));
}

static void
what_was_set_stays(void **state)
{
	struct setting_cidr given = { 0 };
	struct setting_cidr room[SETTINGS_HOME_MAX];
	struct settings s = { .home_network = { .items = &given, .count = 1 },
		.direction = DIRECTION_OUT,
		.memory.limit = 64 * MIB };

	(void)state;
	settings_settle_live(&s, NULL, 0, room);
	assert_ptr_equal(s.home_network.items, &given);
	assert_int_equal(s.direction, DIRECTION_OUT);
	assert_int_equal(s.memory.limit, 64 * MIB);
	s.direction = DIRECTION_ALL;
	settings_settle_files(&s);
	assert_int_equal(s.direction, DIRECTION_ALL);
	assert_int_equal(s.memory.limit, 64 * MIB);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_files_a_flow_is_its_originators_and_every_host_is_at_home),
		cmocka_unit_test(live_private_networks_are_home_and_both_sides_are_told),
		cmocka_unit_test(networks_of_the_interfaces_are_home_as_far_as_there_is_room),
		cmocka_unit_test(what_was_set_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
