#include "exporters/zeek_conn.h"

#include "daemon/base/time_text.h"

#include <netinet/in.h>
#include <stddef.h>

struct block4 {
	uint32_t base;
	uint8_t prefix;
};

struct block6 {
	uint8_t base[4]; /* no block is longer than 32 bits but for the two single addresses */
	uint8_t prefix;
};

#define IP4(a, b, c) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8)

/* The most frequent first. */
static const struct block4 local4[] = {
	{ IP4(192, 168, 0), 16 }, { IP4(10, 0, 0), 8 }, { IP4(172, 16, 0), 12 },
	{ IP4(169, 254, 0), 16 }, { IP4(224, 0, 0), 24 }, /* multicast that is never routed */
	{ IP4(239, 0, 0), 8 },                            /* multicast of local scope */
	{ IP4(240, 0, 0), 4 },                            /* and the broadcast address */
	{ IP4(127, 0, 0), 8 }, { IP4(0, 0, 0), 8 }, { IP4(100, 64, 0), 10 }, /* carrier-grade NAT */
	{ IP4(192, 0, 0), 24 }, { IP4(192, 0, 2), 24 }, /* documentation, and the two below */
	{ IP4(198, 51, 100), 24 }, { IP4(203, 0, 113), 24 },
	{ IP4(198, 18, 0), 15 }, /* benchmarks */
};

static const struct block6 local6[] = {
	{ { 0xfe, 0x80 }, 10 }, { { 0xfc }, 7 },
	{ { 0xfe, 0xc0 }, 10 },             /* site-local, before RFC 3879 */
	{ { 0x20, 0x01 }, 23 },             /* protocol assignments, Teredo among them */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
};

static bool
is_local4(const struct addr *a)
{
	uint32_t ip = IP4(a->byte[12], a->byte[13], a->byte[14]) | a->byte[15];

	for (size_t i = 0; i < sizeof(local4) / sizeof(local4[0]); i++)
		if ((ip ^ local4[i].base) >> (32 - local4[i].prefix) == 0)
			return true;
	return false;
}

static uint32_t
first_word(const uint8_t byte[4])
{
	return IP4(byte[0], byte[1], byte[2]) | byte[3];
}

bool
zeek_conn_is_local(const struct addr *a)
{
	if (addr_is_v4(a))
		return is_local4(a);
	for (size_t i = 0; i < sizeof(local6) / sizeof(local6[0]); i++) {
		uint32_t differs = first_word(a->byte) ^ first_word(local6[i].base);

		if (differs >> (32 - local6[i].prefix) == 0)
			return true;
	}
	return addr_is_loopback(a) || addr_is_unspecified(a);
}

const char *
zeek_conn_proto(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "icmp";
	default:
		return "unknown_transport";
	}
}

uint64_t
zeek_conn_duration_us(const struct obs_flow *f)
{
	uint64_t start_us = f->start_ns / NS_PER_US;
	uint64_t last_us = f->last_ns / NS_PER_US;

	return last_us > start_us ? last_us - start_us : 0;
}
