/* smb1.c -- SMB 1 (MS-CIFS section 2.2, MS-SMB). */
#include "daemon/proto/smb1.h"

#include "daemon/proto/gssapi.h"
#include "daemon/proto/wire_text.h"

#include <string.h>

enum {
	NEGOTIATE = 0x72,
	SESSION_SETUP = 0x73,
	TREE_CONNECT = 0x75,
	NT_CREATE = 0xa2,
	CLOSE = 0x04,
	FLAG_REPLY = 0x80,
	FLAG2_UNICODE = 0x8000,
	COMMANDS_MAX = 4, /* that follow each other in one message */
	OPTION_DELETE_ON_CLOSE = 0x1000,
	STATUS_SUCCESS = 0,
	SETUP_WORDS = 12, /* of a session's set-up that carries a blob */
	TREE_WORDS = 4,
	CREATE_WORDS = 24,
};

struct header {
	uint8_t command;
	uint32_t status;
	bool is_reply, is_unicode;
	uint16_t tree, id;
};

/* A command of a message. */
struct command {
	struct cursor message; /* from its header on: offsets and padding count from there */
	uint8_t word_count;
	struct cursor words, bytes;
};

static struct header
header_read(struct cursor *c)
{
	struct header h = { 0 };

	(void)cursor_le32(c); /* what it is */
	h.command = cursor_u8(c);
	h.status = cursor_le32(c);
	h.is_reply = (cursor_u8(c) & FLAG_REPLY) != 0;
	h.is_unicode = (cursor_le16(c) & FLAG2_UNICODE) != 0;
	(void)cursor_take(c, 2 + 8 + 2); /* process, signature, reserved */
	h.tree = cursor_le16(c);
	(void)cursor_take(c, 2 + 2); /* process, user */
	h.id = cursor_le16(c);
	return h;
}

/* Move `c` to where two-byte characters begin: at an even offset of the message. */
static void
align(const struct command *k, struct cursor *c)
{
	if (cursor_left(c) > 0 && (c->at - k->message.at) % 2 != 0)
		(void)cursor_u8(c);
}

/* Read a text that a NUL ends; `c` moves past it. */
static void
text_read(const struct command *k, struct cursor *c, bool is_unicode, char *ret_text, size_t room)
{
	struct cursor text;

	if (is_unicode) {
		align(k, c);
		text = *c;
		size_t size = 0;
		while (cursor_left(c) > 1 && cursor_le16(c) != 0)
			size += 2;
		(void)wire_text_utf16(ret_text, room, cursor_sub(&text, size));
		return;
	}
	text = *c;
	size_t size = 0;
	while (cursor_left(c) > 0 && cursor_u8(c) != 0)
		size++;
	(void)wire_text(ret_text, room, cursor_sub(&text, size));
}

static void
dialects_read(struct smb_session *s, struct cursor c)
{
	static const char nt[] = "\002NT LM 0.12";

	s->dialects_offered = 0;
	for (uint16_t i = 1; cursor_left(&c) > 0; i++) {
		const uint8_t *nul = memchr(c.at, 0, cursor_left(&c));
		if (nul == NULL)
			return;
		const uint8_t *name = cursor_take(&c, (size_t)(nul - c.at) + 1);
		if ((size_t)(c.at - name) == sizeof(nt) && memcmp(name, nt, sizeof(nt)) == 0)
			s->dialects_offered = i;
	}
}

/* ---- requests ---- */

static void
setup_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct command *k)
{
	(void)smb_request_new(s, call, h->id, SMB_SESSION_SETUP);
	if (k->word_count != SETUP_WORDS)
		return;
	(void)cursor_take(&k->words, 4 + 2 + 2 + 2 + 4); /* the next one, sizes, a key */
	gssapi_read(&s->ntlm, call, cursor_sub(&k->bytes, cursor_le16(&k->words)));
}

static void
tree_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct command *k)
{
	if (k->word_count != TREE_WORDS)
		return;
	(void)cursor_take(&k->words, 4 + 2);
	(void)cursor_take(&k->bytes, cursor_le16(&k->words)); /* the password */
	struct smb_request *r = smb_request_new(s, call, h->id, SMB_TREE_CONNECT);
	text_read(k, &k->bytes, h->is_unicode, r->name, sizeof(r->name));
}

static void
create_asked(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct command *k)
{
	if (k->word_count != CREATE_WORDS)
		return;
	(void)cursor_take(&k->words, 4 + 1 + 2 + 4 + 4 + 4 + 8 + 4 + 4 + 4);
	uint32_t options = cursor_le32(&k->words);
	struct smb_request *r = smb_request_new(s, call, h->id, SMB_CREATE);
	r->deletes = (options & OPTION_DELETE_ON_CLOSE) != 0;
	text_read(k, &k->bytes, h->is_unicode, r->name, sizeof(r->name));
}

static void
request_read(struct smb_session *s, const struct proto_call *call, const struct header *h,
	uint8_t command, struct command *k)
{
	switch (command) {
	case NEGOTIATE:
		dialects_read(s, k->bytes);
		break;
	case SESSION_SETUP:
		setup_asked(s, call, h, k);
		break;
	case TREE_CONNECT:
		tree_asked(s, call, h, k);
		break;
	case NT_CREATE:
		create_asked(s, call, h, k);
		break;
	case CLOSE:
		smb_file_closed(s, call, cursor_le16(&k->words));
		break;
	default:
		break;
	}
}

/* ---- answers ---- */

static void
tree_answered(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct smb_request *r, struct command *k)
{
	char service[16] = "";
	char file_system[32] = "";
	const char *type = "DISK";

	text_read(k, &k->bytes, /* is_unicode= */ false, service, sizeof(service));
	text_read(k, &k->bytes, h->is_unicode, file_system, sizeof(file_system));
	if (strcmp(service, "IPC") == 0)
		type = "PIPE";
	else if (strcmp(service, "LPT1:") == 0)
		type = "PRINT";
	smb_tell_tree(s, call, r, h->tree, h->status, type, wire_text_or_null(service),
		wire_text_or_null(file_system));
}

static void
opened(struct smb_session *s, const struct proto_call *call, const struct header *h,
	struct smb_request *r, struct cursor c)
{
	struct smb_opened o = { 0 };

	(void)cursor_take(&c, 4 + 1);
	o.file = cursor_le16(&c);
	(void)cursor_le32(&c); /* what was done */
	o.created_ns = smb_time(cursor_le64(&c));
	o.accessed_ns = smb_time(cursor_le64(&c));
	o.modified_ns = smb_time(cursor_le64(&c));
	o.changed_ns = smb_time(cursor_le64(&c));
	(void)cursor_take(&c, 4 + 8); /* attributes, what is allocated */
	o.size = cursor_le64(&c);
	if (!c.short_read)
		smb_file_open(s, call, r, h->tree, &o);
}

static void
negotiated(struct smb_session *s, const struct proto_call *call, struct command *k)
{
	if (cursor_le16(&k->words) + 1 == s->dialects_offered && !k->words.short_read)
		s->dialect = "NT LM 0.12";
	(void)cursor_take(&k->bytes, 16); /* who it is, where a blob follows */
	gssapi_read(&s->ntlm, call, k->bytes);
}

static void
answer_read(struct smb_session *s, const struct proto_call *call, const struct header *h,
	uint8_t command, struct command *k)
{
	if (command == NEGOTIATE) {
		negotiated(s, call, k);
		return;
	}
	struct smb_request *r = smb_request_of(s, h->id);
	if (command == SESSION_SETUP && r != NULL) {
		(void)cursor_take(&k->words, 4 + 2);
		smb_session_answered(
			s, call, cursor_sub(&k->bytes, cursor_le16(&k->words)), h->status);
		if (r->kind == SMB_SESSION_SETUP)
			r->kind = SMB_NOTHING;
		return;
	}
	if (r == NULL)
		return;
	if (command == TREE_CONNECT && r->kind == SMB_TREE_CONNECT)
		tree_answered(s, call, h, r, k);
	else if (command == NT_CREATE && r->kind == SMB_CREATE && h->status == STATUS_SUCCESS)
		opened(s, call, h, r, k->words);
	r->kind = SMB_NOTHING;
}

/* Whether a command's first word is the command that follows it. */
static bool
has_next(uint8_t command)
{
	return command == SESSION_SETUP || command == TREE_CONNECT || command == NT_CREATE;
}

void
smb1_message(struct smb_session *s, const struct proto_call *call, struct cursor message)
{
	struct cursor c = message;
	struct header h = header_read(&c);
	uint8_t command = h.command;

	for (unsigned i = 0; i < COMMANDS_MAX; i++) {
		struct command k = { .message = message, .word_count = cursor_u8(&c) };
		k.words = cursor_sub(&c, sizeof(uint16_t) * k.word_count);
		size_t size = cursor_le16(&c);
		if (c.short_read)
			return;
		k.bytes = cursor_sub(&c, size < cursor_left(&c) ? size : cursor_left(&c));
		struct cursor words = k.words;
		if (h.is_reply)
			answer_read(s, call, &h, command, &k);
		else
			request_read(s, call, &h, command, &k);
		if (!has_next(command))
			return;
		command = cursor_u8(&words);
		(void)cursor_u8(&words);
		uint16_t offset = cursor_le16(&words);
		c = message;
		(void)cursor_take(&c, offset);
		if (words.short_read || offset == 0 || command == 0xff)
			return;
	}
}
