/* mysql.h -- a log-in or a command to a MySQL server, and its outcome. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { MYSQL_ARG_MAX = 1024, MYSQL_RESPONSE_MAX = 256 }; /* NULs included; what is longer is cut */

struct obs_mysql {
	const char *command;  /* "login", "query", "ping" ...: the protocol's names in lower case */
	const char *arg;      /* the user of a log-in, the text of a query; "" if it has none */
	enum truth success;   /* unknown: no answer was seen, or there is none by design */
	uint64_t rows;        /* that were changed; 0 for a result with rows */
	const char *response; /* what the server says of an error; NULL otherwise */
};
