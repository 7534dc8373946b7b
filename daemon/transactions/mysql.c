/* mysql.c -- the fields of a command to a MySQL server. */
#include "daemon/transactions/mysql.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_mysql, command, "cmd"),
	FIELD_ROW_TEXT(struct obs_mysql, arg, "arg"),
	FIELD_ROW_TRUTH(struct obs_mysql, success, "success"),
	FIELD_ROW_COUNT(struct obs_mysql, rows, "rows"),
	FIELD_ROW_TEXT(struct obs_mysql, response, "response"),
	FIELD_END,
};

const struct transaction_kind transaction_mysql = {
	.kind = OBS_MYSQL,
	.log = "mysql",
	.has_ends = true,
	.size = sizeof(struct obs_mysql),
	.fields = fields,
};
