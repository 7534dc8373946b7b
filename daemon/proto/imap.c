/*
 * imap.c -- log-ins to IMAP (RFC 9051, RFC 3501).
 *
 * Recognised by the server's greeting, or by a client's tag and first command. Told are log-ins: LOGIN,
 * whose arguments may be words, quoted or literals, and AUTHENTICATE. Nothing more is read after one that
 * was let in, nor after STARTTLS, nor where the greeting says that it is not needed.
 */
#include "daemon/proto/lines.h"
#include "daemon/proto/sasl.h"
#include "daemon/proto/tell_login.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>
#include <string.h>

enum { TAG_MAX = 32 }; /* of a tag, bytes with the NUL: longer ones are not followed */

/* What is wanted of the reply to a command. */
enum want {
	WANT_NOTHING,
	WANT_LOGIN,
	WANT_TLS,
};

/* What the client's next line is. */
enum client {
	CLIENT_COMMAND,
	CLIENT_USER,     /* a literal, and what follows it */
	CLIENT_PASSWORD, /* the same */
	CLIENT_SASL,
};

struct state {
	bool has_begun;
	bool server_is_orig;
	uint8_t want;   /* enum want of the command that `tag` is of */
	uint8_t client; /* enum client */
	uint16_t literal;
	uint64_t login_ns;
	char tag[TAG_MAX];
	struct sasl sasl;      /* of LOGIN too */
	struct lines lines[2]; /* the client's, the server's */
};

static void
tell(struct proto_call *call, enum truth success)
{
	struct state *s = call->state;
	const struct obs_login login = {
		.protocol = "imap",
		.user = wire_text_or_null(s->sasl.user),
		.success = success,
		.method = s->sasl.method,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};

	tell_login(call, &login, s->login_ns);
}

/* ---- the server ---- */

static enum proto_verdict
server_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;

	if (line->is_torn)
		return PROTO_MORE;
	if (line_begins(line->text, "* PREAUTH"))
		return PROTO_DONE;
	size_t length = strlen(s->tag);
	if (s->want == WANT_NOTHING || strncmp(line->text, s->tag, length) != 0 ||
		line->text[length] != ' ')
		return PROTO_MORE;
	bool is_ok = line_after(line->text + length + 1, "OK") != NULL;
	bool was_login = s->want == WANT_LOGIN;
	enum proto_verdict over = was_login ? PROTO_DONE : PROTO_HANDOVER;
	s->want = WANT_NOTHING;
	s->client = CLIENT_COMMAND;
	if (was_login)
		tell(call, is_ok ? TRUTH_YES : TRUTH_NO);
	return is_ok ? over : PROTO_MORE;
}

/* ---- the client ---- */

/* "{12}" or "{12+}" at the end of a line announces so many bytes. returns false when there is none */
static bool
literal_read(const char *line, uint16_t *ret_bytes)
{
	const char *open = strrchr(line, '{');
	unsigned n = 0;

	if (open == NULL || open[1] < '0' || open[1] > '9')
		return false;
	for (open++; *open >= '0' && *open <= '9'; open++)
		n = n < LINE_TEXT_MAX ? n * 10 + (unsigned)(*open - '0') : LINE_TEXT_MAX;
	open += *open == '+';
	if (strcmp(open, "}") != 0)
		return false;
	*ret_bytes = (uint16_t)(n < LINE_TEXT_MAX ? n : LINE_TEXT_MAX);
	return true;
}

/* Read a word or a quoted text to `ret_text`. */
static void
astring_read(const char *text, char *ret_text, size_t size)
{
	size_t at = 0;
	bool is_quoted = *text == '"';

	for (text += is_quoted; *text != '\0' && at + 1 < size; text++) {
		if (*text == (is_quoted ? '"' : ' '))
			break;
		if (is_quoted && *text == '\\' && text[1] != '\0')
			text++;
		ret_text[at++] = *text;
	}
	ret_text[at] = '\0';
}

static void
begin_login(struct state *s, const char *arg)
{
	sasl_begin(&s->sasl, "LOGIN");
	if (*arg == '{' && literal_read(arg, &s->literal)) {
		s->client = CLIENT_USER;
		return;
	}
	astring_read(arg, s->sasl.user, sizeof(s->sasl.user));
	if (literal_read(arg, &s->literal))
		s->client = CLIENT_PASSWORD;
}

static void
begin(struct proto_call *call, enum want want, const char *line, size_t tag_length)
{
	struct state *s = call->state;

	/* The answer to the last one was not seen. */
	if (s->want == WANT_LOGIN)
		tell(call, TRUTH_UNKNOWN);
	line_copy(s->tag, tag_length + 1, line);
	s->want = (uint8_t)want;
	s->login_ns = call->ts_ns;
}

static void
command(struct proto_call *call, const char *line)
{
	struct state *s = call->state;
	size_t tag_length = strcspn(line, " ");
	const char *rest = line + tag_length + strspn(line + tag_length, " ");
	const char *arg;

	s->client = CLIENT_COMMAND;
	if (tag_length == 0 || tag_length >= TAG_MAX)
		return;
	if ((arg = line_after(rest, "LOGIN")) != NULL) {
		begin(call, WANT_LOGIN, line, tag_length);
		begin_login(s, arg);
	} else if ((arg = line_after(rest, "AUTHENTICATE")) != NULL) {
		begin(call, WANT_LOGIN, line, tag_length);
		sasl_begin(&s->sasl, arg);
		s->client = CLIENT_SASL;
	} else if (line_after(rest, "STARTTLS") != NULL) {
		begin(call, WANT_TLS, line, tag_length);
	}
}

static void
client_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;
	size_t size = s->literal + 1U;

	if (line->is_torn) {
		s->client = CLIENT_COMMAND;
		return;
	}
	switch ((enum client)s->client) {
	case CLIENT_COMMAND:
		command(call, line->text);
		break;
	case CLIENT_USER:
		line_copy(s->sasl.user, size < LOGIN_NAME_MAX ? size : LOGIN_NAME_MAX, line->text);
		s->client =
			literal_read(line->text, &s->literal) ? CLIENT_PASSWORD : CLIENT_COMMAND;
		break;
	case CLIENT_PASSWORD:
		s->client = CLIENT_COMMAND;
		break;
	case CLIENT_SASL:
		if (sasl_is_message(line->text))
			sasl_message(&s->sasl, line->text);
		else
			command(call, line->text);
		break;
	}
}

/* ---- both ---- */

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	if (!s->has_begun) {
		struct cursor c = bytes;
		s->has_begun = true;
		s->server_is_orig = call->from_orig == (cursor_u8(&c) == '*');
	}
	bool from_server = call->from_orig == s->server_is_orig;
	struct lines *lines = &s->lines[from_server];
	enum proto_verdict verdict = PROTO_MORE;
	while (verdict == PROTO_MORE && lines_next(lines, &bytes)) {
		if (!from_server)
			client_line(call, lines);
		else
			verdict = server_line(call, lines);
	}
	return verdict;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	lines_gap(&s->lines[call->from_orig == s->server_is_orig]);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	const struct state *s = call->state;

	if (s->want == WANT_LOGIN)
		tell(call, TRUTH_UNKNOWN);
}

/* A tag of letters and digits, and a command that clients begin with. */
static enum proto_guess
guess_client(struct cursor first_bytes)
{
	static const char *const words[] = { "CAPABILITY\r", "LOGIN ", "AUTHENTICATE ",
		"STARTTLS\r", "ID ", "NOOP\r" };
	bool has_digit = false;

	for (unsigned length = 0; cursor_left(&first_bytes) > 0 && length < TAG_MAX; length++) {
		uint8_t b = cursor_u8(&first_bytes);
		bool is_digit = b >= '0' && b <= '9';
		if (b == ' ')
			return has_digit ? line_words_guess(first_bytes, words,
						   sizeof(words) / sizeof(words[0]))
					 : PROTO_NO;
		if (!is_digit && (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') && b != '.')
			return PROTO_NO;
		has_digit |= is_digit;
	}
	return cursor_left(&first_bytes) == 0 ? PROTO_PERHAPS : PROTO_NO;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const words[] = { "* OK ", "* PREAUTH ", "* BYE " };
	enum proto_guess guess =
		line_words_guess(first_bytes, words, sizeof(words) / sizeof(words[0]));

	(void)call;
	return guess != PROTO_NO ? guess : guess_client(first_bytes);
}

/* Between lines there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	return lines_hold(&s->lines[0]) || lines_hold(&s->lines[1]) ? sizeof(*s)
								    : offsetof(struct state, lines);
}

const struct protocol protocol_imap = {
	.name = "imap",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins =
		PROTO_BEGINS({ '*', '*' }, { '.', '.' }, { '0', '9' }, { 'A', 'Z' }, { 'a', 'z' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
