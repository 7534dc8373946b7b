/* dce_rpc.c -- the fields of a remote call. */
#include "daemon/transactions/dce_rpc.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_INTERVAL(struct obs_dce_rpc, rtt_ns, "rtt"),
	FIELD_ROW_TEXT(struct obs_dce_rpc, named_pipe, "named_pipe"),
	FIELD_ROW_TEXT(struct obs_dce_rpc, endpoint, "endpoint"),
	FIELD_ROW_TEXT(struct obs_dce_rpc, operation, "operation"),
	FIELD_ROW_TEXT(struct obs_dce_rpc, fault, "fault"),
	FIELD_END,
};

const struct transaction_kind transaction_dce_rpc = {
	.kind = OBS_DCE_RPC,
	.log = "dce_rpc",
	.has_ends = true,
	.size = sizeof(struct obs_dce_rpc),
	.fields = fields,
};
