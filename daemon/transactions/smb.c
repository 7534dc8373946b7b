/* smb.c -- the fields of a connection to a share. */
#include "daemon/transactions/smb.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_smb, path, "path"),
	FIELD_ROW_TEXT(struct obs_smb, service, "service"),
	FIELD_ROW_TEXT(struct obs_smb, native_file_system, "native_file_system"),
	FIELD_ROW_TEXT(struct obs_smb, share_type, "share_type"),
	FIELD_ROW_TEXT(struct obs_smb, dialect, "dialect"),
	FIELD_ROW_TEXT(struct obs_smb, status, "status"),
	FIELD_END,
};

const struct transaction_kind transaction_smb = {
	.kind = OBS_SMB,
	.log = "smb_mapping",
	.has_ends = true,
	.size = sizeof(struct obs_smb),
	.fields = fields,
};
