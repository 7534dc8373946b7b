/*
 * control_abuse PATH WHAT [N] -- do to a control socket what nobody should.
 *
 *	ask LINE      send one line, print the answer
 *	full N        connect N times and stay; print what the last is told; then ask with the first
 *	half N        N times half a request, and away
 *	silent N      N at a time begin a request and wait; print what they are told
 *	long N        one request of N bytes; print what it is told
 *	connects N    connect and close N times
 *	descriptors N send N descriptors along; print how many were kept
 */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { CLIENTS_MAX = 4096, HEARD_MAX = 1024 * 1024 };

static const char status[] = "{\"command\":\"log-level\"}\n";
static const char *path;

static int
join(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	perror(path);
	exit(1); /* NOLINT(concurrency-mt-unsafe) */
}

static void
say(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes += n;
		length -= (size_t)n;
	}
}

/* Print a line that is heard, or "(closed)". */
static void
hear(int fd)
{
	static char text[HEARD_MAX];
	size_t length = 0;

	while (length < sizeof(text) - 1) {
		ssize_t n = recv(fd, text + length, 1, 0);

		if (n <= 0)
			break;
		if (text[length++] == '\n')
			break;
	}
	text[length] = '\0';
	(void)printf("%s", length > 0 ? text : "(closed)\n");
}

static void
full(unsigned count)
{
	static int fds[CLIENTS_MAX];

	for (unsigned i = 0; i < count && i < CLIENTS_MAX; i++)
		fds[i] = join();
	hear(fds[count - 1]);
	say(fds[0], status, strlen(status));
	hear(fds[0]);
}

static void
half(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		int fd = join();

		say(fd, status, i % (sizeof(status) - 1));
		(void)close(fd);
	}
}

static void
silent(unsigned count)
{
	static int fds[CLIENTS_MAX];

	for (unsigned i = 0; i < count && i < CLIENTS_MAX; i++) {
		fds[i] = join();
		say(fds[i], status, strlen(status) / 2);
	}
	for (unsigned i = 0; i < count && i < CLIENTS_MAX; i++)
		hear(fds[i]);
}

static void
send_long(size_t bytes)
{
	char *text = malloc(bytes);
	int fd = join();

	if (text == NULL)
		return;
	memset(text, ' ', bytes);
	text[bytes - 1] = '\n';
	say(fd, text, bytes);
	hear(fd);
	free(text);
	(void)close(fd);
}

static void
connects(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		(void)close(join());
}

/* One byte of the request, and the writing end of a pipe, which nobody may have afterwards. */
static bool
is_kept(int fd, char byte)
{
	int ends[2];
	struct iovec bytes = { .iov_base = &byte, .iov_len = 1 };
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	bool kept = true;

	if (pipe2(ends, O_NONBLOCK) < 0)
		return true;
	memset(&control, 0, sizeof(control));
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &ends[1], sizeof(int));
	(void)sendmsg(fd, &m, MSG_NOSIGNAL);
	(void)close(ends[1]);
	for (int tries = 0; kept && tries < 200; tries++) {
		kept = read(ends[0], &byte, 1) < 0;
		if (kept)
			(void)usleep(5000);
	}
	(void)close(ends[0]);
	return kept;
}

static void
descriptors(unsigned count)
{
	int fd = join();
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++)
		kept += is_kept(fd, ' ');
	say(fd, status, strlen(status));
	hear(fd);
	(void)printf("kept %u\n", kept);
	(void)close(fd);
}

int
main(int argc, char *argv[])
{
	if (argc != 4)
		return 2;
	path = argv[1];
	unsigned count = (unsigned)strtoul(argv[3], NULL, 10);
	if (strcmp(argv[2], "ask") == 0) {
		int fd = join();

		say(fd, argv[3], strlen(argv[3]));
		say(fd, "\n", 1);
		hear(fd);
	} else if (strcmp(argv[2], "full") == 0) {
		full(count);
	} else if (strcmp(argv[2], "half") == 0) {
		half(count);
	} else if (strcmp(argv[2], "silent") == 0) {
		silent(count);
	} else if (strcmp(argv[2], "long") == 0) {
		send_long(count);
	} else if (strcmp(argv[2], "connects") == 0) {
		connects(count);
	} else if (strcmp(argv[2], "descriptors") == 0) {
		descriptors(count);
	}
	return 0;
}
