/*
 * dialogue.h -- a log-in as people see it: prompts, what is typed, and what the server says then.
 *
 * Told by turns: what the server's last line is when the client begins to type is a prompt. Of what is
 * typed at a password's prompt nothing is kept. Whether the log-in was good is known by the server's words,
 * or by the prompt that comes next: one for a user again, or one of a shell. Each attempt is told
 * (OBS_LOGIN); after one that was let in nothing more is wanted.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/login.h"

#include <stdbool.h>
#include <stdint.h>

enum { DIALOGUE_LINE_MAX = 120 }; /* of the server's line: the last so many bytes */

/* All zero but `protocol` is one that has not begun. */
struct dialogue {
	const char *protocol; /* a literal */
	uint8_t phase;        /* enum phase of dialogue.c */
	uint8_t escape; /* enum escape: how far into a terminal's command the server's text is */
	bool client_was_cr; /* the client's last byte was a CR */
	bool has_password;  /* one was typed: an answer is due */
	uint8_t line_length;
	uint8_t user_length;
	uint64_t began_ns;
	char line[DIALOGUE_LINE_MAX + 1];
	char user[LOGIN_NAME_MAX];        /* "": not known */
	char client_user[LOGIN_NAME_MAX]; /* "": not told */
};

/* Who wants to be let in is known (`user`): the server may do so at once, or ask for the password. */
void dialogue_begin(struct dialogue *d, const struct proto_call *call);

/* The next byte of either side. returns true when somebody was let in */
bool dialogue_server(struct dialogue *d, const struct proto_call *call, uint8_t byte);
bool dialogue_client(struct dialogue *d, const struct proto_call *call, uint8_t byte);

/* Bytes are missing, of either side: what was awaited may be among them. */
void dialogue_gap(struct dialogue *d);

/* No more comes: an attempt that has no end is told without. */
void dialogue_end(struct dialogue *d, const struct proto_call *call);
