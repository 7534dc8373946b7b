#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_weird_tsv;

static const struct run_info run = { .version = "0.1.0", .sensor = "gw\t1" };

static void
an_oddity_is_one_line(void **state)
{
	struct record_weird w = sample_weird();
	struct record r = { .kind = RECORD_WEIRD, .ts_ns = SAMPLE_NS, .weird = &w };
	uint64_t own[2] = { 0 };
	char text[1024];
	struct strbuf b;

	(void)state;
	assert_true(encoding_zeek_weird_tsv.state_size <= sizeof(own));
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_weird_tsv.encode(own, &run, &r, &b);
	assert_string_equal(text,
		"1795485600.123456\tCHhAvVGS1DHFjwGM9x\t192.168.1.10\t4000\t203.0.113.80\t53\tfragment_different\t7\tF"
		"\tgw\\x091\t-");
	w.swallowed = 0;
	w.weird.uid.text[0] = '\0';
	r.ts_ns -= NS_PER_S; /* the end knows the newest, which is not the last */
	strbuf_reset(&b);
	encoding_zeek_weird_tsv.encode(own, &run, &r, &b);
	assert_non_null(strstr(text, "\t-\t192.168.1.10\t"));
	assert_non_null(strstr(text, "\tfragment_different\t-\tF\t"));
	strbuf_reset(&b);
	encoding_zeek_weird_tsv.footer(own, &run, &b);
	assert_string_equal(text, "#close\t2026-11-24-02-00-00\n");
}

static void
the_header_is_zeeks(void **state)
{
	uint64_t own[2] = { 0 };
	char text[1024];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_weird_tsv.header(own, &run, &b);
	assert_string_equal(text,
		"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
		"#path\tweird\n"
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tname\taddl\tnotice"
		"\tpeer\tsource\n"
		"#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tbool\tstring\tstring\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_oddity_is_one_line),
		cmocka_unit_test(the_header_is_zeeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
