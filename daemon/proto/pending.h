/* pending.h -- commands that were sent ahead, and wait for their replies: the oldest first. */
#pragma once

#include <stdint.h>
#include <string.h>

enum { PENDING_MAX = 24 }; /* of more than these replies are not told apart */

/* All zero is none. What a command is is its protocol's business; 0 is one of which nothing is wanted. */
struct pending {
	uint8_t count;
	uint8_t command[PENDING_MAX];
};

static inline void
pending_add(struct pending *p, uint8_t command)
{
	if (p->count < PENDING_MAX)
		p->command[p->count++] = command;
}

/* returns the command to which the next reply belongs; 0 when none waits */
static inline uint8_t
pending_take(struct pending *p)
{
	if (p->count == 0)
		return 0;
	uint8_t command = p->command[0];
	memmove(p->command, p->command + 1, --p->count);
	return command;
}
