/* eve_arp.c -- Suricata's arp event: one message. */
#include "daemon/input/eve.h"

#include <string.h>

enum { ARP_REQUEST = 1, ARP_REPLY = 2 };

struct eve_arp {
	const char *opcode;
	const char *eth_src, *eth_dst;
	const char *sender_mac, *target_mac;
	struct addr sender, target;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_arp, opcode, "arp.opcode"),
	FIELD_ROW_TEXT(struct eve_arp, sender_mac, "arp.src_mac"),
	FIELD_ROW_ADDR(struct eve_arp, sender, "arp.src_ip"),
	FIELD_ROW_TEXT(struct eve_arp, target_mac, "arp.dest_mac"),
	FIELD_ROW_ADDR(struct eve_arp, target, "arp.dest_ip"),
	FIELD_ROW_TEXT(struct eve_arp, eth_src, "ether.src_mac"),
	FIELD_ROW_TEXT(struct eve_arp, eth_dst, "ether.dest_mac"),
	FIELD_END,
};

/* Without the frame's own, a request goes to everybody and a reply to its target. */
static bool
fill_macs(struct obs_arp *a, const struct eve_arp *v)
{
	static const struct mac everybody = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

	if (v->sender_mac == NULL || v->target_mac == NULL ||
		!mac_parse(v->sender_mac, &a->sender_mac) ||
		!mac_parse(v->target_mac, &a->target_mac))
		return false;
	if (v->eth_src == NULL || !mac_parse(v->eth_src, &a->eth_src))
		a->eth_src = a->sender_mac;
	if (v->eth_dst == NULL || !mac_parse(v->eth_dst, &a->eth_dst))
		a->eth_dst = a->operation == ARP_REQUEST ? everybody : a->target_mac;
	return true;
}

static int
tell_arp(struct input_stream *s)
{
	const struct eve_arp *v = eve_beside(s);
	struct input_item *item = &s->items[0];
	struct obs_arp *a = &item->arp;

	if (v->opcode == NULL ||
		(strcmp(v->opcode, "request") != 0 && strcmp(v->opcode, "reply") != 0))
		return input_stream_skip(s); /* of RARP and its kin */
	a->operation = strcmp(v->opcode, "request") == 0 ? ARP_REQUEST : ARP_REPLY;
	a->sender = v->sender;
	a->target = v->target;
	if (!fill_macs(a, v))
		return eve_bad(s, "arp", NULL, "message with hardware addresses");
	item->o.ts_ns = eve_head(s)->ts_ns;
	item->o.kind = OBS_ARP;
	item->o.arp = a;
	return 1;
}

const struct eve_reader eve_reader_arp = {
	.type = "arp",
	.beside = fields,
	.beside_size = sizeof(struct eve_arp),
	.tell = tell_arp,
};
