/*
 * evasion_tunnels.c -- E5: markers in every form of tunnel, in tunnels in tunnels, with fragments on
 * either side; and decoys in what looks like a tunnel and is none.
 */
#include "tests/evasion/evasion_rig.h"
#include "tests/support/tunnel_build.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET_MAX = 4096, PROTO_IPIP = 4, PROTO_GRE = 47 };

static struct build
outside(void)
{
	return build_between("192.0.2.1", 40001, "192.0.2.2", 40002);
}

/* Put what is in `buf` into a tunnel, over link `l`. returns its length */
static size_t
wrap(uint8_t *buf, const char *form, enum build_link l, size_t bytes)
{
	struct build out = outside();
	uint8_t *inner = malloc(bytes);

	if (inner == NULL)
		abort();
	out.link = l;
	memcpy(inner, buf, bytes);
	bytes = tunnel_build(buf, &out, tunnel_form(form), inner, bytes);
	free(inner);
	return bytes;
}

/* The answer as a packet, or as the frame that this form carries. */
static size_t
answer(uint8_t *buf, const struct tunnel_form *f, const char *name)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = tunnel_form_takes(f, false) ? evasion_answer(message, name)
						     : evasion_answer6(message, name);

	b.link = f->inner == INNER_ETHERNET ? BUILD_ETHERNET : BUILD_RAW;
	return build_udp(buf, &b);
}

static void
deliver(struct evasion *v, const uint8_t *frame, size_t bytes)
{
	struct build b = outside();

	evasion_send_bytes(v, build_link_type(&b), frame, bytes);
}

static void
in_form(struct evasion *v, const void *argument)
{
	const struct tunnel_form *f = argument;
	uint8_t buf[PACKET_MAX];

	deliver(v, buf, wrap(buf, f->name, BUILD_ETHERNET, answer(buf, f, EVASION_MARKER)));
}

/* ---- tunnels in tunnels ---- */

/* Names of forms, the innermost first; each but the last is carried as a bare packet. */
static void
nested(struct evasion *v, const void *argument)
{
	const char *const *forms = argument;
	uint8_t buf[PACKET_MAX];
	size_t bytes = answer(buf, tunnel_form(forms[0]), EVASION_MARKER);

	for (; forms[0] != NULL; forms++) {
		bool is_frame = forms[1] == NULL || tunnel_form(forms[1])->inner == INNER_ETHERNET;
		bytes = wrap(buf, forms[0], is_frame ? BUILD_ETHERNET : BUILD_RAW, bytes);
	}
	deliver(v, buf, bytes);
}

#define FORMS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- fragments ---- */

/* One of the two halves of an IPv4 packet of `proto` from `b`, whose payload is cut at `at`. */
static size_t
half(uint8_t *ret_buf, const struct build *b, const uint8_t *payload, size_t bytes, size_t at,
	bool last)
{
	struct build part = *b;

	part.more_fragments = !last;
	part.fragment_offset = last ? (uint16_t)(at / 8) : 0;
	part.payload = last ? payload + at : payload;
	part.payload_bytes = last ? bytes - at : at;
	return build_ip(ret_buf, &part);
}

static struct build
carried(enum build_link l, uint8_t proto, uint16_t id)
{
	struct build b = build_between("10.0.0.53", 0, "10.0.0.7", 0);

	b.link = l;
	b.ip_proto = proto;
	b.ip_id = id;
	return b;
}

/* The answer as the payload of its IP packet: from UDP's header on. */
static size_t
datagram(uint8_t *buf, const char *name)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer(message, name);

	b.link = BUILD_RAW;
	size_t bytes = build_udp(buf, &b) - 20;
	memmove(buf, buf + 20, bytes);
	return bytes;
}

/* A whole IP packet in fragments of its own tunnel's packets: the outside is put together first. */
static void
fragments_outside(struct evasion *v, const void *argument)
{
	uint8_t inner[PACKET_MAX];
	uint8_t frame[PACKET_MAX];
	struct build b = carried(BUILD_ETHERNET, PROTO_IPIP, 7);
	size_t bytes = answer(inner, tunnel_form("4in"), EVASION_MARKER);
	bool backwards = argument != NULL;

	deliver(v, frame, half(frame, &b, inner, bytes, 32, backwards));
	deliver(v, frame, half(frame, &b, inner, bytes, 32, !backwards));
}

/* Fragments that travel one by one, each whole in a packet of the tunnel. */
static void
fragments_inside(struct evasion *v, const void *argument)
{
	const char *const *forms = argument; /* for the first half, and for the last */
	uint8_t payload[PACKET_MAX];
	uint8_t buf[PACKET_MAX];
	struct build b = carried(BUILD_RAW, IPPROTO_UDP, 9);
	size_t bytes = datagram(payload, EVASION_MARKER);

	for (unsigned i = 0; i < 2; i++) {
		b.link =
			tunnel_form(forms[i])->inner == INNER_ETHERNET ? BUILD_ETHERNET : BUILD_RAW;
		size_t part = half(buf, &b, payload, bytes, 24, i == 1);
		deliver(v, buf, wrap(buf, forms[i], BUILD_ETHERNET, part));
	}
}

/* Halves of the answer, each in IP in IP that comes in two halves itself. */
static void
fragments_of_fragments(struct evasion *v, const void *argument)
{
	uint8_t payload[PACKET_MAX];
	uint8_t part[PACKET_MAX];
	uint8_t frame[PACKET_MAX];
	struct build in = carried(BUILD_RAW, IPPROTO_UDP, 11);
	size_t bytes = datagram(payload, EVASION_MARKER);

	(void)argument;
	for (unsigned i = 0; i < 2; i++) {
		struct build out = carried(BUILD_ETHERNET, PROTO_IPIP, (uint16_t)(20 + i));
		size_t length = half(part, &in, payload, bytes, 40, i == 1);
		for (unsigned k = 0; k < 2; k++)
			deliver(v, frame, half(frame, &out, part, length, 32, k == 1));
	}
}

/* ---- decoys ---- */

/* A decoy behind a head that no receiver takes for a tunnel, then the marker in the open. */
struct decoy {
	uint8_t ip_proto;
	uint16_t port;
	const char *head;
	size_t head_bytes;
	enum tunnel_inner inner;
};

static void
decoyed(struct evasion *v, const void *argument)
{
	const struct decoy *d = argument;
	const struct tunnel_form form = { .name = "none",
		.inner = d->inner,
		.ip_proto = d->ip_proto,
		.port = d->port,
		.head = d->head,
		.head_bytes = d->head_bytes };
	uint8_t message[EVASION_MESSAGE_MAX];
	uint8_t inner[PACKET_MAX];
	uint8_t frame[PACKET_MAX];
	struct build out = outside();
	struct build b = evasion_answer(message, EVASION_MARKER);

	size_t bytes = answer(inner, &form, EVASION_DECOY);
	deliver(v, frame, tunnel_build(frame, &out, &form, inner, bytes));
	evasion_send(v, build_udp, &b);
}

#define DECOY(proto_, port_, inner_, head_) \
	(&(const struct decoy){ (proto_), (port_), (head_), sizeof(head_) - 1, (inner_) })

static const struct evasion_case cases[] = {
	{ "VXLAN in Geneve", nested, FORMS("vxlan", "geneve_ip"), .expected = "found" },
	{ "GTP in GRE in VXLAN", nested, FORMS("gtp", "gre4", "vxlan"), .expected = "found" },
	{ "Teredo in GTP in 4in4 in L2TP", nested, FORMS("teredo", "gtp", "4in", "l2tp"),
		.expected = "found" },
	{ "four of IP in IP", nested, FORMS("4in", "4in", "4in", "4in"), .expected = "found" },
	{ "five of IP in IP: more than anybody follows", nested,
		FORMS("4in", "4in", "4in", "4in", "4in"), .expected = "reported: too_deep" },
	{ "ERSPAN in VXLAN in ERSPAN", nested, FORMS("erspan2", "vxlan", "erspan3"),
		.expected = "found" },
	{ "IP in IP, the outside in two fragments", fragments_outside, NULL, .expected = "found" },
	{ "IP in IP, the outside in two fragments, last first", fragments_outside, "",
		.expected = "found" },
	{ "two fragments, each in GRE", fragments_inside, FORMS("gre4", "gre4"),
		.expected = "found" },
	{ "two fragments, each in VXLAN", fragments_inside, FORMS("vxlan", "vxlan"),
		.expected = "found" },
	{ "two fragments in two tunnels are of two networks", fragments_inside,
		FORMS("vxlan", "vxlan_linux"), .expected = "nothing" },
	{ "two fragments, each in two fragments", fragments_of_fragments, NULL,
		.expected = "found" },
	{ "decoy: VXLAN without its bit", decoyed,
		DECOY(IPPROTO_UDP, 4789, INNER_ETHERNET, "\0\0\0\0\0\0\x01\0"),
		.expected = "found" },
	{ "decoy: Geneve of version 1", decoyed,
		DECOY(IPPROTO_UDP, 6081, INNER_IP4, "\x40\0\x08\0\0\0\x01\0"),
		.expected = "found" },
	{ "decoy: a control message of GTP", decoyed,
		DECOY(IPPROTO_UDP, 2152, INNER_IP, "\x30\x1a\0\x60\0\0\0\x01"),
		.expected = "found" },
	{ "decoy: GTP'", decoyed, DECOY(IPPROTO_UDP, 2152, INNER_IP, "\x20\xff\0\x60\0\0\0\x01"),
		.expected = "found" },
	{ "decoy: a control message of L2TP", decoyed,
		DECOY(IPPROTO_UDP, 1701, INNER_IP4, "\x80\x02\0\x05\0\x06\0\x21"),
		.expected = "found" },
	{ "decoy: GRE with source routing", decoyed,
		DECOY(PROTO_GRE, 0, INNER_IP4, "\x40\0\x08\0\0\0\0\0"), .expected = "found" },
	{ "decoy: GRE of version 2", decoyed, DECOY(PROTO_GRE, 0, INNER_IP4, "\0\x02\x08\0"),
		.expected = "found" },
	{ "decoy: VXLAN's form on another port", decoyed,
		DECOY(IPPROTO_UDP, 4788, INNER_ETHERNET, "\x08\0\0\0\0\0\x01\0"),
		.expected = "found" },
	{ "decoy: IPv6 in UDP that is not Teredo's", decoyed,
		DECOY(IPPROTO_UDP, 9999, INNER_IP6, ""), .expected = "found" },
};

int
main(void)
{
	struct evasion_set set = { .name = "tunnels" };

	for (size_t i = 0; i < tunnel_form_count; i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "in %s", tunnel_forms[i].name);
		evasion_play(&set,
			&(const struct evasion_case){ .name = name,
				.play = in_form,
				.argument = &tunnel_forms[i],
				.expected = "found" },
			1);
	}
	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
