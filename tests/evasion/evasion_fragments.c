/* evasion_fragments.c -- E1: markers hidden in IP fragments. */
#include "tests/evasion/evasion_rig.h"

enum { DESTINATION_OPTIONS = 60 };

/* A whole datagram, nothing hidden. */
static void
whole(struct evasion *v, const void *argument)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer(message, EVASION_MARKER);

	(void)argument;
	evasion_send(v, build_udp, &b);
}

static void
whole6(struct evasion *v, const void *argument)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer6(message, EVASION_MARKER);

	(void)argument;
	b.extensions[b.extension_count++] = DESTINATION_OPTIONS;
	evasion_send(v, build_udp, &b);
}

/* The first and the last fragment in one packet: no fragment at all (RFC 6946). */
static void
atomic(struct evasion *v, const void *argument)
{
	uint8_t message[EVASION_MESSAGE_MAX];
	struct build b = evasion_answer6(message, EVASION_MARKER);

	(void)argument;
	b.is_fragment = true;
	evasion_send(v, build_udp, &b);
}

static const struct evasion_case cases[] = {
	{ .name = "a whole datagram", .play = whole, .expected = "found" },
	{ .name = "IPv6 behind destination options", .play = whole6, .expected = "found" },
	{ .name = "IPv6 atomic fragment", .play = atomic, .expected = "found" },
};

int
main(void)
{
	struct evasion_set set = { .name = "fragments" };

	evasion_play(&set, cases, sizeof(cases) / sizeof(cases[0]));
	return evasion_end(&set);
}
