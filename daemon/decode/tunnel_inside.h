/* tunnel_inside.h -- what the families of tunnels hand to tunnel.c; private to daemon/decode. */
#pragma once

#include "daemon/decode/layers.h"
#include "daemon/decode/tunnel_kind.h"

enum tunnel_content {
	INSIDE_IP,       /* by its version */
	INSIDE_ETHERNET, /* a frame without its checksum */
	INSIDE_WIFI,     /* an 802.11 frame without its checksum */
	INSIDE_TYPE,     /* what `ether_type` says */
	INSIDE_PPP,
};

/* The payload of the packet outside, shortened by the tunnel's own header. */
struct tunnel_inside {
	struct part rest;
	enum tunnel_kind kind;
	enum tunnel_content content;
	uint16_t ether_type; /* INSIDE_TYPE */
	uint32_t id;         /* VNI, key, TEID, session; 0 if the tunnel has none */
};

enum tunnel_verdict {
	TUNNEL_CARRIES,
	TUNNEL_NOTHING, /* no such tunnel, or no packet in it */
	TUNNEL_BROKEN,  /* it is one, and its header is not to be understood */
};

/*
 * Step over the tunnel's header: `rest` is what is inside then, and `content` says how to read it.
 * On a port that anybody may use, what has not the form is TUNNEL_NOTHING and never TUNNEL_BROKEN.
 */
typedef enum tunnel_verdict (*tunnel_open_fn)(const struct packet *outer, struct tunnel_inside *in);

enum tunnel_verdict tunnel_gre_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_etherip_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_mpls_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_teredo_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_vxlan_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_geneve_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_gtp_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_l2tp_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_tzsp_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_capwap_open(const struct packet *outer, struct tunnel_inside *in);
enum tunnel_verdict tunnel_ayiya_open(const struct packet *outer, struct tunnel_inside *in);

/* Has this payload the form of a Teredo packet, on whatever port? */
bool tunnel_teredo_fits(const struct packet *p);

/* All that a packet carries. */
static inline struct part
part_of_payload(const struct packet *p)
{
	return (struct part){ p->payload, p->payload_bytes - (uint32_t)cursor_left(&p->payload) };
}

/* The first four bits of what is left; 0 when nothing is. */
static inline unsigned
part_version(const struct part *rest)
{
	struct cursor look = rest->bytes;

	return cursor_u8(&look) >> 4;
}

/*
 * Does an IP packet begin here that says it is as long as what is left? `padded` allows what is left
 * to be more.
 */
bool tunnel_is_ip(const struct part *rest, bool padded);
