/*
 * tunnel_gre.c -- GRE and what IP carries without ports: EtherIP, MPLS.
 *
 * Version 0 has up to three optional words, by flags; source routing was taken back (RFC 2784) and is
 * refused. Version 1 is PPTP's: PPP, numbered and acknowledged, with a call in the key. ERSPAN is told
 * by GRE's protocol type, its first form by having no sequence number: there is no header at all then.
 */
#include "daemon/decode/tunnel_inside.h"

enum gre_flag {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080, /* version 1 */
	GRE_VERSION = 0x0007,
	GRE_RESERVED = 0x0f78, /* strict source route and recursion with it */
	GRE_RESERVED_V0 = GRE_RESERVED | GRE_ACK,
};

enum gre_type {
	GRE_KEEPALIVE = 0,
	GRE_ERSPAN_III = 0x22eb,
	GRE_BRIDGE = 0x6558, /* transparent Ethernet bridging */
	GRE_PPP = 0x880b,
	GRE_WCCP = 0x883e,
	GRE_ERSPAN = 0x88be, /* I and II */
};

enum {
	ERSPAN_SESSION_MASK = 0x3ff,
	ERSPAN_II_REST = 4,
	ERSPAN_III_REST = 6,
	ERSPAN_III_SUBHEADER = 8,
	ERSPAN_FRAME_ETHERNET = 0,
	ERSPAN_FRAME_IP = 2,
};

/* Version and VLAN, then class, flags and session begin both headers. returns the version */
static unsigned
erspan_begin(struct tunnel_inside *in)
{
	unsigned version = cursor_be16(&in->rest.bytes) >> 12;

	in->id = cursor_be16(&in->rest.bytes) & ERSPAN_SESSION_MASK;
	return version;
}

static enum tunnel_verdict
erspan2_open(struct tunnel_inside *in, bool has_header)
{
	in->kind = TUNNEL_ERSPAN;
	in->content = INSIDE_ETHERNET;
	if (!has_header) /* type I; a key, if there is one, is the id */
		return TUNNEL_CARRIES;
	unsigned version = erspan_begin(in);
	cursor_take(&in->rest.bytes, ERSPAN_II_REST);
	return version == 1 && !in->rest.bytes.short_read ? TUNNEL_CARRIES : TUNNEL_BROKEN;
}

static enum tunnel_verdict
erspan3_open(struct tunnel_inside *in)
{
	struct cursor *bytes = &in->rest.bytes;

	in->kind = TUNNEL_ERSPAN;
	unsigned version = erspan_begin(in);
	cursor_take(bytes, ERSPAN_III_REST); /* time stamp, security group */
	uint16_t flags = cursor_be16(bytes); /* P, frame type (5), hardware, direction, grain, O */
	if ((flags & 1) != 0)
		cursor_take(bytes, ERSPAN_III_SUBHEADER);
	unsigned frame = flags >> 10 & 0x1f;
	in->content = frame == ERSPAN_FRAME_IP ? INSIDE_IP : INSIDE_ETHERNET;
	if (version != 2 || bytes->short_read ||
		(frame != ERSPAN_FRAME_ETHERNET && frame != ERSPAN_FRAME_IP))
		return TUNNEL_BROKEN;
	return TUNNEL_CARRIES;
}

/* Version 2 of WCCP has a word before the packet, version 1 none: a packet begins with 4 or 6. */
static enum tunnel_verdict
wccp_open(struct tunnel_inside *in)
{
	if (part_version(&in->rest) != 4 && part_version(&in->rest) != 6)
		cursor_be32(&in->rest.bytes);
	in->content = INSIDE_IP;
	return TUNNEL_CARRIES;
}

/* Version 0, from behind flags and type. */
static enum tunnel_verdict
gre_open(uint16_t flags, uint16_t type, struct tunnel_inside *in)
{
	struct cursor *bytes = &in->rest.bytes;

	if ((flags & (GRE_ROUTING | GRE_RESERVED_V0)) != 0)
		return TUNNEL_BROKEN;
	if ((flags & GRE_CHECKSUM) != 0)
		cursor_be32(bytes);
	if ((flags & GRE_KEY) != 0)
		in->id = cursor_be32(bytes);
	if ((flags & GRE_SEQUENCE) != 0)
		cursor_be32(bytes);
	if (bytes->short_read)
		return TUNNEL_BROKEN;
	switch (type) {
	case GRE_KEEPALIVE:
		return TUNNEL_NOTHING;
	case GRE_BRIDGE:
		in->content = INSIDE_ETHERNET;
		return TUNNEL_CARRIES;
	case GRE_PPP:
		in->content = INSIDE_PPP;
		return TUNNEL_CARRIES;
	case GRE_WCCP:
		return wccp_open(in);
	case GRE_ERSPAN:
		return erspan2_open(in, (flags & GRE_SEQUENCE) != 0);
	case GRE_ERSPAN_III:
		return erspan3_open(in);
	default:
		in->content = INSIDE_TYPE;
		in->ether_type = type;
		return TUNNEL_CARRIES;
	}
}

/* RFC 2637 section 4.1: payload length and call stand where version 0 has its key. */
static enum tunnel_verdict
pptp_open(uint16_t flags, uint16_t type, struct tunnel_inside *in)
{
	struct cursor *bytes = &in->rest.bytes;

	in->kind = TUNNEL_PPTP;
	if (type != GRE_PPP || (flags & (GRE_CHECKSUM | GRE_ROUTING | GRE_RESERVED)) != 0 ||
		(flags & GRE_KEY) == 0)
		return TUNNEL_BROKEN;
	uint16_t length = cursor_be16(bytes);
	in->id = cursor_be16(bytes);
	if ((flags & GRE_SEQUENCE) != 0)
		cursor_be32(bytes);
	if ((flags & GRE_ACK) != 0)
		cursor_be32(bytes);
	if (bytes->short_read)
		return TUNNEL_BROKEN;
	if (length == 0 || (flags & GRE_SEQUENCE) == 0) /* an acknowledgement alone */
		return TUNNEL_NOTHING;
	part_bound(&in->rest, length);
	in->content = INSIDE_PPP;
	return TUNNEL_CARRIES;
}

enum tunnel_verdict
tunnel_gre_open(const struct packet *outer, struct tunnel_inside *in)
{
	uint16_t flags = cursor_be16(&in->rest.bytes);
	uint16_t type = cursor_be16(&in->rest.bytes);

	(void)outer;
	in->kind = TUNNEL_GRE;
	if (in->rest.bytes.short_read)
		return TUNNEL_BROKEN;
	switch (flags & GRE_VERSION) {
	case 0:
		return gre_open(flags, type, in);
	case 1:
		return pptp_open(flags, type, in);
	default:
		return TUNNEL_BROKEN;
	}
}

/* RFC 3378: a version before the frame. As the next header of IPv6 (143) there is nothing before it. */
enum tunnel_verdict
tunnel_etherip_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { ETHERIP_VERSION_3 = 0x3000 };

	in->content = INSIDE_ETHERNET;
	if (outer->ip_proto == IP_PROTO_ETHERNET)
		return TUNNEL_CARRIES;
	uint16_t version = cursor_be16(&in->rest.bytes);
	return version == ETHERIP_VERSION_3 ? TUNNEL_CARRIES : TUNNEL_BROKEN;
}

/* The label above the others names the tunnel. */
enum tunnel_verdict
tunnel_mpls_open(const struct packet *outer, struct tunnel_inside *in)
{
	struct cursor look = in->rest.bytes;

	(void)outer;
	in->id = cursor_be32(&look) >> 12;
	in->content = INSIDE_TYPE;
	in->ether_type = ETHER_MPLS;
	return TUNNEL_CARRIES;
}
