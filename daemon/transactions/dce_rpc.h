/* dce_rpc.h -- a call of a remote procedure, and its answer. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { DCE_RPC_NAME_MAX = 64 }; /* of each text, the NUL included */

struct obs_dce_rpc {
	uint64_t rtt_ns; /* to the first piece of the answer; TRANSACTION_UNSET: none was seen */
	const char *
		named_pipe; /* as the server says: "\pipe\svcctl"; over TCP its port: "135"; NULL: not seen */
	const char *endpoint;  /* "svcctl", "unknown-<UUID>"; NULL: its beginning was not seen */
	const char *operation; /* "CreateServiceW", "unknown-12" */
	const char *fault;     /* why the server refused it: "0x00000005"; NULL if it did not */
};
