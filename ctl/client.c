#include "ctl/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static const char *
remedy(int error)
{
	switch (error) {
	case -ENOENT:
		return "is not there: start the sensor (systemctl start naiad), or name its socket "
		       "with --socket";
	case -ECONNREFUSED: /* of what is no socket, too */
		return "nobody answers: the sensor has ended (systemctl start naiad), or that is not "
		       "its socket (--socket)";
	case -EACCES:
	case -EPERM:
		return "no permission: become root, or a member of the group that the socket "
		       "belongs to";
	case -ETIMEDOUT:
	case -EAGAIN:
		return "the sensor does not answer: is it busy, or stopped?";
	case -ECONNRESET:
	case -EPIPE:
		return "the sensor closed the connection without an answer: see its log";
	case -EMSGSIZE:
		return "what answers there is no sensor: name its socket with --socket";
	case -ENAMETOOLONG:
		return "a socket's path has at most 107 bytes";
	default:
		return strerror(-error);
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = CLIENT_PATIENCE_S };
	size_t length = strlen(path);

	if (length >= sizeof(a.sun_path))
		return -ENAMETOOLONG;
	memcpy(a.sun_path, path, length + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	int error = -errno;
	(void)close(fd);
	return error;
}

/* Who is turned away is told before the connection ends: a failed send() is no reason not to listen. */
static int
send_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EPIPE ? 0 : -errno;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Read up to a line feed. returns the length of the line, or -errno */
static ssize_t
receive_line(int fd, char *line, size_t room)
{
	size_t length = 0;

	while (length < room) {
		ssize_t n = recv(fd, line + length, room - length, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			return -ECONNRESET;
		const char *end = memchr(line + length, '\n', (size_t)n);
		if (end != NULL)
			return end - line;
		length += (size_t)n;
	}
	return -EMSGSIZE;
}

int
client_ask(const char *path, const char *request, size_t length, char **ret_answer,
	size_t *ret_length, char ret_error[CLIENT_ERROR_MAX])
{
	char *line = malloc(CLIENT_ANSWER_MAX + 1);
	int fd = line == NULL ? -ENOMEM : connect_to(path);
	int r = fd < 0 ? fd : send_all(fd, request, length);
	ssize_t got = r < 0 ? r : receive_line(fd, line, CLIENT_ANSWER_MAX);

	if (fd >= 0)
		(void)close(fd);
	if (got < 0) {
		free(line);
		(void)snprintf(ret_error, CLIENT_ERROR_MAX, "%s: %s", path, remedy((int)got));
		return (int)got;
	}
	line[got] = '\0';
	*ret_answer = line;
	*ret_length = (size_t)got;
	return 0;
}
