#include "exporters/timeline_key.h"

#include "daemon/base/text_safe.h"
#include "exporters/said_field.h"

#include <ctype.h>
#include <netinet/in.h>

enum { NAME_MOST = 255 };

struct strbuf *
timeline_value_begin(struct timeline_value *v)
{
	strbuf_init(&v->b, v->text, sizeof(v->text));
	return &v->b;
}

void
timeline_key_said(struct json *j, const char *key, const struct observation *o, const char *column)
{
	struct timeline_value v;

	said_put(timeline_value_begin(&v), o, column);
	json_key_text(j, key, v.text);
}

void
timeline_key_time(struct json *j, const struct timeline_entry *e)
{
	struct timeline_value v;

	timeline_time(timeline_value_begin(&v), e->flow->start_ns);
	json_key_text(j, "timestamp", v.text);
}

void
timeline_key_bytes(struct json *j, const char *key, uint64_t bytes)
{
	struct timeline_value v;

	timeline_bytes(timeline_value_begin(&v), bytes);
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

void
timeline_key_port(struct json *j, const char *key, const struct timeline_entry *e, const char *name)
{
	struct timeline_value v;
	struct strbuf *b = timeline_value_begin(&v);

	if (name != NULL)
		strbuf_text(b, name);
	else /* of a message its type */
		strbuf_u64(b, timeline_has_ports(e) ? e->flow->resp_port : e->flow->orig_port);
	strbuf_char(b, '/');
	strbuf_text(b, proto_name(e));
	json_key_text(j, key, v.text);
}

const char *
timeline_loud(struct timeline_value *v, const char *name)
{
	struct strbuf *b = timeline_value_begin(v);

	text_safe(b, name != NULL ? name : "????", NAME_MOST);
	for (char *c = v->text; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return v->text;
}

static void
name_text(struct json *j, const char *name)
{
	struct timeline_value v;

	text_safe(timeline_value_begin(&v), name, NAME_MOST);
	json_text(j, v.text);
}

void
timeline_key_names(struct json *j, const struct record_timeline *t)
{
	json_key(j, "dns_resolution");
	if (t->name_count == 0) {
		json_text(j, "????");
		return;
	}
	json_array_begin(j);
	for (size_t i = 0; i < t->name_count; i++)
		name_text(j, t->names[i]);
	json_array_end(j);
}

void
timeline_key_http(struct json *j, const struct observation *o, const char *request_key)
{
	struct timeline_value v;
	struct strbuf *b = timeline_value_begin(&v);

	said_put(b, o, "method");
	strbuf_text(b, " http://");
	said_put(b, o, "host");
	said_put(b, o, "uri");
	json_key_text(j, request_key, v.text);
	if (said_has(o, "status_code")) {
		b = timeline_value_begin(&v);
		said_put(b, o, "status_code");
		strbuf_char(b, '/');
		said_put(b, o, "status_msg");
		json_key_text(j, "Status Code", v.text);
	}
	if (said_has(o, "resp_mime_types"))
		timeline_key_said(j, "MIME", o, "resp_mime_types");
	if (said_has(o, "user_agent"))
		timeline_key_said(j, "UA", o, "user_agent");
}

void
timeline_key_answers(struct json *j, const char *key, const struct observation *o)
{
	if (said_is(o, "rcode_name", "NXDOMAIN"))
		json_key_text(j, key, "NXDOMAIN");
	else
		timeline_key_said(j, key, o, "answers");
}
