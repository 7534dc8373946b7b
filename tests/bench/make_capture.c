/*
 * make_capture.c -- a capture of any size in which a chosen number of conversations goes on at once.
 *
 * Packet i belongs to conversation i mod `flows`, so between two packets of one conversation all the
 * others have had theirs: the worst case for a cache, and every one of them is alive at the end.
 * A TCP conversation opens with SYN, SYN/ACK, ACK and goes on with data from either side; `syn`
 * repeats the first two for ever, as a flood does. Conversation f is host f mod `hosts` of 10.0.0.0/8
 * towards a server in 198.18.0.0/15 (RFC 2544, for benchmarks).
 *
 * Everything follows from the arguments: the same arguments give the same bytes. Checksums are right.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ETHERNET = 14,
	IP4 = 20,
	TCP = 20,
	UDP = 8,
	ICMP = 8,
	FRAME_MIN = 60,
	FRAME_MAX = 1514,
	TCP_ACK = 0x10,
	TCP_PSH_ACK = 0x18,
	TCP_SYN = 0x02,
	TCP_SYN_ACK = 0x12,
};

enum mix {
	MIX_SYN,
	MIX_TCP,
	MIX_UDP,
	MIX_ALL, /* 14 in 20 TCP, 5 UDP, 1 ICMP echo */
};

struct plan {
	uint64_t packets, flows, hosts, packets_a_second;
	uint32_t frame_bytes;
	enum mix mix;
	const char *path;
};

/* One packet, before it is bytes. */
struct shot {
	uint32_t client, server; /* IPv4 addresses */
	uint16_t client_port, server_port;
	uint64_t turn; /* which packet of its conversation */
	uint8_t ip_proto;
};

/* What is written next, at `at`. Big endian, as all of a frame is. */
struct pen {
	uint8_t *at;
};

static void
put8(struct pen *p, uint32_t v)
{
	*p->at++ = (uint8_t)v;
}

static void
put16(struct pen *p, uint32_t v)
{
	put8(p, v >> 8);
	put8(p, v);
}

static void
put32(struct pen *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p, v);
}

/* A pcap file header and its records are little endian here. */
static void
put32_little(struct pen *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		put8(p, v >> (8 * i));
}

/* Spread `x` over all 64 bits (the finaliser of splitmix64), so that neighbours are no neighbours. */
static uint64_t
spread(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* RFC 1071, over `len` bytes, continuing from `sum`. */
static uint32_t
checksum_add(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (len % 2 != 0)
		sum += (uint32_t)bytes[len - 1] << 8;
	return sum;
}

static uint16_t
checksum_end(uint32_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static struct shot
shot_make(const struct plan *plan, uint64_t i)
{
	uint64_t flow = i % plan->flows;
	uint64_t mixed = spread(flow + 1);
	static const uint16_t tcp_ports[] = { 443, 443, 443, 80, 80, 22, 25, 8443 };
	static const uint16_t udp_ports[] = { 53, 53, 123, 443 };
	struct shot s = {
		.client = UINT32_C(0x0a000001) + (uint32_t)(flow % plan->hosts),
		.server = UINT32_C(0xc6120000) + (uint32_t)(mixed & 0x1ffff),
		.client_port = (uint16_t)(1024 + (flow / plan->hosts) % 64000),
		.turn = i / plan->flows,
		.ip_proto = IPPROTO_TCP,
	};
	uint64_t dice = (mixed >> 32) % 20;

	if (plan->mix == MIX_UDP || (plan->mix == MIX_ALL && dice >= 14))
		s.ip_proto = IPPROTO_UDP;
	if (plan->mix == MIX_ALL && dice == 19)
		s.ip_proto = IPPROTO_ICMP;
	if (plan->mix == MIX_SYN)
		s.turn %= 2;
	if (s.ip_proto == IPPROTO_UDP)
		s.server_port = udp_ports[(mixed >> 20) % 4];
	else
		s.server_port = tcp_ports[(mixed >> 20) % 8];
	return s;
}

/* The first and every other packet goes to the server, but for the ACK that ends the handshake. */
static bool
from_client(const struct shot *s)
{
	if (s->ip_proto == IPPROTO_TCP && s->turn >= 2)
		return s->turn == 2 || s->turn % 2 == 1;
	return s->turn % 2 == 0;
}

static uint32_t
tcp_flags(const struct shot *s)
{
	switch (s->turn) {
	case 0:
		return TCP_SYN;
	case 1:
		return TCP_SYN_ACK;
	case 2:
		return TCP_ACK;
	default:
		return TCP_PSH_ACK;
	}
}

/* Sequence numbers go on by what was sent: turn 3 is the client's first data, 4 the server's. */
static void
put_tcp(struct pen *p, const struct shot *s, uint32_t payload)
{
	uint32_t rounds = s->turn < 3 ? 0 : (uint32_t)(s->turn - 3) / 2;
	bool server_talks = !from_client(s);
	uint32_t client_seq = s->turn == 0 ? 1000 : 1001 + rounds * payload;
	uint32_t server_seq = s->turn == 1 ? 5000 : 5001 + rounds * payload;

	if (s->turn > 3 && server_talks)
		client_seq += payload;
	put16(p, server_talks ? s->server_port : s->client_port);
	put16(p, server_talks ? s->client_port : s->server_port);
	put32(p, server_talks ? server_seq : client_seq);
	put32(p, s->turn == 0 ? 0 : server_talks ? client_seq : server_seq);
	put16(p, 5 << 12 | tcp_flags(s));
	put16(p, 64240);
	put32(p, 0); /* checksum and urgent pointer */
}

/*
 * Write one Ethernet frame.
 *
 * frame    FRAME_MAX bytes
 * returns  its length
 */
static uint32_t
frame_write(const struct plan *plan, const struct shot *s, uint8_t *frame)
{
	bool server_talks = !from_client(s);
	uint32_t header = s->ip_proto == IPPROTO_TCP   ? TCP
			  : s->ip_proto == IPPROTO_UDP ? UDP
						       : ICMP;
	bool bare = s->ip_proto == IPPROTO_TCP && s->turn < 3;
	uint32_t payload = bare ? 0 : plan->frame_bytes - ETHERNET - IP4 - header;
	uint32_t source = server_talks ? s->server : s->client;
	uint32_t destination = server_talks ? s->client : s->server;
	uint32_t checksum_at = s->ip_proto == IPPROTO_TCP ? 16 : s->ip_proto == IPPROTO_UDP ? 6 : 2;
	struct pen p = { frame };

	memset(frame, 0, plan->frame_bytes);
	put16(&p, 0x0200);
	put32(&p, server_talks ? 2 : 1);
	put16(&p, 0x0200);
	put32(&p, server_talks ? 1 : 2);
	put16(&p, 0x0800);

	uint8_t *ip = p.at;
	put16(&p, 0x4500);
	put16(&p, IP4 + header + payload);
	put32(&p, 0x4000); /* identification 0, do not fragment */
	put8(&p, 64);
	put8(&p, s->ip_proto);
	put16(&p, 0);
	put32(&p, source);
	put32(&p, destination);
	p.at = ip + 10;
	put16(&p, checksum_end(checksum_add(0, ip, IP4)));

	uint8_t *segment = ip + IP4;
	p.at = segment;
	if (s->ip_proto == IPPROTO_TCP) {
		put_tcp(&p, s, payload);
	} else if (s->ip_proto == IPPROTO_UDP) {
		put16(&p, server_talks ? s->server_port : s->client_port);
		put16(&p, server_talks ? s->client_port : s->server_port);
		put16(&p, UDP + payload);
	} else {
		put16(&p, server_talks ? 0 : 0x0800);
		put16(&p, 0);
		put16(&p, s->client_port);
		put16(&p, (uint32_t)(s->turn / 2));
	}
	memset(segment + header, (int)(s->client & 0x7f), payload);
	uint32_t sum = 0;
	if (s->ip_proto != IPPROTO_ICMP)
		sum = checksum_add(s->ip_proto + header + payload, ip + 12, 8);
	p.at = segment + checksum_at;
	put16(&p, checksum_end(checksum_add(sum, segment, header + payload)));

	uint32_t length = ETHERNET + IP4 + header + payload;
	return length < FRAME_MIN ? FRAME_MIN : length;
}

/* returns 0, or -1 when the file could not be written */
static int
capture_write(const struct plan *plan, FILE *out)
{
	uint8_t bytes[16 + FRAME_MAX];
	struct pen p = { bytes };

	put32_little(&p, UINT32_C(0xa1b23c4d)); /* pcap, nanoseconds */
	put32_little(&p, 4 << 16 | 2);
	put32_little(&p, 0);
	put32_little(&p, 0);
	put32_little(&p, UINT32_C(262144));
	put32_little(&p, 1); /* LINKTYPE_ETHERNET */
	if (fwrite(bytes, 24, 1, out) != 1)
		return -1;
	for (uint64_t i = 0; i < plan->packets; i++) {
		uint64_t ns = i * (UINT64_C(1000000000) / plan->packets_a_second);
		struct shot s = shot_make(plan, i);
		uint32_t length = frame_write(plan, &s, bytes + 16);

		p.at = bytes;
		put32_little(&p, (uint32_t)(1700000000 + ns / 1000000000));
		put32_little(&p, (uint32_t)(ns % 1000000000));
		put32_little(&p, length);
		put32_little(&p, length);
		if (fwrite(bytes, 16 + length, 1, out) != 1)
			return -1;
	}
	return fflush(out) == 0 ? 0 : -1;
}

static int
usage(void)
{
	(void)fputs(
		"usage: make_capture [options] FILE\n"
		"  -n PACKETS   packets to write (1000000)\n"
		"  -s BYTES     size of a frame, 60 to 1514 (60: 64 on the wire); opening packets are\n"
		"               as short as they can be\n"
		"  -f FLOWS     conversations that go on at the same time (1000)\n"
		"  -H HOSTS     hosts of 10.0.0.0/8 that hold them, at most FLOWS (256)\n"
		"  -r RATE      packets a second of packet time (1000000)\n"
		"  -m MIX       syn, tcp, udp or all (all)\n",
		stderr);
	return 2;
}

/* returns 0, or -1 when `text` is no number from `min` to `max` */
static int
number(const char *text, uint64_t min, uint64_t max, uint64_t *ret_number)
{
	char *end = NULL;
	uintmax_t n = strtoumax(text, &end, 10);

	if (end == text || *end != '\0' || n < min || n > max)
		return -1;
	*ret_number = n;
	return 0;
}

static int
mix_parse(const char *text, enum mix *ret_mix)
{
	static const char *const names[] = { "syn", "tcp", "udp", "all" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], text) == 0) {
			*ret_mix = (enum mix)i;
			return 0;
		}
	return -1;
}

/* returns 0, or -1 when the arguments make no plan */
static int
arguments(int argc, char **argv, struct plan *plan)
{
	uint64_t frame_bytes = FRAME_MIN;
	int failed = 0;
	int option = 0;

	while (failed == 0 && (option = getopt(argc, argv, "n:s:f:H:r:m:")) != -1) {
		if (option == 'n')
			failed = number(optarg, 1, UINT64_C(1) << 40, &plan->packets);
		else if (option == 's')
			failed = number(optarg, FRAME_MIN, FRAME_MAX, &frame_bytes);
		else if (option == 'f')
			failed = number(optarg, 1, UINT64_C(1) << 32, &plan->flows);
		else if (option == 'H')
			failed = number(optarg, 1, UINT64_C(1) << 23, &plan->hosts);
		else if (option == 'r')
			failed = number(optarg, 1, 1000000000, &plan->packets_a_second);
		else if (option == 'm')
			failed = mix_parse(optarg, &plan->mix);
		else
			failed = -1;
	}
	if (failed != 0 || optind != argc - 1)
		return -1;
	plan->frame_bytes = (uint32_t)frame_bytes;
	plan->path = argv[optind];
	if (plan->hosts > plan->flows)
		plan->hosts = plan->flows;
	return 0;
}

int
main(int argc, char **argv)
{
	struct plan plan = {
		.packets = 1000000,
		.flows = 1000,
		.hosts = 256,
		.packets_a_second = 1000000,
		.mix = MIX_ALL,
	};

	if (arguments(argc, argv, &plan) != 0)
		return usage();
	FILE *out = fopen(plan.path, "wb");
	if (out == NULL) {
		perror(plan.path);
		return EXIT_FAILURE;
	}
	int failed = capture_write(&plan, out);
	if (fclose(out) != 0)
		failed = -1;
	if (failed != 0)
		perror(plan.path);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
