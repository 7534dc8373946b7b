#include "exporters/service_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
one_service_is_the_name(void **state)
{
	(void)state;
	assert_string_equal(service_name(""), "");
	assert_string_equal(service_name("ssl"), "ssl");
}

static void
the_last_is_what_the_others_were_for(void **state)
{
	(void)state;
	assert_string_equal(service_name("smtp,ssl"), "ssl");
	assert_string_equal(service_name("http,socks,ssh"), "ssh");
}

static void
what_carries_log_ins_and_calls_is_the_name(void **state)
{
	(void)state;
	assert_string_equal(service_name("smb,gssapi,ntlm,dce_rpc"), "smb");
	assert_string_equal(service_name("dce_rpc,gssapi"), "dce_rpc");
	assert_string_equal(service_name("dce_rpc,smbx"), "dce_rpc");
	assert_string_equal(service_name("smbx,xsmb"), "xsmb");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_service_is_the_name),
		cmocka_unit_test(the_last_is_what_the_others_were_for),
		cmocka_unit_test(what_carries_log_ins_and_calls_is_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
