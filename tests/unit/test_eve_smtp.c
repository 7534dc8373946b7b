#include "daemon/transactions/smtp.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *
event_of(const struct obs_smtp *smtp)
{
	static char text[1024];
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_SMTP)->write(&j, &(struct observation){ .kind = OBS_SMTP, .smtp = smtp });
	json_object_end(&j);
	return out.text;
}

static void
the_envelope_is_in_angle_brackets(void **state)
{
	const char *const rcpt[] = { "b@x", "c\"@x" };

	(void)state;
	assert_string_equal(event_of(&(struct obs_smtp){
				    .helo = "me", .mail_from = "a@x", .rcpt_to = { rcpt, 2 } }),
		"{\"helo\":\"me\",\"mail_from\":\"<a@x>\",\"rcpt_to\":[\"<b@x>\",\"<c\\\"@x>\"]}");
}

static void
what_is_not_known_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(event_of(&(struct obs_smtp){ .helo = "" }), "{\"helo\":\"\"}");
	assert_string_equal(event_of(&(struct obs_smtp){ .helo = NULL }), "{}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_envelope_is_in_angle_brackets),
		cmocka_unit_test(what_is_not_known_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
