/*
 * packet_build.c -- frames for tests, written byte by byte and naively.
 *
 * It shares nothing with daemon/decode on purpose, checksums included: what one side gets wrong the
 * other must not get wrong in the same way.
 */
#include "tests/support/packet_build.h"

#include "tests/support/packet_build_link.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_FRAGMENT = 44,
	PROTO_AH = 51,
	PROTO_ICMP6 = 58,
	PROTO_SCTP = 132,
};

static void
put_payload(struct writer *w, const struct build *b)
{
	if (b->payload != NULL) {
		put_bytes(w, b->payload, b->payload_bytes);
		return;
	}
	memset(w->at, 'x', b->payload_bytes);
	w->at += b->payload_bytes;
}

/* RFC 1071, two bytes at a time. */
static uint32_t
sum_bytes(uint32_t sum, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += i % 2 == 0 ? (uint32_t)bytes[i] << 8 : bytes[i];
	return sum;
}

static uint16_t
sum_fold(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

struct addr
build_addr(const char *text)
{
	uint8_t b[16];

	if (inet_pton(AF_INET, text, b) == 1)
		return addr_from_v4(b);
	int parsed = inet_pton(AF_INET6, text, b);
	assert(parsed == 1);
	(void)parsed;
	return addr_from_v6(b);
}

struct mac
build_mac(const char *text)
{
	struct mac m;
	const char *at = text;

	for (int i = 0; i < 6; i++) {
		char *end = NULL;

		m.byte[i] = (uint8_t)strtoul(at, &end, 16);
		assert(*end == (i < 5 ? ':' : '\0'));
		at = end + 1;
	}
	return m;
}

struct build
build_between(const char *src, uint16_t src_port, const char *dst, uint16_t dst_port)
{
	return (struct build){
		.src = build_addr(src),
		.dst = build_addr(dst),
		.src_port = src_port,
		.dst_port = dst_port,
	};
}

struct build
build_answer(const struct build *b)
{
	struct build r = *b;

	r.src = b->dst;
	r.dst = b->src;
	r.src_mac = b->dst_mac;
	r.dst_mac = b->src_mac;
	r.src_port = b->dst_port;
	r.dst_port = b->src_port;
	r.seq = b->ack;
	r.ack = b->seq;
	r.payload = NULL;
	r.payload_bytes = 0;
	return r;
}

static size_t
build_end(struct writer *w, const struct build *b)
{
	set_link_lengths(w, b);
	size_t len = (size_t)(w->at - w->start);
	if (len < b->pad_to) {
		memset(w->at, 0xee, b->pad_to - len);
		len = b->pad_to;
	}
	return len;
}

static void
put_ip4(struct writer *w, const struct build *b, uint8_t proto, size_t payload)
{
	uint8_t *at = w->at;
	size_t header = 20 + b->ip_option_bytes;

	put8(w, 0x40 | (unsigned)(header / 4));
	put8(w, 0);
	put16(w, b->ip_length_zero ? 0 : (unsigned)(header + payload));
	put16(w, b->ip_id);
	put16(w, (b->more_fragments ? 0x2000U : 0U) | b->fragment_offset);
	put8(w, b->ttl != 0 ? b->ttl : 64);
	put8(w, proto);
	put16(w, 0);
	put_bytes(w, b->src.byte + 12, 4);
	put_bytes(w, b->dst.byte + 12, 4);
	put_bytes(w, b->ip_options, b->ip_option_bytes);
	set16(at + 10, sum_fold(sum_bytes(0, at, header)) ^ (b->bad_ip_checksum ? 0x5555U : 0U));
}

static size_t
extension_bytes(uint8_t type)
{
	return type == PROTO_AH ? 16 : 8;
}

static void
put_extension(struct writer *w, const struct build *b, uint8_t type, uint8_t next)
{
	put8(w, next);
	if (type == PROTO_FRAGMENT) {
		put8(w, 0);
		put16(w, (unsigned)b->fragment_offset << 3 | (b->more_fragments ? 1U : 0U));
		put32(w, b->ip_id);
	} else if (type == PROTO_AH) {
		put8(w, 2); /* 16 bytes, in units of 4 less 2 (RFC 4302 section 2.2) */
		put_bytes(w, "\0\0\0\0\0\1\0\0\0\1\xaa\xbb\xcc\xdd", 14);
	} else {
		put8(w, 0);
		put_bytes(w, "\1\4\0\0\0\0", 6); /* PadN */
	}
}

static void
put_ip6(struct writer *w, const struct build *b, uint8_t proto, size_t payload)
{
	uint8_t chain[BUILD_EXTENSIONS_MAX + 2];
	size_t count = 0;
	size_t extra = 0;

	for (size_t i = 0; i < b->extension_count; i++)
		chain[count++] = b->extensions[i];
	if (b->is_fragment)
		chain[count++] = PROTO_FRAGMENT;
	for (size_t i = 0; i < count; i++)
		extra += extension_bytes(chain[i]);
	chain[count] = proto;

	put32(w, 0x60000000);
	put16(w, b->ip_length_zero ? 0 : (unsigned)(extra + payload));
	put8(w, chain[0]);
	put8(w, b->ttl != 0 ? b->ttl : 64);
	put_bytes(w, b->src.byte, 16);
	put_bytes(w, b->dst.byte, 16);
	for (size_t i = 0; i < count; i++)
		put_extension(w, b, chain[i], chain[i + 1]);
}

static bool
is_later_fragment(const struct build *b)
{
	return b->fragment_offset > 0;
}

/* Link and IP headers for a transport header of `header` bytes before the payload. */
static struct writer
begin(uint8_t *buf, const struct build *b, uint8_t proto, size_t header)
{
	struct writer w = writer_at(buf);
	bool v4 = addr_is_v4(&b->src);
	size_t payload = b->payload_bytes + (is_later_fragment(b) ? 0 : header);

	put_link(&w, b, v4 ? 0x0800 : 0x86dd);
	if (v4)
		put_ip4(&w, b, proto, payload);
	else
		put_ip6(&w, b, proto, payload);
	return w;
}

/* Fill in the checksum at `field` of the segment from `segment` to the writer's place. */
static void
put_checksum(struct writer *w, const struct build *b, uint8_t *segment, size_t field, int proto)
{
	size_t len = (size_t)(w->at - segment);
	bool v4 = addr_is_v4(&b->src);
	uint32_t sum = 0;

	if (b->zero_checksum)
		return;
	if (proto != PROTO_ICMP) {
		sum = sum_bytes(sum, b->src.byte + (v4 ? 12 : 0), v4 ? 4 : 16);
		sum = sum_bytes(sum, b->dst.byte + (v4 ? 12 : 0), v4 ? 4 : 16);
		sum += (uint32_t)proto + (uint32_t)(len >> 16) + (uint32_t)(len & 0xffff);
	}
	uint16_t folded = sum_fold(sum_bytes(sum, segment, len));
	if (proto == PROTO_UDP && folded == 0)
		folded = 0xffff;
	set16(segment + field, folded ^ (b->bad_checksum ? 0x5555U : 0U));
}

size_t
build_tcp(uint8_t *ret_buf, const struct build *b)
{
	size_t header = 20 + b->tcp_option_bytes;
	struct writer w = begin(ret_buf, b, PROTO_TCP, header);
	uint8_t *segment = w.at;

	if (is_later_fragment(b)) {
		put_payload(&w, b);
		return build_end(&w, b);
	}
	put16(&w, b->src_port);
	put16(&w, b->dst_port);
	put32(&w, b->seq);
	put32(&w, b->ack);
	put8(&w, (b->tcp_offset != 0 ? b->tcp_offset : (unsigned)(header / 4)) << 4);
	put8(&w, b->flags);
	put16(&w, b->window != 0 || b->window_zero ? b->window : 64240);
	put16(&w, 0);
	put16(&w, b->urgent);
	put_bytes(&w, b->tcp_options, b->tcp_option_bytes);
	put_payload(&w, b);
	put_checksum(&w, b, segment, 16, PROTO_TCP);
	return build_end(&w, b);
}

size_t
build_udp(uint8_t *ret_buf, const struct build *b)
{
	struct writer w = begin(ret_buf, b, PROTO_UDP, 8);
	uint8_t *segment = w.at;

	if (is_later_fragment(b)) {
		put_payload(&w, b);
		return build_end(&w, b);
	}
	put16(&w, b->src_port);
	put16(&w, b->dst_port);
	put16(&w, b->ip_length_zero ? 0 : (unsigned)(8 + b->payload_bytes));
	put16(&w, 0);
	put_payload(&w, b);
	put_checksum(&w, b, segment, 6, PROTO_UDP);
	return build_end(&w, b);
}

size_t
build_icmp(uint8_t *ret_buf, const struct build *b)
{
	uint8_t proto = addr_is_v4(&b->src) ? PROTO_ICMP : PROTO_ICMP6;
	struct writer w = begin(ret_buf, b, proto, 8);
	uint8_t *segment = w.at;

	if (is_later_fragment(b)) {
		put_payload(&w, b);
		return build_end(&w, b);
	}
	put8(&w, b->icmp_type);
	put8(&w, b->icmp_code);
	put16(&w, 0);
	put16(&w, b->icmp_id);
	put16(&w, b->icmp_seq);
	put_payload(&w, b);
	put_checksum(&w, b, segment, 2, proto);
	return build_end(&w, b);
}

size_t
build_sctp(uint8_t *ret_buf, const struct build *b)
{
	struct writer w = begin(ret_buf, b, PROTO_SCTP, 12);

	if (!is_later_fragment(b)) {
		put16(&w, b->src_port);
		put16(&w, b->dst_port);
		put32(&w, b->seq); /* the verification tag */
		put32(&w, 0);      /* CRC32C, which nobody here checks */
	}
	put_payload(&w, b);
	return build_end(&w, b);
}

size_t
build_ip(uint8_t *ret_buf, const struct build *b)
{
	struct writer w = begin(ret_buf, b, b->ip_proto, 0);

	put_payload(&w, b);
	return build_end(&w, b);
}

size_t
build_arp(uint8_t *ret_buf, const struct build *b)
{
	static const struct mac zero;
	uint16_t operation = b->arp_operation != 0 ? b->arp_operation : 1;
	struct build link = *b;
	struct mac src = mac_or_made(&b->src_mac, &b->src);
	struct mac dst = mac_or_made(&b->dst_mac, &b->dst);
	struct mac sender = mac_equal(&b->arp_sender_mac, &zero) ? src : b->arp_sender_mac;
	struct mac target = b->arp_target_mac;
	struct writer w = writer_at(ret_buf);

	if (operation == 2 && mac_equal(&target, &zero))
		target = dst;
	if (operation == 1 && mac_equal(&b->dst_mac, &zero))
		memset(link.dst_mac.byte, 0xff, sizeof(link.dst_mac.byte));
	put_link(&w, &link, 0x0806);
	put16(&w, 1);
	put16(&w, 0x0800);
	put8(&w, 6);
	put8(&w, 4);
	put16(&w, operation);
	put_bytes(&w, sender.byte, 6);
	put_bytes(&w, b->src.byte + 12, 4);
	put_bytes(&w, target.byte, 6);
	put_bytes(&w, b->dst.byte + 12, 4);
	return build_end(&w, b);
}

struct frame
build_frame(const struct build *b, const uint8_t *bytes, size_t len, uint64_t ts_ns)
{
	return (struct frame){
		.ts_ns = ts_ns,
		.bytes = bytes,
		.captured = (uint32_t)len,
		.wire = (uint32_t)len,
		.link = build_link_type(b),
	};
}
