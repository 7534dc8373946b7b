/*
 * notify.h -- tell the service manager how we are: sd_notify(3)'s protocol, without its library.
 *
 * One datagram a message, to the socket that $NOTIFY_SOCKET names; without it everything here does
 * nothing, so a sensor started from a shell runs the same code.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct notify {
	int fd;               /* -1: nobody asked to be told */
	uint64_t watchdog_ns; /* how often WATCHDOG=1 is expected at least; 0: not at all */
};

/*
 * Connect to the service manager and forget how it was named, so that no child talks to it.
 *
 * errors  a name that cannot be reached costs one log line; nobody is told then
 * owns    the socket, until notify_close()
 */
void notify_open(struct notify *n);

/*
 * Send "READY=1", "STATUS=...", ...; several are separated by line feeds.
 *
 * errors  none: a message that the manager has no room for is lost
 * cost    one system call that never waits
 */
void notify_send(const struct notify *n, const char *state);

/* Accepts a closed one, not a zeroed one. */
void notify_close(struct notify *n);
