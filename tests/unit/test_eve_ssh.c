#include "daemon/base/strbuf.h"
#include "daemon/transactions/ssh.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The event's object. */
static const char *
written(const struct obs_ssh *ssh)
{
	static char text[1024];
	const struct observation o = { .kind = OBS_SSH, .ssh = ssh };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_SSH)->write(&j, &o);
	json_object_end(&j);
	assert_false(out.truncated);
	return text;
}

static void
each_side_has_version_software_and_hassh(void **state)
{
	const struct obs_ssh ssh = {
		.client = "SSH-2.0-OpenSSH_9.2p1 Debian-2",
		.server = "SSH-1.99-dropbear-2018.76",
		.hassh = "c0",
		.hasshserver = "5e",
	};

	(void)state;
	assert_string_equal(eve_event_of(OBS_SSH)->type, "ssh");
	assert_string_equal(written(&ssh),
		"{\"client\":{\"proto_version\":\"2.0\",\"software_version\":\"OpenSSH_9.2p1\","
		"\"hassh\":{\"hash\":\"c0\"}},"
		"\"server\":{\"proto_version\":\"1.99\",\"software_version\":\"dropbear-2018.76\","
		"\"hassh\":{\"hash\":\"5e\"}}}");
}

static void
what_was_not_said_is_left_out(void **state)
{
	const struct obs_ssh ssh = { .server = "SSH-2.0" };

	(void)state;
	assert_string_equal(written(&ssh), "{\"server\":{}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_side_has_version_software_and_hassh),
		cmocka_unit_test(what_was_not_said_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
