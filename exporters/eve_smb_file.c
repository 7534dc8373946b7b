/* eve_smb_file.c -- EVE's smb event of a file of another host. */
#include "daemon/transactions/smb_file.h"
#include "exporters/eve_event.h"

#include <string.h>

enum { NS_PER_S = 1000000000 };

static void
write_time(struct json *j, const char *key, uint64_t ns)
{
	if (ns != 0)
		json_key_u64(j, key, ns / NS_PER_S);
}

static const char *
command_of(const char *action)
{
	return strcmp(action, "SMB::FILE_OPEN") == 0 ? "SMB2_COMMAND_CREATE"
						     : "SMB2_COMMAND_SET_INFO";
}

static void
write_smb_file(struct json *j, const struct observation *o)
{
	const struct obs_smb_file *f = o->smb_file;

	json_key_text(j, "command", command_of(f->action));
	json_key_text(j, "status", "STATUS_SUCCESS");
	if (f->path != NULL)
		json_key_text(j, "share", f->path);
	json_key_text(j, "filename", f->name);
	if (f->previous_name != NULL) {
		json_key(j, "rename");
		json_object_begin(j);
		json_key_text(j, "from", f->previous_name);
		json_key_text(j, "to", f->name);
		json_object_end(j);
	}
	if (strcmp(f->action, "SMB::FILE_DELETE") == 0)
		json_key_text(j, "disposition", "DELETE");
	write_time(j, "created", f->created_ns);
	write_time(j, "accessed", f->accessed_ns);
	write_time(j, "modified", f->modified_ns);
	write_time(j, "changed", f->changed_ns);
	json_key_u64(j, "size", f->size);
}

const struct eve_event eve_event_smb_file = {
	.kind = OBS_SMB_FILE,
	.type = "smb",
	.write = write_smb_file,
};
