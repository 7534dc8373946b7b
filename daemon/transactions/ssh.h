/* ssh.h -- an SSH session: who it is between, how it was agreed on, and whether it was let in. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_ssh {
	uint64_t version;        /* 1 or 2; unset when only one side spoke */
	enum truth auth_success; /* by the sizes of what went to and fro; often not known */
	uint64_t auth_attempts;  /* that were seen to succeed or fail */
	const char
		*direction; /* "INBOUND", "OUTBOUND"; NULL between private, or public, addresses */
	const char *client; /* banner of who opened the connection, "SSH-2.0-OpenSSH_9.2" */
	const char *server; /* of the other one */
	/* What the two agreed on; NULL when a side did not say, or nothing is common to both. */
	const char *cipher_alg;
	const char *mac_alg;
	const char *compression_alg;
	const char *kex_alg;
	const char *host_key_alg;
	const char *host_key;    /* MD5 of the server's key, "93:00:75:..." */
	const char *hassh;       /* MD5 of what the client offered, in hexadecimal */
	const char *hasshserver; /* the same of the server */
};
