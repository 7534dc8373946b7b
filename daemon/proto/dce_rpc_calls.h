/*
 * dce_rpc_calls.h -- remote calls of one conversation, whatever carries their messages (C706 chapter 12, MS-RPCE).
 *
 * Read are which interfaces are bound, log-ins, and the number of each call; not what is passed. Interfaces
 * and calls that wait are rings: where one is full, the oldest is forgotten, a call after it was told.
 */
#pragma once

#include "daemon/proto/dce_rpc_names.h"
#include "daemon/proto/proto.h"

enum { DCE_RPC_BOUND = 8, DCE_RPC_WAITING = 8, DCE_RPC_HEAD = 16, DCE_RPC_PIPE_MAX = 40 };

/* An interface, by the number that the client gave it. */
struct dce_rpc_bound {
	bool is_used;
	uint16_t id;
	uint8_t uuid[DCE_RPC_UUID_BYTES];
};

/* A call without an answer so far. */
struct dce_rpc_waiting {
	bool is_used;
	uint16_t context, operation;
	uint32_t id;
	uint64_t ts_ns;
};

/* Zeroed: nothing is bound. */
struct dce_rpc_calls {
	uint8_t bound_next, waiting_next;
	char pipe[DCE_RPC_PIPE_MAX]; /* where the calls go: "\pipe\svcctl", "135"; "": not seen */
	struct dce_rpc_bound bound[DCE_RPC_BOUND];
	struct dce_rpc_waiting waiting[DCE_RPC_WAITING];
};

/* The size of a message by its first bytes; 0 while they are too few, UINT32_MAX when it is none. */
uint32_t dce_rpc_size(struct cursor head);

/*
 * Read a message, whole or cut at its end.
 *
 * returns  what is said of a log-in in it, to be read by gssapi_read(); empty when there is nothing
 */
struct cursor dce_rpc_message(
	struct dce_rpc_calls *d, const struct proto_call *call, struct cursor message);

/* The conversation is over: tell the calls that were not answered. */
void dce_rpc_calls_end(struct dce_rpc_calls *d, const struct proto_call *call);
