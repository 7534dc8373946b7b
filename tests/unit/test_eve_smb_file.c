#include "daemon/base/strbuf.h"
#include "daemon/transactions/smb_file.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The event's object. */
static const char *
written(const struct obs_smb_file *said)
{
	static char text[2048];
	const struct observation o = { .kind = OBS_SMB_FILE, .smb_file = said };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_SMB_FILE)->write(&j, &o);
	json_object_end(&j);
	assert_false(out.truncated);
	return text;
}

static void
a_file_that_is_opened_has_its_times_in_seconds(void **state)
{
	const struct obs_smb_file file = { .action = "SMB::FILE_OPEN",
		.path = "s",
		.name = "a.exe",
		.size = 7,
		.modified_ns = UINT64_C(3999999999),
		.accessed_ns = UINT64_C(2000000000),
		.created_ns = UINT64_C(1000000000),
		.changed_ns = UINT64_C(4000000000) };

	(void)state;
	assert_string_equal(eve_event_of(OBS_SMB_FILE)->type, "smb");
	assert_string_equal(written(&file),
		"{\"command\":\"SMB2_COMMAND_CREATE\",\"status\":\"STATUS_SUCCESS\",\"share\":\"s\","
		"\"filename\":\"a.exe\",\"created\":1,\"accessed\":2,\"modified\":3,\"changed\":4,"
		"\"size\":7}");
}

static void
a_new_name_stands_beside_the_old_one(void **state)
{
	const struct obs_smb_file file = {
		.action = "SMB::FILE_RENAME", .name = "new", .previous_name = "old"
	};

	(void)state;
	assert_string_equal(written(&file),
		"{\"command\":\"SMB2_COMMAND_SET_INFO\",\"status\":\"STATUS_SUCCESS\","
		"\"filename\":\"new\",\"rename\":{\"from\":\"old\",\"to\":\"new\"},\"size\":0}");
}

static void
a_file_that_goes_says_so(void **state)
{
	const struct obs_smb_file file = { .action = "SMB::FILE_DELETE", .name = "x" };

	(void)state;
	assert_string_equal(written(&file),
		"{\"command\":\"SMB2_COMMAND_SET_INFO\",\"status\":\"STATUS_SUCCESS\","
		"\"filename\":\"x\",\"disposition\":\"DELETE\",\"size\":0}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_opened_has_its_times_in_seconds),
		cmocka_unit_test(a_new_name_stands_beside_the_old_one),
		cmocka_unit_test(a_file_that_goes_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
