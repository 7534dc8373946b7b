#include "daemon/proto/mail_parts.h"

#include "daemon/proto/http_line.h"
#include "daemon/proto/mime.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <string.h>

enum phase {
	NOT_BEGUN,
	IN_HEADER,
	IN_FILE,
	BETWEEN_PARTS, /* in front of the first part, behind the last, or not known */
	OVER,
};

enum {
	DECODE_MAX = 256, /* bytes that are decoded at a time */
	/* "--", boundary, "--", CR, and some white space that mailers add */
	BOUNDARY_LINE_MAX = MAIL_BOUNDARY_MAX + 16,
};

static const uint8_t line_ends[3][2] = { "", "\n", "\r\n" };

/* ---- the bytes of a file ---- */

static void
file_bytes(struct mail_parts *p, const struct proto_call *call, const uint8_t *bytes, size_t size)
{
	if (size == 0)
		return;
	if (!p->file.is_open)
		carried_begin(&p->file, call, TRANSACTION_UNSET, p->serial++);
	carried_bytes(&p->file, call, cursor_over(bytes, size));
}

static void
decode(struct mail_parts *p, const struct proto_call *call, const uint8_t *bytes, size_t size)
{
	uint8_t plain[DECODE_MAX + MAIL_CODE_HELD_MAX];

	while (size > 0) {
		size_t some = size < DECODE_MAX ? size : DECODE_MAX;
		file_bytes(p, call, plain, mail_decode(&p->decoder, bytes, some, plain));
		bytes += some;
		size -= some;
	}
}

/* The last line was followed by no boundary: its end is the file's. */
static void
keep_line_end(struct mail_parts *p, const struct proto_call *call)
{
	uint8_t plain[2 + MAIL_CODE_HELD_MAX];

	if (p->line_end > 0 && p->phase == IN_FILE)
		file_bytes(p, call, plain,
			mail_decode_end(&p->decoder, line_ends[p->line_end], p->line_end, plain));
	p->line_end = 0;
}

/* Bytes of a line, without the LF: a CR at their end may belong to that. */
static void
line_bytes(struct mail_parts *p, const struct proto_call *call, const uint8_t *bytes, size_t size)
{
	if (size == 0 || p->phase != IN_FILE)
		return;
	keep_line_end(p, call);
	if (p->has_cr)
		decode(p, call, line_ends[2], 1);
	p->has_cr = bytes[size - 1] == '\r';
	decode(p, call, bytes, size - p->has_cr);
}

static void
file_end(struct mail_parts *p, const struct proto_call *call)
{
	const struct carried_about about = {
		.source = "SMTP",
		.depth = p->count,
		.mime_type = mime_of_content(carried_head(&p->file)),
		.filename = wire_text_or_null(p->filename),
	};

	p->line_end = 0;
	p->has_cr = false;
	if (!p->file.is_open)
		return;
	if (p->fuid_count < MAIL_FUIDS_MAX)
		memcpy(p->fuids[p->fuid_count++], p->file.fuid, FILE_UID_MAX);
	carried_end(&p->file, call, &about);
}

/* ---- headers ---- */

static void
part_begin(struct mail_parts *p)
{
	p->phase = p->count < MAIL_PARTS_MAX ? IN_HEADER : OVER;
	if (p->phase == IN_HEADER)
		p->count++;
	p->held = 0;
	p->is_ended = p->is_multipart = p->is_message = false;
	p->decoder = (struct mail_decoder){ 0 };
	p->filename[0] = '\0';
}

static void
content_type(struct mail_parts *p, struct cursor value)
{
	struct cursor rest = value;
	struct cursor type = http_trim(http_split(&rest, ';'));
	struct cursor text;

	if (p->filename[0] == '\0' && http_parameter(value, "name", &text))
		(void)wire_text(p->filename, sizeof(p->filename), text);
	p->is_message = http_is(type, "message/rfc822");
	p->is_multipart = http_begins(type, "multipart/") && p->levels < MAIL_LEVELS_MAX &&
			  http_parameter(value, "boundary", &text) && cursor_left(&text) > 0 &&
			  cursor_left(&text) <= MAIL_BOUNDARY_MAX;
	if (p->is_multipart)
		(void)wire_text(p->boundary[p->levels], sizeof(p->boundary[0]), text);
}

static void
header_line(struct mail_parts *p)
{
	struct cursor name;
	struct cursor value;
	struct cursor text;

	if (!http_header_line(cursor_over(p->line, p->held), &name, &value))
		return;
	if (http_is(name, "Content-Type"))
		content_type(p, value);
	else if (http_is(name, "Content-Transfer-Encoding"))
		p->decoder.code = http_is(value, "base64")             ? MAIL_CODE_BASE64
				  : http_is(value, "quoted-printable") ? MAIL_CODE_QUOTED
								       : MAIL_CODE_NONE;
	else if (http_is(name, "Content-Disposition") && http_parameter(value, "filename", &text))
		(void)wire_text(p->filename, sizeof(p->filename), text);
}

/* A multipart or a mail has parts of its own; all else is a file. */
static void
header_end(struct mail_parts *p)
{
	p->held = 0;
	p->is_in_line = false;
	p->phase = p->is_multipart ? BETWEEN_PARTS : IN_FILE;
	if (p->is_multipart)
		p->levels++;
	if (p->is_message && p->decoder.code == MAIL_CODE_NONE)
		part_begin(p);
}

static void
header_byte(struct mail_parts *p, uint8_t byte)
{
	if (p->is_ended) {
		p->is_ended = false;
		if (byte != ' ' && byte != '\t') {
			header_line(p);
			p->held = 0;
		}
	}
	if (byte != '\n') {
		p->line[p->held] = (char)byte;
		if (p->held + 1U < sizeof(p->line))
			p->held++;
		return;
	}
	if (p->held > 0 && p->line[p->held - 1] == '\r')
		p->held--;
	p->is_ended = p->held > 0;
	if (!p->is_ended)
		header_end(p);
}

/* ---- lines that may be a boundary ---- */

/* A boundary: of which multipart, counted from the outermost, and whether no part of it follows. */
struct boundary {
	size_t level;
	bool is_last;
};

/* Is the line that is held, without its LF, a boundary? */
static bool
is_boundary(const struct mail_parts *p, struct boundary *ret_boundary)
{
	struct cursor line = http_trim(cursor_over(p->line, p->held));

	if (!http_begins(line, "--"))
		return false;
	(void)cursor_take(&line, 2);
	for (size_t i = p->levels; i-- > 0;) {
		struct cursor behind = line;
		size_t size = strlen(p->boundary[i]);
		const uint8_t *at = cursor_take(&behind, size);
		if (at == NULL || memcmp(at, p->boundary[i], size) != 0)
			continue;
		*ret_boundary = (struct boundary){ i, http_is(behind, "--") };
		if (ret_boundary->is_last || cursor_left(&behind) == 0)
			return true;
	}
	return false;
}

/* What was held is known to be no boundary. */
static void
let_go(struct mail_parts *p, const struct proto_call *call)
{
	line_bytes(p, call, (const uint8_t *)p->line, p->held);
	p->held = 0;
	p->is_in_line = true;
}

/* The line ended. */
static void
line_over(struct mail_parts *p, const struct proto_call *call)
{
	struct boundary b;

	if (!p->is_in_line && is_boundary(p, &b)) {
		file_end(p, call);
		p->held = 0;
		p->levels = (uint8_t)(b.level + !b.is_last);
		p->phase = BETWEEN_PARTS;
		if (!b.is_last)
			part_begin(p);
		return;
	}
	let_go(p, call);
	keep_line_end(p, call);
	p->line_end = p->has_cr ? 2 : 1;
	p->has_cr = p->is_in_line = false;
}

/* Hold the beginning of a line as long as it may be a boundary. */
static void
hold(struct mail_parts *p, const struct proto_call *call, uint8_t byte)
{
	p->line[p->held++] = (char)byte;
	if (p->levels == 0 || p->held == BOUNDARY_LINE_MAX || (p->held <= 2 && byte != '-'))
		let_go(p, call);
}

static void
body_bytes(struct mail_parts *p, const struct proto_call *call, struct cursor *bytes)
{
	if (p->is_in_line) {
		const uint8_t *end = memchr(bytes->at, '\n', cursor_left(bytes));
		size_t size = end != NULL ? (size_t)(end - bytes->at) : cursor_left(bytes);
		line_bytes(p, call, cursor_take(bytes, size), size);
		if (end == NULL)
			return;
	}
	uint8_t byte = cursor_u8(bytes);
	if (byte == '\n')
		line_over(p, call);
	else
		hold(p, call, byte);
}

void
mail_parts_read(struct mail_parts *p, const struct proto_call *call, struct cursor bytes)
{
	if (p->phase == NOT_BEGUN)
		part_begin(p);
	while (cursor_left(&bytes) > 0 && p->phase != OVER) {
		if (p->phase == IN_HEADER)
			header_byte(p, cursor_u8(&bytes));
		else
			body_bytes(p, call, &bytes);
	}
}

void
mail_parts_gap(struct mail_parts *p, const struct proto_call *call, uint32_t missing)
{
	if (p->phase == IN_FILE) {
		if (!p->file.is_open)
			carried_begin(&p->file, call, TRANSACTION_UNSET, p->serial++);
		carried_gap(&p->file, missing);
	} else if (p->phase != OVER) {
		p->phase = BETWEEN_PARTS;
	}
	p->held = p->line_end = 0;
	p->has_cr = false;
	p->decoder.count = 0;
	p->is_in_line = true;
}

void
mail_parts_end(struct mail_parts *p, const struct proto_call *call)
{
	struct boundary b;

	if (p->phase == IN_FILE && !is_boundary(p, &b)) {
		let_go(p, call);
		keep_line_end(p, call);
		if (p->has_cr)
			decode(p, call, line_ends[2], 1);
	}
	file_end(p, call);
	p->phase = OVER;
}

void
mail_parts_forget(struct mail_parts *p)
{
	uint32_t serial = p->serial;

	memset(p, 0, sizeof(*p));
	p->serial = serial;
}
