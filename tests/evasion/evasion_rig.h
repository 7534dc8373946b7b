/*
 * evasion_rig.h -- packets made to blind a sensor, each case with a marker that must not be missed.
 *
 * The marker is a DNS name in an answer, hidden the way that the case is about; the victim, whose
 * stack the settings name, would read it. So must the sensor, or else say that it could not tell:
 *
 *	static void
 *	plain(struct evasion *v, const void *argument)
 *	{
 *		uint8_t message[EVASION_MESSAGE_MAX];
 *		struct build b = evasion_answer(message, EVASION_MARKER);
 *		evasion_send(v, build_udp, &b);
 *	}
 *	static const struct evasion_case cases[] = {
 *		{ .name = "a plain datagram", .play = plain, .expected = "found" },
 *	};
 *
 * A name that is not the case's marker is a wrong one, and fails whatever was expected. One program
 * for each set (tests/evasion/evasion_<set>.c, ctest evasion/<set>): it prints a line for each case.
 */
#pragma once

#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVASION_MARKER "marker.example"
/* What an attacker wants the sensor to read instead; as long as the marker. */
#define EVASION_DECOY "harmle.example"

enum { EVASION_MESSAGE_MAX = 512, EVASION_NAME_MAX = 256 };

/* The sensor of one case, and what it saw. */
struct evasion {
	struct engine_rig *rig;
	uint64_t now_ns; /* of the next frame */
	uint16_t interface;
	const char *marker;
	unsigned found;               /* times that the marker was read */
	char wrong[EVASION_NAME_MAX]; /* the first other name; "" if none */
	bool is_reported[WEIRD_COUNT];
};

struct evasion_case {
	const char *name;
	/* Feed the packets. */
	void (*play)(struct evasion *v, const void *argument);
	const void *argument;
	/* The victim's stack, and the like; NULL: everything at its default. */
	void (*set)(struct settings *s);
	const char *marker; /* NULL: EVASION_MARKER */
	/*
	 * "found", "reported: <weird> <weird>" (in the order of weird.def), "found, reported: <weird>", or
	 * "nothing": the victim sees nothing either, and there is nothing to tell.
	 */
	const char *expected;
};

struct evasion_set {
	const char *name;
	size_t cases, failed;
};

/*
 * Play cases one by one, each with a sensor of its own, and print a line for each.
 *
 * cases  may be made on the fly: nothing of them is kept
 */
void evasion_play(struct evasion_set *set, const struct evasion_case *cases, size_t count);
/* Print the count. returns what main() returns */
int evasion_end(const struct evasion_set *set);

/* Send one frame, and let a millisecond pass. */
void evasion_send(
	struct evasion *v, size_t (*build)(uint8_t *, const struct build *), const struct build *b);
/* The same with a frame's bytes. */
void evasion_send_bytes(struct evasion *v, uint16_t link, const uint8_t *bytes, size_t len);
/* Let time pass. */
void evasion_wait(struct evasion *v, double seconds);

/*
 * Write a DNS answer that names `name` (one question, one address), EVASION_MESSAGE_MAX at most.
 *
 * returns  its length; over TCP two bytes of length come before it
 */
size_t evasion_message(uint8_t *ret_message, const char *name);
/* A datagram of the name server 10.0.0.53 to the victim 10.0.0.7 that carries it. */
struct build evasion_answer(uint8_t *ret_message, const char *name);
/* The same between 2001:db8::53 and 2001:db8::7. */
struct build evasion_answer6(uint8_t *ret_message, const char *name);
