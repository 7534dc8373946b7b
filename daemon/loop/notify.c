#include "daemon/loop/notify.h"

#include "daemon/base/log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { NS_PER_US = 1000 };

/* returns the length of the address, or 0 when `name` is none: neither a path nor '@' and a name */
static socklen_t
address_of(const char *name, struct sockaddr_un *ret_address)
{
	size_t length = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || length < 2 ||
		length >= sizeof(ret_address->sun_path))
		return 0;
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(ret_address->sun_path, name, length);
	if (name[0] == '@')
		ret_address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

static int
socket_to(const char *name)
{
	struct sockaddr_un address;
	socklen_t length = address_of(name, &address);

	if (length == 0) {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, length) == 0)
		return fd;
	int error = errno;
	(void)close(fd);
	errno = error;
	return -1;
}

/* Only if it is meant for this process: $WATCHDOG_PID may name another one. */
static uint64_t
watchdog_asked(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	if (usec == NULL || (pid != NULL && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	unsigned long long us = strtoull(usec, NULL, 10);
	return us > UINT64_MAX / NS_PER_US ? 0 : (uint64_t)us * NS_PER_US;
}

void
notify_open(struct notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*n = (struct notify){ .fd = -1 };
	if (name == NULL || name[0] == '\0')
		return;
	n->fd = socket_to(name);
	if (n->fd < 0)
		log_warn("service",
			"cannot reach the service manager at NOTIFY_SOCKET, going on untold");
	else
		n->watchdog_ns = watchdog_asked();
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
}

void
notify_send(const struct notify *n, const char *state)
{
	if (n->fd >= 0)
		(void)send(n->fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void
notify_close(struct notify *n)
{
	if (n->fd >= 0)
		(void)close(n->fd);
	n->fd = -1;
}
