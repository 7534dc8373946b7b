/*
 * fuzz_streams.c -- any sequence of segments of one connection, against what must always hold.
 *
 * Byte 0 chooses where numbers begin (so that they wrap), byte 1 how much its reader holds, and whether
 * all segments are everyday ones. Then a segment takes 8 bytes: who and which flags, oddities, where (2),
 * how long (2), acknowledgement (2); its payload is a function of its place and of which lie it tells.
 *
 * Each byte that is handed on was sent for that place, and among everyday segments it is the one that
 * was sent first; bytes, gaps and what is left out as urgent add up to where the stream stands.
 */
#include "daemon/flow/flow_stream.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/stream_rig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	SPACE = 1 << 16,
	SEGMENT_BYTES = 8,
	SEGMENTS_MAX = 160,
	LENGTH_MAX = 1024,
	LIES = 4,
	TABLE_BYTES = 1 << 18,
};

struct listener {
	uint32_t first[2];
	uint32_t at[2];               /* handed on, given up, or left out, as far as can be told */
	uint8_t sent[2][SPACE];       /* bit n: with value n of lie() */
	uint8_t sent_first[2][SPACE]; /* that n */
	uint32_t urgent[2];           /* bytes that may still have been left out */
	size_t hold_below;
	bool is_everyday;
	struct stream *stream;
	struct touched {
		unsigned side;
		uint32_t at, length;
	} touched[SEGMENTS_MAX]; /* of `sent`: clearing all of it would take longer than the rest */
	size_t touched_count;
};

static uint8_t
lie(uint32_t at, unsigned which)
{
	return (uint8_t)((at * 2654435761U >> 13) + which * 0x35);
}

static bool
was_sent(const struct listener *l, unsigned side, uint32_t at, uint8_t value)
{
	if (at >= SPACE || l->sent[side][at] == 0)
		return false;
	if (l->is_everyday)
		return value == lie(at, l->sent_first[side][at]);
	for (unsigned which = 0; which < LIES; which++)
		if ((l->sent[side][at] >> which & 1) != 0 && value == lie(at, which))
			return true;
	return false;
}

static enum stream_verdict
on_bytes(void *context, unsigned side, struct cursor bytes, bool must_decide)
{
	struct listener *l = context;
	uint32_t at = l->at[side];

	assert(cursor_left(&bytes) > 0);
	if (cursor_left(&bytes) < l->hold_below && !must_decide)
		return STREAM_HELD;
	while (cursor_left(&bytes) > 0) {
		uint8_t value = cursor_u8(&bytes);
		for (; !was_sent(l, side, at, value); at++) {
			assert(l->urgent[side] > 0);
			l->urgent[side]--;
		}
		at++;
	}
	l->at[side] = at;
	return STREAM_TAKEN;
}

static bool
on_gap(void *context, unsigned side, uint32_t missing)
{
	struct listener *l = context;

	assert(missing > 0);
	l->at[side] += missing;
	return true;
}

static void
on_weird(void *context, enum weird kind)
{
	(void)context;
	assert(kind < WEIRD_COUNT);
}

static void
on_evicted(void *context, struct flow *f, struct stream *s)
{
	(void)context;
	(void)f;
	(void)s;
}

static void
check(const struct stream_table *t, const struct stream *s, struct listener *l)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct stream_side *me = &s->sides[side];
		/* A SYN before anything else began anew. */
		if (me->next == me->first)
			l->at[side] = me->first - l->first[side];
		assert(me->kept.count <= STREAM_BLOCKS_MAX);
		assert(seq_distance(me->next, me->first) >= 0);
		assert(seq_distance(me->next, me->kept.base) >= 0);
	}
	assert(t->streams.used == 1);
	assert(t->memory.used_units == 2U * (s->sides[0].kept.count + s->sides[1].kept.count));
}

/* One segment out of 8 bytes of input. */
static void
play(const struct stream_work *w, struct listener *l, struct cursor *c)
{
	static uint8_t payload[SPACE];
	static const uint8_t flags[] = { TCP_ACK, TCP_ACK | TCP_PSH, TCP_ACK | TCP_FIN, TCP_RST,
		TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK | TCP_URG, 0 };
	uint8_t what = cursor_u8(c);
	uint8_t odd = cursor_u8(c);
	uint32_t at = cursor_be16(c) % (SPACE / 2);
	uint32_t length = cursor_be16(c) % LENGTH_MAX >> (odd >> 4);
	uint32_t ack = cursor_be16(c);
	unsigned side = what & 1;
	unsigned which = what >> 4 & (LIES - 1);
	uint8_t header[20] = { [12] = 0x50, [18] = 0, (uint8_t)(odd >> 3) };

	for (uint32_t i = 0; i < length; i++)
		payload[i] = lie(at + i, which);
	struct packet p = {
		.kind = PACKET_IP,
		.ip_proto = 6,
		.has_ports = true,
		.tcp_flags = flags[what >> 1 & 7],
		.ttl = (odd & 1) != 0 ? 50 : 64,
		.tcp_seq = l->first[side] + at,
		.tcp_ack = l->first[!side] + ack,
		.tcp_window = (odd & 2) != 0 ? 1000 : 65535,
		.payload_bytes = length,
		.payload = cursor_over(payload, length),
		.transport = cursor_over(header, sizeof(header)),
	};
	if (l->is_everyday) {
		p.tcp_flags = TCP_ACK;
		p.ttl = 64;
		p.tcp_window = 65535;
	}
	if ((p.tcp_flags & TCP_SYN) != 0)
		p.tcp_seq--;
	l->touched[l->touched_count++] = (struct touched){ side, at, length };
	for (uint32_t i = 0; i < length; i++) {
		if (l->sent[side][at + i] == 0)
			l->sent_first[side][at + i] = (uint8_t)which;
		l->sent[side][at + i] |= (uint8_t)(1 << which);
	}
	if ((p.tcp_flags & TCP_URG) != 0 && header[19] > 0)
		l->urgent[side]++;
	(void)stream_segment(w, side, &p);
}

static void
begin(struct listener *l, uint32_t first, uint8_t reader_is)
{
	for (; l->touched_count > 0; l->touched_count--) {
		const struct touched *t = &l->touched[l->touched_count - 1];
		memset(&l->sent[t->side][t->at], 0, t->length);
	}
	for (unsigned side = 0; side < 2; side++) {
		l->first[side] = first;
		l->at[side] = l->urgent[side] = 0;
	}
	l->hold_below = reader_is % 64;
	l->is_everyday = reader_is >= 128;
}

/* One table for all inputs: each has to leave it empty. */
static struct stream_table *
table_made_once(void)
{
	static struct stream_table table;

	if (table.streams.capacity == 0) {
		int error = stream_table_init(&table,
			&(struct stream_table_plan){ .bytes = TABLE_BYTES, .evicted = on_evicted });
		assert(error == 0);
		(void)error;
	}
	return &table;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct listener l;
	struct stream_table *table = table_made_once();
	struct cursor c = cursor_over(data, size);
	uint32_t first = (uint32_t)cursor_u8(&c) << 24 | 0xfff0;
	uint8_t reader_is = cursor_u8(&c);
	const struct stream_start side = { .known = true, .next = first, .ttl = 64 };
	const struct stream_start sides[2] = { side, side };

	if (c.short_read)
		return 0;
	begin(&l, first, reader_is);
	l.stream = stream_new(table, NULL, sides);
	const struct stream_reader reader = { &l, on_bytes, on_gap, on_weird };
	const struct stream_work work = { table, l.stream, &reader };

	failing_alloc_begin(1);
	while (cursor_left(&c) >= SEGMENT_BYTES && l.touched_count < SEGMENTS_MAX) {
		play(&work, &l, &c);
		check(table, l.stream, &l);
	}
	(void)stream_deliver_rest(&work, 0);
	(void)stream_deliver_rest(&work, 1);
	assert(failing_alloc_end() == 0);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t stands = l.stream->sides[i].next - first;
		assert(l.at[i] <= stands && stands - l.at[i] <= l.urgent[i]);
	}
	stream_free(table, l.stream);
	assert(table->memory.used_units == 0);
	return 0;
}
