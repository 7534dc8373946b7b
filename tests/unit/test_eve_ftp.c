#include "daemon/transactions/ftp.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *
event_of(const struct obs_ftp *ftp)
{
	static char text[1024];
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_FTP)->write(&j, &(struct observation){ .kind = OBS_FTP, .ftp = ftp });
	json_object_end(&j);
	return out.text;
}

static void
a_file_is_told_by_its_path(void **state)
{
	(void)state;
	assert_string_equal(event_of(&(struct obs_ftp){ .command = "RETR",
				    .arg = "ftp://[2001:db8::1]/dir/file",
				    .reply_code = 226,
				    .reply_msg = "done" }),
		"{\"command\":\"RETR\",\"command_data\":\"dir/file\",\"completion_code\":[\"226\"],"
		"\"reply\":[\"done\"],\"reply_received\":\"yes\"}");
}

static void
a_directory_that_is_not_known_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(event_of(&(struct obs_ftp){ .command = "DELE",
				    .arg = "ftp://10.0.0.1/./.x",
				    .reply_code = TRANSACTION_UNSET }),
		"{\"command\":\"DELE\",\"command_data\":\".x\",\"reply_received\":\"no\"}");
	assert_string_equal(event_of(&(struct obs_ftp){ .command = "DELE",
				    .arg = "ftp://10.0.0.1/.x",
				    .reply_code = TRANSACTION_UNSET }),
		"{\"command\":\"DELE\",\"command_data\":\".x\",\"reply_received\":\"no\"}");
}

static void
a_data_connection_is_told_by_its_port(void **state)
{
	(void)state;
	assert_string_equal(event_of(&(struct obs_ftp){ .command = "PASV",
				    .reply_code = TRANSACTION_UNSET,
				    .data_passive = TRUTH_YES,
				    .data_port = 21001 }),
		"{\"command\":\"PASV\",\"dynamic_port\":21001,\"mode\":\"passive\",\"reply_received\":\"no\"}");
	assert_string_equal(event_of(&(struct obs_ftp){ .command = "PORT",
				    .arg = "1,2,3,4,5,6",
				    .reply_code = TRANSACTION_UNSET,
				    .data_passive = TRUTH_NO,
				    .data_port = 1286 }),
		"{\"command\":\"PORT\",\"command_data\":\"1,2,3,4,5,6\",\"dynamic_port\":1286,"
		"\"mode\":\"active\",\"reply_received\":\"no\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_told_by_its_path),
		cmocka_unit_test(a_directory_that_is_not_known_is_left_out),
		cmocka_unit_test(a_data_connection_is_told_by_its_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
