#include "exporters/timeline_said.h"

#include "exporters/said_field.h"

#include <string.h>

enum { WORDS_MAX = 8, VALUE_MAX = 4096 };

/* One value and what people call it. */
struct word {
	const char *label, *column;
};

static const struct {
	enum obs_kind kind;
	struct word words[WORDS_MAX];
} kinds[] = {
	{ OBS_SSH, { { "Login", "auth_success" }, { "Auth attempts", "auth_attempts" },
			   { "Client", "client" }, { "Server", "server" } } },
	{ OBS_SMTP, { { "From", "mailfrom" }, { "To", "rcptto" }, { "Subject", "subject" },
			    { "Helo", "helo" }, { "Reply", "last_reply" }, { "TLS", "tls" } } },
	{ OBS_FTP, { { "User", "user" }, { "Command", "command" }, { "Argument", "arg" },
			   { "Reply code", "reply_code" }, { "Reply", "reply_msg" },
			   { "Size", "file_size" } } },
	{ OBS_LOGIN, { { "Login", "success" }, { "Protocol", "proto" }, { "User", "user" },
			     { "Method", "method" } } },
	{ OBS_IRC, { { "Command", "command" }, { "Value", "value" }, { "Nick", "nick" },
			   { "User", "user" }, { "File", "dcc_file_name" } } },
	{ OBS_DHCP, { { "Messages", "msg_types" }, { "Assigned", "assigned_addr" },
			    { "Requested", "requested_addr" }, { "Host name", "host_name" },
			    { "MAC", "mac" }, { "Server", "server_addr" },
			    { "Lease", "lease_time" } } },
	{ OBS_NTP, { { "Version", "version" }, { "Mode", "mode" }, { "Stratum", "stratum" },
			   { "Reference", "ref_id" } } },
	{ OBS_SNMP, { { "Version", "version" }, { "Community", "community" },
			    { "Gets", "get_requests" }, { "Sets", "set_requests" },
			    { "Answers", "get_responses" } } },
	{ OBS_SIP, { { "Method", "method" }, { "URI", "uri" }, { "From", "request_from" },
			   { "To", "request_to" }, { "Status code", "status_code" },
			   { "UA", "user_agent" } } },
	{ OBS_SMB, { { "Share", "path" }, { "Type", "share_type" }, { "Dialect", "dialect" },
			   { "Status", "status" } } },
	{ OBS_SMB_FILE, { { "Action", "action" }, { "File", "name" }, { "Share", "path" },
				{ "Previous name", "prev_name" }, { "Size", "size" } } },
	{ OBS_NTLM, { { "Login", "success" }, { "User", "username" }, { "Domain", "domainname" },
			    { "Host", "hostname" }, { "Server", "server_dns_computer_name" } } },
	{ OBS_KERBEROS, { { "Request", "request_type" }, { "Client", "client" },
				{ "Service", "service" }, { "Success", "success" },
				{ "Error", "error_msg" }, { "Cipher", "cipher" } } },
	{ OBS_RDP, { { "Cookie", "cookie" }, { "Result", "result" },
			   { "Security", "security_protocol" } } },
	{ OBS_MYSQL, { { "Command", "cmd" }, { "Argument", "arg" }, { "Success", "success" },
			     { "Rows", "rows" }, { "Response", "response" } } },
	{ OBS_REDIS, { { "Command", "cmd" }, { "Argument", "arg" }, { "Success", "success" },
			     { "Reply", "reply" } } },
	{ OBS_MQTT, { { "Client", "client_id" }, { "Protocol", "proto_name" },
			    { "Version", "proto_version" }, { "Status", "connect_status" } } },
	{ OBS_SOCKS,
		{ { "Host", "request.host" }, { "Name", "request.name" }, { "Port", "request_p" },
			{ "Status", "status" }, { "User", "user" } } },
	{ OBS_BITTORRENT,
		{ { "Action", "action" }, { "Hash", "info_hash" }, { "Client", "client" } } },
	{ OBS_MINING, { { "Method", "method" }, { "Worker", "worker" }, { "Agent", "agent" } } },
	{ OBS_STUN,
		{ { "Mapped", "mapped" }, { "Port", "mapped_port" }, { "Software", "software" } } },
	{ OBS_QUIC, { { "Server name", "server_name" }, { "Protocol", "client_protocol" },
			    { "Version", "version" } } },
};

static const struct word *
words_of(const struct observation *o)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (o != NULL && kinds[i].kind == o->kind)
			return kinds[i].words;
	return NULL;
}

const char *
timeline_said_login(const struct observation *o, const char *column)
{
	if (!said_has(o, column))
		return "Unknown";
	return said_is(o, column, "True") ? "Successful" : "Not Successful";
}

const char *
timeline_said_trusted(const struct observation *o, const char *unknown)
{
	if (said_is(o, "validation_status", "ok"))
		return "Yes";
	return !said_has(o, "validation_status") && said_is(o, "resumed", "True") ? unknown : "No";
}

static void
put_dns(struct strbuf *out, const struct observation *o)
{
	strbuf_text(out, "Query: ");
	said_put(out, o, "query");
	strbuf_text(out, ", Query Class: ");
	said_put(out, o, "qclass_name");
	strbuf_text(out, ", Type: ");
	said_put(out, o, "qtype_name");
	strbuf_text(out, ", Response Code: ");
	said_put(out, o, "rcode_name");
	strbuf_text(out, ", Answers: [");
	said_put_list(out, o, "answers", '\'');
	strbuf_char(out, ']');
}

static void
put_http(struct strbuf *out, const struct observation *o)
{
	said_put(out, o, "method");
	strbuf_text(out, " http://");
	said_put(out, o, "host");
	said_put(out, o, "uri");
	strbuf_text(out, " HTTP/");
	said_put(out, o, "version");
	strbuf_char(out, ' ');
	said_put(out, o, "status_code");
	strbuf_char(out, '/');
	said_put(out, o, "status_msg");
	strbuf_text(out, "  MIME:");
	said_put(out, o, "resp_mime_types");
	strbuf_text(out, " Sent:");
	said_put(out, o, "request_body_len");
	strbuf_text(out, "b, Recv:");
	said_put(out, o, "response_body_len");
	strbuf_text(out, "b UA:");
	said_put(out, o, "user_agent");
	strbuf_char(out, ' ');
}

static void
put_tls(struct strbuf *out, const struct observation *o)
{
	said_put(out, o, "server_name");
	strbuf_text(out, ". Issuer: ");
	said_put(out, o, "issuer");
	strbuf_text(out, ". Trust Cert: ");
	strbuf_text(out, timeline_said_trusted(o, "?? (Resumed)"));
	strbuf_text(out, ". Subject: ");
	said_put(out, o, "subject");
	strbuf_text(out, ". Version: ");
	said_put(out, o, "version");
	strbuf_text(out, ". Resumed: ");
	said_put(out, o, "resumed");
	strbuf_char(out, ' ');
}

/* A log-in has an answer also when nobody knows it. */
static bool
is_login(const struct word *w)
{
	return strcmp(w->label, "Login") == 0;
}

static void
put_words(struct strbuf *out, const struct observation *o)
{
	const struct word *words = words_of(o);
	const char *before = "";

	for (size_t i = 0; i < WORDS_MAX && words[i].label != NULL; i++) {
		const struct word *w = &words[i];
		if (!is_login(w) && !said_has(o, w->column))
			continue;
		strbuf_text(out, before);
		strbuf_text(out, w->label);
		strbuf_text(out, ": ");
		if (is_login(w))
			strbuf_text(out, timeline_said_login(o, w->column));
		else
			said_put(out, o, w->column);
		before = ", ";
	}
}

bool
timeline_said_tells(const struct observation *o)
{
	return o != NULL && (o->kind == OBS_DNS || o->kind == OBS_HTTP || o->kind == OBS_TLS ||
				    words_of(o) != NULL);
}

void
timeline_said(struct strbuf *out, const struct observation *o)
{
	if (o->kind == OBS_DNS)
		put_dns(out, o);
	else if (o->kind == OBS_HTTP)
		put_http(out, o);
	else if (o->kind == OBS_TLS)
		put_tls(out, o);
	else
		put_words(out, o);
}

void
timeline_said_members(struct json *j, const struct observation *o)
{
	const struct word *words = words_of(o);

	for (size_t i = 0; words != NULL && i < WORDS_MAX && words[i].label != NULL; i++) {
		char text[VALUE_MAX];
		struct strbuf value;

		if (!said_has(o, words[i].column))
			continue;
		strbuf_init(&value, text, sizeof(text));
		said_put(&value, o, words[i].column);
		json_key_text(j, words[i].column, text);
	}
}
