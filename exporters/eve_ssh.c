/* eve_ssh.c -- EVE's ssh event. */
#include "daemon/transactions/ssh.h"

#include "exporters/eve_event.h"

#include <string.h>

/* "SSH-2.0-OpenSSH_9.2 comment": version and software apart, without the comment. */
static void
write_banner(struct json *j, const char *banner)
{
	const char *version = strchr(banner, '-');
	const char *software = version == NULL ? NULL : strchr(version + 1, '-');

	if (software == NULL)
		return;
	json_key(j, "proto_version");
	json_bytes(j, version + 1, (size_t)(software - version - 1));
	json_key(j, "software_version");
	json_bytes(j, software + 1, strcspn(software + 1, " "));
}

static void
write_side(struct json *j, const char *key, const char *banner, const char *hassh)
{
	if (banner == NULL)
		return;
	json_key(j, key);
	json_object_begin(j);
	write_banner(j, banner);
	if (hassh != NULL) {
		json_key(j, "hassh");
		json_object_begin(j);
		json_key_text(j, "hash", hassh);
		json_object_end(j);
	}
	json_object_end(j);
}

static void
write_ssh(struct json *j, const struct observation *o)
{
	write_side(j, "client", o->ssh->client, o->ssh->hassh);
	write_side(j, "server", o->ssh->server, o->ssh->hasshserver);
}

const struct eve_event eve_event_ssh = {
	.kind = OBS_SSH,
	.type = "ssh",
	.write = write_ssh,
};
