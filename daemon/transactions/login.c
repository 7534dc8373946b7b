/* login.c -- the fields of a log-in. */
#include "daemon/transactions/login.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_login, protocol, "proto"),
	FIELD_ROW_TRUTH(struct obs_login, success, "success"),
	FIELD_ROW_TRUTH(struct obs_login, confused, "confused"),
	FIELD_ROW_TEXT(struct obs_login, user, "user"),
	FIELD_ROW_TEXT(struct obs_login, client_user, "client_user"),
	FIELD_ROW_TEXT(struct obs_login, method, "method"),
	FIELD_ROW_TEXT(struct obs_login, known_by, "known_by"),
	FIELD_END,
};

const struct transaction_kind transaction_login = {
	.kind = OBS_LOGIN,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_login),
	.fields = fields,
};
