/* file.c -- the fields of a carried file: Zeek's files.log. */
#include "daemon/transactions/file.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_file, fuid, "fuid"),
	FIELD_ROW_TEXT(struct obs_file, source, "source"),
	FIELD_ROW_COUNT(struct obs_file, depth, "depth"),
	FIELD_ROW_NEVER("analyzers", "set[string]"),
	FIELD_ROW_TEXT(struct obs_file, mime_type, "mime_type"),
	FIELD_ROW_TEXT(struct obs_file, filename, "filename"),
	FIELD_ROW_INTERVAL(struct obs_file, duration_ns, "duration"),
	FIELD_ROW_TRUTH(struct obs_file, local_orig, "local_orig"),
	FIELD_ROW_TRUTH(struct obs_file, is_orig, "is_orig"),
	FIELD_ROW_COUNT(struct obs_file, seen_bytes, "seen_bytes"),
	FIELD_ROW_COUNT(struct obs_file, total_bytes, "total_bytes"),
	FIELD_ROW_COUNT(struct obs_file, missing_bytes, "missing_bytes"),
	FIELD_ROW_COUNT(struct obs_file, overflow_bytes, "overflow_bytes"),
	FIELD_ROW_TRUTH(struct obs_file, timedout, "timedout"),
	FIELD_ROW_NEVER("parent_fuid", "string"),
	FIELD_ROW_TEXT(struct obs_file, md5, "md5"),
	FIELD_ROW_TEXT(struct obs_file, sha1, "sha1"),
	FIELD_ROW_TEXT(struct obs_file, sha256, "sha256"),
	FIELD_ROW_NEVER("extracted", "string"),
	FIELD_ROW_NEVER("extracted_cutoff", "bool"),
	FIELD_ROW_NEVER("extracted_size", "count"),
	FIELD_END,
};

const struct transaction_kind transaction_file = {
	.kind = OBS_FILE,
	.log = "files",
	.has_ends = true,
	.before_ends = 1,
	.size = sizeof(struct obs_file),
	.fields = fields,
};
