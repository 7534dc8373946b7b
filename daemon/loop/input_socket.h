/*
 * input_socket.h -- a Unix socket on which another program connects and writes lines.
 *
 * Suricata's eve-log has `filetype: unix_stream` and `unix_dgram`: it is the client, and connects again
 * after either side was restarted. As a stream it may come several times at once; what a line cut in
 * two by the end of a connection said is lost, and counted. A datagram is one line, or several.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/input/input_stream.h"
#include "daemon/loop/unix_socket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct input_socket;

enum { INPUT_SOCKET_CLIENTS_MAX = 8 };

struct input_socket_counters {
	uint64_t connections; /* since the start */
	uint64_t connected;   /* now */
	uint64_t refused;     /* connections: INPUT_SOCKET_CLIENTS_MAX were there */
	uint64_t lines;
	uint64_t bytes;
	uint64_t long_lines; /* above INPUT_LINE_MAX: skipped */
	uint64_t torn_lines; /* whose end never came */
};

struct input_socket_plan {
	struct unix_socket_plan socket;
	/* A line, without its end, NUL-terminated; it may be written to. */
	void (*line)(void *context, char *line, size_t length);
	/* At the end of a turn in which lines came. */
	void (*turn)(void *context);
	void *context;
};

/* Make the socket. ret_error gets one line. returns 0 or -errno, as unix_socket_make() */
int input_socket_open(const struct input_socket_plan *plan, struct input_socket **ret_socket,
	char *ret_error, size_t error_size);

/* Wait for clients. returns false when memory is out */
bool input_socket_attach(struct input_socket *s, struct event_base *base);

const struct input_socket_counters *input_socket_counters(const struct input_socket *s);

extern const struct metric input_socket_metrics[];

/* Take what lies in the connections, as much as a turn takes: for the end. */
void input_socket_finish(struct input_socket *s);

/* Close all of it. Accepts NULL. */
void input_socket_close(struct input_socket *s);
