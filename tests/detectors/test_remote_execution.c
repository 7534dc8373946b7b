#define DETECTOR_UNDER_TEST detector_remote_execution
#include "tests/support/remote_call_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t
does(struct rig *r, struct addr to, const char *endpoint, const char *operation)
{
	return show(r, ROLE_CLIENT, to,
		&(struct obs_dce_rpc){ .endpoint = endpoint, .operation = operation });
}

static void
a_service_that_is_created_and_started_convicts(void **state)
{
	struct rig *r = *state;

	assert_int_equal(does(r, server, "svcctl", "CreateServiceW"), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "REMOTE_EXECUTION");
	assert_string_equal(e->kind->technique, "T1569.002");
	assert_int_equal(e->kind->signature_id, 5200305);
	assert_int_equal(e->kind->aspect, ASPECT_NONE);
	assert_true(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(addr_equal(&e->about, &server));
	assert_int_equal(e->port, 445);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->object, "10.0.0.9 svcctl");
	assert_string_equal(e->text, "created a service on 10.0.0.9 (svcctl CreateService)");
	assert_int_equal(does(r, server, "svcctl", "StartServiceW"), 1);
	assert_true(rig_last(r)->decisive);
	assert_string_equal(rig_last(r)->text,
		"started a service on 10.0.0.9 (svcctl StartService) that it had created");
	assert_int_equal(does(r, server, "svcctl", "CreateServiceA"), 0);
	assert_int_equal(does(r, server, "svcctl", "StartServiceA"), 0);
}

static void
to_start_a_service_that_was_there_is_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_equal(does(r, server, "svcctl", "StartServiceW"), 0);
	assert_int_equal(does(r, addr_v4(10, 0, 0, 8), "svcctl", "CreateServiceW"), 1);
	assert_int_equal(does(r, server, "svcctl", "StartServiceW"), 0);
}

static void
a_method_of_wmi_convicts_after_a_log_in(void **state)
{
	struct rig *r = *state;

	assert_int_equal(does(r, server, "IWbemServices", "ExecMethod"), 1);
	assert_false(rig_last(r)->decisive);
	assert_string_equal(
		rig_last(r)->text, "executed a WMI method on 10.0.0.9 (IWbemServices ExecMethod)");
	rig_window_next(r);
	assert_int_equal(does(r, server, "IWbemLevel1Login", "NTLMLogin"), 0);
	assert_int_equal(does(r, server, "IWbemServices", "ExecMethodAsync"), 1);
	assert_true(rig_last(r)->decisive);
	assert_string_equal(rig_last(r)->object, "10.0.0.9 IWbemServices");
}

static void
a_printer_driver_convicts_and_a_task_does_not(void **state)
{
	struct rig *r = *state;

	assert_int_equal(does(r, server, "spoolss", "RpcAddPrinterDriver"), 0);
	assert_int_equal(does(r, server, "spoolss", "RpcAddPrinterDriverEx"), 1);
	assert_true(rig_last(r)->decisive);
	assert_string_equal(rig_last(r)->text,
		"added a printer driver on 10.0.0.9 (spoolss RpcAddPrinterDriverEx)");
	assert_int_equal(does(r, server, "atsvc", "NetrJobAdd"), 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(does(r, server, "ITaskSchedulerService", "SchRpcRegisterTask"), 0);
	rig_window_next(r);
	assert_int_equal(does(r, server, "ITaskSchedulerService", "SchRpcRegisterTask"), 1);
	assert_false(rig_last(r)->decisive);
	assert_string_equal(rig_last(r)->text,
		"scheduled a task on 10.0.0.9 (ITaskSchedulerService SchRpcRegisterTask)");
}

static void
what_was_refused_was_not_done_nor_what_others_ask(void **state)
{
	const struct obs_dce_rpc refused = {
		.endpoint = "spoolss", .operation = "RpcAddPrinterDriverEx", .fault = "0x00000005"
	};
	const struct obs_dce_rpc done = { .endpoint = "spoolss",
		.operation = "RpcAddPrinterDriverEx" };
	struct rig *r = *state;

	assert_int_equal(show(r, ROLE_CLIENT, server, &refused), 0);
	assert_int_equal(show(r, ROLE_SERVER, server, &done), 0);
	assert_int_equal(does(r, server, NULL, "RpcAddPrinterDriverEx"), 0);
	assert_int_equal(does(r, server, "spoolss", NULL), 0);
	assert_int_equal(does(r, server, "srvsvc", "NetrShareEnum"), 0);
	assert_null(r->call.window_state);
}

static void
it_need_not_convict(void **state)
{
	struct rig *r = *state;
	bool no = false;

	memcpy(r->section + detector_remote_execution.config[0].offset, &no, sizeof(no));
	assert_int_equal(does(r, server, "spoolss", "RpcAddPrinterDriverEx"), 1);
	assert_false(rig_last(r)->decisive);
}

static void
sixty_four_servers_are_watched(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 64; i++)
		assert_int_equal(does(r, addr_v4(10, 0, 1, i), "IWbemLevel1Login", "NTLMLogin"), 0);
	size_t used = r->memory.used_bytes;
	assert_int_equal(does(r, addr_v4(10, 0, 1, 65), "svcctl", "CreateServiceW"), 0);
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(does(r, addr_v4(10, 0, 1, 64), "IWbemServices", "ExecMethod"), 1);
	assert_true(rig_last(r)->decisive);
}

static size_t
asks(struct rig *r, const char *endpoint, const char *operation)
{
	return show(r, ROLE_CLIENT, server,
		&(struct obs_dce_rpc){ .endpoint = endpoint,
			.operation = operation,
			.rtt_ns = TRANSACTION_UNSET });
}

/* Its caller's address may be forged: the answers went to somebody else. */
static void
calls_without_an_answer_are_told_and_do_not_convict(void **state)
{
	struct rig *r = *state;

	assert_int_equal(asks(r, "spoolss", "RpcAddPrinterDriverEx"), 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(asks(r, "svcctl", "CreateServiceW"), 1);
	assert_int_equal(does(r, server, "svcctl", "StartServiceW"), 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(does(r, server, "svcctl", "CreateServiceW"), 0);
	assert_int_equal(asks(r, "svcctl", "DeleteService"), 0);
	assert_int_equal(does(r, server, "svcctl", "StartServiceW"), 1);
	assert_true(rig_last(r)->decisive);
}

static void
what_was_told_before_it_convicts_is_told_again_once(void **state)
{
	struct rig *r = *state;

	assert_int_equal(does(r, server, "IWbemServices", "ExecMethod"), 1);
	assert_int_equal(does(r, server, "IWbemServices", "ExecMethod"), 0);
	assert_int_equal(does(r, server, "IWbemLevel1Login", "NTLMLogin"), 0);
	assert_int_equal(asks(r, "IWbemServices", "ExecMethod"), 1);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(does(r, server, "IWbemServices", "ExecMethod"), 0);
}

static void
the_longest_address_fits_the_object(void **state)
{
	struct rig *r = *state;
	struct addr far;

	memset(&far, 0xab, sizeof(far));
	assert_int_equal(does(r, far, "ITaskSchedulerService", "SchRpcRegisterTask"), 1);
	assert_string_equal(rig_last(r)->object,
		"abab:abab:abab:abab:abab:abab:abab:abab ITaskSchedulerService");
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 64; /* the head */
	assert_int_equal(does(r, server, "svcctl", "CreateServiceW"), 0);
	assert_true(r->memory.refused > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_service_that_is_created_and_started_convicts),
		TEST(to_start_a_service_that_was_there_is_nothing),
		TEST(a_method_of_wmi_convicts_after_a_log_in),
		TEST(a_printer_driver_convicts_and_a_task_does_not),
		TEST(what_was_refused_was_not_done_nor_what_others_ask),
		TEST(it_need_not_convict),
		TEST(sixty_four_servers_are_watched),
		TEST(calls_without_an_answer_are_told_and_do_not_convict),
		TEST(what_was_told_before_it_convicts_is_told_again_once),
		TEST(the_longest_address_fits_the_object),
		TEST(without_memory_it_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
