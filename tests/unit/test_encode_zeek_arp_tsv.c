#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_arp_tsv;

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
	encoding_zeek_arp_tsv.encode(own, &run, &r, &b);
	return text;
}

static void
a_message_is_one_line(void **state)
{
	uint64_t own[2] = { 0 };
	char text[128];
	struct strbuf b;

	(void)state;
	assert_true(encoding_zeek_arp_tsv.state_size <= sizeof(own));
	assert_string_equal(line_of(2, own),
		"1795485600.123456\treply\taa:00:00:00:00:01\taa:00:00:00:00:02\t192.168.1.10\t192.168.1.1\t"
		"aa:00:00:00:00:03\taa:00:00:00:00:04");
	assert_non_null(strstr(line_of(1, own), "\trequest\t"));
	assert_string_equal(line_of(3, own), ""); /* a question of RARP */
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_arp_tsv.footer(own, &run, &b);
	assert_string_equal(text, "#close\t2026-11-24-02-00-00\n");
}

static void
the_header_names_its_columns(void **state)
{
	char text[1024];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_arp_tsv.header(NULL, &run, &b);
	assert_non_null(strstr(text,
		"#path\tarp\n#fields\tts\toperation\tsrc_mac\tdst_mac\torig_h\tresp_h\torig_hw\tresp_hw\n"
		"#types\ttime\tstring\tstring\tstring\taddr\taddr\tstring\tstring\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_one_line),
		cmocka_unit_test(the_header_names_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
