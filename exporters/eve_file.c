/* eve_file.c -- EVE's fileinfo event. */
#include "daemon/transactions/file.h"
#include "exporters/eve_event.h"
#include "exporters/eve_json.h"

static void
write_file(struct json *j, const struct observation *o)
{
	const struct obs_file *f = o->file;
	bool is_whole = f->missing_bytes == 0 &&
			(f->total_bytes == TRANSACTION_UNSET || f->total_bytes == f->seen_bytes);

	eve_key_text(j, "filename", f->filename);
	eve_key_text(j, "mimetype", f->mime_type);
	json_key(j, "gaps");
	json_bool(j, f->missing_bytes > 0);
	json_key_text(j, "state", is_whole ? "CLOSED" : "TRUNCATED");
	eve_key_text(j, "md5", f->md5);
	eve_key_text(j, "sha1", f->sha1);
	eve_key_text(j, "sha256", f->sha256);
	json_key(j, "stored"); /* no body is ever kept */
	json_bool(j, false);
	json_key_u64(j, "size", f->seen_bytes);
}

/* Our source is who opened the conversation; Suricata's is who sent the file. */
static void
write_own(struct json *j, const struct observation *o)
{
	if (o->file->is_orig != TRUTH_UNKNOWN)
		json_key_bool(j, "is_orig", o->file->is_orig == TRUTH_YES);
}

const struct eve_event eve_event_file = {
	.kind = OBS_FILE,
	.type = "fileinfo",
	.write = write_file,
	.write_own = write_own,
};
