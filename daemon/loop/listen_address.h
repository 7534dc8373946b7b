/*
 * listen_address.h -- one address to listen on, as a setting names it.
 *
 * "127.0.0.1:9947", "[::1]:9947" or "unix:/run/naiad/metrics.sock". Numbers only: no name is ever
 * looked up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { LISTEN_ADDRESS_TEXT_MAX = 128 };

/* A socket that listens. */
struct listen_address {
	int fd;
	bool is_public; /* others than this machine may reach it */
	char text
		[LISTEN_ADDRESS_TEXT_MAX]; /* as it is now: with the port that the kernel chose for :0 */
	bool is_unix;
	dev_t device; /* of a Unix socket: what to remove at the end */
	ino_t inode;
};

/*
 * Bind and listen, without blocking afterwards. A Unix socket is made with mode 0660; one that is
 * there already is replaced if nobody answers on it, anything else at its path is left alone.
 *
 * text           borrowed for the call
 * ret_error      one line: what is wrong and what would do
 * returns        0; -EINVAL for a text that is no address; else -errno
 */
int listen_address_open(const char *text, int backlog, struct listen_address *ret_address,
	char *ret_error, size_t error_size);

/* Close it, and remove the Unix socket if it is still ours. Accepts one that is closed (fd -1). */
void listen_address_close(struct listen_address *a);
