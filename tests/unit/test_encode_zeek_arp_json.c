#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_arp_json;

static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };

/* 192.168.1.10 answers 192.168.1.1; the frame comes from another card than its message says. */
static const struct obs_arp answer = { .operation = 2,
	.eth_src = { { 0xaa, 0, 0, 0, 0, 1 } },
	.eth_dst = { { 0xaa, 0, 0, 0, 0, 2 } },
	.sender_mac = { { 0xaa, 0, 0, 0, 0, 3 } },
	.target_mac = { { 0xaa, 0, 0, 0, 0, 4 } } };

static const char *
line_of(uint16_t operation, void *own)
{
	static char text[1024];
	struct obs_arp a = answer;
	const struct record r = { .kind = RECORD_ARP, .ts_ns = SAMPLE_NS, .arp = &a };
	struct strbuf b;

	a.operation = operation;
	a.sender = addr_v4(192, 168, 1, 10);
	a.target = addr_v4(192, 168, 1, 1);
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_arp_json.encode(own, &run, &r, &b);
	return text;
}

static void
a_message_is_an_object(void **state)
{
	(void)state;
	assert_string_equal(line_of(2, NULL),
		"{\"ts\":1795485600.123456,\"operation\":\"reply\",\"src_mac\":\"aa:00:00:00:00:01\","
		"\"dst_mac\":\"aa:00:00:00:00:02\",\"orig_h\":\"192.168.1.10\",\"resp_h\":\"192.168.1.1\","
		"\"orig_hw\":\"aa:00:00:00:00:03\",\"resp_hw\":\"aa:00:00:00:00:04\"}");
	assert_non_null(strstr(line_of(1, NULL), "\"operation\":\"request\""));
	assert_string_equal(line_of(3, NULL), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_an_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
