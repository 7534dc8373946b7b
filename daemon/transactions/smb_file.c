/* smb_file.c -- the fields of what happens to a file of another host. */
#include "daemon/transactions/smb_file.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_NEVER("fuid", "string"),
	FIELD_ROW_ENUM(struct obs_smb_file, action, "action"),
	FIELD_ROW_TEXT(struct obs_smb_file, path, "path"),
	FIELD_ROW_TEXT(struct obs_smb_file, name, "name"),
	FIELD_ROW_COUNT(struct obs_smb_file, size, "size"),
	FIELD_ROW_TEXT(struct obs_smb_file, previous_name, "prev_name"),
	FIELD_ROW_TIME(struct obs_smb_file, modified_ns, "times.modified"),
	FIELD_ROW_TIME(struct obs_smb_file, accessed_ns, "times.accessed"),
	FIELD_ROW_TIME(struct obs_smb_file, created_ns, "times.created"),
	FIELD_ROW_TIME(struct obs_smb_file, changed_ns, "times.changed"),
	FIELD_END,
};

const struct transaction_kind transaction_smb_file = {
	.kind = OBS_SMB_FILE,
	.log = "smb_files",
	.has_ends = true,
	.size = sizeof(struct obs_smb_file),
	.fields = fields,
};
