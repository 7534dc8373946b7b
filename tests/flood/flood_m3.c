/*
 * M3: a million different names, network cards, VLANs, and a million time-outs in one second.
 *
 * What many values cost is measured against the same frames with a thousand values. (Server names,
 * user agents and fingerprints of TLS come with their parsers.)
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 1000, HOSTS = 100 };

/* Hands over the `n`th frame, about the `value`th thing. */
typedef void (*send_fn)(struct flood_rig *r, uint64_t n, uint64_t value, uint64_t ts_ns);

static struct flood_rig *
begin(uint64_t limit)
{
	struct flood_rig *r = malloc(sizeof(*r));

	assert(r != NULL);
	flood_init(r, limit);
	flood_start(r);
	return r;
}

static double
ns_each(uint64_t count, uint64_t values, send_fn send)
{
	struct flood_rig *r = begin(FLOOD_LIMIT);

	for (uint64_t n = 0; n < count; n++)
		send(r, n, n % values, FLOOD_BASE_NS + n * 20 * NS_PER_US);
	flood_flush(r);
	double each = flood_ns_each(r);
	flood_abandon(r);
	free(r);
	return each;
}

/* The same frames with few values, and with as many as there are frames. */
static void
compare(struct outcome *o, uint64_t count, send_fn send)
{
	double few = ns_each(count, FEW, send);
	struct flood_rig *r = begin(FLOOD_LIMIT);

	for (uint64_t n = 0; n < count; n++)
		send(r, n, n, FLOOD_BASE_NS + n * 20 * NS_PER_US);
	flood_finish(r);
	double each = flood_ns_each(r);
	if (o->measures)
		outcome_check(o, each <= 2 * few,
			"%.0f ns with %d values, %.2f times that with all", few, FEW, each / few);
	outcome_measure(o, r, FLOOD_LIMIT);
	free(r);
}

static size_t
answer_write(uint8_t *out, uint64_t value)
{
	static const uint8_t header[] = { 0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0 };
	static const uint8_t domain[] = "\7example\3com\0\0\1\0\1"; /* and the type and class */
	static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4 };
	char label[16];
	size_t at = sizeof(header);
	int length = snprintf(label, sizeof(label), "n%llu", (unsigned long long)value);

	memcpy(out, header, sizeof(header));
	out[at++] = (uint8_t)length;
	memcpy(out + at, label, (size_t)length);
	at += (size_t)length;
	memcpy(out + at, domain, sizeof(domain) - 1);
	at += sizeof(domain) - 1;
	memcpy(out + at, record, sizeof(record));
	at += sizeof(record);
	const uint8_t address[4] = { 100, (uint8_t)(value >> 16), (uint8_t)(value >> 8),
		(uint8_t)value };
	memcpy(out + at, address, sizeof(address));
	return at + sizeof(address);
}

static void
send_name(struct flood_rig *r, uint64_t n, uint64_t value, uint64_t ts_ns)
{
	uint8_t message[128];
	struct build b = {
		.src = addr_v4(10, 2, 0, 53),
		.dst = addr_v4(10, 1, 0, (uint8_t)(n % HOSTS)),
		.src_port = 53,
		.dst_port = (uint16_t)(1024 + n / HOSTS % 10),
		.payload = message,
		.payload_bytes = answer_write(message, value),
	};

	flood_udp(r, &b, ts_ns);
}

void
m3_names(struct outcome *o)
{
	compare(o, outcome_size(o, 1000000, 30000), send_name);
}

static void
send_mac(struct flood_rig *r, uint64_t n, uint64_t value, uint64_t ts_ns)
{
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)(n % HOSTS)),
		.dst = addr_v4(10, 1, 0, 200),
		.src_mac = { { 2, 0x11, (uint8_t)(value >> 24), (uint8_t)(value >> 16),
			(uint8_t)(value >> 8), (uint8_t)value } },
		.arp_operation = (uint16_t)(1 + n % 2),
	};

	flood_put(r, &b, build_arp(flood_frame(r), &b), ts_ns);
}

void
m3_macs(struct outcome *o)
{
	compare(o, outcome_size(o, 1000000, 30000), send_mac);
}

static void
send_vlan(struct flood_rig *r, uint64_t n, uint64_t value, uint64_t ts_ns)
{
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)(n % HOSTS)),
		.dst = addr_v4(10, 2, 0, 1),
		.src_port = (uint16_t)(1024 + n / HOSTS % 10),
		.dst_port = 5000,
		.vlan_count = 2,
		.vlan = { (uint16_t)(1 + value / 4000 % 4000), (uint16_t)(1 + value % 4000) },
	};

	flood_udp(r, &b, ts_ns);
}

void
m3_vlans(struct outcome *o)
{
	compare(o, outcome_size(o, 1000000, 30000), send_vlan);
}

static void
datagram(struct flood_rig *r, struct addr src, uint16_t port, uint64_t ts_ns)
{
	struct build b = {
		.src = src,
		.dst = addr_v4(10, 2, 0, 1),
		.src_port = port,
		.dst_port = 5000,
		.payload_bytes = 10,
	};

	flood_udp(r, &b, ts_ns);
}

/* Flows begin within a second and time out a minute later; meanwhile and after it others go on. */
void
m3_timeouts(struct outcome *o)
{
	const uint64_t limit = outcome_size(o, 1024, 128) * FLOOD_MIB;
	uint64_t count = outcome_size(o, 1000000, 40000);
	struct flood_rig *r = begin(limit);

	for (uint64_t n = 0; n < count; n++)
		datagram(r, addr_v4(10, 1, (uint8_t)(n / 60000 >> 8), (uint8_t)(n / 60000)),
			(uint16_t)(1024 + n % 60000), FLOOD_BASE_NS + n * (NS_PER_S / count));
	outcome_say(o, "%.0f ns to open a flow", flood_ns_each(r));
	flood_measure(r);
	for (uint64_t n = 0; n < 2 * count; n++)
		datagram(r, addr_v4(10, 3, 0, 1), (uint16_t)(1024 + n % 1000),
			FLOOD_BASE_NS + 50 * NS_PER_S + n * (20 * NS_PER_S / (2 * count)));
	flood_flush(r);
	struct engine_stats stats = engine_stats(r->engine);
	outcome_check(o, stats.flows_ended >= count, "%llu of %llu flows timed out",
		(unsigned long long)stats.flows_ended, (unsigned long long)count);
	outcome_check(o, stats.flows_evicted == 0, "%llu evicted",
		(unsigned long long)stats.flows_evicted);
	outcome_measure(o, r, limit);
	flood_finish(r);
	free(r);
}

/* Windows of very many hosts end at the same moment. */
void
m3_window_ends(struct outcome *o)
{
	const uint64_t limit = outcome_size(o, 1024, 64) * FLOOD_MIB;
	uint64_t hosts = outcome_size(o, 100000, 2000);
	struct flood_rig *r = begin(limit);

	for (uint64_t n = 0; n < hosts; n++)
		datagram(r, addr_v4(10, 4 + (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n),
			1024, FLOOD_BASE_NS + n * (10 * NS_PER_S / hosts));
	struct engine_stats stats = engine_stats(r->engine);
	uint64_t open = stats.windows_open;
	outcome_check(o, open + 32 >= hosts, "%llu windows open", (unsigned long long)open);
	flood_measure(r);
	for (uint64_t n = 0; n < 2 * hosts; n++)
		datagram(r, addr_v4(10, 3, 0, 1), (uint16_t)(1024 + n % 1000),
			FLOOD_BASE_NS + 7190 * NS_PER_S + n * (40 * NS_PER_S / (2 * hosts)));
	flood_flush(r);
	stats = engine_stats(r->engine);
	outcome_check(o, stats.windows_open <= 3, "%llu are left",
		(unsigned long long)stats.windows_open);
	outcome_measure(o, r, limit);
	flood_finish(r);
	free(r);
}
