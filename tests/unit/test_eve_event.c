/* test_eve_event.c -- what all events of transactions have in common. */
#include "exporters/eve_event.h"

#include "daemon/engine/interface_names.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/smtp.h"
#include "exporters/community_id.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
event_of(enum obs_kind kind, const void *said)
{
	static const struct interface_names names = { .text = { "", "lan0" } };
	static char text[2048];
	struct community_id c;
	const struct obs_talk talk = { .id = 77,
		.uid = { "Cabc" },
		.orig = addr_v4(128, 232, 110, 120),
		.resp = addr_v4(66, 35, 250, 204),
		.orig_port = 34855,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP };
	const struct observation o = { .kind = kind, .interface = 1, .talk = &talk, .said = said };
	struct strbuf out;
	struct json j;

	assert_int_equal(community_id_init(&c), 0);
	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_transaction(&j, &c, &names, eve_event_of(kind), &o);
	json_object_end(&j);
	community_id_done(&c);
	assert_false(out.truncated);
	return text;
}

/* The ends and their Community ID are those of the specification's own example. */
static void
an_event_has_its_conversation(void **state)
{
	(void)state;
	assert_string_equal(
		event_of(OBS_SMTP, &(struct obs_smtp){ .helo = "me", .trans_depth = 3 }),
		"{\"flow_id\":77,\"in_iface\":\"lan0\",\"event_type\":\"smtp\","
		"\"src_ip\":\"128.232.110.120\",\"src_port\":34855,\"dest_ip\":\"66.35.250.204\","
		"\"dest_port\":80,\"ip_v\":4,\"proto\":\"TCP\","
		"\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\",\"tx_id\":2,"
		"\"smtp\":{\"helo\":\"me\"},\"naiad\":{\"kind\":\"transaction\",\"uid\":\"Cabc\"}}");
}

static void
requests_are_counted_from_0(void **state)
{
	(void)state;
	assert_non_null(
		strstr(event_of(OBS_HTTP, &(struct obs_http){ .trans_depth = 1 }), "\"tx_id\":0,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_has_its_conversation),
		cmocka_unit_test(requests_are_counted_from_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
