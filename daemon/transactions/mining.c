/* mining.c -- the fields of a miner's introduction. */
#include "daemon/transactions/mining.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_mining, method, "method"),
	FIELD_ROW_TEXT(struct obs_mining, worker, "worker"),
	FIELD_ROW_TEXT(struct obs_mining, agent, "agent"),
	FIELD_END,
};

const struct transaction_kind transaction_mining = {
	.kind = OBS_MINING,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_mining),
	.fields = fields,
};
