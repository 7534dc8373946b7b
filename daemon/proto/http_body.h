/*
 * http_body.h -- where a message's body ends (RFC 9112 sections 6 and 7), and what of the bytes is it.
 *
 * Nothing is gathered: chunk sizes and trailers are read byte by byte, data is handed on where it lies.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

enum http_framing {
	HTTP_FRAMING_LENGTH, /* so many bytes */
	HTTP_FRAMING_CHUNKED,
	HTTP_FRAMING_CLOSE, /* until its sender closes */
};

enum http_chunk_part {
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_EXTENSION, /* the rest of the size's line */
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_END,     /* the end of line behind the data */
	HTTP_CHUNK_TRAILER, /* lines, until an empty one */
};

struct http_body {
	enum http_framing framing;
	enum http_chunk_part part;
	uint64_t left;       /* of the body, or of the chunk */
	uint16_t line_bytes; /* of the size's digits, or of the trailer's line */
	bool is_over;
	bool is_odd;    /* a chunk's size has other things around it: hosts differ on what it is */
	bool is_broken; /* a chunk's size is none: nobody knows where it ends; it is over then */
};

/* length  of HTTP_FRAMING_LENGTH; 0: the body is over at once */
void http_body_begin(struct http_body *b, enum http_framing framing, uint64_t length);
/*
 * Move `bytes` on to where the next data ends.
 *
 * returns  the data, empty when there was none; ask again while there are bytes and the body is not over
 */
struct cursor http_body_next(struct http_body *b, struct cursor *bytes);
/*
 * So many bytes are missing.
 *
 * returns  how many of them were data; when that is not all, the body is over and nobody knows what
 *          comes next
 */
uint64_t http_body_gap(struct http_body *b, uint64_t missing);
