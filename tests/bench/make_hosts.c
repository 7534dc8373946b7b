/*
 * make_hosts HOSTS [HOURS] -- an hour, or HOURS, of so many ordinary clients, as a capture on the standard output.
 *
 * Each asks who the gateway is and for an address, resolves three names (one of which does not exist), fetches
 * a page and a program over HTTP, opens TLS and SSH, and twice a protocol that nobody knows on a port that
 * nobody knows: 6 conversations over TCP with 4 servers that are its own. The steps are taken one after the
 * other, each by all hosts, so that all windows of an hour are open and filled at the same time. Every hour is like
 * the first.
 */
#include "tests/support/dns_build.h"
#include "tests/support/packet_build.h"
#include "tests/support/tls_talk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	START_S = 1700000000,
	HOUR_S = 3600,
	STEP_S = 400, /* of packet time: eight steps are within an hour */
	HOSTS_MAX = 1 << 18,
	HOURS_MAX = 10000,
	SERVERS = 4, /* of each host */
	PCAP_MAGIC_NS = (int)0xa1b23c4d,
	LINKTYPE_ETHERNET = 1,
	PROGRAM_BYTES = 900,
};

static uint64_t now_ns;

static void
put32(uint32_t v)
{
	if (fwrite(&v, sizeof(v), 1, stdout) != 1) {
		perror("make_hosts");
		exit(EXIT_FAILURE);
	}
}

static void
put(const uint8_t *bytes, size_t length)
{
	now_ns += 1000;
	put32((uint32_t)(now_ns / 1000000000));
	put32((uint32_t)(now_ns % 1000000000));
	put32((uint32_t)length);
	put32((uint32_t)length);
	(void)fwrite(bytes, 1, length, stdout);
}

static struct addr
client(uint32_t host)
{
	return addr_v4(10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host);
}

static struct addr
server(uint32_t host, uint32_t which)
{
	uint32_t n = host * SERVERS + which;

	return addr_v4(
		(uint8_t)(64 + (n >> 24)), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n);
}

/* Towards a server: behind the gateway, as its MAC says. */
static struct build
towards(uint32_t host, uint32_t which, uint16_t src_port, uint16_t port)
{
	return (struct build){ .src = client(host),
		.dst = server(host, which),
		.src_port = src_port,
		.dst_port = port,
		.dst_mac = { { 2, 0, 10, 255, 255, 254 } },
		.seq = 1000 };
}

static void
udp(struct build *b, const void *payload, size_t size)
{
	uint8_t bytes[BUILD_MAX];

	b->payload = payload;
	b->payload_bytes = size;
	put(bytes, build_udp(bytes, b));
}

/* A side of a conversation says something, and the other side's numbers follow. */
static void
say(struct build *from, struct build *to, uint8_t flags, const void *payload, size_t size)
{
	uint8_t bytes[BUILD_MAX];

	from->flags = flags;
	from->payload = payload;
	from->payload_bytes = size;
	put(bytes, build_tcp(bytes, from));
	from->seq += (uint32_t)size + ((flags & (TCP_SYN | TCP_FIN)) != 0);
	to->ack = from->seq;
}

/* A conversation from its SYN to its FIN. */
static void
converse(uint32_t host, uint32_t which, uint16_t src_port, uint16_t port,
	const struct proto_piece *pieces, size_t count)
{
	struct build there = towards(host, which, src_port, port);
	struct build back = build_answer(&there);
	back.seq = 5000;

	say(&there, &back, TCP_SYN, NULL, 0);
	say(&back, &there, TCP_SYN | TCP_ACK, NULL, 0);
	say(&there, &back, TCP_ACK, NULL, 0);
	for (size_t i = 0; i < count; i++) {
		bool out = pieces[i].from_orig;
		say(out ? &there : &back, out ? &back : &there, TCP_PSH | TCP_ACK, pieces[i].bytes,
			pieces[i].size);
	}
	say(&there, &back, TCP_FIN | TCP_ACK, NULL, 0);
	say(&back, &there, TCP_FIN | TCP_ACK, NULL, 0);
	say(&there, &back, TCP_ACK, NULL, 0);
}

static void
step_arp(uint32_t host)
{
	struct build b = { .src = client(host), .dst = addr_v4(10, 255, 255, 254) };
	uint8_t bytes[BUILD_MAX];

	put(bytes, build_arp(bytes, &b));
}

/* DHCP: a request for the address that it has, and the answer. */
static void
step_dhcp(uint32_t host)
{
	static const uint8_t cookie[] = { 0x63, 0x82, 0x53, 0x63 };
	struct build b = { .src = client(host),
		.dst = addr_v4(10, 255, 255, 254),
		.src_port = 68,
		.dst_port = 67 };
	uint8_t message[300] = { 1, 1, 6 };
	uint8_t mac[6] = { 2, 0, 10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host };
	uint8_t options[] = { 53, 1, 3, 50, 4, 10, mac[3], mac[4], mac[5], 12, 4, 'h', 'o', 's',
		't', 255 };

	memcpy(message + 4, mac + 2, 4); /* the exchange's number */
	memcpy(message + 12, (uint8_t[]){ 10, mac[3], mac[4], mac[5] }, 4);
	memcpy(message + 28, mac, sizeof(mac));
	memcpy(message + 236, cookie, sizeof(cookie));
	memcpy(message + 240, options, sizeof(options));
	udp(&b, message, sizeof(message));
	struct build answer = build_answer(&b);
	message[0] = 2;
	message[242] = 5;
	udp(&answer, message, sizeof(message));
}

static void
resolve(uint32_t host, unsigned id, const char *name, bool is_there, struct addr address)
{
	struct build b = { .src = client(host), .dst = addr_v4(10, 255, 255, 253), .dst_port = 53 };
	struct dns_build message;

	b.src_port = (uint16_t)(20000 + id);
	dns_build_header(&message, id, 0x0100, 1, 0, 0, 0);
	dns_build_question(&message, name, 1, 1);
	udp(&b, message.bytes, message.size);
	struct build answer = build_answer(&b);
	dns_build_header(&message, id, is_there ? 0x8180 : 0x8183, 1, is_there, 0, 0);
	dns_build_question(&message, name, 1, 1);
	if (is_there)
		dns_build_record(&message, name, 1, 300, address.byte + 12, 4);
	udp(&answer, message.bytes, message.size);
}

static void
step_dns(uint32_t host)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "www.site%" PRIu32 ".example", host);
	resolve(host, 1, name, true, server(host, 0));
	(void)snprintf(name, sizeof(name), "api.site%" PRIu32 ".example", host);
	resolve(host, 2, name, true, server(host, 1));
	(void)snprintf(name, sizeof(name), "gone%" PRIu32 ".example", host);
	resolve(host, 3, name, false, server(host, 2));
}

/* One request and its answer: a page, or a program. */
static void
fetch(uint32_t host, uint16_t src_port, const char *path, const char *type, const void *body,
	size_t size)
{
	char request[256];
	char answer[256 + PROGRAM_BYTES];
	int asked = snprintf(request, sizeof(request),
		"GET %s HTTP/1.1\r\nHost: www.site%" PRIu32
		".example\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0)\r\n\r\n",
		path, host);
	int head = snprintf(answer, sizeof(answer) - PROGRAM_BYTES,
		"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", type, size);

	memcpy(answer + head, body, size);
	const struct proto_piece pieces[] = {
		{ .from_orig = true, .bytes = request, .size = (size_t)asked },
		{ .from_orig = false, .bytes = answer, .size = (size_t)head + size },
	};
	converse(host, 0, src_port, 80, pieces, 2);
}

static void
step_page(uint32_t host)
{
	static const char page[] = "<html><body>hello</body></html>";

	fetch(host, 30001, "/", "text/html", page, sizeof(page) - 1);
}

static void
step_program(uint32_t host)
{
	static const uint8_t program[PROGRAM_BYTES] = { 'M',
		'Z', [0x3c] = 0x80, [0x80] = 'P', [0x81] = 'E', [0x84] = 0x4c, [0x85] = 1 };

	fetch(host, 30002, "/setup.exe", "application/octet-stream", program, sizeof(program));
}

static void
step_tls(uint32_t host)
{
	static struct tls_talk talk;

	tls_talk_12(&talk);
	converse(host, 1, 30003, 443, talk.pieces, talk.count);
}

static void
step_ssh(uint32_t host)
{
	static const char ours[] = "SSH-2.0-OpenSSH_9.2p1\r\n";
	static const char theirs[] = "SSH-2.0-dropbear_2022.83\r\n";
	const struct proto_piece pieces[] = {
		{ .from_orig = false, .bytes = theirs, .size = sizeof(theirs) - 1 },
		{ .from_orig = true, .bytes = ours, .size = sizeof(ours) - 1 },
	};

	converse(host, 2, 30004, 22, pieces, 2);
}

static void
unknown(uint32_t host, uint16_t src_port)
{
	static const uint8_t words[40] = { 0xd1, 0x07 };
	const struct proto_piece pieces[] = {
		{ .from_orig = true, .bytes = words, .size = sizeof(words) },
		{ .from_orig = false, .bytes = words, .size = sizeof(words) },
	};

	converse(host, 3, src_port, 40123, pieces, 2);
}

static void
step_unknown(uint32_t host)
{
	unknown(host, 30005);
	unknown(host, 30006);
}

/* All hosts spend one hour, from `start_s` on. */
static void
hour(uint64_t start_s, uint32_t hosts)
{
	static void (*const steps[])(uint32_t host) = { step_arp, step_dhcp, step_dns, step_page,
		step_program, step_tls, step_ssh, step_unknown };

	for (uint64_t step = 0; step < sizeof(steps) / sizeof(steps[0]); step++) {
		for (uint32_t host = 1; host <= hosts; host++) {
			now_ns = (start_s + step * STEP_S) * UINT64_C(1000000000) +
				 host * (STEP_S * UINT64_C(1000000000) / hosts);
			steps[step](host);
		}
	}
}

int
main(int argc, char **argv)
{
	unsigned long hosts = argc == 2 || argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long hours = argc == 3 ? strtoul(argv[2], NULL, 10) : 1;

	if (hosts == 0 || hosts > HOSTS_MAX || hours == 0 || hours > HOURS_MAX) {
		(void)fprintf(stderr, "usage: make_hosts HOSTS [HOURS] (1 to %d, 1 to %d)\n",
			HOSTS_MAX, HOURS_MAX);
		return 2;
	}
	put32((uint32_t)PCAP_MAGIC_NS);
	put32(4u << 16 | 2);
	put32(0);
	put32(0);
	put32(262144);
	put32(LINKTYPE_ETHERNET);
	for (uint64_t i = 0; i < hours; i++)
		hour(START_S + i * HOUR_S, (uint32_t)hosts);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
