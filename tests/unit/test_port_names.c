/* test_port_names.c -- what people call a port. */
#include "exporters/port_names.h"

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
#include "exporters/port_names.def"
#undef PORT
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(port_name(rows[i].port, rows[i].ip_proto), rows[i].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_ports_have_names),
		cmocka_unit_test(others_have_none),
		cmocka_unit_test(every_row_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
