#define _GNU_SOURCE /* accept4 */

#include "daemon/loop/input_socket.h"

#include "daemon/base/log.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TURN_BYTES = 256 * 1024, /* of one client; then others get their turn */
	TURN_DATAGRAMS = 64,
};

/* What came and is no whole line yet. */
struct lines {
	char *bytes; /* INPUT_LINE_MAX, and a NUL */
	size_t used;
	size_t searched;  /* of them, without a '\n' */
	bool is_skipping; /* inside a line that is too long */
};

/* A connection, or the socket itself when datagrams come to it. */
struct client {
	struct input_socket *socket;
	int fd;
	struct event *readable;
	struct lines lines;
};

struct input_socket {
	struct input_socket_plan plan;
	struct unix_socket socket;
	struct input_socket_counters counters;
	struct event_base *base;
	struct event *acceptable; /* of a stream */
	struct client clients[INPUT_SOCKET_CLIENTS_MAX];
};

const struct metric input_socket_metrics[] = {
	METRIC_ROW("input_connections_total", METRIC_COUNTER, NULL, struct input_socket_counters,
		connections, "Connections that other programs made to the socket."),
	METRIC_ROW("input_connections_open", METRIC_GAUGE, NULL, struct input_socket_counters,
		connected, "Connections that are open."),
	METRIC_ROW("input_connections_refused_total", METRIC_COUNTER, NULL,
		struct input_socket_counters, refused,
		"Connections that were closed at once: as many were open as there may be."),
	METRIC_ROW("input_torn_lines_total", METRIC_COUNTER, NULL, struct input_socket_counters,
		torn_lines, "Lines whose end never came: their connection ended before."),
	METRIC_END,
};

static void
line_take(struct input_socket *s, char *line, size_t length)
{
	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (length == 0)
		return;
	line[length] = '\0';
	s->counters.lines++;
	s->plan.line(s->plan.context, line, length);
}

/* Hand on the whole lines; what is left moves to the front. */
static void
lines_split(struct input_socket *s, struct lines *l)
{
	char *begin = l->bytes;
	char *end = l->bytes + l->used;
	char *newline;

	while ((newline = memchr(begin + l->searched, '\n', (size_t)(end - begin) - l->searched)) !=
		NULL) {
		if (!l->is_skipping)
			line_take(s, begin, (size_t)(newline - begin));
		l->is_skipping = false;
		l->searched = 0;
		begin = newline + 1;
	}
	l->used = (size_t)(end - begin);
	memmove(l->bytes, begin, l->used);
	if (l->is_skipping)
		l->used = 0;
	if (l->used == INPUT_LINE_MAX) {
		s->counters.long_lines++;
		l->is_skipping = true;
		l->used = 0;
	}
	l->searched = l->used;
}

/* returns bytes that came; 0 at the end; -errno */
static ssize_t
client_receive(const struct client *c)
{
	ssize_t n;

	do
		n = recv(c->fd, c->lines.bytes + c->lines.used, INPUT_LINE_MAX - c->lines.used,
			MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void
client_close(struct client *c)
{
	struct input_socket *s = c->socket;

	if (c->readable != NULL)
		event_free(c->readable);
	if (c->fd >= 0 && c->fd != s->socket.fd) {
		(void)close(c->fd);
		s->counters.connected--;
		s->counters.torn_lines += c->lines.used > 0;
	}
	free(c->lines.bytes);
	*c = (struct client){ .socket = s, .fd = -1 };
}

/* A stream: what has come, up to a turn's bytes. returns false when it is over */
static bool
stream_read(struct client *c)
{
	for (size_t taken = 0; taken < TURN_BYTES;) {
		ssize_t n = client_receive(c);

		if (n == -EAGAIN || n == -EWOULDBLOCK)
			return true;
		if (n <= 0)
			return false;
		taken += (size_t)n;
		c->socket->counters.bytes += (uint64_t)n;
		c->lines.used += (size_t)n;
		lines_split(c->socket, &c->lines);
	}
	return true;
}

/* Each datagram ends a line. One of INPUT_LINE_MAX bytes or more was cut. */
static void
datagrams_read(struct client *c)
{
	for (size_t i = 0; i < TURN_DATAGRAMS; i++) {
		ssize_t n = client_receive(c);

		if (n < 0)
			return;
		c->socket->counters.bytes += (uint64_t)n;
		if (n == INPUT_LINE_MAX) {
			c->socket->counters.long_lines++;
			continue;
		}
		c->lines.bytes[n] = '\n';
		c->lines.used = (size_t)n + 1;
		lines_split(c->socket, &c->lines);
	}
}

/* returns false when the connection is over */
static bool
client_read(struct client *c)
{
	const struct input_socket *s = c->socket;
	uint64_t before = s->counters.lines;
	bool goes_on = true;

	if (c->fd == s->socket.fd)
		datagrams_read(c);
	else
		goes_on = stream_read(c);
	if (s->counters.lines != before)
		s->plan.turn(s->plan.context);
	return goes_on;
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	struct client *c = context;

	(void)fd;
	(void)what;
	if (!client_read(c))
		client_close(c);
}

/* returns false, and leaves nothing behind, when memory is out */
static bool
client_open(struct client *c, int fd)
{
	struct input_socket *s = c->socket;

	c->fd = fd;
	c->lines.bytes = malloc(INPUT_LINE_MAX + 1);
	c->readable = event_new(s->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	if (fd != s->socket.fd)
		s->counters.connected++;
	if (c->lines.bytes != NULL && c->readable != NULL && event_add(c->readable, NULL) == 0)
		return true;
	client_close(c);
	return false;
}

static struct client *
client_free(struct input_socket *s)
{
	for (size_t i = 0; i < INPUT_SOCKET_CLIENTS_MAX; i++)
		if (s->clients[i].fd < 0)
			return &s->clients[i];
	return NULL;
}

static void
on_acceptable(evutil_socket_t fd, short what, void *context)
{
	struct input_socket *s = context;
	int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c = client_free(s);

	(void)what;
	if (connection < 0)
		return;
	if (c == NULL) {
		if (s->counters.refused++ == 0)
			log_warnx("input",
				"%s: %d connections are open, a further one is closed: each program needs one",
				s->socket.path, INPUT_SOCKET_CLIENTS_MAX);
		(void)close(connection);
		return;
	}
	if (!client_open(c, connection)) {
		log_warnx("input", "%s: no memory for a connection, it is closed", s->socket.path);
		return;
	}
	s->counters.connections++;
}

int
input_socket_open(const struct input_socket_plan *plan, struct input_socket **ret_socket,
	char *ret_error, size_t error_size)
{
	struct input_socket *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	s->plan = *plan;
	for (size_t i = 0; i < INPUT_SOCKET_CLIENTS_MAX; i++)
		s->clients[i] = (struct client){ .socket = s, .fd = -1 };
	int r = unix_socket_make(&s->socket, &plan->socket, ret_error, error_size);
	if (r != 0) {
		free(s);
		return r;
	}
	*ret_socket = s;
	return 0;
}

bool
input_socket_attach(struct input_socket *s, struct event_base *base)
{
	s->base = base;
	if (s->plan.socket.backlog == 0)
		return client_open(&s->clients[0], s->socket.fd);
	s->acceptable = event_new(base, s->socket.fd, EV_READ | EV_PERSIST, on_acceptable, s);
	return s->acceptable != NULL && event_add(s->acceptable, NULL) == 0;
}

const struct input_socket_counters *
input_socket_counters(const struct input_socket *s)
{
	return &s->counters;
}

void
input_socket_finish(struct input_socket *s)
{
	for (size_t i = 0; i < INPUT_SOCKET_CLIENTS_MAX; i++)
		if (s->clients[i].fd >= 0)
			(void)client_read(&s->clients[i]);
}

void
input_socket_close(struct input_socket *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < INPUT_SOCKET_CLIENTS_MAX; i++)
		client_close(&s->clients[i]);
	if (s->acceptable != NULL)
		event_free(s->acceptable);
	unix_socket_close(&s->socket);
	free(s);
}
