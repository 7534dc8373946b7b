#include "exporters/timeline_text.h"

#include "daemon/base/text_safe.h"
#include "exporters/timeline_entry.h"
#include "exporters/timeline_said.h"

#include <netinet/in.h>

enum { NAME_MOST = 255 };

static const char *
proto_name(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_TCP ? "tcp" : "udp";
}

static void
put_port(struct strbuf *out, const struct timeline_entry *e)
{
	strbuf_u64(out, e->flow->resp_port);
	strbuf_char(out, '/');
	strbuf_text(out, proto_name(e->flow->ip_proto));
}

static void
put_counts(struct strbuf *out, const struct timeline_entry *e)
{
	strbuf_text(out, "Sent: ");
	strbuf_u64(out, e->sent);
	strbuf_text(out, ", Recv: ");
	strbuf_u64(out, e->received);
	strbuf_text(out, ", Tot: ");
	timeline_bytes(out, e->sent + e->received);
}

/* Nobody knows the port. */
static void
put_unknown(struct strbuf *out, const struct timeline_entry *e)
{
	strbuf_text(out, "- Not recognized ");
	strbuf_text(out, e->flow->established ? "Established" : "NotEstablished");
	strbuf_text(out, " flow from ");
	if (e->is_client) {
		char host[ADDR_TEXT_MAX];
		strbuf_text(out, addr_format(&e->record->host, host));
		strbuf_text(out, " to ");
		strbuf_text(out, e->peer);
		strbuf_text(out, " dport ");
	} else {
		strbuf_text(out, e->peer);
		strbuf_text(out, " to ");
	}
	put_port(out, e);
	strbuf_text(out, ", ");
	put_counts(out, e);
}

static void
put_conversation(struct strbuf *out, const struct timeline_entry *e)
{
	const struct obs_flow *f = e->flow;
	bool is_silent = f->ip_proto == IPPROTO_UDP && f->resp_total.payload_bytes == 0;

	if (e->name == NULL) {
		put_unknown(out, e);
		return;
	}
	strbuf_text(out, "- ");
	if (!f->established)
		strbuf_text(out, is_silent ? "Not answered " : "NOT Established ");
	strbuf_text(out, e->name);
	if (e->is_client) {
		strbuf_text(out, " asked to ");
		strbuf_text(out, e->peer);
		strbuf_char(out, ' ');
		put_port(out, e);
	} else {
		strbuf_char(out, '/');
		strbuf_text(out, proto_name(f->ip_proto));
		strbuf_text(out, " asked from ");
		strbuf_text(out, e->peer);
	}
	strbuf_text(out, ", ");
	if (f->established && e->sent + e->received == 0)
		strbuf_text(out, "Be careful! Established but empty! ");
	put_counts(out, e);
}

/* What is known of the other end; the first Kalipso shows nothing from the bar on. */
static void
put_name(struct strbuf *out, const struct timeline_entry *e)
{
	if (e->record->name_count == 0)
		return;
	strbuf_text(out, " | name='");
	text_safe(out, e->record->names[0], NAME_MOST);
	strbuf_char(out, '\'');
}

/* ICMP and IGMP: what was sent, to whom, how much. */
static void
put_message(struct strbuf *out, const struct timeline_entry *e)
{
	const char *text = timeline_message(e);

	strbuf_text(out, "- ");
	strbuf_text(out, text != NULL ? text : "ICMP Unknown type");
	strbuf_text(out, e->is_client ? " sent to " : " sent from ");
	strbuf_text(out, e->peer);
	if (text == NULL)
		strbuf_printf(out, ", Type: 0x%04x", e->flow->orig_port);
	strbuf_text(out, ", Size: ");
	timeline_bytes(out, e->sent + e->received);
}

/* A port that people know, and bytes of a protocol that nobody recognised. */
static bool
is_disguised(const struct timeline_entry *e)
{
	const struct obs_flow *f = e->flow;
	bool is_tcp = f->ip_proto == IPPROTO_TCP;

	if (!f->established || e->name == NULL || e->sent + e->received == 0 ||
		f->service[0] != '\0')
		return false;
	/* Ports whose programs say little that can be recognised. */
	return is_tcp ? f->resp_port != 23 && f->resp_port != 5222
		      : f->resp_port != 67 && f->resp_port != 123;
}

/* What was said, in a line of its own; or that nobody knows what. */
static void
put_said(struct strbuf *out, const struct timeline_entry *e)
{
	if (e->record->said != NULL) {
		strbuf_text(out, "- ");
		timeline_said(out, e->record->said);
		return;
	}
	strbuf_text(out, "[!] Attention. We know this port number, but we couldn't identify "
			 "the protocol. Check UID ");
	strbuf_text(out, e->flow->uid.text);
}

static bool
has_second_line(const struct timeline_entry *e)
{
	return e->record->said != NULL ? timeline_said_tells(e->record->said) : is_disguised(e);
}

void
timeline_text(struct strbuf *out, const struct record_timeline *t)
{
	const struct timeline_entry e = timeline_entry_of(t);

	if (!timeline_tells(&e))
		return;
	timeline_time(out, t->flow->start_ns);
	strbuf_char(out, ' ');
	if (timeline_has_ports(&e))
		put_conversation(out, &e);
	else
		put_message(out, &e);
	put_name(out, &e);
	strbuf_char(out, '\n');
	if (!timeline_has_ports(&e) || !has_second_line(&e))
		return;
	timeline_time(out, t->flow->start_ns);
	strbuf_text(out, " \t");
	put_said(out, &e);
	strbuf_char(out, '\n');
}
