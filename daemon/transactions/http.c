/* http.c -- the fields of an HTTP transaction: Zeek's http.log, and what else its senders said of bodies. */
#include "daemon/transactions/http.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_http, trans_depth, "trans_depth"),
	FIELD_ROW_TEXT(struct obs_http, method, "method"),
	FIELD_ROW_TEXT(struct obs_http, host, "host"),
	FIELD_ROW_TEXT(struct obs_http, uri, "uri"),
	FIELD_ROW_TEXT(struct obs_http, referrer, "referrer"),
	FIELD_ROW_TEXT(struct obs_http, version, "version"),
	FIELD_ROW_TEXT(struct obs_http, user_agent, "user_agent"),
	FIELD_ROW_TEXT(struct obs_http, origin, "origin"),
	FIELD_ROW_COUNT(struct obs_http, request_body_len, "request_body_len"),
	FIELD_ROW_COUNT(struct obs_http, response_body_len, "response_body_len"),
	FIELD_ROW_COUNT(struct obs_http, status_code, "status_code"),
	FIELD_ROW_TEXT(struct obs_http, status_msg, "status_msg"),
	FIELD_ROW_COUNT(struct obs_http, info_code, "info_code"),
	FIELD_ROW_TEXT(struct obs_http, info_msg, "info_msg"),
	FIELD_ROW_NEVER("tags", "set[enum]"),
	FIELD_ROW_TEXT(struct obs_http, username, "username"),
	FIELD_ROW_NEVER("password", "string"),
	FIELD_ROW_TEXTS(struct obs_http, proxied, "proxied", "set[string]"),
	FIELD_ROW_TEXTS(struct obs_http, orig_fuids, "orig_fuids", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_http, orig_filenames, "orig_filenames", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_http, orig_mime_types, "orig_mime_types", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_http, resp_fuids, "resp_fuids", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_http, resp_filenames, "resp_filenames", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_http, resp_mime_types, "resp_mime_types", "vector[string]"),
	FIELD_ROW_TEXT(struct obs_http, request_content_type, "request_content_type"),
	FIELD_ROW_TEXT(struct obs_http, response_content_type, "response_content_type"),
	FIELD_ROW_TEXT(struct obs_http, location, "location"),
	FIELD_END,
};

const struct transaction_kind transaction_http = {
	.kind = OBS_HTTP,
	.log = "http",
	.has_ends = true,
	.size = sizeof(struct obs_http),
	.fields = fields,
};
