/* file.h -- a body or document that one host carried to another, whatever the protocol. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { FILE_UID_MAX = 20 }; /* "F", 17 base-62 digits, NUL */

struct obs_file {
	struct addr sender, receiver;
	const char *fuid;
	const char *source;    /* the protocol: "HTTP" */
	uint64_t depth;        /* 0: it was in no other file */
	const char *mime_type; /* by content; NULL: nobody knows it */
	const char *filename;  /* as it was called on the wire */
	uint64_t duration_ns;  /* from its first byte to its last */
	enum truth local_orig; /* its sender has a private address */
	enum truth is_orig;    /* its sender opened the conversation */
	uint64_t seen_bytes;
	uint64_t total_bytes;   /* as announced; TRANSACTION_UNSET if it was not */
	uint64_t missing_bytes; /* lost on the way to us */
	uint64_t overflow_bytes;
	enum truth timedout;
	const char *md5, *sha1,
		*sha256; /* unset unless all its bytes were seen, and not too many */
};
