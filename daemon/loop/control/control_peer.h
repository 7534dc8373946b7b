/* control_peer.h -- who is at the other end of the control socket, and what that permits. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct control_peer {
	uid_t uid;
	bool may_ask;    /* root, who we run as, and the members of the socket's group */
	bool may_change; /* root, and who we run as */
};

/*
 * Ask the kernel who connected. The file's mode says the same for the moment of connecting; this
 * holds even if somebody widens it.
 *
 * Members of the group look, and do not touch: a monitoring user that is in it cannot make the
 * sensor read another settings file or keep silent.
 *
 * fd      of a connection to a Unix stream socket
 * group   of the socket's file; members by their first or any further group
 * errors  of getsockopt(): nothing is permitted then
 */
int control_peer_of(int fd, gid_t group, struct control_peer *ret_peer);

/* What a peer may do, by its ids alone. */
void control_peer_judge(uid_t uid, const gid_t *groups, size_t group_count, uid_t our_uid,
	gid_t socket_group, struct control_peer *ret_peer);
