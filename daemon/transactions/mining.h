/* mining.h -- a miner of cryptocurrency introduced itself to a pool. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { MINING_TEXT_MAX = 192 }; /* of each text, the NUL included; what is longer is cut */

struct obs_mining {
	const char *method; /* "mining.authorize", "eth_submitLogin", "login" ... */
	const char *worker; /* the account or wallet that is paid; NULL: not told */
	const char *agent;  /* the program; NULL: not told */
};
