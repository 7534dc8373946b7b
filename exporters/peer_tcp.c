/*
 * A message counts as *delivered* when the other machine's TCP has acknowledged its last byte
 * (SIOCOUTQ tells how many it has not). That is not yet the program: when it closes a connection
 * with bytes unread, TCP says so with a reset instead of an orderly end (RFC 2525 2.17). So a
 * message is *settled* when it was acknowledged for a moment (PEER_AGE_MS) and no reset came, or at
 * an orderly end. After a reset what was acknowledged in that moment is sent again.
 *
 * What it cannot know: what a program had read and lost, and what it had not read for longer than
 * that moment. Plain syslog over TCP has no answer to that (RFC 6587 says as much in section 5).
 *
 * A peer that is gone without a word is found by keep-alives when idle, and after a minute without
 * an acknowledgement when not.
 */
#include "exporters/peer_tcp.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { SILENCE_MS = 60000, IDLE_S = 60, PROBES = 3, COUNT_MAX = 16 };

static int
tcp_connect(struct peer *p, const struct sockaddr *to, socklen_t length)
{
	const int on = 1;
	const int silence_ms = SILENCE_MS;
	const int idle_s = IDLE_S;
	const int probes = PROBES;

	p->stream.rest_length = 0;
	p->stream.bytes = 0;
	p->fd = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		return -errno;
	/* Without these it takes longer to notice, and nothing else. */
	(void)setsockopt(p->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(p->fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	(void)setsockopt(p->fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	(void)setsockopt(p->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence_ms, sizeof(silence_ms));
	(void)setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return connect(p->fd, to, length) < 0 ? -errno : 0;
}

static void
acknowledged(struct peer *p)
{
	int unacked = 0;

	if (ioctl(p->fd, SIOCOUTQ, &unacked) < 0)
		return;
	uint64_t bytes = p->stream.bytes - (uint64_t)unacked;
	while (p->delivered < p->sent && p->stream.ends[p->delivered % PEER_UNACKED_MAX] <= bytes)
		p->delivered++;
}

/* What the end of a connection says about what was on its way. */
static int
ended(struct peer *p, int error)
{
	acknowledged(p);
	if (error == 0 || error == EPIPE) /* a reset that follows an orderly end reads as EPIPE */
		p->settled = p->delivered;
	return error == 0 ? -EPIPE : -error;
}

static int
rest_write(struct peer *p)
{
	while (p->stream.rest_length > 0) {
		ssize_t n = send(p->fd, p->stream.rest, p->stream.rest_length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == ENOBUFS ? -EAGAIN : ended(p, errno);
		p->stream.bytes += (uint64_t)n;
		p->stream.rest_length -= (size_t)n;
		memmove(p->stream.rest, p->stream.rest + n, p->stream.rest_length);
	}
	return 0;
}

/* The end that the other side has announced is to be read before more is written into it. */
static int
tcp_readable(struct peer *p)
{
	char nothing[512];
	ssize_t n;

	do
		n = recv(p->fd, nothing, sizeof(nothing), 0);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0)
		return ended(p, 0);
	return errno == EAGAIN ? 0 : ended(p, errno);
}

static bool
rest_room(struct peer *p, size_t needed)
{
	if (needed <= p->stream.rest_capacity)
		return true;
	char *more = realloc(p->stream.rest, needed);
	if (more == NULL)
		return false;
	p->stream.rest = more;
	p->stream.rest_capacity = needed;
	return true;
}

static int
tcp_send(struct peer *p, const char *bytes, size_t length)
{
	char count[COUNT_MAX];
	int digits = snprintf(count, sizeof(count), "%zu ", length);
	int result = tcp_readable(p);

	if (result == 0)
		result = rest_write(p);
	if (result < 0)
		return result;
	acknowledged(p);
	if (p->sent - p->delivered >= PEER_UNACKED_MAX || !rest_room(p, (size_t)digits + length))
		return -EAGAIN;
	memcpy(p->stream.rest, count, (size_t)digits);
	memcpy(p->stream.rest + digits, bytes, length);
	p->stream.rest_length = (size_t)digits + length;
	p->stream.ends[p->sent % PEER_UNACKED_MAX] = p->stream.bytes + p->stream.rest_length;
	p->sent++;
	result = rest_write(p);
	return result == -EAGAIN ? 0 : result;
}

static int
tcp_look(struct peer *p)
{
	int result = rest_write(p);

	if (result < 0 && result != -EAGAIN)
		return result;
	acknowledged(p);
	peer_age(p);
	return 0;
}

const struct peer_kind peer_tcp = {
	.is_sure = true,
	.connect = tcp_connect,
	.send = tcp_send,
	.readable = tcp_readable,
	.look = tcp_look,
};
