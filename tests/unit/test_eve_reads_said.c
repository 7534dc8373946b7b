/* EVE's other events of what hosts say: ssh, smtp, ftp, dhcp, smb, dcerpc, fileinfo. */
#include "daemon/transactions/dce_rpc.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/file.h"
#include "daemon/transactions/ftp.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/ntlm.h"
#include "daemon/transactions/smb.h"
#include "daemon/transactions/smb_file.h"
#include "daemon/transactions/smtp.h"
#include "daemon/transactions/software.h"
#include "daemon/transactions/ssh.h"
#include "tests/support/eve_lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The transaction of a line that tells one. */
static const void *
told(struct input_rig *r, const char *line, enum obs_kind kind)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, kind);
	assert_non_null(r->s.items[0].o.talk);
	return r->s.items[0].o.said;
}

static void
a_session_of_ssh_and_the_programs_of_both_sides(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("ssh",
				"TCP") "\"dest_port\":22,\"ssh\":{\"client\":{\"proto_version\":\"2.0\",\"software_version\":\"OpenSSH_for_Windows_7.7\","
				       "\"hassh\":{\"hash\":\"2dd6\",\"string\":\"curve\"}},\"server\":{\"proto_version\":\"2.0\","
				       "\"software_version\":\"OpenSSH_7.4p1\",\"hassh\":{\"hash\":\"6832\",\"string\":\"x\"}}}}"),
		3);
	const struct obs_ssh *ssh = r->s.items[0].o.ssh;
	assert_int_equal(ssh->version, 2);
	assert_string_equal(ssh->client, "SSH-2.0-OpenSSH_for_Windows_7.7");
	assert_string_equal(ssh->server, "SSH-2.0-OpenSSH_7.4p1");
	assert_string_equal(ssh->hassh, "2dd6");
	assert_string_equal(ssh->hasshserver, "6832");
	assert_int_equal(ssh->auth_success, TRUTH_UNKNOWN);
	assert_int_equal(ssh->auth_attempts, TRANSACTION_UNSET);

	const struct obs_software *client = r->s.items[1].o.software;
	assert_int_equal(r->s.items[1].o.kind, OBS_SOFTWARE);
	eve_assert_addr(&client->host, "192.168.1.129");
	assert_int_equal(client->host_port, 0);
	assert_string_equal(client->type, "SSH::CLIENT");
	assert_string_equal(client->unparsed_version, "OpenSSH_for_Windows_7.7");
	const struct obs_software *server = r->s.items[2].o.software;
	eve_assert_addr(&server->host, "192.168.1.1");
	assert_int_equal(server->host_port, 22);
	assert_string_equal(server->name, "OpenSSH");
	assert_int_equal(server->version[0], 7);
	assert_int_equal(server->version[1], 4);
	assert_int_equal(server->version[2], TRANSACTION_UNSET);
	assert_string_equal(server->addl, "p1");
	assert_int_equal(r->s.items[2].o.talk->id, r->s.items[0].o.talk->id);
}

static void
one_side_of_ssh_alone_has_no_version(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("ssh",
				"TCP") "\"dest_port\":22,\"ssh\":{\"server\":{\"proto_version\":\"1.99\",\"software_version\":\"x\"}}}"),
		2);
	assert_null(r->s.items[0].o.ssh->client);
	assert_int_equal(r->s.items[0].o.ssh->version, TRANSACTION_UNSET);
	assert_string_equal(r->s.items[1].o.software->type, "SSH::SERVER");
	assert_string_equal(r->s.items[1].o.software->name, "x");
	assert_null(r->s.items[1].o.software->addl);
	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("ssh",
				"TCP") "\"dest_port\":22,\"ssh\":{\"client\":{\"proto_version\":\"2.0\",\"software_version\":\"y\"},"
				       "\"server\":{\"proto_version\":\"1.5\",\"software_version\":\"x\"}}}"),
		3);
	assert_int_equal(r->s.items[0].o.ssh->version, 1);
}

static void
a_mail(void **state)
{
	const struct obs_smtp *m = told(*state,
		EVE_BEGIN("smtp",
			"TCP") "\"dest_port\":25,\"tx_id\":0,\"smtp\":{\"helo\":\"me\",\"mail_from\":\"<a@example.org>\","
			       "\"rcpt_to\":[\"<b@example.org>\",\"c@example.org\"]},"
			       "\"email\":{\"status\":\"PARSE_DONE\",\"from\":\"A <a@example.org>\",\"to\":[\"B <b@example.org>\"],"
			       "\"cc\":[\"d\",\"e\"],\"subject\":\"hi\",\"message_id\":\"<1@x>\",\"date\":\"today\",\"attachment\":[\"x.doc\"]}}",
		OBS_SMTP);

	assert_int_equal(m->trans_depth, 1);
	assert_string_equal(m->helo, "me");
	assert_string_equal(m->mail_from, "a@example.org");
	assert_int_equal(m->rcpt_to.count, 2);
	assert_string_equal(m->rcpt_to.at[0], "b@example.org");
	assert_string_equal(m->rcpt_to.at[1], "c@example.org");
	assert_string_equal(m->from, "A <a@example.org>");
	assert_int_equal(m->to.count, 1);
	assert_int_equal(m->cc.count, 2);
	assert_string_equal(m->subject, "hi");
	assert_string_equal(m->msg_id, "<1@x>");
	assert_string_equal(m->date, "today");
}

static void
a_bounce_is_from_nobody(void **state)
{
	const struct obs_smtp *m = told(*state,
		EVE_BEGIN("smtp",
			"TCP") "\"dest_port\":25,\"smtp\":{\"mail_from\":\"<>\",\"rcpt_to\":[\"<\"]}}",
		OBS_SMTP);

	assert_null(m->mail_from);
	assert_string_equal(m->rcpt_to.at[0], "<");
	assert_int_equal(m->trans_depth, TRANSACTION_UNSET);
}

static void
a_command_about_a_file(void **state)
{
	const struct obs_ftp *f = told(*state,
		EVE_BEGIN("ftp",
			"TCP") "\"dest_port\":21,\"ftp\":{\"command\":\"RETR\",\"command_data\":\"a.bin\",\"completion_code\":[\"150\",\"226\"],"
			       "\"reply\":[\"opening\",\"done\"],\"reply_received\":\"yes\"}}",
		OBS_FTP);

	assert_string_equal(f->command, "RETR");
	assert_string_equal(f->arg, "a.bin");
	assert_int_equal(f->reply_code, 226);
	assert_string_equal(f->reply_msg, "done");
	assert_int_equal(f->data_passive, TRUTH_UNKNOWN);
}

static void
a_connection_for_data(void **state)
{
	const struct obs_ftp *f = told(*state,
		EVE_BEGIN("ftp",
			"TCP") "\"dest_port\":21,\"ftp\":{\"command\":\"EPSV\",\"completion_code\":[\"229\"],\"dynamic_port\":51986,\"mode\":\"passive\"}}",
		OBS_FTP);

	assert_int_equal(f->data_passive, TRUTH_YES);
	eve_assert_addr(&f->data_orig, "192.168.1.129");
	eve_assert_addr(&f->data_resp, "192.168.1.1");
	assert_int_equal(f->data_port, 51986);
	f = told(*state,
		EVE_BEGIN("ftp",
			"TCP") "\"dest_port\":21,\"ftp\":{\"command\":\"PORT\",\"dynamic_port\":2000,\"mode\":\"active\"}}",
		OBS_FTP);
	assert_int_equal(f->data_passive, TRUTH_NO);
	eve_assert_addr(&f->data_orig, "192.168.1.1");
	eve_assert_addr(&f->data_resp, "192.168.1.129");
}

#define PASS(code_)             \
	EVE_BEGIN("ftp", "TCP") \
	"\"dest_port\":21,\"ftp\":{\"command\":\"PASS\",\"command_data\":\"secret\"" code_ "}}"

static void
a_password_is_a_log_in_and_nothing_of_it_is_kept(void **state)
{
	const struct obs_login *l = told(*state, PASS(",\"completion_code\":[\"530\"]"), OBS_LOGIN);

	assert_string_equal(l->protocol, "ftp");
	assert_string_equal(l->known_by, LOGIN_BY_REPLY);
	assert_int_equal(l->success, TRUTH_NO);
	assert_null(l->user);
	l = told(*state, PASS(",\"completion_code\":[\"230\"]"), OBS_LOGIN);
	assert_int_equal(l->success, TRUTH_YES);
	l = told(*state, PASS(""), OBS_LOGIN);
	assert_int_equal(l->success, TRUTH_UNKNOWN);
}

static void
other_commands_are_passed_over(void **state)
{
	eve_skipped(*state, EVE_BEGIN("ftp", "TCP") "\"ftp\":{\"command\":\"SYST\"}}");
	eve_skipped(*state,
		EVE_BEGIN("ftp",
			"TCP") "\"ftp\":{\"completion_code\":[\"220\"],\"reply\":[\"hello\"]}}");
}

#define DHCP_BEGIN(src_, src_port_, dest_, dest_port_)                      \
	"{\"timestamp\":\"2021-06-06T16:17:41.500000+0200\",\"flow_id\":1," \
	"\"event_type\":\"dhcp\",\"proto\":\"UDP\",\"src_ip\":\"" src_      \
	"\",\"src_port\":" src_port_ ",\"dest_ip\":\"" dest_ "\",\"dest_port\":" dest_port_ ","

static void
a_lease(void **state)
{
	const struct obs_dhcp *d = told(*state,
		DHCP_BEGIN("10.16.1.1", "67", "10.16.1.4",
			"68") "\"dhcp\":{\"type\":\"reply\",\"id\":4016330564,\"client_mac\":\"00:11:32:17:49:f0\",\"assigned_ip\":\"10.16.1.4\","
			      "\"client_ip\":\"0.0.0.0\",\"relay_ip\":\"0.0.0.0\",\"next_server_ip\":\"10.16.1.1\",\"dhcp_type\":\"ack\","
			      "\"lease_time\":3600,\"hostname\":\"nas1\\u0000\",\"vendor_class_identifier\":\"MSFT 5.0\","
			      "\"subnet_mask\":\"255.255.0.0\",\"routers\":[\"10.16.1.1\"],\"dns_servers\":[\"10.16.1.1\",\"10.16.1.2\"],"
			      "\"requested_ip\":\"10.16.1.9\",\"params\":[\"router\"]}}",
		OBS_DHCP);

	eve_assert_addr(&d->server_addr, "10.16.1.1");
	eve_assert_addr(&d->client_addr, "10.16.1.4");
	eve_assert_addr(&d->assigned_addr, "10.16.1.4");
	eve_assert_addr(&d->requested_addr, "10.16.1.9");
	eve_assert_addr(&d->giaddr, "::");
	eve_assert_addr(&d->subnet_mask, "255.255.0.0");
	assert_string_equal(d->mac, "00:11:32:17:49:f0");
	assert_string_equal(d->host_name, "nas1");
	assert_string_equal(d->vendor_class, "MSFT 5.0");
	assert_int_equal(d->lease_time, UINT64_C(3600000000000));
	assert_int_equal(d->routers.count, 1);
	assert_int_equal(d->dns_servers.count, 2);
	assert_int_equal(d->msg_types.count, 1);
	assert_string_equal(d->msg_types.at[0], "ACK");
	assert_int_equal(d->xid, 4016330564);
	assert_int_equal(d->version, 4);
}

static void
a_client_without_an_address_asks_everybody(void **state)
{
	const struct obs_dhcp *d = told(*state,
		DHCP_BEGIN("0.0.0.0", "68", "255.255.255.255",
			"67") "\"dhcp\":{\"type\":\"request\",\"id\":1,\"dhcp_type\":\"discover\",\"hostname\":\"nas1\",\"client_ip\":\"0.0.0.0\"}}",
		OBS_DHCP);

	eve_assert_addr(&d->server_addr, "::");
	eve_assert_addr(&d->client_addr, "::");
	assert_string_equal(d->host_name, "nas1");
}

static void
between_a_relay_and_a_server_the_message_says_which_is_which(void **state)
{
	const struct obs_dhcp *d = told(*state,
		DHCP_BEGIN("10.0.0.1", "67", "10.0.1.1",
			"67") "\"dhcp\":{\"type\":\"reply\",\"id\":1,\"relay_ip\":\"10.0.1.1\"}}",
		OBS_DHCP);

	eve_assert_addr(&d->server_addr, "10.0.0.1");
	eve_assert_addr(&d->client_addr, "10.0.1.1");
	eve_assert_addr(&d->giaddr, "10.0.1.1");
	d = told(*state,
		DHCP_BEGIN("10.0.1.1", "67", "10.0.0.1",
			"67") "\"dhcp\":{\"type\":\"request\",\"id\":1,\"relay_ip\":\"10.0.1.1\"}}",
		OBS_DHCP);
	eve_assert_addr(&d->server_addr, "10.0.0.1");
	eve_assert_addr(&d->client_addr, "10.0.1.1");
}

static void
a_share(void **state)
{
	const struct obs_smb *s = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"id\":4,\"dialect\":\"3.02\",\"command\":\"SMB2_COMMAND_TREE_CONNECT\","
			       "\"status\":\"STATUS_ACCESS_DENIED\",\"status_code\":\"0xc0000022\",\"session_id\":1,\"tree_id\":1,"
			       "\"share\":\"\\\\\\\\srv\\\\c$\",\"share_type\":\"FILE\"}}",
		OBS_SMB);

	assert_string_equal(s->path, "\\\\srv\\c$");
	assert_string_equal(s->share_type, "DISK");
	assert_string_equal(s->dialect, "3.02");
	assert_string_equal(s->status, "ACCESS_DENIED");
	s = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB1_COMMAND_TREE_CONNECT_ANDX\",\"status\":\"0xc00000cc\","
			       "\"share\":\"x\",\"share_type\":\"PIPE\",\"service\":{\"request\":\"IPC\"}}}",
		OBS_SMB);
	assert_string_equal(s->status, "0xc00000cc");
	assert_string_equal(s->share_type, "PIPE");
	assert_string_equal(s->service, "IPC");
}

static void
a_file_of_a_share(void **state)
{
	const struct obs_smb_file *f = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB2_COMMAND_CREATE\",\"status\":\"STATUS_SUCCESS\",\"filename\":\"a.exe\","
			       "\"disposition\":\"FILE_OPEN\",\"access\":\"normal\",\"created\":1,\"accessed\":2,\"modified\":3,\"changed\":4,"
			       "\"size\":5,\"fuid\":\"x\",\"share\":\"\\\\\\\\srv\\\\d\"}}",
		OBS_SMB_FILE);

	assert_string_equal(f->action, "SMB::FILE_OPEN");
	assert_string_equal(f->name, "a.exe");
	assert_string_equal(f->path, "\\\\srv\\d");
	assert_int_equal(f->size, 5);
	assert_int_equal(f->created_ns, 1000000000);
	assert_int_equal(f->changed_ns, UINT64_C(4000000000));
	f = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB2_COMMAND_SET_INFO\",\"status\":\"STATUS_SUCCESS\","
			       "\"rename\":{\"from\":\"a\",\"to\":\"b\"},\"created\":18446744073709551614}}",
		OBS_SMB_FILE);
	assert_string_equal(f->action, "SMB::FILE_RENAME");
	assert_string_equal(f->name, "b");
	assert_string_equal(f->previous_name, "a");
	assert_int_equal(f->created_ns, 0);
	f = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB2_COMMAND_SET_INFO\",\"status\":\"STATUS_SUCCESS\","
			       "\"filename\":\"a\",\"disposition\":\"DELETE\"}}",
		OBS_SMB_FILE);
	assert_string_equal(f->action, "SMB::FILE_DELETE");
	eve_skipped(*state,
		EVE_BEGIN("smb",
			"TCP") "\"smb\":{\"command\":\"SMB2_COMMAND_CREATE\",\"status\":\"STATUS_OBJECT_NAME_NOT_FOUND\",\"filename\":\"a\"}}");
	eve_skipped(*state,
		EVE_BEGIN("smb",
			"TCP") "\"smb\":{\"command\":\"SMB2_COMMAND_READ\",\"status\":\"STATUS_SUCCESS\",\"filename\":\"a\"}}");
}

static void
a_log_in_by_ntlm(void **state)
{
	const struct obs_ntlm *n = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB2_COMMAND_SESSION_SETUP\",\"status\":\"STATUS_LOGON_FAILURE\","
			       "\"ntlmssp\":{\"domain\":\"D\",\"user\":\"u\",\"host\":\"H\",\"version\":\"10.0\"}}}",
		OBS_NTLM);

	assert_string_equal(n->user, "u");
	assert_string_equal(n->domain, "D");
	assert_string_equal(n->host, "H");
	assert_int_equal(n->success, TRUTH_NO);
}

static void
a_remote_call(void **state)
{
	const struct obs_dce_rpc *d = told(*state,
		EVE_BEGIN("smb",
			"TCP") "\"dest_port\":445,\"smb\":{\"command\":\"SMB2_COMMAND_WRITE\",\"status\":\"STATUS_SUCCESS\",\"dcerpc\":{"
			       "\"request\":\"REQUEST\",\"opnum\":12,\"req\":{\"frag_cnt\":1},"
			       "\"interface\":{\"uuid\":\"367abb81-9844-35f1-ad32-98f038001003\",\"version\":\"2.0\"},\"call_id\":4}}}",
		OBS_DCE_RPC);

	assert_string_equal(d->endpoint, "svcctl");
	assert_string_equal(d->operation, "CreateServiceW");
	assert_int_equal(d->rtt_ns, TRANSACTION_UNSET);
	d = told(*state,
		EVE_BEGIN("dcerpc",
			"TCP") "\"dest_port\":135,\"dcerpc\":{\"request\":\"REQUEST\",\"req\":{\"opnum\":65535,\"frag_cnt\":1},\"response\":\"RESPONSE\","
			       "\"interfaces\":[{\"uuid\":\"00000000-0000-0000-0000-000000000001\",\"ack_result\":0}],\"call_id\":5}}",
		OBS_DCE_RPC);
	assert_string_equal(d->endpoint, "unknown-00000000-0000-0000-0000-000000000001");
	assert_string_equal(d->operation, "unknown-65535");
	d = told(*state,
		EVE_BEGIN("dcerpc",
			"TCP") "\"dest_port\":135,\"dcerpc\":{\"request\":\"REQUEST\",\"req\":{\"opnum\":65536}}}",
		OBS_DCE_RPC);
	assert_null(d->endpoint);
	assert_null(d->operation);
	eve_skipped(*state,
		EVE_BEGIN("dcerpc",
			"TCP") "\"dcerpc\":{\"request\":\"BIND\",\"interfaces\":[{\"uuid\":\"x\"}]}}");
}

static void
a_file_goes_from_its_source(void **state)
{
	struct input_rig *r = *state;
	const struct obs_file *f = told(r,
		EVE_BEGIN("fileinfo",
			"TCP") "\"dest_port\":52000,\"src_port\":80,\"app_proto\":\"http\",\"http\":{\"hostname\":\"a\",\"status\":200},"
			       "\"fileinfo\":{\"filename\":\"/a\",\"mimetype\":\"text/html\",\"sid\":[],\"gaps\":false,\"state\":\"CLOSED\","
			       "\"md5\":\"m\",\"sha1\":\"s\",\"sha256\":\"h\",\"stored\":false,\"size\":47,\"tx_id\":0}}",
		OBS_FILE);

	assert_string_equal(f->source, "HTTP");
	assert_string_equal(f->filename, "/a");
	assert_string_equal(f->mime_type, "text/html");
	assert_string_equal(f->md5, "m");
	assert_string_equal(f->sha1, "s");
	assert_string_equal(f->sha256, "h");
	assert_int_equal(f->seen_bytes, 47);
	assert_int_equal(f->depth, 0);
	assert_int_equal(f->missing_bytes, 0);
	assert_int_equal(f->is_orig, TRUTH_NO);
	eve_assert_addr(&f->sender, "192.168.1.129");
	eve_assert_addr(&f->receiver, "192.168.1.1");
	eve_assert_addr(&r->s.items[0].talk.orig, "192.168.1.1");
	assert_int_equal(r->s.items[0].talk.resp_port, 80);
	f = told(r,
		EVE_BEGIN("fileinfo",
			"TCP") "\"dest_port\":80,\"fileinfo\":{\"size\":1,\"gaps\":true}}",
		OBS_FILE);
	assert_int_equal(f->is_orig, TRUTH_YES);
	eve_assert_addr(&f->sender, "192.168.1.129");
	eve_assert_addr(&r->s.items[0].talk.orig, "192.168.1.129");
	assert_int_equal(f->missing_bytes, TRANSACTION_UNSET);
}

static void
our_file_says_who_sent_it(void **state)
{
	struct input_rig *r = *state;
	const struct obs_file *f = told(r,
		EVE_BEGIN("fileinfo",
			"TCP") "\"dest_port\":52000,\"src_port\":80,\"fileinfo\":{\"size\":1}" EVE_OURS
			       ",\"is_orig\":false}}",
		OBS_FILE);

	eve_assert_addr(&r->s.items[0].talk.orig, "192.168.1.129");
	eve_assert_addr(&f->sender, "192.168.1.1");
	eve_assert_addr(&f->receiver, "192.168.1.129");
	f = told(r,
		EVE_BEGIN("fileinfo", "TCP") "\"fileinfo\":{\"size\":1}" EVE_OURS
					     ",\"is_orig\":true}}",
		OBS_FILE);
	eve_assert_addr(&f->sender, "192.168.1.129");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_session_of_ssh_and_the_programs_of_both_sides, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			one_side_of_ssh_alone_has_no_version, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_mail, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_bounce_is_from_nobody, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_command_about_a_file, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_connection_for_data, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_password_is_a_log_in_and_nothing_of_it_is_kept, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			other_commands_are_passed_over, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_lease, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_client_without_an_address_asks_everybody, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			between_a_relay_and_a_server_the_message_says_which_is_which, eve_setup,
			eve_teardown),
		cmocka_unit_test_setup_teardown(a_share, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_file_of_a_share, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_log_in_by_ntlm, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_remote_call, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_file_goes_from_its_source, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(our_file_says_who_sent_it, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
