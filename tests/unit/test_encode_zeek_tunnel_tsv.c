#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_tunnel_tsv;

static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };

static void
a_line_when_it_is_found_and_one_at_its_end(void **state)
{
	struct obs_flow f = sample_flow();
	struct obs_tunnel t = { .kind = TUNNEL_VXLAN, .flow = &f };
	struct record r = { .kind = RECORD_TUNNEL, .ts_ns = SAMPLE_NS, .tunnel = &t };
	uint64_t own[2] = { 0 };
	char text[1024];
	struct strbuf b;

	(void)state;
	assert_true(encoding_zeek_tunnel_tsv.state_size <= sizeof(own));
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_tunnel_tsv.encode(own, &run, &r, &b);
	assert_string_equal(text,
		"1795485600.123456\tCHhAvVGS1DHFjwGM9\t192.168.1.10\t51234\t203.0.113.80\t443"
		"\tTunnel::VXLAN\tTunnel::DISCOVER");
	t.closed = true;
	r.ts_ns += 5 * NS_PER_S;
	strbuf_reset(&b);
	encoding_zeek_tunnel_tsv.encode(own, &run, &r, &b);
	assert_string_equal(text,
		"1795485605.123456\tCHhAvVGS1DHFjwGM9\t192.168.1.10\t51234\t203.0.113.80\t443"
		"\tTunnel::VXLAN\tTunnel::CLOSE");
	r.ts_ns = SAMPLE_NS; /* never back */
	encoding_zeek_tunnel_tsv.encode(own, &run, &r, &b);
	strbuf_reset(&b);
	encoding_zeek_tunnel_tsv.footer(own, &run, &b);
	assert_string_equal(text, "#close\t2026-11-24-02-00-05\n");
}

static void
the_header_is_zeeks(void **state)
{
	uint64_t own[2] = { 0 };
	char text[1024];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_tunnel_tsv.header(own, &run, &b);
	assert_string_equal(text,
		"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
		"#path\ttunnel\n"
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttunnel_type\taction\n"
		"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tenum\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_when_it_is_found_and_one_at_its_end),
		cmocka_unit_test(the_header_is_zeeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
