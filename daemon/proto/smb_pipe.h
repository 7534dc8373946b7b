/*
 * smb_pipe.h -- remote calls through pipes of SMB: what is written to an open pipe, and read from it.
 *
 * The pipes that are open at a time are a ring: the one that was opened first is forgotten.
 */
#pragma once

#include "daemon/proto/dce_rpc_calls.h"

enum { SMB_PIPES = 4 };

struct smb_pipe {
	bool is_open;
	uint64_t file;
	struct dce_rpc_calls calls;
};

/* Zeroed: none is open. */
struct smb_pipes {
	uint8_t next;
	struct smb_pipe at[SMB_PIPES];
};

void smb_pipe_opened(struct smb_pipes *p, const struct proto_call *call, uint64_t file);
/* Is that file a pipe that is remembered? */
bool smb_pipe_is_open(const struct smb_pipes *p, uint64_t file);
/* Something went through a file, in either direction; of other files than pipes it is nothing. */
void smb_pipe_data(
	struct smb_pipes *p, const struct proto_call *call, uint64_t file, struct cursor data);
void smb_pipe_closed(struct smb_pipes *p, const struct proto_call *call, uint64_t file);
/* The conversation is over. */
void smb_pipes_end(struct smb_pipes *p, const struct proto_call *call);
