/*
 * zeek_conn.c -- conn.log: a conversation that ended.
 *
 * Zeek writes neither duration nor bytes where all packets came at once: they are 0 then.
 */
#include "daemon/input/flow_id.h"
#include "daemon/input/ip_proto_word.h"
#include "daemon/input/zeek_other.h"
#include "daemon/input/zeek_state.h"

#include <netinet/in.h>
#include <string.h>

const struct transaction_field zeek_conn_fields[] = {
	FIELD_ROW_ENUM(struct zeek_conn, proto, "proto"),
	FIELD_ROW_TEXT(struct zeek_conn, service, "service"),
	FIELD_ROW_INTERVAL(struct zeek_conn, duration_ns, "duration"),
	FIELD_ROW_COUNT(struct zeek_conn, orig_bytes, "orig_bytes"),
	FIELD_ROW_COUNT(struct zeek_conn, resp_bytes, "resp_bytes"),
	FIELD_ROW_TEXT(struct zeek_conn, state, "conn_state"),
	FIELD_ROW_NEVER("local_orig", "bool"),
	FIELD_ROW_NEVER("local_resp", "bool"),
	FIELD_ROW_COUNT(struct zeek_conn, missed_bytes, "missed_bytes"),
	FIELD_ROW_TEXT(struct zeek_conn, history, "history"),
	FIELD_ROW_COUNT(struct zeek_conn, orig_packets, "orig_pkts"),
	FIELD_ROW_COUNT(struct zeek_conn, orig_ip_bytes, "orig_ip_bytes"),
	FIELD_ROW_COUNT(struct zeek_conn, resp_packets, "resp_pkts"),
	FIELD_ROW_COUNT(struct zeek_conn, resp_ip_bytes, "resp_ip_bytes"),
	FIELD_ROW_NEVER("tunnel_parents", "set[string]"),
	FIELD_ROW_COUNT(struct zeek_conn, ip_proto, "ip_proto"),
	FIELD_ROW_TEXT(struct zeek_conn, orig_mac, "orig_l2_addr"),
	FIELD_ROW_TEXT(struct zeek_conn, resp_mac, "resp_l2_addr"),
	FIELD_ROW_COUNT(struct zeek_conn, vlan, "vlan"),
	FIELD_ROW_COUNT(struct zeek_conn, inner_vlan, "inner_vlan"),
	FIELD_END,
};

static uint64_t
count_of(uint64_t value)
{
	return value == TRANSACTION_UNSET ? 0 : value;
}

static uint16_t
vlan_of(uint64_t value)
{
	return value <= 4095 ? (uint16_t)value : 0;
}

static uint8_t
ip_proto_of(const struct zeek_conn *c, const struct addr *orig)
{
	if (c->ip_proto <= UINT8_MAX)
		return (uint8_t)c->ip_proto;
	uint8_t number;
	if (c->proto == NULL || !ip_proto_word(c->proto, strlen(c->proto), &number))
		return 0; /* "unknown_transport" */
	return number == IPPROTO_ICMP && !addr_is_v4(orig) ? IPPROTO_ICMPV6 : number;
}

/* What has no state, or one that nobody knows, was never established (behaviour §4.4). */
static void
set_state(struct obs_flow *f, const char *text)
{
	uint64_t packets = f->orig_total.packets + f->resp_total.packets;

	f->state = CONN_OTH;
	if (text != NULL && conn_state_of_name(text, &f->state))
		f->established = conn_state_established(f->state, packets);
}

/* Zeek does not say why a conversation ended: nothing was closed in these states. */
static enum flow_end_reason
end_of(enum conn_state s)
{
	return s == CONN_S0 || s == CONN_S1 || s == CONN_OTH ? FLOW_END_TIMEOUT : FLOW_END_CLOSED;
}

static void
set_sides(struct obs_flow *f, const struct zeek_conn *c)
{
	f->orig_total = (struct flow_side){
		.packets = count_of(c->orig_packets),
		.ip_bytes = count_of(c->orig_ip_bytes),
		.payload_bytes = count_of(c->orig_bytes),
	};
	f->resp_total = (struct flow_side){
		.packets = count_of(c->resp_packets),
		.ip_bytes = count_of(c->resp_ip_bytes),
		.payload_bytes = count_of(c->resp_bytes),
		/* Of both sides: nobody asks whose. */
		.missed_bytes = count_of(c->missed_bytes),
	};
}

static void
set_macs(struct obs_flow *f, const struct zeek_conn *c)
{
	bool orig = c->orig_mac != NULL && mac_parse(c->orig_mac, &f->orig_mac);
	bool resp = c->resp_mac != NULL && mac_parse(c->resp_mac, &f->resp_mac);

	f->has_macs = orig || resp;
}

/* "Malicious" and "PartOfAHorizontalPortScan" are "Malicious/PartOfAHorizontalPortScan". */
static void
set_label(char *to, size_t room, const char *label, const char *detail)
{
	bool both = label != NULL && label[0] != '\0' && detail != NULL && detail[0] != '\0';

	input_item_text(to, room, label);
	size_t length = strlen(to);
	if (both && length + 1 < room)
		to[length++] = '/';
	input_item_text(to + length, room - length, detail);
}

/* IoT-23's last column is "-   Malicious   PartOfAHorizontalPortScan": behind the parents, label and detail. */
static void
set_label_of_three(struct input_item *item, const char *column)
{
	char words[3][sizeof(item->label)] = { { 0 } };

	for (unsigned i = 0; i < 3; i++) {
		size_t length = strcspn(column, " ");
		size_t kept = length < sizeof(words[i]) ? length : sizeof(words[i]) - 1;

		if (strncmp(column, "-", length) != 0 && strncmp(column, "(empty)", length) != 0)
			memcpy(words[i], column, kept);
		column += length;
		column += strspn(column, " ");
	}
	set_label(item->label, sizeof(item->label), words[1], words[2]);
}

int
zeek_conn_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	const struct zeek_ends *ends = zeek_ends(z);
	const struct zeek_conn *c = (const void *)item->said.room.said;
	struct obs_flow *f = &item->flow;

	f->orig = ends->orig;
	f->resp = ends->resp;
	f->orig_port = ends->orig_port;
	f->resp_port = ends->resp_port;
	f->ip_proto = ip_proto_of(c, &ends->orig);
	f->start_ns = ends->ts_ns;
	f->last_ns = ends->ts_ns + count_of(c->duration_ns);
	set_sides(f, c);
	set_state(f, c->state);
	f->ended = end_of(f->state);
	set_macs(f, c);
	f->vlan = vlan_of(c->vlan);
	f->inner_vlan = vlan_of(c->inner_vlan);
	input_item_text(item->history, sizeof(item->history), c->history);
	f->flipped = strchr(item->history, '^') != NULL;
	input_item_text(item->service, sizeof(item->service), c->service);
	f->service_known = true;
	if (ends->parents_and_labels != NULL)
		set_label_of_three(item, ends->parents_and_labels);
	else if (ends->label != NULL || ends->detail != NULL)
		set_label(item->label, sizeof(item->label), ends->label, ends->detail);
	if (ends->uid != NULL && ends->uid[0] != '\0')
		flow_id_of_name(ends->uid, strlen(ends->uid), &f->uid, &f->id);
	else
		flow_id_of_ends(f, &f->uid, &f->id);
	input_item_flow(item);
	if (z->by_start && !s->in_any_order)
		item->key_ns = f->start_ns;
	return 1;
}
