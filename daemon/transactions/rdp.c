/* rdp.c -- the fields of a remote desktop session. */
#include "daemon/transactions/rdp.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_rdp, cookie, "cookie"),
	FIELD_ROW_TEXT(struct obs_rdp, result, "result"),
	FIELD_ROW_TEXT(struct obs_rdp, security_protocol, "security_protocol"),
	FIELD_ROW_NEVER("client_channels", "vector[string]"),
	FIELD_ROW_NEVER("keyboard_layout", "string"),
	FIELD_ROW_NEVER("client_build", "string"),
	FIELD_ROW_NEVER("client_name", "string"),
	FIELD_ROW_NEVER("client_dig_product_id", "string"),
	FIELD_ROW_NEVER("desktop_width", "count"),
	FIELD_ROW_NEVER("desktop_height", "count"),
	FIELD_ROW_NEVER("requested_color_depth", "string"),
	FIELD_ROW_NEVER("cert_type", "string"),
	FIELD_ROW_NEVER("cert_count", "count"),
	FIELD_ROW_NEVER("cert_permanent", "bool"),
	FIELD_ROW_NEVER("encryption_level", "string"),
	FIELD_ROW_NEVER("encryption_method", "string"),
	FIELD_END,
};

const struct transaction_kind transaction_rdp = {
	.kind = OBS_RDP,
	.log = "rdp",
	.has_ends = true,
	.size = sizeof(struct obs_rdp),
	.fields = fields,
};
