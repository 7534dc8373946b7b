/* smb2.c -- SMB 2 and 3 (MS-SMB2 section 2.2). */
#include "daemon/proto/smb2.h"

#include "daemon/proto/gssapi.h"
#include "daemon/proto/wire_text.h"

enum {
	HEADER_BYTES = 64,
	COMMANDS_MAX = 16, /* in one message; those past it are not read */
	FLAG_RESPONSE = 0x1,
	FLAG_ASYNC = 0x2,
	NEGOTIATE = 0,
	SESSION_SETUP = 1,
	TREE_CONNECT = 3,
	CREATE = 5,
	CLOSE = 6,
	READ = 8,
	WRITE = 9,
	CONTROL = 11,
	SET_INFO = 17,
	OPTION_DELETE_ON_CLOSE = 0x1000,
	INFO_FILE = 1,
	CLASS_RENAME = 10,
	CLASS_DISPOSITION = 13,
	CLASS_DISPOSITION_EX = 64,
	CONTROL_TRANSCEIVE = 0x11c017, /* a pipe is written to, and read */
	STATUS_SUCCESS = 0,
	STATUS_PENDING = 0x103,
};

struct header {
	uint32_t status;
	uint16_t command;
	uint32_t flags, next, tree;
	uint64_t id;
};

static struct header
header_read(struct cursor *c)
{
	struct header h = { 0 };

	(void)cursor_take(c, 4 + 2 + 2); /* what it is, its size, credits */
	h.status = cursor_le32(c);
	h.command = cursor_le16(c);
	(void)cursor_le16(c);
	h.flags = cursor_le32(c);
	h.next = cursor_le32(c);
	h.id = cursor_le64(c);
	(void)cursor_le32(c);
	h.tree = cursor_le32(c);
	(void)cursor_take(c, 8 + 16); /* session, signature */
	return h;
}

/* What lies at an offset from the header. */
static struct cursor
part_of(struct cursor message, uint32_t offset, uint32_t size)
{
	(void)cursor_take(&message, offset);
	return cursor_sub(&message, size);
}

/* The same of what may be cut: as much as there is. */
static struct cursor
beginning_of(struct cursor message, uint32_t offset, uint32_t size)
{
	(void)cursor_take(&message, offset);
	size_t left = cursor_left(&message);
	return cursor_sub(&message, size < left ? size : left);
}

static const char *
dialect_name(uint16_t dialect)
{
	switch (dialect) {
	case 0x0202:
		return "2.0.2";
	case 0x0210:
		return "2.1";
	case 0x0300:
		return "3.0";
	case 0x0302:
		return "3.0.2";
	case 0x0311:
		return "3.1.1";
	case 0x02ff:
		return "2.??";
	default:
		return NULL;
	}
}

static const char *
share_name(uint8_t type)
{
	switch (type) {
	case 1:
		return "DISK";
	case 2:
		return "PIPE";
	case 3:
		return "PRINT";
	default:
		return NULL;
	}
}

/* ---- requests ---- */

static void
setup_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	(void)cursor_take(&c, 2 + 1 + 1 + 4 + 4);
	uint16_t offset = cursor_le16(&c);
	uint16_t size = cursor_le16(&c);

	(void)smb_request_new(s, call, h->id, SMB_SESSION_SETUP);
	gssapi_read(&s->ntlm, call, beginning_of(message, offset, size));
}

static void
tree_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	(void)cursor_take(&c, 2 + 2);
	uint16_t offset = cursor_le16(&c);
	uint16_t size = cursor_le16(&c);
	struct smb_request *r = smb_request_new(s, call, h->id, SMB_TREE_CONNECT);

	(void)wire_text_utf16(r->name, sizeof(r->name), part_of(message, offset, size));
}

static void
create_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	(void)cursor_take(&c, 2 + 1 + 1 + 4 + 8 + 8 + 4 + 4 + 4 + 4);
	uint32_t options = cursor_le32(&c);
	uint16_t offset = cursor_le16(&c);
	uint16_t size = cursor_le16(&c);
	struct smb_request *r = smb_request_new(s, call, h->id, SMB_CREATE);

	r->deletes = (options & OPTION_DELETE_ON_CLOSE) != 0;
	(void)wire_text_utf16(r->name, sizeof(r->name), part_of(message, offset, size));
}

static void
close_asked(struct smb_session *s, const struct proto_call *call, struct cursor c)
{
	(void)cursor_take(&c, 2 + 2 + 4);
	(void)cursor_le64(&c); /* the half of the file's number that lasts */
	uint64_t file = cursor_le64(&c);

	if (!c.short_read)
		smb_file_closed(s, call, file);
}

static void
rename_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	uint64_t file, struct cursor info)
{
	(void)cursor_take(&info, 8 + 8); /* whether it may replace one, a directory */
	struct cursor name = cursor_sub(&info, cursor_le32(&info));

	if (info.short_read)
		return;
	struct smb_request *r = smb_request_new(s, call, h->id, SMB_RENAME);
	r->file = file;
	(void)wire_text_utf16(r->name, sizeof(r->name), name);
}

static void
info_set(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	(void)cursor_le16(&c);
	uint8_t type = cursor_u8(&c);
	uint8_t class = cursor_u8(&c);
	uint32_t size = cursor_le32(&c);
	uint16_t offset = cursor_le16(&c);
	(void)cursor_take(&c, 2 + 4 + 8);
	uint64_t file = cursor_le64(&c);
	struct cursor info = part_of(message, offset, size);

	if (c.short_read || type != INFO_FILE)
		return;
	if (class == CLASS_RENAME)
		rename_asked(s, call, h, file, info);
	else if ((class == CLASS_DISPOSITION || class == CLASS_DISPOSITION_EX) &&
		 (cursor_u8(&info) & 1) != 0)
		smb_request_new(s, call, h->id, SMB_DELETE)->file = file;
}

static void
write_asked(struct smb_session *s, const struct proto_call *call, struct cursor message,
	struct cursor c)
{
	(void)cursor_le16(&c);
	uint16_t offset = cursor_le16(&c);
	uint32_t size = cursor_le32(&c);
	(void)cursor_take(&c, 8 + 8); /* where in the file; the half of its number that lasts */
	uint64_t file = cursor_le64(&c);

	if (!c.short_read)
		smb_pipe_data(&s->pipes, call, file, beginning_of(message, offset, size));
}

static void
read_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor c)
{
	(void)cursor_take(&c, 2 + 1 + 1 + 4 + 8 + 8);
	uint64_t file = cursor_le64(&c);

	if (!c.short_read && smb_pipe_is_open(&s->pipes, file))
		smb_request_new(s, call, h->id, SMB_PIPE_READ)->file = file;
}

/*
 * A pipe is asked and answers in one exchange: both look the same up to what they bring.
 *
 * is_answer  what comes out of the pipe is meant, not what goes in
 */
static void
control_read(struct smb_session *s, const struct proto_call *call, struct cursor message,
	struct cursor c, bool is_answer)
{
	(void)cursor_take(&c, 2 + 2);
	uint32_t code = cursor_le32(&c);
	(void)cursor_le64(&c); /* the half of the file's number that lasts */
	uint64_t file = cursor_le64(&c);
	uint32_t offset = cursor_le32(&c);
	uint32_t size = cursor_le32(&c);

	if (is_answer) {
		offset = cursor_le32(&c);
		size = cursor_le32(&c);
	}
	if (!c.short_read && code == CONTROL_TRANSCEIVE)
		smb_pipe_data(&s->pipes, call, file, beginning_of(message, offset, size));
}

static void
request_read(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	switch (h->command) {
	case SESSION_SETUP:
		setup_asked(s, call, h, message, c);
		break;
	case TREE_CONNECT:
		tree_asked(s, call, h, message, c);
		break;
	case CREATE:
		create_asked(s, call, h, message, c);
		break;
	case CLOSE:
		close_asked(s, call, c);
		break;
	case READ:
		read_asked(s, call, h, c);
		break;
	case WRITE:
		write_asked(s, call, message, c);
		break;
	case CONTROL:
		control_read(s, call, message, c, false);
		break;
	case SET_INFO:
		info_set(s, call, h, message, c);
		break;
	default:
		break;
	}
}

/* ---- answers ---- */

static void
opened(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct smb_request *r, struct cursor c)
{
	struct smb_opened o = { 0 };

	(void)cursor_take(&c, 2 + 1 + 1 + 4);
	o.created_ns = smb_time(cursor_le64(&c));
	o.accessed_ns = smb_time(cursor_le64(&c));
	o.modified_ns = smb_time(cursor_le64(&c));
	o.changed_ns = smb_time(cursor_le64(&c));
	(void)cursor_le64(&c); /* what is allocated */
	o.size = cursor_le64(&c);
	(void)cursor_take(&c, 4 + 4 + 8);
	o.file = cursor_le64(&c);
	if (!c.short_read)
		smb_file_open(s, call, r, h->tree, &o);
}

static void
negotiated(struct smb_session *s, const struct proto_call *call, struct cursor message,
	struct cursor c)
{
	(void)cursor_take(&c, 2 + 2);
	s->dialect = dialect_name(cursor_le16(&c));
	(void)cursor_take(&c, 2 + 16 + 4 + 4 + 4 + 4 + 8 + 8); /* who, what it can, sizes, times */
	uint16_t offset = cursor_le16(&c);
	uint16_t size = cursor_le16(&c);
	gssapi_read(&s->ntlm, call, beginning_of(message, offset, size));
}

/* A pipe's answer that is longer than what was asked for comes with a warning, and is there. */
static void
pipe_answered(struct smb_session *s, const struct proto_call *call, const struct smb_request *r,
	struct cursor message, struct cursor c)
{
	(void)cursor_le16(&c);
	uint8_t offset = cursor_u8(&c);
	(void)cursor_u8(&c);
	uint32_t size = cursor_le32(&c);

	if (!c.short_read)
		smb_pipe_data(&s->pipes, call, r->file, beginning_of(message, offset, size));
}

static void
answer_read(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct cursor message, struct cursor c)
{
	if (h->command == NEGOTIATE) {
		negotiated(s, call, message, c);
		return;
	}
	if (h->command == CONTROL) {
		control_read(s, call, message, c, true);
		return;
	}
	/* What goes on later is answered later. */
	struct smb_request *r = (h->flags & FLAG_ASYNC) == 0 || h->status != STATUS_PENDING
					? smb_request_of(s, h->id)
					: NULL;
	if (r == NULL)
		return;
	bool is_done = h->status == STATUS_SUCCESS;
	enum smb_request_kind kind = r->kind;
	if (kind == SMB_SESSION_SETUP) {
		(void)cursor_take(&c, 2 + 2);
		uint16_t offset = cursor_le16(&c);
		uint16_t size = cursor_le16(&c);
		smb_session_answered(s, call, beginning_of(message, offset, size), h->status);
	} else if (kind == SMB_TREE_CONNECT) {
		(void)cursor_le16(&c);
		smb_tell_tree(
			s, call, r, h->tree, h->status, share_name(cursor_u8(&c)), NULL, NULL);
	} else if (kind == SMB_PIPE_READ) {
		pipe_answered(s, call, r, message, c);
	} else if (kind == SMB_CREATE && is_done) {
		opened(s, call, h, r, c);
	} else if (is_done) {
		smb_file_changed(s, call, r);
	}
	r->kind = SMB_NOTHING;
}

void
smb2_message(struct smb_session *s, const struct proto_call *call, struct cursor message)
{
	for (unsigned i = 0; i < COMMANDS_MAX; i++) {
		struct cursor c = message;
		struct header h = header_read(&c);
		if (c.short_read)
			return;
		if ((h.flags & FLAG_RESPONSE) == 0)
			request_read(s, call, &h, message, c);
		else
			answer_read(s, call, &h, message, c);
		if (h.next < HEADER_BYTES)
			return;
		(void)cursor_take(&message, h.next);
	}
}
