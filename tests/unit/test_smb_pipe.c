#include "daemon/proto/smb_pipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_smb;

#define REQUEST  "\x05\0\0\x03\x10\0\0\0\x18\0\0\0\x01\0\0\0\0\0\0\0\0\0\x02\0"
#define RESPONSE "\x05\0\x02\x03\x10\0\0\0\x18\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0"

static struct proto_rig rig;
static struct smb_pipes pipes;

static struct proto_call
call_new(void)
{
	proto_rig_init(&rig, &protocol_smb);
	pipes = (struct smb_pipes){ 0 };
	return proto_rig_call(&rig, true);
}

static void
calls_of_each_pipe_are_its_own(void **state)
{
	struct proto_call call = call_new();

	(void)state;
	smb_pipe_opened(&pipes, &call, 1);
	smb_pipe_opened(&pipes, &call, 2);
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(REQUEST)));
	assert_string_equal(rig.also, "dce_rpc");
	smb_pipe_data(&pipes, &call, 2, cursor_over(BYTES(RESPONSE)));
	assert_int_equal(rig.told, 0);
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(RESPONSE)));
	assert_string_equal(rig.text, "dce_rpc rtt=0 operation=unknown-2\n");
	proto_rig_done(&rig);
}

static void
files_and_other_bytes_are_nothing(void **state)
{
	struct proto_call call = call_new();

	(void)state;
	smb_pipe_data(&pipes, &call, 0, cursor_over(BYTES(REQUEST)));
	smb_pipe_opened(&pipes, &call, 1);
	smb_pipe_data(&pipes, &call, 2, cursor_over(BYTES(REQUEST)));
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES("\x04" REQUEST)));
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES("\x05\0\0\x03\x10")));
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES("")));
	assert_string_equal(rig.also, "");
	smb_pipes_end(&pipes, &call);
	assert_int_equal(rig.told, 0);
	assert_true(!smb_pipe_is_open(&pipes, 0));
	proto_rig_done(&rig);
}

static void
what_a_pipe_leaves_unanswered_is_told_when_it_closes(void **state)
{
	struct proto_call call = call_new();

	(void)state;
	smb_pipe_opened(&pipes, &call, 1);
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(REQUEST)));
	assert_true(smb_pipe_is_open(&pipes, 1));
	smb_pipe_closed(&pipes, &call, 2);
	assert_int_equal(rig.told, 0);
	smb_pipe_closed(&pipes, &call, 1);
	assert_string_equal(rig.text, "dce_rpc operation=unknown-2\n");
	assert_false(smb_pipe_is_open(&pipes, 1));
	smb_pipe_opened(&pipes, &call, 1);
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(REQUEST)));
	smb_pipe_opened(&pipes, &call, 1); /* its number is another's by now */
	assert_int_equal(rig.told, 2);
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(REQUEST)));
	smb_pipes_end(&pipes, &call);
	assert_int_equal(rig.told, 3);
	proto_rig_done(&rig);
}

static void
at_the_cap_the_first_pipe_is_forgotten(void **state)
{
	struct proto_call call = call_new();

	(void)state;
	for (uint64_t i = 1; i <= SMB_PIPES; i++)
		smb_pipe_opened(&pipes, &call, i);
	assert_true(smb_pipe_is_open(&pipes, 1));
	assert_true(smb_pipe_is_open(&pipes, SMB_PIPES));
	smb_pipe_data(&pipes, &call, 1, cursor_over(BYTES(REQUEST)));
	smb_pipe_opened(&pipes, &call, SMB_PIPES + 1);
	assert_int_equal(rig.told, 1);
	assert_false(smb_pipe_is_open(&pipes, 1));
	assert_true(smb_pipe_is_open(&pipes, 2));
	assert_true(smb_pipe_is_open(&pipes, SMB_PIPES + 1));
	proto_rig_done(&rig);
}

static void
pipes_of_version_2_are_read(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/pipe", &pieces);

	(void)state;
	proto_cuts(&protocol_smb, pieces, count,
		"ntlm username=zeek hostname=TINKYX390 domainname=WORKGROUP "
		"server_nb_computer_name=SAMBA-CONTAINER server_dns_computer_name=samba-container "
		"success=yes\n"
		"- proto=smb success=yes user=zeek method=NTLM known_by=reply\n"
		"smb_mapping path=\\\\127.0.0.1\\IPC$ share_type=PIPE dialect=3.1.1 status=SUCCESS\n"
		"dce_rpc rtt=0 named_pipe=\\PIPE\\samr endpoint=samr operation=SamrConnect5\n"
		"dce_rpc rtt=0 named_pipe=\\PIPE\\samr endpoint=samr "
		"operation=SamrEnumerateDomainsInSamServer\n");
	(void)proto_rig_play(&r, &protocol_smb, pieces, count, SIZE_MAX);
	assert_string_equal(r.also, "gssapi,ntlm,dce_rpc");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_each_pipe_are_its_own),
		cmocka_unit_test(files_and_other_bytes_are_nothing),
		cmocka_unit_test(what_a_pipe_leaves_unanswered_is_told_when_it_closes),
		cmocka_unit_test(at_the_cap_the_first_pipe_is_forgotten),
		cmocka_unit_test(pipes_of_version_2_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
