#include "daemon/base/strbuf.h"
#include "daemon/transactions/smb.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The event's object. */
static const char *
written(const struct obs_smb *said)
{
	static char text[2048];
	const struct observation o = { .kind = OBS_SMB, .smb = said };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_SMB)->write(&j, &o);
	json_object_end(&j);
	assert_false(out.truncated);
	return text;
}

static void
a_share_has_its_kind_in_the_words_of_eve(void **state)
{
	const struct obs_smb disk = {
		.path = "\\\\a\\b", .share_type = "DISK", .dialect = "3.1.1", .status = "SUCCESS"
	};
	const struct obs_smb pipe = { .path = "\\\\a\\IPC$",
		.share_type = "PIPE",
		.dialect = "NT LM 0.12",
		.status = "SUCCESS" };

	(void)state;
	assert_string_equal(eve_event_of(OBS_SMB)->type, "smb");
	assert_string_equal(written(&disk),
		"{\"dialect\":\"3.1.1\",\"command\":\"SMB2_COMMAND_TREE_CONNECT\","
		"\"status\":\"STATUS_SUCCESS\",\"share\":\"\\\\\\\\a\\\\b\",\"share_type\":\"FILE\"}");
	assert_string_equal(written(&pipe),
		"{\"dialect\":\"NT LM 0.12\",\"command\":\"SMB1_COMMAND_TREE_CONNECT_ANDX\","
		"\"status\":\"STATUS_SUCCESS\",\"share\":\"\\\\\\\\a\\\\IPC$\",\"share_type\":\"PIPE\"}");
}

static void
a_refusal_has_its_name_or_number(void **state)
{
	struct obs_smb smb = { .path = "x", .status = "ACCESS_DENIED" };

	(void)state;
	assert_string_equal(written(&smb),
		"{\"command\":\"SMB2_COMMAND_TREE_CONNECT\",\"status\":\"STATUS_ACCESS_DENIED\","
		"\"share\":\"x\"}");
	smb.status = "0xc0000123";
	assert_string_equal(written(&smb),
		"{\"command\":\"SMB2_COMMAND_TREE_CONNECT\",\"status\":\"0xc0000123\","
		"\"share\":\"x\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_has_its_kind_in_the_words_of_eve),
		cmocka_unit_test(a_refusal_has_its_name_or_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
