/* EVE's http event: Suricata's names, and nothing for what is not known. */
#include "daemon/transactions/http.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { LINE_MAX = 1024 };

static const char *
written(const struct obs_http *http)
{
	static char line[LINE_MAX];
	const struct obs_talk talk = { .resp_port = 8080 };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, line, sizeof(line));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_HTTP)->write(
		&j, &(struct observation){ .kind = OBS_HTTP, .talk = &talk, .http = http });
	json_object_end(&j);
	return line;
}

static void
all_that_is_known_is_written(void **state)
{
	const struct obs_http http = {
		.method = "GET",
		.host = "example.org",
		.uri = "/\"",
		.referrer = "http://r/",
		.origin = "http://o",
		.version = "1.1",
		.user_agent = "t/1",
		.response_body_len = 12,
		.status_code = 200,
		.response_content_type = "text/html; charset=utf-8",
	};

	(void)state;
	assert_string_equal(written(&http),
		"{\"hostname\":\"example.org\",\"http_port\":8080,\"url\":\"/\\\"\","
		"\"http_user_agent\":\"t/1\",\"http_content_type\":\"text/html\","
		"\"http_refer\":\"http://r/\",\"origin\":\"http://o\",\"http_method\":\"GET\",\"protocol\":\"HTTP/1.1\","
		"\"status\":200,\"length\":12}");
}

/* What the content is, which no name of Suricata's says. */
static void
types_by_content_are_ours(void **state)
{
	const char *types[] = { "text/plain", "application/x-dosexec" };
	const struct obs_http http = { .orig_mime_types = { .at = types, .count = 1 },
		.resp_mime_types = { .at = types + 1, .count = 1 } };
	char line[LINE_MAX];
	struct strbuf out;
	struct json j;

	(void)state;
	strbuf_init(&out, line, sizeof(line));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_HTTP)->write_own(
		&j, &(struct observation){ .kind = OBS_HTTP, .http = &http });
	json_object_end(&j);
	assert_string_equal(line, "{\"orig_mime_types\":[\"text/plain\"],"
				  "\"resp_mime_types\":[\"application/x-dosexec\"]}");
}

static void
what_is_not_known_is_left_out(void **state)
{
	const struct obs_http http = { .status_code = TRANSACTION_UNSET };

	(void)state;
	assert_string_equal(written(&http), "{\"http_port\":8080,\"length\":0}");
}

static void
a_type_without_an_end_is_cut(void **state)
{
	char type[300];
	struct obs_http http = { .status_code = TRANSACTION_UNSET, .response_content_type = type };

	(void)state;
	for (size_t size = 126; size <= 129; size++) {
		for (size_t i = 0; i < size; i++)
			type[i] = 'a';
		type[size] = '\0';
		const char *line = written(&http);
		size_t length = 0;
		for (; *line != '\0'; line++)
			length += *line == 'a';
		assert_int_equal(length, size < 127 ? size : 127);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_known_is_written),
		cmocka_unit_test(types_by_content_are_ours),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_type_without_an_end_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
