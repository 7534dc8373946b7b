/*
 * eve_flow.c -- EVE's flow event: a conversation that ended.
 *
 * What Suricata does not say, we do in what we wrote ourselves (`naiad`): Zeek's state and history, and bytes of
 * payload. Without them the state is told from TCP's flags, or from Suricata's word for it; a flow that is
 * `closed` and whose sides both had SYN and ACK was a conversation, whatever the word means elsewhere.
 *
 * Byte counts of Suricata hold the link's headers.
 */
#include "daemon/base/number_text.h"
#include "daemon/decode/packet.h"
#include "daemon/flow/flow_key.h"
#include "daemon/input/eve.h"
#include "daemon/input/flow_words.h"
#include "daemon/input/ip_proto_word.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct eve_flow {
	uint64_t start_ns, end_ns;
	uint64_t orig_packets, resp_packets, orig_bytes, resp_bytes;
	uint64_t orig_payload, resp_payload, missed_bytes;
	uint64_t icmp_type, icmp_code, response_icmp_type;
	uint64_t outside_depth, outside_id;
	const char *state, *reason;
	const char *orig_flags, *resp_flags; /* all that TCP segments had, hexadecimal */
	const char *app_proto;
	const char *orig_mac, *resp_mac;
	struct text_list orig_macs, resp_macs;
	struct text_list vlans;
	struct addr outside_src, outside_dst;
	const char *outside_proto, *outside_kind;
	struct text_list outside_uids;
	const char *conn_state, *history, *label;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct eve_flow, orig_packets, "flow.pkts_toserver"),
	FIELD_ROW_COUNT(struct eve_flow, resp_packets, "flow.pkts_toclient"),
	FIELD_ROW_COUNT(struct eve_flow, orig_bytes, "flow.bytes_toserver"),
	FIELD_ROW_COUNT(struct eve_flow, resp_bytes, "flow.bytes_toclient"),
	FIELD_ROW_TIME(struct eve_flow, start_ns, "flow.start"),
	FIELD_ROW_TIME(struct eve_flow, end_ns, "flow.end"),
	FIELD_ROW_TEXT(struct eve_flow, state, "flow.state"),
	FIELD_ROW_TEXT(struct eve_flow, reason, "flow.reason"),
	FIELD_ROW_TEXT(struct eve_flow, orig_flags, "tcp.tcp_flags_ts"),
	FIELD_ROW_TEXT(struct eve_flow, resp_flags, "tcp.tcp_flags_tc"),
	FIELD_ROW_TEXT(struct eve_flow, app_proto, "app_proto"),
	FIELD_ROW_COUNT(struct eve_flow, icmp_type, "icmp_type"),
	FIELD_ROW_COUNT(struct eve_flow, icmp_code, "icmp_code"),
	FIELD_ROW_COUNT(struct eve_flow, response_icmp_type, "response_icmp_type"),
	FIELD_ROW_TEXT(struct eve_flow, orig_mac, "ether.src_mac"),
	FIELD_ROW_TEXT(struct eve_flow, resp_mac, "ether.dest_mac"),
	FIELD_ROW_TEXTS(struct eve_flow, orig_macs, "ether.src_macs", ""),
	FIELD_ROW_TEXTS(struct eve_flow, resp_macs, "ether.dest_macs", ""),
	FIELD_ROW_TEXTS(struct eve_flow, vlans, "vlan", ""),
	FIELD_ROW_ADDR(struct eve_flow, outside_src, "tunnel.src_ip"),
	FIELD_ROW_ADDR(struct eve_flow, outside_dst, "tunnel.dest_ip"),
	FIELD_ROW_TEXT(struct eve_flow, outside_proto, "tunnel.proto"),
	FIELD_ROW_COUNT(struct eve_flow, outside_depth, "tunnel.depth"),
	/* Ours. */
	FIELD_ROW_TEXT(struct eve_flow, conn_state, "naiad.conn_state"),
	FIELD_ROW_TEXT(struct eve_flow, history, "naiad.history"),
	FIELD_ROW_COUNT(struct eve_flow, orig_payload, "naiad.payload_toserver"),
	FIELD_ROW_COUNT(struct eve_flow, resp_payload, "naiad.payload_toclient"),
	FIELD_ROW_COUNT(struct eve_flow, missed_bytes, "naiad.missed_bytes"),
	FIELD_ROW_TEXT(struct eve_flow, outside_kind, "naiad.tunnel.kind"),
	FIELD_ROW_COUNT(struct eve_flow, outside_id, "naiad.tunnel.id"),
	FIELD_ROW_TEXTS(struct eve_flow, outside_uids, "naiad.tunnel.uids", ""),
	FIELD_ROW_TEXT(struct eve_flow, label, "naiad.label"),
	FIELD_END,
};

static uint64_t
count_or(uint64_t count, uint64_t otherwise)
{
	return count == TRANSACTION_UNSET ? otherwise : count;
}

static uint8_t
flags_of(const char *text)
{
	return text == NULL ? 0 : (uint8_t)strtoul(text, NULL, 16);
}

static bool
is_word(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

static enum conn_state
state_of(const struct eve_flow *v, const struct obs_flow *f)
{
	bool is_answered = f->resp_total.packets > 0;
	const struct flow_sent orig = { f->orig_total.packets, 0, flags_of(v->orig_flags) };
	const struct flow_sent resp = { f->resp_total.packets, 0, flags_of(v->resp_flags) };
	enum conn_state named;

	if (v->conn_state != NULL && conn_state_of_name(v->conn_state, &named))
		return named;
	if (flow_key_is_icmp(f->ip_proto))
		return CONN_OTH;
	if (f->ip_proto != IPPROTO_TCP)
		return is_answered ? CONN_SF : CONN_S0;
	if ((orig.tcp_flags | resp.tcp_flags) != 0)
		return flow_words_tcp_state(&orig, &resp, /* both_are_seen= */ true);
	if (is_word(v->state, "new") || !is_answered)
		return CONN_S0;
	return is_word(v->state, "established") ? CONN_S1 : CONN_OTH;
}

/*
 * Did the two sides really talk? As Slips 0.7.0 has it by Suricata's word alone (behaviour §4.4); else by what is
 * known of TCP, and by the word where nothing is.
 */
static bool
is_established(const struct input_stream *s, const struct eve_flow *v, const struct obs_flow *f)
{
	bool has_flags = v->orig_flags != NULL && v->resp_flags != NULL;

	if (s->plan->file_order)
		return is_word(v->state, "new") || is_word(v->state, "established");
	if (v->conn_state != NULL || f->ip_proto != IPPROTO_TCP)
		return conn_state_established(
			f->state, f->orig_total.packets + f->resp_total.packets);
	if (!has_flags)
		return is_word(v->state, "established");
	return (flags_of(v->orig_flags) & flags_of(v->resp_flags) & TCP_SYN) != 0 &&
	       (flags_of(v->orig_flags) & flags_of(v->resp_flags) & TCP_ACK) != 0;
}

static enum flow_end_reason
ended_of(const struct eve_flow *v)
{
	if (is_word(v->reason, "timeout") && is_word(v->state, "closed"))
		return FLOW_END_CLOSED; /* Suricata keeps it a while */
	for (enum flow_end_reason r = FLOW_END_CLOSED; r < FLOW_END_REASON_COUNT; r++)
		if (is_word(v->reason, flow_end_reason_name(r)))
			return r;
	return FLOW_END_TIMEOUT;
}

/* Zeek's names, which ours are, where Suricata has others. */
static const char *
service_of(const char *app_proto)
{
	static const char *const names[][2] = { { "tls", "ssl" }, { "krb5", "krb" },
		{ "dcerpc", "dce_rpc" }, { "failed", "" }, { "unknown", "" } };

	if (app_proto == NULL)
		return "";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(app_proto, names[i][0]) == 0)
			return names[i][1];
	return app_proto;
}

/* As Zeek has them: a type and what answers it, or a type and its code. */
static void
fill_icmp(struct obs_flow *f, const struct eve_flow *v)
{
	uint64_t type = count_or(v->icmp_type, 0);
	int answer = flow_key_icmp_answer(f->ip_proto, (uint8_t)type);

	f->orig_port = (uint16_t)type;
	f->resp_port = (uint16_t)(answer < 0 ? count_or(v->icmp_code, 0)
					     : count_or(v->response_icmp_type, (uint64_t)answer));
}

static void
fill_macs(struct obs_flow *f, const struct eve_flow *v)
{
	const char *orig = v->orig_macs.count > 0 ? v->orig_macs.at[0] : v->orig_mac;
	const char *resp = v->resp_macs.count > 0 ? v->resp_macs.at[0] : v->resp_mac;

	f->has_macs = orig != NULL && resp != NULL && mac_parse(orig, &f->orig_mac) &&
		      mac_parse(resp, &f->resp_mac);
}

static uint16_t
vlan_of(const struct text_list *vlans, size_t i)
{
	uint64_t number = 0;

	if (i < vlans->count)
		(void)number_text_count(vlans->at[i], strlen(vlans->at[i]), &number);
	return (uint16_t)number;
}

static enum tunnel_kind
outside_kind(const struct eve_flow *v, uint8_t ip_proto)
{
	if (v->outside_kind != NULL)
		for (enum tunnel_kind k = 0; k < TUNNEL_KIND_COUNT; k++)
			if (strcmp(tunnel_name(k), v->outside_kind) == 0)
				return k;
	return ip_proto == IPPROTO_GRE ? TUNNEL_GRE : TUNNEL_IP;
}

static void
fill_outside(struct input_stream *s, const struct eve_flow *v, struct obs_flow *f)
{
	struct obs_outside *o = &eve_of(s)->kept.outside;

	if (v->outside_proto == NULL)
		return;
	*o = (struct obs_outside){
		.depth = (uint8_t)count_or(v->outside_depth, 1),
		.id = (uint32_t)count_or(v->outside_id, 0),
		.src = v->outside_src,
		.dst = v->outside_dst,
	};
	(void)ip_proto_word(v->outside_proto, strlen(v->outside_proto), &o->ip_proto);
	o->kind = outside_kind(v, o->ip_proto);
	for (size_t i = 0; i < v->outside_uids.count && i < 2; i++)
		input_item_text(o->uids[i].text, sizeof(o->uids[i].text), v->outside_uids.at[i]);
	f->outside = o;
}

static void
fill_side(struct flow_side *side, uint64_t packets, uint64_t bytes, uint64_t payload)
{
	side->packets = count_or(packets, 0);
	side->ip_bytes = count_or(bytes, 0);
	side->payload_bytes = count_or(payload, side->ip_bytes);
}

static void
fill_flow(struct input_stream *s, const struct eve_flow *v, struct input_item *item)
{
	struct obs_flow *f = &item->flow;

	input_item_ends(item);
	if (flow_key_is_icmp(f->ip_proto))
		fill_icmp(f, v);
	fill_macs(f, v);
	f->vlan = vlan_of(&v->vlans, 0);
	f->inner_vlan = vlan_of(&v->vlans, 1);
	f->start_ns = v->start_ns;
	f->last_ns = v->end_ns > v->start_ns ? v->end_ns : v->start_ns;
	fill_side(&f->orig_total, v->orig_packets, v->orig_bytes, v->orig_payload);
	fill_side(&f->resp_total, v->resp_packets, v->resp_bytes, v->resp_payload);
	f->resp_total.missed_bytes = count_or(v->missed_bytes, 0); /* of both sides, as Zeek's */
	f->state = state_of(v, f);
	f->ended = ended_of(v);
	f->established = is_established(s, v, f);
	input_item_text(item->history, sizeof(item->history), v->history);
	f->flipped = strchr(item->history, '^') != NULL;
	input_item_text(item->service, sizeof(item->service), service_of(v->app_proto));
	/* Ours are silent of a service that there is not; who tells a history saw what was said. */
	f->service_known = v->app_proto != NULL || item->history[0] != '\0';
	input_item_text(item->label, sizeof(item->label), v->label);
	fill_outside(s, v, f);
}

static int
tell_flow(struct input_stream *s)
{
	const struct eve_flow *v = eve_beside(s);
	struct input_item *item = &s->items[0];
	int r = eve_talk(s, /* turned= */ false);

	if (r < 0)
		return r;
	if (v->start_ns == 0)
		return eve_bad(s, "flow.start", NULL, "time");
	fill_flow(s, v, item);
	input_item_flow(item);
	item->key_ns = item->flow.last_ns;
	return 1;
}

const struct eve_reader eve_reader_flow = {
	.type = "flow",
	.beside = fields,
	.beside_size = sizeof(struct eve_flow),
	.tell = tell_flow,
};
