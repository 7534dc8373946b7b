/*
 * ftp.c -- the control connection of FTP (RFC 959, RFC 2428, RFC 4217).
 *
 * Recognised by the server's greeting or by a client's first command. A greeting that tells nothing waits
 * for the client's word, as with SMTP. Told are commands that move a file or say where data will go, with
 * the reply, as soon as that is final; and log-ins. Data connections are ftp_data.c's business: they are
 * expected where these commands and replies say. AUTH ends it: what follows is encrypted.
 *
 * One command is remembered at a time; when the next one comes before the reply, it is told without.
 */
#include "daemon/proto/ftp_session.h"
#include "daemon/proto/reply.h"

#include <netinet/in.h>
#include <string.h>

enum {
	PORT_FTP = 21,
	PORT_POP3 = 110,
	REPLY_SIZE = 213,
	REPLY_PASSIVE = 227,
	REPLY_EXTENDED_PASSIVE = 229,
	REPLY_SECURED = 234, /* or 334, 335: more of it follows */
	REPLY_PATH = 257,
	REPLY_FINAL = 200, /* and all above */
	REPLY_INTERMEDIATE = 300,
	REPLY_REFUSED = 400,
};

/* What a command needs of its reply. */
enum want {
	WANT_NOTHING,
	WANT_USER,
	WANT_PASS,
	WANT_DIRECTORY,
	WANT_PATH,
	WANT_SIZE,
	WANT_AUTH,
	WANT_FILE, /* these and the following are told */
	WANT_PORT,
	WANT_EXTENDED_PORT,
	WANT_PASSIVE,
	WANT_EXTENDED_PASSIVE,
};

struct command {
	const char *name;
	enum want want;
};

static const struct command commands[] = {
	{ "USER", WANT_USER },
	{ "PASS", WANT_PASS },
	{ "CWD", WANT_DIRECTORY },
	{ "XCWD", WANT_DIRECTORY },
	{ "CDUP", WANT_DIRECTORY },
	{ "XCUP", WANT_DIRECTORY },
	{ "PWD", WANT_PATH },
	{ "XPWD", WANT_PATH },
	{ "SIZE", WANT_SIZE },
	{ "AUTH", WANT_AUTH },
	{ "RETR", WANT_FILE },
	{ "STOR", WANT_FILE },
	{ "STOU", WANT_FILE },
	{ "APPE", WANT_FILE },
	{ "DELE", WANT_FILE },
	{ "PORT", WANT_PORT },
	{ "EPRT", WANT_EXTENDED_PORT },
	{ "PASV", WANT_PASSIVE },
	{ "EPSV", WANT_EXTENDED_PASSIVE },
	{ "QUIT", WANT_NOTHING },
};

struct state {
	bool has_begun;
	bool server_is_orig;
	bool is_moving;  /* 1xx came: the file is on its way */
	uint8_t command; /* index of the one whose reply is awaited, if `want` is something */
	uint8_t want;    /* enum want */
	uint16_t opened; /* the code of a reply of several lines, while they come */
	struct ftp_session session;
	struct lines lines[2]; /* the client's, the server's */
};

static bool
is_server(const struct proto_call *call)
{
	const struct state *s = call->state;

	return call->from_orig == s->server_is_orig;
}

static const struct addr *
server_of(const struct proto_call *call)
{
	return is_server(call) ? &call->src : &call->dst;
}

static const struct addr *
client_of(const struct proto_call *call)
{
	return is_server(call) ? &call->dst : &call->src;
}

/* Tell the command that is awaiting its reply, if it is of interest. */
static void
tell_command(const struct proto_call *call)
{
	struct state *s = call->state;
	enum ftp_kind kind = FTP_FILE;

	if (s->want == WANT_PASSIVE || s->want == WANT_EXTENDED_PASSIVE)
		kind = FTP_PASSIVE;
	else if (s->want == WANT_PORT || s->want == WANT_EXTENDED_PORT)
		kind = FTP_ACTIVE;
	if (s->want >= WANT_FILE)
		ftp_session_tell(&s->session, call, commands[s->command].name, kind,
			client_of(call), server_of(call));
	s->want = WANT_NOTHING;
}

/* ---- the server ---- */

static void
answer_login(struct proto_call *call)
{
	const struct state *s = call->state;

	if (s->session.code >= REPLY_REFUSED)
		ftp_session_tell_login(&s->session, call, TRUTH_NO);
	else if (s->session.code < REPLY_INTERMEDIATE)
		ftp_session_tell_login(&s->session, call, TRUTH_YES);
}

static void
answer_directory(struct state *s)
{
	struct ftp_session *f = &s->session;
	bool is_up = line_contains(commands[s->command].name, "UP");

	if (f->code >= REPLY_INTERMEDIATE)
		return;
	if (f->directory[0] == '\0')
		line_copy(f->directory, sizeof(f->directory), ".");
	ftp_path_step(f->directory, sizeof(f->directory), is_up ? ".." : f->arg);
}

/* Read what the final reply to the command that is awaiting it says. */
static void
answer(struct proto_call *call)
{
	struct state *s = call->state;
	struct ftp_session *f = &s->session;

	switch ((enum want)s->want) {
	case WANT_USER:
	case WANT_PASS:
		answer_login(call);
		break;
	case WANT_DIRECTORY:
		answer_directory(s);
		break;
	case WANT_PATH:
		if (f->code == REPLY_PATH)
			ftp_quoted_read(f->reply, f->directory, sizeof(f->directory));
		break;
	case WANT_SIZE:
		f->has_size = f->code == REPLY_SIZE && ftp_number_read(f->reply, &f->size);
		break;
	case WANT_PASSIVE:
		f->has_end = f->code == REPLY_PASSIVE && ftp_end_read(f->reply, &f->end);
		ftp_session_expect(f, call, client_of(call));
		break;
	case WANT_EXTENDED_PASSIVE:
		f->end.addr = *server_of(call);
		f->has_end = f->code == REPLY_EXTENDED_PASSIVE &&
			     ftp_end_read_extended(f->reply, &f->end);
		ftp_session_expect(f, call, client_of(call));
		break;
	case WANT_NOTHING:
	case WANT_AUTH:
	case WANT_FILE:
	case WANT_PORT:
	case WANT_EXTENDED_PORT:
		break;
	}
	tell_command(call);
}

/* The file is on its way; some servers say how large it is. */
static void
begin_moving(struct state *s)
{
	s->is_moving = s->want == WANT_FILE;
	if (s->is_moving && ftp_size_read(s->session.reply, &s->session.size))
		s->session.has_size = true;
}

static enum proto_verdict
server_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;
	struct reply reply;

	if (line->is_torn || !reply_read(line->text, &reply))
		return PROTO_MORE;
	/* Lines within a reply may begin with any code (RFC 959 section 4.2). */
	if (s->opened != 0 && (s->opened != reply.code || !reply.is_last))
		return PROTO_MORE;
	s->opened = reply.is_last ? 0 : (uint16_t)reply.code;
	s->session.code = (uint16_t)reply.code;
	line_copy(s->session.reply, sizeof(s->session.reply), reply.text);
	if (!reply.is_last)
		return PROTO_MORE;
	if (s->want == WANT_AUTH && reply.code >= REPLY_SECURED && reply.code < REPLY_REFUSED)
		return PROTO_HANDOVER;
	if (reply.code >= REPLY_FINAL)
		answer(call);
	else
		begin_moving(s);
	return PROTO_MORE;
}

/* ---- the client ---- */

/* Clients ask for a sign of life while a file is on its way; that one's own reply is still to come. */
static bool
is_sign_of_life(const struct state *s, const char *line)
{
	return s->want == WANT_FILE && s->is_moving &&
	       (line_after(line, "NOOP") != NULL || line_after(line, "STAT") != NULL);
}

static void
begin_command(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;
	struct ftp_session *f = &s->session;

	f->began_ns = call->ts_ns;
	f->end.addr = *client_of(call);
	f->has_end = (s->want == WANT_PORT && ftp_end_read(arg, &f->end)) ||
		     (s->want == WANT_EXTENDED_PORT && ftp_end_read_extended(arg, &f->end));
	/* Some servers open it before they reply. */
	ftp_session_expect(f, call, server_of(call));
	if (s->want == WANT_USER)
		ftp_session_user(f, call, arg);
	else if (s->want == WANT_PASS)
		ftp_session_pass(f, arg);
	else
		line_copy(f->arg, sizeof(f->arg), arg);
}

static void
client_line(struct proto_call *call, const struct lines *line)
{
	struct state *s = call->state;

	if (line->is_torn || is_sign_of_life(s, line->text))
		return;
	if (s->want == WANT_PASS) /* the answer was not seen */
		ftp_session_tell_login(&s->session, call, TRUTH_UNKNOWN);
	tell_command(call);
	s->is_moving = false;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const char *arg = line_after(line->text, commands[i].name);
		if (arg == NULL)
			continue;
		s->command = (uint8_t)i;
		s->want = (uint8_t)commands[i].want;
		begin_command(call, arg);
		return;
	}
}

/* ---- both ---- */

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	if (!s->has_begun) {
		struct cursor c = bytes;
		uint8_t first = cursor_u8(&c);
		s->server_is_orig = call->from_orig == (first >= '0' && first <= '9');
		s->has_begun = true;
	}
	bool from_server = is_server(call);
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
	lines_gap(&s->lines[is_server(call)]);
	s->opened = 0;
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	const struct state *s = call->state;

	if (s->want == WANT_PASS)
		ftp_session_tell_login(&s->session, call, TRUTH_UNKNOWN);
	tell_command(call);
}

/* USER with one word behind it: POP3's has its port, IRC's has more words. */
static enum proto_guess
guess_user(const struct proto_call *call, struct cursor first_bytes)
{
	struct lines line = { 0 };
	enum proto_guess guess = line_word_guess(first_bytes, "USER ");

	if (guess != PROTO_YES)
		return guess;
	if (call->dst_port == PORT_POP3)
		return PROTO_NO;
	if (!lines_next(&line, &first_bytes))
		return PROTO_PERHAPS;
	return strpbrk(line.text + strlen("USER "), " :") == NULL ? PROTO_YES : PROTO_NO;
}

/* Any command at FTP's own port: of a conversation whose beginning was not seen. */
static enum proto_guess
guess_command(const struct proto_call *call, struct cursor first_bytes)
{
	enum proto_guess best = PROTO_NO;

	if (call->dst_port != PORT_FTP)
		return PROTO_NO;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]) && best != PROTO_YES; i++) {
		enum proto_guess guess = line_word_guess(first_bytes, commands[i].name);
		best = guess != PROTO_NO ? guess : best;
	}
	return best;
}

static enum proto_guess
guess_client(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const words[] = { "AUTH TLS", "AUTH SSL", "AUTH GSSAPI", "FEAT\r",
		"SYST\r" };
	enum proto_guess guess =
		line_words_guess(first_bytes, words, sizeof(words) / sizeof(words[0]));

	if (guess == PROTO_NO)
		guess = guess_user(call, first_bytes);
	return guess != PROTO_NO ? guess : guess_command(call, first_bytes);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	switch (reply_greeting(call, first_bytes)) {
	case GREETING_FTP:
		return PROTO_YES;
	case GREETING_OPEN:
	case GREETING_CUT:
		return PROTO_PERHAPS;
	case GREETING_SMTP:
		return PROTO_NO;
	case GREETING_NONE:
		break;
	}
	return guess_client(call, first_bytes);
}

/* Between lines there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	return lines_hold(&s->lines[0]) || lines_hold(&s->lines[1]) ? sizeof(*s)
								    : offsetof(struct state, lines);
}

const struct protocol protocol_ftp = {
	.name = "ftp",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ '2', '2' }, { 'A', 'X' }, { 'a', 'x' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
