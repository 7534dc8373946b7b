/*
 * stratum.c -- miners that introduce themselves to a pool: Stratum and its kin (one JSON object a line).
 *
 * Read are the client's lines until one names the worker, or LINES_MAX of them; then the flow is done.
 * Passwords are not kept. Recognised by the method in the first line, on any port; of a line LINE_BYTES_MAX
 * bytes are kept. Miners in TLS or WebSockets are not seen.
 */
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/mining.h"

#include <netinet/in.h>
#include <string.h>

enum { LINE_BYTES_MAX = 1024, LINES_MAX = 8 };

struct state {
	uint16_t length;
	uint8_t lines;
	char line[LINE_BYTES_MAX];
};

/* Read a string of JSON at `c`, escapes as they are. returns false when there is none */
static bool
string_read(struct cursor *c, struct cursor *ret_string)
{
	if (cursor_u8(c) != '"')
		return false;
	struct cursor begin = *c;
	size_t length = 0;
	for (uint8_t b = cursor_u8(c); b != '"'; b = cursor_u8(c)) {
		if (b == '\\') {
			(void)cursor_u8(c);
			length++;
		}
		if (c->short_read)
			return false;
		length++;
	}
	*ret_string = cursor_sub(&begin, length);
	return true;
}

static void
space_skip(struct cursor *c)
{
	while (cursor_left(c) > 0 && (*c->at == ' ' || *c->at == '\t'))
		(void)cursor_u8(c);
}

/* Move `c` to the value of a key, at whatever depth it is. returns false when it is not there */
static bool
value_find(struct cursor *c, const char *key)
{
	size_t length = strlen(key);

	while (cursor_left(c) > 0) {
		struct cursor string;
		if (*c->at != '"') {
			(void)cursor_u8(c);
			continue;
		}
		if (!string_read(c, &string))
			return false;
		space_skip(c);
		if (cursor_left(c) == 0 || *c->at != ':')
			continue;
		(void)cursor_u8(c);
		space_skip(c);
		if (cursor_left(&string) == length && memcmp(string.at, key, length) == 0)
			return true;
	}
	return false;
}

/* The string that a key has, or the first one of its list. Short when it has none. */
static struct cursor
string_of(struct cursor line, const char *key)
{
	struct cursor string = { .short_read = true };

	if (!value_find(&line, key))
		return string;
	if (cursor_left(&line) > 0 && *line.at == '[') {
		(void)cursor_u8(&line);
		space_skip(&line);
	}
	if (!string_read(&line, &string))
		string = (struct cursor){ .short_read = true };
	return string;
}

static bool
is_text(struct cursor c, const char *text)
{
	size_t length = strlen(text);

	return cursor_left(&c) == length && memcmp(c.at, text, length) == 0;
}

static bool
begins_with(struct cursor c, const char *text)
{
	size_t length = strlen(text);

	return cursor_left(&c) >= length && memcmp(c.at, text, length) == 0;
}

/* Of Bitcoin's kind, Ethereum's, and Monero's, whose bare "login" says who pays. */
static bool
is_miners(struct cursor line)
{
	struct cursor method = string_of(line, "method");

	return begins_with(method, "mining.") || begins_with(method, "eth_submit") ||
	       is_text(method, "eth_login") || is_text(method, "eth_getWork") ||
	       (is_text(method, "login") && !string_of(line, "login").short_read &&
		       !string_of(line, "pass").short_read);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;

	(void)call;
	if (cursor_u8(&c) != '{')
		return PROTO_NO;
	space_skip(&c);
	if (cursor_left(&c) > 0 && *c.at != '"')
		return PROTO_NO;
	if (is_miners(first_bytes))
		return PROTO_YES;
	bool is_whole = cursor_left(&c) > 0 && memchr(c.at, '\n', cursor_left(&c)) != NULL;
	return is_whole ? PROTO_NO : PROTO_PERHAPS;
}

static const char *
text_write(struct cursor string, char *ret_text)
{
	if (string.short_read)
		return NULL;
	(void)wire_text(ret_text, MINING_TEXT_MAX, string);
	return ret_text;
}

/* returns true when the line named the worker */
static bool
line_read(const struct proto_call *call, struct cursor line)
{
	char method_text[MINING_TEXT_MAX];
	char worker_text[MINING_TEXT_MAX];
	char agent_text[MINING_TEXT_MAX];
	struct cursor method = string_of(line, "method");
	bool is_subscribe = is_text(method, "mining.subscribe");
	bool is_login = is_text(method, "login");
	bool is_named = is_login || is_text(method, "mining.authorize") ||
			is_text(method, "eth_submitLogin") || is_text(method, "eth_login");

	if (!is_subscribe && !is_named)
		return false;
	struct cursor first = string_of(line, "params");
	const struct obs_mining mining = {
		.method = text_write(method, method_text),
		.worker = is_subscribe ? NULL
				       : text_write(is_login ? string_of(line, "login") : first,
						 worker_text),
		.agent = text_write(is_subscribe ? first : string_of(line, "agent"), agent_text),
	};
	call->emit(call->context, &(struct observation){ .kind = OBS_MINING,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .mining = &mining });
	return is_named;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	while (call->from_orig && cursor_left(&bytes) > 0) {
		uint8_t b = cursor_u8(&bytes);
		if (b != '\n') {
			if (s->length < sizeof(s->line))
				s->line[s->length++] = (char)b;
			continue;
		}
		bool is_named = line_read(call, cursor_over(s->line, s->length));
		s->length = 0;
		if (is_named || ++s->lines == LINES_MAX)
			return PROTO_DONE;
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	(void)missing;
	return call->from_orig ? PROTO_DONE : PROTO_MORE;
}

const struct protocol protocol_stratum = {
	.name = "stratum",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ '{', '{' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
};
