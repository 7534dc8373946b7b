/* test_encode_device.c -- a device as JSON, member by member. */
#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_device;

static const char *
text_of(const struct record_device *d)
{
	static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
	const struct record r = { .kind = RECORD_DEVICE, .ts_ns = SAMPLE_NS, .device = d };
	static char text[4096];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	encoding_device.encode(NULL, &run, &r, &b);
	return text;
}

static void
all_that_is_known_is_told(void **state)
{
	const struct record_device d = { .mac = { { 0xb8, 0x27, 0xeb, 0, 0, 1 } },
		.vendor = "Raspberry Pi Foundation",
		.is_router = true,
		.first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS + NS_PER_S,
		.forgotten = 2,
		.addresses = { { addr_v4(192, 168, 1, 5), SAMPLE_NS } },
		.address_count = 1,
		.names = { { "camera\x1b\"", "dhcp", addr_v4(192, 168, 1, 1), SAMPLE_NS },
			{ "camera.local", "mdns", addr_v4(192, 168, 1, 5), SAMPLE_NS } },
		.name_count = 2 };

	(void)state;
	assert_string_equal(text_of(&d),
		"{\"ts\":\"2026-11-24T02:00:00.123456Z\",\"mac\":\"b8:27:eb:00:00:01\","
		"\"vendor\":\"Raspberry Pi Foundation\",\"random\":false,\"router\":true,"
		"\"first_seen\":\"2026-11-24T02:00:00.123456Z\","
		"\"last_seen\":\"2026-11-24T02:00:01.123456Z\","
		"\"addresses\":[{\"address\":\"192.168.1.5\","
		"\"last_seen\":\"2026-11-24T02:00:00.123456Z\"}],\"addresses_forgotten\":2,"
		"\"names\":[{\"name\":\"camera\\u001b\\\"\",\"source\":\"dhcp\","
		"\"told_by\":\"192.168.1.1\",\"last_seen\":\"2026-11-24T02:00:00.123456Z\"},"
		"{\"name\":\"camera.local\",\"source\":\"mdns\",\"told_by\":\"192.168.1.5\","
		"\"last_seen\":\"2026-11-24T02:00:00.123456Z\"}]}");
}

static void
what_is_not_known_is_not_there(void **state)
{
	const struct record_device d = { .mac = { { 0x02, 0, 0, 0, 0, 1 } },
		.vendor = "",
		.first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS };

	(void)state;
	assert_string_equal(text_of(&d),
		"{\"ts\":\"2026-11-24T02:00:00.123456Z\",\"mac\":\"02:00:00:00:00:01\","
		"\"random\":true,\"router\":false,\"first_seen\":\"2026-11-24T02:00:00.123456Z\","
		"\"last_seen\":\"2026-11-24T02:00:00.123456Z\",\"addresses\":[],\"names\":[]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_known_is_told),
		cmocka_unit_test(what_is_not_known_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
