/* ntp.c -- the fields of an NTP message. */
#include "daemon/transactions/ntp.h"

#include "daemon/observation.h"

/* A time of 0 is told: it is what the message says. */
#define TIME_ROW(member, column) \
	FIELD_ROW(struct obs_ntp, member, column, "time", FIELD_INTERVAL, uint64_t)

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_ntp, version, "version"),
	FIELD_ROW_COUNT(struct obs_ntp, mode, "mode"),
	FIELD_ROW_COUNT(struct obs_ntp, stratum, "stratum"),
	FIELD_ROW_INTERVAL(struct obs_ntp, poll, "poll"),
	FIELD_ROW_INTERVAL(struct obs_ntp, precision, "precision"),
	FIELD_ROW_INTERVAL(struct obs_ntp, root_delay, "root_delay"),
	FIELD_ROW_INTERVAL(struct obs_ntp, root_disp, "root_disp"),
	FIELD_ROW_TEXT(struct obs_ntp, ref_id, "ref_id"),
	TIME_ROW(ref_time, "ref_time"),
	TIME_ROW(org_time, "org_time"),
	TIME_ROW(rec_time, "rec_time"),
	TIME_ROW(xmt_time, "xmt_time"),
	FIELD_ROW_COUNT(struct obs_ntp, num_exts, "num_exts"),
	FIELD_END,
};

const struct transaction_kind transaction_ntp = {
	.kind = OBS_NTP,
	.log = "ntp",
	.has_ends = true,
	.size = sizeof(struct obs_ntp),
	.fields = fields,
};
