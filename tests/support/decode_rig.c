/* decode_rig.c -- see decode_rig.h. Uses assert(), so that fuzz targets can call it too. */
#include "tests/support/decode_rig.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t
transport_header(enum rig_transport t)
{
	switch (t) {
	case RIG_TCP:
		return 20;
	case RIG_UDP:
	case RIG_ICMP:
		return 8;
	case RIG_SCTP:
		return 12;
	case RIG_OTHER:
	case RIG_TRANSPORT_COUNT:
		break;
	}
	return 0;
}

struct build
rig_seed(enum build_link l, bool six)
{
	bool v6 = six || l == BUILD_IPV6;
	struct build b = build_between(
		v6 ? "2001:db8::1" : "10.0.0.1", 40001, v6 ? "fe80::7:9" : "192.168.7.9", 443);

	b.link = l;
	b.flags = TCP_ACK | TCP_PSH;
	b.seq = 0x01020304;
	b.ack = 0xfffefdfc;
	b.icmp_type = 8;
	b.ip_proto = 47;
	b.payload_bytes = 9;
	return b;
}

size_t
rig_build(uint8_t *ret_buf, const struct build *b, enum rig_transport t)
{
	switch (t) {
	case RIG_TCP:
		return build_tcp(ret_buf, b);
	case RIG_UDP:
		return build_udp(ret_buf, b);
	case RIG_ICMP:
		return build_icmp(ret_buf, b);
	case RIG_SCTP:
		return build_sctp(ret_buf, b);
	case RIG_OTHER:
	case RIG_TRANSPORT_COUNT:
		break;
	}
	return build_ip(ret_buf, b);
}

static void
check_cursor(const struct frame *f, const struct cursor *c)
{
	assert(!c->short_read);
	if (cursor_left(c) == 0)
		return;
	assert(c->at >= f->bytes && c->at + c->left <= f->bytes + f->captured);
	assert(cursor_left(c) <= f->wire);
}

void
rig_check(const struct frame *f, const struct packet *p)
{
	static const struct addr nowhere;
	static const struct mac no_mac;
	bool is_fragment = (p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT)) != 0;
	bool is_later = (p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT_LATER)) != 0;

	assert(p->ts_ns == f->ts_ns && p->interface == f->interface);
	assert(p->kind < PACKET_KIND_COUNT);
	assert(p->anomalies < ANOMALY_BIT(ANOMALY_COUNT));
	assert(p->vlan_count <= VLAN_DEPTH_MAX && p->link_depth <= LINK_DEPTH_MAX);
	for (unsigned i = 0; i < VLAN_DEPTH_MAX; i++)
		assert(p->vlan[i] <= (i < p->vlan_count ? 0xfff : 0));
	check_cursor(f, &p->payload);
	check_cursor(f, &p->transport);
	assert(cursor_left(&p->payload) <= p->payload_bytes);
	assert(p->payload_bytes <= p->ip_bytes);
	assert(p->ip_bytes <= f->wire);
	if (!p->has_mac)
		assert(mac_equal(&p->src_mac, &no_mac) && mac_equal(&p->dst_mac, &no_mac));
	if (p->kind != PACKET_IP)
		assert(addr_equal(&p->src, &nowhere) && addr_equal(&p->dst, &nowhere));
	if (p->kind != PACKET_IP)
		assert(!p->has_ports && p->ip_bytes == 0 && p->payload_bytes == 0 && p->ttl == 0);
	if (is_fragment) {
		check_cursor(f, &p->fragment.header);
		check_cursor(f, &p->fragment.data);
		assert(p->kind == PACKET_IP && (p->fragment.offset & 7) == 0);
		assert(cursor_left(&p->fragment.data) <= p->fragment.data_bytes);
		assert(p->fragment.more || is_later);
		assert(p->fragment.next_at < cursor_left(&p->fragment.header));
	}
	assert(!is_later || (is_fragment && !p->has_ports && cursor_left(&p->transport) == 0));
	if (!p->has_ports)
		assert(packet_checksum(p) == CHECKSUM_UNKNOWN);
	else
		assert(packet_checksum(p) <= CHECKSUM_OFFLOADED);
}

struct packet
rig_decode(const struct frame *f)
{
	static uint8_t *block; /* of the last call */
	struct frame tight = *f;
	struct packet p;

	free(block);
	block = malloc(f->captured > 0 ? f->captured : 1);
	assert(block != NULL);
	memcpy(block, f->bytes, f->captured);
	tight.bytes = block;
	memset(&p, 0xa5, sizeof(p)); /* nothing may show through */
	decode(&tight, &p);
	rig_check(&tight, &p);
	return p;
}

struct packet
rig_bytes(uint16_t link, const void *bytes, size_t len)
{
	struct frame f = { .bytes = bytes,
		.captured = (uint32_t)len,
		.wire = (uint32_t)len,
		.link = link,
		.ts_ns = 5,
		.interface = 3 };

	return rig_decode(&f);
}

struct packet
rig_packet(const struct build *b, enum rig_transport t)
{
	uint8_t *buf = malloc(BUILD_MAX);
	assert(buf != NULL);
	struct frame f = build_frame(b, buf, rig_build(buf, b, t), 1000);
	struct packet p = rig_decode(&f);

	free(buf);
	return p;
}

bool
rig_anomalies(const struct packet *p, uint32_t bits)
{
	return p->anomalies == bits;
}

/* IP's header with options or extensions, by the builder's rules. */
static size_t
ip_header_bytes(const struct build *b)
{
	size_t bytes = 40;

	if (addr_is_v4(&b->src))
		return 20 + b->ip_option_bytes;
	for (size_t i = 0; i < b->extension_count; i++)
		bytes += b->extensions[i] == 51 ? 16 : 8;
	return bytes + (b->is_fragment ? 8 : 0);
}

/* What must be known of a frame of which `captured` bytes are there. */
static void
check_cut(
	const struct build *b, enum rig_transport t, const struct frame *f, const struct packet *p)
{
	size_t link = build_link_bytes(b);
	size_t fixed = link + (addr_is_v4(&b->src) ? 20 : 40);
	size_t ip_end = link + ip_header_bytes(b);
	size_t header = transport_header(t);
	size_t options = t == RIG_TCP ? b->tcp_option_bytes : 0;
	size_t payload_at = ip_end + header + options;
	size_t captured = f->captured;

	if (captured < link) {
		assert(p->kind == PACKET_OTHER);
		assert(rig_anomalies(p, ANOMALY_BIT(ANOMALY_LINK_SHORT)));
		return;
	}
	if (captured < fixed) {
		assert(p->kind == PACKET_OTHER);
		assert(rig_anomalies(p, ANOMALY_BIT(ANOMALY_IP_SHORT)));
		return;
	}
	assert(p->kind == PACKET_IP && addr_equal(&p->src, &b->src) &&
		addr_equal(&p->dst, &b->dst));
	assert(p->ttl == (b->ttl != 0 ? b->ttl : 64));
	assert(p->ip_bytes == payload_at - link + b->payload_bytes);
	if (captured < ip_end) {
		assert(rig_anomalies(p, ANOMALY_BIT(ANOMALY_IP_SHORT)));
		assert(!p->has_ports);
		if (addr_is_v4(&b->src)) /* its header says how long it is, captured or not */
			assert(p->payload_bytes == p->ip_bytes - ip_header_bytes(b));
		return;
	}
	if (captured < ip_end + header) {
		assert(rig_anomalies(p, ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT)));
		assert(!p->has_ports && p->src_port == 0 && p->tcp_flags == 0);
		assert(p->payload_bytes == header + options + b->payload_bytes);
		return;
	}
	assert(p->has_ports == (t != RIG_OTHER));
	assert(p->src_port == (t == RIG_OTHER || t == RIG_ICMP ? 0 : b->src_port));
	assert(p->dst_port == (t == RIG_OTHER || t == RIG_ICMP ? 0 : b->dst_port));
	assert(p->payload_bytes == b->payload_bytes);
	if (captured < payload_at) {
		assert(rig_anomalies(p, ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT)));
		assert(cursor_left(&p->payload) == 0);
		return;
	}
	assert(rig_anomalies(p, 0));
	size_t here = captured - payload_at;
	assert(cursor_left(&p->payload) == (here < b->payload_bytes ? here : b->payload_bytes));
}

void
rig_cut_everywhere(const struct build *b, enum rig_transport t)
{
	uint8_t *buf = malloc(BUILD_MAX);
	assert(buf != NULL);
	struct frame f = build_frame(b, buf, rig_build(buf, b, t), 1000);

	for (f.captured = 0; f.captured <= f.wire; f.captured++) {
		struct packet p = rig_decode(&f);
		check_cut(b, t, &f, &p);
	}
	free(buf);
}

void
rig_change_every_byte(const struct build *b, enum rig_transport t)
{
	uint8_t *buf = malloc(BUILD_MAX);
	assert(buf != NULL);
	size_t len = rig_build(buf, b, t);
	uint8_t *tight = malloc(len);
	assert(tight != NULL);
	struct frame f = build_frame(b, tight, len, 1000);

	memcpy(tight, buf, len);
	for (size_t at = 0; at < len; at++) {
		for (unsigned value = 0; value < 256; value++) {
			struct packet p;

			tight[at] = (uint8_t)value;
			decode(&f, &p);
			rig_check(&f, &p);
		}
		tight[at] = buf[at];
	}
	free(tight);
	free(buf);
}
