/*
 * fuzz_engine.c -- any sequence of packets into a whole engine, all detectors on, almost no memory.
 *
 * Byte 0 chooses settings; then steps, one byte that says what and one that says how much later, and
 * what each needs: a frame as it is, a packet between two of a few hosts, a sweep, silence. At the
 * end everything that was counted must add up, and every record must survive its way to the writer.
 * After its start an engine allocates nothing; at its start, one allocation in 16 may fail.
 */
#include "daemon/base/time_text.h"
#include "daemon/config/config_rows.h"
#include "daemon/decode/decode.h"
#include "daemon/engine/engine.h"
#include "daemon/record/record_wire.h"
#include "detectors/detector.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/packet_build.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define MIB      (UINT64_C(1) << 20)
#define BEGIN_NS (UINT64_C(1600000000) * NS_PER_S)

enum {
	DETECTORS_MAX = 128,
	STEPS_MAX = 512,
	SWEEP_MAX = 16,
	FRAME_BYTES_MAX = 2048,
	FLOWS_CROSSING = 8
};

enum step {
	STEP_FRAME,    /* link type, length, bytes */
	STEP_TCP,      /* hosts, ports, flags, sequence, length, bytes */
	STEP_UDP,      /* hosts, ports, length, bytes */
	STEP_ICMP,     /* hosts, type, code */
	STEP_ARP,      /* hosts, operation */
	STEP_SWEEP,    /* hosts, port: SYNs to many hosts, or to many ports of one */
	STEP_FRAGMENT, /* hosts, offset and more, length, bytes */
	STEP_SILENCE,
	STEP_COUNT,
};

struct run {
	struct engine *engine;
	struct cursor in;
	uint64_t now_ns;
	uint64_t fed, fed_bytes;
	uint64_t ended, evidence, alerts, windows, totals, side_packets;
	struct record_totals last;
};

/* What goes to the writer comes out there as the same bytes. */
static void
cross(const struct record *r)
{
	static uint8_t first[RECORD_WIRE_MAX];
	static uint8_t second[RECORD_WIRE_MAX];
	static struct record_unpacked u;
	struct blob b = blob_over(first, sizeof(first));
	struct blob again = blob_over(second, sizeof(second));

	record_pack(&b, r);
	assert(!b.overflow);
	struct cursor c = cursor_over(first, b.length);
	bool good = record_unpack(&c, &u);
	assert(good && cursor_left(&c) == 0);
	record_pack(&again, &u.record);
	assert(again.length == b.length && memcmp(first, second, b.length) == 0);
}

static void
take(void *context, const struct record *r)
{
	struct run *run = context;

	assert(r->kind < RECORD_KIND_COUNT);
	if ((RECORD_WIRE_KINDS & RECORD_BIT(r->kind)) != 0 &&
		(r->kind != RECORD_FLOW || run->ended < FLOWS_CROSSING))
		cross(r);
	switch (r->kind) {
	case RECORD_EVIDENCE:
		run->evidence++;
		break;
	case RECORD_ALERT:
		run->alerts++;
		break;
	case RECORD_FLOW:
		assert(r->flow->last_ns >= r->flow->start_ns);
		run->side_packets += r->flow->orig_delta.packets + r->flow->resp_delta.packets;
		run->ended += r->flow->ended != FLOW_END_NONE;
		break;
	case RECORD_WINDOW:
		run->windows++;
		break;
	case RECORD_TOTALS:
		run->totals++;
		run->last = *r->totals;
		break;
	default:
		break;
	}
}

/* A block of the very size, so that a sanitizer sees the first byte past it. */
static void
feed(struct run *r, uint16_t link, const uint8_t *bytes, size_t len, uint32_t more)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);

	assert(exact != NULL);
	memcpy(exact, bytes, len);
	const struct frame f = { .ts_ns = r->now_ns,
		.bytes = exact,
		.captured = (uint32_t)len,
		.wire = (uint32_t)len + more,
		.link = link };
	failing_alloc_begin(1);
	engine_packets(r->engine, &f, 1);
	assert(failing_alloc_end() == 0);
	r->fed++;
	r->fed_bytes += f.wire;
	free(exact);
}

/* Sixteen hosts: 0 .. 11 of IPv4, half of them home, the others of IPv6. */
static struct addr
host(uint8_t number)
{
	uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = number };

	if (number >= 12)
		return addr_from_v6(v6);
	return number % 2 == 0 ? addr_v4(10, 0, 0, number) : addr_v4(198, 51, 100, number);
}

static uint16_t
port(uint8_t nibble)
{
	static const uint16_t known[8] = { 0, 22, 23, 53, 80, 443, 5353, 3389 };

	return nibble < 8 ? known[nibble] : (uint16_t)(40000 + nibble);
}

static struct build
between(struct run *r, bool with_ports)
{
	uint8_t hosts = cursor_u8(&r->in);
	uint8_t ports = with_ports ? cursor_u8(&r->in) : 0;
	struct addr src = host(hosts >> 4);
	struct addr dst = host(hosts & 15);

	if (addr_is_v4(&src) != addr_is_v4(&dst))
		dst = host((uint8_t)((hosts & 3) + (addr_is_v4(&src) ? 0 : 12)));
	return (struct build){
		.src = src, .dst = dst, .src_port = port(ports >> 4), .dst_port = port(ports & 15)
	};
}

static void
payload(struct run *r, struct build *b)
{
	size_t wanted = cursor_u8(&r->in);
	size_t there = cursor_left(&r->in);

	b->payload_bytes = wanted < there ? wanted : there;
	b->payload = cursor_take(&r->in, b->payload_bytes);
}

static void
step_frame(struct run *r)
{
	uint16_t link = cursor_be16(&r->in);
	size_t wanted = cursor_be16(&r->in) % FRAME_BYTES_MAX;
	size_t there = cursor_left(&r->in);
	size_t n = wanted < there ? wanted : there;
	const uint8_t *bytes = cursor_take(&r->in, n);

	if (bytes != NULL)
		feed(r, decode_link_name(link) != NULL ? link : 1, bytes, n,
			(uint32_t)(wanted - n));
}

static void
step_sweep(struct run *r, uint8_t *room)
{
	struct build b = between(r, /* with_ports= */ true);
	bool ports = b.src_port < 40000;

	b.flags = TCP_SYN;
	for (unsigned i = 0; i < SWEEP_MAX; i++) {
		b.src_port = (uint16_t)(50000 + i);
		if (ports)
			b.dst_port = (uint16_t)(b.dst_port + 1);
		else
			b.dst.byte[15] = (uint8_t)(b.dst.byte[15] + 1);
		feed(r, build_link_type(&b), room, build_tcp(room, &b), 0);
		r->now_ns += NS_PER_MS;
	}
}

static void
step(struct run *r, enum step what)
{
	static uint8_t room[BUILD_MAX];
	struct build b;
	uint8_t more;

	switch (what) {
	case STEP_FRAME:
		step_frame(r);
		break;
	case STEP_TCP:
		b = between(r, /* with_ports= */ true);
		b.flags = cursor_u8(&r->in) & 0x3f;
		b.seq = cursor_be16(&r->in);
		b.ack = cursor_u8(&r->in);
		payload(r, &b);
		feed(r, build_link_type(&b), room, build_tcp(room, &b), 0);
		break;
	case STEP_UDP:
		b = between(r, /* with_ports= */ true);
		payload(r, &b);
		feed(r, build_link_type(&b), room, build_udp(room, &b), 0);
		break;
	case STEP_ICMP:
		b = between(r, /* with_ports= */ false);
		b.icmp_type = cursor_u8(&r->in);
		b.icmp_code = cursor_u8(&r->in);
		feed(r, build_link_type(&b), room, build_icmp(room, &b), 0);
		break;
	case STEP_ARP:
		b = between(r, /* with_ports= */ false);
		b.arp_operation = cursor_u8(&r->in);
		if (addr_is_v4(&b.src))
			feed(r, build_link_type(&b), room, build_arp(room, &b), 0);
		break;
	case STEP_SWEEP:
		step_sweep(r, room);
		break;
	case STEP_FRAGMENT:
		b = between(r, /* with_ports= */ true);
		more = cursor_u8(&r->in);
		b.is_fragment = true;
		b.more_fragments = (more & 0x80) != 0;
		b.fragment_offset = more & 0x7f;
		payload(r, &b);
		feed(r, build_link_type(&b), room, build_udp(room, &b), 0);
		break;
	case STEP_SILENCE:
	case STEP_COUNT:
		engine_tick(r->engine, r->now_ns);
		break;
	}
}

/* From nothing to some days, and a little back. */
static uint64_t
later(uint64_t now_ns, uint8_t byte)
{
	if (byte >= 0xf0)
		return now_ns - (byte & 15) * NS_PER_S;
	return now_ns + ((uint64_t)(byte & 15) << (byte >> 4) * 3) * NS_PER_MS;
}

static void
add_up(const struct run *r)
{
	struct engine_stats s = engine_stats(r->engine);
	uint64_t lost = 0;

	assert(s.packets == r->fed && s.bytes == r->fed_bytes);
	assert(s.flows_active == 0 && s.flows_started == s.flows_ended);
	assert(s.flows_ended == r->ended && s.flows_evicted <= s.flows_ended);
	assert(r->side_packets + s.duplicates <= s.packets * 2);
	assert(s.profiles_active == 0 && s.profiles_evicted <= s.profiles_made);
	assert(s.windows_open == 0 && s.windows_opened == r->windows);
	assert(s.evidence == r->evidence && s.alerts == r->alerts);
	for (size_t i = 0; i < THREAT_COUNT; i++)
		lost += s.alerts_by[i];
	assert(lost == s.alerts);
	assert(r->totals == 1 && r->last.packets == s.packets && r->last.bytes == s.bytes);
	assert(r->last.flows == s.flows_ended && r->last.evidence == s.evidence);
}

/* With a seed: only made, while allocations fail. */
static void
run(const uint8_t *bytes, size_t len, uint32_t seed)
{
	static const void *configs[DETECTORS_MAX];
	static struct setting_cidr home[1];
	struct settings settings = { 0 };
	struct run r = { .in = cursor_over(bytes, len), .now_ns = BEGIN_NS };
	uint8_t chosen = cursor_u8(&r.in);

	for (size_t i = 0; i < detector_count && configs[i] == NULL; i++) {
		void *config = calloc(1, detectors[i]->config_size + 1);
		assert(config != NULL && detector_count <= DETECTORS_MAX);
		if (detectors[i]->config != NULL)
			config_rows_default(detectors[i]->config, config);
		configs[i] = config;
	}
	config_rows_default(settings_rows, &settings);
	settings.sensor.name = "fuzz";
	settings.memory.limit = 17 * MIB;
	settings.direction = (chosen & 1) != 0 ? DIRECTION_ALL : DIRECTION_OUT;
	settings.flow.checksums = (chosen & 2) != 0;
	settings.flow.timeouts = (chosen >> 2) % FLOW_TIMEOUTS_COUNT;
	home[0].value = (struct cidr){ .base = addr_v4(10, 0, 0, 0), .prefix_len = 8 };
	if ((chosen & 0x10) != 0)
		settings.home_network = (struct config_list){ .items = home, .count = 1 };
	const struct engine_plan plan = {
		.settings = &settings,
		.detectors = detectors,
		.detector_configs = configs,
		.detector_count = detector_count,
		.hash_key = { { 1, 2 } },
		.live = (chosen & 0x20) != 0,
		.sink = { .wanted = UINT32_MAX, .context = &r, .write = take },
	};
	failing_alloc_begin(seed);
	r.engine = engine_new(&plan);
	(void)failing_alloc_end();
	assert(r.engine != NULL || seed != 0);
	if (seed != 0) {
		engine_free(r.engine);
		return;
	}
	for (size_t i = 0; i < STEPS_MAX && cursor_left(&r.in) > 0; i++) {
		enum step what = cursor_u8(&r.in) % STEP_COUNT;
		r.now_ns = later(r.now_ns, cursor_u8(&r.in));
		step(&r, what);
	}
	failing_alloc_begin(1);
	engine_finish(r.engine, NULL, 0);
	assert(failing_alloc_end() == 0);
	add_up(&r);
	engine_free(r.engine);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	uint32_t seed = failing_alloc_seed(bytes, len);

	if (seed != 0)
		run(bytes, len, seed);
	run(bytes, len, 0);
	return 0;
}
