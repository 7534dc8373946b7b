/*
 * A datagram that send() accepted lies in the receiver's own queue: our end does not take it away,
 * so it is *delivered*. It is *settled* when the receiver has read it. The kernel tells how many
 * bytes of ours nobody has read (SIOCOUTQ); but it forgets them as well when the receiver closes its
 * socket unread, so at zero we look whether that very socket is still there: the path leads to the
 * same inode as when we connected, and connecting to it works. A socket is never bound again under
 * an inode that it had, so then it was there all the time, and what left the queue was read.
 *
 * The same test, by the number of the inode, tells after our own restart whether the receiver is
 * still the one that has our last messages in its queue.
 *
 * What it cannot know: whether a receiver that has read a message did anything with it.
 */
#include "exporters/peer_unix.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { UNREAD_MAX = 64 /* messages; what a receiver that dies may cost in repeats */ };

/* 0 when nothing is there. */
static uint64_t
identity_of(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return 0;
	uint64_t mix = (uint64_t)status.st_ino * UINT64_C(0x9e3779b97f4a7c15);
	mix ^= (uint64_t)status.st_dev << 40;
	mix ^= (uint64_t)status.st_ctim.tv_sec * 1000000000 + (uint64_t)status.st_ctim.tv_nsec;
	return mix != 0 ? mix : 1;
}

/* returns a connected descriptor, or -errno */
static int
connect_to(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (snprintf(to.sun_path, sizeof(to.sun_path), "%s", path) >= (int)sizeof(to.sun_path))
		errno = ENAMETOOLONG;
	else if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	int error = errno;
	(void)close(fd);
	return -error;
}

static int
unix_connect(struct peer *p, const struct sockaddr *to, socklen_t length)
{
	uint64_t before = identity_of(p->plan.path);
	int fd = connect_to(p->plan.path);

	(void)to;
	(void)length;
	if (fd < 0)
		return fd;
	p->fd = fd;
	p->identity = identity_of(p->plan.path);
	return p->identity == before ? 0 : -ECONNRESET; /* it was just being restarted */
}

static bool
is_still_there(const struct peer *p)
{
	int fd = connect_to(p->plan.path);

	if (fd < 0)
		return false;
	(void)close(fd);
	return identity_of(p->plan.path) == p->identity;
}

static int
unix_look(struct peer *p)
{
	int unread = 0;

	if (p->settled == p->sent)
		return 0;
	if (ioctl(p->fd, SIOCOUTQ, &unread) < 0)
		return -errno; /* or we would wait for ever and not say why */
	if (unread > 0)
		return 0;
	if (!is_still_there(p))
		return -ECONNRESET;
	p->settled = p->sent;
	return 0;
}

static int
unix_send(struct peer *p, const char *bytes, size_t length)
{
	if (p->sent - p->settled >= UNREAD_MAX) {
		int result = unix_look(p);

		if (result < 0)
			return result;
		if (p->settled < p->sent)
			return -EAGAIN;
	}
	if (send(p->fd, bytes, length, MSG_NOSIGNAL) < 0)
		return errno == ENOBUFS || errno == EINTR ? -EAGAIN : -errno;
	p->sent++;
	p->delivered = p->sent;
	return 0;
}

static int
unix_readable(struct peer *p)
{
	char nothing[16];

	/* Nobody answers here; only what is wrong matters. */
	return recv(p->fd, nothing, sizeof(nothing), 0) < 0 && errno != EAGAIN && errno != EINTR
		       ? -errno
		       : 0;
}

const struct peer_kind peer_unix = {
	.is_local = true,
	.is_sure = true,
	.connect = unix_connect,
	.send = unix_send,
	.readable = unix_readable,
	.look = unix_look,
};
