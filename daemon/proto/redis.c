/*
 * redis.c -- who talks to a Redis server, and what he may.
 *
 * Told are the first command of a conversation, whatever it is, with the kind of its answer: it shows a
 * server that lets everybody in. After that commands that change the server or its users, and each
 * log-in (AUTH, HELLO). Answers are counted to find a command's own; one such command at a time waits
 * for its answer. Secrets are not kept. Where a conversation turns to subscriptions or replication, of
 * which answers cannot be counted, it is done.
 *
 * Recognised by a command as clients send it, an array of strings, on any port.
 */
#include "daemon/transactions/redis.h"
#include "daemon/base/ascii.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/resp.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"

#include <netinet/in.h>
#include <string.h>
#include <strings.h>

enum {
	NAME_MIN = 2,
	NAME_MAX = 24,  /* of a command, the NUL included */
	ARGS_MAX = 5,   /* HELLO 3 AUTH user password */
	DIGITS_MAX = 2, /* of the counts by which a first command is recognised */
};

/* The command that awaits its answer, or is coming. */
struct command {
	char name[NAME_MAX];
	char arg[REDIS_TEXT_MAX];
	char user[REDIS_TEXT_MAX];
	bool has_arg, is_login;
	uint32_t number;
	uint64_t began_ns;
};

struct state {
	struct resp sides[2];
	uint32_t sent, answered;
	bool is_waiting;  /* for the answer of `waiting` */
	bool is_unwanted; /* the answer that is coming is none: a message of another kind */
	struct command coming, waiting;
};

/* Read "Xdigits\r\n". returns its number, 0 when it is not that; `c` is short when it is cut */
static unsigned
count_read(struct cursor *c, char type)
{
	unsigned number = 0;
	unsigned digits = 0;
	uint8_t b = cursor_u8(c);

	if (b != (uint8_t)type)
		return 0;
	for (b = cursor_u8(c); b >= '0' && b <= '9' && digits < DIGITS_MAX; b = cursor_u8(c)) {
		number = number * 10 + (b - '0');
		digits++;
	}
	if (c->short_read)
		return 0;
	bool is_line = b == '\r' && cursor_u8(c) == '\n';
	return is_line || c->short_read ? number : 0;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;

	(void)call;
	unsigned values = count_read(&c, '*');
	unsigned length = values > 0 ? count_read(&c, '$') : 0;
	if (c.short_read)
		return cursor_u8(&first_bytes) == '*' ? PROTO_PERHAPS : PROTO_NO;
	if (values == 0 || length < NAME_MIN || length >= NAME_MAX)
		return PROTO_NO;
	for (unsigned i = 0; i < length; i++) {
		uint8_t b = cursor_u8(&c);
		if (c.short_read)
			return PROTO_PERHAPS;
		if (!ascii_is_letter(b) && b != '.' && b != '_')
			return PROTO_NO;
	}
	return PROTO_YES;
}

static bool
is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Commands by which servers are taken over, spied out, or emptied. */
static bool
is_telling(const char *name)
{
	static const char *const names[] = { "ACL", "CLUSTER", "CONFIG", "DEBUG", "EVAL", "EVALSHA",
		"FLUSHALL", "FLUSHDB", "FUNCTION", "INFO", "KEYS", "MIGRATE", "MODULE", "REPLICAOF",
		"SAVE", "BGSAVE", "SCRIPT", "SHUTDOWN", "SLAVEOF", "SYSTEM.EXEC" };

	return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

static bool
is_last_of_its_kind(const char *name)
{
	static const char *const names[] = { "MONITOR", "PSUBSCRIBE", "PSYNC", "SSUBSCRIBE",
		"SUBSCRIBE", "SYNC" };

	return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}

static void
tell(const struct proto_call *call, struct state *s, enum truth success, const char *reply)
{
	const struct command *w = &s->waiting;
	const struct obs_redis redis = {
		.command = w->name,
		.arg = w->has_arg ? w->arg : NULL,
		.success = success,
		.reply = reply,
	};
	const struct obs_login login = {
		.protocol = "redis",
		.user = w->user,
		.success = success,
		.method = w->name,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};
	struct observation o = {
		.kind = OBS_REDIS,
		.ts_ns = call->ts_ns,
		.began_ns = w->began_ns,
		.interface = call->interface,
		.redis = &redis,
	};

	call->emit(call->context, &o);
	if (w->is_login) {
		o.kind = OBS_LOGIN;
		o.login = &login;
		call->emit(call->context, &o);
	}
	s->is_waiting = false;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	if (s->is_waiting)
		tell(call, s, TRUTH_UNKNOWN, NULL);
}

/* An argument of the command that is coming; 1 is the first. The default user is "default". */
static void
argument_read(struct command *k, uint32_t number, struct cursor text)
{
	bool is_auth = strcmp(k->name, "AUTH") == 0;
	bool is_hello = strcmp(k->name, "HELLO") == 0;

	if (is_auth && number == 1)
		(void)wire_text(k->arg, sizeof(k->arg), text);
	/* Only a second argument shows that the first was no password. */
	if (is_auth && number == 2)
		memcpy(k->user, k->arg, sizeof(k->user));
	if (is_hello && number == 2)
		k->is_login = cursor_left(&text) == 4 &&
			      strncasecmp((const char *)text.at, "AUTH", 4) == 0;
	if (is_hello && number == 3 && k->is_login)
		(void)wire_text(k->user, sizeof(k->user), text);
	if (!is_auth && number == 1) {
		(void)wire_text(k->arg, sizeof(k->arg), text);
		k->has_arg = true;
	}
}

static void
name_read(const struct proto_call *call, struct command *k, struct cursor text)
{
	*k = (struct command){ .began_ns = call->ts_ns, .user = "default" };
	(void)wire_text(k->name, sizeof(k->name), text);
	for (char *c = k->name; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	k->is_login = strcmp(k->name, "AUTH") == 0;
}

/* A whole command was read. */
static enum proto_verdict
command_end(struct proto_call *call, struct state *s)
{
	struct command *k = &s->coming;
	bool is_last = is_last_of_its_kind(k->name);

	k->number = ++s->sent;
	if (k->number > 1 && !is_last && !k->is_login && !is_telling(k->name))
		return PROTO_MORE;
	end(call);
	s->waiting = *k;
	s->is_waiting = true;
	return is_last ? PROTO_DONE : PROTO_MORE;
}

/* A command in a line as people type it; its words are not told apart further. */
static void
line_read(const struct proto_call *call, struct state *s, const struct resp_value *v)
{
	char line[REDIS_TEXT_MAX] = { v->type };

	(void)wire_text(line + 1, sizeof(line) - 1, v->text);
	name_read(call, &s->coming, cursor_over(line, strcspn(line, " ")));
}

static enum proto_verdict
client_read(struct proto_call *call, struct state *s, const struct resp_value *v)
{
	if (v->index == 0 && v->type != '*' && !ascii_is_letter((uint8_t)v->type))
		return PROTO_DONE;
	if (v->index == 0 && v->type != '*')
		line_read(call, s, v);
	else if (v->index == 1)
		name_read(call, &s->coming, v->text);
	else if (v->index > 1 && v->index <= ARGS_MAX)
		argument_read(&s->coming, v->index - 1, v->text);
	else if (v->index == 0 && v->is_last)
		return PROTO_MORE; /* an empty array is no command */
	return v->is_last ? command_end(call, s) : PROTO_MORE;
}

static void
server_read(const struct proto_call *call, struct state *s, const struct resp_value *v)
{
	if (v->index == 0)
		s->is_unwanted = v->type == '>';
	if (s->is_unwanted)
		return;
	if (v->index == 0)
		s->answered++;
	if (v->index != 0 || !s->is_waiting || s->answered != s->waiting.number)
		return;
	char reply[REDIS_TEXT_MAX];
	bool is_line = v->type == '+' || v->type == '-';
	(void)wire_text(reply, sizeof(reply), v->text);
	tell(call, s, v->type == '-' || v->type == '!' ? TRUTH_NO : TRUTH_YES,
		is_line ? reply : NULL);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	enum proto_verdict verdict = PROTO_MORE;
	enum resp_verdict v;
	struct resp_value value;

	while ((v = resp_next(&s->sides[call->from_orig ? 0 : 1], &bytes, &value)) == RESP_VALUE &&
		verdict == PROTO_MORE) {
		if (call->from_orig)
			verdict = client_read(call, s, &value);
		else
			server_read(call, s, &value);
	}
	if (v != RESP_BROKEN && verdict == PROTO_MORE)
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;
	struct resp *r = &s->sides[call->from_orig ? 0 : 1];

	/* Of what is kept of a string nothing may be missing. */
	if (r->type != 0 && r->length == sizeof(r->text) && missing < r->bytes_left) {
		r->bytes_left -= missing;
		return PROTO_MORE;
	}
	end(call);
	return PROTO_DONE;
}

const struct protocol protocol_redis = {
	.name = "redis",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ '*', '*' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
