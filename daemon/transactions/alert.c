/* alert.c -- the fields of another sensor's alert. Zeek's notices are told by it, and so it is no log of ours. */
#include "daemon/transactions/alert.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ENUM(struct obs_alert, source, "source"),
	FIELD_ROW_TEXT(struct obs_alert, signature, "signature"),
	FIELD_ROW_TEXT(struct obs_alert, category, "category"),
	FIELD_ROW_COUNT(struct obs_alert, severity, "severity"),
	FIELD_ROW_COUNT(struct obs_alert, sid, "sid"),
	FIELD_ROW_TEXT(struct obs_alert, action, "action"),
	FIELD_END,
};

const struct transaction_kind transaction_alert = {
	.kind = OBS_ALERT,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_alert),
	.fields = fields,
};
