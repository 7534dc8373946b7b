/*
 * evasion_tcp_segments.c -- E2: markers cut, mixed and overlapped.
 *
 * The victim keeps what it had first, as Windows and the BSDs do with segments that came early, and as
 * every host does with bytes that it has handed to its program.
 */
#include "tests/evasion/evasion_tcp.h"

/* ---- order and size ---- */

static void
whole(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_all(&t);
	talk_close(&t);
}

static const char in_order[] = "in order";
static const char backwards[] = "backwards";
static const char even_first[] = "even bytes first";

static void
byte_by_byte(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	talk_open(&t);
	for (uint32_t i = 0; i < t.size; i++) {
		uint32_t at = i;
		if (argument == backwards)
			at = t.size - 1 - i;
		if (argument == even_first)
			at = i < (t.size + 1) / 2 ? 2 * i : 2 * (i - (t.size + 1) / 2) + 1;
		talk_tell(&t, at, 1);
	}
	talk_ack(&t, t.size);
}

/* Three pieces, in the order that the argument spells. */
static void
three_pieces(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);
	uint32_t third = t.size / 3;

	talk_open(&t);
	for (const char *piece = argument; *piece != '\0'; piece++) {
		uint32_t at = (uint32_t)(*piece - '1') * third;
		talk_tell(&t, at, *piece == '3' ? t.size - at : third);
	}
	talk_ack(&t, t.size);
}

/* Cut within the two bytes of length, as a first segment too short to say anything. */
static void
cut_in_the_length(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 1);
	talk_ack(&t, 1);
	talk_tell(&t, 1, t.size - 1);
	talk_ack(&t, t.size);
}

static void
sent_again(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 30);
	talk_tell(&t, 0, 30);
	talk_tell(&t, 10, t.size - 10);
	talk_tell(&t, 5, 20);
	talk_ack(&t, t.size);
	talk_tell(&t, 0, t.size);
}

/* 64 KB in one segment, as the card's offload shows it: questions, and the answer at its end. */
static void
as_large_as_can_be(struct evasion *v, const void *argument)
{
	static uint8_t stream[TALK_STREAM_MAX];
	struct talk t = talk_new(v);
	uint32_t size = 0;

	while (size + 2 * t.size < 65000) {
		memcpy(stream + size, t.lie, t.size);
		stream[size + 4] &= 0x7f; /* a question: it names nothing */
		size += t.size;
	}
	memcpy(stream + size, t.truth, t.size);
	size += t.size;
	talk_open(&t);
	if (argument == backwards)
		talk_send(&t, stream + 1, 1, size - 1);
	else
		talk_send(&t, stream, 0, size);
	if (argument == backwards)
		talk_send(&t, stream, 0, 1);
	talk_ack(&t, size);
}

static void
over_the_end_of_numbers(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	t.server.seq = t.client.ack = UINT32_MAX - 19;
	talk_open(&t);
	if (argument == backwards)
		talk_tell(&t, 10, t.size - 10);
	talk_tell(&t, 0, 10);
	if (argument == in_order)
		talk_tell(&t, 10, t.size - 10);
	talk_ack(&t, t.size);
}

/* ---- overlaps: Allen's relations of a later segment to an earlier one ---- */

struct overlap {
	uint32_t old_from, old_to, new_from, new_to;
};

/* The later segment lies wherever the earlier one has been, and nowhere else. */
static void
lie_within(struct talk *t, const struct overlap *o)
{
	uint8_t mixed[sizeof(t->truth)];

	for (uint32_t i = o->new_from; i < o->new_to; i++)
		mixed[i] = i >= o->old_from && i < o->old_to ? (uint8_t)(t->truth[i] ^ 1)
							     : t->truth[i];
	talk_send(t, mixed + o->new_from, o->new_from, o->new_to - o->new_from);
}

/* Both come early: the first byte comes last, so that the host still has them in its queue. */
static void
overlap_early(struct evasion *v, const void *argument)
{
	const struct overlap *o = argument;
	struct talk t = talk_new(v);

	talk_open(&t);
	talk_tell(&t, o->old_from, o->old_to - o->old_from);
	lie_within(&t, o);
	talk_tell(&t, 0, t.size);
	talk_ack(&t, t.size);
}

/* The earlier one was in order: the host has handed it to its program. */
static void
overlap_in_order(struct evasion *v, const void *argument)
{
	const struct overlap *o = argument;
	struct talk t = talk_new(v);

	talk_open(&t);
	talk_tell(&t, 0, o->old_from);
	talk_tell(&t, o->old_from, o->old_to - o->old_from);
	lie_within(&t, o);
	talk_tell(&t, 0, t.size);
	talk_ack(&t, t.size);
}

static const struct overlap before = { 25, 30, 16, 20 };
static const struct overlap meets = { 25, 30, 16, 25 };
static const struct overlap overlaps = { 20, 30, 16, 25 };
static const struct overlap starts = { 20, 30, 20, 25 };
static const struct overlap during = { 16, 30, 20, 25 };
static const struct overlap finishes = { 16, 30, 25, 30 };
static const struct overlap equals = { 16, 30, 16, 30 };
static const struct overlap finished_by = { 20, 30, 16, 30 };
static const struct overlap contains = { 20, 25, 16, 30 };
static const struct overlap started_by = { 16, 25, 16, 30 };
static const struct overlap overlapped_by = { 16, 25, 20, 30 };
static const struct overlap met_by = { 16, 20, 20, 30 };
static const struct overlap after = { 16, 20, 25, 30 };

/* ---- retransmissions that say something else ---- */

static void
lied_about_at_once(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, t.size);
	talk_lie(&t, 0, t.size);
	talk_ack(&t, t.size);
}

/* The victim has it: nothing that comes changes that, and there is no ambiguity. */
static void
lied_about_too_late(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_all(&t);
	talk_lie(&t, 0, t.size);
}

/* A lie one byte at a time, each after the truth. */
static void
lied_about_byte_by_byte(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	for (uint32_t i = 0; i < t.size; i++) {
		talk_tell(&t, i, 1);
		talk_lie(&t, i, 1);
	}
	talk_ack(&t, t.size);
}

/* Two pieces of truth, and a segment over both that lies where they are. */
static void
covered(struct evasion *v, const void *argument)
{
	uint8_t mixed[EVASION_MESSAGE_MAX];
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 14, 6);
	talk_tell(&t, 24, 6);
	memcpy(mixed, t.truth, sizeof(mixed));
	memcpy(mixed + 14, t.lie + 14, 6);
	memcpy(mixed + 24, t.lie + 24, 6);
	talk_send(&t, mixed + 10, 10, 30);
	talk_tell(&t, 0, t.size);
	talk_ack(&t, t.size);
}

/* ---- what is missing ---- */

/* A message is torn; the next one must be read. */
static void
gap(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	talk_open(&t);
	talk_lie(&t, 0, 20);
	t.at = t.size;
	talk_tell(&t, 0, t.size);
	if (argument == NULL)
		talk_ack(&t, t.size);
}

/* The length itself is missing, and where the next message begins must be found again. */
static void
gap_over_a_length(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, t.size);
	t.at = 2 * t.size;
	talk_tell(&t, 10, t.size - 10);
	talk_ack(&t, t.size);
}

/* Somebody acknowledges for the victim what has not come yet. */
static void
acknowledged_too_soon(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	talk_open(&t);
	talk_tell(&t, 0, 20);
	talk_ack(&t, t.size);
	talk_tell(&t, 20, t.size - 20);
}

static void
from_the_middle(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	if (argument == backwards) {
		/* The first that is seen is taken for the first that there is. */
		talk_ack(&t, 0);
		talk_tell(&t, 20, t.size - 20);
		talk_tell(&t, 0, 20);
		talk_ack(&t, t.size);
		return;
	}
	talk_all(&t);
}

static void
server_alone(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	talk_flags(&t, &t.server, TCP_SYN | TCP_ACK, 1);
	if (argument == backwards) {
		talk_tell(&t, 20, t.size - 20);
		talk_tell(&t, 0, 20);
	} else {
		talk_tell(&t, 0, t.size);
	}
}

/* Nobody acknowledges, and a segment never comes: what waits is read when it is too much. */
static void
server_alone_with_a_gap(struct evasion *v, const void *argument)
{
	static uint8_t filler[TALK_STREAM_MAX];
	struct talk t = talk_new(v);

	(void)argument;
	talk_flags(&t, &t.server, TCP_SYN | TCP_ACK, 1);
	talk_lie(&t, 0, 20);
	t.at = t.size;
	talk_tell(&t, 0, t.size);
	t.at += t.size;
	for (unsigned i = 0; i < 3; i++) {
		talk_send(&t, filler, i * 60000, 60000); /* messages of no length */
		if (v->found > 0)
			return;
	}
}

#define OVERLAP(name_, play_, relation_, expected_)                         \
	{                                                                   \
		.name = (name_), .play = (play_), .argument = &(relation_), \
		.expected = (expected_)                                     \
	}
#define TOLD "found, reported: stream_different"

static const struct evasion_case cases[] = {
	{ .name = "a message in one segment", .play = whole, .expected = "found" },
	{ "one byte a segment, in order", byte_by_byte, in_order, .expected = "found" },
	{ "one byte a segment, backwards", byte_by_byte, backwards, .expected = "found" },
	{ "one byte a segment, the even ones first", byte_by_byte, even_first,
		.expected = "found" },
	{ "three pieces 132", three_pieces, "132", .expected = "found" },
	{ "three pieces 213", three_pieces, "213", .expected = "found" },
	{ "three pieces 231", three_pieces, "231", .expected = "found" },
	{ "three pieces 312", three_pieces, "312", .expected = "found" },
	{ "three pieces 321", three_pieces, "321", .expected = "found" },
	{ "three pieces, each twice", three_pieces, "332211", .expected = "found" },
	{ .name = "cut within the length", .play = cut_in_the_length, .expected = "found" },
	{ .name = "the same sent again", .play = sent_again, .expected = "found" },
	{ "64 KB in one segment", as_large_as_can_be, in_order, .expected = "found" },
	{ "64 KB in one segment, all but its first byte early", as_large_as_can_be, backwards,
		.expected = "found" },
	{ "over 2^32", over_the_end_of_numbers, in_order, .expected = "found" },
	{ "over 2^32, backwards", over_the_end_of_numbers, backwards, .expected = "found" },
	OVERLAP("early: the later one before the earlier one", overlap_early, before, "found"),
	OVERLAP("early: the later one meets the earlier one", overlap_early, meets, "found"),
	OVERLAP("early: the later one overlaps the earlier one", overlap_early, overlaps, TOLD),
	OVERLAP("early: the later one starts the earlier one", overlap_early, starts, TOLD),
	OVERLAP("early: the later one during the earlier one", overlap_early, during, TOLD),
	OVERLAP("early: the later one finishes the earlier one", overlap_early, finishes, TOLD),
	OVERLAP("early: the later one equals the earlier one", overlap_early, equals, TOLD),
	OVERLAP("early: the later one finished by the earlier one", overlap_early, finished_by,
		TOLD),
	OVERLAP("early: the later one contains the earlier one", overlap_early, contains, TOLD),
	OVERLAP("early: the later one started by the earlier one", overlap_early, started_by, TOLD),
	OVERLAP("early: the later one overlapped by the earlier one", overlap_early, overlapped_by,
		TOLD),
	OVERLAP("early: the later one met by the earlier one", overlap_early, met_by, "found"),
	OVERLAP("early: the later one after the earlier one", overlap_early, after, "found"),
	OVERLAP("in order: the later one overlaps the earlier one", overlap_in_order, overlaps,
		TOLD),
	OVERLAP("in order: the later one starts the earlier one", overlap_in_order, starts, TOLD),
	OVERLAP("in order: the later one during the earlier one", overlap_in_order, during, TOLD),
	OVERLAP("in order: the later one finishes the earlier one", overlap_in_order, finishes,
		TOLD),
	OVERLAP("in order: the later one equals the earlier one", overlap_in_order, equals, TOLD),
	OVERLAP("in order: the later one finished by the earlier one", overlap_in_order,
		finished_by, TOLD),
	OVERLAP("in order: the later one contains the earlier one", overlap_in_order, contains,
		TOLD),
	OVERLAP("in order: the later one started by the earlier one", overlap_in_order, started_by,
		TOLD),
	OVERLAP("in order: the later one overlapped by the earlier one", overlap_in_order,
		overlapped_by, TOLD),
	{ .name = "sent again with another name", .play = lied_about_at_once, .expected = TOLD },
	{ .name = "sent again with another name when it was acknowledged",
		.play = lied_about_too_late,
		.expected = "found" },
	{ .name = "each byte sent again with another value",
		.play = lied_about_byte_by_byte,
		.expected = TOLD },
	{ .name = "two pieces under one that lies about both", .play = covered, .expected = TOLD },
	{ .name = "a gap, then it goes on", .play = gap, .expected = "found" },
	{ "a gap, and nobody acknowledges", gap, in_order, .expected = "found" },
	{ .name = "a gap over the beginning of a message",
		.play = gap_over_a_length,
		.expected = "found" },
	{ .name = "acknowledged before it came",
		.play = acknowledged_too_soon,
		.expected = "reported: stream_late" },
	{ "from the middle", from_the_middle, in_order, .expected = "found" },
	{ "from the middle, backwards", from_the_middle, backwards,
		.expected = "reported: stream_late" },
	{ "the server's direction alone", server_alone, in_order, .expected = "found" },
	{ "the server's direction alone, backwards", server_alone, backwards, .expected = "found" },
	{ .name = "the server's direction alone, with a gap",
		.play = server_alone_with_a_gap,
		.expected = "found" },
};

int
main(void)
{
	struct evasion_set set = { .name = "tcp_segments" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
