/* peer_rig.h -- receivers for tests of what is sent: sockets of the test's own, read when it says so. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A Unix datagram socket at `path`; what was there is removed. returns its descriptor, or -1 */
static inline int
peer_rig_unix(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	(void)unlink(path);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	return -1;
}

/* SOCK_DGRAM: bound; SOCK_STREAM: listening. On 127.0.0.1, at *port, or any if that is 0. */
static inline int
peer_rig_inet(int type, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t length = sizeof(at);
	const int on = 1;
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons(*port);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &length) < 0 ||
		(type == SOCK_STREAM && listen(fd, 4) < 0))
		return -1;
	*port = ntohs(at.sin_port);
	return fd;
}

/*
 * Bound on 127.0.0.1 and deaf: whoever sets SO_REUSEADDR, as servers do, may listen at *ret_port, while no other who asks
 * for a free port is given it. returns its descriptor, or -1
 */
static inline int
peer_rig_reserve(uint16_t *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t length = sizeof(at);
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
		getsockname(fd, (struct sockaddr *)&at, &length) < 0)
		return -1;
	*ret_port = ntohs(at.sin_port);
	return fd;
}

/* What one read gives, as text; NULL when there is nothing, "" at an end. */
static inline const char *
peer_rig_read(int fd, char *text, size_t size)
{
	ssize_t n = recv(fd, text, size - 1, 0);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	return text;
}
