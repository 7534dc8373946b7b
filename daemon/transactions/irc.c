/* irc.c -- the fields of a command of IRC. */
#include "daemon/transactions/irc.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_irc, nick, "nick"),
	FIELD_ROW_TEXT(struct obs_irc, user, "user"),
	FIELD_ROW_TEXT(struct obs_irc, command, "command"),
	FIELD_ROW_TEXT(struct obs_irc, value, "value"),
	FIELD_ROW_TEXT(struct obs_irc, addl, "addl"),
	FIELD_ROW_TEXT(struct obs_irc, dcc_file_name, "dcc_file_name"),
	FIELD_ROW_COUNT(struct obs_irc, dcc_file_size, "dcc_file_size"),
	FIELD_ROW_NEVER("dcc_mime_type", "string"),
	FIELD_ROW_NEVER("fuid", "string"),
	FIELD_END,
};

const struct transaction_kind transaction_irc = {
	.kind = OBS_IRC,
	.log = "irc",
	.has_ends = true,
	.size = sizeof(struct obs_irc),
	.fields = fields,
};
