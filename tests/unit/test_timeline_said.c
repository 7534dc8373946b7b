/* test_timeline_said.c -- the words of each kind of transaction, and hostile ones in all three forms. */
#include "exporters/timeline_said.h"

#include "daemon/transactions/bittorrent.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/ftp.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/irc.h"
#include "daemon/transactions/kerberos.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/mining.h"
#include "daemon/transactions/mqtt.h"
#include "daemon/transactions/mysql.h"
#include "daemon/transactions/ntlm.h"
#include "daemon/transactions/ntp.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/rdp.h"
#include "daemon/transactions/redis.h"
#include "daemon/transactions/sip.h"
#include "daemon/transactions/smb.h"
#include "daemon/transactions/smb_file.h"
#include "daemon/transactions/smtp.h"
#include "daemon/transactions/snmp.h"
#include "daemon/transactions/socks.h"
#include "daemon/transactions/ssh.h"
#include "daemon/transactions/stun.h"
#include "daemon/transactions/tls.h"
#include "exporters/timeline_json.h"
#include "exporters/timeline_text.h"
#include "tests/support/timeline_sample.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
words(enum obs_kind kind, const void *said)
{
	static char text[8192];
	const struct observation o = { .kind = kind, .said = said };
	struct strbuf out;

	assert_true(timeline_said_tells(&o));
	strbuf_init(&out, text, sizeof(text));
	timeline_said(&out, &o);
	assert_false(out.truncated);
	return text;
}

#define WORDS(kind, type, ...) words(kind, &(const struct type){ __VA_ARGS__ })

/* The sentences of behaviour §7.1; test_timeline_text.c has them within their lines. */
static void
names_pages_and_handshakes(void **state)
{
	static const char *const answers[] = { "1.2.3.4", "b.example" };
	static const char *const mime[] = { "text/html" };

	(void)state;
	assert_string_equal(
		WORDS(OBS_DNS, obs_dns, .query = "a.example", .class_name = "C_INTERNET",
			.type_name = "A", .rcode_name = "NOERROR", .texts = { answers, 2 }),
		"Query: a.example, Query Class: C_INTERNET, Type: A, Response Code: NOERROR, Answers: "
		"['1.2.3.4', 'b.example']");
	assert_string_equal(
		WORDS(OBS_HTTP, obs_http, .method = "GET", .host = "a.example", .uri = "/x",
			.version = "1.1", .status_code = 200, .status_msg = "OK",
			.resp_mime_types = { mime, 1 }, .request_body_len = 1,
			.response_body_len = 2, .user_agent = "curl"),
		"GET http://a.example/x HTTP/1.1 200/OK  MIME:text/html Sent:1b, Recv:2b UA:curl ");
	assert_string_equal(WORDS(OBS_TLS, obs_tls, .server_name = "a.example", .issuer = "CN=b",
				    .subject = "CN=a", .version = "TLSv12", .resumed = TRUTH_NO,
				    .validation = "ok"),
		"a.example. Issuer: CN=b. Trust Cert: Yes. Subject: CN=a. Version: TLSv12. Resumed: "
		"False ");
	assert_non_null(
		strstr(WORDS(OBS_TLS, obs_tls, .resumed = TRUTH_YES), "Trust Cert: ?? (Resumed)."));
	assert_non_null(strstr(WORDS(OBS_TLS, obs_tls, .resumed = TRUTH_NO), "Trust Cert: No."));
}

static void
mail_and_files(void **state)
{
	static const char *const to[] = { "b@example", "c@example" };

	(void)state;
	assert_string_equal(
		WORDS(OBS_SMTP, obs_smtp, .mail_from = "a@example", .rcpt_to = { to, 2 },
			.subject = "hello", .helo = "pc", .last_reply = "250 ok", .tls = TRUTH_NO),
		"From: a@example, To: b@example, c@example, Subject: hello, Helo: pc, Reply: 250 ok, "
		"TLS: False");
	assert_string_equal(
		WORDS(OBS_FTP, obs_ftp, .user = "bob", .command = "RETR", .arg = "f.txt",
			.reply_code = 226, .reply_msg = "done", .file_size = 7),
		"User: bob, Command: RETR, Argument: f.txt, Reply code: 226, Reply: done, Size: 7");
	assert_string_equal(WORDS(OBS_SMB, obs_smb, .path = "\\\\a\\C$", .share_type = "DISK",
				    .dialect = "3.1.1", .status = "SUCCESS"),
		"Share: \\\\a\\C$, Type: DISK, Dialect: 3.1.1, Status: SUCCESS");
	assert_string_equal(
		WORDS(OBS_SMB_FILE, obs_smb_file, .action = "SMB::FILE_RENAME", .name = "b",
			.path = "\\\\a\\C$", .previous_name = "a", .size = 9),
		"Action: SMB::FILE_RENAME, File: b, Share: \\\\a\\C$, Previous name: a, Size: 9");
}

static void
log_ins(void **state)
{
	(void)state;
	assert_string_equal(WORDS(OBS_SSH, obs_ssh, .auth_success = TRUTH_YES, .auth_attempts = 2,
				    .client = "SSH-2.0-a", .server = "SSH-2.0-b"),
		"Login: Successful, Auth attempts: 2, Client: SSH-2.0-a, Server: SSH-2.0-b");
	assert_string_equal(
		WORDS(OBS_SSH, obs_ssh, .auth_attempts = 0), "Login: Unknown, Auth attempts: 0");
	assert_string_equal(WORDS(OBS_LOGIN, obs_login, .success = TRUTH_NO, .protocol = "pop3",
				    .user = "bob", .method = "PLAIN"),
		"Login: Not Successful, Protocol: pop3, User: bob, Method: PLAIN");
	assert_string_equal(WORDS(OBS_NTLM, obs_ntlm, .success = TRUTH_YES, .user = "bob",
				    .domain = "D", .host = "PC", .server_dns_name = "srv.d"),
		"Login: Successful, User: bob, Domain: D, Host: PC, Server: srv.d");
	assert_string_equal(WORDS(OBS_KERBEROS, obs_kerberos, .request_type = "AS",
				    .client = "bob/D", .service = "krbtgt/D", .success = TRUTH_NO,
				    .error_message = "KDC_ERR", .cipher = "aes"),
		"Request: AS, Client: bob/D, Service: krbtgt/D, Success: False, Error: KDC_ERR, "
		"Cipher: aes");
	assert_string_equal(WORDS(OBS_RDP, obs_rdp, .cookie = "bob", .result = "encrypted",
				    .security_protocol = "HYBRID"),
		"Cookie: bob, Result: encrypted, Security: HYBRID");
}

static void
addresses_and_times(void **state)
{
	static const char *const types[] = { "REQUEST", "ACK" };

	(void)state;
	assert_string_equal(WORDS(OBS_DHCP, obs_dhcp, .msg_types = { types, 2 },
				    .assigned_addr = addr_v4(10, 0, 0, 5),
				    .requested_addr = addr_v4(10, 0, 0, 6), .host_name = "pc",
				    .mac = "02:00:00:00:00:01", .server_addr = addr_v4(10, 0, 0, 1),
				    .lease_time = 3600 * NS_PER_S),
		"Messages: REQUEST, ACK, Assigned: 10.0.0.5, Requested: 10.0.0.6, Host name: pc, MAC: "
		"02:00:00:00:00:01, Server: 10.0.0.1, Lease: 1 h");
	assert_string_equal(
		WORDS(OBS_NTP, obs_ntp, .version = 4, .mode = 3, .stratum = 2, .ref_id = "GPS"),
		"Version: 4, Mode: 3, Stratum: 2, Reference: GPS");
	assert_string_equal(WORDS(OBS_STUN, obs_stun, .mapped = addr_v4(8, 8, 8, 8),
				    .mapped_port = 99, .software = "s"),
		"Mapped: 8.8.8.8, Port: 99, Software: s");
	assert_string_equal(WORDS(OBS_SNMP, obs_snmp, .version = "2c", .community = "public",
				    .get_requests = 1, .set_requests = 0, .get_responses = 1),
		"Version: 2c, Community: public, Gets: 1, Sets: 0, Answers: 1");
}

static void
talk_and_databases(void **state)
{
	(void)state;
	assert_string_equal(WORDS(OBS_IRC, obs_irc, .command = "JOIN", .value = "#a", .nick = "bob",
				    .user = "b", .dcc_file_name = "f"),
		"Command: JOIN, Value: #a, Nick: bob, User: b, File: f");
	assert_string_equal(
		WORDS(OBS_SIP, obs_sip, .method = "INVITE", .uri = "sip:b", .request_from = "a",
			.request_to = "b", .status_code = 200, .user_agent = "phone"),
		"Method: INVITE, URI: sip:b, From: a, To: b, Status code: 200, UA: phone");
	assert_string_equal(WORDS(OBS_MYSQL, obs_mysql, .command = "query", .arg = "select 1",
				    .success = TRUTH_YES, .rows = 1, .response = "ok"),
		"Command: query, Argument: select 1, Success: True, Rows: 1, Response: ok");
	assert_string_equal(WORDS(OBS_REDIS, obs_redis, .command = "AUTH", .arg = "x",
				    .success = TRUTH_NO, .reply = "ERR"),
		"Command: AUTH, Argument: x, Success: False, Reply: ERR");
	assert_string_equal(WORDS(OBS_MQTT, obs_mqtt, .client_id = "c", .protocol_name = "MQTT",
				    .protocol_version = "3.1.1", .connect_status = "ok"),
		"Client: c, Protocol: MQTT, Version: 3.1.1, Status: ok");
}

static void
ways_around(void **state)
{
	(void)state;
	assert_string_equal(WORDS(OBS_SOCKS, obs_socks, .request_host = addr_v4(8, 8, 8, 8),
				    .request_name = "a.example", .request_port = 443,
				    .status = "succeeded", .user = "bob"),
		"Host: 8.8.8.8, Name: a.example, Port: 443, Status: succeeded, User: bob");
	assert_string_equal(WORDS(OBS_BITTORRENT, obs_bittorrent, .action = "handshake",
				    .info_hash = "00ff", .client = "x"),
		"Action: handshake, Hash: 00ff, Client: x");
	assert_string_equal(
		WORDS(OBS_MINING, obs_mining, .method = "login", .worker = "w", .agent = "xmrig"),
		"Method: login, Worker: w, Agent: xmrig");
	assert_string_equal(WORDS(OBS_QUIC, obs_quic, .server_name = "a.example",
				    .client_protocol = "h3", .version = "1"),
		"Server name: a.example, Protocol: h3, Version: 1");
}

static void
what_says_nothing_of_its_own_has_no_words(void **state)
{
	static const enum obs_kind kinds[] = { OBS_FILE, OBS_X509, OBS_SOFTWARE, OBS_NAME };

	(void)state;
	assert_false(timeline_said_tells(NULL));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_false(timeline_said_tells(&(struct observation){ .kind = kinds[i] }));
}

static json_t *
json_of(void (*form)(struct strbuf *, const struct record_timeline *),
	const struct record_timeline *t)
{
	static char text[64 * 1024];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	form(&out, t);
	assert_false(out.truncated);
	json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	return j;
}

static const char *
member(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static void
both_generations_tell_all_kinds(void **state)
{
	const struct obs_ssh ssh = { .auth_success = TRUTH_NO,
		.auth_attempts = 3,
		.client = "SSH-2.0-a",
		.server = "SSH-2.0-b" };
	const struct obs_ftp ftp = {
		.user = "bob", .command = "RETR", .reply_code = 226, .file_size = TRANSACTION_UNSET
	};
	struct observation o = { .kind = OBS_SSH, .ssh = &ssh };
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.said = &o;
	json_t *j = json_of(timeline_json_2020, &s.record);
	assert_string_equal(member(j, "Login"), "Not Successful");
	assert_string_equal(member(j, "Auth attempts"), "3");
	assert_string_equal(member(j, "Client"), "SSH-2.0-a");
	assert_string_equal(member(j, "Server"), "SSH-2.0-b");
	json_decref(j);
	j = json_of(timeline_json_last, &s.record);
	assert_string_equal(member(json_object_get(j, "info"), "login"), "Not Successful");
	assert_string_equal(member(json_object_get(j, "info"), "auth_attempts"), "3");
	assert_string_equal(member(json_object_get(j, "info"), "client"), "SSH-2.0-a");
	assert_string_equal(member(json_object_get(j, "info"), "server"), "SSH-2.0-b");
	json_decref(j);
	o = (struct observation){ .kind = OBS_FTP, .ftp = &ftp };
	j = json_of(timeline_json_2020, &s.record);
	assert_string_equal(member(j, "info"), "User: bob, Command: RETR, Reply code: 226");
	json_decref(j);
	j = json_of(timeline_json_last, &s.record);
	assert_string_equal(member(json_object_get(j, "info"), "user"), "bob");
	assert_string_equal(member(json_object_get(j, "info"), "reply_code"), "226");
	assert_null(json_object_get(json_object_get(j, "info"), "file_size"));
	json_decref(j);
}

static void
both_generations_tell_names_pages_and_handshakes(void **state)
{
	static const char *const answers[] = { "1.2.3.4", "c.example" };
	static const char *const mime[] = { "text/html" };
	struct obs_dns dns = { .query = "a.example", .texts = { answers, 2 } };
	const struct obs_http http = { .method = "GET",
		.host = "a.example",
		.uri = "/x",
		.status_code = 200,
		.status_msg = "OK",
		.resp_mime_types = { mime, 1 },
		.user_agent = "curl" };
	const struct obs_tls tls = { .server_name = "a.example",
		.version = "TLSv12",
		.subject = "CN=a",
		.resumed = TRUTH_NO,
		.validation = "ok" };
	struct observation o = { .kind = OBS_DNS, .dns = &dns };
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.said = &o;
	json_t *j = json_of(timeline_json_2020, &s.record);
	assert_string_equal(member(j, "Query"), "a.example");
	assert_string_equal(member(j, "Answers"), "1.2.3.4, c.example");
	json_decref(j);
	dns.rcode_name = "NXDOMAIN";
	j = json_of(timeline_json_last, &s.record);
	assert_string_equal(member(json_object_get(j, "info"), "query"), "a.example");
	assert_string_equal(member(json_object_get(j, "info"), "answers"), "NXDOMAIN");
	json_decref(j);

	o = (struct observation){ .kind = OBS_HTTP, .http = &http };
	json_t *old = json_of(timeline_json_2020, &s.record);
	j = json_of(timeline_json_last, &s.record);
	const json_t *const pages[] = { json_object_get(old, "http_data"),
		json_object_get(j, "info") };
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(member(pages[i], "Request"), "GET http://a.example/x");
		assert_string_equal(member(pages[i], "Status Code"), "200/OK");
		assert_string_equal(member(pages[i], "MIME"), "text/html");
		assert_string_equal(member(pages[i], "UA"), "curl");
	}
	json_decref(old);
	json_decref(j);

	o = (struct observation){ .kind = OBS_TLS, .tls = &tls };
	j = json_of(timeline_json_2020, &s.record);
	assert_string_equal(member(j, "dns_resolution"), "a.example");
	assert_string_equal(member(j, "SN"), "CN=a");
	assert_string_equal(member(j, "Trusted"), "Yes");
	assert_string_equal(member(j, "Resumed"), "False");
	assert_string_equal(member(j, "Version"), "TLSv12");
	json_decref(j);
	j = json_of(timeline_json_last, &s.record);
	const json_t *info = json_object_get(j, "info");
	assert_string_equal(member(info, "server_name"), "CN=a");
	assert_string_equal(member(info, "trusted"), "Yes");
	assert_string_equal(member(info, "resumed"), "False");
	assert_string_equal(member(info, "version"), "TLSv12");
	assert_string_equal(member(info, "dns_resolution"), "a.example");
	json_decref(j);
}

/* What could end a line, drive a terminal, turn text around or end a text before its time. */
static void
assert_harmless(const char *text)
{
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
	static const char *const harmful[] = { "\x1b", "\x9b", "\r", "\xe2\x80\xae", "\xe2\x80\xa8",
		"\x7f" };

	for (size_t i = 0; i < sizeof(harmful) / sizeof(harmful[0]); i++)
		assert_null(strstr(text, harmful[i]));
}

/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
static const char hostile[] = "a\x1b[2J\r\n2019 -\x9b\xe2\x80\xae\xe2\x80\xa8\x7f\b'\"\\\xff";

static void
assert_values_harmless(json_t *j)
{
	const char *key;
	json_t *value;

	json_object_foreach(j, key, value)
	{
		if (json_is_string(value)) {
			assert_harmless(json_string_value(value));
			assert_null(strchr(json_string_value(value), '\n'));
		} else if (json_is_object(value)) {
			assert_values_harmless(value);
		}
	}
}

/* Every form of an entry in which one thing was said, and by which the other end has a hostile name. */
static void
assert_entry_harmless(enum obs_kind kind, const void *said)
{
	const struct observation o = { .kind = kind, .said = said };
	static char text[64 * 1024];
	struct timeline_sample s;
	struct strbuf out;

	timeline_sample_init(&s);
	s.record.said = &o;
	s.record.names[0] = hostile;
	s.record.name_count = 1;
	strbuf_init(&out, text, sizeof(text));
	timeline_text(&out, &s.record);
	assert_false(out.truncated);
	assert_harmless(text);
	const char *second = strchr(text, '\n') + 1;
	assert_string_equal(strchr(second, '\n'), "\n"); /* two lines, whatever they hold */
	json_t *j = json_of(timeline_json_2020, &s.record);
	assert_values_harmless(j);
	json_decref(j);
	j = json_of(timeline_json_last, &s.record);
	assert_values_harmless(j);
	json_decref(j);
}

static void
hostile_words_are_harmless_in_every_form(void **state)
{
	static const char *const list[] = { hostile, hostile };

	(void)state;
	assert_entry_harmless(
		OBS_DNS, &(struct obs_dns){
				 .query = hostile, .rcode_name = "NOERROR", .texts = { list, 2 } });
	assert_entry_harmless(OBS_HTTP, &(struct obs_http){ .method = hostile,
						.host = hostile,
						.uri = hostile,
						.status_msg = hostile,
						.user_agent = hostile,
						.resp_mime_types = { list, 2 } });
	assert_entry_harmless(OBS_TLS,
		&(struct obs_tls){ .server_name = hostile, .subject = hostile, .issuer = hostile });
	assert_entry_harmless(OBS_SSH, &(struct obs_ssh){ .client = hostile, .server = hostile });
	assert_entry_harmless(OBS_SMTP, &(struct obs_smtp){ .mail_from = hostile,
						.rcpt_to = { list, 2 },
						.subject = hostile,
						.last_reply = hostile });
	assert_entry_harmless(OBS_FTP,
		&(struct obs_ftp){ .user = hostile, .arg = hostile, .reply_msg = hostile });
	assert_entry_harmless(OBS_SMB_FILE, &(struct obs_smb_file){ .name = hostile });
	assert_entry_harmless(OBS_DHCP, &(struct obs_dhcp){ .host_name = hostile });
}

static void
a_very_long_word_ends(void **state)
{
	static char name[4096];
	struct timeline_sample s;
	static char text[16 * 1024];
	struct strbuf out;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(
		strlen(WORDS(OBS_SMB_FILE, obs_smb_file, .name = name, .size = TRANSACTION_UNSET)),
		strlen("File: ") + 2048 + strlen("..."));
	timeline_sample_init(&s);
	s.record.names[0] = name;
	s.record.name_count = 1;
	strbuf_init(&out, text, sizeof(text));
	timeline_text(&out, &s.record);
	assert_non_null(strstr(text, "x...'\n"));
	assert_true(out.length < 400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_pages_and_handshakes),
		cmocka_unit_test(mail_and_files),
		cmocka_unit_test(log_ins),
		cmocka_unit_test(addresses_and_times),
		cmocka_unit_test(talk_and_databases),
		cmocka_unit_test(ways_around),
		cmocka_unit_test(what_says_nothing_of_its_own_has_no_words),
		cmocka_unit_test(both_generations_tell_all_kinds),
		cmocka_unit_test(both_generations_tell_names_pages_and_handshakes),
		cmocka_unit_test(hostile_words_are_harmless_in_every_form),
		cmocka_unit_test(a_very_long_word_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
