#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): struct ucred */
#include "daemon/loop/control/control_peer.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GROUPS_MAX = 512 }; /* a peer in more groups than that is known by its first one only */

void
control_peer_judge(uid_t uid, const gid_t *groups, size_t group_count, uid_t our_uid,
	gid_t socket_group, struct control_peer *ret_peer)
{
	bool member = false;

	for (size_t i = 0; i < group_count; i++)
		member |= groups[i] == socket_group;
	ret_peer->uid = uid;
	ret_peer->may_change = uid == 0 || uid == our_uid;
	ret_peer->may_ask = ret_peer->may_change || member;
}

int
control_peer_of(int fd, gid_t group, struct control_peer *ret_peer)
{
	struct ucred who;
	gid_t groups[GROUPS_MAX + 1];
	socklen_t size = sizeof(who);
	size_t count = 1;

	*ret_peer = (struct control_peer){ .uid = (uid_t)-1 };
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
		return -errno;
	groups[0] = who.gid;
	size = GROUPS_MAX * sizeof(groups[0]);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups + 1, &size) == 0)
		count += size / sizeof(groups[0]);
	control_peer_judge(who.uid, groups, count, geteuid(), group, ret_peer);
	return 0;
}
