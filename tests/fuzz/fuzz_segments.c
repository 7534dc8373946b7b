/*
 * fuzz_segments.c -- any segments of two connections, in any order, into a table with little room.
 *
 * Byte 0 chooses how the reader behaves and where the numbers begin. Then eight bytes a segment: what it is
 * (bit 0 the side, bit 1 which connection, bits 2 to 4 what it is filled with, bit 5 FIN, bit 6 RST, bit 7
 * urgent), where it begins counted from what is next (two), its length (two), what it acknowledges
 * (two), and time to live and window (one). What is handed on must be bytes that were sent for that
 * place, and nothing is kept of a stream that is gone. Nothing is allocated.
 */
#include "daemon/reassembly/stream.h"

#include "daemon/reassembly/stream_segment.h"
#include "daemon/reassembly/stream_state.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum {
	CONNECTIONS = 2,
	STEP = 8,         /* one byte of so many is looked at */
	PLACES = 1 << 13, /* numbers further apart share one: less is noticed, nothing is made up */
	SEGMENT_MAX = 2048,
	SEGMENTS_MAX = 48,
	BACK_MAX = 1 << 15, /* where a segment begins and what it acknowledges count from here */
};

struct play;

struct connection {
	struct play *play;
	struct stream *stream;   /* NULL: gone */
	uint8_t (*sent)[PLACES]; /* [side][place], bit n: a byte of value n was sent for it */
	bool urgent[2]; /* a byte may have been left out: the others are not where they were */
};

struct play {
	struct stream_table table;
	struct connection connections[CONNECTIONS];
	uint32_t first;
	uint8_t hold_below;
	bool is_known, stops;
	uint64_t evicted;
};

/* How many bytes from `seq` on come before one that is looked at. */
static size_t
first_step(uint32_t seq)
{
	return (STEP - seq % STEP) % STEP;
}

static uint8_t *
place(const struct connection *k, unsigned side, uint32_t seq)
{
	return &k->sent[side][seq / STEP % PLACES];
}

static enum stream_verdict
take(void *context, unsigned side, struct cursor bytes, bool must_decide)
{
	struct connection *k = context;
	uint32_t seq = k->stream->sides[side].next;
	size_t size = cursor_left(&bytes);

	assert(size > 0);
	if (size < k->play->hold_below && !must_decide)
		return STREAM_HELD;
	for (size_t i = first_step(seq); !k->urgent[side] && i < size; i += STEP)
		assert((*place(k, side, seq + (uint32_t)i) & 1U << bytes.at[i]) != 0);
	return k->play->stops && size == k->play->hold_below ? STREAM_STOP : STREAM_TAKEN;
}

static bool
gap(void *context, unsigned side, uint32_t missing)
{
	(void)context;
	(void)side;
	assert(missing > 0);
	return true;
}

static void
weird(void *context, enum weird kind)
{
	(void)context;
	assert(kind < WEIRD_COUNT);
}

/* The flow is only a name here: its connection. */
static struct flow *
flow_of(struct connection *k)
{
	return (struct flow *)(void *)k;
}

static void
evicted(void *context, struct flow *f, struct stream *s)
{
	struct play *p = context;
	struct connection *k = (void *)f;

	(void)s;
	assert(k->stream != NULL);
	k->stream = NULL;
	p->evicted++;
}

static void
begin(struct play *p, struct connection *k)
{
	struct stream_start sides[2];

	memset(k->sent, 0, 2 * sizeof(*k->sent));
	memset(k->urgent, 0, sizeof(k->urgent));
	for (unsigned side = 0; side < 2; side++)
		sides[side] =
			(struct stream_start){ .known = p->is_known, .next = p->first, .ttl = 64 };
	k->stream = stream_new(&p->table, flow_of(k), sides);
	assert(k->stream != NULL);
	assert(stream_of_handle(&p->table, stream_handle(&p->table, k->stream)) == k->stream);
}

/* One segment, as the eight bytes at `c` say. */
static void
segment(struct play *p, struct cursor *c)
{
	static uint8_t data[SEGMENT_MAX];
	uint8_t what = cursor_u8(c);
	unsigned side = what & 1;
	struct connection *k = &p->connections[what >> 1 & 1];
	uint32_t from_next = cursor_be16(c) - (uint32_t)BACK_MAX;
	uint32_t length = cursor_be16(c) % SEGMENT_MAX;
	uint32_t from_acked = cursor_be16(c) - (uint32_t)BACK_MAX;
	uint8_t rest = cursor_u8(c);
	uint8_t fill = what >> 2 & 7;

	if (k->stream == NULL)
		begin(p, k);
	const struct stream_side *me = &k->stream->sides[side];
	uint32_t next = (me->flags & STREAM_STARTED) != 0 ? me->next : p->first;
	const struct stream_side *other = &k->stream->sides[!side];
	uint32_t heard = (other->flags & STREAM_STARTED) != 0 ? other->next : p->first;
	struct packet packet = {
		.kind = PACKET_IP,
		.has_ports = true,
		.ip_proto = IPPROTO_TCP,
		.ttl = (rest & 15) == 0 ? 64 : rest & 15,
		.tcp_flags = (uint8_t)(TCP_ACK | ((what & 0x20) != 0 ? TCP_FIN : 0) |
				       ((what & 0x40) != 0 ? TCP_RST : 0)),
		.tcp_seq = next + from_next,
		.tcp_ack = heard + from_acked,
		.tcp_window = (uint16_t)(0xffff >> (rest >> 4)),
		.payload_bytes = length,
		.payload = cursor_over(data, length),
	};
	if ((what & 0x80) != 0) {
		packet.tcp_flags |= TCP_URG;
		k->urgent[side] = true;
	}
	memset(data, fill, length);
	for (size_t i = first_step(packet.tcp_seq); i < length; i += STEP)
		*place(k, side, packet.tcp_seq + (uint32_t)i) |= (uint8_t)(1U << fill);
	const struct stream_reader reader = { k, take, gap, weird };
	const struct stream_work w = { &p->table, k->stream, &reader };
	if (!stream_segment(&w, side, &packet)) {
		stream_free(&p->table, k->stream);
		k->stream = NULL;
	}
}

static void
finish(struct play *p, struct connection *k)
{
	const struct stream_reader reader = { k, take, gap, weird };

	for (unsigned side = 0; k->stream != NULL && side < 2; side++) {
		const struct stream_work w = { &p->table, k->stream, &reader };
		if (!stream_deliver_rest(&w, side))
			break;
	}
	if (k->stream != NULL)
		stream_free(&p->table, k->stream);
	k->stream = NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct play p;
	static uint8_t sent[CONNECTIONS][2][PLACES];
	struct cursor c = cursor_over(bytes, len);
	uint8_t how = cursor_u8(&c);

	for (size_t i = 0; i < CONNECTIONS; i++)
		p.connections[i] = (struct connection){ .play = &p, .sent = sent[i] };
	p.evicted = 0;
	p.first = (how & 1) != 0 ? UINT32_MAX - 100 : 1000;
	p.is_known = (how & 2) == 0;
	p.stops = (how & 4) != 0;
	p.hold_below = how >> 3;
	const struct stream_table_plan plan = {
		.bytes = STREAM_TABLE_MIN_BYTES, .evicted = evicted, .context = &p
	};
	failing_alloc_begin(failing_alloc_seed(bytes, len));
	int error = stream_table_init(&p.table, &plan);
	(void)failing_alloc_end();
	if (error != 0) { /* as it may be: once more */
		stream_table_done(&p.table);
		error = stream_table_init(&p.table, &plan);
	}
	assert(error == 0);
	failing_alloc_begin(1);
	for (size_t i = 0; i < SEGMENTS_MAX && cursor_left(&c) >= 8; i++)
		segment(&p, &c);
	for (size_t i = 0; i < CONNECTIONS; i++)
		finish(&p, &p.connections[i]);
	assert(failing_alloc_end() == 0);
	assert(p.evicted == p.table.evicted);
	assert(TAILQ_EMPTY(&p.table.unknown) && TAILQ_EMPTY(&p.table.recognised));
	assert(p.table.memory.used_units == 0);
	stream_table_done(&p.table);
	return 0;
}
