/*
 * pop3.c -- log-ins to POP3 (RFC 1939, RFC 5034, RFC 2595).
 *
 * Recognised by the server's greeting; "+OK" without a word behind it only at POP3's port, because other
 * protocols say that too. Told are log-ins. Nothing more is read after one that was let in, nor after STLS.
 */
#include "daemon/proto/lines.h"
#include "daemon/proto/pending.h"
#include "daemon/proto/sasl.h"
#include "daemon/proto/tell_login.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>
#include <string.h>

enum { PORT_POP3 = 110 };

/* What is wanted of the reply to a command. */
enum want {
	WANT_NOTHING,
	WANT_USER,
	WANT_LOGIN,
	WANT_TLS,
};

struct state {
	bool has_begun;
	bool server_is_orig;
	bool awaits_greeting; /* the next reply answers nothing */
	bool in_login;        /* the client's next line is a message of SASL's */
	struct pending pending;
	uint64_t login_ns;
	const char *method; /* a literal; NULL: SASL's */
	char user[LOGIN_NAME_MAX];
	struct sasl sasl;
	struct lines lines[2]; /* the client's, the server's */
};

static void
tell(struct proto_call *call, enum truth success)
{
	struct state *s = call->state;
	const char *user = s->method == NULL ? s->sasl.user : s->user;
	const struct obs_login login = {
		.protocol = "pop3",
		.user = wire_text_or_null(user),
		.success = success,
		.method = s->method == NULL ? s->sasl.method : s->method,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};

	s->in_login = false;
	tell_login(call, &login, s->login_ns);
}

static enum proto_verdict
server_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;
	bool is_ok = line_after(line->text, "+OK") != NULL;

	if (line->is_torn || (!is_ok && line_after(line->text, "-ERR") == NULL))
		return PROTO_MORE;
	if (s->awaits_greeting) {
		s->awaits_greeting = false;
		return PROTO_MORE;
	}
	switch ((enum want)pending_take(&s->pending)) {
	case WANT_LOGIN:
		tell(call, is_ok ? TRUTH_YES : TRUTH_NO);
		return is_ok ? PROTO_DONE : PROTO_MORE;
	case WANT_USER:
		if (!is_ok)
			tell(call, TRUTH_NO);
		return PROTO_MORE;
	case WANT_TLS:
		return is_ok ? PROTO_HANDOVER : PROTO_MORE;
	case WANT_NOTHING:
		break;
	}
	return PROTO_MORE;
}

/* A command that begins a log-in. method: NULL for SASL's. user: "" when it does not tell */
static void
begin_login(struct proto_call *call, const char *method, const char *user)
{
	struct state *s = call->state;

	s->method = method;
	s->login_ns = call->ts_ns;
	line_copy(s->user, sizeof(s->user), user);
}

static void
begin_auth(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;

	if (arg[0] == '\0') { /* which mechanisms are there? */
		pending_add(&s->pending, WANT_NOTHING);
		return;
	}
	begin_login(call, NULL, "");
	sasl_begin(&s->sasl, arg);
	s->in_login = true;
	pending_add(&s->pending, WANT_LOGIN);
}

static void
command(struct proto_call *call, const char *line)
{
	struct state *s = call->state;
	const char *arg;

	s->in_login = false;
	if ((arg = line_after(line, "USER")) != NULL) {
		begin_login(call, "USER", arg);
		pending_add(&s->pending, WANT_USER);
	} else if (line_after(line, "PASS") != NULL) {
		s->method = "USER";
		pending_add(&s->pending, WANT_LOGIN);
	} else if ((arg = line_after(line, "APOP")) != NULL) {
		begin_login(call, "APOP", arg);
		s->user[strcspn(s->user, " ")] = '\0'; /* the digest */
		pending_add(&s->pending, WANT_LOGIN);
	} else if ((arg = line_after(line, "AUTH")) != NULL) {
		begin_auth(call, arg);
	} else {
		pending_add(
			&s->pending, line_after(line, "STLS") != NULL ? WANT_TLS : WANT_NOTHING);
	}
}

static void
client_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;

	if (line->is_torn)
		return;
	if (s->in_login && sasl_is_message(line->text))
		sasl_message(&s->sasl, line->text);
	else
		command(call, line->text);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	if (!s->has_begun) {
		struct cursor c = bytes;
		uint8_t first = cursor_u8(&c);
		bool from_server = first == '+' || first == '-';
		s->has_begun = true;
		s->server_is_orig = call->from_orig == from_server;
		s->awaits_greeting = from_server;
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

/* The replies to what was said so far do not come, or cannot be told apart. */
static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	while (s->pending.count > 0)
		if (pending_take(&s->pending) == WANT_LOGIN)
			tell(call, TRUTH_UNKNOWN);
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	lines_gap(&s->lines[call->from_orig == s->server_is_orig]);
	end(call);
	return PROTO_MORE;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const words[] = { "+OK ", "CAPA\r", "STLS\r", "APOP " };
	enum proto_guess guess =
		line_words_guess(first_bytes, words, sizeof(words) / sizeof(words[0]));

	if (guess == PROTO_NO && call->src_port == PORT_POP3)
		guess = line_word_guess(first_bytes, "+OK\r");
	if (guess == PROTO_NO && call->dst_port == PORT_POP3)
		guess = line_word_guess(first_bytes, "USER ");
	return guess;
}

/* Between lines there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	return lines_hold(&s->lines[0]) || lines_hold(&s->lines[1]) ? sizeof(*s)
								    : offsetof(struct state, lines);
}

const struct protocol protocol_pop3 = {
	.name = "pop3",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ '+', '+' }, PROTO_LETTER('a'), PROTO_LETTER('c'),
		PROTO_LETTER('s'), PROTO_LETTER('u')),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
