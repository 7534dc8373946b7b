/* control_socket.h -- the file of the control socket: made safely, and only where nobody answers yet. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

enum { CONTROL_PATH_MAX = 107 }; /* of struct sockaddr_un, less the NUL */

/* A listening socket and the file that it is reached by. */
struct control_socket {
	int fd; /* listening, not blocking; -1 when closed */
	char path[CONTROL_PATH_MAX + 1];
	dev_t device; /* of the file, to know it again */
	ino_t inode;
	gid_t group; /* of the file: whose members may ask */
};

/*
 * Listen on a Unix stream socket of mode 0660.
 *
 * A socket that is there already is replaced if nobody answers on it. Anything else that has the
 * name, a symbolic link above all, is left alone and refused.
 *
 * path       at most CONTROL_PATH_MAX bytes
 * owner      who is given the file, and which group; (uid_t)-1, (gid_t)-1: as it is made
 * ret_error  gets one line: what is wrong, and what to do
 * errors     -EADDRINUSE somebody answers, -EEXIST it is no socket, or of bind() and its kin
 */
int control_socket_open(struct control_socket *s, const char *path, uid_t owner, gid_t group,
	char *ret_error, size_t error_size);

/* Close it and remove the file, if it is still ours and may be removed. */
void control_socket_close(struct control_socket *s);
