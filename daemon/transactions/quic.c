/* quic.c -- the fields of a QUIC connection's beginning. */
#include "daemon/transactions/quic.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_quic, version, "version"),
	FIELD_ROW_TEXT(struct obs_quic, client_initial_dcid, "client_initial_dcid"),
	FIELD_ROW_TEXT(struct obs_quic, client_scid, "client_scid"),
	FIELD_ROW_TEXT(struct obs_quic, server_scid, "server_scid"),
	FIELD_ROW_TEXT(struct obs_quic, server_name, "server_name"),
	FIELD_ROW_TEXT(struct obs_quic, client_protocol, "client_protocol"),
	FIELD_ROW_TEXT(struct obs_quic, history, "history"),
	FIELD_ROW_TEXT(struct obs_quic, ja4, "ja4"),
	FIELD_ROW_TEXT(struct obs_quic, ja3, "ja3"),
	FIELD_END,
};

const struct transaction_kind transaction_quic = {
	.kind = OBS_QUIC,
	.log = "quic",
	.has_ends = true,
	.size = sizeof(struct obs_quic),
	.fields = fields,
};
