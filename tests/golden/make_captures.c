/*
 * make_captures.c -- write the captures of tests/golden/: one behaviour each, every byte from here.
 *
 *	make_captures DIR    writes DIR/<case>/input.pcap
 *
 * The captures are committed; this program says where their bytes come from, and a test compares.
 */
#include "tests/support/packet_build.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START_S = 1700000000, LINKTYPE_ETHERNET = 1, PORTS = 2 };

struct capture {
	FILE *file;
	double at_s;    /* of the next packet, after START_S */
	bool is_bridge; /* pcapng: every frame passes two ports, 10 us apart */
};

static void
put32(FILE *f, uint32_t v)
{
	const uint8_t bytes[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
		(uint8_t)(v >> 24) };

	(void)fwrite(bytes, 1, sizeof(bytes), f);
}

static struct capture
capture_open(const char *dir, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s/input.pcap", dir, name);
	FILE *f = fopen(path, "wb");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	put32(f, 0xa1b2c3d4);
	put32(f, 4u << 16 | 2);
	put32(f, 0);
	put32(f, 0);
	put32(f, 262144);
	put32(f, LINKTYPE_ETHERNET);
	return (struct capture){ .file = f };
}

/* A block of pcapng: `words` 32-bit words at `head`, then `length` bytes, padded. */
static void
block_write(FILE *f, uint32_t type, const uint32_t *head, size_t words, const void *bytes,
	size_t length)
{
	static const char padding[3];
	size_t pad = (4 - length % 4) % 4;
	uint32_t whole = (uint32_t)(12 + 4 * words + length + pad);

	put32(f, type);
	put32(f, whole);
	for (size_t i = 0; i < words; i++)
		put32(f, head[i]);
	(void)fwrite(bytes, 1, length, f);
	(void)fwrite(padding, 1, pad, f);
	put32(f, whole);
}

/* A capture of the two ports of a bridge, lan0 and wan0. */
static struct capture
bridge_open(const char *dir, const char *name)
{
	static const char *const ports[PORTS] = { "lan0", "wan0" };
	struct capture c = capture_open(dir, name);

	rewind(c.file);
	block_write(c.file, 0x0a0d0d0a, (const uint32_t[]){ 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX },
		4, "", 0);
	for (unsigned i = 0; i < PORTS; i++)
		block_write(c.file, 1,
			(const uint32_t[]){ LINKTYPE_ETHERNET, 262144, 4u << 16 | 2 /* if_name */ },
			3, ports[i], 4);
	c.is_bridge = true;
	return c;
}

static void
bridge_write(struct capture *c, uint64_t us, const uint8_t *bytes, size_t length)
{
	for (unsigned i = 0; i < PORTS; i++) {
		uint64_t at_us = START_S * UINT64_C(1000000) + us + i * UINT64_C(10);
		uint32_t head[] = { i, (uint32_t)(at_us >> 32), (uint32_t)at_us, (uint32_t)length,
			(uint32_t)length };
		block_write(c->file, 6, head, 5, bytes, length);
	}
}

static void
frame_write(struct capture *c, const uint8_t *bytes, size_t length)
{
	uint64_t us = (uint64_t)(c->at_s * 1e6 + 0.5);

	if (c->is_bridge) {
		bridge_write(c, us, bytes, length);
		return;
	}
	put32(c->file, (uint32_t)(START_S + us / 1000000));
	put32(c->file, (uint32_t)(us % 1000000));
	put32(c->file, (uint32_t)length);
	put32(c->file, (uint32_t)length);
	(void)fwrite(bytes, 1, length, c->file);
}

static void
tcp(struct capture *c, struct build b, uint8_t flags)
{
	uint8_t bytes[BUILD_MAX];

	b.flags = flags;
	frame_write(c, bytes, build_tcp(bytes, &b));
}

/* A whole conversation: handshake, 100 bytes there, 500 back, close; a tenth of a second. */
static void
talk(struct capture *c, const char *src, uint16_t src_port, const char *dst, uint16_t dst_port)
{
	struct build there = build_between(src, src_port, dst, dst_port);
	double start_s = c->at_s;

	there.seq = 1000;
	tcp(c, there, TCP_SYN);
	struct build back = build_answer(&there);
	back.seq = 5000;
	back.ack = 1001;
	c->at_s += .02;
	tcp(c, back, TCP_SYN | TCP_ACK);
	there.seq = 1001;
	there.ack = 5001;
	c->at_s += .02;
	tcp(c, there, TCP_ACK);
	there.payload_bytes = 100;
	tcp(c, there, TCP_PSH | TCP_ACK);
	back.seq = 5001;
	back.ack = 1101;
	back.payload_bytes = 500;
	c->at_s += .02;
	tcp(c, back, TCP_PSH | TCP_ACK);
	there.payload_bytes = 0;
	there.seq = 1101;
	there.ack = 5501;
	c->at_s += .02;
	tcp(c, there, TCP_FIN | TCP_ACK);
	back.payload_bytes = 0;
	back.seq = 5501;
	back.ack = 1102;
	c->at_s += .02;
	tcp(c, back, TCP_FIN | TCP_ACK);
	there.seq = 1102;
	there.ack = 5502;
	tcp(c, there, TCP_ACK);
	c->at_s = start_s;
}

/* One SYN a second to 12 hosts on 23/tcp, none of which answers; the same host browses meanwhile. */
static void
horizontal_scan(const char *dir)
{
	struct capture c = capture_open(dir, "horizontal_scan");

	for (unsigned i = 0; i < 12; i++) {
		char dst[16];
		(void)snprintf(dst, sizeof(dst), "198.51.100.%u", i + 1);
		tcp(&c, build_between("192.168.1.66", (uint16_t)(40000 + i), dst, 23), TCP_SYN);
		c.at_s += .5;
		talk(&c, "192.168.1.66", (uint16_t)(50000 + i), "203.0.113.80", 993);
		c.at_s += .5;
	}
	c.at_s = 60;
	talk(&c, "192.168.1.10", 50000, "203.0.113.80", 993);
	(void)fclose(c.file);
}

/* 120 ports of one host in 12 seconds, each refused: decisive at 100. */
static void
vertical_scan(const char *dir)
{
	struct capture c = capture_open(dir, "vertical_scan");

	for (uint16_t port = 1; port <= 120; port++) {
		struct build b = build_between("192.168.1.66", 45000, "192.168.1.1", port);
		b.seq = port * 1000u;
		tcp(&c, b, TCP_SYN);
		struct build refusal = build_answer(&b);
		refusal.seq = 0;
		refusal.ack = b.seq + 1;
		c.at_s += .001;
		tcp(&c, refusal, TCP_RST | TCP_ACK);
		c.at_s += .099;
	}
	(void)fclose(c.file);
}

/* DNS names 12 addresses, and the same 12 do not answer on 443: a dead site is no scan. */
static void
named_targets(const char *dir)
{
	static const uint8_t head[] = { 0, 1, 0x81, 0x80, 0, 1, 0, 12, 0, 0, 0, 0, 3, 'w', 'w', 'w',
		4, 'd', 'e', 'a', 'd', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1 };
	struct capture c = capture_open(dir, "named_targets");
	uint8_t answer[512];
	uint8_t bytes[BUILD_MAX];
	size_t length = sizeof(head);

	memcpy(answer, head, sizeof(head));
	for (uint8_t i = 1; i <= 12; i++) {
		const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100,
			i };
		memcpy(answer + length, record, sizeof(record));
		length += sizeof(record);
	}
	struct build b = build_between("192.168.1.1", 53, "192.168.1.10", 33333);
	b.payload = answer;
	b.payload_bytes = length;
	frame_write(&c, bytes, build_udp(bytes, &b));
	for (unsigned i = 0; i < 12; i++) {
		char dst[16];
		c.at_s += 1;
		(void)snprintf(dst, sizeof(dst), "198.51.100.%u", i + 1);
		tcp(&c, build_between("192.168.1.10", (uint16_t)(40000 + i), dst, 443), TCP_SYN);
	}
	c.at_s += 30;
	talk(&c, "192.168.1.10", 50000, "203.0.113.80", 993);
	(void)fclose(c.file);
}

/* One host asks for 40 addresses by ARP within two seconds, over VLAN 7. */
static void
arp_sweep(const char *dir)
{
	struct capture c = capture_open(dir, "arp_sweep");
	uint8_t bytes[BUILD_MAX];

	for (unsigned i = 1; i <= 40; i++) {
		char dst[16];
		(void)snprintf(dst, sizeof(dst), "192.168.1.%u", i);
		struct build b = build_between("192.168.1.66", 0, dst, 0);
		b.vlan_count = 1;
		b.vlan[0] = 7;
		frame_write(&c, bytes, build_arp(bytes, &b));
		c.at_s += .05;
	}
	c.at_s = 30;
	talk(&c, "192.168.1.10", 50000, "203.0.113.80", 993);
	(void)fclose(c.file);
}

/* An ARP message of the router's link: who, by which card, to whom; 0 is everybody. */
static void
arp(struct capture *c, uint16_t operation, unsigned sender, unsigned card, unsigned target)
{
	char src[16];
	char dst[16];
	uint8_t bytes[BUILD_MAX];

	(void)snprintf(src, sizeof(src), "192.168.1.%u", sender);
	(void)snprintf(dst, sizeof(dst), "192.168.1.%u", target == 0 ? sender : target);
	struct build b = build_between(src, 0, dst, 0);
	b.arp_operation = operation;
	b.src_mac = (struct mac){ { 2, 0, 0, 0, 1, (uint8_t)card } };
	if (target == 0)
		memset(b.dst_mac.byte, 0xff, sizeof(b.dst_mac.byte));
	else if (operation == 2)
		b.dst_mac = (struct mac){ { 2, 0, 0, 0, 1, (uint8_t)target } };
	frame_write(c, bytes, build_arp(bytes, &b));
}

/* Everybody's first questions and answers: 10 and 66 ask for the router, 1. */
static void
arp_begin(struct capture *c)
{
	static const unsigned hosts[] = { 10, 66 };

	for (size_t i = 0; i < 2; i++) {
		arp(c, 1, hosts[i], hosts[i], 1);
		c->at_s += .01;
		arp(c, 2, 1, 1, hosts[i]);
		c->at_s += 1;
	}
}

/* 66 tells 10 every two seconds that the router is at its card; the router asks for another meanwhile. */
static void
arp_poisoning(const char *dir)
{
	struct capture c = capture_open(dir, "arp_poisoning");

	arp_begin(&c);
	c.at_s = 10;
	for (unsigned i = 0; i < 10; i++) {
		arp(&c, 2, 1, 66, 10);
		c.at_s += 1;
		if (i % 2 == 0)
			arp(&c, 1, 1, 1, 20);
		c.at_s += 1;
	}
	(void)fclose(c.file);
}

/* 66 takes over the router's address and tells everybody, while the old one still winds up. */
static void
arp_takeover(const char *dir)
{
	struct capture c = capture_open(dir, "arp_takeover");

	arp_begin(&c);
	for (unsigned i = 0; i < 5; i++) {
		c.at_s = 10 + i;
		arp(&c, 2, 1, 66, 0);
	}
	c.at_s = 30;
	arp(&c, 1, 10, 10, 1);
	c.at_s += .01;
	arp(&c, 2, 1, 66, 10);
	(void)fclose(c.file);
}

/* A conversation that says something every minute for half an hour, in both directions. */
static void
long_connection(const char *dir)
{
	struct capture c = capture_open(dir, "long_connection");
	uint8_t bytes[BUILD_MAX];

	for (int minute = 0; minute <= 30; minute++) {
		struct build b = build_between("192.168.1.10", 4500, "203.0.113.9", 4500);
		b.payload_bytes = 20;
		c.at_s = minute * 50;
		frame_write(&c, bytes, build_udp(bytes, &b));
		b = build_answer(&b);
		c.at_s += .1;
		frame_write(&c, bytes, build_udp(bytes, &b));
	}
	(void)fclose(c.file);
}

/* The sweep of horizontal_scan and one of ARP, both seen on the two ports of a bridge. */
static void
two_interfaces(const char *dir)
{
	struct capture c = bridge_open(dir, "two_interfaces");
	uint8_t bytes[BUILD_MAX];

	for (unsigned i = 0; i < 12; i++) {
		char dst[16];
		(void)snprintf(dst, sizeof(dst), "192.168.1.%u", i + 100);
		struct build b = build_between("192.168.1.66", 0, dst, 0);
		frame_write(&c, bytes, build_arp(bytes, &b));
		(void)snprintf(dst, sizeof(dst), "198.51.100.%u", i + 1);
		tcp(&c, build_between("192.168.1.66", (uint16_t)(40000 + i), dst, 23), TCP_SYN);
		c.at_s += 1;
	}
	c.at_s = 30;
	talk(&c, "192.168.1.10", 50000, "203.0.113.80", 993);
	(void)fclose(c.file);
}

int
main(int argc, char *argv[])
{
	assert(argc == 2);
	horizontal_scan(argv[1]);
	vertical_scan(argv[1]);
	named_targets(argv[1]);
	arp_sweep(argv[1]);
	arp_poisoning(argv[1]);
	arp_takeover(argv[1]);
	long_connection(argv[1]);
	two_interfaces(argv[1]);
	return 0;
}
