#include "daemon/proto/smb_session.h"

#include "daemon/proto/gssapi.h"

#include <string.h>

enum {
	STATUS_SUCCESS = 0,
	FILETIME_PER_S = 10000000,
	NS_PER_FILETIME = 100,
};
#define STATUS_MORE_PROCESSING UINT32_C(0xc0000016)
#define EPOCH_FILETIME         (UINT64_C(11644473600) * FILETIME_PER_S)

uint64_t
smb_time(uint64_t filetime)
{
	if (filetime < EPOCH_FILETIME || filetime - EPOCH_FILETIME > UINT64_MAX / NS_PER_FILETIME)
		return 0;
	return (filetime - EPOCH_FILETIME) * NS_PER_FILETIME;
}

/* MS-ERREF section 2.3.1; of those that a share may be refused with. */
static const char *
status_text(uint32_t status, char *ret_text, size_t room)
{
	static const struct {
		uint32_t status;
		const char *name;
	} names[] = {
		{ 0, "SUCCESS" },
		{ 0xc0000022, "ACCESS_DENIED" },
		{ 0xc000006d, "LOGON_FAILURE" },
		{ 0xc00000cc, "BAD_NETWORK_NAME" },
		{ 0xc00000c9, "NETWORK_NAME_DELETED" },
		{ 0xc0000203, "USER_SESSION_DELETED" },
	};
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].status == status)
			return names[i].name;
	ret_text[0] = '0';
	ret_text[1] = 'x';
	for (size_t i = 0; i < 8; i++)
		ret_text[2 + i] = digits[status >> (28 - 4 * i) & 0xf];
	ret_text[room - 1] = '\0';
	return ret_text;
}

struct smb_request *
smb_request_new(struct smb_session *s, const struct proto_call *call, uint64_t id,
	enum smb_request_kind kind)
{
	struct smb_request *r = &s->requests[s->request_next];

	s->request_next = (uint8_t)((s->request_next + 1) % SMB_REQUESTS);
	r->id = id;
	r->kind = kind;
	r->deletes = false;
	r->ts_ns = call->ts_ns;
	r->file = 0;
	r->name[0] = '\0';
	return r;
}

struct smb_request *
smb_request_of(struct smb_session *s, uint64_t id)
{
	for (size_t i = 0; i < SMB_REQUESTS; i++)
		if (s->requests[i].kind != SMB_NOTHING && s->requests[i].id == id)
			return &s->requests[i];
	return NULL;
}

static struct smb_tree *
tree_of(struct smb_session *s, uint32_t id)
{
	for (size_t i = 0; i < SMB_TREES; i++)
		if (s->trees[i].path[0] != '\0' && s->trees[i].id == id)
			return &s->trees[i];
	return NULL;
}

static struct smb_tree *
tree_new(struct smb_session *s, uint32_t id)
{
	struct smb_tree *t = tree_of(s, id);

	if (t != NULL)
		return t;
	t = &s->trees[s->tree_next];
	s->tree_next = (uint8_t)((s->tree_next + 1) % SMB_TREES);
	return t;
}

static struct smb_open_file *
file_of(struct smb_session *s, uint64_t file)
{
	for (size_t i = 0; i < SMB_FILES; i++)
		if (s->files[i].name[0] != '\0' && s->files[i].opened.file == file)
			return &s->files[i];
	return NULL;
}

void
smb_tell_tree(struct smb_session *s, const struct proto_call *call, struct smb_request *r,
	uint32_t tree, uint32_t status, const char *share_type, const char *service,
	const char *file_system)
{
	char text[sizeof("0xc0000022")];
	const struct obs_smb smb = {
		.path = r->name,
		.service = service,
		.native_file_system = file_system,
		.share_type = status == STATUS_SUCCESS ? share_type : NULL,
		.dialect = s->dialect,
		.status = status_text(status, text, sizeof(text)),
	};

	if (status == STATUS_SUCCESS && r->name[0] != '\0') {
		struct smb_tree *t = tree_new(s, tree);
		t->id = tree;
		t->is_disk = share_type == NULL || strcmp(share_type, "DISK") == 0;
		memcpy(t->path, r->name, sizeof(t->path));
	}
	r->kind = SMB_NOTHING;
	call->emit(call->context, &(struct observation){ .kind = OBS_SMB,
					  .ts_ns = call->ts_ns,
					  .began_ns = r->ts_ns,
					  .interface = call->interface,
					  .smb = &smb });
}

static void
hash_add(uint32_t *hash, const void *bytes, size_t size)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < size; i++)
		*hash = (*hash ^ b[i]) * UINT32_C(16777619);
}

/* The same file, unchanged, is opened over and over: it is told once while it is remembered. */
static bool
was_told(struct smb_session *s, const char *action, const struct smb_open_file *f)
{
	uint32_t hash = UINT32_C(2166136261);

	hash_add(&hash, action, strlen(action));
	hash_add(&hash, &f->tree, sizeof(f->tree));
	hash_add(&hash, &f->opened.size, sizeof(f->opened) - offsetof(struct smb_opened, size));
	hash_add(&hash, f->name, strlen(f->name));
	for (size_t i = 0; i < SMB_TOLD; i++)
		if (s->told[i] == hash)
			return true;
	s->told[s->told_next] = hash;
	s->told_next = (uint8_t)((s->told_next + 1) % SMB_TOLD);
	return false;
}

static void
tell_file(struct smb_session *s, const struct proto_call *call, const char *action,
	const struct smb_open_file *f, const char *new_name)
{
	const struct smb_tree *t = tree_of(s, f->tree);
	const struct obs_smb_file file = {
		.action = action,
		.path = t != NULL ? t->path : NULL,
		.name = new_name != NULL ? new_name : f->name,
		.previous_name = new_name != NULL ? f->name : NULL,
		.size = f->opened.size,
		.modified_ns = f->opened.modified_ns,
		.accessed_ns = f->opened.accessed_ns,
		.created_ns = f->opened.created_ns,
		.changed_ns = f->opened.changed_ns,
	};

	if (new_name == NULL && was_told(s, action, f))
		return;
	call->emit(call->context, &(struct observation){ .kind = OBS_SMB_FILE,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .smb_file = &file });
}

void
smb_file_open(struct smb_session *s, const struct proto_call *call, struct smb_request *r,
	uint32_t tree, const struct smb_opened *opened)
{
	const struct smb_tree *t = tree_of(s, tree);
	struct smb_open_file *f = &s->files[s->file_next];

	r->kind = SMB_NOTHING;
	if (t != NULL && !t->is_disk) {
		smb_pipe_opened(&s->pipes, call, opened->file);
		return;
	}
	s->file_next = (uint8_t)((s->file_next + 1) % SMB_FILES);
	f->opened = *opened;
	f->tree = tree;
	f->deletes = r->deletes;
	memcpy(f->name, r->name[0] != '\0' ? r->name : "<share_root>",
		r->name[0] != '\0' ? sizeof(f->name) : sizeof("<share_root>"));
	tell_file(s, call, "SMB::FILE_OPEN", f, NULL);
}

void
smb_file_changed(struct smb_session *s, const struct proto_call *call, struct smb_request *r)
{
	struct smb_open_file *f = file_of(s, r->file);
	enum smb_request_kind kind = r->kind;

	r->kind = SMB_NOTHING;
	if (f == NULL)
		return;
	if (kind == SMB_RENAME) {
		tell_file(s, call, "SMB::FILE_RENAME", f, r->name);
		memcpy(f->name, r->name, sizeof(f->name));
	} else {
		tell_file(s, call, "SMB::FILE_DELETE", f, NULL);
		f->deletes = false;
	}
}

void
smb_file_closed(struct smb_session *s, const struct proto_call *call, uint64_t file)
{
	struct smb_open_file *f = file_of(s, file);

	smb_pipe_closed(&s->pipes, call, file);
	if (f == NULL)
		return;
	if (f->deletes)
		tell_file(s, call, "SMB::FILE_DELETE", f, NULL);
	f->name[0] = '\0';
}

void
smb_session_answered(
	struct smb_session *s, const struct proto_call *call, struct cursor blob, uint32_t status)
{
	if (status == STATUS_MORE_PROCESSING)
		gssapi_read(&s->ntlm, call, blob);
	else
		ntlmssp_tell(
			&s->ntlm, call, "smb", status == STATUS_SUCCESS ? TRUTH_YES : TRUTH_NO);
}
