#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_zeek_tunnel_json;

static void
an_object_when_it_is_found_and_one_at_its_end(void **state)
{
	static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
	struct obs_flow f = sample_flow();
	struct obs_tunnel t = { .kind = TUNNEL_GTP, .flow = &f };
	struct record r = { .kind = RECORD_TUNNEL, .ts_ns = SAMPLE_NS, .tunnel = &t };
	char text[1024];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, text, sizeof(text));
	encoding_zeek_tunnel_json.encode(NULL, &run, &r, &b);
	assert_string_equal(text,
		"{\"ts\":1795485600.123456,\"uid\":\"CHhAvVGS1DHFjwGM9\","
		"\"id.orig_h\":\"192.168.1.10\",\"id.orig_p\":51234,"
		"\"id.resp_h\":\"203.0.113.80\",\"id.resp_p\":443,"
		"\"tunnel_type\":\"Tunnel::GTPv1\",\"action\":\"Tunnel::DISCOVER\"}");
	t.closed = true;
	strbuf_reset(&b);
	encoding_zeek_tunnel_json.encode(NULL, &run, &r, &b);
	assert_non_null(strstr(text, "\"action\":\"Tunnel::CLOSE\"}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_when_it_is_found_and_one_at_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
