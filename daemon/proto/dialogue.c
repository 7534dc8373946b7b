#include "daemon/proto/dialogue.h"

#include "daemon/proto/lines.h"
#include "daemon/proto/tell_login.h"
#include "daemon/proto/wire_text.h"

#include <string.h>

enum phase {
	PHASE_WATCH,    /* no prompt was answered yet */
	PHASE_USER,     /* a user's name is being typed */
	PHASE_PASSWORD, /* a password is being typed */
	PHASE_JUDGE,    /* the server has to say something */
};

enum escape {
	ESCAPE_NONE,
	ESCAPE_BEGUN, /* ESC came */
	ESCAPE_IN,    /* ESC [ came: it ends with a letter (ECMA-48 section 5.4) */
};

enum prompt {
	PROMPT_NONE, /* an empty line */
	PROMPT_USER,
	PROMPT_PASSWORD,
	PROMPT_SHELL,
	PROMPT_OTHER,
};

enum {
	BACKSPACE = 0x08,
	ESC = 0x1b,
	DELETE = 0x7f,
};

static bool
contains_any(const char *line, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (line_contains(line, words[i]))
			return true;
	return false;
}

/* What the server's line is, if the client begins to type behind it. */
static enum prompt
prompt_of(const struct dialogue *d)
{
	static const char *const users[] = { "LOGIN", "USER", "ACCOUNT", "NAME" };
	size_t length = d->line_length;

	while (length > 0 && d->line[length - 1] == ' ')
		length--;
	if (length == 0)
		return PROMPT_NONE;
	char last = d->line[length - 1];
	if (last != ':')
		return strchr("$#>%", last) != NULL ? PROMPT_SHELL : PROMPT_OTHER;
	if (line_contains(d->line, "PASS"))
		return PROMPT_PASSWORD;
	return contains_any(d->line, users, sizeof(users) / sizeof(users[0])) ? PROMPT_USER
									      : PROMPT_OTHER;
}

/* What a line of the server's says about a log-in. Greetings may come before the password is asked for. */
static enum truth
words_of(const struct dialogue *d)
{
	/* Some tell of earlier attempts, and so of a good one now. */
	static const char *const in[] = { "LAST LOGIN", "LAST FAILED LOGIN",
		"LAST SUCCESSFUL LOGIN" };
	static const char *const no[] = { "INCORRECT", "INVALID", "DENIED", "FAILED", "FAILURE",
		"BAD PASSWORD", "REFUSED", "REJECTED", "NOT ALLOWED", "UNKNOWN USER", "TRY AGAIN" };
	static const char *const greetings[] = { "WELCOME", "LOGGED IN", "SUCCESSFULLY" };

	if (contains_any(d->line, in, sizeof(in) / sizeof(in[0])))
		return TRUTH_YES;
	if (contains_any(d->line, no, sizeof(no) / sizeof(no[0])))
		return TRUTH_NO;
	if (d->has_password &&
		contains_any(d->line, greetings, sizeof(greetings) / sizeof(greetings[0])))
		return TRUTH_YES;
	return TRUTH_UNKNOWN;
}

/* Tell how an attempt came out. returns true when somebody was let in */
static bool
tell(struct dialogue *d, const struct proto_call *call, enum truth success, const char *known_by)
{
	bool is_confused = success == TRUTH_UNKNOWN && known_by != NULL;
	const struct obs_login login = {
		.protocol = d->protocol,
		.user = wire_text_or_null(d->user),
		.client_user = wire_text_or_null(d->client_user),
		.success = success,
		.confused = is_confused ? TRUTH_YES : TRUTH_NO,
		.method = d->has_password ? "password" : NULL,
		.known_by = known_by,
	};

	d->phase = PHASE_WATCH;
	d->has_password = false;
	tell_login(call, &login, d->began_ns);
	return success == TRUTH_YES;
}

/* An answer is due, and the client speaks again behind this prompt. */
static bool
judge(struct dialogue *d, const struct proto_call *call, enum prompt prompt)
{
	if (prompt == PROMPT_SHELL)
		return tell(d, call, TRUTH_YES, LOGIN_BY_COURSE);
	if (!d->has_password || prompt == PROMPT_NONE)
		return false;
	return tell(d, call, prompt == PROMPT_OTHER ? TRUTH_UNKNOWN : TRUTH_NO, LOGIN_BY_COURSE);
}

/* The client begins to type: what the server's line is decides what that will be. */
static bool
take_turn(struct dialogue *d, const struct proto_call *call)
{
	enum prompt prompt = prompt_of(d);

	if (d->phase == PHASE_USER || d->phase == PHASE_PASSWORD)
		return false; /* what came was an echo */
	if (d->phase == PHASE_JUDGE && judge(d, call, prompt))
		return true;
	if (prompt == PROMPT_USER) {
		d->phase = PHASE_USER;
		d->user_length = 0;
		d->user[0] = '\0';
		d->began_ns = call->ts_ns;
	} else if (prompt == PROMPT_PASSWORD) {
		if (d->phase == PHASE_WATCH)
			d->began_ns = call->ts_ns;
		d->phase = PHASE_PASSWORD;
	}
	return false;
}

static void
clear_line(struct dialogue *d)
{
	d->line_length = 0;
	d->line[0] = '\0';
}

/* ---- the server ---- */

static bool
line_end(struct dialogue *d, const struct proto_call *call)
{
	bool is_over = false;

	if (d->phase == PHASE_JUDGE) {
		enum truth success = words_of(d);
		if (success != TRUTH_UNKNOWN)
			is_over = tell(d, call, success, LOGIN_BY_WORDS);
	}
	clear_line(d);
	return is_over;
}

/* Terminals' commands are no text. returns true when the byte is part of one */
static bool
is_escaped(struct dialogue *d, uint8_t byte)
{
	bool was_escaped = d->escape != ESCAPE_NONE;

	if (byte == ESC)
		d->escape = ESCAPE_BEGUN;
	else if (d->escape == ESCAPE_BEGUN)
		d->escape = byte == '[' ? ESCAPE_IN : ESCAPE_NONE;
	else if (d->escape == ESCAPE_IN && byte >= '@' && byte <= '~')
		d->escape = ESCAPE_NONE;
	return was_escaped || byte == ESC;
}

bool
dialogue_server(struct dialogue *d, const struct proto_call *call, uint8_t byte)
{
	if (is_escaped(d, byte))
		return false;
	if (byte == '\n')
		return line_end(d, call);
	if (byte < ' ' || byte == DELETE)
		return false;
	if (d->line_length == DIALOGUE_LINE_MAX) {
		d->line_length = DIALOGUE_LINE_MAX / 2;
		memmove(d->line, d->line + DIALOGUE_LINE_MAX / 2, DIALOGUE_LINE_MAX / 2);
	}
	d->line[d->line_length++] = (char)byte;
	d->line[d->line_length] = '\0';
	return false;
}

/* ---- the client ---- */

static void
user_byte(struct dialogue *d, uint8_t byte)
{
	if ((byte == BACKSPACE || byte == DELETE) && d->user_length > 0)
		d->user_length--;
	else if (byte >= ' ' && byte != DELETE && d->user_length + 1U < sizeof(d->user))
		d->user[d->user_length++] = (char)byte;
	d->user[d->user_length] = '\0';
}

/* What was being typed is complete. */
static void
typed(struct dialogue *d)
{
	if (d->phase == PHASE_PASSWORD)
		d->has_password = true;
	if (d->phase == PHASE_USER || d->phase == PHASE_PASSWORD)
		d->phase = PHASE_JUDGE;
	clear_line(d);
}

bool
dialogue_client(struct dialogue *d, const struct proto_call *call, uint8_t byte)
{
	bool is_rest = byte == '\0' || (byte == '\n' && d->client_was_cr);

	d->client_was_cr = byte == '\r';
	if (is_rest)
		return false;
	if (take_turn(d, call))
		return true;
	if (byte == '\r' || byte == '\n')
		typed(d);
	else if (d->phase == PHASE_USER)
		user_byte(d, byte);
	return false;
}

/* ---- both ---- */

void
dialogue_begin(struct dialogue *d, const struct proto_call *call)
{
	d->phase = PHASE_JUDGE;
	d->began_ns = call->ts_ns;
}

void
dialogue_gap(struct dialogue *d)
{
	clear_line(d);
	d->escape = ESCAPE_NONE;
	if (d->phase == PHASE_USER || d->phase == PHASE_PASSWORD)
		d->phase = PHASE_WATCH;
}

void
dialogue_end(struct dialogue *d, const struct proto_call *call)
{
	enum truth success = words_of(d);

	if (d->phase != PHASE_JUDGE)
		return;
	if (success != TRUTH_UNKNOWN)
		(void)tell(d, call, success, LOGIN_BY_WORDS);
	else if (!judge(d, call, prompt_of(d)) && d->phase == PHASE_JUDGE)
		(void)tell(d, call, TRUTH_UNKNOWN, NULL);
}
