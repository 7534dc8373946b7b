/* socks.c -- the fields of a request to a SOCKS proxy. */
#include "daemon/transactions/socks.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_socks, version, "version"),
	FIELD_ROW_TEXT(struct obs_socks, user, "user"),
	FIELD_ROW_NEVER("password", "string"),
	FIELD_ROW_TEXT(struct obs_socks, status, "status"),
	FIELD_ROW_ADDR(struct obs_socks, request_host, "request.host"),
	FIELD_ROW_TEXT(struct obs_socks, request_name, "request.name"),
	FIELD_ROW_PORT(struct obs_socks, request_port, "request_p"),
	FIELD_ROW_ADDR(struct obs_socks, bound_host, "bound.host"),
	FIELD_ROW_TEXT(struct obs_socks, bound_name, "bound.name"),
	FIELD_ROW_PORT(struct obs_socks, bound_port, "bound_p"),
	FIELD_END,
};

const struct transaction_kind transaction_socks = {
	.kind = OBS_SOCKS,
	.log = "socks",
	.has_ends = true,
	.size = sizeof(struct obs_socks),
	.fields = fields,
};
