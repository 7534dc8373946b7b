#include "exporters/timeline_json.h"

#include "daemon/base/json.h"
#include "daemon/base/text_safe.h"
#include "exporters/said_field.h"
#include "exporters/service_name.h"
#include "exporters/timeline_entry.h"
#include "exporters/timeline_said.h"

#include <ctype.h>
#include <netinet/in.h>
#include <string.h>

enum { VALUE_MAX = 4096, NAME_MOST = 255 };

static const char nothing_said[] = "No extra data from Zeek.";
static const char unknown_port[] = "Protocol not recognized by Slips nor Zeek.";

/* ---- values that are put together ---- */

struct value {
	char text[VALUE_MAX];
	struct strbuf b;
};

static struct strbuf *
begin(struct value *v)
{
	strbuf_init(&v->b, v->text, sizeof(v->text));
	return &v->b;
}

static void
key_said(struct json *j, const char *key, const struct observation *o, const char *column)
{
	struct value v;

	said_put(begin(&v), o, column);
	json_key_text(j, key, v.text);
}

static void
key_time(struct json *j, const struct timeline_entry *e)
{
	struct value v;

	timeline_time(begin(&v), e->flow->start_ns);
	json_key_text(j, "timestamp", v.text);
}

static void
key_bytes(struct json *j, const char *key, uint64_t bytes)
{
	struct value v;

	timeline_bytes(begin(&v), bytes);
	json_key_text(j, key, v.text);
}

static const char *
proto_name(const struct timeline_entry *e)
{
	switch (e->flow->ip_proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_IGMP:
		return "IGMP";
	default:
		return "ICMP"; /* timelines tell no others, and have one word for both */
	}
}

/* "443/TCP", or "HTTPS/TCP" */
static void
key_with_proto(struct json *j, const char *key, const struct timeline_entry *e, const char *name)
{
	struct value v;
	struct strbuf *b = begin(&v);

	if (name != NULL)
		strbuf_text(b, name);
	else /* of a message its type */
		strbuf_u64(b, timeline_has_ports(e) ? e->flow->resp_port : e->flow->orig_port);
	strbuf_char(b, '/');
	strbuf_text(b, proto_name(e));
	json_key_text(j, key, v.text);
}

/* The port's name in capitals, or "????". */
static const char *
loud(struct value *v, const char *name)
{
	struct strbuf *b = begin(v);

	strbuf_text(b, name != NULL ? name : "????");
	for (char *c = v->text; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return v->text;
}

static void
name_text(struct json *j, const char *name)
{
	struct value v;

	text_safe(begin(&v), name, NAME_MOST);
	json_text(j, v.text);
}

/* One name as it is, more as a list, none as "????". */
static void
key_names(struct json *j, const struct record_timeline *t)
{
	json_key(j, "dns_resolution");
	if (t->name_count == 0) {
		json_text(j, "????");
	} else if (t->name_count == 1) {
		name_text(j, t->names[0]);
	} else {
		json_array_begin(j);
		for (size_t i = 0; i < t->name_count; i++)
			name_text(j, t->names[i]);
		json_array_end(j);
	}
}

/* What HTTP said, in the members that all generations show; the first has another key for what was asked for. */
static void
http_members(struct json *j, const struct observation *o, const char *request_key)
{
	struct value v;
	struct strbuf *b = begin(&v);

	said_put(b, o, "method");
	strbuf_text(b, " http://");
	said_put(b, o, "host");
	said_put(b, o, "uri");
	json_key_text(j, request_key, v.text);
	if (said_has(o, "status_code")) {
		b = begin(&v);
		said_put(b, o, "status_code");
		strbuf_char(b, '/');
		said_put(b, o, "status_msg");
		json_key_text(j, "Status Code", v.text);
	}
	if (said_has(o, "resp_mime_types"))
		key_said(j, "MIME", o, "resp_mime_types");
	if (said_has(o, "user_agent"))
		key_said(j, "UA", o, "user_agent");
}

static void
key_answers(struct json *j, const char *key, const struct observation *o)
{
	if (said_is(o, "rcode_name", "NXDOMAIN"))
		json_key_text(j, key, "NXDOMAIN");
	else
		key_said(j, key, o, "answers");
}

/* ---- 2020, and before ---- */

enum generation { OF_THE_TALK, OF_2020 };

static void
said_2020(struct json *j, const struct timeline_entry *e, enum generation generation)
{
	const struct observation *o = e->record->said;

	if (!timeline_said_tells(o)) {
		json_key_text(j, "info", nothing_said);
		return;
	}
	if (o->kind == OBS_DNS) {
		key_said(j, "Query", o, "query");
		key_answers(j, "Answers", o);
	} else if (o->kind == OBS_HTTP) {
		if (generation == OF_THE_TALK)
			return;
		json_key(j, "http_data");
		json_object_begin(j);
		http_members(j, o, "Request");
		json_object_end(j);
	} else if (o->kind == OBS_TLS) {
		if (said_has(o, "subject"))
			key_said(j, "SN", o, "subject");
		else
			json_key_text(j, "SN", "????");
		json_key_text(j, "Trusted", timeline_said_trusted(o, "??"));
		key_said(j, "Resumed", o, "resumed");
		key_said(j, "Version", o, "version");
	} else if (o->kind == OBS_SSH) {
		json_key_text(j, "Login", timeline_said_login(o, "auth_success"));
		key_said(j, "Auth attempts", o, "auth_attempts");
		key_said(j, "Client", o, "client");
		key_said(j, "Server", o, "server");
	} else {
		struct value v;
		timeline_said(begin(&v), o);
		json_key_text(j, "info", v.text);
	}
}

/* TLS says the name that was asked for: since 2020 it outweighs what DNS said. */
static void
key_names_2020(struct json *j, const struct timeline_entry *e, enum generation generation)
{
	const struct observation *o = e->record->said;

	if (generation == OF_2020 && o != NULL && o->kind == OBS_TLS && said_has(o, "server_name"))
		key_said(j, "dns_resolution", o, "server_name");
	else
		key_names(j, e->record);
}

static void
conversation_2020(struct json *j, const struct timeline_entry *e, enum generation generation)
{
	struct value name;

	if (e->is_client) {
		json_key_text(j, "dport_name", loud(&name, e->name));
		json_key_text(j, "preposition", "to");
		key_names_2020(j, e, generation);
		json_key_text(j, "daddr", e->peer);
		key_with_proto(j, "dport/proto", e, NULL);
	} else {
		key_with_proto(j, "dport_name/proto", e, loud(&name, e->name));
		json_key_text(j, "preposition", "from");
		json_key_text(j, "saddr", e->peer);
	}
	json_key_text(j, "state", e->flow->established ? "established" : "notestablished");
	json_key_text(j, "warning", e->sent + e->received == 0 ? "Empty!" : "");
	json_key_u64(j, "Sent", e->sent);
	json_key_u64(j, "Recv", e->received);
	key_bytes(j, "Tot", e->sent + e->received);
	json_key_text(j, "critical warning", e->name == NULL ? unknown_port : "");
	said_2020(j, e, generation);
}

static void
message_2020(struct json *j, const struct timeline_entry *e)
{
	const char *text = timeline_message(e);

	json_key_text(j, "dport_name", text != NULL ? text : "ICMP Unknown type");
	json_key_text(j, "preposition", e->is_client ? "to" : "from");
	json_key_text(j, e->is_client ? "daddr" : "saddr", e->peer);
	if (text == NULL) {
		struct value v;
		strbuf_printf(begin(&v), "0x%04x", e->flow->orig_port);
		json_key_text(j, "Type", v.text);
	}
	key_bytes(j, "Size", e->sent + e->received);
	json_key_text(j, "info", nothing_said);
}

static void
entry_2020(struct strbuf *out, const struct record_timeline *t, enum generation generation)
{
	const struct timeline_entry e = timeline_entry_of(t);
	struct json j;

	if (!timeline_tells(&e))
		return;
	json_init(&j, out);
	json_object_begin(&j);
	key_time(&j, &e);
	if (timeline_has_ports(&e))
		conversation_2020(&j, &e, generation);
	else
		message_2020(&j, &e);
	json_object_end(&j);
}

void
timeline_json_2020(struct strbuf *out, const struct record_timeline *t)
{
	entry_2020(out, t, OF_2020);
}

void
timeline_json_talk(struct strbuf *out, const struct record_timeline *t)
{
	entry_2020(out, t, OF_THE_TALK);
}

void
timeline_json_talk_http(struct strbuf *out, const struct record_timeline *t)
{
	const struct timeline_entry e = timeline_entry_of(t);
	struct json j;

	if (!timeline_has_ports(&e) || t->said == NULL || t->said->kind != OBS_HTTP)
		return;
	json_init(&j, out);
	json_object_begin(&j);
	http_members(&j, t->said, "Method");
	json_object_end(&j);
}

/* ---- the last generation ---- */

static void
ssh_members(struct json *j, const struct observation *o)
{
	json_key_text(j, "login", timeline_said_login(o, "auth_success"));
	key_said(j, "auth_attempts", o, "auth_attempts");
	key_said(j, "client", o, "client");
	key_said(j, "server", o, "server");
}

static void
info_last(struct json *j, const struct timeline_entry *e)
{
	const struct observation *o = e->record->said;

	json_key(j, "info");
	if (!timeline_said_tells(o)) {
		json_text(j, "");
		return;
	}
	json_object_begin(j);
	if (o->kind == OBS_DNS) {
		key_said(j, "query", o, "query");
		key_answers(j, "answers", o);
	} else if (o->kind == OBS_HTTP) {
		http_members(j, o, "Request");
	} else if (o->kind == OBS_SSH) {
		ssh_members(j, o);
	} else if (o->kind != OBS_TLS) {
		timeline_said_members(j, o);
	} else {
		key_said(j, "server_name", o, "subject");
		json_key_text(j, "trusted", timeline_said_trusted(o, "??"));
		key_said(j, "resumed", o, "resumed");
		key_said(j, "version", o, "version");
		key_said(j, "dns_resolution", o, "server_name");
	}
	json_object_end(j);
}

static void
key_duration(struct json *j, const struct obs_flow *f)
{
	json_key_double(j, "duration", (double)(f->last_ns - f->start_ns) / 1e9, 3);
}

static void
conversation_last(struct json *j, const struct timeline_entry *e)
{
	const char *service =
		e->flow->service[0] != '\0' ? service_name(e->flow->service) : e->name;
	char host[ADDR_TEXT_MAX];
	struct value name;

	json_key_text(j, "dport_name", loud(&name, service));
	json_key_text(j, "preposition", e->is_client ? "to" : "from");
	key_names(j, e->record);
	if (!e->is_client)
		json_key_text(j, "saddr", e->peer);
	json_key_text(j, "daddr", e->is_client ? e->peer : addr_format(&e->record->host, host));
	key_with_proto(j, "dport/proto", e, NULL);
	json_key_text(j, "state", e->flow->established ? "Established" : "Not Established");
	json_key_text(j, "warning", e->sent + e->received == 0 ? "No data exchange!" : "");
	info_last(j, e);
	json_key_u64(j, "sent", e->sent);
	json_key_u64(j, "recv", e->received);
	json_key_u64(j, "tot", e->sent + e->received);
	key_duration(j, e->flow);
	json_key_text(j, "critical warning", service == NULL ? unknown_port : "");
}

static void
message_last(struct json *j, const struct timeline_entry *e)
{
	static const char *const empty[] = { "state", "warning", "sent", "recv", "tot",
		"critical warning", "info" };
	const char *text = timeline_message(e);
	char orig[ADDR_TEXT_MAX];
	char resp[ADDR_TEXT_MAX];

	json_key_text(j, "dport_name", text != NULL ? text : "ICMP Unknown type");
	json_key_text(j, "preposition", "from");
	json_key_text(j, "saddr", addr_format(&e->flow->orig, orig));
	json_key_u64(j, "size", e->sent + e->received);
	key_duration(j, e->flow);
	/* Slips gives a message all members, those empty that only conversations have. */
	json_key_text(j, "dns_resolution", "");
	json_key_text(j, "daddr", addr_format(&e->flow->resp, resp));
	key_with_proto(j, "dport/proto", e, NULL);
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		json_key_text(j, empty[i], "");
}

void
timeline_json_last(struct strbuf *out, const struct record_timeline *t)
{
	const struct timeline_entry e = timeline_entry_of(t);
	struct json j;

	if (!timeline_tells(&e))
		return;
	json_init(&j, out);
	json_object_begin(&j);
	key_time(&j, &e);
	if (timeline_has_ports(&e))
		conversation_last(&j, &e);
	else
		message_last(&j, &e);
	json_object_end(&j);
}
