/* link_state.h -- what the kernel says of a network interface: an rtnetlink message, read or asked for. */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum { LINK_NAME_MAX = 16 }; /* with its NUL */

struct link_state {
	int ifindex;
	char name[LINK_NAME_MAX];
	bool is_up;      /* administratively; a pulled cable is not down */
	uint64_t missed; /* packets that the card or its driver dropped, since it exists */
};

/*
 * Read the body of an RTM_NEWLINK or RTM_DELLINK.
 *
 * body     after the netlink header
 * returns  false if there is no name in it, or it is not about the interface itself: a bridge tells of
 *          its ports with the same message types, and a port that leaves is not an interface that goes
 * source   rtnetlink(7)
 */
bool link_state_read(struct cursor body, struct link_state *ret_link);

/* A socket for link_state_ask(). returns a descriptor, to be closed with close(), or -errno. */
int link_state_open(void);

/*
 * Ask for one interface.
 *
 * ifindex  > 0, and then `name` may be NULL; or 0 to ask for `name`
 * returns  0; -ENODEV if there is none; -errno
 * cost     two system calls; the kernel answers inside the first one
 */
int link_state_ask(int fd, int ifindex, const char *name, struct link_state *ret_link);
