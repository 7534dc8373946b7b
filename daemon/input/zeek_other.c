/* zeek_other.c -- arp.log, tunnel.log and weird.log. */
#include "daemon/input/zeek_other.h"

#include "daemon/input/zeek_state.h"

#include <netinet/in.h>
#include <string.h>

const struct transaction_field zeek_arp_fields[] = {
	FIELD_ROW_TEXT(struct zeek_arp, operation, "operation"),
	FIELD_ROW_TEXT(struct zeek_arp, eth_src, "src_mac"),
	FIELD_ROW_TEXT(struct zeek_arp, eth_dst, "dst_mac"),
	FIELD_ROW_ADDR(struct zeek_arp, sender, "orig_h"),
	FIELD_ROW_ADDR(struct zeek_arp, target, "resp_h"),
	FIELD_ROW_TEXT(struct zeek_arp, sender_mac, "orig_hw"),
	FIELD_ROW_TEXT(struct zeek_arp, target_mac, "resp_hw"),
	FIELD_END,
};

const struct transaction_field zeek_tunnel_fields[] = {
	FIELD_ROW_ENUM(struct zeek_tunnel, type, "tunnel_type"),
	FIELD_ROW_ENUM(struct zeek_tunnel, action, "action"),
	FIELD_END,
};

const struct transaction_field zeek_weird_fields[] = {
	FIELD_ROW_TEXT(struct zeek_weird, name, "name"),
	FIELD_ROW_TEXT(struct zeek_weird, addl, "addl"),
	FIELD_ROW_TRUTH(struct zeek_weird, notice, "notice"),
	FIELD_ROW_TEXT(struct zeek_weird, peer, "peer"),
	FIELD_ROW_TEXT(struct zeek_weird, source, "source"),
	FIELD_END,
};

static bool
set_mac(const char *text, struct mac *ret_mac)
{
	return text == NULL || mac_parse(text, ret_mac);
}

static int
bad(struct input_stream *s, const char *column, const char *text, const char *expected)
{
	struct text_view value = { text == NULL ? "" : text, text == NULL ? 0 : strlen(text) };

	return input_stream_bad(s, column, value, expected);
}

int
zeek_arp_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	const struct zeek_arp *said = (const void *)item->said.room.said;
	struct obs_arp *a = &item->arp;

	if (said->operation == NULL)
		return bad(s, "operation", NULL, "request or reply");
	if (strcmp(said->operation, "request") == 0)
		a->operation = 1;
	else if (strcmp(said->operation, "reply") == 0)
		a->operation = 2;
	else
		return 0;
	if (!set_mac(said->eth_src, &a->eth_src))
		return bad(s, "src_mac", said->eth_src, "hardware address");
	if (!set_mac(said->eth_dst, &a->eth_dst))
		return bad(s, "dst_mac", said->eth_dst, "hardware address");
	if (!set_mac(said->sender_mac, &a->sender_mac))
		return bad(s, "orig_hw", said->sender_mac, "hardware address");
	if (!set_mac(said->target_mac, &a->target_mac))
		return bad(s, "resp_hw", said->target_mac, "hardware address");
	a->sender = said->sender;
	a->target = said->target;
	item->o = (struct observation){ .kind = OBS_ARP, .ts_ns = zeek_ends(z)->ts_ns, .arp = a };
	return 1;
}

/* Zeek's names, and after them those that we write for what Zeek does not follow. */
static const struct {
	const char *name;
	enum tunnel_kind kind;
	uint8_t ip_proto; /* of the packets outside */
} tunnels[] = {
	{ "Tunnel::GRE", TUNNEL_GRE, IPPROTO_GRE },
	{ "Tunnel::IP", TUNNEL_IP, IPPROTO_IPIP },
	{ "Tunnel::TEREDO", TUNNEL_TEREDO, IPPROTO_UDP },
	{ "Tunnel::VXLAN", TUNNEL_VXLAN, IPPROTO_UDP },
	{ "Tunnel::GENEVE", TUNNEL_GENEVE, IPPROTO_UDP },
	{ "Tunnel::GTPv1", TUNNEL_GTP, IPPROTO_UDP },
	{ "Tunnel::AYIYA", TUNNEL_AYIYA, IPPROTO_UDP },
	{ "Tunnel::ETHERIP", TUNNEL_ETHERIP, 97 },
	{ "Tunnel::MPLS", TUNNEL_MPLS, IPPROTO_MPLS },
	{ "Tunnel::L2TP", TUNNEL_L2TP, IPPROTO_UDP },
	{ "Tunnel::TZSP", TUNNEL_TZSP, IPPROTO_UDP },
	{ "Tunnel::CAPWAP", TUNNEL_CAPWAP, IPPROTO_UDP },
};

int
zeek_tunnel_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	const struct zeek_tunnel *said = (const void *)item->said.room.said;
	const char *type = said->type == NULL ? "" : said->type;
	struct obs_flow *f = &item->flow;
	size_t i = 0;

	while (i < sizeof(tunnels) / sizeof(tunnels[0]) && strcmp(tunnels[i].name, type) != 0)
		i++;
	if (i == sizeof(tunnels) / sizeof(tunnels[0])) {
		s->unknown++; /* HTTP, SOCKS: a proxy is told as such */
		return 0;
	}
	zeek_talk(z, item, tunnels[i].ip_proto);
	*f = (struct obs_flow){
		.id = item->talk.id,
		.uid = item->talk.uid,
		.orig = item->talk.orig,
		.resp = item->talk.resp,
		.orig_port = item->talk.orig_port,
		.resp_port = item->talk.resp_port,
		.ip_proto = item->talk.ip_proto,
		.start_ns = zeek_ends(z)->ts_ns,
		.last_ns = zeek_ends(z)->ts_ns,
		.state = CONN_OTH,
	};
	input_item_flow(item);
	item->tunnel = (struct obs_tunnel){
		.kind = tunnels[i].kind,
		/* CLOSE, or EXPIRE */
		.closed = said->action != NULL && strcmp(said->action, "Tunnel::DISCOVER") != 0,
		.flow = f,
	};
	item->o = (struct observation){
		.kind = OBS_TUNNEL, .ts_ns = f->last_ns, .tunnel = &item->tunnel
	};
	return 1;
}

/* Zeek's names of what we have a name of our own for. Source: its base/frameworks/notice/weird. */
static const struct {
	const char *name;
	enum weird kind;
} zeek_weirds[] = {
	{ "fragment_inconsistency", WEIRD_FRAGMENT_DIFFERENT },
	{ "fragment_size_inconsistency", WEIRD_FRAGMENT_END },
	{ "excessively_large_fragment", WEIRD_FRAGMENT_OVERSIZE },
	{ "excessively_small_fragment", WEIRD_FRAGMENT_TINY },
	{ "exceeded_tunnel_max_depth", WEIRD_TOO_DEEP },
	{ "SYN_inside_connection", WEIRD_STREAM_SYN },
	{ "SYN_with_data", WEIRD_STREAM_SYN_DATA },
	{ "data_after_reset", WEIRD_STREAM_AFTER_RESET },
	{ "DNS_label_too_long", WEIRD_DNS_LABEL },
	{ "DNS_label_forward_compress_offset", WEIRD_DNS_POINTER },
	{ "DNS_NAME_too_long", WEIRD_DNS_NAME },
};

/* returns WEIRD_COUNT: no name of it */
static enum weird
weird_of(const char *name)
{
	for (size_t i = 0; i < sizeof(zeek_weirds) / sizeof(zeek_weirds[0]); i++)
		if (strcmp(zeek_weirds[i].name, name) == 0)
			return zeek_weirds[i].kind;
	enum weird w = (enum weird)0;
	while (w < WEIRD_COUNT && strcmp(weird_name(w), name) != 0)
		w++;
	return w;
}

int
zeek_weird_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	const struct zeek_weird *said = (const void *)item->said.room.said;
	enum weird kind = weird_of(said->name == NULL ? "" : said->name);

	if (kind == WEIRD_COUNT) {
		s->unknown++;
		return 0;
	}
	zeek_talk(z, item, 0);
	item->weird = (struct obs_weird){
		.kind = kind,
		.src = item->talk.orig,
		.dst = item->talk.resp,
		.src_port = item->talk.orig_port,
		.dst_port = item->talk.resp_port,
		.ip_proto = item->talk.ip_proto,
		.id = item->talk.id,
		.uid = item->talk.uid,
	};
	item->o = (struct observation){
		.kind = OBS_WEIRD, .ts_ns = zeek_ends(z)->ts_ns, .weird = &item->weird
	};
	return 1;
}
