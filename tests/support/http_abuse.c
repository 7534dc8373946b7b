/*
 * http_abuse -- what strangers do to a small HTTP server, and how an honest scraper fares meanwhile.
 *
 *	http_abuse HOST:PORT idle N SECONDS    N connections that say nothing, opened again when closed
 *	http_abuse HOST:PORT drip N SECONDS    N requests whose headers come a byte a second
 *	http_abuse HOST:PORT slow N SECONDS    N requests whose answers nobody reads
 *	http_abuse HOST:PORT header BYTES N    N requests with a header of that length
 *	http_abuse HOST:PORT flood SECONDS     requests as fast as they are answered
 *	http_abuse HOST:PORT scrape N PAUSE_MS [PID]
 *	                                       N honest requests; prints how long they took
 *
 * One thread, poll(). Prints one line of figures; exits 1 when no honest request was answered.
 *
 * What the machine had for others is not counted: neither the time that we, or the process PID that answers, were kept
 * waiting, nor a request without an answer in the midst of which we were, since a server that has no room for all takes us
 * for one who says nothing. Such a one is asked anew.
 */
#include "tests/support/stopwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 2000, SCRAPES_MAX = 100000, READ_BYTES = 65536, ROBBED_US = 1000 };

static const char request[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
static struct sockaddr_in address;

static uint64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* returns -1 when there is none to be had */
static int
dial(bool small_window, int flags)
{
	const int small = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		return -1;
	if (small_window)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 &&
		errno != EINPROGRESS) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* One of those that are held: how far its request has been sent. */
struct held {
	size_t sent;
	uint64_t due_us; /* of the next byte, or of the next try to connect */
};

enum way { WAY_IDLE, WAY_DRIP, WAY_SLOW };

static void
held_send(int fd, struct held *h, enum way way, uint64_t now)
{
	const char *from = h->sent < sizeof(request) - 5 ? request + h->sent : "a";
	size_t length = way == WAY_SLOW ? sizeof(request) - 1 - h->sent : 1;

	if (way == WAY_IDLE || now < h->due_us || length == 0)
		return;
	if (way == WAY_SLOW)
		from = request + h->sent;
	ssize_t n = send(fd, from, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	h->sent += n > 0 ? (size_t)n : 0;
	h->due_us = now + (way == WAY_DRIP ? 1000000 : 0);
}

/* Has the other side closed it? What it sends is read, but by those who never read. */
static bool
held_is_over(int fd, enum way way)
{
	char bytes[512];
	int flags = MSG_DONTWAIT | (way == WAY_SLOW ? MSG_PEEK : 0);
	ssize_t n = recv(fd, bytes, sizeof(bytes), flags);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != ENOTCONN);
}

static int
hold(enum way way, size_t count, uint64_t seconds)
{
	static struct pollfd poll_fd[CONNECTIONS_MAX];
	static struct held held[CONNECTIONS_MAX];
	uint64_t end = now_us() + seconds * 1000000;
	uint64_t opened = 0;
	uint64_t closed = 0;

	for (size_t i = 0; i < count; i++)
		poll_fd[i] = (struct pollfd){ .fd = -1 };
	for (uint64_t now = now_us(); now < end; now = now_us()) {
		for (size_t i = 0; i < count; i++) {
			if (poll_fd[i].fd < 0 && now >= held[i].due_us) {
				poll_fd[i].fd = dial(way == WAY_SLOW, SOCK_NONBLOCK);
				held[i] = (struct held){ 0 };
				opened += poll_fd[i].fd >= 0;
			}
			if (poll_fd[i].fd < 0)
				continue;
			held_send(poll_fd[i].fd, &held[i], way, now);
			if (held_is_over(poll_fd[i].fd, way)) {
				(void)close(poll_fd[i].fd);
				poll_fd[i].fd = -1;
				held[i].due_us = now + 1000000; /* a stranger with some manners */
				closed++;
			}
		}
		(void)poll(NULL, 0, 20);
	}
	(void)printf("opened %llu closed %llu\n", (unsigned long long)opened,
		(unsigned long long)closed);
	return 0;
}

/* The whole answer; returns its length, or 0 when it is none. */
static size_t
fetch(const char *bytes, size_t length)
{
	static char answer[READ_BYTES];
	const struct timeval patience = { .tv_sec = 10 };
	int fd = dial(false, 0);
	size_t got = 0;
	bool good = false;

	if (fd < 0)
		return 0;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		bytes += n;
		length -= (size_t)n;
	}
	for (ssize_t n; (n = recv(fd, answer, sizeof(answer), 0)) > 0; got += (size_t)n)
		if (got == 0)
			good = n > 15 && memcmp(answer, "HTTP/1.1 200 OK", 15) == 0;
	(void)close(fd);
	return good ? got : 0;
}

static int
by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int
scrape(size_t count, int pause_ms, const char *pid)
{
	static uint64_t took[SCRAPES_MAX];
	char server[64];
	size_t failed = 0;
	size_t robbed = 0;
	size_t bytes = 0;

	(void)snprintf(server, sizeof(server), "/proc/%s/schedstat", pid);
	for (size_t i = 0; i < count;) {
		const struct stopwatch watch = stopwatch_start();
		const uint64_t before_ns = stopwatch_waited_ns(server);
		size_t length = fetch(request, sizeof(request) - 1);
		uint64_t took_us = (stopwatch_now_ns() - watch.begun_ns) / 1000;
		uint64_t ours_us =
			(stopwatch_waited_ns("/proc/self/schedstat") - watch.waited_ns) / 1000;
		uint64_t waited_us = ours_us + (stopwatch_waited_ns(server) - before_ns) / 1000;

		(void)poll(NULL, 0, pause_ms);
		if (length == 0 && ours_us > ROBBED_US && robbed < 10 * count) {
			robbed++;
			continue;
		}
		took[i++] = took_us > waited_us ? took_us - waited_us : 0;
		failed += length == 0;
		bytes = length > bytes ? length : bytes;
	}
	qsort(took, count, sizeof(took[0]), by_size);
	(void)printf(
		"scrapes %zu failed %zu robbed %zu bytes %zu p50_us %llu p99_us %llu max_us %llu\n",
		count, failed, robbed, bytes, (unsigned long long)took[count / 2],
		(unsigned long long)took[(count * 99 - 1) / 100],
		(unsigned long long)took[count - 1]);
	return failed == count;
}

static int
header(size_t length, size_t count)
{
	static const char begin[] = "GET /metrics HTTP/1.1\r\nHost: x\r\nX: ";
	size_t answered = 0;

	if (length < sizeof(begin) + 4)
		return 2;
	char *bytes = malloc(length);
	if (bytes == NULL)
		return 2;
	memset(bytes, 'a', length);
	memcpy(bytes, begin, sizeof(begin) - 1);
	memcpy(bytes + length - 4, "\r\n\r\n", 4);
	for (size_t i = 0; i < count; i++)
		answered += fetch(bytes, length) > 0;
	free(bytes);
	(void)printf("headers %zu answered %zu\n", count, answered);
	return 0;
}

static int
flood(uint64_t seconds)
{
	uint64_t end = now_us() + seconds * 1000000;
	size_t sent = 0;
	size_t answered = 0;

	for (; now_us() < end; sent++)
		answered += fetch(request, sizeof(request) - 1) > 0;
	(void)printf("requests %zu answered %zu\n", sent, answered);
	return answered == 0;
}

static unsigned long
number(const char *text, unsigned long most)
{
	unsigned long value = strtoul(text, NULL, 10);

	return value < most ? value : most;
}

int
main(int argc, char *argv[])
{
	const char *what = argc > 2 ? argv[2] : "";
	const char *colon = argc > 1 ? strrchr(argv[1], ':') : NULL;
	char host[64] = "";

	if (argc < 4 || colon == NULL || (size_t)(colon - argv[1]) >= sizeof(host)) {
		(void)fprintf(stderr, "usage: http_abuse HOST:PORT WHAT NUMBER [NUMBER]\n");
		return 2;
	}
	memcpy(host, argv[1], (size_t)(colon - argv[1]));
	address.sin_family = AF_INET;
	address.sin_port = htons((in_port_t)strtoul(colon + 1, NULL, 10));
	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
		return 2;
	unsigned long first = strtoul(argv[3], NULL, 10);
	unsigned long second = argc > 4 ? strtoul(argv[4], NULL, 10) : 1;
	if (strcmp(what, "idle") == 0)
		return hold(WAY_IDLE, number(argv[3], CONNECTIONS_MAX), second);
	if (strcmp(what, "drip") == 0)
		return hold(WAY_DRIP, number(argv[3], CONNECTIONS_MAX), second);
	if (strcmp(what, "slow") == 0)
		return hold(WAY_SLOW, number(argv[3], CONNECTIONS_MAX), second);
	if (strcmp(what, "header") == 0)
		return header(first, second);
	if (strcmp(what, "flood") == 0)
		return flood(first);
	if (strcmp(what, "scrape") == 0 && first > 0)
		return scrape(
			number(argv[3], SCRAPES_MAX), (int)second, argc > 5 ? argv[5] : "self");
	return 2;
}
