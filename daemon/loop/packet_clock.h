/*
 * packet_clock.h -- the time of a live interface's packets, whatever is done to the wall clock.
 *
 * The kernel stamps a packet with the wall clock, and people and programs set that. The monotonic
 * clock cannot be set, so it is the judge: between the moment an interface was last seen with
 * nothing waiting and now, a packet's stamp must lie where the wall clock was then, plus minus
 * PACKET_CLOCK_SLACK_NS. One outside is brought to the nearer end of that stretch and counted, until the
 * difference has stayed the same for PACKET_CLOCK_SETTLE_NS: then the clock was set. Set forward, it is
 * believed. Set back, the difference is added from then on, because what has been said of a time
 * cannot be unsaid; a later step forward takes off what was added before it moves time.
 *
 * Pure: both clocks are passed in. One for each interface.
 */
#pragma once

#include "daemon/base/time_text.h"

#include <stdbool.h>
#include <stdint.h>

#define PACKET_CLOCK_SLACK_NS  (10 * NS_PER_S) /* further off than this is not believed */
#define PACKET_CLOCK_SETTLE_NS (2 * NS_PER_S)  /* for how long a new difference must stay */
#define PACKET_CLOCK_JITTER_NS (1 * NS_PER_S)  /* and how far it may move meanwhile */
#define PACKET_CLOCK_LAG_NS    (2 * NS_PER_S)  /* idle time stays this far behind */

struct packet_clock {
	int64_t offset_ns; /* packet time less monotonic time */
	int64_t added_ns;  /* to each stamp, >= 0: what the wall clock was set back */
	uint64_t empty_ns; /* monotonic: nothing was waiting then */

	/* A difference that may be becoming the new one. */
	bool is_suspect;
	int64_t suspect_error_ns;
	uint64_t suspect_since_ns; /* monotonic */

	/* Told. */
	uint64_t clamped;       /* stamps that were not believed */
	uint64_t steps_forward; /* by more than the slack */
	uint64_t steps_back;
};

/* Begin with the wall clock as the first reference. */
void packet_clock_start(struct packet_clock *c, uint64_t wall_ns, uint64_t monotonic_ns);

/*
 * The time of a packet, from its stamp.
 *
 * stamp_ns      as the kernel gave it; any value
 * monotonic_ns  now, or when the batch that it came with was taken; never goes back
 * returns       packet time; not more than the slack outside of what the monotonic clock allows
 */
uint64_t packet_clock_stamp(struct packet_clock *c, uint64_t stamp_ns, uint64_t monotonic_ns);

/*
 * Nothing was waiting on the interface at `monotonic_ns`: every later packet was captured since. A moment
 * before the last one told, or before the start, changes nothing.
 */
void packet_clock_empty(struct packet_clock *c, uint64_t monotonic_ns);

/*
 * Packet time that can be told to an engine when no packets come.
 *
 * returns  PACKET_CLOCK_LAG_NS before the last moment with nothing waiting: no packet that is still
 *          to come is older, so a reader that fell behind holds time back. May be lower than
 *          before, after a step back within the slack
 */
uint64_t packet_clock_idle(const struct packet_clock *c);

/* Packet time at a monotonic moment, to say in the records' time when something else happened. */
uint64_t packet_clock_at(const struct packet_clock *c, uint64_t monotonic_ns);
