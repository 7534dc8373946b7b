#include "exporters/zeek_tunnel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_kind_has_a_type_and_those_of_gre_share_it(void **state)
{
	(void)state;
	for (enum tunnel_kind k = TUNNEL_NONE; k < TUNNEL_KIND_COUNT; k++) {
		assert_int_equal(strncmp(zeek_tunnel_type(k), "Tunnel::", 8), 0);
		bool gre = k == TUNNEL_GRE || k == TUNNEL_PPTP || k == TUNNEL_ERSPAN;
		assert_int_equal(strcmp(zeek_tunnel_type(k), "Tunnel::GRE") == 0, gre);
	}
	assert_string_equal(zeek_tunnel_type(TUNNEL_TEREDO), "Tunnel::TEREDO");
	assert_string_equal(zeek_tunnel_type(TUNNEL_GTP), "Tunnel::GTPv1");
}

static void
a_tunnel_is_found_or_closed(void **state)
{
	(void)state;
	assert_string_equal(zeek_tunnel_action(false), "Tunnel::DISCOVER");
	assert_string_equal(zeek_tunnel_action(true), "Tunnel::CLOSE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_a_type_and_those_of_gre_share_it),
		cmocka_unit_test(a_tunnel_is_found_or_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
