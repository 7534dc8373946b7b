#include "daemon/proto/dce_rpc_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
an_interface_is_found_by_its_bytes_and_by_their_text(void **state)
{
	static const uint8_t svcctl[DCE_RPC_UUID_BYTES] = { 0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98,
		0xf1, 0x35, 0xad, 0x32, 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03 };
	const struct dce_rpc_interface *i = dce_rpc_interface_of(svcctl);

	(void)state;
	assert_non_null(i);
	assert_string_equal(i->name, "svcctl");
	assert_ptr_equal(dce_rpc_interface_of_text("367abb81-9844-35f1-ad32-98f038001003"), i);
	assert_string_equal(dce_rpc_operation_name(i, 12), "CreateServiceW");
}

static void
what_has_no_name_here_is_not_found(void **state)
{
	static const uint8_t nobodys[DCE_RPC_UUID_BYTES] = { 1 };

	(void)state;
	assert_null(dce_rpc_interface_of(nobodys));
	assert_null(dce_rpc_interface_of_text("367abb81-9844-35f1-ad32-98f03800100"));
	assert_null(dce_rpc_interface_of_text(""));
	assert_null(dce_rpc_operation_name(NULL, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interface_is_found_by_its_bytes_and_by_their_text),
		cmocka_unit_test(what_has_no_name_here_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
