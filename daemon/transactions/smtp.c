/* smtp.c -- the fields of a message that SMTP carried. */
#include "daemon/transactions/smtp.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_smtp, trans_depth, "trans_depth"),
	FIELD_ROW_TEXT(struct obs_smtp, helo, "helo"),
	FIELD_ROW_TEXT(struct obs_smtp, mail_from, "mailfrom"),
	FIELD_ROW_TEXTS(struct obs_smtp, rcpt_to, "rcptto", "set[string]"),
	FIELD_ROW_TEXT(struct obs_smtp, date, "date"),
	FIELD_ROW_TEXT(struct obs_smtp, from, "from"),
	FIELD_ROW_TEXTS(struct obs_smtp, to, "to", "set[string]"),
	FIELD_ROW_TEXTS(struct obs_smtp, cc, "cc", "set[string]"),
	FIELD_ROW_TEXT(struct obs_smtp, reply_to, "reply_to"),
	FIELD_ROW_TEXT(struct obs_smtp, msg_id, "msg_id"),
	FIELD_ROW_TEXT(struct obs_smtp, in_reply_to, "in_reply_to"),
	FIELD_ROW_TEXT(struct obs_smtp, subject, "subject"),
	FIELD_ROW_ADDR(struct obs_smtp, x_originating_ip, "x_originating_ip"),
	FIELD_ROW_TEXT(struct obs_smtp, first_received, "first_received"),
	FIELD_ROW_TEXT(struct obs_smtp, second_received, "second_received"),
	FIELD_ROW_TEXT(struct obs_smtp, last_reply, "last_reply"),
	FIELD_ROW_TEXTS(struct obs_smtp, path, "path", "vector[addr]"),
	FIELD_ROW_TEXT(struct obs_smtp, user_agent, "user_agent"),
	FIELD_ROW_TRUTH(struct obs_smtp, tls, "tls"),
	FIELD_ROW_TEXTS(struct obs_smtp, fuids, "fuids", "vector[string]"),
	FIELD_END,
};

const struct transaction_kind transaction_smtp = {
	.kind = OBS_SMTP,
	.log = "smtp",
	.has_ends = true,
	.size = sizeof(struct obs_smtp),
	.fields = fields,
};
