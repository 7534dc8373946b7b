#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/transactions/mqtt.h"
#include "daemon/transactions/mqtt_topic.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_mqtt;

#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))
#define CONNECT      "\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04text"
#define CONNECT_USER "\x10\x16\x00\x04MQTT\x04\xc2\x00\x3c\x00\x00\x00\x04user\x00\x04pass"
#define ACCEPTED     "\x20\x02\x00\x00"

static void
a_session_with_a_will_and_a_user_is_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x10\x23\x00\x06MQIsdp\x03\x86\x00\x3c\x00\x02id\x00\x06"
			      "will/t\x00\x03"
			      "bye\x00\x04user") },
		{ false, BYTES(ACCEPTED) },
		{ true, BYTES("\xe0\x00") },
	};

	(void)state;
	proto_cuts(&protocol_mqtt, pieces, COUNT(pieces),
		"mqtt_connect proto_name=MQIsdp proto_version=3.1 client_id=id "
		"connect_status=Connection Accepted will_topic=will/t will_payload=bye\n"
		"- proto=mqtt success=yes user=user known_by=reply\n");
}

static void
version_5_has_properties_everywhere(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("\x10\x1c\x00\x04MQTT\x05\xc2\x00\x3c\x03\x21\x00\x14\x00\x00\x00\x04user\x00\x04pass") },
		{ false, BYTES("\x20\x03\x00\x86\x00") },
		{ true, BYTES("\x32\x0c\x00\x01t\x00\x07\x02\x01\x00payl") },
		{ true, BYTES("\x82\x0b\x00\x01\x00\x00\x01"
			      "a\x00\x00\x01"
			      "b"
			      "\x00") },
	};

	(void)state;
	proto_cuts(&protocol_mqtt, pieces, COUNT(pieces),
		"mqtt_connect proto_name=MQTT proto_version=5.0 client_id= "
		"connect_status=Connection Refused, bad user name or password\n"
		"- proto=mqtt success=no user=user known_by=reply\n"
		"- action=publish topics=[t] from_client=yes payload_len=4\n"
		"- action=subscribe topics=[a|b] from_client=yes\n");
}

static void
topics_of_both_sides_are_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(CONNECT) },
		{ false, BYTES(ACCEPTED) },
		{ true, BYTES("\x82\x0a\x00\x01\x00\x01#\x00\x00\x01+\x02") },
		{ false, BYTES("\x90\x04\x00\x01\x00\x02"
			       "\x30\x08\x00\x03t/1five!") },
		{ true, BYTES("\x30\x03\x00\x01t\x32\x05\x00\x01t\x00\x09\xa2\x05\x00\x02\x00\x01#") },
	};

	(void)state;
	proto_cuts(&protocol_mqtt, pieces, COUNT(pieces),
		"mqtt_connect proto_name=MQTT proto_version=3.1.1 client_id=text "
		"connect_status=Connection Accepted\n"
		"- action=subscribe topics=[#|+] from_client=yes\n"
		"- action=publish topics=[t/1] from_client=no payload_len=3\n"
		"- action=publish topics=[t] from_client=yes payload_len=0\n"
		"- action=publish topics=[t] from_client=yes payload_len=0\n"
		"- action=unsubscribe topics=[#] from_client=yes\n");
}

static void
the_brokers_answer_is_told_in_words(void **state)
{
	static const struct {
		uint8_t code;
		const char *status, *login;
	} cases[] = {
		{ 0, "Connection Accepted", "success=yes user=user known_by=reply" },
		{ 1, "Connection Refused, unacceptable protocol version", "user=user" },
		{ 2, "Connection Refused, identifier rejected", "user=user" },
		{ 3, "Connection Refused, Server unavailable", "user=user" },
		{ 4, "Connection Refused, bad user name or password",
			"success=no user=user known_by=reply" },
		{ 5, "Connection Refused, not authorized", "success=no user=user known_by=reply" },
		{ 0x8a, "Connection Refused, banned", "success=no user=user known_by=reply" },
		{ 0x89, "Connection Refused", "user=user" },
	};
	static struct proto_rig r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const uint8_t answer[] = { 0x20, 2, 0, cases[i].code };
		const struct proto_piece pieces[] = {
			{ true, BYTES(CONNECT_USER) },
			{ false, answer, sizeof(answer) },
		};
		char expected[256];
		(void)snprintf(expected, sizeof(expected),
			"mqtt_connect proto_name=MQTT proto_version=3.1.1 client_id= "
			"connect_status=%s\n- proto=mqtt %s\n",
			cases[i].status, cases[i].login);
		assert_string_equal(
			proto_rig_play(&r, &protocol_mqtt, pieces, 2, SIZE_MAX), expected);
	}
}

static void
a_session_without_an_answer_is_told_at_the_end(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(CONNECT) },
		{ false, BYTES("\x00\x00") },
		{ true, BYTES(CONNECT) },
	};

	(void)state;
	proto_cuts(&protocol_mqtt, pieces, COUNT(pieces),
		"mqtt_connect proto_name=MQTT proto_version=3.1.1 client_id=text\n");
}

static void
topics_are_cut_and_counted(void **state)
{
	static struct proto_rig r;
	uint8_t many[2 + 2 + 4 * (MQTT_TOPICS_MAX + 1)] = { 0x82, sizeof(many) - 2 };
	uint8_t wide[3 + 2 + 200] = { 0x30, 0xca, 1, 0, 200 };
	char expected[512];
	struct strbuf out;
	const struct proto_piece pieces[] = {
		{ true, many, sizeof(many) },
		{ true, wide, sizeof(wide) },
	};

	(void)state;
	strbuf_init(&out, expected, sizeof(expected));
	strbuf_text(&out, "- action=subscribe topics=[#");
	for (size_t i = 0; i <= MQTT_TOPICS_MAX; i++) {
		memcpy(many + 4 + 4 * i, "\0\1#", 4);
		if (i > 0 && i < MQTT_TOPICS_MAX)
			strbuf_text(&out, "|#");
	}
	memset(wide + 5, 'w', 200);
	strbuf_text(&out, "] from_client=yes\n");
	assert_string_equal(proto_rig_play(&r, &protocol_mqtt, pieces, 1, SIZE_MAX), expected);
	assert_int_equal(strlen(proto_rig_play(&r, &protocol_mqtt, pieces + 1, 1, SIZE_MAX)),
		strlen("- action=publish topics=[] from_client=yes payload_len=0\n") +
			MQTT_TEXT_MAX - 1);
}

static void
what_is_published_may_have_gaps_and_heads_may_not(void **state)
{
	static struct proto_rig r;
	uint8_t wide[3 + 3 + 600] = { 0x30, 0xdb, 4, 0, 1, 't' };

	(void)state;
	proto_rig_init(&r, &protocol_mqtt);
	proto_rig_feed(&r, true, BYTES(CONNECT));
	proto_rig_feed(&r, true, wide, 550);
	proto_rig_gap(&r, true, sizeof(wide) - 550);
	assert_false(r.is_over);
	assert_string_equal(
		r.text, "- action=publish topics=[t] from_client=yes payload_len=600\n");
	proto_rig_gap(&r, true, 1);
	assert_true(r.is_over);
	assert_int_equal(r.told, 2);
	proto_rig_done(&r);
}

static void
a_publication_is_recognised_in_the_middle(void **state)
{
	static const struct proto_piece others[] = {
		{ true, BYTES("\x36\x07\0\3t/1\0\1") }, /* no such quality */
		{ true, BYTES("\x32\x08\0\3t/1\0\1") }, /* goes on */
		{ true, BYTES("\x32\x06\0\3t/1\0\1") }, /* is over before */
		{ true, BYTES("\x32\x04\0\0\0\1") },    /* nothing */
		{ true, BYTES("\x32\x07\0\3t/#\0\1") }, /* a pattern */
		{ true, BYTES("\x32\x07\0\3+/1\0\1") }, { true, BYTES("\x32\x07\0\3t\n1\0\1") },
		{ true, BYTES("\x32\x07\0\3t\x7f\x31\0\1") },
		{ true, BYTES("\x32\x07\0\6t/1\0\1") }, /* cut */
		{ true, BYTES("\x82\x07\0\3t/1\0\1") },
		{ true, BYTES("\x30\x0c\2\1\1\x60\7\2\1\3\4\0\x80\0") }, /* LDAP */
	};
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_mqtt);
	assert_int_equal(proto_rig_guess(&r, false, BYTES("\x32\x07\0\3t/1\0\1")), PROTO_YES);
	assert_int_equal(proto_rig_guess(&r, false, BYTES("\x30\x03\0\1t")), PROTO_YES);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, others[i].bytes, others[i].size), PROTO_NO);
	proto_rig_feed(&r, false, BYTES("\x32\x07\0\3t/1\0\1"));
	assert_string_equal(r.text, "- action=publish topics=[t/1] from_client=no payload_len=0\n");
	proto_rig_done(&r);
}

static void
the_first_packet_is_recognised(void **state)
{
	static const struct proto_piece connect = { true, BYTES(CONNECT) };
	static const char *const others[] = { "\x10\x10\x00\x04MQTX\x04\x02",
		"\x10\x10\x00\x05MQTTX", "\x10\x10\x00\x04MQTT\x03\x02",
		"\x10\x10\x00\x04MQTT\x04\x03", "\x10\x0b\x00\x04MQTT\x04\x02",
		"\x11\x10\x00\x04MQTT\x04\x02" };
	static const size_t sizes[] = { 10, 9, 10, 10, 10, 10 };
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_mqtt, &connect, 10);
	proto_cuts_strangers(&protocol_mqtt);
	proto_rig_init(&r, &protocol_mqtt);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(proto_rig_guess(&r, true, others[i], sizes[i]), PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_with_a_will_and_a_user_is_told),
		cmocka_unit_test(version_5_has_properties_everywhere),
		cmocka_unit_test(topics_of_both_sides_are_told),
		cmocka_unit_test(the_brokers_answer_is_told_in_words),
		cmocka_unit_test(a_session_without_an_answer_is_told_at_the_end),
		cmocka_unit_test(topics_are_cut_and_counted),
		cmocka_unit_test(what_is_published_may_have_gaps_and_heads_may_not),
		cmocka_unit_test(a_publication_is_recognised_in_the_middle),
		cmocka_unit_test(the_first_packet_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
