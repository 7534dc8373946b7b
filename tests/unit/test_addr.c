#include "daemon/base/addr.h"

#include "daemon/base/cursor.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	UNSPECIFIED = 1,
	LOOPBACK = 2,
	LINK_LOCAL = 4,
	MULTICAST = 8,
	BROADCAST = 16,
	RESERVED = 32,
	PRIVATE = 64,
	SCANNABLE = 128,
};

static struct addr
addr_of(const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a))
		fail_msg("%s is no address", text);
	return a;
}

static unsigned
classes_of(const struct addr *a)
{
	unsigned classes = 0;

	classes |= addr_is_unspecified(a) ? UNSPECIFIED : 0U;
	classes |= addr_is_loopback(a) ? LOOPBACK : 0U;
	classes |= addr_is_link_local(a) ? LINK_LOCAL : 0U;
	classes |= addr_is_multicast(a) ? MULTICAST : 0U;
	classes |= addr_is_broadcast(a) ? BROADCAST : 0U;
	classes |= addr_is_reserved(a) ? RESERVED : 0U;
	classes |= addr_is_private(a) ? PRIVATE : 0U;
	classes |= addr_is_scannable(a) ? SCANNABLE : 0U;
	return classes;
}

/* The first and the last of each range, and their neighbours outside. */
static void
every_range_ends_where_its_registry_says(void **state)
{
	static const struct {
		const char *text;
		unsigned classes;
	} rows[] = {
		{ "0.0.0.0", UNSPECIFIED | RESERVED },
		{ "0.0.0.1", RESERVED },
		{ "0.255.255.255", RESERVED },
		{ "1.0.0.0", SCANNABLE },
		{ "9.255.255.255", SCANNABLE },
		{ "10.0.0.0", PRIVATE | SCANNABLE },
		{ "10.255.255.255", PRIVATE | SCANNABLE },
		{ "11.0.0.0", SCANNABLE },
		{ "100.64.0.1", SCANNABLE }, /* shared by a carrier, not a site's own */
		{ "126.255.255.255", SCANNABLE },
		{ "127.0.0.0", LOOPBACK },
		{ "127.255.255.255", LOOPBACK },
		{ "128.0.0.0", SCANNABLE },
		{ "169.253.255.255", SCANNABLE },
		{ "169.254.0.0", LINK_LOCAL },
		{ "169.254.255.255", LINK_LOCAL },
		{ "169.255.0.0", SCANNABLE },
		{ "168.254.0.0", SCANNABLE },
		{ "172.15.255.255", SCANNABLE },
		{ "172.16.0.0", PRIVATE | SCANNABLE },
		{ "172.31.255.255", PRIVATE | SCANNABLE },
		{ "172.32.0.0", SCANNABLE },
		{ "192.167.255.255", SCANNABLE },
		{ "192.168.0.0", PRIVATE | SCANNABLE },
		{ "192.168.255.255", PRIVATE | SCANNABLE },
		{ "192.169.0.0", SCANNABLE },
		{ "191.168.0.0", SCANNABLE },
		{ "223.255.255.255", SCANNABLE },
		{ "224.0.0.0", MULTICAST },
		{ "239.255.255.255", MULTICAST },
		{ "240.0.0.0", RESERVED },
		{ "255.255.255.254", RESERVED },
		{ "255.255.255.255", BROADCAST },
		{ "::", UNSPECIFIED | RESERVED },
		{ "::1", LOOPBACK | RESERVED },
		{ "::2", RESERVED },
		{ "::101", RESERVED },
		{ "::7f00:1", RESERVED },   /* no IPv4: the prefix is missing */
		{ "::ff00:0:0", RESERVED }, /* half of the prefix */
		{ "::fffe:10.0.0.1", RESERVED },
		{ "1::ffff:10.0.0.1", RESERVED },
		{ "1fff:ffff::", RESERVED },
		{ "2000::", SCANNABLE },
		{ "2001:db8::1", SCANNABLE },
		{ "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", SCANNABLE },
		{ "4000::", RESERVED },
		{ "fbff:ffff::", RESERVED },
		{ "fc00::", PRIVATE | SCANNABLE },
		{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", PRIVATE | SCANNABLE },
		{ "fe00::", RESERVED },
		{ "fe7f:ffff::", RESERVED },
		{ "fe80::", LINK_LOCAL },
		{ "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", LINK_LOCAL },
		{ "fec0::", RESERVED },
		{ "ff80::1", MULTICAST },
		{ "feff:ffff::", RESERVED },
		{ "ff00::", MULTICAST },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", MULTICAST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr a = addr_of(rows[i].text);
		if (classes_of(&a) != rows[i].classes)
			fail_msg("%s: %#x", rows[i].text, classes_of(&a));
		assert_int_equal(addr_is_public(&a), rows[i].classes == SCANNABLE);
		assert_int_equal(addr_is_host(&a),
			(rows[i].classes & (UNSPECIFIED | MULTICAST | BROADCAST)) == 0);
	}
}

static void
a_card_has_an_address_that_is_neither_unknown_nor_a_groups(void **state)
{
	static const struct {
		struct mac mac;
		bool is_card;
	} rows[] = {
		{ { { 0 } }, false },
		{ { { 0, 0, 0, 0, 0, 1 } }, true },
		{ { { 2, 0, 0, 0, 0, 0 } }, true },
		{ { { 1, 0, 0x5e, 0, 0, 1 } }, false },
		{ { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(mac_is_card(&rows[i].mac), rows[i].is_card);
}

static void
ipv4_has_one_form_however_it_came(void **state)
{
	static const uint8_t wire[] = { 192, 0, 2, 200 };
	struct addr a = addr_from_v4(wire);
	struct addr b = addr_of("::ffff:192.0.2.200");
	struct addr c = addr_of("192.0.2.200");
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_true(addr_equal(&a, &b));
	assert_true(addr_equal(&a, &c));
	assert_true(addr_is_v4(&a));
	assert_string_equal(addr_format(&b, text), "192.0.2.200");
	b.byte[15] ^= 1;
	assert_false(addr_equal(&a, &b));
	b = addr_of("::fffe:0:1");
	assert_false(addr_is_v4(&b));
}

static void
every_octet_is_written_as_printf_does(void **state)
{
	char text[ADDR_TEXT_MAX];
	char expected[64];

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		struct addr a =
			addr_v4((uint8_t)i, (uint8_t)(i * 7), (uint8_t)(255 - i), (uint8_t)i);
		(void)snprintf(
			expected, sizeof(expected), "%u.%u.%u.%u", i, i * 7 & 255U, 255 - i, i);
		assert_ptr_equal(addr_format(&a, text), text);
		assert_string_equal(text, expected);
	}
}

static void
ipv6_is_written_as_rfc_5952_asks(void **state)
{
	static const char *const canonical[] = {
		"::", "::1", "1::", "2001:db8::1",
		"2001:db8:0:1:1:1:1:1", /* 4.2.2: one group alone is not shortened */
		"2001:0:0:1::1",        /* 4.2.3: the longer run */
		"2001:db8::1:0:0:1",    /* 4.2.3: the first of equals */
		"1:2:3:4:5:6::", "0:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:0", "::3:4:5:6:7:8",
		"1:20:300:4000:a:bc:def:fedc", "fe80::0123:4567:89ab:cdef",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::102:304", /* not mapped: no dotted quad */
	};
	char text[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(canonical) / sizeof(canonical[0]); i++) {
		struct addr a = addr_of(canonical[i]);
		const char *expected = canonical[i];
		if (strstr(expected, "::0123") != NULL)
			expected = "fe80::123:4567:89ab:cdef"; /* 4.1 */
		assert_string_equal(addr_format(&a, text), expected);
	}
}

/* Addresses with every pattern of zero groups; the system's function has a say of its own. */
static void
ipv6_text_is_that_of_the_system(void **state)
{
	uint64_t seed = 0xadd7;
	char text[ADDR_TEXT_MAX];
	char expected[INET6_ADDRSTRLEN];

	(void)state;
	for (unsigned round = 0; round < 256U * 64; round++) {
		struct addr a = { 0 };
		for (size_t group = 0; group < 8; group++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			if ((round >> group & 1) == 0)
				continue;
			unsigned value = (unsigned)(seed >> 48) >> (seed >> 32 & 15);
			a.byte[2 * group] = (uint8_t)(value >> 8);
			a.byte[2 * group + 1] = (uint8_t)value;
		}
		assert_non_null(inet_ntop(AF_INET6, a.byte, expected, sizeof(expected)));
		if (strchr(expected, '.') != NULL)
			continue; /* it writes the long abandoned ::a.b.c.d that way */
		assert_string_equal(addr_format(&a, text), expected);
		struct addr back = addr_of(text);
		assert_true(addr_equal(&back, &a));
	}
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ",
		" 1.2.3.4", "01.2.3.4", "0x1.2.3.4", "1.2.3.-4", "1::2::3", "12345::", "::g",
		"fe80::1%1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1/128", "localhost", ":",
		"1.2.3.4/32" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct addr a = addr_v4(9, 9, 9, 9);
		if (addr_parse(bad[i], &a))
			fail_msg("%s passed", bad[i]);
		assert_int_equal(a.byte[15], 9); /* untouched */
	}
}

static void
networks_are_read_with_their_prefix(void **state)
{
	static const struct {
		const char *text;
		const char *base;
		unsigned prefix_len;
	} rows[] = {
		{ "10.0.0.0/8", "10.0.0.0", 104 }, { "0.0.0.0/0", "0.0.0.0", 96 },
		{ "192.0.2.1", "192.0.2.1", 128 }, { "192.0.2.1/32", "192.0.2.1", 128 },
		{ "192.0.2.128/25", "192.0.2.128", 121 }, { "::/0", "::", 0 },
		{ "2001:db8::/32", "2001:db8::", 32 }, { "2001:db8::/29", "2001:db8::", 29 },
		{ "2001:db8::1", "2001:db8::1", 128 }, { "2001:db8::1/128", "2001:db8::1", 128 },
		{ "::ffff:10.0.0.0/104", "10.0.0.0", 104 },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 128 }, /* the longest text */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cidr net;
		struct addr base = addr_of(rows[i].base);
		if (!cidr_parse(rows[i].text, &net))
			fail_msg("%s refused", rows[i].text);
		assert_true(addr_equal(&net.base, &base));
		assert_int_equal(net.prefix_len, rows[i].prefix_len);
	}
}

static void
what_is_no_network_is_refused(void **state)
{
	static const char *const bad[] = { "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/8 ", "10.0.0.0/ 8", "10.0.0.0/+8",
		"0.0.0.0/", "::/", "10.0.0.0/1/", "10.0.0.0/:", "10.0.0.0/8/8", "10.0.0.0/8x",
		"10.0.0.0/4294967304", "10.0.0.1/8", "10.128.0.0/8", "192.0.2.1/31", "0.0.0.1/0",
		"10/8", "2001:db8::/129", "2001:db8::1/127", "2001:db8::/28", "::1/0",
		"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555/128", "::10.0.0.0/x",
		"0000000000000000000000000000000000000000000000000000000000000000001.2.3.4/32" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cidr net = { .prefix_len = 77 };
		if (cidr_parse(bad[i], &net))
			fail_msg("%s passed", bad[i]);
		assert_int_equal(net.prefix_len, 77);
	}
}

static bool
contains(const char *net_text, const char *addr_text)
{
	struct cidr net;
	struct addr a = addr_of(addr_text);

	assert_true(cidr_parse(net_text, &net));
	return cidr_contains(&net, &a);
}

static void
a_network_holds_its_first_and_last_address(void **state)
{
	(void)state;
	assert_true(contains("10.0.0.0/8", "10.0.0.0"));
	assert_true(contains("10.0.0.0/8", "10.255.255.255"));
	assert_false(contains("10.0.0.0/8", "11.0.0.0"));
	assert_false(contains("10.0.0.0/8", "9.255.255.255"));
	assert_true(contains("172.16.0.0/12", "172.31.255.255"));
	assert_false(contains("172.16.0.0/12", "172.32.0.0"));
	assert_true(contains("192.0.2.6/31", "192.0.2.7"));
	assert_false(contains("192.0.2.6/31", "192.0.2.8"));
	assert_true(contains("192.0.2.7/32", "192.0.2.7"));
	assert_false(contains("192.0.2.7/32", "192.0.2.6"));
	assert_true(contains("2001:db8::/29", "2001:dbf:ffff::"));
	assert_false(contains("2001:db8::/29", "2001:dc0::"));
	assert_true(contains("2001:db8::1/128", "2001:db8::1"));
	assert_false(contains("2001:db8::1/128", "2001:db8::3"));
}

static void
families_do_not_hold_each_other(void **state)
{
	(void)state;
	assert_true(contains("0.0.0.0/0", "255.255.255.255"));
	assert_false(contains("0.0.0.0/0", "::1"));
	assert_true(contains("::/0", "2001:db8::1"));
	assert_true(contains("::/0", "::1"));
	assert_false(contains("::/0", "192.0.2.1"));
	assert_false(contains("::/80", "192.0.2.1"));
	assert_true(contains("::/80", "::1"));
}

static void
hardware_addresses_are_six_pairs(void **state)
{
	struct mac m = { { 0x00, 0x1a, 0xff, 0xa0, 0x0b, 0x9c } };
	struct mac other = m;
	char text[MAC_TEXT_MAX];

	(void)state;
	assert_ptr_equal(mac_format(&m, text), text);
	assert_string_equal(text, "00:1a:ff:a0:0b:9c");
	assert_true(mac_equal(&m, &other));
	other.byte[5]++;
	assert_false(mac_equal(&m, &other));
}

static void
a_hardware_address_is_read_whole_or_not_at_all(void **state)
{
	static const char *const wrong[] = { "", "00", "00:1a:ff:a0:0b", "00:1a:ff:a0:0b:9",
		"00:1a:ff:a0:0b:9c:", "00:1a:ff:a0:0b:9c:00", "00-1a-ff-a0-0b-9c",
		"0g:1a:ff:a0:0b:9c", "00:1a:ff:a0:0b:g0", "0:01a:ff:a0:0b:9c" };
	struct mac expected = { { 0x00, 0x1a, 0xff, 0xa0, 0x0b, 0x9c } };
	struct mac m = { 0 };

	(void)state;
	assert_true(mac_parse("00:1A:ff:a0:0b:9C", &m));
	assert_true(mac_equal(&m, &expected));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(mac_parse(wrong[i], &m));
	assert_true(mac_equal(&m, &expected));
}

static void
addresses_are_read_in_order_and_zero_behind_the_end(void **state)
{
	static const uint8_t bytes[] = { 10, 0, 0, 1, 0x20, 1, 0xd, 0xb8, [19] = 9, 1, 2, 3 };
	struct cursor c = cursor_over(bytes, sizeof(bytes));
	struct addr expected = addr_of("10.0.0.1");
	struct addr a = addr_read_v4(&c);

	(void)state;
	assert_true(addr_equal(&a, &expected));
	a = addr_read_v6(&c);
	expected = addr_of("2001:db8::9");
	assert_true(addr_equal(&a, &expected));
	a = addr_read_v4(&c); /* a byte is missing */
	assert_true(addr_is_v4(&a) && addr_is_unspecified(&a));
	assert_true(c.short_read);
	a = addr_read_v6(&c);
	assert_true(!addr_is_v4(&a) && addr_is_unspecified(&a));
}

static void
a_text_may_end_by_its_length(void **state)
{
	char longest[ADDR_TEXT_MAX];
	struct addr a;
	struct addr b;

	(void)state;
	assert_true(addr_parse("10.0.0.1", &a));
	assert_true(addr_parse_bytes("10.0.0.123", 8, &b));
	assert_true(addr_equal(&a, &b));
	assert_false(addr_parse_bytes("10.0.0.1\0", 9, &b));
	assert_false(addr_parse_bytes("", 0, &b));
	memset(longest, '1', sizeof(longest));
	assert_false(addr_parse_bytes(longest, sizeof(longest), &b));
	assert_false(addr_parse_bytes(longest, sizeof(longest) - 1, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_range_ends_where_its_registry_says),
		cmocka_unit_test(a_card_has_an_address_that_is_neither_unknown_nor_a_groups),
		cmocka_unit_test(ipv4_has_one_form_however_it_came),
		cmocka_unit_test(every_octet_is_written_as_printf_does),
		cmocka_unit_test(ipv6_is_written_as_rfc_5952_asks),
		cmocka_unit_test(ipv6_text_is_that_of_the_system),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(networks_are_read_with_their_prefix),
		cmocka_unit_test(what_is_no_network_is_refused),
		cmocka_unit_test(a_network_holds_its_first_and_last_address),
		cmocka_unit_test(families_do_not_hold_each_other),
		cmocka_unit_test(hardware_addresses_are_six_pairs),
		cmocka_unit_test(a_hardware_address_is_read_whole_or_not_at_all),
		cmocka_unit_test(a_text_may_end_by_its_length),
		cmocka_unit_test(addresses_are_read_in_order_and_zero_behind_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
