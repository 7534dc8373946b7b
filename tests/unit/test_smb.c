#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/proto/smb_session.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_smb;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
files_of_version_2_are_told(void **state)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/version2", &pieces);

	(void)state;
	proto_cuts(&protocol_smb, pieces, count,
		"ntlm username=zeek hostname=TINKYX390 domainname=ZEEK-TEST "
		"server_nb_computer_name=TINKYX390 server_dns_computer_name=tinkyx390.local "
		"success=yes\n"
		"- proto=smb success=yes user=zeek method=NTLM known_by=reply\n"
		"smb_mapping path=\\\\127.0.0.1\\tmp share_type=DISK dialect=3.1.1 status=SUCCESS\n"
		"smb_files action=SMB::FILE_OPEN path=\\\\127.0.0.1\\tmp name=test_dir size=0 "
		"times.modified=1657914389939332700 times.accessed=1657914389939332700 "
		"times.created=1657914389939332700 times.changed=1657914389939332700\n"
		"smb_files action=SMB::FILE_OPEN path=\\\\127.0.0.1\\tmp "
		"name=test_dir\\test_create.dat size=0 times.modified=1657914389939332700 "
		"times.accessed=1657914389939332700 times.created=1657914389939332700 "
		"times.changed=1657914389939332700\n"
		"smb_files action=SMB::FILE_DELETE path=\\\\127.0.0.1\\tmp "
		"name=test_dir\\test_create.dat size=0 times.modified=1657914389939332700 "
		"times.accessed=1657914389939332700 times.created=1657914389939332700 "
		"times.changed=1657914389939332700\n"
		"smb_files action=SMB::FILE_OPEN path=\\\\127.0.0.1\\tmp name=test_dir size=0 "
		"times.modified=1657914389951332800 times.accessed=1657914389951332800 "
		"times.created=1657914389939332700 times.changed=1657914389951332800\n"
		"smb_files action=SMB::FILE_DELETE path=\\\\127.0.0.1\\tmp name=test_dir size=0 "
		"times.modified=1657914389951332800 times.accessed=1657914389951332800 "
		"times.created=1657914389939332700 times.changed=1657914389951332800\n"
		"smb_files action=SMB::FILE_OPEN path=\\\\127.0.0.1\\tmp name=test_dir size=0 "
		"times.modified=1657914389955332900 times.accessed=1657914389955332900 "
		"times.created=1657914389955332900 times.changed=1657914389955332900\n"
		"smb_files action=SMB::FILE_OPEN path=\\\\127.0.0.1\\tmp "
		"name=test_dir\\test_create.dat size=0 times.modified=1657914389955332900 "
		"times.accessed=1657914389955332900 times.created=1657914389955332900 "
		"times.changed=1657914389955332900\n"
		"smb_files action=SMB::FILE_DELETE path=\\\\127.0.0.1\\tmp "
		"name=test_dir\\test_create.dat size=0 times.modified=1657914389955332900 "
		"times.accessed=1657914389955332900 times.created=1657914389955332900 "
		"times.changed=1657914389955332900\n");
}

static void
shares_of_version_1_are_told(void **state)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/version1", &pieces);

	(void)state;
	proto_cuts(&protocol_smb, pieces, count,
		"ntlm username=Administrator hostname=THEHOSTNAMEHEREX domainname=LAB "
		"server_nb_computer_name=DC3 server_dns_computer_name=dc3.lab.domain.ex "
		"server_tree_name=domain.ex success=yes\n"
		"- proto=smb success=yes user=Administrator method=NTLM known_by=reply\n"
		"smb_mapping path=\\\\10.10.0.2\\IPC$ service=IPC share_type=PIPE dialect=NT LM "
		"0.12 status=SUCCESS\n"
		"smb_mapping path=\\\\10.10.0.2\\ADMIN$ service=A: native_file_system=NTFS "
		"share_type=DISK dialect=NT LM 0.12 status=SUCCESS\n");
}

static void
in_netbios_sessions_as_well(void **state)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/netbios", &pieces);

	(void)state;
	proto_cuts(&protocol_smb, pieces, count,
		"ntlm hostname=DESKTOP-V1FA0UQ server_nb_computer_name=SCV "
		"server_dns_computer_name=SCV success=yes\n"
		"smb_mapping path=\\\\SCV\\IPC$ service=IPC share_type=PIPE dialect=NT LM 0.12 "
		"status=SUCCESS\n");
}

static void
a_refused_log_in_is_told(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/refused", &pieces);

	(void)state;
	assert_string_equal(proto_rig_play(&r, &protocol_smb, pieces, count, SIZE_MAX),
		"ntlm username=user hostname=DESKTOP-2AEFM7G domainname=DESKTOP-2AEFM7G "
		"server_nb_computer_name=DESKTOP-V1FA0UQ "
		"server_dns_computer_name=DESKTOP-V1FA0UQ success=no\n"
		"- proto=smb success=no user=user method=NTLM known_by=reply\n");
}

/* The header of a message of version 2 in so many bytes, of request 7. */
#define HEAD(bytes, status, command, flags)                                               \
	"\0\0\0" bytes "\xfeSMB\x40\0\0\0" status command "\0\1\0" flags "\0\0\0\0\0\0\0" \
	"\x07\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0"                                            \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define TREE "\x03"

static void
what_is_answered_later_waits_for_that(void **state)
{
	static const struct proto_piece pieces[] = {
		{ false, BYTES(HEAD("\x44", "\0\0\0\0", TREE, "\x01") "\x10\0\1\0") },
		{ true, BYTES(HEAD("\x4a", "\0\0\0\0", TREE, "\0") "\x09\0\0\0\x48\0\x02\0s\0") },
		{ false, BYTES(HEAD("\x44", "\x03\x01\0\0", TREE, "\x03") "\x09\0\0\0") },
		{ false, BYTES(HEAD("\x44", "\x22\0\0\xc0", TREE, "\x01") "\x09\0\0\0") },
	};

	(void)state;
	proto_cuts(
		&protocol_smb, pieces, COUNT(pieces), "smb_mapping path=s status=ACCESS_DENIED\n");
}

#define ZEROS_8 "\0\0\0\0\0\0\0\0"
#define PIPE_5  "\x05\0\0\0\0\0\0\0"
#define CALL    "\x05\0\0\x03\x10\0\0\0\x18\0\0\0\x01\0\0\0\0\0\0\0\0\0\x02\0"
#define ANSWER  "\x05\0\x02\x03\x10\0\0\0\x18\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0"

static void
what_is_written_to_a_pipe_is_answered_when_it_is_read(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(HEAD("\x4a", "\0\0\0\0", TREE, "\0") "\x09\0\0\0\x48\0\x02\0s\0") },
		{ false, BYTES(HEAD("\x44", "\0\0\0\0", TREE, "\x01") "\x10\0\x02\0") },
		{ true, BYTES(HEAD("\x70", "\0\0\0\0", "\x05", "\0")
					ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8) },
		{ false, BYTES(HEAD("\x90", "\0\0\0\0", "\x05", "\x01") ZEROS_8 ZEROS_8 ZEROS_8
					 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 ZEROS_8 PIPE_5) },
		{ true, BYTES(HEAD("\x78", "\0\0\0\0", "\x09",
				"\0") "\x31\0\x60\0\x18\0\0\0" ZEROS_8 ZEROS_8 PIPE_5 CALL) },
		{ true, BYTES(HEAD("\x60", "\0\0\0\0", "\x08", "\0")
					ZEROS_8 ZEROS_8 ZEROS_8 PIPE_5) },
		{ false, BYTES(HEAD("\x68", "\0\0\0\0", "\x08",
				 "\x01") "\x11\0\x50\0\x18\0\0\0" ZEROS_8 ANSWER) },
	};

	(void)state;
	proto_cuts(&protocol_smb, pieces, COUNT(pieces),
		"smb_mapping path=s share_type=PIPE status=SUCCESS\n"
		"dce_rpc rtt=0 operation=unknown-2\n");
}

static void
encryption_ends_it(void **state)
{
	static struct proto_rig r;
	static const struct proto_piece piece = { true, BYTES("\0\0\0\x04\xfdSMB") };

	(void)state;
	(void)proto_rig_play(&r, &protocol_smb, &piece, 1, SIZE_MAX);
	assert_int_equal(r.verdict, PROTO_DONE);
}

static void
after_a_gap_it_goes_on_where_a_message_begins(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("smb/version2", &pieces);

	(void)state;
	proto_rig_init(&r, &protocol_smb);
	proto_rig_gap(&r, true, 10000);
	proto_rig_gap(&r, false, 10000);
	proto_rig_feed(&r, true, BYTES("in the middle of something"));
	for (size_t i = 0; i < count; i++)
		proto_rig_feed(&r, pieces[i].from_orig, pieces[i].bytes, pieces[i].size);
	proto_rig_end(&r);
	assert_true(r.told > 8);
	proto_rig_done(&r);
}

static void
times_of_windows_are_turned_into_ours(void **state)
{
	(void)state;
	assert_true(smb_time(UINT64_C(116444736000000000)) == 0);
	assert_true(smb_time(UINT64_C(116444736000000001)) == 100);
	assert_true(smb_time(UINT64_C(116444735999999999)) == 0);
	assert_true(smb_time(UINT64_MAX) == 0);
	assert_true(smb_time(0) == 0);
}

static void
requests_beyond_the_ring_forget_the_oldest(void **state)
{
	static struct smb_session s;
	const struct proto_call call = { 0 };

	(void)state;
	for (uint64_t id = 1; id <= SMB_REQUESTS; id++)
		(void)smb_request_new(&s, &call, id, SMB_CREATE);
	assert_non_null(smb_request_of(&s, 1));
	assert_non_null(smb_request_of(&s, SMB_REQUESTS));
	(void)smb_request_new(&s, &call, SMB_REQUESTS + 1, SMB_CREATE);
	assert_null(smb_request_of(&s, 1));
	assert_non_null(smb_request_of(&s, 2));
}

static void
first_messages_are_recognised(void **state)
{
	static const struct proto_piece two = { true, BYTES("\0\0\0\x44\xfeSMB\x40") };
	static const struct proto_piece one = { true, BYTES("\0\0\0\x44\xffSMB\x72") };
	static const struct proto_piece session = { true, BYTES("\x81\0\0\x44 CKAAAAAA") };
	static const struct proto_piece others[] = {
		{ true, BYTES("\0\0\0\x44\xfbSMB") },
		{ true, BYTES("\0\0\0\x44\xfeSMC") },
		{ true, BYTES("\0\0\0\x44\x01") },
		{ true, BYTES("\x81\0\0\x45 CK") },
		{ true, BYTES("\x82\0\0\0") },
		{ true, BYTES("\x01\0\0\0") },
	};
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_smb, &two, 8);
	proto_cuts_recognised(&protocol_smb, &one, 8);
	proto_cuts_recognised(&protocol_smb, &session, 5);
	proto_rig_init(&r, &protocol_smb);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, others[i].bytes, others[i].size), PROTO_NO);
	proto_rig_done(&r);
	proto_cuts_strangers(&protocol_smb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_version_2_are_told),
		cmocka_unit_test(shares_of_version_1_are_told),
		cmocka_unit_test(in_netbios_sessions_as_well),
		cmocka_unit_test(a_refused_log_in_is_told),
		cmocka_unit_test(what_is_answered_later_waits_for_that),
		cmocka_unit_test(what_is_written_to_a_pipe_is_answered_when_it_is_read),
		cmocka_unit_test(encryption_ends_it),
		cmocka_unit_test(after_a_gap_it_goes_on_where_a_message_begins),
		cmocka_unit_test(times_of_windows_are_turned_into_ours),
		cmocka_unit_test(requests_beyond_the_ring_forget_the_oldest),
		cmocka_unit_test(first_messages_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
