/*
 * telnet.c -- log-ins by telnet (RFC 854).
 *
 * Recognised by the options that either side begins to negotiate; at telnet's ports also by a prompt for a
 * user, since many small servers negotiate nothing. Commands and options are taken out, what is left is
 * read as a dialogue (dialogue.h). Nothing is read after somebody was let in.
 */
#include "daemon/proto/dialogue.h"
#include "daemon/proto/lines.h"

#include <netinet/in.h>

enum {
	SE = 240, /* RFC 854, "TELNET COMMANDS" */
	SB = 250,
	WILL = 251,
	DONT = 254,
	IAC = 255,
	OPTION_MAX = 49, /* the last that was given out one by one (IANA telnet-options) */
	PORT_TELNET = 23,
	PORT_TELNET_TOO = 2323, /* where devices have it that are reached from outside */
};

/* Where in a side's bytes the next one is. */
enum at {
	AT_TEXT,
	AT_COMMAND,     /* behind IAC */
	AT_OPTION,      /* behind WILL, WON'T, DO or DON'T */
	AT_SUB,         /* within a subnegotiation */
	AT_SUB_COMMAND, /* behind IAC in it */
};

struct state {
	uint8_t at[2]; /* enum at; the originator's, the responder's */
	struct dialogue dialogue;
};

/* Take the byte if it is no text. returns true when it is text */
static bool
is_text(uint8_t *at, uint8_t byte)
{
	switch ((enum at) * at) {
	case AT_TEXT:
		if (byte != IAC)
			return true;
		*at = AT_COMMAND;
		return false;
	case AT_COMMAND:
		*at = byte == SB ? AT_SUB : byte >= WILL && byte <= DONT ? AT_OPTION : AT_TEXT;
		return byte == IAC;
	case AT_OPTION:
		*at = AT_TEXT;
		return false;
	case AT_SUB:
		if (byte == IAC)
			*at = AT_SUB_COMMAND;
		return false;
	case AT_SUB_COMMAND:
		*at = byte == SE ? AT_TEXT : AT_SUB;
		return false;
	}
	return false;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct dialogue *d = &s->dialogue;

	d->protocol = "telnet";
	while (cursor_left(&bytes) > 0) {
		uint8_t byte = cursor_u8(&bytes);
		if (is_text(&s->at[!call->from_orig], byte) &&
			(call->from_orig ? dialogue_client(d, call, byte)
					 : dialogue_server(d, call, byte)))
			return PROTO_DONE;
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	s->at[!call->from_orig] = AT_TEXT;
	dialogue_gap(&s->dialogue);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	dialogue_end(&s->dialogue, call);
}

/* One option, and behind it nothing, another command, or text. */
static enum proto_guess
guess_options(struct cursor first_bytes)
{
	size_t there = cursor_left(&first_bytes);

	if (there >= 1 && cursor_u8(&first_bytes) != IAC)
		return PROTO_NO;
	uint8_t command = cursor_u8(&first_bytes);
	if (there >= 2 && (command < WILL || command > DONT))
		return PROTO_NO;
	if (there < 3)
		return PROTO_PERHAPS;
	if (cursor_u8(&first_bytes) > OPTION_MAX)
		return PROTO_NO;
	uint8_t next = cursor_u8(&first_bytes);
	bool is_telnet = there == 3 || next == IAC || next == '\r' || next == '\n' ||
			 (next >= ' ' && next < 0x7f);
	return is_telnet ? PROTO_YES : PROTO_NO;
}

/* A text with a prompt for a user in it. */
static enum proto_guess
guess_prompt(struct cursor first_bytes)
{
	static const char *const prompts[] = { "LOGIN:", "USERNAME:", "USER:" };
	struct lines lines = { 0 };

	while (lines_next(&lines, &first_bytes))
		;
	if (lines.is_ended)
		return PROTO_PERHAPS;
	lines.text[lines.length] = '\0';
	for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++)
		if (line_contains(lines.text, prompts[i]))
			return PROTO_YES;
	return PROTO_PERHAPS;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	enum proto_guess guess = guess_options(first_bytes);

	if (guess != PROTO_NO ||
		(call->src_port != PORT_TELNET && call->src_port != PORT_TELNET_TOO))
		return guess;
	return guess_prompt(first_bytes);
}

const struct protocol protocol_telnet = {
	.name = "telnet",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
