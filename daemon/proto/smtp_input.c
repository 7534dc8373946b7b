#include "daemon/proto/smtp_input.h"

#include "daemon/proto/lines.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_DIGITS_MAX = 18 }; /* of a size: what is longer, no server takes */

/* Where in a line of DATA the next byte is. */
enum dot {
	DOT_LINE_START,
	DOT_ALONE,  /* a dot began the line */
	DOT_AND_CR, /* and a CR came behind it */
	DOT_IN_LINE,
};

void
smtp_input_begin_data(struct smtp_input *i)
{
	i->kind = SMTP_INPUT_DATA;
	i->dot = DOT_LINE_START;
}

bool
smtp_input_begin_chunk(struct smtp_input *i, const char *arg)
{
	size_t digits = strspn(arg, "0123456789");

	if (digits == 0 || digits > CHUNK_DIGITS_MAX)
		return false;
	i->is_last = line_begins(arg + digits + strspn(arg + digits, " "), "LAST");
	i->chunk_left = strtoull(arg, NULL, 10);
	i->kind = i->chunk_left > 0 ? SMTP_INPUT_CHUNK : SMTP_INPUT_NONE;
	return true;
}

/* Pass the rest of a line on. */
static void
take_line(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	struct cursor *bytes)
{
	const uint8_t *end = memchr(bytes->at, '\n', cursor_left(bytes));
	size_t size = end != NULL ? (size_t)(end - bytes->at) + 1 : cursor_left(bytes);

	smtp_message_read(m, call, cursor_sub(bytes, size));
	i->dot = end != NULL ? DOT_LINE_START : DOT_IN_LINE;
}

/* A line that is one dot ends the mail; another that begins with a dot was given that for the journey. */
static bool
take_data(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	struct cursor *bytes)
{
	struct cursor rest = *bytes;
	uint8_t b = cursor_u8(&rest);

	if (i->dot == DOT_LINE_START && b == '.') {
		i->dot = DOT_ALONE;
	} else if (i->dot == DOT_ALONE && b == '\r') {
		i->dot = DOT_AND_CR;
	} else if (i->dot == DOT_AND_CR && b == '\n') {
		i->kind = SMTP_INPUT_NONE;
	} else {
		take_line(i, m, call, bytes);
		return false;
	}
	*bytes = rest;
	return i->kind == SMTP_INPUT_NONE;
}

static void
take_chunk(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	struct cursor *bytes)
{
	size_t left = cursor_left(bytes);
	size_t size = i->chunk_left < left ? (size_t)i->chunk_left : left;

	smtp_message_read(m, call, cursor_sub(bytes, size));
	i->chunk_left -= size;
	if (i->chunk_left == 0)
		i->kind = SMTP_INPUT_NONE;
}

bool
smtp_input_take(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	struct cursor *bytes)
{
	while (i->kind != SMTP_INPUT_NONE && cursor_left(bytes) > 0) {
		if (i->kind == SMTP_INPUT_CHUNK)
			take_chunk(i, m, call, bytes);
		else if (take_data(i, m, call, bytes))
			return true;
	}
	return false;
}

bool
smtp_input_gap(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	uint32_t missing)
{
	if (i->kind != SMTP_INPUT_NONE)
		smtp_message_gap(m, call, missing);
	i->dot = DOT_IN_LINE;
	if (i->kind == SMTP_INPUT_CHUNK && missing <= i->chunk_left) {
		i->chunk_left -= missing;
		if (i->chunk_left == 0)
			i->kind = SMTP_INPUT_NONE;
		return true;
	}
	if (i->kind == SMTP_INPUT_CHUNK)
		i->kind = SMTP_INPUT_NONE;
	return i->kind == SMTP_INPUT_DATA;
}
