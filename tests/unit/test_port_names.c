/* test_port_names.c -- what people call a port, and which ports are usual. */
#include "daemon/knowledge/port_names.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
known_ports_have_names(void **state)
{
	(void)state;
	assert_string_equal(port_name(443, IPPROTO_TCP), "https");
	assert_string_equal(port_name(443, IPPROTO_UDP), "quic");
	assert_string_equal(port_name(53, IPPROTO_UDP), "DNS");
	assert_string_equal(port_name(5228, IPPROTO_TCP),
		"Google Playstore or Google Talk or Google Chrome Sync");
}

static void
others_have_none(void **state)
{
	(void)state;
	assert_null(port_name(0, IPPROTO_TCP));
	assert_null(port_name(65535, IPPROTO_UDP));
	assert_null(port_name(5228, IPPROTO_UDP));
	assert_null(port_name(443, IPPROTO_ICMP));
}

/* A row that is out of order would not be found. */
static void
every_row_is_found(void **state)
{
	static const struct {
		uint16_t port;
		uint8_t ip_proto;
		const char *name;
	} rows[] = {
#define PORT(number, proto, text) { number, IPPROTO_##proto, text },
#include "daemon/knowledge/port_names.def"
#undef PORT
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(port_name(rows[i].port, rows[i].ip_proto), rows[i].name);
}

static void
every_named_and_usual_port_is_known(void **state)
{
	static const struct {
		uint16_t port;
		uint8_t ip_proto;
	} usual[] = {
#define PORT(number, proto) { number, IPPROTO_##proto },
#include "daemon/lists/usual_ports.def"
#undef PORT
	};

	(void)state;
	assert_true(port_is_known(443, IPPROTO_TCP));
	assert_true(port_is_known(8080, IPPROTO_TCP));
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		assert_true(port_is_known(usual[i].port, usual[i].ip_proto));
		assert_null(port_name(usual[i].port, usual[i].ip_proto)); /* one row is enough */
	}
}

/* What malware and the corpora of scans and floods use. */
static void
others_are_not_known(void **state)
{
	static const uint16_t ports[] = { 0, 337, 447, 449, 453, 1337, 4444, 6898, 8082, 8437,
		65535 };

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		assert_false(port_is_known(ports[i], IPPROTO_TCP));
	assert_false(port_is_known(443, IPPROTO_ICMP));
	assert_false(port_is_known(32400, IPPROTO_UDP));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_ports_have_names),
		cmocka_unit_test(others_have_none),
		cmocka_unit_test(every_row_is_found),
		cmocka_unit_test(every_named_and_usual_port_is_known),
		cmocka_unit_test(others_are_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
