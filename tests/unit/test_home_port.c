/* test_home_port.c -- who is at home at a port, and who is not. */
#include "daemon/proto/home_port.h"

#include "daemon/proto/proto.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
others_are_not_at_home(void **state)
{
	(void)state;
	assert_true(home_port_is_others(443, IPPROTO_TCP, "ssh"));
	assert_true(home_port_is_others(80, IPPROTO_TCP, "ssl"));
	assert_true(home_port_is_others(53, IPPROTO_UDP, "bittorrent"));
	assert_true(home_port_is_others(465, IPPROTO_TCP, "http"));
}

static void
one_of_several_is_at_home(void **state)
{
	(void)state;
	assert_false(home_port_is_others(443, IPPROTO_TCP, "ssl"));
	assert_false(home_port_is_others(465, IPPROTO_TCP, "ssl"));
	assert_false(home_port_is_others(465, IPPROTO_TCP, "smtp"));
}

static void
nobodys_port_is_anybodys(void **state)
{
	(void)state;
	assert_false(home_port_is_others(8080, IPPROTO_TCP, "ssh"));
	assert_false(home_port_is_others(22, IPPROTO_UDP, "dns"));
	assert_false(home_port_is_others(0, IPPROTO_TCP, "ssh"));
}

/* A row that names no protocol would make everybody a stranger at its port. */
static void
each_home_is_a_protocols(void **state)
{
	(void)state;
	for (uint32_t port = 0; port < 65536; port++)
		for (unsigned way = 0; way < 2; way++) {
			uint8_t ip_proto = way == 0 ? IPPROTO_TCP : IPPROTO_UDP;
			bool is_known = false;
			if (!home_port_is_others((uint16_t)port, ip_proto, ""))
				continue;
			for (size_t i = 0; i < protocol_count; i++)
				is_known |= protocols[i]->ip_proto == ip_proto &&
					    !home_port_is_others(
						    (uint16_t)port, ip_proto, protocols[i]->name);
			assert_true(is_known);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_not_at_home),
		cmocka_unit_test(one_of_several_is_at_home),
		cmocka_unit_test(nobodys_port_is_anybodys),
		cmocka_unit_test(each_home_is_a_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
