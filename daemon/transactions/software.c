/* software.c -- the fields of a program and its version. */
#include "daemon/transactions/software.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ADDR(struct obs_software, host, "host"),
	FIELD_ROW_PORT(struct obs_software, host_port, "host_p"),
	FIELD_ROW_ENUM(struct obs_software, type, "software_type"),
	FIELD_ROW_TEXT(struct obs_software, name, "name"),
	FIELD_ROW_COUNT(struct obs_software, version[0], "version.major"),
	FIELD_ROW_COUNT(struct obs_software, version[1], "version.minor"),
	FIELD_ROW_COUNT(struct obs_software, version[2], "version.minor2"),
	FIELD_ROW_COUNT(struct obs_software, version[3], "version.minor3"),
	FIELD_ROW_TEXT(struct obs_software, addl, "version.addl"),
	FIELD_ROW_TEXT(struct obs_software, unparsed_version, "unparsed_version"),
	FIELD_END,
};

const struct transaction_kind transaction_software = {
	.kind = OBS_SOFTWARE,
	.log = "software",
	.size = sizeof(struct obs_software),
	.fields = fields,
};
