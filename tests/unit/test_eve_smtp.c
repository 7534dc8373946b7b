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

static const char *
beside_of(const struct obs_smtp *smtp)
{
	static char text[1024];
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_SMTP)->write_beside(
		&j, &(struct observation){ .kind = OBS_SMTP, .smtp = smtp });
	json_object_end(&j);
	return out.text;
}

static void
the_header_stands_beside_the_envelope(void **state)
{
	const char *const to[] = { "b@x", "C <c@x>" };
	const char *const cc[] = { "d@x" };

	(void)state;
	assert_string_equal(beside_of(&(struct obs_smtp){ .from = "A <a@x>",
				    .to = { to, 2 },
				    .cc = { cc, 1 },
				    .reply_to = "r@x",
				    .msg_id = "<1@x>",
				    .in_reply_to = "<0@x>",
				    .subject = "\xff",
				    .user_agent = "m",
				    .date = "now" }),
		"{\"email\":{\"from\":\"A <a@x>\",\"to\":[\"b@x\",\"C <c@x>\"],\"cc\":[\"d@x\"],"
		"\"reply_to\":\"r@x\",\"message_id\":\"<1@x>\",\"in_reply_to\":\"<0@x>\","
		"\"subject\":\"\xef\xbf\xbd\",\"user_agent\":\"m\",\"date\":\"now\"}}");
	assert_string_equal(
		beside_of(&(struct obs_smtp){ .helo = "me", .mail_from = "a@x" }), "{}");
}

/* Whatever of it there is. */
static void
one_field_is_a_header(void **state)
{
	const char *const one[] = { "x" };

	(void)state;
	assert_string_equal(
		beside_of(&(struct obs_smtp){ .to = { one, 1 } }), "{\"email\":{\"to\":[\"x\"]}}");
	assert_string_equal(
		beside_of(&(struct obs_smtp){ .cc = { one, 1 } }), "{\"email\":{\"cc\":[\"x\"]}}");
	assert_string_equal(
		beside_of(&(struct obs_smtp){ .subject = "x" }), "{\"email\":{\"subject\":\"x\"}}");
	assert_string_equal(
		beside_of(&(struct obs_smtp){ .date = "x" }), "{\"email\":{\"date\":\"x\"}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_envelope_is_in_angle_brackets),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(the_header_stands_beside_the_envelope),
		cmocka_unit_test(one_field_is_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
