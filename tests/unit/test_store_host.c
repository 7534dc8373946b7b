#include "exporters/store/store_host.h"

#include "tests/support/record_sample.h"
#include "tests/support/store_rig.h"

static int
setup(void **state)
{
	struct store_rig *r = store_rig_new();

	assert_int_equal(store_rig_open(r), 0);
	assert_true(store_begin(&r->store));
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	store_rig_free(*state);
	return 0;
}

static struct record_device
camera(void)
{
	return (struct record_device){
		.mac = { { 0xb8, 0x27, 0xeb, 0, 0, 1 } },
		.vendor = "Raspberry Pi Foundation",
		.first_ns = 1,
		.last_ns = 9,
		.forgotten = 2,
		.addresses = { { addr_v4(192, 168, 1, 5), 4 }, { addr_v4(192, 168, 1, 6), 9 } },
		.address_count = 2,
		.names = { { "cam\x1b", "dhcp", addr_v4(192, 168, 1, 1), 3 } },
		.name_count = 1,
	};
}

static void
a_device_stands_with_its_addresses_and_names(void **state)
{
	struct store_rig *r = *state;
	const struct record_device d = camera();

	store_device_write(&r->store, &d);
	assert_store(r, "SELECT mac, vendor, router, first_ns, last_ns, forgotten FROM devices",
		"b8:27:eb:00:00:01|Raspberry Pi Foundation|0|1|9|2");
	assert_store(r, "SELECT mac, n, address, seen_ns FROM device_addresses",
		"b8:27:eb:00:00:01|0|192.168.1.5|4\nb8:27:eb:00:00:01|1|192.168.1.6|9");
	assert_store(r, "SELECT mac, n, name, source, told_by, seen_ns FROM device_names",
		"b8:27:eb:00:00:01|0|cam\\x1b|dhcp|192.168.1.1|3");
}

static void
a_device_that_is_told_again_takes_the_place_of_what_was_known(void **state)
{
	struct store_rig *r = *state;
	struct record_device d = camera();

	store_device_write(&r->store, &d);
	d.vendor = "";
	d.is_router = true;
	d.address_count = 1;
	d.name_count = 0;
	store_device_write(&r->store, &d);
	assert_int_equal(r->store.statements.error, SQLITE_OK);
	assert_store(r,
		"SELECT id, vendor, router, (SELECT count(*) FROM device_addresses),"
		" (SELECT count(*) FROM device_names) FROM devices",
		"2|-|1|1|0");
}

static struct record_address
server(void)
{
	return (struct record_address){
		.addr = addr_v4(203, 0, 113, 80),
		.country = "NL",
		.asn = 64500,
		.org = "Example \xff",
		.names = { { "new.example", "dns", addr_v4(192, 168, 1, 1), 8, true },
			{ "old.example", "dns", addr_v4(192, 168, 1, 9), 5, false } },
		.name_count = 2,
	};
}

static void
write_address(struct store_rig *r, const struct record_address *a)
{
	store_address_write(&r->store,
		&(struct record){ .kind = RECORD_ADDRESS, .ts_ns = SAMPLE_NS, .address = a });
	assert_int_equal(r->store.statements.error, SQLITE_OK);
}

static void
an_address_has_its_place_and_its_names(void **state)
{
	struct store_rig *r = *state;
	const struct record_address a = server();

	write_address(r, &a);
	assert_store(r, "SELECT address, told_ns, private, country, asn, org FROM addresses",
		"203.0.113.80|1795485600123456789|0|NL|64500|Example \\xff");
	assert_store(r,
		"SELECT address, n, name, source, told_by, seen_ns, believed FROM address_names",
		"203.0.113.80|0|new.example|dns|192.168.1.1|8|1\n203.0.113.80|1|old.example|dns|192.168.1.9|5|0");
}

static void
an_address_that_is_told_again_is_the_newest(void **state)
{
	struct store_rig *r = *state;
	struct record_address a = server();

	write_address(r, &a);
	a.name_count = 0;
	a.country = a.org = NULL;
	a.asn = 0;
	a.is_private = true;
	write_address(r, &a);
	assert_store(r,
		"SELECT id, private, country, asn, org, (SELECT count(*) FROM address_names) FROM addresses",
		"2|1|-|-|-|0");
}

static void
a_host_is_shown_with_what_is_known_of_its_address_and_card(void **state)
{
	struct store_rig *r = *state;
	const struct record_device d = camera();
	struct record_address a = server();
	const struct record_window_ref w = sample_window();

	a.addr = d.addresses[1].addr;
	store_device_write(&r->store, &d);
	write_address(r, &a);
	assert_non_null(store_window_of(&r->windows, &a.addr, &w));
	assert_store(r,
		"SELECT address, country, asn, org, name, vendor, windows, first_ns, last_ns FROM hosts",
		"192.168.1.6|NL|64500|Example \\xff|new.example|Raspberry Pi Foundation|1"
		"|1795485600000000000|1795489200000000000");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_device_stands_with_its_addresses_and_names),
		T(a_device_that_is_told_again_takes_the_place_of_what_was_known),
		T(an_address_has_its_place_and_its_names),
		T(an_address_that_is_told_again_is_the_newest),
		T(a_host_is_shown_with_what_is_known_of_its_address_and_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
