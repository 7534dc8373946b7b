/* EVE's fileinfo event. */
#include "daemon/transactions/file.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_MAX = 1024 };

static const char *
written(const struct obs_file *file)
{
	static char line[LINE_MAX];
	struct strbuf out;
	struct json j;

	strbuf_init(&out, line, sizeof(line));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_FILE)->write(&j, &(struct observation){ .kind = OBS_FILE, .file = file });
	json_object_end(&j);
	return line;
}

static void
a_whole_file_is_closed(void **state)
{
	const struct obs_file file = { .mime_type = "text/html",
		.filename = "a\nb",
		.seen_bytes = 7,
		.total_bytes = 7,
		.md5 = "m",
		.sha1 = "s1",
		.sha256 = "s2" };

	(void)state;
	assert_string_equal(eve_event_of(OBS_FILE)->type, "fileinfo");
	assert_string_equal(written(&file),
		"{\"filename\":\"a\\nb\",\"mimetype\":\"text/html\",\"gaps\":false,"
		"\"state\":\"CLOSED\",\"md5\":\"m\",\"sha1\":\"s1\",\"sha256\":\"s2\","
		"\"stored\":false,\"size\":7}");
}

static void
what_is_missing_is_said(void **state)
{
	struct obs_file file = { .seen_bytes = 6, .total_bytes = 7 };

	(void)state;
	assert_string_equal(written(&file),
		"{\"gaps\":false,\"state\":\"TRUNCATED\",\"stored\":false,\"size\":6}");
	file.missing_bytes = 1;
	file.total_bytes = TRANSACTION_UNSET;
	assert_string_equal(written(&file),
		"{\"gaps\":true,\"state\":\"TRUNCATED\",\"stored\":false,\"size\":6}");
	file.missing_bytes = 0;
	assert_non_null(strstr(written(&file), "\"CLOSED\""));
}

static const char *
own(enum truth is_orig)
{
	static char line[LINE_MAX];
	const struct obs_file file = { .is_orig = is_orig };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, line, sizeof(line));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_FILE)->write_own(
		&j, &(struct observation){ .kind = OBS_FILE, .file = &file });
	json_object_end(&j);
	return line;
}

static void
who_sent_it_is_told_by_us(void **state)
{
	(void)state;
	assert_string_equal(own(TRUTH_YES), "{\"is_orig\":true}");
	assert_string_equal(own(TRUTH_NO), "{\"is_orig\":false}");
	assert_string_equal(own(TRUTH_UNKNOWN), "{}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_file_is_closed),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(who_sent_it_is_told_by_us),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
