/*
 * listen_address.h -- one address to listen on, as a setting names it.
 *
 * "127.0.0.1:9947", "[::1]:9947" or "unix:/run/naiad/metrics.sock". Numbers only: no name is ever
 * looked up.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/loop/unix_socket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LISTEN_ADDRESS_TEXT_MAX = 128 };

/* A socket that listens. */
struct listen_address {
	int fd;
	bool is_public; /* others than this machine may reach it */
	char text
		[LISTEN_ADDRESS_TEXT_MAX]; /* as it is now: with the port that the kernel chose for :0 */
	struct unix_socket unix_socket; /* its fd is -1 for other addresses */
};

/* "ADDRESS:PORT", "[ADDRESS]:PORT": only IPv6 is in brackets, since its colons need them. */
bool listen_address_parse(const char *text, struct addr *ret_addr, uint16_t *ret_port);

/*
 * Bind and listen, without blocking afterwards; at a path as unix_socket_open() does.
 *
 * text           borrowed for the call
 * owner          of a Unix socket; NULL: whoever makes it
 * ret_error      one line: what is wrong and what would do
 * returns        0; -EINVAL for a text that is no address; else -errno
 */
int listen_address_open(const char *text, int backlog, const struct unix_socket_owner *owner,
	struct listen_address *ret_address, char *ret_error, size_t error_size);

/* Close it, and remove the Unix socket if it is still ours. Accepts one that is closed (fd -1). */
void listen_address_close(struct listen_address *a);
