#include "daemon/base/strbuf.h"
#include "daemon/transactions/quic.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The event's object. */
static const char *
written(const struct obs_quic *quic)
{
	static char text[1024];
	const struct observation o = { .kind = OBS_QUIC, .quic = quic };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_QUIC)->write(&j, &o);
	json_object_end(&j);
	assert_false(out.truncated);
	return text;
}

static void
a_connection_has_version_server_and_fingerprints(void **state)
{
	const struct obs_quic quic = {
		.version = "1", .server_name = "a.example", .ja3 = "a3", .ja4 = "a4"
	};

	(void)state;
	assert_string_equal(eve_event_of(OBS_QUIC)->type, "quic");
	assert_string_equal(written(&quic),
		"{\"version\":\"1\",\"sni\":\"a.example\",\"ja3\":{\"hash\":\"a3\"},\"ja4\":\"a4\"}");
}

static void
what_was_not_read_is_left_out(void **state)
{
	const struct obs_quic quic = { .version = "Q046" };

	(void)state;
	assert_string_equal(written(&quic), "{\"version\":\"Q046\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_has_version_server_and_fingerprints),
		cmocka_unit_test(what_was_not_read_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
