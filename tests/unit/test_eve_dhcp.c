#include "daemon/transactions/dhcp.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LINE_MAX_BYTES = 1024 };

static const char *
object_of(const struct obs_dhcp *dhcp)
{
	static char text[LINE_MAX_BYTES];
	const struct eve_event *event = eve_event_of(OBS_DHCP);
	struct strbuf out;
	struct json j;

	assert_non_null(event);
	assert_string_equal(event->type, "dhcp");
	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	event->write(&j, &(struct observation){ .kind = OBS_DHCP, .dhcp = dhcp });
	json_object_end(&j);
	return text;
}

static void
an_answer_has_all_that_suricatas_event_has(void **state)
{
	static const char *const types[] = { "REQUEST", "ACK" };
	static const char *const routers[] = { "10.0.0.1", "10.0.0.2" };
	const struct obs_dhcp dhcp = {
		.client_addr = addr_v4(10, 0, 0, 7),
		.server_addr = addr_v4(10, 0, 0, 1),
		.mac = "02:00:00:00:00:09",
		.host_name = "camera",
		.requested_addr = addr_v4(10, 0, 0, 8),
		.assigned_addr = addr_v4(10, 0, 0, 9),
		.lease_time = UINT64_C(3600000000000),
		.msg_types = { types, 2 },
		.vendor_class = "udhcp",
		.giaddr = addr_v4(10, 0, 0, 3),
		.subnet_mask = addr_v4(255, 255, 255, 0),
		.routers = { routers, 2 },
		.dns_servers = { routers, 1 },
		.xid = 77,
		.version = 4,
	};

	(void)state;
	assert_string_equal(object_of(&dhcp),
		"{\"type\":\"reply\",\"id\":77,\"client_mac\":\"02:00:00:00:00:09\","
		"\"assigned_ip\":\"10.0.0.9\",\"client_ip\":\"10.0.0.7\",\"relay_ip\":\"10.0.0.3\","
		"\"dhcp_type\":\"ack\",\"lease_time\":3600,\"requested_ip\":\"10.0.0.8\","
		"\"hostname\":\"camera\",\"vendor_class_identifier\":\"udhcp\","
		"\"subnet_mask\":\"255.255.255.0\",\"routers\":[\"10.0.0.1\",\"10.0.0.2\"],"
		"\"dns_servers\":[\"10.0.0.1\"]}");
}

static void
a_question_has_what_it_says(void **state)
{
	static const char *const types[] = { "INFORMATION-REQUEST" };
	const struct obs_dhcp dhcp = {
		.lease_time = TRANSACTION_UNSET, .msg_types = { types, 1 }, .xid = 1, .version = 6
	};

	(void)state;
	assert_string_equal(object_of(&dhcp),
		"{\"type\":\"request\",\"id\":1,\"dhcp_type\":\"information-request\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_has_all_that_suricatas_event_has),
		cmocka_unit_test(a_question_has_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
