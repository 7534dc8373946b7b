/*
 * smb_session.h -- what both versions of SMB remember of a conversation, and what they tell.
 *
 * Requests wait for their answers, shares and open files have numbers. Each table is a ring: where it
 * is full, what came first is forgotten, and what refers to it is told without its name or not at all.
 */
#pragma once

#include "daemon/proto/ntlmssp.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/smb_pipe.h"
#include "daemon/transactions/smb_file.h"

enum { SMB_REQUESTS = 14, SMB_TREES = 6, SMB_FILES = 12, SMB_TOLD = 32 };

enum smb_request_kind {
	SMB_NOTHING,
	SMB_SESSION_SETUP,
	SMB_TREE_CONNECT,
	SMB_CREATE,
	SMB_RENAME,
	SMB_DELETE,
	SMB_PIPE_READ,
};

/* A request that awaits its answer. */
struct smb_request {
	uint64_t id;
	enum smb_request_kind kind;
	bool deletes;   /* SMB_CREATE: the file is deleted when it is closed */
	uint64_t ts_ns; /* when it was made */
	uint64_t file;  /* SMB_RENAME, SMB_DELETE, SMB_PIPE_READ: which */
	char name[SMB_NAME_MAX];
};

struct smb_tree {
	uint32_t id;
	bool is_disk;
	char path[SMB_NAME_MAX];
};

/* What a server says of a file that it opened. */
struct smb_opened {
	uint64_t file; /* by which later requests name it */
	uint64_t size, modified_ns, accessed_ns, created_ns, changed_ns;
};

struct smb_open_file {
	struct smb_opened opened;
	uint32_t tree;
	bool deletes; /* when it is closed */
	char name[SMB_NAME_MAX];
};

struct smb_session {
	const char *dialect;       /* NULL: not seen */
	uint16_t dialects_offered; /* SMB1: the index of "NT LM 0.12", counted from 1 */
	struct ntlmssp ntlm;
	uint8_t request_next, tree_next, file_next, told_next; /* where the rings go on */
	uint32_t told[SMB_TOLD]; /* hashes of what was told of files */
	struct smb_request requests[SMB_REQUESTS];
	struct smb_tree trees[SMB_TREES];
	struct smb_open_file files[SMB_FILES];
	struct smb_pipes pipes;
};

/* Times of Windows: 100 ns since 1601. returns ns since 1970, 0 for what is before or is not set */
uint64_t smb_time(uint64_t filetime);

/* A request was made; its texts are the caller's to fill in. The oldest one is forgotten. */
struct smb_request *smb_request_new(struct smb_session *s, const struct proto_call *call,
	uint64_t id, enum smb_request_kind kind);
/* returns the request that this answers, NULL when it is not known; it stays where it is */
struct smb_request *smb_request_of(struct smb_session *s, uint64_t id);

/* A share was connected, or refused. The texts that only SMB1 has may be NULL. */
void smb_tell_tree(struct smb_session *s, const struct proto_call *call, struct smb_request *r,
	uint32_t tree, uint32_t status, const char *share_type, const char *service,
	const char *file_system);

/* The server opened a file. */
void smb_file_open(struct smb_session *s, const struct proto_call *call, struct smb_request *r,
	uint32_t tree, const struct smb_opened *opened);
/* The server did what a request about a file asked for. */
void smb_file_changed(struct smb_session *s, const struct proto_call *call, struct smb_request *r);
void smb_file_closed(struct smb_session *s, const struct proto_call *call, uint64_t file);

/* A session was set up, refused, or goes on. */
void smb_session_answered(
	struct smb_session *s, const struct proto_call *call, struct cursor blob, uint32_t status);
