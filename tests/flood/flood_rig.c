#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config_rows.h"
#include "detectors/detector.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
on_record(void *context, const struct record *record)
{
	struct flood_rig *r = context;

	if (r->on_record != NULL)
		r->on_record(r, record);
}

void
flood_init(struct flood_rig *r, uint64_t limit)
{
	assert(detector_count <= FLOOD_DETECTORS_MAX);
	memset(r, 0, sizeof(*r));
	config_rows_default(settings_rows, &r->settings);
	r->settings.sensor.name = "flood";
	r->settings.memory.limit = limit;
	r->hash_key = (struct hash_key){ { 0x1234567, 0x89abcdef } };
	r->random = 1;
	for (size_t i = 0; i < detector_count; i++) {
		void *config = calloc(1, detectors[i]->config_size + 1);
		assert(config != NULL);
		if (detectors[i]->config != NULL)
			config_rows_default(detectors[i]->config, config);
		r->configs[i] = config;
	}
}

void
flood_start(struct flood_rig *r)
{
	r->engine = engine_new(&(struct engine_plan){
		.settings = &r->settings,
		.detectors = detectors,
		.detector_configs = r->configs,
		.detector_count = detector_count,
		.hash_key = r->hash_key,
		.sink = { .wanted = UINT32_MAX, .context = r, .write = on_record },
	});
	assert(r->engine != NULL);
}

static uint64_t
now_ns(void)
{
	struct timespec t;

	/* Of this process alone: what others do on the machine is not the engine's time. */
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

void
flood_flush(struct flood_rig *r)
{
	if (r->filled == 0)
		return;
	uint64_t from_ns = now_ns();
	engine_packets(r->engine, r->frames, r->filled);
	uint64_t took_ns = now_ns() - from_ns;
	r->packets += r->filled;
	r->engine_ns += took_ns;
	if (took_ns > r->stop_ns)
		r->stop_ns = took_ns;
	r->filled = 0;
}

static void
forget(struct flood_rig *r)
{
	r->stats = engine_stats(r->engine);
	engine_free(r->engine);
	r->engine = NULL;
	for (size_t i = 0; i < detector_count; i++) {
		union {
			const void *borrowed;
			void *owned;
		} config = { .borrowed = r->configs[i] };
		free(config.owned);
	}
}

void
flood_finish(struct flood_rig *r)
{
	flood_flush(r);
	engine_finish(r->engine, NULL, 0);
	forget(r);
}

void
flood_abandon(struct flood_rig *r)
{
	flood_flush(r);
	forget(r);
}

uint8_t *
flood_frame(struct flood_rig *r)
{
	return r->bytes[r->filled];
}

void
flood_put(struct flood_rig *r, const struct build *b, size_t length, uint64_t ts_ns)
{
	assert(length <= FLOOD_FRAME_MAX);
	r->frames[r->filled] = build_frame(b, r->bytes[r->filled], length, ts_ns);
	if (++r->filled == ENGINE_BATCH_MAX)
		flood_flush(r);
}

void
flood_tcp(struct flood_rig *r, const struct build *b, uint64_t ts_ns)
{
	flood_put(r, b, build_tcp(flood_frame(r), b), ts_ns);
}

void
flood_udp(struct flood_rig *r, const struct build *b, uint64_t ts_ns)
{
	flood_put(r, b, build_udp(flood_frame(r), b), ts_ns);
}

uint64_t
flood_random(struct flood_rig *r)
{
	uint64_t z = r->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

double
flood_ns_each(const struct flood_rig *r)
{
	return r->packets == 0 ? 0 : (double)r->engine_ns / (double)r->packets;
}

void
flood_measure(struct flood_rig *r)
{
	flood_flush(r);
	r->packets = r->engine_ns = r->stop_ns = 0;
}

/* One packet of ten: the handshake, a question, an answer in three, and the end. */
static void
converse(struct flood_rig *r, unsigned step, unsigned n, uint64_t ts_ns)
{
	/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as a packet has them */
	static const struct {
		bool answer;
		uint8_t flags;
		uint32_t seq, ack;
		uint16_t bytes;
	} steps[10] = {
		{ false, TCP_SYN, 0, 0, 0 },
		{ true, TCP_SYN | TCP_ACK, 0, 1, 0 },
		{ false, TCP_ACK, 1, 1, 0 },
		{ false, TCP_ACK, 1, 1, 300 },
		{ true, TCP_ACK, 1, 301, 1000 },
		{ true, TCP_ACK, 1001, 301, 1000 },
		{ true, TCP_ACK, 2001, 301, 500 },
		{ false, TCP_FIN | TCP_ACK, 301, 2501, 0 },
		{ true, TCP_FIN | TCP_ACK, 2501, 302, 0 },
		{ false, TCP_ACK, 302, 2502, 0 },
	};
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)(n % 100)),
		.dst = addr_v4(10, 2, 0, (uint8_t)(n % 50)),
		.src_port = (uint16_t)(10000 + n % 50000),
		.dst_port = 443,
	};

	if (steps[step].answer)
		b = build_answer(&b);
	b.flags = steps[step].flags;
	b.seq = steps[step].seq;
	b.ack = steps[step].ack;
	b.payload_bytes = steps[step].bytes;
	flood_tcp(r, &b, ts_ns);
}

double
flood_normal_ns(unsigned packets)
{
	struct flood_rig *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	flood_init(r, FLOOD_LIMIT);
	flood_start(r);
	/* A hundred conversations at a time, all at the same step. */
	for (unsigned i = 0; i < packets; i++)
		converse(r, i / 100 % 10, i / 1000 * 100 + i % 100,
			FLOOD_BASE_NS + i * UINT64_C(50000));
	flood_flush(r);
	double each = flood_ns_each(r);
	flood_abandon(r);
	free(r);
	return each;
}

uint64_t
flood_peak_rss(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[128];
	unsigned long long kib = 0;

	assert(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kib = strtoull(line + 6, NULL, 10);
	(void)fclose(f);
	return kib * 1024;
}
