/* eve_smb.c -- EVE's smb event of a share that was connected. */
#include "daemon/base/strbuf.h"
#include "daemon/transactions/smb.h"
#include "exporters/eve_event.h"

#include <string.h>

/* Names of errors begin so in EVE; a number is as it is. */
static void
write_status(struct json *j, const char *status)
{
	char name[64];
	struct strbuf text;

	strbuf_init(&text, name, sizeof(name));
	if (strncmp(status, "0x", 2) != 0)
		strbuf_text(&text, "STATUS_");
	strbuf_text(&text, status);
	json_key_text(j, "status", name);
}

static void
write_smb(struct json *j, const struct observation *o)
{
	const struct obs_smb *s = o->smb;

	if (s->dialect != NULL)
		json_key_text(j, "dialect", s->dialect);
	json_key_text(j, "command",
		s->dialect != NULL && strcmp(s->dialect, "NT LM 0.12") == 0
			? "SMB1_COMMAND_TREE_CONNECT_ANDX"
			: "SMB2_COMMAND_TREE_CONNECT");
	write_status(j, s->status);
	json_key_text(j, "share", s->path);
	if (s->share_type != NULL)
		json_key_text(j, "share_type",
			strcmp(s->share_type, "DISK") == 0 ? "FILE" : s->share_type);
}

const struct eve_event eve_event_smb = {
	.kind = OBS_SMB,
	.type = "smb",
	.write = write_smb,
};
