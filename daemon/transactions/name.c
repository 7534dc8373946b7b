/* name.c -- the fields of a name that was announced. Zeek has no log of it. */
#include "daemon/transactions/name.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ADDR(struct obs_name, addr, "addr"),
	FIELD_ROW_ADDR(struct obs_name, sender, "sender"),
	FIELD_ROW_TEXT(struct obs_name, name, "name"),
	FIELD_ROW_ENUM(struct obs_name, by, "by"),
	FIELD_END,
};

const struct transaction_kind transaction_name = {
	.kind = OBS_NAME,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_name),
	.fields = fields,
};
