/*
 * UDP acknowledges nothing. A datagram counts as *delivered* when it was sent, and as *settled* when
 * for a moment (PEER_AGE_MS) nobody has refused it: a host without a listener answers with ICMP (RFC 1122
 * 4.1.3.3), which a connected socket hears as ECONNREFUSED. After a refusal one datagram at a time
 * is tried until one is settled. In every tick a few are sent and not more, for a burst overflows
 * the receiver's buffer without a word.
 *
 * What it cannot know: what was lost on the way, or lay unread in a receiver that stopped. Where
 * that matters, use TCP.
 */
#include "exporters/peer_udp.h"

#include <errno.h>
#include <unistd.h>

enum { BURST_MAX = 64 };

static int
udp_connect(struct peer *p, const struct sockaddr *to, socklen_t length)
{
	p->fd = socket(to->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0 || connect(p->fd, to, length) < 0)
		return -errno;
	return 0;
}

static int
udp_send(struct peer *p, const char *bytes, size_t length)
{
	if (p->burst >= BURST_MAX || (p->doubtful && p->sent > p->settled))
		return -EAGAIN;
	if (send(p->fd, bytes, length, MSG_NOSIGNAL) < 0)
		return errno == ENOBUFS || errno == EINTR ? -EAGAIN : -errno;
	p->burst++;
	p->sent++;
	p->delivered = p->sent;
	return 0;
}

static int
udp_readable(struct peer *p)
{
	char nothing[16];

	return recv(p->fd, nothing, sizeof(nothing), 0) < 0 && errno != EAGAIN && errno != EINTR
		       ? -errno
		       : 0;
}

static int
udp_look(struct peer *p)
{
	peer_age(p);
	return 0;
}

const struct peer_kind peer_udp = {
	.connect = udp_connect,
	.send = udp_send,
	.readable = udp_readable,
	.look = udp_look,
};
