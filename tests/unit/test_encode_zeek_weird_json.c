#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_weird_json;

static void
an_oddity_is_one_object(void **state)
{
	static const struct run_info run = { .version = "0.1.0", .sensor = "gw\"1" };
	struct record_weird w = sample_weird();
	struct record r = { .kind = RECORD_WEIRD, .ts_ns = SAMPLE_NS, .weird = &w };
	char text[1024];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_weird_json.encode(NULL, &run, &r, &b);
	assert_string_equal(text,
		"{\"ts\":1795485600.123456,\"uid\":\"CHhAvVGS1DHFjwGM9x\",\"id.orig_h\":\"192.168.1.10\",\"id.orig_p\":4000,"
		"\"id.resp_h\":\"203.0.113.80\",\"id.resp_p\":53,\"name\":\"fragment_different\","
		"\"addl\":\"7\",\"notice\":false,\"peer\":\"gw\\\"1\"}");
	w.swallowed = 0;
	w.weird.uid.text[0] = '\0';
	strbuf_reset(&b);
	encoding_zeek_weird_json.encode(NULL, &run, &r, &b);
	assert_null(strstr(text, "addl"));
	assert_null(strstr(text, "uid"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_oddity_is_one_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
