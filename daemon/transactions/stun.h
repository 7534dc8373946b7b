/* stun.h -- a host learns by STUN as whom the outside sees it. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { STUN_TEXT_MAX = 128 }; /* the NUL included; the rest is left out */

struct obs_stun {
	struct addr mapped; /* the asker, as the server sees it */
	uint16_t mapped_port;
	const char *software; /* of the server; NULL if it does not say */
};
