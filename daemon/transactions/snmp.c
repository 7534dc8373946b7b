/* snmp.c -- the fields of a conversation of SNMP. */
#include "daemon/transactions/snmp.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_INTERVAL(struct obs_snmp, duration, "duration"),
	FIELD_ROW_TEXT(struct obs_snmp, version, "version"),
	FIELD_ROW_TEXT(struct obs_snmp, community, "community"),
	FIELD_ROW_COUNT(struct obs_snmp, get_requests, "get_requests"),
	FIELD_ROW_COUNT(struct obs_snmp, get_bulk_requests, "get_bulk_requests"),
	FIELD_ROW_COUNT(struct obs_snmp, get_responses, "get_responses"),
	FIELD_ROW_COUNT(struct obs_snmp, set_requests, "set_requests"),
	FIELD_ROW_TEXT(struct obs_snmp, display_string, "display_string"),
	FIELD_ROW_TIME(struct obs_snmp, up_since, "up_since"),
	FIELD_END,
};

const struct transaction_kind transaction_snmp = {
	.kind = OBS_SNMP,
	.log = "snmp",
	.has_ends = true,
	.size = sizeof(struct obs_snmp),
	.fields = fields,
};
