/*
 * smtp.c -- mail as it is handed over (RFC 5321, RFC 3030), and log-ins to hand it in (RFC 4954).
 *
 * Recognised by the server's greeting, or by the client's EHLO; a greeting that tells nothing waits for
 * the client's word. Told are each message: envelope, header, the server's last word on it; a session in
 * which none came, if somebody tried to log in; log-ins; and what each message carries, as files. STARTTLS
 * ends it: what follows is encrypted.
 *
 * Which command a reply answers is remembered for PENDING_MAX commands that were sent ahead (RFC 2920).
 * Where bytes are missing the order is lost, and replies are taken as they come.
 */
#include "daemon/proto/lines.h"
#include "daemon/proto/pending.h"
#include "daemon/proto/reply.h"
#include "daemon/proto/sasl.h"
#include "daemon/proto/smtp_input.h"
#include "daemon/proto/smtp_message.h"
#include "daemon/proto/tell_login.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>
#include <string.h>

enum {
	REPLY_READY = 220,
	REPLY_LOGGED_IN = 235,
	REPLY_GO_ON = 334,
	REPLY_START_INPUT = 354,
	REPLY_REFUSED = 400, /* and all above */
};

/* What is wanted of the reply to a command. */
enum want {
	WANT_NOTHING,
	WANT_DATA,
	WANT_MESSAGE, /* the message was sent as a whole */
	WANT_AUTH,
	WANT_STARTTLS,
};

struct state {
	bool has_begun;
	bool server_is_orig;
	bool was_greeted;       /* some reply came */
	bool in_login;          /* the client's next line is a message of SASL's */
	struct pending pending; /* enum want */
	uint64_t login_ns;
	struct lines lines[2]; /* the client's, the server's */
	struct sasl sasl;
	struct smtp_input input;
	struct smtp_message message;
};

static void
want(struct state *s, enum want w)
{
	pending_add(&s->pending, (uint8_t)w);
}

/* A message whose end is missing has an answer all the same. */
static enum want
wanted(struct state *s)
{
	bool is_unexpected = s->pending.count == 0 && s->input.kind == SMTP_INPUT_DATA;

	return is_unexpected ? WANT_MESSAGE : (enum want)pending_take(&s->pending);
}

static void
tell_message(struct proto_call *call)
{
	struct state *s = call->state;
	bool from_client = call->from_orig != s->server_is_orig;

	smtp_message_tell(&s->message, call, from_client ? &call->src : &call->dst,
		from_client ? &call->dst : &call->src);
}

static void
tell_attempt(struct proto_call *call, enum truth success)
{
	struct state *s = call->state;
	const struct obs_login login = {
		.protocol = "smtp",
		.user = wire_text_or_null(s->sasl.user),
		.success = success,
		.method = s->sasl.method,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};

	tell_login(call, &login, s->login_ns);
	memset(&s->sasl, 0, sizeof(s->sasl));
}

/* ---- the server ---- */

/* The reply to AUTH. 334 asks for more: the exchange goes on. */
static void
answer_auth(struct proto_call *call, unsigned code)
{
	struct state *s = call->state;

	s->in_login = false;
	if (s->sasl.method[0] != '\0')
		tell_attempt(call, code == REPLY_LOGGED_IN ? TRUTH_YES
				   : code >= REPLY_REFUSED ? TRUTH_NO
							   : TRUTH_UNKNOWN);
}

/* Nothing more of a mail comes: it was not wanted, or has an answer already. */
static void
refuse_data(struct state *s)
{
	if (s->input.kind == SMTP_INPUT_DATA)
		s->input.kind = SMTP_INPUT_NONE;
}

static enum proto_verdict
answer(struct proto_call *call, unsigned code)
{
	struct state *s = call->state;

	if (code == REPLY_GO_ON)
		return PROTO_MORE;
	switch (wanted(s)) {
	case WANT_DATA:
		if (code != REPLY_START_INPUT)
			refuse_data(s);
		break;
	case WANT_MESSAGE:
		tell_message(call);
		s->message.told++;
		refuse_data(s);
		break;
	case WANT_AUTH:
		answer_auth(call, code);
		break;
	case WANT_STARTTLS:
		if (code != REPLY_READY)
			break;
		s->message.is_tls = true;
		tell_message(call);
		return PROTO_HANDOVER;
	case WANT_NOTHING:
		break;
	}
	return PROTO_MORE;
}

static enum proto_verdict
server_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;
	struct reply reply;

	if (line->is_torn || !reply_read(line->text, &reply))
		return PROTO_MORE;
	memcpy(s->message.last_reply, line->text, 3);
	s->message.last_reply[3] = ' ';
	line_copy(&s->message.last_reply[4], SMTP_REPLY_MAX - 4, reply.text);
	if (!reply.is_last)
		return PROTO_MORE;
	bool is_greeting = !s->was_greeted && reply.code == REPLY_READY;
	s->was_greeted = true;
	return is_greeting ? PROTO_MORE : answer(call, reply.code);
}

/* ---- the client ---- */

static void
begin_data(struct state *s)
{
	smtp_input_begin_data(&s->input);
	s->message.is_worth = true;
	want(s, WANT_DATA);
}

/* BDAT: size, and LAST if no more chunks follow. */
static void
begin_chunk(struct state *s, const char *arg)
{
	bool is_chunk = smtp_input_begin_chunk(&s->input, arg);

	s->message.is_worth |= is_chunk;
	want(s, is_chunk && s->input.is_last ? WANT_MESSAGE : WANT_NOTHING);
}

static void
begin_auth(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;

	sasl_begin(&s->sasl, arg);
	s->login_ns = call->ts_ns;
	s->in_login = true;
	s->message.is_worth = true;
	want(s, WANT_AUTH);
}

static void
hello(struct state *s, const char *arg)
{
	s->message.has_helo = true;
	line_copy(s->message.helo, sizeof(s->message.helo), arg);
	want(s, WANT_NOTHING);
}

static void
sender(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;

	/* The answer to the last one was not seen. */
	if (s->message.has_sender)
		tell_message(call);
	if (s->message.began_ns == 0)
		s->message.began_ns = call->ts_ns;
	s->message.is_worth = true;
	smtp_message_from(&s->message, arg);
	want(s, WANT_NOTHING);
}

static void
command(struct proto_call *call, const char *line)
{
	struct state *s = call->state;
	const char *arg;

	s->in_login = false;
	if ((arg = line_after(line, "EHLO")) != NULL || (arg = line_after(line, "HELO")) != NULL ||
		(arg = line_after(line, "LHLO")) != NULL) {
		hello(s, arg);
	} else if ((arg = line_after(line, "MAIL")) != NULL && line_begins(arg, "FROM:")) {
		sender(call, arg);
	} else if ((arg = line_after(line, "RCPT")) != NULL && line_begins(arg, "TO:")) {
		smtp_message_to(&s->message, arg);
		s->message.is_worth = true;
		want(s, WANT_NOTHING);
	} else if (line_after(line, "DATA") != NULL) {
		begin_data(s);
	} else if ((arg = line_after(line, "BDAT")) != NULL) {
		begin_chunk(s, arg);
	} else if ((arg = line_after(line, "AUTH")) != NULL) {
		begin_auth(call, arg);
	} else {
		want(s, line_after(line, "STARTTLS") != NULL ? WANT_STARTTLS : WANT_NOTHING);
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

/* ---- both ---- */

static bool
is_server(const struct proto_call *call)
{
	const struct state *s = call->state;

	return call->from_orig == s->server_is_orig;
}

static void
begin(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	uint8_t first = cursor_u8(&bytes);
	bool speaks_as_server = first >= '0' && first <= '9';

	s->has_begun = true;
	s->server_is_orig = call->from_orig == speaks_as_server;
	s->message.began_ns = call->ts_ns;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	enum proto_verdict verdict = PROTO_MORE;

	if (!s->has_begun)
		begin(call, bytes);
	if (is_server(call)) {
		while (verdict == PROTO_MORE && lines_next(&s->lines[1], &bytes))
			verdict = server_line(call, &s->lines[1]);
		return verdict;
	}
	while (cursor_left(&bytes) > 0) {
		if (s->input.kind == SMTP_INPUT_NONE) {
			if (lines_next(&s->lines[0], &bytes))
				client_line(call, &s->lines[0]);
		} else if (smtp_input_take(&s->input, &s->message, call, &bytes)) {
			want(s, WANT_MESSAGE);
		}
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (is_server(call)) {
		lines_gap(&s->lines[1]);
		s->pending.count = 0;
	} else if (!smtp_input_gap(&s->input, &s->message, call, missing)) {
		lines_gap(&s->lines[0]);
	}
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	if (s->sasl.method[0] != '\0')
		tell_attempt(call, TRUTH_UNKNOWN);
	if (s->message.is_worth)
		tell_message(call);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const words[] = { "EHLO ", "HELO ", "LHLO ", "MAIL FROM:" };

	switch (reply_greeting(call, first_bytes)) {
	case GREETING_SMTP:
		return PROTO_YES;
	case GREETING_OPEN:
	case GREETING_CUT:
		return PROTO_PERHAPS;
	case GREETING_FTP:
	case GREETING_NONE:
		break;
	}
	return line_words_guess(first_bytes, words, sizeof(words) / sizeof(words[0]));
}

const struct protocol protocol_smtp = {
	.name = "smtp",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ '2', '2' }, PROTO_LETTER('e'), PROTO_LETTER('h'),
		PROTO_LETTER('l'), PROTO_LETTER('m')),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
