/*
 * eve_smb.c -- EVE's smb event: a share, one of its files, a log-in, or a remote call through it.
 *
 * Suricata tells of every command; which of our transactions it is, if any, says what it holds.
 */
#include "daemon/base/time_text.h"
#include "daemon/input/eve.h"
#include "daemon/input/eve_call.h"
#include "daemon/observation.h"
#include "daemon/transactions/ntlm.h"
#include "daemon/transactions/smb.h"
#include "daemon/transactions/smb_file.h"

#include <string.h>

struct eve_smb {
	const char *dialect, *command, *status;
	const char *share, *share_type, *service;
	const char *filename, *disposition, *renamed_from, *renamed_to;
	uint64_t created, accessed, modified, changed, size; /* seconds; bytes */
	const char *user, *domain, *host;
	struct eve_call call;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_smb, dialect, "smb.dialect"),
	FIELD_ROW_TEXT(struct eve_smb, command, "smb.command"),
	FIELD_ROW_TEXT(struct eve_smb, status, "smb.status"),
	FIELD_ROW_TEXT(struct eve_smb, share, "smb.share"),
	FIELD_ROW_TEXT(struct eve_smb, share_type, "smb.share_type"),
	FIELD_ROW_TEXT(struct eve_smb, service, "smb.service.request"),
	FIELD_ROW_TEXT(struct eve_smb, filename, "smb.filename"),
	FIELD_ROW_TEXT(struct eve_smb, disposition, "smb.disposition"),
	FIELD_ROW_TEXT(struct eve_smb, renamed_from, "smb.rename.from"),
	FIELD_ROW_TEXT(struct eve_smb, renamed_to, "smb.rename.to"),
	FIELD_ROW_COUNT(struct eve_smb, created, "smb.created"),
	FIELD_ROW_COUNT(struct eve_smb, accessed, "smb.accessed"),
	FIELD_ROW_COUNT(struct eve_smb, modified, "smb.modified"),
	FIELD_ROW_COUNT(struct eve_smb, changed, "smb.changed"),
	FIELD_ROW_COUNT(struct eve_smb, size, "smb.size"),
	FIELD_ROW_TEXT(struct eve_smb, user, "smb.ntlmssp.user"),
	FIELD_ROW_TEXT(struct eve_smb, domain, "smb.ntlmssp.domain"),
	FIELD_ROW_TEXT(struct eve_smb, host, "smb.ntlmssp.host"),
	FIELD_ROW_TEXT(struct eve_smb, call.request, "smb.dcerpc.request"),
	FIELD_ROW_TEXT(struct eve_smb, call.uuid, "smb.dcerpc.interface.uuid"),
	FIELD_ROW_COUNT(struct eve_smb, call.operation, "smb.dcerpc.opnum"),
	FIELD_END,
};

/* NT's names without what all of them begin with. */
static const char *
status_of(const char *status)
{
	static const char prefix[] = "STATUS_";

	return status != NULL && strncmp(status, prefix, sizeof(prefix) - 1) == 0
		       ? status + sizeof(prefix) - 1
		       : status;
}

static bool
is_success(const struct eve_smb *v)
{
	return v->status != NULL && strcmp(v->status, "STATUS_SUCCESS") == 0;
}

static bool
is_word(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

static int
tell_share(struct input_stream *s, const struct eve_smb *v)
{
	struct obs_smb *o = eve_become(s, &transaction_smb);

	o->path = v->share;
	o->service = v->service;
	o->share_type = is_word(v->share_type, "FILE") ? "DISK" : v->share_type;
	o->dialect = v->dialect;
	o->status = status_of(v->status);
	return eve_tell(s);
}

static uint64_t
time_of(uint64_t seconds)
{
	return seconds > UINT64_MAX / NS_PER_S ? 0 : seconds * NS_PER_S;
}

static int
tell_file(struct input_stream *s, const struct eve_smb *v)
{
	struct obs_smb_file *f = eve_become(s, &transaction_smb_file);

	f->action = v->renamed_from != NULL             ? "SMB::FILE_RENAME"
		    : is_word(v->disposition, "DELETE") ? "SMB::FILE_DELETE"
							: "SMB::FILE_OPEN";
	f->path = v->share;
	f->name = v->renamed_to != NULL ? v->renamed_to : v->filename;
	f->previous_name = v->renamed_from;
	f->size = v->size;
	f->created_ns = time_of(v->created);
	f->accessed_ns = time_of(v->accessed);
	f->modified_ns = time_of(v->modified);
	f->changed_ns = time_of(v->changed);
	return eve_tell(s);
}

static int
tell_login(struct input_stream *s, const struct eve_smb *v)
{
	struct obs_ntlm *n = eve_become(s, &transaction_ntlm);

	n->user = v->user;
	n->domain = v->domain;
	n->host = v->host;
	if (v->status != NULL)
		n->success = is_success(v) ? TRUTH_YES : TRUTH_NO;
	return eve_tell(s);
}

static int
tell_smb(struct input_stream *s)
{
	const struct eve_smb *v = eve_beside(s);
	bool is_file = is_word(v->command, "SMB2_COMMAND_CREATE") ||
		       is_word(v->command, "SMB1_COMMAND_NT_CREATE_ANDX") ||
		       v->renamed_from != NULL || is_word(v->disposition, "DELETE");

	if (v->command != NULL && strstr(v->command, "TREE_CONNECT") != NULL && v->share != NULL)
		return tell_share(s, v);
	if (v->user != NULL && v->user[0] != '\0')
		return tell_login(s, v);
	if (v->call.uuid != NULL)
		return eve_tell_call(s, &v->call);
	if (is_file && is_success(v) && (v->filename != NULL || v->renamed_to != NULL))
		return tell_file(s, v);
	return input_stream_skip(s);
}

const struct eve_reader eve_reader_smb = {
	.type = "smb",
	.beside = fields,
	.beside_size = sizeof(struct eve_smb),
	.tell = tell_smb,
};
