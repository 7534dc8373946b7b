/* packet_build_link.c -- the link layers of packet_build.h, written as naively as the rest. */
#include "tests/support/packet_build_link.h"

struct mac
mac_or_made(const struct mac *m, const struct addr *a)
{
	static const struct mac zero;

	if (!mac_equal(m, &zero))
		return *m;
	return (struct mac){ { 0x02, 0, a->byte[12], a->byte[13], a->byte[14], a->byte[15] } };
}

bool
build_is_ethernet(enum build_link l)
{
	return l == BUILD_ETHERNET || l == BUILD_SNAP || l >= BUILD_PBB;
}

uint16_t
build_link_type(const struct build *b)
{
	static const uint16_t types[BUILD_LINK_COUNT] = {
		[BUILD_RAW] = 101,
		[BUILD_IPV4] = 228,
		[BUILD_IPV6] = 229,
		[BUILD_NULL] = 0,
		[BUILD_NULL_SWAPPED] = 0,
		[BUILD_LOOP] = 108,
		[BUILD_SLL] = 113,
		[BUILD_SLL2] = 276,
		[BUILD_NFLOG] = 239,
		[BUILD_WIFI] = 105,
		[BUILD_WIFI_RELAY] = 105,
		[BUILD_RADIOTAP] = 127,
		[BUILD_AMSDU] = 105,
	};

	return build_is_ethernet(b->link) ? 1 : types[b->link];
}

static unsigned
tpid(const struct build *b, unsigned i)
{
	return b->vlan_tpid[i] != 0 ? b->vlan_tpid[i] : 0x8100;
}

static void
put_vlans(struct writer *w, const struct build *b)
{
	for (unsigned i = 0; i < b->vlan_count; i++) {
		put16(w, tpid(b, i));
		put16(w, b->vlan[i]);
	}
}

struct ends {
	struct mac src, dst;
};

static void
put_macs(struct writer *w, const struct ends *e)
{
	put_bytes(w, e->dst.byte, 6);
	put_bytes(w, e->src.byte, 6);
}

/* A frame of switches, from one that is nobody's to another, up to its type. */
static void
put_outer_frame(struct writer *w, const struct build *b, unsigned ether_type)
{
	put_bytes(w, "\x0e\xee\xee\xee\xee\x01\x0e\xee\xee\xee\xee\x02", 12);
	put_vlans(w, b);
	put16(w, ether_type);
}

static void
put_snap(struct writer *w, unsigned ether_type)
{
	put_bytes(w, "\xaa\xaa\x03\0\0\0", 6);
	put16(w, ether_type);
}

static void
put_cooked(struct writer *w, const struct build *b, const struct ends *e, unsigned ether_type)
{
	if (b->link == BUILD_SLL) {
		put16(w, 0); /* to us */
		put16(w, 1); /* ARPHRD_ETHER */
		put16(w, 6);
		put_bytes(w, e->src.byte, 6);
		put16(w, 0);
		put_vlans(w, b);
		put16(w, ether_type);
		return;
	}
	put16(w, b->vlan_count > 0 ? tpid(b, 0) : ether_type);
	put16(w, 0);
	put32(w, 3); /* interface index */
	put16(w, 1);
	put8(w, 0);
	put8(w, 6);
	put_bytes(w, e->src.byte, 6);
	put16(w, 0);
	for (unsigned i = 0; i < b->vlan_count; i++) { /* here the type comes after the tag */
		put16(w, b->vlan[i]);
		put16(w, i + 1 < b->vlan_count ? tpid(b, i + 1) : ether_type);
	}
}

static void
put_nflog(struct writer *w, const struct ends *e, unsigned ether_type)
{
	put32(w, ether_type == 0x86dd ? 0x0a000000 : 0x02000000);
	put_bytes(w, "\x08\0\x01\0", 4); /* packet header: protocol, hook */
	put16(w, ether_type);
	put16(w, 0x0300);
	put_bytes(w, "\x10\0\x08\0\0\x06\0\0", 8); /* the sender's address */
	put_bytes(w, e->src.byte, 6);
	put16(w, 0);
	put_bytes(w, "\x05\0\x0a\0\0\0\0\0", 8); /* an empty prefix, padded */
	put_bytes(w, "\0\0\x09\0", 4);
}

/* Access point: nobody's 0e:ee:... */
static void
put_wifi(struct writer *w, const struct build *b, const struct ends *e, unsigned ether_type)
{
	static const uint8_t point[6] = { 0x0e, 0xee, 0xee, 0xee, 0xee, 0x01 };
	bool relay = b->link == BUILD_WIFI_RELAY;
	bool qos = b->link != BUILD_WIFI;

	if (b->link == BUILD_RADIOTAP) {
		put_bytes(w, "\0\0\x12\0\x03\0\0\0", 8);
		put_bytes(w, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
		put8(w, 0x20); /* the body starts at a multiple of 4 */
		put8(w, 0);
	}
	put8(w, qos ? 0x88 : 0x08);
	put8(w, relay ? 0x83 : 0x01);
	put16(w, 0); /* duration */
	put_bytes(w, point, 6);
	put_bytes(w, relay ? point : e->src.byte, 6);
	put_bytes(w, e->dst.byte, 6);
	put16(w, 0x3012); /* little-endian: sequence number 0x123, fragment 0 */
	if (relay)
		put_bytes(w, e->src.byte, 6);
	if (qos)
		put16(w, b->link == BUILD_AMSDU ? 0x8000 : 0x0000);
	if (relay)
		put32(w, 0); /* HT control */
	if (b->link == BUILD_RADIOTAP)
		put16(w, 0xeeee);
	if (b->link == BUILD_AMSDU) {
		put_macs(w, e);
		put16(w, 0); /* set_link_lengths() */
	}
	put_snap(w, ether_type);
}

/* Frames and types in frames. */
static void
put_carrier(struct writer *w, const struct build *b, const struct ends *e, unsigned ether_type)
{
	switch (b->link) {
	case BUILD_PBB:
		put_outer_frame(w, b, 0x88e7);
		put32(w, 0x00123456);
		break;
	case BUILD_FABRICPATH:
		put_outer_frame(w, b, 0x8903);
		put16(w, 0x0460);
		break;
	case BUILD_NSH_ETHERNET:
		put_outer_frame(w, b, 0x894f);
		put32(w, 0x0fc40203); /* ttl 63, 4 words, metadata of variable length, Ethernet */
		put32(w, 0x00000101);
		put32(w, 0);
		put32(w, 0);
		break;
	case BUILD_PSEUDOWIRE:
		put_outer_frame(w, b, 0x8847);
		put32(w, 0x00012040);
		put32(w, 0x00013140);
		put32(w, 0x00000007);
		break;
	default:
		put_macs(w, e);
		put_vlans(w, b);
		break;
	}
	switch (b->link) {
	case BUILD_METADATA:
		put16(w, 0x8909);
		put_bytes(w, "\x01\x01\x00\x01\x00\x64", 6);
		put16(w, ether_type);
		break;
	case BUILD_VN_TAG:
		put16(w, 0x8926);
		put32(w, 0x00010002);
		put16(w, ether_type);
		break;
	case BUILD_E_TAG:
		put16(w, 0x893f);
		put_bytes(w, "\x10\x00\x00\xd8\x00\x00", 6);
		put16(w, ether_type);
		break;
	case BUILD_NSH:
		put16(w, 0x894f);
		put32(w, ether_type == 0x86dd ? 0x0fc20202 : 0x0fc20201);
		put32(w, 0x00000101);
		break;
	default:
		put_macs(w, e);
		put16(w, ether_type);
		break;
	}
}

void
put_link(struct writer *w, const struct build *b, unsigned ether_type)
{
	struct ends e = { mac_or_made(&b->src_mac, &b->src), mac_or_made(&b->dst_mac, &b->dst) };
	uint32_t family = ether_type == 0x86dd ? 30 : 2;

	switch (b->link) {
	case BUILD_ETHERNET:
		put_macs(w, &e);
		put_vlans(w, b);
		put16(w, ether_type);
		break;
	case BUILD_SNAP:
		put_macs(w, &e);
		put_vlans(w, b);
		put16(w, 0);
		put_snap(w, ether_type);
		break;
	case BUILD_NULL:
		put32(w, family << 24);
		break;
	case BUILD_NULL_SWAPPED:
	case BUILD_LOOP:
		put32(w, family);
		break;
	case BUILD_SLL:
	case BUILD_SLL2:
		put_cooked(w, b, &e, ether_type);
		break;
	case BUILD_NFLOG:
		put_nflog(w, &e, ether_type);
		break;
	case BUILD_WIFI:
	case BUILD_WIFI_RELAY:
	case BUILD_RADIOTAP:
	case BUILD_AMSDU:
		put_wifi(w, b, &e, ether_type);
		break;
	case BUILD_RAW:
	case BUILD_IPV4:
	case BUILD_IPV6:
	case BUILD_LINK_COUNT:
		break;
	default:
		put_carrier(w, b, &e, ether_type);
		break;
	}
}

size_t
build_link_bytes(const struct build *b)
{
	uint8_t scratch[128];
	struct writer w = writer_at(scratch);

	put_link(&w, b, 0x0800);
	return (size_t)(w.at - w.start);
}

void
set_link_lengths(struct writer *w, const struct build *b)
{
	size_t len = (size_t)(w->at - w->start);
	size_t header = build_link_bytes(b);

	if (b->link == BUILD_SNAP || b->link == BUILD_AMSDU) /* up to and with SNAP's 8 bytes */
		set16(w->start + header - 10, (unsigned)(len - header + 8));
	if (b->link == BUILD_NFLOG) { /* little-endian, its own head included */
		w->start[header - 4] = (uint8_t)(len - header + 4);
		w->start[header - 3] = (uint8_t)((len - header + 4) >> 8);
	}
}
