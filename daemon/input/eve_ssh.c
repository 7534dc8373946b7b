/* eve_ssh.c -- EVE's ssh event: a session, and the program of each side that told its own. */
#include "daemon/base/strbuf.h"
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/proto/software_version.h"
#include "daemon/transactions/software.h"
#include "daemon/transactions/ssh.h"

#include <string.h>

struct eve_ssh {
	const char *client_version, *client_software;
	const char *server_version, *server_software;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_ssh, client_version, "ssh.client.proto_version"),
	FIELD_ROW_TEXT(struct eve_ssh, client_software, "ssh.client.software_version"),
	FIELD_ROW_TEXT(struct eve_ssh, server_version, "ssh.server.proto_version"),
	FIELD_ROW_TEXT(struct eve_ssh, server_software, "ssh.server.software_version"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "ssh.client.hassh.hash", "hassh" },
	{ "ssh.server.hassh.hash", "hasshserver" },
	{ NULL, NULL },
};

/* "SSH-2.0-OpenSSH_9.2" */
static const char *
banner_of(struct input_stream *s, const char *version, const char *software)
{
	struct strbuf b;

	if (version == NULL || software == NULL)
		return NULL;
	size_t size = strlen(version) + strlen(software) + sizeof("SSH--");
	char *text = eve_text(s, size);
	if (text == NULL)
		return NULL;
	strbuf_init(&b, text, size);
	strbuf_text(&b, "SSH-");
	strbuf_text(&b, version);
	strbuf_char(&b, '-');
	strbuf_text(&b, software);
	return text;
}

static const char *
copy_or_null(struct input_stream *s, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = size == 1 ? NULL : eve_text(s, size);

	return copy == NULL ? NULL : memcpy(copy, text, size);
}

/* returns how many items there are then */
static int
also_software(struct input_stream *s, size_t index, bool is_client, const char *software)
{
	struct software_version version;
	const struct obs_talk *talk = &s->items[0].talk;

	if (software == NULL)
		return (int)index;
	software_version_read(software, &version);
	const char *name = copy_or_null(s, version.name);
	const char *addl = copy_or_null(s, version.addl);
	struct input_item *item = eve_also(s, index, &transaction_software);
	struct obs_software *o = (void *)item->said.room.said;
	o->host = is_client ? talk->orig : talk->resp;
	o->host_port = is_client ? 0 : talk->resp_port;
	o->type = is_client ? "SSH::CLIENT" : "SSH::SERVER";
	o->name = name;
	o->addl = addl;
	o->unparsed_version = software;
	memcpy(o->version, version.numbers, sizeof(o->version));
	return (int)index + 1;
}

static int
tell_ssh(struct input_stream *s)
{
	const struct eve_ssh *v = eve_beside(s);
	struct obs_ssh *ssh = eve_said(s);
	int r;

	ssh->client = banner_of(s, v->client_version, v->client_software);
	ssh->server = banner_of(s, v->server_version, v->server_software);
	if (ssh->client != NULL && ssh->server != NULL)
		ssh->version = v->client_version[0] == '2' && v->server_version[0] != '1' ? 2 : 1;
	r = eve_tell(s);
	if (r < 0)
		return r;
	r = also_software(s, 1, /* is_client= */ true, v->client_software);
	return also_software(s, (size_t)r, /* is_client= */ false, v->server_software);
}

const struct eve_reader eve_reader_ssh = {
	.type = "ssh",
	.said = &transaction_ssh,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_ssh),
	.tell = tell_ssh,
};
