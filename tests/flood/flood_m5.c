/*
 * M5: packets that are as bad as they can be for who looks into them.
 *
 * The engine has to take at least a tenth as many of them a second as of everyday packets, and to
 * say which limit it came to.
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/decode.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Hands over the `n`th frame. */
typedef void (*send_fn)(struct flood_rig *r, uint64_t n, uint64_t ts_ns);

static void
say_counters(struct outcome *o, const struct engine_stats *s)
{
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		if (s->anomalies[i] > 0)
			outcome_say(o, "%s %llu", anomaly_name((enum packet_anomaly)i),
				(unsigned long long)s->anomalies[i]);
	if (s->streams_evicted + s->streams_refused + s->stream_gap_bytes > 0)
		outcome_say(o, "streams evicted %llu, segments refused %llu, gap bytes %llu",
			(unsigned long long)s->streams_evicted,
			(unsigned long long)s->streams_refused,
			(unsigned long long)s->stream_gap_bytes);
	for (unsigned i = 0; i < WEIRD_COUNT; i++)
		if (s->weird[i] > 0)
			outcome_say(o, "%s %llu", weird_name((enum weird)i),
				(unsigned long long)s->weird[i]);
}

static void
worst(struct outcome *o, uint64_t count, send_fn send)
{
	double normal =
		o->measures ? flood_normal_ns((unsigned)outcome_size(o, 1000000, 100000)) : 0;
	struct flood_rig *r = malloc(sizeof(*r));

	assert(r != NULL);
	flood_init(r, FLOOD_LIMIT);
	flood_start(r);
	for (uint64_t n = 0; n < count; n++)
		send(r, n, FLOOD_BASE_NS + n * 10 * NS_PER_US);
	flood_finish(r);
	double each = flood_ns_each(r);
	if (o->measures)
		outcome_check(o, each <= 10 * normal, "%.0f %% of the normal %.2f Mpkt/s",
			normal / each * 100, 1e3 / normal);
	outcome_measure(o, r, FLOOD_LIMIT);
	say_counters(o, &r->stats);
	free(r);
}

/* DNS over TCP, the answer's 2,000 bytes last first: nothing can be read before the last one comes. */
static void
send_reverse(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	enum { BYTES = 2000, PACKETS = BYTES + 3 };
	uint64_t flow = n / PACKETS;
	uint64_t step = n % PACKETS;
	uint8_t byte = 1;
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)(flow % 100)),
		.dst = addr_v4(10, 2, 0, 1),
		.src_port = (uint16_t)(1024 + flow / 100 % 60000),
		.dst_port = 53,
		.flags = TCP_SYN,
	};

	if (step > 0) {
		b.flags = TCP_ACK;
		b.seq = b.ack = 1;
	}
	if (step == 1) {
		b = build_answer(&b);
		b.flags = TCP_SYN | TCP_ACK;
		b.seq = 0;
	}
	if (step > 2) {
		b.seq = (uint32_t)(1 + BYTES - (step - 2));
		b.payload = &byte;
		b.payload_bytes = 1;
	}
	flood_tcp(r, &b, ts_ns);
}

void
m5_reverse_bytes(struct outcome *o)
{
	worst(o, outcome_size(o, 2000000, 20000), send_reverse);
}

/* 8,192 fragments of 16 bytes, each eight bytes after the one before, so that all of them overlap. */
static void
send_fragment(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	enum { FRAGMENTS = 8192, MORE = 0x2000 };
	uint64_t offset = n % FRAGMENTS;
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)(n / FRAGMENTS)),
		.dst = addr_v4(10, 2, 0, 1),
		.ip_proto = IPPROTO_UDP,
		.ip_id = (uint16_t)(n / FRAGMENTS),
		.more_fragments = offset < FRAGMENTS - 2,
		.fragment_offset = (uint16_t)(offset < FRAGMENTS - 1 ? offset : 0),
		.payload_bytes = 16,
	};

	flood_put(r, &b, build_ip(flood_frame(r), &b), ts_ns);
}

void
m5_fragments(struct outcome *o)
{
	worst(o, outcome_size(o, 2000000, 20000), send_fragment);
}

/* IPv6 with a hundred destination options, and UDP at their end. */
static void
send_extensions(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	enum { HEADERS = 100, DESTINATION = 60 };
	uint8_t chain[HEADERS * 8 + 8] = { 0 };
	struct build b = {
		.ip_proto = DESTINATION,
		.payload = chain,
		.payload_bytes = sizeof(chain),
	};
	bool parsed = addr_parse("2001:db8::1", &b.src) && addr_parse("2001:db8::2", &b.dst);

	assert(parsed);
	for (unsigned i = 0; i < HEADERS; i++) {
		chain[i * 8ULL] = i + 1 < HEADERS ? DESTINATION : IPPROTO_UDP;
		chain[i * 8ULL + 2] = 1; /* PadN of four */
		chain[i * 8ULL + 3] = 4;
	}
	uint8_t *udp = chain + HEADERS * 8ULL;
	udp[0] = (uint8_t)(n >> 8);
	udp[1] = (uint8_t)n;
	udp[3] = 53;
	udp[5] = 8;
	flood_put(r, &b, build_ip(flood_frame(r), &b), ts_ns);
}

void
m5_extensions(struct outcome *o)
{
	worst(o, outcome_size(o, 2000000, 20000), send_extensions);
}

/* An answer of many records, each named by a chain of pointers as long as there may be. */
static void
send_pointers(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	enum { CHAIN = 100, RECORDS = 64 };
	uint8_t message[2048] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 0, RECORDS };
	size_t at = 12;
	size_t previous;

	message[at++] = 1;
	message[at++] = 'x';
	previous = 12;
	at += 1; /* the root */
	memcpy(message + at, "\0\1\0\1", 4);
	at += 4;
	/* The chain lies in the first record's data. */
	memcpy(message + at, "\xc0\x0c\0\x10\0\1\0\0\0\x3c", 10);
	at += 10;
	message[at++] = 0;
	message[at++] = CHAIN * 2;
	for (unsigned i = 0; i < CHAIN; i++, at += 2) {
		message[at] = (uint8_t)(0xc0 | previous >> 8);
		message[at + 1] = (uint8_t)previous;
		previous = at;
	}
	for (unsigned i = 1; i < RECORDS; i++, at += 16) {
		message[at] = (uint8_t)(0xc0 | previous >> 8);
		message[at + 1] = (uint8_t)previous;
		memcpy(message + at + 2, "\0\1\0\1\0\0\0\x3c\0\4\x0a\1\2\3", 14);
	}
	struct build b = {
		.src = addr_v4(10, 2, 0, 53),
		.dst = addr_v4(10, 1, 0, (uint8_t)(n % 100)),
		.src_port = 53,
		.dst_port = (uint16_t)(1024 + n / 100 % 10),
		.payload = message,
		.payload_bytes = at,
	};
	flood_udp(r, &b, ts_ns);
}

void
m5_pointers(struct outcome *o)
{
	worst(o, outcome_size(o, 1000000, 10000), send_pointers);
}

/* IP in IP in IP, 64 times, and a datagram in the middle. */
static void
send_tunnels(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	enum { DEPTH = 64, BYTES = DEPTH * 20 + 8 };
	uint8_t inner[BYTES];
	struct build b = {
		.link = BUILD_RAW,
		.src = addr_v4(10, 1, 0, (uint8_t)(n % 100)),
		.dst = addr_v4(10, 2, 0, 1),
		.src_port = 1000,
		.dst_port = 2000,
	};
	uint8_t frame[BYTES];
	size_t length = build_udp(frame, &b);

	b.ip_proto = IPPROTO_IPIP;
	b.payload = inner;
	for (unsigned depth = 1; depth < DEPTH; depth++) {
		memcpy(inner, frame, length);
		b.payload_bytes = length;
		length = build_ip(frame, &b);
	}
	memcpy(inner, frame, length);
	b.payload_bytes = length;
	b.link = BUILD_ETHERNET;
	flood_put(r, &b, build_ip(flood_frame(r), &b), ts_ns);
}

void
m5_tunnels(struct outcome *o)
{
	worst(o, outcome_size(o, 500000, 5000), send_tunnels);
}
