/*
 * irc.c -- IRC (RFC 2812): names, channels, and files that are offered (DCC).
 *
 * Recognised on any port, but only by what nobody else begins with: a client's NICK, USER with its four
 * words, CAP LS, or PASS with one of these behind it; a server's NOTICE AUTH or first numbered reply. What
 * is talked is not told. A connection to a server is never done: channels are joined at any time.
 */
#include "daemon/transactions/irc.h"
#include "daemon/proto/wire_text.h"

#include "daemon/proto/lines.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAME_MAX_BYTES = 64, /* of a nick or user */
	WORDS_USER = 4,      /* behind USER */
	SIZE_DIGITS_MAX = 18,
	CHANNELS_MAX = 16, /* of one JOIN */
};

struct state {
	char nick[NAME_MAX_BYTES];
	char user[NAME_MAX_BYTES];
	struct lines lines[2]; /* the client's, the server's */
};

static void
tell(struct proto_call *call, struct obs_irc *said)
{
	struct state *s = call->state;

	said->nick = wire_text_or_null(s->nick);
	said->user = wire_text_or_null(s->user);
	call->emit(call->context, &(struct observation){ .kind = OBS_IRC,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .irc = said });
}

/* Copy the first word of a text, without the colon that may begin it. returns what follows it */
static const char *
word_copy(const char *text, char *ret_word, size_t size)
{
	text += *text == ':';
	size_t length = strcspn(text, " ");
	line_copy(ret_word, length < size ? length + 1 : size, text);
	return text + length + strspn(text + length, " ");
}

/* ---- commands ---- */

static void
take_nick(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;
	char nick[NAME_MAX_BYTES];

	(void)word_copy(arg, nick, sizeof(nick));
	tell(call, &(struct obs_irc){
			   .command = "NICK", .value = nick, .dcc_file_size = TRANSACTION_UNSET });
	memcpy(s->nick, nick, sizeof(nick));
}

static void
take_user(struct proto_call *call, const char *arg)
{
	struct state *s = call->state;
	char user[NAME_MAX_BYTES];
	char rest[IRC_TEXT_MAX];

	line_copy(rest, sizeof(rest), word_copy(arg, user, sizeof(user)));
	char *colon = strchr(rest, ':');
	if (colon != NULL) /* of the real name */
		memmove(colon, colon + 1, strlen(colon));
	tell(call, &(struct obs_irc){ .command = "USER",
			   .value = user,
			   .addl = rest,
			   .dcc_file_size = TRANSACTION_UNSET });
	memcpy(s->user, user, sizeof(user));
}

/* "#one,#two key": a channel each. */
static void
take_join(struct proto_call *call, const char *arg)
{
	char channels[IRC_TEXT_MAX];
	char *at = channels;

	(void)word_copy(arg, channels, sizeof(channels));
	for (unsigned i = 0; i < CHANNELS_MAX && *at != '\0'; i++) {
		size_t length = strcspn(at, ",");
		bool is_last = at[length] == '\0';
		at[length] = '\0';
		tell(call, &(struct obs_irc){ .command = "JOIN",
				   .value = at,
				   .dcc_file_size = TRANSACTION_UNSET });
		at += is_last ? length : length + 1;
	}
}

/* "target :\x01DCC SEND file address port size\x01"; a file's name with spaces is in quotes. */
static void
take_message(struct proto_call *call, const char *arg)
{
	char target[IRC_TEXT_MAX];
	char file[IRC_TEXT_MAX];
	const char *text = word_copy(arg, target, sizeof(target));
	uint64_t size = TRANSACTION_UNSET;

	text += *text == ':';
	if (!line_begins(text, "\x01"
			       "DCC SEND "))
		return;
	text += strlen("\x01"
		       "DCC SEND ");
	const char *quote = *text == '"' ? strchr(text + 1, '"') : NULL;
	if (quote != NULL) {
		size_t length = (size_t)(quote - text);
		line_copy(file, length < sizeof(file) ? length : sizeof(file), text + 1);
		text = quote + 1 + strspn(quote + 1, " ");
	} else {
		text = word_copy(text, file, sizeof(file));
	}
	for (unsigned i = 0; i < 2; i++) { /* address, port */
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	size_t digits = strspn(text, "0123456789");
	if (digits > 0 && digits <= SIZE_DIGITS_MAX)
		size = strtoull(text, NULL, 10);
	tell(call, &(struct obs_irc){ .command = "DCC",
			   .value = target,
			   .dcc_file_name = file,
			   .dcc_file_size = size });
}

static void
client_line(struct proto_call *call, const char *line)
{
	const char *arg;

	line += strspn(line, " "); /* servers take that */
	if ((arg = line_after(line, "NICK")) != NULL && *arg != '\0')
		take_nick(call, arg);
	else if ((arg = line_after(line, "USER")) != NULL && *arg != '\0')
		take_user(call, arg);
	else if ((arg = line_after(line, "JOIN")) != NULL)
		take_join(call, arg);
	else if ((arg = line_after(line, "PRIVMSG")) != NULL)
		take_message(call, arg);
}

/* ":nick!user@host PRIVMSG target :text" */
static void
server_line(struct proto_call *call, const char *line)
{
	const char *arg;

	if (*line == ':') {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	if ((arg = line_after(line, "PRIVMSG")) != NULL)
		take_message(call, arg);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct lines *lines = &s->lines[!call->from_orig];

	while (lines_next(lines, &bytes)) {
		if (lines->is_torn)
			continue;
		if (call->from_orig)
			client_line(call, lines->text);
		else
			server_line(call, lines->text);
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	lines_gap(&s->lines[!call->from_orig]);
	return PROTO_MORE;
}

/* ---- recognition ---- */

/* How many words a text has; what follows a colon is one. */
static unsigned
count_words(const char *text)
{
	unsigned count = 0;

	while (*text != '\0') {
		count++;
		if (*text == ':')
			break;
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	return count;
}

static enum proto_guess
guess_client_line(const char *line)
{
	const char *arg;

	if ((arg = line_after(line, "NICK")) != NULL)
		return count_words(arg) == 1 ? PROTO_YES : PROTO_NO;
	if ((arg = line_after(line, "USER")) != NULL)
		return count_words(arg) == WORDS_USER ? PROTO_YES : PROTO_NO;
	if (line_begins(line, "CAP LS"))
		return PROTO_YES;
	return line_after(line, "PASS") != NULL ? PROTO_PERHAPS : PROTO_NO;
}

/* ":server 001 nick :text", ":server NOTICE AUTH :text", and the latter without a server */
static enum proto_guess
guess_server_line(const char *line)
{
	if (*line == ':') {
		size_t length = strcspn(line, " ");
		if (length < 2 || length > NAME_MAX_BYTES)
			return PROTO_NO;
		line += length + strspn(line + length, " ");
		if (strspn(line, "0123456789") == 3 && line[3] == ' ')
			return PROTO_YES;
	}
	return line_begins(line, "NOTICE AUTH ") || line_begins(line, "NOTICE * ") ? PROTO_YES
										   : PROTO_NO;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const words[] = { "NICK ", "USER ", "CAP LS", "PASS ", ":", "NOTICE " };
	struct lines lines = { 0 };

	(void)call;
	if (line_words_guess(first_bytes, words, sizeof(words) / sizeof(words[0])) == PROTO_NO)
		return PROTO_NO;
	while (lines_next(&lines, &first_bytes)) {
		enum proto_guess guess = guess_client_line(lines.text);
		if (guess == PROTO_NO)
			guess = guess_server_line(lines.text);
		if (guess != PROTO_PERHAPS)
			return guess;
	}
	return PROTO_PERHAPS;
}

/* Between lines there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	return lines_hold(&s->lines[0]) || lines_hold(&s->lines[1]) ? sizeof(*s)
								    : offsetof(struct state, lines);
}

const struct protocol protocol_irc = {
	.name = "irc",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ ':', ':' }, PROTO_LETTER('c'), PROTO_LETTER('n'),
		PROTO_LETTER('p'), PROTO_LETTER('u')),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
};
