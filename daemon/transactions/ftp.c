/* ftp.c -- the fields of an FTP command. */
#include "daemon/transactions/ftp.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_ftp, user, "user"),
	FIELD_ROW_TEXT(struct obs_ftp, password, "password"),
	FIELD_ROW_TEXT(struct obs_ftp, command, "command"),
	FIELD_ROW_TEXT(struct obs_ftp, arg, "arg"),
	FIELD_ROW_NEVER("mime_type", "string"),
	FIELD_ROW_COUNT(struct obs_ftp, file_size, "file_size"),
	FIELD_ROW_COUNT(struct obs_ftp, reply_code, "reply_code"),
	FIELD_ROW_TEXT(struct obs_ftp, reply_msg, "reply_msg"),
	FIELD_ROW_TRUTH(struct obs_ftp, data_passive, "data_channel.passive"),
	FIELD_ROW_ADDR(struct obs_ftp, data_orig, "data_channel.orig_h"),
	FIELD_ROW_ADDR(struct obs_ftp, data_resp, "data_channel.resp_h"),
	FIELD_ROW_PORT(struct obs_ftp, data_port, "data_channel.resp_p"),
	FIELD_ROW_NEVER("fuid", "string"),
	FIELD_END,
};

const struct transaction_kind transaction_ftp = {
	.kind = OBS_FTP,
	.log = "ftp",
	.has_ends = true,
	.size = sizeof(struct obs_ftp),
	.fields = fields,
};
