#include "daemon/proto/http_body.h"

#include "daemon/base/number_text.h"
#include "daemon/proto/http_line.h"

enum { CHUNK_DIGITS_MAX = 15 };

void
http_body_begin(struct http_body *b, enum http_framing framing, uint64_t length)
{
	*b = (struct http_body){ .framing = framing };
	if (framing == HTTP_FRAMING_LENGTH) {
		b->left = length;
		b->is_over = length == 0;
	}
}

static void
break_off(struct http_body *b)
{
	b->is_over = b->is_broken = true;
}

/* The line with a chunk's size is over. */
static void
size_end(struct http_body *b)
{
	b->part = b->left > 0 ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
	b->line_bytes = 0;
}

static void
size_byte(struct http_body *b, uint8_t byte)
{
	unsigned value = number_text_hex_digit((char)byte);

	if (value < 16) {
		b->left = b->left << 4 | value;
		if (b->left != 0 || b->line_bytes == 0) /* zeros in front are free */
			b->line_bytes++;
		if (b->line_bytes > CHUNK_DIGITS_MAX)
			break_off(b);
	} else if (b->line_bytes == 0) {
		if (byte != ' ' && byte != '\t')
			break_off(b);
		b->is_odd = true;
	} else if (byte == '\n') {
		size_end(b);
	} else {
		b->is_odd |= byte != ';' && byte != '\r' && byte != ' ' && byte != '\t';
		b->part = HTTP_CHUNK_EXTENSION;
	}
}

/* One byte that is not data. */
static void
chunk_byte(struct http_body *b, uint8_t byte)
{
	switch (b->part) {
	case HTTP_CHUNK_SIZE:
		size_byte(b, byte);
		break;
	case HTTP_CHUNK_EXTENSION:
		if (byte == '\n')
			size_end(b);
		break;
	case HTTP_CHUNK_END:
		if (byte == '\n')
			b->part = HTTP_CHUNK_SIZE;
		else if (byte != '\r')
			break_off(b);
		break;
	case HTTP_CHUNK_TRAILER:
		if (byte == '\n') {
			b->is_over = b->line_bytes == 0;
			b->line_bytes = 0;
		} else if (byte != '\r') {
			b->line_bytes = 1;
		}
		break;
	case HTTP_CHUNK_DATA:
		break;
	}
}

static void
data_passed(struct http_body *b, uint64_t size)
{
	if (b->framing == HTTP_FRAMING_CLOSE)
		return;
	b->left -= size;
	if (b->left > 0)
		return;
	b->is_over = b->framing == HTTP_FRAMING_LENGTH;
	b->part = HTTP_CHUNK_END;
}

struct cursor
http_body_next(struct http_body *b, struct cursor *bytes)
{
	while (b->framing == HTTP_FRAMING_CHUNKED && b->part != HTTP_CHUNK_DATA && !b->is_over &&
		cursor_left(bytes) > 0)
		chunk_byte(b, cursor_u8(bytes));

	uint64_t size = cursor_left(bytes);
	if (b->is_over || (b->framing == HTTP_FRAMING_CHUNKED && b->part != HTTP_CHUNK_DATA))
		size = 0;
	else if (b->framing != HTTP_FRAMING_CLOSE && size > b->left)
		size = b->left;
	struct cursor data = cursor_sub(bytes, (size_t)size);
	if (size > 0)
		data_passed(b, size);
	return data;
}

uint64_t
http_body_gap(struct http_body *b, uint64_t missing)
{
	bool is_data = b->framing != HTTP_FRAMING_CHUNKED || b->part == HTTP_CHUNK_DATA;
	uint64_t most = !is_data ? 0 : b->framing == HTTP_FRAMING_CLOSE ? missing : b->left;
	uint64_t data = missing < most ? missing : most;

	if (data > 0)
		data_passed(b, data);
	b->is_over |= data < missing;
	return data;
}
