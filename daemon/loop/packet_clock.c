/*
 * `offset_ns` maps monotonic to packet time. A stamp that is a little early (less than the slack)
 * moves it at once, so that idle time never runs ahead of packets; one that is a little late moves
 * it only when that stays so, like any other difference: a single odd stamp cannot push time. Drift
 * between the clocks is followed by the same two rules.
 *
 * A reader that was stopped finds packets that are old and a stretch that is as long, so catching
 * up is never taken for a clock that was set back.
 */
#include "daemon/loop/packet_clock.h"

/* 2116: above what the kernel's 32 bits of seconds say, and sums of two stay inside int64_t. */
#define STAMP_MAX_NS ((INT64_C(1) << 62) - 1)

void
packet_clock_start(struct packet_clock *c, uint64_t wall_ns, uint64_t monotonic_ns)
{
	*c = (struct packet_clock){
		.offset_ns = (int64_t)wall_ns - (int64_t)monotonic_ns,
		.empty_ns = monotonic_ns,
	};
}

uint64_t
packet_clock_at(const struct packet_clock *c, uint64_t monotonic_ns)
{
	int64_t ns = (int64_t)monotonic_ns + c->offset_ns;

	return ns > 0 ? (uint64_t)ns : 0;
}

/* How far `ns` is outside of the stretch in which the packet was captured; < 0 is before it. */
static int64_t
error_of(const struct packet_clock *c, int64_t ns, uint64_t monotonic_ns)
{
	int64_t late = ns - ((int64_t)monotonic_ns + c->offset_ns);
	int64_t early = ns - ((int64_t)c->empty_ns + c->offset_ns);

	return late > 0 ? late : early < 0 ? early : 0;
}

/* Has this difference been here, and nothing else, for long enough? */
static bool
is_settled(struct packet_clock *c, int64_t error, uint64_t monotonic_ns)
{
	int64_t moved = error - c->suspect_error_ns;

	if (!c->is_suspect || moved > (int64_t)PACKET_CLOCK_JITTER_NS ||
		moved < -(int64_t)PACKET_CLOCK_JITTER_NS) {
		c->is_suspect = true;
		c->suspect_error_ns = error;
		c->suspect_since_ns = monotonic_ns;
	}
	return monotonic_ns - c->suspect_since_ns >= PACKET_CLOCK_SETTLE_NS;
}

static void
adopt_forward(struct packet_clock *c, int64_t error)
{
	int64_t taken_off = error < c->added_ns ? error : c->added_ns;

	c->added_ns -= taken_off;
	c->offset_ns += error - taken_off;
	c->steps_forward += error > (int64_t)PACKET_CLOCK_SLACK_NS;
}

static void
adopt_back(struct packet_clock *c, int64_t error)
{
	c->added_ns -= error;
	c->steps_back++;
}

uint64_t
packet_clock_stamp(struct packet_clock *c, uint64_t stamp_ns, uint64_t monotonic_ns)
{
	const int64_t slack = (int64_t)PACKET_CLOCK_SLACK_NS;
	int64_t raw = stamp_ns < STAMP_MAX_NS ? (int64_t)stamp_ns : STAMP_MAX_NS;
	int64_t ns = raw + c->added_ns;
	int64_t error = error_of(c, ns, monotonic_ns);

	if (error <= 0 && error >= -slack) {
		c->is_suspect = false;
		c->offset_ns += error;
	} else if (is_settled(c, error, monotonic_ns)) {
		c->is_suspect = false;
		if (error > 0)
			adopt_forward(c, error);
		else
			adopt_back(c, error);
		ns = raw + c->added_ns;
	} else if (error > slack || error < 0) {
		c->clamped++;
		ns -= error;
	}
	return ns > 0 ? (uint64_t)ns : 0;
}

void
packet_clock_empty(struct packet_clock *c, uint64_t monotonic_ns)
{
	if (monotonic_ns > c->empty_ns)
		c->empty_ns = monotonic_ns;
}

uint64_t
packet_clock_idle(const struct packet_clock *c)
{
	uint64_t ns = packet_clock_at(c, c->empty_ns);

	return ns > PACKET_CLOCK_LAG_NS ? ns - PACKET_CLOCK_LAG_NS : 0;
}
