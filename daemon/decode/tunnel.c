#include "daemon/decode/tunnel.h"

#include "daemon/base/hash.h"
#include "daemon/decode/tunnel_inside.h"

/* Of tunnel_chain, which keys of tables are made of: public, as those tables have a key of their own. */
static const struct hash_key chain_key = {
	{ UINT64_C(0x6e616961642d696e), UINT64_C(0x736964652d6f7574) },
};

static enum tunnel_verdict
ip_open(const struct packet *outer, struct tunnel_inside *in)
{
	(void)outer;
	in->content = INSIDE_IP;
	return TUNNEL_CARRIES;
}

static const struct {
	const char *name;
	tunnel_open_fn open;
} kinds[TUNNEL_KIND_COUNT] = {
	[TUNNEL_NONE] = { "", NULL },
	[TUNNEL_IP] = { "ip", ip_open },
	[TUNNEL_GRE] = { "gre", tunnel_gre_open },
	[TUNNEL_PPTP] = { "pptp", tunnel_gre_open },
	[TUNNEL_ERSPAN] = { "erspan", tunnel_gre_open },
	[TUNNEL_ETHERIP] = { "etherip", tunnel_etherip_open },
	[TUNNEL_MPLS] = { "mpls", tunnel_mpls_open },
	[TUNNEL_TEREDO] = { "teredo", tunnel_teredo_open },
	[TUNNEL_VXLAN] = { "vxlan", tunnel_vxlan_open },
	[TUNNEL_GENEVE] = { "geneve", tunnel_geneve_open },
	[TUNNEL_GTP] = { "gtpv1", tunnel_gtp_open },
	[TUNNEL_L2TP] = { "l2tp", tunnel_l2tp_open },
	[TUNNEL_TZSP] = { "tzsp", tunnel_tzsp_open },
	[TUNNEL_CAPWAP] = { "capwap", tunnel_capwap_open },
	[TUNNEL_AYIYA] = { "ayiya", tunnel_ayiya_open },
};

const char *
tunnel_name(enum tunnel_kind kind)
{
	return kinds[kind].name;
}

/* Those whose sender's port is any (the hash of what is inside) are asked for by the port they go to. */
static enum tunnel_kind
kind_of_port(uint16_t port, bool is_dst)
{
	switch (port) {
	case 1701:
		return TUNNEL_L2TP;
	case 2152:
		return TUNNEL_GTP;
	case 4789: /* IANA's */
	case 4790: /* VXLAN-GPE */
	case 8472: /* Linux, before IANA's */
		return is_dst ? TUNNEL_VXLAN : TUNNEL_NONE;
	case 5247: /* of the controller: access points use any */
		return TUNNEL_CAPWAP;
	case 5072:
		return TUNNEL_AYIYA;
	case 6081:
		return is_dst ? TUNNEL_GENEVE : TUNNEL_NONE;
	case 6635:
		return is_dst ? TUNNEL_MPLS : TUNNEL_NONE;
	case 37008:
		return is_dst ? TUNNEL_TZSP : TUNNEL_NONE;
	default:
		return TUNNEL_NONE;
	}
}

static enum tunnel_kind
kind_of_udp(const struct packet *p)
{
	enum tunnel_kind kind = kind_of_port(p->dst_port, true);

	if (kind == TUNNEL_NONE)
		kind = kind_of_port(p->src_port, false);
	if (kind == TUNNEL_NONE && tunnel_teredo_fits(p))
		kind = TUNNEL_TEREDO;
	return kind;
}

enum tunnel_kind
tunnel_of(const struct packet *p)
{
	enum { UNFIT = ANOMALY_BIT(ANOMALY_FRAGMENT) | ANOMALY_BIT(ANOMALY_IP_SHORT) };

	if (p->kind != PACKET_IP || (p->anomalies & UNFIT) != 0)
		return TUNNEL_NONE;
	switch (p->ip_proto) {
	case IP_PROTO_UDP:
		return p->has_ports ? kind_of_udp(p) : TUNNEL_NONE;
	case IP_PROTO_IPIP:
	case IP_PROTO_IP6:
		return TUNNEL_IP;
	case IP_PROTO_GRE:
		return TUNNEL_GRE;
	case IP_PROTO_ETHERIP:
	case IP_PROTO_ETHERNET:
		return TUNNEL_ETHERIP;
	case IP_PROTO_MPLS:
		return TUNNEL_MPLS;
	default:
		return TUNNEL_NONE;
	}
}

bool
tunnel_is_ip(const struct part *rest, bool padded)
{
	enum { IP4_LEAST = 20, IP6_HEADER = 40 };
	struct cursor look = rest->bytes;
	uint32_t length = 0;

	switch (part_version(rest)) {
	case 4:
		if ((cursor_be16(&look) >> 8 & 0xf) * 4 < IP4_LEAST)
			return false;
		length = cursor_be16(&look);
		break;
	case 6:
		cursor_be32(&look);
		length = IP6_HEADER + cursor_be16(&look);
		break;
	default:
		return false;
	}
	if (look.short_read || length < IP4_LEAST)
		return false;
	return padded ? length <= part_bytes(rest) : length == part_bytes(rest);
}

static uint64_t
chain_of(const struct packet *outer, const struct tunnel_inside *in)
{
	uint64_t words[6] = { outer->tunnel_chain, (uint64_t)in->kind << 32 | in->id };

	memcpy(&words[2], outer->src.byte, sizeof(outer->src.byte));
	memcpy(&words[4], outer->dst.byte, sizeof(outer->dst.byte));
	return hash_words(&chain_key, words, sizeof(words) / sizeof(words[0]));
}

static void
inner_begin(const struct packet *outer, const struct tunnel_inside *in, struct packet *p)
{
	packet_clear(p);
	p->ts_ns = outer->ts_ns;
	p->interface = outer->interface;
	p->tunnel_depth = (uint8_t)(outer->tunnel_depth + 1);
	p->tunnel = (uint8_t)in->kind;
	p->tunnel_id = in->id;
	p->tunnel_chain = chain_of(outer, in);
}

static void
content_decode(struct tunnel_inside *in, struct packet *p)
{
	switch (in->content) {
	case INSIDE_IP:
		ip_decode(&in->rest, p);
		break;
	case INSIDE_ETHERNET:
		link_decode(LINK_ETHERNET, &in->rest, p);
		break;
	case INSIDE_WIFI:
		wifi_swapped_decode(&in->rest, p);
		break;
	case INSIDE_TYPE:
		ether_type_decode(in->ether_type, &in->rest, p);
		break;
	case INSIDE_PPP:
		ppp_decode(&in->rest, p);
		break;
	}
}

bool
tunnel_decode(const struct packet *outer, enum tunnel_kind kind, struct packet *ret_inner)
{
	struct tunnel_inside in = { .rest = part_of_payload(outer), .kind = kind };
	enum tunnel_verdict verdict = kinds[kind].open(outer, &in);

	if (verdict == TUNNEL_NOTHING)
		return false;
	inner_begin(outer, &in, ret_inner);
	if (verdict == TUNNEL_BROKEN)
		packet_note(ret_inner, ANOMALY_TUNNEL_HEADER);
	else if (outer->tunnel_depth >= TUNNEL_DEPTH_MAX)
		packet_note(ret_inner, ANOMALY_TUNNEL_DEPTH);
	else
		content_decode(&in, ret_inner);
	return true;
}
