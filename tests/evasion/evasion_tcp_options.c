/* evasion_tcp_options.c -- E2: lies that are dropped on their way, or by the host, for their headers. */
#include "tests/evasion/evasion_tcp.h"

enum { OPTIONS_MAX = 40 };

/* What is odd about the lie; zero is everyday. */
struct oddity {
	struct build header; /* ttl, checksums, tcp_offset */
	uint32_t ack_ahead;  /* what it acknowledges, beyond what it should */
	uint32_t first;      /* where in the message it begins */
	uint32_t early;      /* so many bytes are told before it */
	const uint8_t *options;
	size_t option_bytes;
};

static struct talk
talk_over(struct evasion *v, bool is_six)
{
	struct talk t = talk_new(v);

	if (!is_six)
		return t;
	t.client.src = build_addr("2001:db8::7");
	t.client.dst = build_addr("2001:db8::53");
	t.server.src = t.client.dst;
	t.server.dst = t.client.src;
	return t;
}

static void
odd_lie(struct talk *t, const struct oddity *o)
{
	struct build everyday = t->server;

	t->server.ttl = o->header.ttl;
	t->server.bad_checksum = o->header.bad_checksum;
	t->server.bad_ip_checksum = o->header.bad_ip_checksum;
	t->server.tcp_offset = o->header.tcp_offset;
	t->server.ack += o->ack_ahead;
	t->server.tcp_options = o->options;
	t->server.tcp_option_bytes = o->option_bytes;
	talk_lie(t, o->first, t->size - o->first);
	t->server = everyday;
}

/* The lie comes before the truth, and the host never sees it. */
static void
lie_first(struct evasion *v, const void *argument)
{
	const struct oddity *o = argument;
	struct talk t = talk_over(v, o->header.extension_count > 0);

	talk_open(&t);
	talk_tell(&t, 0, o->early);
	odd_lie(&t, o);
	talk_tell(&t, o->early, t.size - o->early);
	talk_ack(&t, t.size);
}

/* The truth comes early, and waits; then the lie, and then what was missing. */
static void
lie_between(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	talk_open(&t);
	talk_tell(&t, 10, t.size - 10);
	odd_lie(&t, argument);
	talk_tell(&t, 0, 10);
	talk_ack(&t, t.size);
}

static const struct oddity farther = { .header = { .ttl = 5 } };
static const struct oddity farther_later = { .header = { .ttl = 60 }, .first = 15, .early = 15 };
static const struct oddity farther_tail = { .header = { .ttl = 60 }, .first = 20, .early = 15 };
static const struct oddity farther6 = { .header = { .ttl = 5, .extension_count = 1 } };
static const struct oddity damaged = { .header = { .bad_checksum = true } };
static const struct oddity damaged_later = {
	.header = { .bad_checksum = true }, .first = 15, .early = 15
};
static const struct oddity damaged6 = { .header = { .bad_checksum = true, .extension_count = 1 } };
static const struct oddity damaged_ip = { .header = { .bad_ip_checksum = true } };
static const struct oddity header_small = { .header = { .tcp_offset = 4 } };
static const struct oddity header_tiny = { .header = { .tcp_offset = 1 } };
static const struct oddity header_large = { .header = { .tcp_offset = 15 }, .first = 25 };
static const struct oddity ack_ahead = { .ack_ahead = 1 << 28 };
static const struct oddity ack_behind = { .ack_ahead = UINT32_MAX - (1 << 28) };

static const uint8_t signature[20] = { 1, 1, 19, 18, 1, 2, 3, 4, 5, 6, 7, 8 };
static const struct oddity is_signed = {
	.options = signature, .option_bytes = sizeof(signature), .first = 15, .early = 15
};

/* ---- time stamps ---- */

static const uint8_t stamp_now[12] = { 1, 1, 8, 10, 0, 1, 0, 0 };
static const uint8_t stamp_old[12] = { 1, 1, 8, 10, 0, 0, 0xff, 0xff };
static const uint8_t stamp_before_wrap[12] = { 1, 1, 8, 10, 0xff, 0xff, 0xff, 0xff };

static void
stamped(struct talk *t, const uint8_t options[12])
{
	t->server.tcp_options = options;
	t->server.tcp_option_bytes = 12;
}

static void
stamp_lie(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	stamped(&t, stamp_now);
	talk_open(&t);
	talk_tell(&t, 0, 15);
	stamped(&t, stamp_old);
	talk_lie(&t, 15, t.size - 15);
	stamped(&t, stamp_now);
	talk_tell(&t, 15, t.size - 15);
	talk_ack(&t, t.size);
}

/* Time stamps wrap around, too. */
static void
stamp_wraps(struct evasion *v, const void *argument)
{
	struct talk t = talk_new(v);

	(void)argument;
	stamped(&t, stamp_before_wrap);
	talk_open(&t);
	talk_tell(&t, 0, 15);
	stamped(&t, stamp_now);
	talk_tell(&t, 15, t.size - 15);
	talk_ack(&t, t.size);
}

/* ---- odd, and taken ---- */

/* The truth, in segments with something odd that hosts do not mind. */
static void
odd_truth(struct evasion *v, const void *argument)
{
	const struct oddity *o = argument;
	struct talk t = talk_new(v);

	talk_open(&t);
	talk_tell(&t, 0, o->early);
	t.server.tcp_options = o->options;
	t.server.tcp_option_bytes = o->option_bytes;
	t.server.ttl = o->header.ttl;
	talk_tell(&t, o->early, t.size - o->early);
	talk_ack(&t, t.size);
}

static const uint8_t no_length[4] = { 99, 0, 1, 1 };
static const uint8_t too_long[4] = { 99, 200, 1, 1 };
static const uint8_t no_end[4] = { 1, 1, 1, 8 };
static const uint8_t filled[OPTIONS_MAX] = { 1, 1, 1, 1, 254, 30 };
static const struct oddity option_no_length = { .options = no_length, .option_bytes = 4 };
static const struct oddity option_too_long = { .options = too_long, .option_bytes = 4 };
static const struct oddity option_no_end = { .options = no_end, .option_bytes = 4 };
static const struct oddity option_filled = { .options = filled, .option_bytes = OPTIONS_MAX };
static const struct oddity signed_throughout = { .options = signature,
	.option_bytes = sizeof(signature) };
static const struct oddity other_path = { .header = { .ttl = 62 }, .early = 20 };
/* The route changed: farther, but it does get there. */
static const struct oddity new_route = { .header = { .ttl = 40 }, .early = 20 };

#define LIE(expected_) "found, reported: stream_different " expected_

static const struct evasion_case cases[] = {
	{ "a lie that does not get there", lie_first, &farther, .expected = LIE("stream_ttl") },
	{ "half a lie that does not get there", lie_first, &farther_later,
		.expected = LIE("stream_ttl") },
	{ "an early lie that does not get there", lie_first, &farther_tail,
		.expected = LIE("stream_ttl") },
	{ "a lie between that does not get there", lie_between, &farther,
		.expected = LIE("stream_ttl") },
	{ "a lie that does not get there, IPv6", lie_first, &farther6,
		.expected = LIE("stream_ttl") },
	{ "a lie with a wrong checksum", lie_first, &damaged, .expected = "found" },
	{ "half a lie with a wrong checksum", lie_first, &damaged_later, .expected = "found" },
	{ "a lie between with a wrong checksum", lie_between, &damaged, .expected = "found" },
	{ "a lie with a wrong checksum, IPv6", lie_first, &damaged6, .expected = "found" },
	{ "a lie with a wrong checksum of IP", lie_first, &damaged_ip, .expected = "found" },
	{ "a lie with half a header", lie_first, &header_small, .expected = "found" },
	{ "a lie with a header of one word", lie_first, &header_tiny, .expected = "found" },
	{ "a lie with a header beyond its end", lie_first, &header_large, .expected = "found" },
	{ "a lie that acknowledges what nobody sent", lie_first, &ack_ahead,
		.expected = LIE("stream_ack") },
	{ "a lie that acknowledges what is long past", lie_first, &ack_behind,
		.expected = LIE("stream_ack") },
	{ "a lie between that acknowledges what nobody sent", lie_between, &ack_ahead,
		.expected = LIE("stream_ack") },
	{ "a lie with a signature", lie_first, &is_signed, .expected = LIE("stream_signature") },
	{ .name = "a lie with an old time stamp",
		.play = stamp_lie,
		.expected = LIE("stream_time") },
	{ .name = "time stamps that wrap around", .play = stamp_wraps, .expected = "found" },
	{ "an option without length", odd_truth, &option_no_length, .expected = "found" },
	{ "an option beyond the header", odd_truth, &option_too_long, .expected = "found" },
	{ "an option without an end", odd_truth, &option_no_end, .expected = "found" },
	{ "40 bytes of options", odd_truth, &option_filled, .expected = "found" },
	{ "signatures throughout", odd_truth, &signed_throughout, .expected = "found" },
	{ "another path", odd_truth, &other_path, .expected = "found" },
	{ "a new route", odd_truth, &new_route, .expected = "found, reported: stream_ttl" },
};

int
main(void)
{
	struct evasion_set set = { .name = "tcp_options" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
