/*
 * carried.h -- a file on its way: what is kept of one while its bytes pass, until it can be told.
 *
 * Whatever protocol carries it. Kept are its name, its sums, its first bytes (by which its type is known)
 * and its digests; never its bytes. Digests of part of a file name nothing: they are told only when all its
 * bytes were seen, and of files up to CARRIED_DIGEST_MAX. Which files have them is call->digests: they are most of
 * what a file costs, and pictures most of what passes. None has while nobody hears OBS_FILE.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/digest.h"
#include "daemon/transactions/file.h"

#include <stdbool.h>

struct proto_call;

enum {
	CARRIED_HEAD_MAX = 512,
	/*
	 * What brings malware is nearly always smaller than that, and digests of 4 MiB cost 10 to 17 ms:
	 * most bytes of a line belong to larger files, whose digests few lists have.
	 */
	CARRIED_DIGEST_MAX = 4 * 1024 * 1024,
};

/* All zero: none is on its way. */
struct carried {
	bool is_open;
	bool is_digested;   /* so far; or will be, once enough of it is there to know what it is */
	bool is_judged;     /* enough was there: `digest` is valid while it is digested */
	bool is_orig;       /* its sender opened the conversation */
	bool is_sent_local; /* its sender has a private address */
	uint16_t head_size;
	char fuid[FILE_UID_MAX];
	struct addr sender, receiver;
	uint64_t began_ns, last_ns;
	uint64_t seen_bytes, missing_bytes;
	uint64_t total_bytes; /* as announced, or TRANSACTION_UNSET */
	uint8_t head[CARRIED_HEAD_MAX];
	struct digest digest;
};

/* What its carrier knows of it in the end. */
struct carried_about {
	const char *source;    /* "HTTP" */
	uint64_t depth;        /* 0: it was in no other file */
	const char *mime_type; /* NULL: unknown */
	const char *filename;  /* NULL: it had none */
};

/*
 * A file begins with the bytes of this call.
 *
 * total_bytes  as announced, or TRANSACTION_UNSET
 * serial       as file_uid_make()
 */
void carried_begin(
	struct carried *c, const struct proto_call *call, uint64_t total_bytes, uint32_t serial);
/* What passes are not the file's own bytes (it is packed on its way, or a part): digests would name nothing. */
void carried_is_altered(struct carried *c);
/* Its next bytes; some of them are missing. */
void carried_bytes(struct carried *c, const struct proto_call *call, struct cursor bytes);
void carried_gap(struct carried *c, uint64_t missing);
/* Its first bytes, for mime.h; none when even they are missing. */
struct cursor carried_head(const struct carried *c);
/* It is all there, or ends for another reason: emit OBS_FILE. */
void carried_end(
	struct carried *c, const struct proto_call *call, const struct carried_about *about);
