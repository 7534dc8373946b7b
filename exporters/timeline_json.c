#include "exporters/timeline_json.h"

#include "daemon/base/json.h"
#include "exporters/said_field.h"
#include "exporters/service_name.h"
#include "exporters/timeline_entry.h"
#include "exporters/timeline_key.h"
#include "exporters/timeline_said.h"

static const char nothing_said[] = "No extra data from Zeek.";
static const char unknown_port[] = "Protocol not recognized by Slips nor Zeek.";

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
		timeline_key_said(j, "Query", o, "query");
		timeline_key_answers(j, "Answers", o);
	} else if (o->kind == OBS_HTTP) {
		if (generation == OF_THE_TALK)
			return;
		json_key(j, "http_data");
		json_object_begin(j);
		timeline_key_http(j, o, "Request");
		json_object_end(j);
	} else if (o->kind == OBS_TLS) {
		if (said_has(o, "subject"))
			timeline_key_said(j, "SN", o, "subject");
		else
			json_key_text(j, "SN", "????");
		json_key_text(j, "Trusted", timeline_said_trusted(o, "??"));
		timeline_key_said(j, "Resumed", o, "resumed");
		timeline_key_said(j, "Version", o, "version");
	} else if (o->kind == OBS_SSH) {
		json_key_text(j, "Login", timeline_said_login(o, "auth_success"));
		timeline_key_said(j, "Auth attempts", o, "auth_attempts");
		timeline_key_said(j, "Client", o, "client");
		timeline_key_said(j, "Server", o, "server");
	} else {
		struct timeline_value v;
		timeline_said(timeline_value_begin(&v), o);
		json_key_text(j, "info", v.text);
	}
}

/* TLS says the name that was asked for: since 2020 it outweighs what DNS said. */
static void
key_names_2020(struct json *j, const struct timeline_entry *e, enum generation generation)
{
	const struct observation *o = e->record->said;

	if (generation == OF_2020 && o != NULL && o->kind == OBS_TLS && said_has(o, "server_name"))
		timeline_key_said(j, "dns_resolution", o, "server_name");
	else
		timeline_key_names(j, e->record);
}

static void
conversation_2020(struct json *j, const struct timeline_entry *e, enum generation generation)
{
	struct timeline_value name;

	if (e->is_client) {
		json_key_text(j, "dport_name", timeline_loud(&name, e->name));
		json_key_text(j, "preposition", "to");
		key_names_2020(j, e, generation);
		json_key_text(j, "daddr", e->peer);
		timeline_key_port(j, "dport/proto", e, NULL);
	} else {
		timeline_key_port(j, "dport_name/proto", e, timeline_loud(&name, e->name));
		json_key_text(j, "preposition", "from");
		json_key_text(j, "saddr", e->peer);
	}
	json_key_text(j, "state", e->flow->established ? "established" : "notestablished");
	json_key_text(j, "warning", e->sent + e->received == 0 ? "Empty!" : "");
	json_key_u64(j, "Sent", e->sent);
	json_key_u64(j, "Recv", e->received);
	timeline_key_bytes(j, "Tot", e->sent + e->received);
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
		struct timeline_value v;
		strbuf_printf(timeline_value_begin(&v), "0x%04x", e->flow->orig_port);
		json_key_text(j, "Type", v.text);
	}
	timeline_key_bytes(j, "Size", e->sent + e->received);
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
	timeline_key_time(&j, &e);
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
	timeline_key_http(&j, t->said, "Method");
	json_object_end(&j);
}

/* ---- the last generation ---- */

static void
ssh_members(struct json *j, const struct observation *o)
{
	json_key_text(j, "login", timeline_said_login(o, "auth_success"));
	timeline_key_said(j, "auth_attempts", o, "auth_attempts");
	timeline_key_said(j, "client", o, "client");
	timeline_key_said(j, "server", o, "server");
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
		timeline_key_said(j, "query", o, "query");
		timeline_key_answers(j, "answers", o);
	} else if (o->kind == OBS_HTTP) {
		timeline_key_http(j, o, "Request");
	} else if (o->kind == OBS_SSH) {
		ssh_members(j, o);
	} else if (o->kind != OBS_TLS) {
		timeline_said_members(j, o);
	} else {
		timeline_key_said(j, "server_name", o, "subject");
		json_key_text(j, "trusted", timeline_said_trusted(o, "??"));
		timeline_key_said(j, "resumed", o, "resumed");
		timeline_key_said(j, "version", o, "version");
		timeline_key_said(j, "dns_resolution", o, "server_name");
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
	struct timeline_value name;

	json_key_text(j, "dport_name", timeline_loud(&name, service));
	json_key_text(j, "preposition", e->is_client ? "to" : "from");
	timeline_key_names(j, e->record);
	if (!e->is_client)
		json_key_text(j, "saddr", e->peer);
	json_key_text(j, "daddr", e->is_client ? e->peer : addr_format(&e->record->host, host));
	timeline_key_port(j, "dport/proto", e, NULL);
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

	json_key_text(j, "dport_name", text != NULL ? text : "ICMP Unknown type");
	json_key_text(j, "preposition", "from");
	json_key_addr(j, "saddr", &e->flow->orig);
	json_key_u64(j, "size", e->sent + e->received);
	key_duration(j, e->flow);
	/* Slips gives a message all members, those empty that only conversations have. */
	json_key_text(j, "dns_resolution", "");
	json_key_addr(j, "daddr", &e->flow->resp);
	timeline_key_port(j, "dport/proto", e, NULL);
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
	timeline_key_time(&j, &e);
	if (timeline_has_ports(&e))
		conversation_last(&j, &e);
	else
		message_last(&j, &e);
	json_object_end(&j);
}
