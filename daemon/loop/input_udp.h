/*
 * input_udp.h -- the datagrams that routers send: NetFlow, IPFIX, sFlow.
 *
 * A datagram's sender is whatever it says it is, so only those of a list are heard; all others are
 * counted, and nothing of them is looked at. One socket, read in batches, never waiting.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"
#include "daemon/base/metric.h"
#include "daemon/loop/input_where.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	INPUT_UDP_BATCH = 32,
	INPUT_UDP_MAX = 9216, /* bytes of a datagram: what a jumbo frame carries */
};

struct input_udp_counters {
	uint64_t datagrams;   /* heard */
	uint64_t bytes;       /* of them */
	uint64_t refused;     /* from nobody of the list */
	uint64_t cut;         /* longer than INPUT_UDP_MAX: not looked at */
	uint64_t dropped;     /* by the kernel, whose buffer was full */
	uint64_t last_ns;     /* wall clock of the last that was heard; 0: none yet */
	uint64_t buffer_size; /* bytes, as the kernel has it */
};

struct input_udp;

/*
 * Bind a socket. The list is copied.
 *
 * ret_error  one line: what is wrong and what would do
 * errors     -EADDRINUSE, -EADDRNOTAVAIL ... of bind(), -ENOMEM
 */
int input_udp_open(const struct live_input_settings *s, const struct input_where *where,
	struct input_udp **ret_udp, char *ret_error, size_t error_size);

/* To wait on. */
int input_udp_fd(const struct input_udp *u);
/* As it is now: the port that the kernel chose for 0. */
uint16_t input_udp_port(const struct input_udp *u);

/*
 * Take what has come, INPUT_UDP_BATCH datagrams at most.
 *
 * take     called for each that may be looked at; `bytes` are valid for the call
 * now_ns   wall clock
 * returns  true when there may be more
 */
bool input_udp_read(struct input_udp *u, uint64_t now_ns,
	void (*take)(void *context, const struct addr *from, struct cursor bytes), void *context);

/* Up to now: the kernel is asked for what it dropped. */
const struct input_udp_counters *input_udp_counters(struct input_udp *u);

extern const struct metric input_udp_metrics[];

/* Accepts NULL. */
void input_udp_close(struct input_udp *u);
