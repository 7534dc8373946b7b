/* tunnel_rig.h -- put a datagram into a tunnel, and see what comes out of it. */
#pragma once

#include "daemon/decode/tunnel.h"
#include "tests/support/decode_rig.h"
#include "tests/support/tunnel_build.h"

#include <string.h>

static inline struct build
rig_outside(bool six)
{
	struct build b = six ? build_between("2001:db8::1", 40001, "2001:db8::2", 40002)
			     : build_between("192.0.2.1", 40001, "192.0.2.2", 40002);

	b.vlan_count = 1;
	b.vlan[0] = 7;
	return b;
}

/* A DNS question's ends; a frame or a packet, as `f` wants it. */
static inline struct build
rig_inside(const struct tunnel_form *f, bool six)
{
	struct build b = six ? build_between("2001:db8:a::1", 5000, "fe80::9", 53)
			     : build_between("10.1.1.1", 5000, "10.2.2.2", 53);

	b.link = f->inner == INNER_ETHERNET ? BUILD_ETHERNET : BUILD_RAW;
	b.src_mac = build_mac("02:11:22:33:44:55");
	b.dst_mac = build_mac("02:66:77:88:99:aa");
	b.vlan_count = f->inner == INNER_ETHERNET ? 2 : 0;
	b.vlan[0] = 100;
	b.vlan[1] = 200;
	b.payload_bytes = 23;
	return b;
}

static inline size_t
rig_wrap(uint8_t *ret_buf, const struct tunnel_form *f, const struct build *out,
	const struct build *in)
{
	uint8_t frame[512];
	size_t bytes = build_udp(frame, in);

	return tunnel_build(ret_buf, out, f, frame, bytes);
}

/* Decode a frame and what is in it; `ret_outer` and `ret_inner` are good until the next call. */
static inline bool
rig_open_frame(const struct frame *f, struct packet *ret_outer, struct packet *ret_inner)
{
	*ret_outer = rig_decode(f);
	enum tunnel_kind kind = tunnel_of(ret_outer);

	memset(ret_inner, 0xa5, sizeof(*ret_inner)); /* nothing may show through */
	if (kind == TUNNEL_NONE || !tunnel_decode(ret_outer, kind, ret_inner))
		return false;
	return true;
}

static inline bool
rig_open_bytes(const struct build *out, const uint8_t *bytes, size_t len, struct packet *ret_inner)
{
	struct frame f = build_frame(out, bytes, len, 1000);
	struct packet outer;

	return rig_open_frame(&f, &outer, ret_inner);
}

/* What `head` and an IPv4 datagram behind it are, over `ip_proto` or to a UDP port. */
static inline bool
rig_open_head(uint8_t ip_proto, uint16_t port, const void *head, size_t head_bytes,
	struct packet *ret_inner)
{
	struct tunnel_form f = { .inner = INNER_IP,
		.ip_proto = ip_proto,
		.port = port,
		.head = head,
		.head_bytes = head_bytes };
	struct build out = rig_outside(false);
	struct build in = rig_inside(&f, false);
	uint8_t buf[1024];

	return rig_open_bytes(&out, buf, rig_wrap(buf, &f, &out, &in), ret_inner);
}

#define RIG_OPEN(proto_, port_, head_) \
	rig_open_head((proto_), (port_), (head_), sizeof(head_) - 1, &inner)
