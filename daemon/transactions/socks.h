/* socks.h -- a proxy was asked for a connection by SOCKS. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { SOCKS_NAME_MAX = 256 }; /* of each text, the NUL included */

struct obs_socks {
	uint64_t version; /* 4 (4a as well) or 5 */
	const char *user; /* NULL: none was told */
	const char *status;
	struct addr request_host; /* :: when it is named instead */
	const char *request_name; /* NULL when it is an address */
	uint16_t request_port;
	struct addr bound_host; /* of the proxy; :: when it is named, or not known */
	const char *bound_name;
	uint16_t bound_port;
};
