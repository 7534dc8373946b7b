/* test_site_device.c -- cards, the addresses that they had, and what is new of them. */
#include "daemon/site/site_device.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAPACITY = 3 };

static struct site_devices devices;

static int
set_up(void **state)
{
	static const struct hash_key key = { { 1, 2 } };

	(void)state;
	devices = (struct site_devices){ 0 };
	return site_devices_init(&devices, CAPACITY, &key);
}

static int
tear_down(void **state)
{
	(void)state;
	site_devices_done(&devices);
	return 0;
}

static struct mac
card(uint8_t n)
{
	return (struct mac){ { 0x02, 0, 0, 0, 0, n } };
}

static void
see(uint8_t n, uint8_t host, uint64_t at_s)
{
	const struct mac mac = card(n);
	const struct addr a = addr_v4(10, 0, 0, host);

	site_devices_see(&devices, &mac, &a, at_s * NS_PER_S);
}

/* The last byte of the card that has news, 0 if none has. */
static uint8_t
news(uint64_t before_s)
{
	const struct site_device *d = site_devices_news(&devices, before_s * NS_PER_S);

	return d == NULL ? 0 : d->mac.byte[5];
}

static void
a_device_has_all_the_addresses_that_it_had(void **state)
{
	(void)state;
	see(1, 5, 1);
	see(1, 6, 2);
	see(1, 5, 9);
	see(2, 7, 9);
	const struct site_device *d = site_devices_news(&devices, UINT64_MAX);
	assert_int_equal(d->mac.byte[5], 1);
	assert_int_equal(d->address_count, 2);
	assert_int_equal(d->addresses[0].addr.byte[15], 5);
	assert_int_equal(d->addresses[0].seen_ns, 9 * NS_PER_S);
	assert_int_equal(d->addresses[1].addr.byte[15], 6);
	assert_int_equal(d->addresses[1].seen_ns, 2 * NS_PER_S);
	assert_int_equal(d->first_ns, 1 * NS_PER_S);
	assert_int_equal(d->seen_ns, 9 * NS_PER_S);
	assert_false(d->is_router);
}

static void
a_device_is_found_whoever_saw_it(void **state)
{
	const struct mac mac = card(1);
	const struct addr a = addr_v4(10, 0, 0, 5);

	(void)state;
	assert_null(site_devices_find(&devices, &mac));
	struct site_device *d = site_devices_see(&devices, &mac, &a, NS_PER_S);
	assert_ptr_equal(site_devices_find(&devices, &mac), d);
	assert_ptr_equal(site_devices_see(&devices, &mac, &a, NS_PER_S), d);
	assert_ptr_equal(site_devices_route(&devices, &mac, NS_PER_S), d);
	assert_ptr_equal(site_devices_route(&devices, &mac, NS_PER_S), d);
	assert_false(d->bears.has_v4);
}

static void
a_frame_that_comes_late_makes_nothing_younger(void **state)
{
	(void)state;
	see(1, 5, 9);
	see(1, 5, 3);
	const struct site_device *d = site_devices_news(&devices, UINT64_MAX);
	assert_int_equal(d->seen_ns, 9 * NS_PER_S);
	assert_int_equal(d->addresses[0].seen_ns, 9 * NS_PER_S);
}

static void
the_address_used_longest_ago_makes_room(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SITE_DEVICE_ADDRESSES; i++)
		see(1, (uint8_t)(10 + i), i);
	see(1, 10, 20);
	see(1, 30, 21); /* in the place of 11 */
	const struct site_device *d = site_devices_news(&devices, UINT64_MAX);
	assert_int_equal(d->address_count, SITE_DEVICE_ADDRESSES);
	assert_int_equal(d->forgotten, 1);
	assert_int_equal(d->addresses[0].addr.byte[15], 10);
	assert_int_equal(d->addresses[1].addr.byte[15], 12);
	assert_int_equal(d->addresses[SITE_DEVICE_ADDRESSES - 1].addr.byte[15], 30);
}

static void
what_is_new_is_told_once_and_in_its_order(void **state)
{
	const struct mac router = card(2);
	const struct mac stranger = card(9);

	(void)state;
	see(2, 1, 1);
	see(1, 5, 2);
	see(2, 1, 3);
	assert_int_equal(news(0), 0); /* too young */
	assert_int_equal(news(1), 2);
	assert_int_equal(news(1), 0);
	assert_int_equal(news(9), 1);
	assert_int_equal(news(9), 0);
	see(1, 5, 10); /* nothing new */
	assert_int_equal(news(99), 0);
	see(1, 6, 11);
	assert_int_equal(news(99), 1);
	site_devices_route(&devices, &router, 12 * NS_PER_S);
	site_devices_route(&devices, &router, 13 * NS_PER_S);
	const struct site_device *d = site_devices_news(&devices, 12 * NS_PER_S);
	assert_true(d != NULL && d->is_router);
	site_devices_route(&devices, &router, 14 * NS_PER_S);
	assert_int_equal(news(99), 0);
	site_devices_name(&devices, &router, 15 * NS_PER_S);
	site_devices_name(&devices, &stranger, 15 * NS_PER_S);
	assert_int_equal(news(99), 2);
	assert_int_equal(news(99), 0);
}

static void
the_device_silent_longest_makes_room(void **state)
{
	(void)state;
	see(1, 1, 1);
	see(2, 2, 2);
	see(3, 3, 3);
	assert_int_equal(news(1), 1); /* told, and yet it may go */
	see(1, 1, 4);
	see(4, 4, 5); /* in the place of 2, whose news go with it */
	assert_int_equal(devices.evicted, 1);
	assert_int_equal(table_count(&devices.table), CAPACITY);
	assert_int_equal(news(99), 3);
	assert_int_equal(news(99), 4);
	assert_int_equal(news(99), 0);
	see(5, 5, 6); /* in the place of 3 */
	see(1, 9, 7);
	assert_int_equal(devices.evicted, 2);
	assert_int_equal(news(99), 5);
	assert_int_equal(news(99), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_device_has_all_the_addresses_that_it_had, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_device_is_found_whoever_saw_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_frame_that_comes_late_makes_nothing_younger, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_address_used_longest_ago_makes_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_new_is_told_once_and_in_its_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_device_silent_longest_makes_room, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
