/* evasion_links.c -- E5: markers below tags, labels and every link layer; in frames cut by the snap length. */
#include "tests/evasion/evasion_rig.h"

#include <string.h>

/* ---- links that packet_build knows ---- */

struct tags {
	enum build_link link;
	unsigned count;
	uint16_t tpid[BUILD_VLAN_MAX]; /* 0: 0x8100 */
	bool six;
};

static void
tagged(struct evasion *v, const void *argument)
{
	const struct tags *tags = argument;
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = tags->six ? evasion_answer6(message, EVASION_MARKER)
				   : evasion_answer(message, EVASION_MARKER);

	b.link = tags->link;
	b.vlan_count = (uint8_t)tags->count;
	for (unsigned i = 0; i < tags->count; i++) {
		b.vlan[i] = (uint16_t)(100 + i);
		b.vlan_tpid[i] = tags->tpid[i];
	}
	evasion_send(v, build_udp, &b);
}

#define TAGS(...) (&(const struct tags){ __VA_ARGS__ })

/* ---- what stands before the IP packet, as bytes ---- */

struct head {
	uint16_t link;
	const char *bytes;
	size_t count;
};

#define MACS                "\x02\0\0\0\0\x01\x02\0\0\0\0\x02"
#define HEAD(link_, bytes_) (&(const struct head){ (link_), (bytes_), sizeof(bytes_) - 1 })

enum { ETHERNET = 1, PPP = 9, WIFI = 105, RADIOTAP = 127 };

static void
headed(struct evasion *v, const void *argument)
{
	const struct head *head = argument;
	uint8_t message[EVASION_MESSAGE_MAX];
	uint8_t frame[1024];
	struct build b = evasion_answer(message, EVASION_MARKER);

	b.link = BUILD_RAW;
	memcpy(frame, head->bytes, head->count);
	evasion_send_bytes(v, head->link, frame, head->count + build_udp(frame + head->count, &b));
}

/* PPPoE says how long its packet is, so its length is put in. */
static void
in_pppoe(struct evasion *v, const void *argument)
{
	static const char pppoe[] = "\x11\0\0\x01\0\0\0\x21";
	const struct head *head = argument;
	uint8_t message[EVASION_MESSAGE_MAX];
	uint8_t frame[1024];
	struct build b = evasion_answer(message, EVASION_MARKER);
	uint8_t *at = frame + head->count;

	b.link = BUILD_RAW;
	memcpy(frame, head->bytes, head->count);
	memcpy(at, pppoe, sizeof(pppoe) - 1);
	size_t bytes = build_udp(at + sizeof(pppoe) - 1, &b);
	at[4] = (uint8_t)((bytes + 2) >> 8);
	at[5] = (uint8_t)(bytes + 2);
	evasion_send_bytes(v, head->link, frame, head->count + sizeof(pppoe) - 1 + bytes);
}

/* ---- frames of which the capture kept the beginning ---- */

static void
cut(struct evasion *v, const void *argument)
{
	const size_t *snap = argument;
	uint8_t message[EVASION_MESSAGE_MAX];
	uint8_t bytes[1024];
	struct build b = evasion_answer(message, EVASION_MARKER);
	struct frame f = build_frame(&b, bytes, build_udp(bytes, &b), v->now_ns);

	if (*snap < f.captured)
		f.captured = (uint32_t)*snap;
	engine_packets(v->rig->engine, &f, 1);
}

#define SNAP(bytes_) (&(const size_t){ (bytes_) })

static const struct evasion_case cases[] = {
	{ "one VLAN", tagged, TAGS(.count = 1), .expected = "found" },
	{ "VLAN x 3", tagged, TAGS(.count = 3), .expected = "found" },
	{ "VLAN x 4", tagged, TAGS(.count = 4), .expected = "found" },
	{ "VLAN x 5: more than anybody follows", tagged, TAGS(.count = 5),
		.expected = "reported: too_deep" },
	{ "QinQ", tagged, TAGS(.count = 2, .tpid = { 0x88a8 }), .expected = "found" },
	{ "QinQ before 802.1ad", tagged, TAGS(.count = 2, .tpid = { 0x9100 }),
		.expected = "found" },
	{ "QinQ, IPv6", tagged, TAGS(.count = 2, .tpid = { 0x88a8 }, .six = true),
		.expected = "found" },
	{ "802.3 with SNAP", tagged, TAGS(.link = BUILD_SNAP), .expected = "found" },
	{ "802.3 with SNAP in VLAN x 3", tagged, TAGS(.link = BUILD_SNAP, .count = 3),
		.expected = "found" },
	{ "Linux cooked v1", tagged, TAGS(.link = BUILD_SLL), .expected = "found" },
	{ "Linux cooked v1 with a VLAN", tagged, TAGS(.link = BUILD_SLL, .count = 1),
		.expected = "found" },
	{ "Linux cooked v2", tagged, TAGS(.link = BUILD_SLL2), .expected = "found" },
	{ "Linux cooked v2 with QinQ", tagged,
		TAGS(.link = BUILD_SLL2, .count = 2, .tpid = { 0x88a8 }), .expected = "found" },
	{ "bare IP", tagged, TAGS(.link = BUILD_RAW), .expected = "found" },
	{ "BSD loopback", tagged, TAGS(.link = BUILD_NULL), .expected = "found" },
	{ "BSD loopback of the other byte order", tagged, TAGS(.link = BUILD_NULL_SWAPPED),
		.expected = "found" },
	{ "MPLS", headed, HEAD(ETHERNET, MACS "\x88\x47\0\x01\x01\x40"), .expected = "found" },
	{ "MPLS x 3", headed, HEAD(ETHERNET, MACS "\x88\x47\0\x01\0\x40\0\x02\0\x40\0\x03\x01\x40"),
		.expected = "found" },
	{ "MPLS in a VLAN", headed, HEAD(ETHERNET, MACS "\x81\0\0\x07\x88\x47\0\x01\x01\x40"),
		.expected = "found" },
	{ "MPLS x 9: more than anybody follows", headed,
		HEAD(ETHERNET,
			MACS "\x88\x47\0\x01\0\x40\0\x01\0\x40\0\x01\0\x40\0\x01\0\x40\0\x01\0\x40"
			     "\0\x01\0\x40\0\x01\0\x40\0\x01\0\x40\0\x01\x01\x40"),
		.expected = "reported: too_deep" },
	{ "PPP", headed, HEAD(PPP, "\xff\x03\0\x21"), .expected = "found" },
	{ "PPP with one byte of protocol", headed, HEAD(PPP, "\x21"), .expected = "found" },
	{ "PPPoE", in_pppoe, HEAD(ETHERNET, MACS "\x88\x64"), .expected = "found" },
	{ "PPPoE in QinQ", in_pppoe, HEAD(ETHERNET, MACS "\x88\xa8\0\x07\x81\0\0\x08\x88\x64"),
		.expected = "found" },
	{ "802.11", headed,
		HEAD(WIFI, "\x08\x01\0\0" MACS "\x02\0\0\0\0\x03\0\0\xaa\xaa\x03\0\0\0\x08\0"),
		.expected = "found" },
	{ "802.11 behind radiotap, with QoS", headed,
		HEAD(RADIOTAP, "\0\0\x08\0\0\0\0\0\x88\x02\0\0" MACS
			       "\x02\0\0\0\0\x03\0\0\0\0\xaa\xaa\x03\0\0\0\x08\0"),
		.expected = "found" },
	/* The name itself is in the first 70 bytes, what it stands for in the first 90. */
	{ "snap length 64: the name is cut", cut, SNAP(64), .expected = "nothing" },
	{ "snap length 96", cut, SNAP(96), .expected = "found" },
};

int
main(void)
{
	struct evasion_set set = { .name = "links" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
