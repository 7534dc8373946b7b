/* redis.h -- a command to a Redis server that tells something about who sends it, and its outcome. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { REDIS_TEXT_MAX = 128 }; /* of each text, the NUL included; what is longer is cut */

struct obs_redis {
	const char *command; /* upper case */
	const char *arg;     /* its first argument; NULL: it has none, or it is a secret */
	enum truth success;  /* unknown: no answer was seen */
	const char *reply;   /* a status or an error; NULL: data, or no answer */
};
