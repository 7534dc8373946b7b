/*
 * smtp_input.h -- a mail among the client's commands: behind DATA to a line of one dot (RFC 5321 section
 * 4.5.2), or in chunks of told sizes behind BDAT (RFC 3030).
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/smtp_message.h"

#include <stdbool.h>
#include <stdint.h>

enum smtp_input_kind {
	SMTP_INPUT_NONE, /* the next bytes are a command */
	SMTP_INPUT_DATA,
	SMTP_INPUT_CHUNK,
};

/* All zero is none. */
struct smtp_input {
	uint8_t kind;        /* enum smtp_input_kind */
	uint8_t dot;         /* enum dot of smtp_input.c */
	bool is_last;        /* no chunk follows this one */
	uint64_t chunk_left; /* bytes */
};

/* The client's next bytes are a mail. */
void smtp_input_begin_data(struct smtp_input *i);

/* The same of one chunk. arg: what follows BDAT. returns false when it is no size */
bool smtp_input_begin_chunk(struct smtp_input *i, const char *arg);

/* Hand on what there is of it. returns true when DATA has come to its end, and commands follow */
bool smtp_input_take(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	struct cursor *bytes);

/* So many bytes of it are missing. returns false when its end may be among them */
bool smtp_input_gap(struct smtp_input *i, struct smtp_message *m, const struct proto_call *call,
	uint32_t missing);
