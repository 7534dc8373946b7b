#include "daemon/loop/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(
	UNIX_SOCKET_PATH_MAX + 1 == sizeof(((struct sockaddr_un *)0)->sun_path), "as Linux has it");

/* What they leave of a socket's 0777. */
enum { LEAVE_0660 = 0117, LEAVE_0666 = 0111 };

static int
socket_new(const struct unix_socket_plan *plan)
{
	int type = plan->backlog > 0 ? SOCK_STREAM : SOCK_DGRAM;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	return fd < 0 ? -errno : fd;
}

static int
address_of(const char *path, struct sockaddr_un *ret_address)
{
	size_t length = strlen(path);

	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (length > UNIX_SOCKET_PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(ret_address->sun_path, path, length + 1);
	return 0;
}

/* returns -ECONNREFUSED when nobody listens, -EADDRINUSE when somebody does, or why it is not known */
static int
somebody_answers(const struct unix_socket_plan *plan, const struct sockaddr_un *address)
{
	int fd = socket_new(plan);

	if (fd < 0)
		return fd;
	int r = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : -errno;
	(void)close(fd);
	/* A full queue (EAGAIN) is somebody as well, and so is a socket of the other kind. */
	return r == 0 || r == -EAGAIN || r == -EPROTOTYPE ? -EADDRINUSE : r;
}

/* Make way: a socket that nobody listens on is removed. unlink() never follows a link. */
static int
stale_remove(const struct unix_socket_plan *plan, const struct sockaddr_un *address)
{
	struct stat st;

	if (lstat(address->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	int r = somebody_answers(plan, address);
	if (r != -ECONNREFUSED)
		return r;
	return unlink(address->sun_path) == 0 || errno == ENOENT ? 0 : -errno;
}

/* The file has its mode from its first moment: a chmod() later would leave a gap. */
static int
bind_with_mode(int fd, const struct sockaddr_un *address, bool for_all)
{
	mode_t before = umask(for_all ? LEAVE_0666 : LEAVE_0660);
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : -errno;

	(void)umask(before);
	return r;
}

static int
file_settle(struct unix_socket *s, const struct unix_socket_owner *owner)
{
	struct stat st;

	if (owner != NULL && lchown(s->path, owner->user, owner->group) < 0)
		return -errno;
	if (lstat(s->path, &st) < 0)
		return -errno;
	s->device = st.st_dev;
	s->inode = st.st_ino;
	s->group = st.st_gid;
	return 0;
}

static const char *
remedy(int error)
{
	switch (error) {
	case -EADDRINUSE:
		return "another process answers there: stop it, or name another";
	case -EEXIST:
		return "what is there is not a socket: remove it, or name another";
	case -ENOENT:
		return "its directory is not there: make it, or name another";
	case -ENAMETOOLONG:
		return "a socket's path has at most 107 bytes: name another";
	default:
		return strerror(-error);
	}
}

int
unix_socket_make(struct unix_socket *s, const struct unix_socket_plan *plan, char *ret_error,
	size_t error_size)
{
	struct sockaddr_un address;
	bool bound = false;

	*s = (struct unix_socket){ .fd = -1 };
	int r = address_of(plan->path, &address);
	memcpy(s->path, address.sun_path, sizeof(s->path));
	if (r == 0)
		r = stale_remove(plan, &address);
	if (r == 0) {
		s->fd = socket_new(plan);
		r = s->fd < 0 ? s->fd : bind_with_mode(s->fd, &address, plan->for_all);
		bound = r == 0;
	}
	if (r == 0)
		r = file_settle(s, plan->owner);
	if (r == 0 && plan->backlog > 0 && listen(s->fd, plan->backlog) < 0)
		r = -errno;
	if (r == 0)
		return 0;
	if (bound)
		(void)unlink(plan->path);
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
	(void)snprintf(ret_error, error_size, "cannot listen on %s: %s", plan->path, remedy(r));
	return r;
}

int
unix_socket_open(struct unix_socket *s, const char *path, int backlog,
	const struct unix_socket_owner *owner, char *ret_error, size_t error_size)
{
	const struct unix_socket_plan plan = { .path = path, .owner = owner, .backlog = backlog };

	return unix_socket_make(s, &plan, ret_error, error_size);
}

void
unix_socket_close(struct unix_socket *s)
{
	struct stat st;

	if (s->fd < 0)
		return;
	(void)close(s->fd);
	s->fd = -1;
	if (lstat(s->path, &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode)
		(void)unlink(s->path);
}
