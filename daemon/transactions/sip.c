/* sip.c -- the fields of a SIP request and its response. */
#include "daemon/transactions/sip.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_sip, trans_depth, "trans_depth"),
	FIELD_ROW_TEXT(struct obs_sip, method, "method"),
	FIELD_ROW_TEXT(struct obs_sip, uri, "uri"),
	FIELD_ROW_TEXT(struct obs_sip, date, "date"),
	FIELD_ROW_TEXT(struct obs_sip, request_from, "request_from"),
	FIELD_ROW_TEXT(struct obs_sip, request_to, "request_to"),
	FIELD_ROW_TEXT(struct obs_sip, response_from, "response_from"),
	FIELD_ROW_TEXT(struct obs_sip, response_to, "response_to"),
	FIELD_ROW_TEXT(struct obs_sip, reply_to, "reply_to"),
	FIELD_ROW_TEXT(struct obs_sip, call_id, "call_id"),
	FIELD_ROW_TEXT(struct obs_sip, seq, "seq"),
	FIELD_ROW_TEXT(struct obs_sip, subject, "subject"),
	FIELD_ROW_TEXTS(struct obs_sip, request_path, "request_path", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_sip, response_path, "response_path", "vector[string]"),
	FIELD_ROW_TEXT(struct obs_sip, user_agent, "user_agent"),
	FIELD_ROW_COUNT(struct obs_sip, status_code, "status_code"),
	FIELD_ROW_TEXT(struct obs_sip, status_msg, "status_msg"),
	FIELD_ROW_TEXT(struct obs_sip, warning, "warning"),
	FIELD_ROW_COUNT(struct obs_sip, request_body_len, "request_body_len"),
	FIELD_ROW_COUNT(struct obs_sip, response_body_len, "response_body_len"),
	FIELD_ROW_TEXT(struct obs_sip, content_type, "content_type"),
	FIELD_END,
};

const struct transaction_kind transaction_sip = {
	.kind = OBS_SIP,
	.log = "sip",
	.has_ends = true,
	.size = sizeof(struct obs_sip),
	.fields = fields,
};
