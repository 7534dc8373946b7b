/*
 * A number may be sent in fewer bytes than it has (RFC 7011 section 6.2), so each is read in the length that
 * the template says. Fields of no use are stepped over: what is not in the table has no effect.
 */
#include "daemon/input/netflow_record.h"

#include "daemon/base/time_text.h"
#include "daemon/flow/flow_key.h"

#include <netinet/in.h>

enum {
	NUMBER_BYTES_MAX = 8,
	V4_BYTES = 4,
	LONG_LENGTH = 255, /* IPFIX: two bytes of length follow */
	WRONG_CLOCK_S = 60,
	ACTIVE_TIMEOUT = 2, /* flowEndReason */
	UNKNOWN_REASON = 0,
	SOURCE_OPENED = 1, /* biflowDirection */
	VLAN_MASK = 0xfff,
};

/* Seconds from 1900, where NTP's begin, to 1970. */
#define NTP_EPOCH UINT64_C(2208988800)

struct known_element {
	uint16_t id;
	uint8_t element;
};

static const struct known_element known[] = {
	{ 1, NETFLOW_BYTES },
	{ 2, NETFLOW_PACKETS },
	{ 4, NETFLOW_PROTOCOL },
	{ 6, NETFLOW_TCP_FLAGS },
	{ 7, NETFLOW_SRC_PORT },
	{ 8, NETFLOW_SRC_ADDR },
	{ 11, NETFLOW_DST_PORT },
	{ 12, NETFLOW_DST_ADDR },
	{ 21, NETFLOW_END_UPTIME_MS },
	{ 22, NETFLOW_START_UPTIME_MS },
	{ 23, NETFLOW_POST_BYTES },
	{ 24, NETFLOW_POST_PACKETS },
	{ 27, NETFLOW_SRC_ADDR },
	{ 28, NETFLOW_DST_ADDR },
	{ 32, NETFLOW_ICMP },
	{ 34, NETFLOW_SAMPLING_INTERVAL },
	{ 48, NETFLOW_SAMPLER },
	{ 50, NETFLOW_SAMPLING_INTERVAL },
	{ 56, NETFLOW_SRC_MAC },
	{ 58, NETFLOW_VLAN },
	{ 61, NETFLOW_DIRECTION },
	{ 80, NETFLOW_DST_MAC },
	{ 85, NETFLOW_TOTAL_BYTES },
	{ 86, NETFLOW_TOTAL_PACKETS },
	{ 136, NETFLOW_END_REASON },
	{ 139, NETFLOW_ICMP },
	{ 150, NETFLOW_START_S },
	{ 151, NETFLOW_END_S },
	{ 152, NETFLOW_START_MS },
	{ 153, NETFLOW_END_MS },
	{ 154, NETFLOW_START_NTP }, /* microseconds, in NTP's format */
	{ 155, NETFLOW_END_NTP },
	{ 156, NETFLOW_START_NTP }, /* nanoseconds, in the same */
	{ 157, NETFLOW_END_NTP },
	{ 158, NETFLOW_START_AGO_US },
	{ 159, NETFLOW_END_AGO_US },
	{ 160, NETFLOW_INIT_MS },
	{ 161, NETFLOW_DURATION_MS },
	{ 176, NETFLOW_ICMP_TYPE },
	{ 177, NETFLOW_ICMP_CODE },
	{ 178, NETFLOW_ICMP_TYPE },
	{ 179, NETFLOW_ICMP_CODE },
	{ 239, NETFLOW_BIFLOW },
	{ 302, NETFLOW_SAMPLER },
	{ 305, NETFLOW_SAMPLED_PACKETS },
	{ 306, NETFLOW_SKIPPED_PACKETS },
	{ 309, NETFLOW_SAMPLE_SIZE },
	{ 310, NETFLOW_SAMPLE_POPULATION },
};

uint8_t
netflow_element_of(uint16_t id)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].id == id)
			return known[i].element;
	return NETFLOW_NONE;
}

static uint64_t
number(struct cursor *c)
{
	uint64_t value = 0;

	while (cursor_left(c) > 0)
		value = value << 8 | cursor_u8(c);
	return value;
}

/* A template of both families has :: in the one that it is not; "::" alone is a host without an address. */
static bool
read_address(struct cursor *c, bool is_known, struct addr *ret)
{
	uint8_t bytes[sizeof(ret->byte)];
	size_t length = cursor_left(c);

	if (length != sizeof(bytes) && length != V4_BYTES)
		return false;
	cursor_bytes(c, bytes, length);
	struct addr a = length == V4_BYTES ? addr_from_v4(bytes) : addr_from_v6(bytes);
	if (is_known && addr_is_unspecified(&a))
		return false;
	*ret = a;
	return true;
}

static bool
read_mac(struct cursor *c, struct mac *ret)
{
	if (cursor_left(c) != sizeof(ret->byte))
		return false;
	cursor_bytes(c, ret->byte, sizeof(ret->byte));
	return true;
}

/* returns false for a value of a length that it cannot have */
static bool
read_value(const struct netflow_field *f, struct cursor *c, struct netflow_record *r)
{
	switch (f->element) {
	case NETFLOW_NONE:
		return false;
	case NETFLOW_SRC_ADDR:
		return read_address(c, netflow_has(r, NETFLOW_SRC_ADDR), &r->src);
	case NETFLOW_DST_ADDR:
		return read_address(c, netflow_has(r, NETFLOW_DST_ADDR), &r->dst);
	case NETFLOW_SRC_MAC:
		return read_mac(c, &r->src_mac);
	case NETFLOW_DST_MAC:
		return read_mac(c, &r->dst_mac);
	default:
		break;
	}
	if (cursor_left(c) == 0 || cursor_left(c) > NUMBER_BYTES_MAX)
		return false;
	(f->is_reverse ? r->reverse : r->value)[f->element] = number(c);
	return true;
}

bool
netflow_record_read(
	const struct netflow_template *template, struct cursor *set, struct netflow_record *ret)
{
	*ret = (struct netflow_record){ 0 };
	for (unsigned i = 0; i < template->count; i++) {
		const struct netflow_field *f = &template->fields[i];
		size_t length = f->length;
		if (length == NETFLOW_LENGTH_VARIES) {
			length = cursor_u8(set);
			if (length == LONG_LENGTH)
				length = cursor_be16(set);
		}
		struct cursor value = cursor_sub(set, length);
		if (value.short_read)
			return false;
		if (read_value(f, &value, ret))
			*(f->is_reverse ? &ret->has_reverse : &ret->has) |= UINT64_C(1)
									    << f->element;
	}
	return true;
}

struct netflow_clock
netflow_clock_of(uint64_t export_ns, bool has_uptime, uint32_t uptime_ms, uint64_t now_ns)
{
	uint64_t apart = export_ns > now_ns ? export_ns - now_ns : now_ns - export_ns;

	return (struct netflow_clock){ .export_ns = export_ns,
		.now_ns = now_ns,
		.uptime_ms = uptime_ms,
		.has_uptime = has_uptime,
		.is_wrong = apart > WRONG_CLOCK_S * NS_PER_S };
}

uint64_t
netflow_uptime_ns(const struct netflow_clock *clock, uint32_t uptime_ms)
{
	uint32_t ago_ms = clock->uptime_ms - uptime_ms; /* modulo 2^32, as the uptime is */
	uint64_t ago_ns = (uint64_t)ago_ms * NS_PER_MS;

	if (ago_ms > UINT32_MAX / 2)
		return clock->export_ns; /* it has not come yet */
	return ago_ns < clock->export_ns ? clock->export_ns - ago_ns : 0;
}

void
netflow_times(const struct netflow_clock *clock, uint64_t start_ns, uint64_t end_ns,
	struct flow_part *part)
{
	uint64_t shift_ns = clock->is_wrong ? clock->now_ns - clock->export_ns : 0;
	uint64_t length_ns = end_ns > start_ns ? end_ns - start_ns : 0;

	end_ns += shift_ns; /* modulo 2^64: it may be back */
	part->end_ns = end_ns < clock->now_ns ? end_ns : clock->now_ns;
	part->start_ns = length_ns < part->end_ns ? part->end_ns - length_ns : 0;
}

/* One way of telling when a flow began and ended. */
struct time_kind {
	uint8_t start, end;
	uint64_t unit_ns; /* since 1970; 0: as `ns` says */
	uint64_t (*ns)(
		const struct netflow_record *r, const struct netflow_clock *clock, uint64_t value);
};

static uint64_t
scaled(uint64_t value, uint64_t unit_ns)
{
	return value < UINT64_MAX / unit_ns ? value * unit_ns : UINT64_MAX;
}

static uint64_t
ns_of_ntp(const struct netflow_record *r, const struct netflow_clock *clock, uint64_t value)
{
	uint64_t seconds = value >> 32;

	(void)r;
	(void)clock;
	if (seconds < NTP_EPOCH)
		return 0;
	return (seconds - NTP_EPOCH) * NS_PER_S + ((value & UINT32_MAX) * NS_PER_S >> 32);
}

/* IPFIX has no uptime of its own: the record says when the exporter started. */
static uint64_t
ns_of_uptime(const struct netflow_record *r, const struct netflow_clock *clock, uint64_t value)
{
	if (clock->has_uptime)
		return netflow_uptime_ns(clock, (uint32_t)value);
	if (netflow_has(r, NETFLOW_INIT_MS))
		return scaled(r->value[NETFLOW_INIT_MS] + value, NS_PER_MS);
	return clock->export_ns;
}

static uint64_t
ns_of_ago(const struct netflow_record *r, const struct netflow_clock *clock, uint64_t value)
{
	uint64_t ago_ns = scaled(value, NS_PER_US);

	(void)r;
	return ago_ns < clock->export_ns ? clock->export_ns - ago_ns : 0;
}

/* The finest first. */
static const struct time_kind time_kinds[] = {
	{ NETFLOW_START_NTP, NETFLOW_END_NTP, 0, ns_of_ntp },
	{ NETFLOW_START_AGO_US, NETFLOW_END_AGO_US, 0, ns_of_ago },
	{ NETFLOW_START_MS, NETFLOW_END_MS, NS_PER_MS, NULL },
	{ NETFLOW_START_UPTIME_MS, NETFLOW_END_UPTIME_MS, 0, ns_of_uptime },
	{ NETFLOW_START_S, NETFLOW_END_S, NS_PER_S, NULL },
};

static uint64_t
time_of(const struct time_kind *k, const struct netflow_record *r,
	const struct netflow_clock *clock, uint8_t element)
{
	uint64_t value = r->value[element];

	return k->unit_ns != 0 ? scaled(value, k->unit_ns) : k->ns(r, clock, value);
}

static void
set_times(const struct netflow_record *r, const struct netflow_clock *clock, struct flow_part *part)
{
	uint64_t start_ns = 0;
	uint64_t end_ns = 0;
	bool has_start = false;
	bool has_end = false;

	for (size_t i = 0; i < sizeof(time_kinds) / sizeof(*time_kinds); i++) {
		const struct time_kind *k = &time_kinds[i];
		if (!has_start && netflow_has(r, k->start))
			start_ns = time_of(k, r, clock, k->start);
		if (!has_end && netflow_has(r, k->end))
			end_ns = time_of(k, r, clock, k->end);
		has_start |= netflow_has(r, k->start);
		has_end |= netflow_has(r, k->end);
	}
	uint64_t length_ns = scaled(r->value[NETFLOW_DURATION_MS], NS_PER_MS);
	if (!has_end)
		end_ns = has_start ? start_ns + length_ns : clock->export_ns;
	if (!has_start)
		start_ns = length_ns < end_ns ? end_ns - length_ns : end_ns;
	netflow_times(clock, start_ns, end_ns, part);
}

uint64_t
netflow_times_rate(uint64_t n, uint32_t rate)
{
	return rate <= 1 ? n : scaled(n, rate);
}

/* The first that is there. What left the exporter counts only if nobody says what came in. */
static uint64_t
first_of(const struct netflow_record *r, enum netflow_element a, enum netflow_element b,
	enum netflow_element c)
{
	if (netflow_has(r, a))
		return r->value[a];
	return netflow_has(r, b) ? r->value[b] : r->value[c];
}

static bool
set_numbers(const struct netflow_record *r, uint32_t rate, struct flow_part *part)
{
	uint64_t packets =
		first_of(r, NETFLOW_PACKETS, NETFLOW_TOTAL_PACKETS, NETFLOW_POST_PACKETS);
	uint64_t bytes = first_of(r, NETFLOW_BYTES, NETFLOW_TOTAL_BYTES, NETFLOW_POST_BYTES);
	uint64_t back = r->reverse[NETFLOW_PACKETS];

	packets += packets == 0 && bytes != 0; /* it has no field for them */
	if (packets == 0 && back == 0)
		return false;
	part->rate = rate;
	part->forward = (struct flow_sent){ .packets = netflow_times_rate(packets, rate),
		.bytes = netflow_times_rate(bytes, rate),
		.tcp_flags = (uint8_t)r->value[NETFLOW_TCP_FLAGS] };
	part->reverse = (struct flow_sent){ .packets = netflow_times_rate(back, rate),
		.bytes = netflow_times_rate(r->reverse[NETFLOW_BYTES], rate),
		.tcp_flags = (uint8_t)r->reverse[NETFLOW_TCP_FLAGS] };
	return true;
}

static void
set_ports(const struct netflow_record *r, struct flow_part *part)
{
	uint64_t both =
		netflow_has(r, NETFLOW_ICMP) ? r->value[NETFLOW_ICMP] : r->value[NETFLOW_DST_PORT];

	part->src_port = (uint16_t)r->value[NETFLOW_SRC_PORT];
	part->dst_port = (uint16_t)r->value[NETFLOW_DST_PORT];
	if (!flow_key_is_icmp(part->ip_proto))
		return;
	part->src_port = both >> 8 & UINT8_MAX;
	part->dst_port = both & UINT8_MAX;
	if (!netflow_has(r, NETFLOW_ICMP_TYPE))
		return;
	part->src_port = r->value[NETFLOW_ICMP_TYPE] & UINT8_MAX;
	part->dst_port = r->value[NETFLOW_ICMP_CODE] & UINT8_MAX;
}

static enum flow_part_more
more_of(const struct netflow_record *r)
{
	switch (r->value[NETFLOW_END_REASON]) {
	case UNKNOWN_REASON:
		return FLOW_PART_UNKNOWN;
	case ACTIVE_TIMEOUT:
		return FLOW_PART_GOES_ON;
	default:
		return FLOW_PART_OVER;
	}
}

bool
netflow_record_part(const struct netflow_record *r, const struct netflow_clock *clock,
	uint32_t rate, struct flow_part *ret)
{
	*ret = (struct flow_part){ 0 };
	if (!netflow_has(r, NETFLOW_SRC_ADDR) || !netflow_has(r, NETFLOW_DST_ADDR) ||
		!set_numbers(r, rate, ret))
		return false;
	ret->src = r->src;
	ret->dst = r->dst;
	ret->ip_proto = (uint8_t)r->value[NETFLOW_PROTOCOL];
	ret->src_mac = r->src_mac;
	ret->dst_mac = r->dst_mac;
	ret->has_macs = netflow_has(r, NETFLOW_SRC_MAC) || netflow_has(r, NETFLOW_DST_MAC);
	ret->vlan = r->value[NETFLOW_VLAN] & VLAN_MASK;
	ret->more = more_of(r);
	ret->src_opened = r->value[NETFLOW_BIFLOW] == SOURCE_OPENED;
	set_ports(r, ret);
	set_times(r, clock, ret);
	return true;
}

uint32_t
netflow_record_rate(const struct netflow_record *r)
{
	uint64_t rate = r->value[NETFLOW_SAMPLING_INTERVAL];
	uint64_t sampled = r->value[NETFLOW_SAMPLED_PACKETS];
	uint64_t size = r->value[NETFLOW_SAMPLE_SIZE];

	if (sampled != 0)
		rate = (sampled + r->value[NETFLOW_SKIPPED_PACKETS]) / sampled;
	else if (size != 0)
		rate = r->value[NETFLOW_SAMPLE_POPULATION] / size;
	return rate < UINT32_MAX ? (uint32_t)rate : UINT32_MAX;
}
