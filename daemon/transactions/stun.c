/* stun.c -- the fields of a STUN answer. */
#include "daemon/transactions/stun.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ADDR(struct obs_stun, mapped, "mapped"),
	FIELD_ROW_PORT(struct obs_stun, mapped_port, "mapped_port"),
	FIELD_ROW_TEXT(struct obs_stun, software, "software"),
	FIELD_END,
};

const struct transaction_kind transaction_stun = {
	.kind = OBS_STUN,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_stun),
	.fields = fields,
};
