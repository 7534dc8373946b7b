/* unix_socket.h -- a socket with a name to listen on: made safely, and only where nobody answers yet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { UNIX_SOCKET_PATH_MAX = 107 }; /* of struct sockaddr_un, less the NUL */

/* A listening socket, or one for datagrams, and the file that it is reached by. */
struct unix_socket {
	int fd; /* not blocking; -1 when closed */
	char path[UNIX_SOCKET_PATH_MAX + 1];
	dev_t device; /* of the file, to know it again */
	ino_t inode;
	gid_t group; /* of the file: whose members may ask */
};

/* Who is given the file. */
struct unix_socket_owner {
	uid_t user;
	gid_t group;
};

/* What is wanted of it. */
struct unix_socket_plan {
	const char *path;                      /* at most UNIX_SOCKET_PATH_MAX bytes */
	const struct unix_socket_owner *owner; /* NULL: whoever makes it */
	int backlog;                           /* of a stream; 0: it is for datagrams */
	bool for_all;                          /* mode 0666, else 0660 */
};

/*
 * Make a Unix socket, and listen on it if it is a stream.
 *
 * A socket that is there already is replaced if nobody answers on it. Anything else that has the
 * name, a symbolic link above all, is left alone and refused.
 *
 * ret_error  gets one line: what is wrong, and what to do
 * errors     -EADDRINUSE somebody answers, -EEXIST it is no socket, or of bind() and its kin
 */
int unix_socket_make(struct unix_socket *s, const struct unix_socket_plan *plan, char *ret_error,
	size_t error_size);

/* A stream of mode 0660. */
int unix_socket_open(struct unix_socket *s, const char *path, int backlog,
	const struct unix_socket_owner *owner, char *ret_error, size_t error_size);

/* Close it and remove the file, if it is still ours and may be removed. */
void unix_socket_close(struct unix_socket *s);
