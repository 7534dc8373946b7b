#include "daemon/loop/input_where.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char error[256];
static struct input_where where;

static int
parse(enum live_input_type type, const char *path)
{
	const struct live_input_settings s = { .type = type, .path = path };

	error[0] = '\0';
	return input_where_parse(&s, &where, error, sizeof(error));
}

static void
a_path_is_of_files(void **state)
{
	(void)state;
	assert_int_equal(parse(LIVE_INPUT_ZEEK, "/var/log/zeek/current"), 0);
	assert_int_equal(where.place, INPUT_PLACE_FILES);
	assert_string_equal(where.path, "/var/log/zeek/current");
	assert_int_equal(parse(LIVE_INPUT_EVE, "/var/log/suricata/eve.json"), 0);
	assert_int_equal(where.place, INPUT_PLACE_FILES);
}

static void
eve_comes_from_unix_sockets_as_well(void **state)
{
	(void)state;
	assert_int_equal(parse(LIVE_INPUT_EVE, "unix:/run/naiad/eve.sock"), 0);
	assert_int_equal(where.place, INPUT_PLACE_STREAM);
	assert_string_equal(where.path, "/run/naiad/eve.sock");
	assert_int_equal(parse(LIVE_INPUT_EVE, "unix_dgram:/run/naiad/eve.sock"), 0);
	assert_int_equal(where.place, INPUT_PLACE_DATAGRAM);
	assert_string_equal(where.path, "/run/naiad/eve.sock");
}

static void
routers_export_to_an_address_and_a_port(void **state)
{
	(void)state;
	assert_int_equal(parse(LIVE_INPUT_NETFLOW, "udp:0.0.0.0:2055"), 0);
	assert_int_equal(where.place, INPUT_PLACE_UDP);
	assert_true(addr_is_v4(&where.addr));
	assert_int_equal(where.port, 2055);
	assert_int_equal(parse(LIVE_INPUT_SFLOW, "udp:[::1]:6343"), 0);
	assert_true(addr_is_loopback(&where.addr));
	assert_int_equal(where.port, 6343);
}

static void
what_cannot_be_is_refused_and_says_what_could(void **state)
{
	static const struct {
		enum live_input_type type;
		const char *path, *error;
	} cases[] = {
		{ LIVE_INPUT_ZEEK, NULL, "inputs: zeek: an input needs a path" },
		{ LIVE_INPUT_ZEEK, "current", "inputs: zeek \"current\": a path begins with /" },
		{ LIVE_INPUT_EVE, "unix:eve.sock",
			"inputs: eve \"unix:eve.sock\": a path begins with /" },
		{ LIVE_INPUT_ZEEK, "unix:/run/zeek.sock",
			"inputs: zeek \"unix:/run/zeek.sock\": Zeek writes files, name its directory" },
		{ LIVE_INPUT_EVE, "udp:0.0.0.0:2055",
			"inputs: eve \"udp:0.0.0.0:2055\": only netflow and sflow come over UDP" },
		{ LIVE_INPUT_NETFLOW, "/var/cache/nfdump",
			"inputs: netflow \"/var/cache/nfdump\": routers export over UDP, write udp:ADDRESS:PORT" },
		{ LIVE_INPUT_SFLOW, "udp:router:6343",
			"inputs: sflow \"udp:router:6343\": no address to listen on; write udp:ADDRESS:PORT or udp:[ADDRESS]:PORT, in numbers" },
		{ LIVE_INPUT_SFLOW, "udp:0.0.0.0:65536", NULL },
		{ LIVE_INPUT_SFLOW, "udp:0.0.0.0", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].type, cases[i].path), -EINVAL);
		if (cases[i].error != NULL)
			assert_string_equal(error, cases[i].error);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_of_files),
		cmocka_unit_test(eve_comes_from_unix_sockets_as_well),
		cmocka_unit_test(routers_export_to_an_address_and_a_port),
		cmocka_unit_test(what_cannot_be_is_refused_and_says_what_could),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
