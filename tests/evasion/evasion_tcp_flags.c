/* evasion_tcp_flags.c -- E2: beginnings, ends, resets and windows that are not what they seem. */
#include "tests/evasion/evasion_tcp.h"

/* ---- data in a SYN ---- */

static void
answer_with_data(struct talk *t, const uint8_t *bytes)
{
	struct build b = t->server;

	talk_flags(t, &t->client, TCP_SYN, 1);
	b.flags = TCP_SYN | TCP_ACK;
	b.seq--;
	b.payload = bytes;
	b.payload_bytes = t->size;
	evasion_send(t->v, build_tcp, &b);
}

static void
syn_data_taken(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	answer_with_data(&t, t.truth);
	talk_ack(&t, t.size);
}

static void
syn_data_not_taken(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	answer_with_data(&t, t.lie);
	talk_ack(&t, 0);
	talk_all(&t);
}

/* ---- FIN ---- */

static void
with_fin(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	t.server.flags |= TCP_FIN;
	talk_tell(&t, 0, t.size);
	talk_ack(&t, t.size + 1);
}

static void
after_fin(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	with_fin(v, NULL);
	t.at = t.size + 1;
	talk_lie(&t, 0, t.size);
}

/* The FIN overtakes what comes before it. */
static void
fin_first(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	t.server.flags |= TCP_FIN;
	talk_tell(&t, 20, t.size - 20);
	t.server.flags &= (uint8_t)~TCP_FIN;
	talk_tell(&t, 0, 20);
	talk_ack(&t, t.size + 1);
}

/* A FIN that the victim never gets, or drops; then what it was to hide. */
static void
fin_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	struct build fin = *(const struct build *)argument;
	struct build b = t.server;

	talk_open(&t);
	b.ttl = fin.ttl;
	b.bad_checksum = fin.bad_checksum;
	b.seq += fin.seq;
	talk_flags(&t, &b, fin.flags, 0);
	talk_all(&t);
}

static const struct build fin_short_lived = { .flags = TCP_FIN | TCP_ACK, .ttl = 3 };
static const struct build fin_damaged = { .flags = TCP_FIN | TCP_ACK, .bad_checksum = true };
static const struct build fin_outside = { .flags = TCP_FIN | TCP_ACK, .seq = 1 << 29 };
static const struct build fin_alone = { .flags = TCP_FIN };
/* The same for RST. */
static const struct build rst_short_lived = { .flags = TCP_RST | TCP_ACK, .ttl = 3 };
static const struct build rst_damaged = { .flags = TCP_RST | TCP_ACK, .bad_checksum = true };
static const struct build rst_inside = { .flags = TCP_RST, .seq = 100 };
static const struct build rst_before = { .flags = TCP_RST, .seq = UINT32_MAX };
static const struct build rst_outside = { .flags = TCP_RST, .seq = 1 << 29 };
static const struct build rst_and_fin = { .flags = TCP_RST | TCP_FIN | TCP_ACK };
/* At the right number, but from somebody else, and something between dropped it. */
static const struct build rst_forged = { .flags = TCP_RST };
/* And for SYN: none of them is taken by a host in the middle of a connection (RFC 5961 section 4). */
static const struct build syn_damaged = { .flags = TCP_SYN, .seq = 500, .bad_checksum = true };
static const struct build syn_ack_elsewhere = { .flags = TCP_SYN | TCP_ACK, .seq = 5000 };

/* ---- RST ---- */

/* In the middle of the message, which is then told to its end. */
static void
rst_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	const struct build *rst = argument;
	struct build b = t.server;

	talk_open(&t);
	talk_tell(&t, 0, 20);
	talk_ack(&t, 20);
	b.ttl = rst->ttl;
	b.bad_checksum = rst->bad_checksum;
	b.seq += 20 + rst->seq;
	talk_flags(&t, &b, rst->flags, 0);
	talk_tell(&t, 20, t.size - 20);
	talk_ack(&t, t.size);
}

/* The connection is gone: the victim reads no more. */
static void
after_rst(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	struct build b = t.server;

	talk_open(&t);
	if (argument != NULL)
		talk_all(&t);
	t.at = argument != NULL ? t.size : 0;
	b.seq += t.at;
	talk_flags(&t, &b, TCP_RST | TCP_ACK, 0);
	talk_lie(&t, 0, t.size);
}

/* ---- SYN ---- */

static void
syn_inside(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	struct build syn = t.client;

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 20);
	talk_ack(&t, 20);
	syn.seq += 100000;
	talk_flags(&t, &syn, TCP_SYN, 0);
	talk_tell(&t, 20, t.size - 20);
	talk_ack(&t, t.size);
}

static void
syn_again(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 20);
	talk_flags(&t, &t.client, TCP_SYN, 1);
	talk_tell(&t, 20, t.size - 20);
	talk_ack(&t, t.size);
}

static void
both_open(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_flags(&t, &t.client, TCP_SYN, 1);
	talk_flags(&t, &t.server, TCP_SYN, 1);
	talk_flags(&t, &t.client, TCP_SYN | TCP_ACK, 1);
	talk_flags(&t, &t.server, TCP_SYN | TCP_ACK, 1);
	talk_all(&t);
}

/* The server answers with an ACK, and opens in its own time. */
static void
four_way(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_flags(&t, &t.client, TCP_SYN, 1);
	talk_flags(&t, &t.server, TCP_ACK, 0);
	talk_flags(&t, &t.server, TCP_SYN, 1);
	talk_flags(&t, &t.client, TCP_ACK, 0);
	talk_all(&t);
}

static void
answer_first(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_flags(&t, &t.server, TCP_SYN | TCP_ACK, 1);
	talk_flags(&t, &t.client, TCP_ACK, 0);
	talk_all(&t);
}

/* A connection before, on the same ports, and not a second ago. */
static void
ports_again(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	struct talk again = talk_new(v);
	struct build question = t.server;

	talk_open(&t);
	t.lie[4] &= 0x7f; /* a question: it names nothing */
	talk_lie(&t, 0, argument == NULL ? 20 : t.size);
	talk_ack(&t, argument == NULL ? 20 : t.size);
	question.seq += t.size;
	if (argument == &rst_forged)
		talk_flags(&t, &question, TCP_RST | TCP_ACK, 0);
	else if (argument != NULL)
		talk_close(&t);
	again.client.seq += 1000000;
	again.server.seq += 1000000;
	again.client.ack = again.server.seq;
	again.server.ack = again.client.seq;
	talk_open(&again);
	talk_all(&again);
	talk_close(&again);
}

/* ---- flags ---- */

/* A lie whose flags a host does not take. */
static void
flags_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	uint8_t flags = t.server.flags;

	talk_open(&t);
	t.server.flags = *(const uint8_t *)argument;
	talk_lie(&t, 0, t.size);
	t.server.flags = flags;
	talk_all(&t);
}

static const uint8_t no_flags = 0;
static const uint8_t push_alone = TCP_PSH;
static const uint8_t fin_alone_with_data = TCP_FIN | TCP_PSH;
static const uint8_t reset_with_data = TCP_RST;
static const uint8_t syn_and_fin = TCP_SYN | TCP_FIN;

/* ---- urgent data ---- */

/* One byte more than the message has, at `at`: the host takes it out of the stream. */
static void
urgent_byte(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	uint32_t at = *(const uint32_t *)argument;
	uint8_t bytes[sizeof(t.truth) + 1];

	talk_open(&t);
	memcpy(bytes, t.truth, at);
	bytes[at] = '!';
	memcpy(bytes + at + 1, t.truth + at, t.size - at);
	t.server.flags |= TCP_URG;
	t.server.urgent = (uint16_t)(at + 1);
	talk_send(&t, bytes, 0, t.size + 1);
	talk_ack(&t, t.size + 1);
}

static const uint32_t urgent_first = 0;
static const uint32_t urgent_inside = 18;

/* A pointer of nothing. */
static void
urgent_zero(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	t.server.flags |= TCP_URG;
	talk_all(&t);
}

/* The pointer comes before the byte that it points to. */
static void
urgent_ahead(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	uint8_t rest[sizeof(t.truth) + 1];

	(void)argument;
	talk_open(&t);
	t.server.flags |= TCP_URG;
	t.server.urgent = 21;
	talk_tell(&t, 0, 20);
	t.server.flags &= (uint8_t)~TCP_URG;
	rest[0] = '!';
	memcpy(rest + 1, t.truth + 20, t.size - 20);
	talk_send(&t, rest, 20, t.size - 20 + 1);
	talk_ack(&t, t.size + 1);
}

/* ---- windows ---- */

static void
window_probe(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 20);
	t.client.window_zero = true;
	talk_ack(&t, 20);
	for (unsigned i = 0; i < 3; i++) {
		talk_tell(&t, 20, 1);
		talk_ack(&t, 20);
	}
	t.client.window_zero = false;
	talk_ack(&t, 20);
	talk_tell(&t, 20, t.size - 20);
	talk_ack(&t, t.size);
}

/* The byte of the probe is a lie; the host had no room for it. */
static void
window_probe_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 15);
	t.client.window_zero = true;
	talk_ack(&t, 15);
	talk_lie(&t, 15, 1);
	talk_ack(&t, 15);
	t.client.window_zero = false;
	talk_ack(&t, 15);
	talk_tell(&t, 15, t.size - 15);
	talk_ack(&t, t.size);
}

/* Beyond a small window a lie waits for the truth to come up to it. */
static void
window_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	t.client.window = 20;
	talk_open(&t);
	talk_lie(&t, 30, t.size - 30);
	talk_lie(&t, 20, t.size - 20);
	talk_ack(&t, 0);
	t.client.window = 1000;
	talk_ack(&t, 0);
	talk_all(&t);
}

static void
keep_alive(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	static const uint8_t nothing[1] = { 0 };

	talk_open(&t);
	talk_tell(&t, 0, 20);
	talk_ack(&t, 20);
	for (unsigned i = 0; i < 3; i++)
		talk_send(&t, nothing, 19, argument == NULL ? 0 : 1);
	talk_tell(&t, 20, t.size - 20);
	talk_ack(&t, t.size);
}

static const struct evasion_case cases[] = {
	{ .name = "data in a SYN, taken",
		.play = syn_data_taken,
		.expected = "found, reported: stream_syn_data" },
	{ .name = "a lie in a SYN, not taken",
		.play = syn_data_not_taken,
		.expected = "found, reported: stream_different stream_syn_data" },
	{ .name = "data with FIN", .play = with_fin, .expected = "found" },
	{ .name = "a lie after FIN",
		.play = after_fin,
		.expected = "found, reported: stream_after_fin" },
	{ .name = "FIN overtakes data", .play = fin_first, .expected = "found" },
	{ "a FIN that does not get there", fin_lie, &fin_short_lived,
		.expected = "found, reported: stream_after_fin" },
	{ "a FIN with a wrong checksum", fin_lie, &fin_damaged,
		.expected = "found, reported: stream_after_fin" },
	{ "a FIN out of window", fin_lie, &fin_outside, .expected = "found" },
	{ "a FIN without ACK", fin_lie, &fin_alone,
		.expected = "found, reported: stream_after_fin" },
	{ "a RST that does not get there", rst_lie, &rst_short_lived,
		.expected = "found, reported: stream_ttl" },
	{ "a RST with a wrong checksum", rst_lie, &rst_damaged, .expected = "found" },
	{ "a RST inside the window", rst_lie, &rst_inside,
		.expected = "found, reported: stream_reset" },
	{ "a RST before the window", rst_lie, &rst_before,
		.expected = "found, reported: stream_reset" },
	{ "a RST beyond the window", rst_lie, &rst_outside,
		.expected = "found, reported: stream_reset" },
	{ "a RST with FIN", rst_lie, &rst_and_fin, .expected = "found, reported: stream_flags" },
	{ "a forged RST that was dropped on the way", rst_lie, &rst_forged,
		.expected = "found, reported: stream_after_reset" },
	{ .name = "a lie after a RST",
		.play = after_rst,
		.expected = "reported: stream_after_reset" },
	{ "the truth, a RST, a lie", after_rst, &rst_forged,
		.expected = "found, reported: stream_after_reset" },
	{ .name = "a SYN in the middle", .play = syn_inside, .expected = "reported: stream_syn" },
	{ "a SYN in the middle with a wrong checksum", rst_lie, &syn_damaged, .expected = "found" },
	{ "an answer to no SYN in the middle", rst_lie, &syn_ack_elsewhere,
		.expected = "found, reported: stream_syn" },
	{ .name = "the first SYN again", .play = syn_again, .expected = "found" },
	{ .name = "both sides open", .play = both_open, .expected = "found" },
	{ .name = "a handshake of four", .play = four_way, .expected = "found" },
	{ .name = "the answer to the SYN first", .play = answer_first, .expected = "found" },
	{ "ports used again, after FIN", ports_again, &fin_alone, .expected = "found" },
	{ "ports used again, after RST", ports_again, &rst_forged, .expected = "found" },
	{ .name = "ports used again, after nothing",
		.play = ports_again,
		.expected = "found, reported: stream_syn" },
	{ "a lie without flags", flags_lie, &no_flags,
		.expected = "found, reported: stream_different stream_flags" },
	{ "a lie without ACK", flags_lie, &push_alone,
		.expected = "found, reported: stream_different stream_flags" },
	{ "a lie with FIN and without ACK", flags_lie, &fin_alone_with_data,
		.expected = "found, reported: stream_different stream_flags" },
	{ "a lie in a forged RST that was dropped on the way", flags_lie, &reset_with_data,
		.expected = "found, reported: stream_after_reset" },
	{ "a lie with SYN and FIN", flags_lie, &syn_and_fin,
		.expected = "reported: stream_late stream_flags" },
	{ "an urgent byte inside the name", urgent_byte, &urgent_inside,
		.expected = "found, reported: stream_urgent" },
	{ "an urgent byte before everything", urgent_byte, &urgent_first,
		.expected = "found, reported: stream_urgent" },
	{ .name = "an urgent byte that is announced before it comes",
		.play = urgent_ahead,
		.expected = "found, reported: stream_urgent" },
	{ .name = "an urgent pointer to nothing", .play = urgent_zero, .expected = "found" },
	{ .name = "probes of a closed window", .play = window_probe, .expected = "found" },
	{ .name = "a probe with a lie",
		.play = window_probe_lie,
		.expected = "found, reported: stream_different" },
	{ .name = "lies beyond the window",
		.play = window_lie,
		.expected = "found, reported: stream_different stream_window" },
	{ .name = "keep-alives without a byte", .play = keep_alive, .expected = "found" },
	{ "keep-alives with a byte of nothing", keep_alive, &no_flags, .expected = "found" },
};

int
main(void)
{
	struct evasion_set set = { .name = "tcp_flags" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
