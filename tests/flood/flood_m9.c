/*
 * M9: connections with a hole, and all that comes behind it, backwards: what a stream is kept for.
 *
 * Thousands at a time: half open, or begun as TLS, HTTP, SMB or SMTP so that the parser's state is there
 * as well; none ever says the next byte. The streams' memory may not grow beyond its share, what has to
 * go is counted, and honest conversations by HTTP among them are read. As fast as M1.
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "daemon/transactions/http.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What a live sensor has unless it is told otherwise. */
#define LIVE_LIMIT (128 * FLOOD_MIB)

enum { RATE = 100000, AT_ONCE = 4096, STEPS = 24, SEGMENT = 1000, HOLE = 500 };
enum { HONEST_EVERY = 20, HONEST_AT_ONCE = 100, HONEST_STEPS = 8 };

/* How a connection of the flood begins; the last one does not. */
static const struct beginning {
	const char *service; /* as the flow's record has it */
	const char *bytes;
	uint16_t size;
	bool by_server;
	bool is_half_open; /* nobody answers its SYN */
} beginnings[] = {
#define BEGINS(text) (text), sizeof(text) - 1
	{ "ssl",
		BEGINS("\x16\x03\x01\x08\x00\x01\x00\x07\xfc\x03\x03"
		       "0123456789abcdef0123456789abcdef"),
		false, false },
	{ "http", BEGINS("GET /a/page HTTP/1.1\r\nHost: exa"), false, false },
	{ "smb", BEGINS("\x00\x00\x08\x00\xfeSMB\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x1f\x00"),
		false, false },
	{ "smtp", BEGINS("220 mail.example.com ESMTP Postfix\r\n250-mail"), true, false },
	{ "", BEGINS(""), false, true },
};
enum { KINDS = sizeof(beginnings) / sizeof(beginnings[0]) };

struct m9 {
	uint64_t recognised[KINDS]; /* flows */
	uint64_t honest_read;
	uint32_t units_most; /* of the streams' memory */
};

static void
on_record(struct flood_rig *r, const struct record *record)
{
	struct m9 *m = r->test;

	if (record->kind == RECORD_TRANSACTION && record->transaction->kind == OBS_HTTP) {
		const struct obs_http *http = record->transaction->http;
		m->honest_read += http->uri != NULL && strcmp(http->uri, "/honest") == 0 &&
				  http->status_code == 204;
	}
	for (size_t i = 0; i < KINDS && record->kind == RECORD_FLOW; i++)
		m->recognised[i] += record->flow->orig_port < 60000 &&
				    strcmp(record->flow->service, beginnings[i].service) == 0;
}

/* The `n`th packet of the flood. */
static void
send_hole(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	uint64_t turn =
		n / AT_ONCE + n % AT_ONCE; /* each is at another step than the one before it */
	uint64_t flow = turn / STEPS * AT_ONCE + n % AT_ONCE;
	uint32_t step = (uint32_t)(turn % STEPS);
	const struct beginning *begins = &beginnings[flow % KINDS];
	struct build b = {
		.src = addr_v4(10, 9, (uint8_t)(flow >> 8), (uint8_t)flow),
		.dst = addr_v4(10, 2, 0, (uint8_t)(flow % 50)),
		.src_port = (uint16_t)(1024 + flow / 65536 % 50000),
		.dst_port = 8000,
		.flags = TCP_SYN,
	};

	if (step > 0) {
		b.flags = TCP_ACK;
		b.seq = b.ack = 1;
	}
	if (step == 1 || (step > 1 && begins->by_server))
		b = build_answer(&b);
	if (step == 1) {
		b.flags = TCP_SYN | TCP_ACK;
		b.seq = 0;
	}
	if (step == 1 && begins->is_half_open)
		return;
	if (step == 2) {
		b.payload = begins->bytes;
		b.payload_bytes = begins->size;
	}
	if (step > 2) {
		b.seq += HOLE + (STEPS - step) * SEGMENT;
		b.payload_bytes = SEGMENT;
	}
	flood_tcp(r, &b, ts_ns);
}

/* The `n`th packet of honest hosts: a request in two segments, and its answer. */
static void
send_honest(struct flood_rig *r, uint64_t n, uint64_t ts_ns)
{
	static const char asked[] = "GET /honest HTTP/1.1\r\nHost: www.example.com\r\n\r\n";
	static const char answered[] = "HTTP/1.1 204 No Content\r\n\r\n";
	enum { ASKED = sizeof(asked) - 1, ANSWERED = sizeof(answered) - 1, CUT = 20 };
	/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as a packet has them */
	static const struct {
		bool answer;
		uint8_t flags;
		uint32_t seq, ack;
		const char *bytes;
		uint16_t size;
	} steps[HONEST_STEPS] = {
		{ false, TCP_SYN, 0, 0, NULL, 0 },
		{ true, TCP_SYN | TCP_ACK, 0, 1, NULL, 0 },
		{ false, TCP_ACK, 1, 1, asked, CUT },
		{ false, TCP_ACK, 1 + CUT, 1, asked + CUT, ASKED - CUT },
		{ true, TCP_ACK, 1, 1 + ASKED, answered, ANSWERED },
		{ false, TCP_FIN | TCP_ACK, 1 + ASKED, 1 + ANSWERED, NULL, 0 },
		{ true, TCP_FIN | TCP_ACK, 1 + ANSWERED, 2 + ASKED, NULL, 0 },
		{ false, TCP_ACK, 2 + ASKED, 2 + ANSWERED, NULL, 0 },
	};
	uint64_t slot = n % HONEST_AT_ONCE;
	uint64_t step = n / HONEST_AT_ONCE % HONEST_STEPS;
	uint64_t turn = n / HONEST_AT_ONCE / HONEST_STEPS;
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)slot),
		.dst = addr_v4(10, 2, 1, (uint8_t)(turn % 10)),
		.src_port = (uint16_t)(60000 + turn % 5000),
		.dst_port = 8080,
	};

	if (steps[step].answer)
		b = build_answer(&b);
	b.flags = steps[step].flags;
	b.seq = steps[step].seq;
	b.ack = steps[step].ack;
	b.payload = steps[step].bytes;
	b.payload_bytes = steps[step].size;
	flood_tcp(r, &b, ts_ns);
}

void
m9_holes(struct outcome *o)
{
	enum { HONEST_TURN = HONEST_EVERY * HONEST_AT_ONCE * HONEST_STEPS };
	uint64_t turns = outcome_size(o, 10000000, 320000) / HONEST_TURN;
	uint64_t honest = turns * HONEST_AT_ONCE;
	struct flood_rig *r = malloc(sizeof(*r));
	struct m9 m = { 0 };

	assert(r != NULL);
	flood_init(r, LIVE_LIMIT);
	r->on_record = on_record;
	r->test = &m;
	flood_start(r);
	const struct buddy *memory = &r->engine->streams.memory;
	uint32_t units = memory->units;
	for (uint64_t n = 0; n < turns * HONEST_TURN; n++) {
		uint64_t ts_ns = FLOOD_BASE_NS + n * NS_PER_S / RATE;
		send_hole(r, n, ts_ns);
		if (n % HONEST_EVERY == 0)
			send_honest(r, n / HONEST_EVERY, ts_ns);
		if (memory->used_units > m.units_most)
			m.units_most = memory->used_units;
	}
	flood_finish(r);
	outcome_check(o, m.units_most <= units && m.units_most > units / 10 * 9,
		"streams had %u of %u KiB", m.units_most / 2, units / 2);
	outcome_check(o, r->stats.streams_evicted > 0, "evicted %llu, segments refused %llu",
		(unsigned long long)r->stats.streams_evicted,
		(unsigned long long)r->stats.streams_refused);
	for (size_t i = 0; i < KINDS; i++)
		outcome_check(o, m.recognised[i] > 0, "%llu %s",
			(unsigned long long)m.recognised[i],
			beginnings[i].service[0] != '\0' ? beginnings[i].service : "half open");
	outcome_check(o, m.honest_read >= honest / 100 * 95, "%llu of %llu honest read (%.1f %%)",
		(unsigned long long)m.honest_read, (unsigned long long)honest,
		100.0 * (double)m.honest_read / (double)honest);
	outcome_measure(o, r, LIVE_LIMIT);
	free(r);
}
