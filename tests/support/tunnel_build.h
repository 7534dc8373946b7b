/*
 * tunnel_build.h -- put a packet into a tunnel, in every form that is decoded; for tests.
 *
 *	struct build outer = build_between("192.0.2.1", 0, "192.0.2.2", 0);
 *	size_t n = tunnel_build(buf, &outer, tunnel_form("vxlan"), inner_frame, inner_bytes);
 */
#pragma once

#include "daemon/decode/tunnel_kind.h"
#include "tests/support/packet_build.h"

enum tunnel_inner {
	INNER_IP,  /* an IP packet of any version */
	INNER_IP4, /* the header says which */
	INNER_IP6,
	INNER_ETHERNET, /* a frame */
};

struct tunnel_form { /* NOLINT(clang-analyzer-optin.performance.Padding): columns of the table */
	const char *name;
	enum tunnel_kind kind; /* as it is told */
	enum tunnel_inner inner;
	uint8_t ip_proto; /* of the outside; IPPROTO_UDP with `port` */
	uint16_t port;    /* 0: any */
	uint32_t id;
	const char *head; /* what stands before the packet inside */
	size_t head_bytes;
	size_t length_at; /* where 16 bits of length stand in the head, if `has_length` */
	size_t length_counts_from;
	bool has_length;
};

/* All that there are. */
extern const struct tunnel_form tunnel_forms[];
extern const size_t tunnel_form_count;

/* The one of that name; fails the test when there is none. */
const struct tunnel_form *tunnel_form(const char *name);

/* Can a packet of this version be inside? */
bool tunnel_form_takes(const struct tunnel_form *f, bool six);

/*
 * Write the frame outside.
 *
 * outer    link, addresses, and its UDP source port; the rest is filled in
 * inside   a frame or an IP packet, as the form's `inner` wants it
 * returns  the frame's length
 */
size_t tunnel_build(uint8_t *ret_buf, const struct build *outer, const struct tunnel_form *f,
	const void *inside, size_t inside_bytes);
