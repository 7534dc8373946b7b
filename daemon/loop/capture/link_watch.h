/*
 * link_watch.h -- hear from the kernel when an interface comes, goes, changes its name or its state.
 *
 * Each message is the whole state of one interface, not a difference: who listens compares with what
 * it knew. When messages were lost, that is told as such, and whoever cares has to ask.
 */
#pragma once

#include "daemon/loop/capture/link_state.h"

#include <stddef.h>

enum link_change {
	LINK_IS,   /* there, new or changed: see `link` */
	LINK_GONE, /* removed; `link` is what it was */
	LINK_LOST, /* events were lost; `link` is empty */
};

struct link_event {
	enum link_change change;
	struct link_state link;
};

typedef void (*link_event_fn)(void *context, const struct link_event *e);

/* Begin to listen. returns a descriptor to wait on, to be closed with close(), or -errno. */
int link_watch_open(void);

/*
 * Tell what has been heard.
 *
 * returns  messages read, >= 0: 0 is nothing; at most 64 are read a call
 * errors   none: what cannot be read is told as LINK_LOST
 */
int link_watch_dispatch(int fd, link_event_fn tell, void *context);

/* Tell what is in one datagram of the kernel's. A part that makes no sense ends it, and is LINK_LOST. */
void link_watch_read(struct cursor datagram, link_event_fn tell, void *context);
