#include "exporters/zeek_conn.h"

#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool
is_local(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return zeek_conn_is_local(&a);
}

/* The first and the last address of each block, and what lies before and after it; NULL: local too. */
static const struct {
	const char *before, *first, *last, *after;
} blocks[] = {
	{ NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0" },
	{ "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0" },
	{ "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0" },
	{ "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0" },
	{ "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0" },
	{ "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0" },
	{ "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0" },
	{ "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0" },
	{ "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0" },
	{ "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0" },
	{ "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0" },
	{ "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0" },
	{ "223.255.255.255", "224.0.0.0", "224.0.0.255", "224.0.1.0" },
	{ "238.255.255.255", "239.0.0.0", "239.255.255.255", NULL },
	{ NULL, "240.0.0.0", "255.255.255.255", "::1:0:0:0" },
	{ NULL, "::", "::1", "::2" },
	{ "2000:ffff::", "2001::", "2001:1ff:ffff::", "2001:200::" },
	{ "2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::", "2001:db9::" },
	{ "fbff:ffff::", "fc00::", "fdff:ffff::", "fe00::" },
	{ "fe7f:ffff::", "fe80::", "febf:ffff::", NULL },
	{ NULL, "fec0::", "feff:ffff::", "ff00::" },
};

static void
local_blocks_begin_and_end_where_the_registries_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (!is_local(blocks[i].first) || !is_local(blocks[i].last))
			fail_msg("%s to %s is local", blocks[i].first, blocks[i].last);
		if (blocks[i].before != NULL && is_local(blocks[i].before))
			fail_msg("%s is not local", blocks[i].before);
		if (blocks[i].after != NULL && is_local(blocks[i].after))
			fail_msg("%s is not local", blocks[i].after);
	}
	assert_false(is_local("ff02::1"));
	assert_false(is_local("64:ff9b::808:808"));
}

static void
protocols_have_zeeks_names(void **state)
{
	(void)state;
	for (unsigned proto = 0; proto < 256; proto++) {
		const char *expected = "unknown_transport";

		if (proto == 6)
			expected = "tcp";
		else if (proto == 17)
			expected = "udp";
		else if (proto == 1 || proto == 58)
			expected = "icmp";
		assert_string_equal(zeek_conn_proto((uint8_t)proto), expected);
	}
}

static void
a_duration_is_between_whole_microseconds_and_never_negative(void **state)
{
	struct obs_flow f = sample_flow();

	(void)state;
	f.start_ns = 1999;
	f.last_ns = 2000;
	assert_int_equal(zeek_conn_duration_us(&f), 1);
	f.last_ns = 1999;
	assert_int_equal(zeek_conn_duration_us(&f), 0);
	f.last_ns = 999; /* a foreign log may say so */
	assert_int_equal(zeek_conn_duration_us(&f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_blocks_begin_and_end_where_the_registries_say),
		cmocka_unit_test(protocols_have_zeeks_names),
		cmocka_unit_test(a_duration_is_between_whole_microseconds_and_never_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
