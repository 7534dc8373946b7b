/* evasion_fragments.c -- E1: what was ever done with fragments, but for overlaps (evasion_overlaps.c). */
#include "tests/evasion/parts.h"

#include <netinet/in.h>
#include <string.h>

enum {
	DESTINATION_OPTIONS = 60,
	FLOOD = 2000, /* more datagrams than the table has room for */
};

/* As part_send(), with other bytes. */
static void
send_decoy(struct evasion *v, const struct whole *w, unsigned from, unsigned to)
{
	struct build b = part_of(w, from, to);

	b.payload = NULL;
	evasion_send(v, build_ip, &b);
}

/* Where a case has both, the argument says IPv6 when it is not NULL. */
static const char ip6[] = "IPv6";

static void
play_whole(struct evasion *v, const void *is_v6)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = is_v6 != NULL ? evasion_answer6(message, EVASION_MARKER)
				       : evasion_answer(message, EVASION_MARKER);

	evasion_send(v, build_udp, &b);
}

static void
play_two_parts(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	part_send(v, &w, 24, w.len);
}

static void
play_units(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	for (unsigned at = 0; at < w.len; at += PART_UNIT)
		part_send(v, &w, at, at + PART_UNIT < w.len ? at + PART_UNIT : w.len);
}

static void
play_units_backwards(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	for (unsigned at = (w.len - 1) / PART_UNIT * PART_UNIT;; at -= PART_UNIT) {
		part_send(v, &w, at, at + PART_UNIT < w.len ? at + PART_UNIT : w.len);
		if (at == 0)
			break;
	}
}

static void
play_all_twice(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	for (unsigned at = 0; at < w.len; at += 16)
		for (unsigned round = 0; round < 2; round++)
			part_send(v, &w, at, at + 16 < w.len ? at + 16 : w.len);
}

static void
play_sent_again(struct evasion *v, const void *is_v6)
{
	play_two_parts(v, is_v6);
	play_two_parts(v, is_v6);
}

static void
play_without_last(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	part_send(v, &w, 24, 40);
}

static void
play_without_first(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 24, 40);
	part_send(v, &w, 40, w.len);
}

static void
play_with_a_hole(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	part_send(v, &w, 32, w.len);
}

/* What the victim has given up is not part of what comes then. */
static void
play_too_late(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	send_decoy(v, &w, 24, 32);
	evasion_wait(v, 30);
	play_two_parts(v, is_v6);
}

static void
play_just_in_time(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	evasion_wait(v, 29.9);
	part_send(v, &w, 24, w.len);
}

static void
play_first_part_too_late(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	evasion_wait(v, 30);
	part_send(v, &w, 24, w.len);
}

static void
play_oversize(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	struct build b = part_of(&w, 24, 40);
	b.fragment_offset = 0x1fff;
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
}

static void
play_empty_last(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	w.len = (w.len + PART_UNIT - 1) / PART_UNIT * PART_UNIT +
		PART_UNIT; /* so that all have more to come */
	part_send(v, &w, 0, w.len - PART_UNIT);
	w.len -= PART_UNIT;
	part_send(v, &w, w.len, w.len);
}

static void
play_odd_length(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 25);
	part_send(v, &w, 24, w.len);
}

static void
play_end_before(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	struct build b = part_of(&w, 24, 32);
	b.more_fragments = false;
	part_send(v, &w, 32, 40);
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 0, 24);
	part_send(v, &w, 24, w.len);
}

static void
play_two_ends(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	struct build b = part_of(&w, 24, 32);
	b.more_fragments = false;
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
	part_send(v, &w, 0, 24);
}

/* Bytes of the marker lie behind what another fragment calls the end. */
static void
play_past_the_end(struct evasion *v, const void *is_v6)
{
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	struct build b = part_of(&w, 24, 32);
	b.more_fragments = false;
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 32, 40);
	part_send(v, &w, 0, 24);
}

/* Parts of another datagram in between; what differs is the last argument's business. */
enum other {
	OTHER_ID,
	OTHER_PROTO,
	OTHER_SRC,
	OTHER_DST,
	OTHER_VLAN,
	OTHER_INNER_VLAN,
	NO_VLAN,
	OTHERS
};

static const enum other others[OTHERS] = { OTHER_ID, OTHER_PROTO, OTHER_SRC, OTHER_DST, OTHER_VLAN,
	OTHER_INNER_VLAN, NO_VLAN };

static void
make_other(struct build *b, enum other what)
{
	switch (what) {
	case OTHER_ID:
		b->ip_id++;
		break;
	case OTHER_PROTO:
		b->ip_proto = IPPROTO_TCP;
		break;
	case OTHER_SRC:
		b->src = build_addr("10.0.0.54");
		break;
	case OTHER_DST:
		b->dst = build_addr("10.0.0.8");
		break;
	case OTHER_VLAN:
		b->vlan[0]++;
		break;
	case OTHER_INNER_VLAN:
		b->vlan[1]++;
		break;
	case NO_VLAN:
	case OTHERS:
		b->vlan_count = 0;
		break;
	}
}

static void
play_among_others(struct evasion *v, const void *argument)
{
	const enum other *what = argument;
	struct whole w;

	whole_make(&w, false, EVASION_MARKER);
	w.b.vlan_count = 2;
	w.b.vlan[0] = 5;
	w.b.vlan[1] = 50;
	part_send(v, &w, 0, 24);
	struct build b = part_of(&w, 24, w.len);
	b.payload = NULL;
	make_other(&b, *what);
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
}

/* Hosts drop these, so their bytes must not count. */
static void
play_bad_checksum(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	struct build b = part_of(&w, 24, w.len);
	b.payload = NULL;
	b.bad_ip_checksum = true;
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
}

/* The same of a whole datagram: UDP drops it. */
static void
play_bad_udp_checksum(struct evasion *v, const void *argument)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer(message, EVASION_DECOY);

	(void)argument;
	b.bad_checksum = true;
	evasion_send(v, build_udp, &b);
	b = evasion_answer(message, EVASION_MARKER);
	evasion_send(v, build_udp, &b);
}

static void
play_longer_than_its_frame(struct evasion *v, const void *is_v6)
{
	static uint8_t bytes[1024];
	struct whole w;

	whole_make(&w, is_v6 != NULL, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	struct build b = part_of(&w, 24, w.len);
	b.payload = NULL;
	size_t len = build_ip(bytes, &b);
	evasion_send_bytes(v, build_link_type(&b), bytes, len - 1);
	part_send(v, &w, 24, w.len);
}

/* The first and the last in one packet is no fragment, and no part of one of the same id (RFC 6946). */
static void
play_atomic_between(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, true, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	struct build b = part_of(&w, 0, 24);
	b.more_fragments = false;
	b.payload = NULL;
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
}

static void
play_atomic(struct evasion *v, const void *argument)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer6(message, EVASION_MARKER);

	(void)argument;
	b.is_fragment = true;
	evasion_send(v, build_udp, &b);
}

/* With headers before the fragment header: the argument is a list of their types. */
static void
play_behind(struct evasion *v, const void *types)
{
	struct whole w;

	whole_make(&w, true, EVASION_MARKER);
	w.b.extension_count = strlen(types);
	memcpy(w.b.extensions, types, w.b.extension_count);
	part_send(v, &w, 0, 24);
	part_send(v, &w, 24, w.len);
}

/* Destination options inside the datagram: the first part has them and UDP's header, or only them. */
static void
play_options_inside(struct evasion *v, const void *is_tiny)
{
	struct whole w;
	unsigned first = is_tiny != NULL ? PART_UNIT : 3 * PART_UNIT;

	whole_make(&w, true, EVASION_MARKER);
	memmove(w.data + PART_UNIT, w.data, w.len);
	memcpy(w.data, "\x11\0\1\4\0\0\0\0", PART_UNIT); /* UDP is next; PadN */
	w.len += PART_UNIT;
	for (unsigned round = 0; round < 2; round++) {
		struct build b = round == 0 ? part_of(&w, 0, first) : part_of(&w, first, w.len);
		b.ip_proto = DESTINATION_OPTIONS;
		evasion_send(v, build_ip, &b);
	}
}

/* The datagram in the fragments is the first fragment of another one. */
static void
play_nested(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, true, EVASION_MARKER);
	memmove(w.data + PART_UNIT, w.data, w.len);
	memcpy(w.data, "\x11\0\0\1\0\0\0\1", PART_UNIT); /* UDP is next; offset 0, more to come */
	w.len += PART_UNIT;
	for (unsigned round = 0; round < 2; round++) {
		struct build b = round == 0 ? part_of(&w, 0, 24) : part_of(&w, 24, w.len);
		b.ip_proto = 44;
		evasion_send(v, build_ip, &b);
	}
}

static void
play_options_of_ip(struct evasion *v, const void *argument)
{
	static const uint8_t nops[40] = { 1, 1, 1, 1 };
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	struct build b = part_of(&w, 0, 24);
	b.ip_options = nops;
	b.ip_option_bytes = sizeof(nops);
	evasion_send(v, build_ip, &b);
	part_send(v, &w, 24, w.len);
}

/* So small that TCP's flags are in the second part: filters that look at first parts only see none. */
static void
play_tiny_tcp(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	struct build b = part_of(&w, 0, PART_UNIT);
	b.ip_proto = IPPROTO_TCP;
	evasion_send(v, build_ip, &b);
}

/* Datagrams that are never finished, between the parts of the one that is. */
static void
flood(struct evasion *v, unsigned datagrams, unsigned bytes)
{
	struct build b = build_between("10.9.0.1", 0, "10.0.0.7", 0);

	b.ip_proto = IPPROTO_UDP;
	b.more_fragments = true;
	b.payload_bytes = bytes;
	for (unsigned i = 0; i < datagrams; i++) {
		b.ip_id = (uint16_t)i;
		evasion_send(v, build_ip, &b);
	}
}

static void
play_flood_below(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	flood(v, (unsigned)engine_stats(v->rig->engine).fragments.capacity - 1, PART_UNIT);
	part_send(v, &w, 24, w.len);
}

static void
play_flood(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	flood(v, FLOOD, PART_UNIT);
	part_send(v, &w, 24, w.len);
}

static void
play_flood_of_bytes(struct evasion *v, const void *argument)
{
	struct whole w;

	(void)argument;
	whole_make(&w, false, EVASION_MARKER);
	part_send(v, &w, 0, 24);
	flood(v, 100, 65000);
	part_send(v, &w, 24, w.len);
}

#define BOTH(name_, play_, expected_)                                                             \
	{ .name = "IPv4: " name_, .play = (play_), .expected = (expected_) },                     \
	{                                                                                         \
		.name = "IPv6: " name_, .play = (play_), .argument = ip6, .expected = (expected_) \
	}
#define AMONG(name_, other_)                                                                   \
	{                                                                                      \
		.name = "IPv4: among parts of the same id, " name_, .play = play_among_others, \
		.argument = &others[other_], .expected = "found"                               \
	}

static const struct evasion_case cases[] = {
	BOTH("a whole datagram", play_whole, "found"),
	BOTH("two parts", play_two_parts, "found"),
	BOTH("parts of 8 bytes", play_units, "found"),
	BOTH("parts of 8 bytes, backwards", play_units_backwards, "found"),
	BOTH("every part twice", play_all_twice, "found"),
	BOTH("sent again after it was whole", play_sent_again, "found 2 times"),
	BOTH("without its last part", play_without_last, "nothing"),
	BOTH("without its first part", play_without_first, "nothing"),
	BOTH("with a hole", play_with_a_hole, "nothing"),
	BOTH("a part that is too late for others, then again", play_too_late, "found"),
	BOTH("the rest just in time", play_just_in_time, "found"),
	BOTH("the rest too late", play_first_part_too_late, "nothing"),
	BOTH("a part beyond 65,535 bytes", play_oversize, "reported: fragment_oversize"),
	BOTH("an empty last part", play_empty_last, "reported: fragment_length"),
	BOTH("a middle part of 25 bytes", play_odd_length, "reported: fragment_length"),
	BOTH("an end before what is here", play_end_before, "found, reported: fragment_end"),
	BOTH("two ends", play_two_ends, "reported: fragment_end"),
	BOTH("bytes past the end", play_past_the_end, "reported: fragment_end"),
	BOTH("a part that is longer than its frame", play_longer_than_its_frame, "found"),
	AMONG("no: another", OTHER_ID),
	AMONG("other protocol", OTHER_PROTO),
	AMONG("other source", OTHER_SRC),
	AMONG("other destination", OTHER_DST),
	AMONG("other VLAN", OTHER_VLAN),
	AMONG("other VLAN inside", OTHER_INNER_VLAN),
	AMONG("no VLAN", NO_VLAN),
	{ .name = "IPv4: a part with a wrong header checksum",
		.play = play_bad_checksum,
		.expected = "found" },
	{ .name = "IPv4: a datagram with a wrong UDP checksum",
		.play = play_bad_udp_checksum,
		.expected = "found" },
	{ .name = "IPv4: 40 bytes of options in the first part",
		.play = play_options_of_ip,
		.expected = "found" },
	{ .name = "IPv4: a first part of 8 bytes of TCP",
		.play = play_tiny_tcp,
		.expected = "reported: fragment_tiny" },
	{ .name = "IPv6: atomic fragment", .play = play_atomic, .expected = "found" },
	{ .name = "IPv6: an atomic fragment of the same id between the parts",
		.play = play_atomic_between,
		.expected = "found" },
	{ .name = "IPv6: behind destination options",
		.play = play_behind,
		.argument = "\x3c",
		.expected = "found" },
	{ .name = "IPv6: behind destination options twice",
		.play = play_behind,
		.argument = "\x3c\x3c",
		.expected = "found" },
	{ .name = "IPv6: destination options inside",
		.play = play_options_inside,
		.expected = "found" },
	{ .name = "IPv6: a first part with destination options and no transport",
		.play = play_options_inside,
		.argument = ip6,
		.expected = "reported: fragment_tiny" },
	{ .name = "IPv6: fragments of a fragment",
		.play = play_nested,
		.expected = "reported: fragment_nested" },
	{ .name = "IPv4: as many others begun as there is room for",
		.play = play_flood_below,
		.expected = "found" },
	{ .name = "IPv4: more others begun than there is room for",
		.play = play_flood,
		.expected = "reported: fragment_full" },
	{ .name = "IPv4: others with more bytes than there is room for",
		.play = play_flood_of_bytes,
		.expected = "reported: fragment_full" },
};

int
main(void)
{
	struct evasion_set set = { .name = "fragments" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
