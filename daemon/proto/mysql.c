/*
 * mysql.c -- log-ins and commands of MySQL's client/server protocol (dev.mysql.com, "Client/Server Protocol").
 *
 * Each message has its length in three bytes and a number that counts from 0 with every command. Read
 * are the log-in, each command with its text, and the first message of the answer, which has the
 * outcome; rows of results are passed. A conversation that turns to TLS or to compression is done.
 *
 * Recognised by the server's greeting (version 10), or its refusal instead of one, on any port. Kept
 * are MESSAGE_KEPT bytes of a message and the text of one command: a longer query is cut.
 */
#include "daemon/transactions/mysql.h"
#include "daemon/proto/framed.h"
#include "daemon/proto/mysql_query.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"

#include <netinet/in.h>
#include <string.h>

enum {
	HEADER_BYTES = 4,
	MESSAGE_KEPT = 1088,
	GREETING_VERSION = 10,
	GREETING_MIN = 20,
	GREETING_MAX = 512,
	VERSION_MAX = 100, /* MariaDB's are long */
	SCRAMBLE_BYTES = 8,
	SSL_REQUEST_BYTES = 32,
	CLIENT_COMPRESS = 0x20,
	CLIENT_PROTOCOL_41 = 0x200,
	CLIENT_SSL = 0x800,
	CLIENT_ZSTD = 0x4000000,
	CLIENT_QUERY_ATTRIBUTES = 0x8000000,
	REPLY_OK = 0x00,
	REPLY_AUTH_MORE = 0x01,
	REPLY_FILE = 0xfb, /* the client is to send one */
	REPLY_AUTH_SWITCH = 0xfe,
	REPLY_ERROR = 0xff,
	ERROR_FIRST = 1000, /* of the server */
	ERROR_END = 5000,
	COM_QUIT = 1,
	COM_INIT_DB = 2,
	COM_QUERY = 3,
	COM_CREATE_DB = 5,
	COM_DROP_DB = 6,
	COM_CHANGE_USER = 17,
	COM_STMT_PREPARE = 22,
	COM_STMT_SEND_LONG_DATA = 24,
	COM_STMT_CLOSE = 25,
};

static const char login_name[] = "login";

struct state {
	struct framed framed[2];
	bool is_greeted, is_logged_in;
	uint32_t capabilities; /* the client's */
	const char *command;   /* that awaits its answer; NULL: none does */
	uint64_t began_ns;
	char arg[MYSQL_ARG_MAX]; /* of `command` */
	uint8_t bytes[2][MESSAGE_KEPT];
};

static uint64_t
size_of(struct cursor head)
{
	uint32_t size = cursor_le16(&head);

	size |= (uint32_t)cursor_u8(&head) << 16;
	(void)cursor_u8(&head);
	return head.short_read ? 0 : size + HEADER_BYTES;
}

/* A version's text: "5.7.42-log", "5.5.5-10.11.6-MariaDB". `c` moves past its NUL. */
static enum proto_guess
version_pass(struct cursor *c)
{
	for (unsigned i = 0; i < VERSION_MAX; i++) {
		uint8_t b = cursor_u8(c);
		if (c->short_read)
			return PROTO_PERHAPS;
		if (b == 0)
			return i >= 3 ? PROTO_YES : PROTO_NO;
		if (b <= ' ' || b > '~' || (i == 0 && (b < '0' || b > '9')))
			return PROTO_NO;
	}
	return PROTO_NO;
}

static enum proto_guess
looks_like_refusal(struct cursor c, uint64_t size)
{
	uint16_t code = cursor_le16(&c);

	if (c.short_read)
		return PROTO_PERHAPS;
	if (code < ERROR_FIRST || code >= ERROR_END || size < GREETING_MIN || size > GREETING_MAX)
		return PROTO_NO;
	while (cursor_left(&c) > 0)
		if (cursor_u8(&c) < ' ')
			return PROTO_NO;
	return PROTO_YES;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint64_t size = size_of(first_bytes);

	(void)call;
	if (size == 0)
		return PROTO_PERHAPS;
	(void)cursor_take(&c, HEADER_BYTES - 1);
	if (size < HEADER_BYTES + GREETING_MIN || size > GREETING_MAX || cursor_u8(&c) != 0)
		return PROTO_NO;
	uint8_t version = cursor_u8(&c);
	if (c.short_read)
		return PROTO_PERHAPS;
	if (version == REPLY_ERROR)
		return looks_like_refusal(c, size);
	if (version != GREETING_VERSION)
		return PROTO_NO;
	enum proto_guess guess = version_pass(&c);
	if (guess != PROTO_YES)
		return guess;
	(void)cursor_take(
		&c, 4 + SCRAMBLE_BYTES); /* the connection's number, half of a challenge */
	uint8_t filler = cursor_u8(&c);
	if (c.short_read)
		return PROTO_PERHAPS;
	return filler == 0 ? PROTO_YES : PROTO_NO;
}

static void
tell(const struct proto_call *call, struct state *s, enum truth success, uint64_t rows,
	const char *response)
{
	const struct obs_mysql mysql = {
		.command = s->command,
		.arg = s->arg,
		.success = success,
		.rows = rows,
		.response = response,
	};
	const struct obs_login login = {
		.protocol = "mysql",
		.user = s->arg,
		.success = success,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};
	struct observation o = {
		.kind = OBS_MYSQL,
		.ts_ns = call->ts_ns,
		.began_ns = s->began_ns,
		.interface = call->interface,
		.mysql = &mysql,
	};

	call->emit(call->context, &o);
	if (s->command == login_name) {
		o.kind = OBS_LOGIN;
		o.login = &login;
		call->emit(call->context, &o);
	}
	s->command = NULL;
}

static void
tell_unanswered(const struct proto_call *call, struct state *s)
{
	if (s->command != NULL)
		tell(call, s, TRUTH_UNKNOWN, TRANSACTION_UNSET, NULL);
}

/* A text that a NUL ends, without it; all there is if none does. */
static struct cursor
text_read(struct cursor *c)
{
	size_t left = cursor_left(c);
	const uint8_t *nul = left > 0 ? memchr(c->at, 0, left) : NULL;
	struct cursor text = cursor_sub(c, nul == NULL ? left : (size_t)(nul - c->at));

	(void)cursor_u8(c);
	return text;
}

static enum proto_verdict
login_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	bool is_ssl_request = cursor_left(&c) == SSL_REQUEST_BYTES;
	struct cursor rest = c;

	s->capabilities = cursor_le32(&c);
	if (s->capabilities & CLIENT_PROTOCOL_41) {
		/* The longest message, a character set, 23 zeros. */
		(void)cursor_take(&c, 4 + 1 + 23);
		if (is_ssl_request && (s->capabilities & CLIENT_SSL) != 0)
			return PROTO_DONE;
	} else {
		s->capabilities = cursor_le16(&rest);
		(void)cursor_take(&rest, 3);
		c = rest;
	}
	if (c.short_read)
		return PROTO_DONE;
	s->command = login_name;
	s->began_ns = call->ts_ns;
	(void)wire_text(s->arg, sizeof(s->arg), text_read(&c));
	return PROTO_MORE;
}

static const char *
command_name(uint8_t command)
{
	static const char *const names[] = {
		"sleep",
		"quit",
		"init_db",
		"query",
		"field_list",
		"create_db",
		"drop_db",
		"refresh",
		"shutdown",
		"statistics",
		"process_info",
		"connect",
		"process_kill",
		"debug",
		"ping",
		"time",
		"delayed_insert",
		"change_user",
		"binlog_dump",
		"table_dump",
		"connect_out",
		"register_slave",
		"stmt_prepare",
		"stmt_execute",
		"stmt_send_long_data",
		"stmt_close",
		"stmt_reset",
		"set_option",
		"stmt_fetch",
		"daemon",
		"binlog_dump_gtid",
		"reset_connection",
	};

	return command < sizeof(names) / sizeof(names[0]) ? names[command] : NULL;
}

/* What a command's text is; empty for those whose arguments are numbers. */
static struct cursor
argument_read(const struct state *s, uint8_t command, struct cursor c)
{
	switch (command) {
	case COM_QUERY:
		if (s->capabilities & CLIENT_QUERY_ATTRIBUTES)
			mysql_attributes_pass(&c);
		return c;
	case COM_INIT_DB:
	case COM_CREATE_DB:
	case COM_DROP_DB:
	case COM_STMT_PREPARE:
		return c;
	case COM_CHANGE_USER:
		return text_read(&c);
	default:
		return (struct cursor){ .short_read = true };
	}
}

static enum proto_verdict
command_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	uint8_t command = cursor_u8(&c);

	tell_unanswered(call, s);
	if (c.short_read)
		return PROTO_MORE;
	s->command = command_name(command);
	if (s->command == NULL)
		return PROTO_DONE;
	s->began_ns = call->ts_ns;
	(void)wire_text(s->arg, sizeof(s->arg), argument_read(s, command, c));
	if (command == COM_QUIT || command == COM_STMT_SEND_LONG_DATA || command == COM_STMT_CLOSE)
		tell_unanswered(call, s);
	return command == COM_QUIT ? PROTO_DONE : PROTO_MORE;
}

/* Not the first message of a command belongs to a log-in's dialogue, or to a file that is sent. */
static enum proto_verdict
client_read(const struct proto_call *call, struct state *s, struct cursor message)
{
	(void)cursor_take(&message, HEADER_BYTES - 1);
	uint8_t number = cursor_u8(&message);

	if (!s->is_greeted)
		return PROTO_DONE;
	if (!s->is_logged_in && s->command == NULL)
		return login_read(call, s, message);
	return number == 0 && s->is_logged_in ? command_read(call, s, message) : PROTO_MORE;
}

static void
error_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	char response[MYSQL_RESPONSE_MAX];

	(void)cursor_le16(&c); /* the error's number */
	struct cursor text = c;
	if (cursor_u8(&c) == '#') {
		(void)cursor_take(&c, 5); /* SQL's state */
		text = c;
	}
	(void)wire_text(response, sizeof(response), text);
	tell(call, s, TRUTH_NO, TRANSACTION_UNSET, response);
}

static enum proto_verdict
answer_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	bool is_login = s->command == login_name;
	bool is_dialogue = is_login || s->command == command_name(COM_CHANGE_USER);
	uint8_t kind = cursor_u8(&c);

	if (c.short_read || kind == REPLY_FILE ||
		(is_dialogue && (kind == REPLY_AUTH_MORE || kind == REPLY_AUTH_SWITCH)))
		return PROTO_MORE;
	if (kind == REPLY_ERROR) {
		error_read(call, s, c);
		return is_login ? PROTO_DONE : PROTO_MORE;
	}
	uint64_t rows = kind == REPLY_OK ? mysql_integer(&c) : 0;
	tell(call, s, TRUTH_YES, c.short_read ? 0 : rows, NULL);
	s->is_logged_in = true;
	return is_login && (s->capabilities & (CLIENT_COMPRESS | CLIENT_ZSTD)) != 0 ? PROTO_DONE
										    : PROTO_MORE;
}

static enum proto_verdict
server_read(const struct proto_call *call, struct state *s, struct cursor message)
{
	(void)cursor_take(&message, HEADER_BYTES);
	if (!s->is_greeted) {
		s->is_greeted = true;
		return cursor_u8(&message) == REPLY_ERROR ? PROTO_DONE : PROTO_MORE;
	}
	return s->command != NULL ? answer_read(call, s, message) : PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	tell_unanswered(call, call->state);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	struct cursor message;

	while (framed_next(&s->framed[side], s->bytes[side], MESSAGE_KEPT, size_of, &bytes,
		       &message) == FRAMED_MESSAGE)
		if ((side == 0 ? client_read(call, s, message) : server_read(call, s, message)) !=
			PROTO_MORE) {
			end(call);
			return PROTO_DONE;
		}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (framed_gap(&s->framed[call->from_orig ? 0 : 1], missing))
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

/* Between messages there is no need for room for them, nor between commands for what they say. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	if (framed_holds(&s->framed[0]) || framed_holds(&s->framed[1]))
		return sizeof(*s);
	return s->command != NULL ? offsetof(struct state, bytes) : offsetof(struct state, arg);
}

const struct protocol protocol_mysql = {
	.name = "mysql",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.state_zeroed = offsetof(struct state, arg),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
