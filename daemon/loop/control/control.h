/*
 * control.h -- the socket of naiadctl: requests in, answers out, one line of JSON each.
 *
 * What anybody who may connect can do to the sensor is bounded: CONTROL_CLIENTS_MAX at a time, 64 KiB
 * a request, 256 KiB an answer, a minute for a request, ten seconds to read an answer. Requests may
 * be sent ahead; the next one is looked at when most of the last answer was taken. A turn of the loop
 * serves a few requests only, so that packets do not wait. Descriptors that a peer sends along are
 * never taken: the kernel closes them.
 */
#pragma once

#include "daemon/loop/control/control_dispatch.h"

#include <stddef.h>
#include <stdint.h>

struct control;
struct event_base;
struct unix_socket_owner;

enum { CONTROL_CLIENTS_MAX = 16 };

struct control_plan {
	const char *path;
	const struct unix_socket_owner *owner;  /* of the file; NULL: as it is made */
	const struct control_command *commands; /* up to name == NULL; borrowed until the end */
	void *context;
	unsigned idle_s;  /* 0: 60; without a request, or for one */
	unsigned stall_s; /* 0: 10; for taking an answer */
};

/* What happened on it. Plain numbers, read at any time. */
struct control_counters {
	uint64_t clients;        /* connected now */
	uint64_t accepted;       /* ever */
	uint64_t requests;       /* answered, well or not */
	uint64_t refused_full;   /* connections over CONTROL_CLIENTS_MAX */
	uint64_t refused_peer;   /* connections of users without the right to ask */
	uint64_t refused_change; /* requests of users without the right to change */
	uint64_t closed_idle, closed_slow, closed_long;
};

/*
 * Listen. SIGPIPE has to be ignored by the process: peers go away.
 *
 * plan        borrowed for the call
 * ret_error   gets one line: what is wrong, and what to do
 * errors      as unix_socket_open(), -ENOMEM
 */
int control_open(struct event_base *base, const struct control_plan *plan,
	struct control **ret_control, char *ret_error, size_t error_size);

struct control_counters control_counters(const struct control *c);

/* Say goodbye to everybody, at once, and remove the socket. Accepts NULL. */
void control_close(struct control *c);
