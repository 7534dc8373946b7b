/*
 * dns.c -- the addresses that DNS answers name (RFC 1035, RFC 3596).
 *
 * Recognised by content: a plausible header and a question that parses. Of an answer the query name
 * and its A and AAAA records are emitted; everything else in it is for a later parser. Names follow
 * compression pointers only backwards, so a loop cannot be built. UDP only, also mDNS and LLMNR,
 * which share the format. A flow is never done: each message is a transaction of its own.
 */
#include "daemon/proto/dns.h"
#include "daemon/transactions/dns.h"

#include <netinet/in.h>
#include <string.h>

enum {
	HEADER_BYTES = 12,
	FLAG_RESPONSE = 0x8000,
	OPCODE_MASK = 0x7800,
	RCODE_MASK = 0x000f,
	TYPE_A = 1,
	TYPE_AAAA = 28,
	CLASS_IN = 1,
	CLASS_MASK = 0x7fff, /* the top bit is mDNS's (RFC 6762 §10.2) */
	RECORDS_MAX = 64,    /* of one message; what is past it is not looked at */
	QUESTIONS_MAX = 4,
	LABEL_MAX = 63,
	JUMPS_MAX = 64, /* of one name: chains of bare pointers cost time and say nothing */
};

struct header {
	uint16_t flags, questions, answers;
};

static bool
header_read(struct cursor *c, struct header *ret_header)
{
	(void)cursor_be16(c);
	ret_header->flags = cursor_be16(c);
	ret_header->questions = cursor_be16(c);
	ret_header->answers = cursor_be16(c);
	(void)cursor_be16(c);
	(void)cursor_be16(c);
	return !c->short_read;
}

/* One byte of a label as people read it; dots and what no host name has are written as \DDD. */
static size_t
byte_write(uint8_t b, char *out)
{
	if (b >= 'A' && b <= 'Z')
		b = (uint8_t)(b - 'A' + 'a');
	if (b > ' ' && b < 0x7f && b != '.' && b != '\\') {
		out[0] = (char)b;
		return 1;
	}
	out[0] = '\\';
	out[1] = (char)('0' + b / 100);
	out[2] = (char)('0' + b / 10 % 10);
	out[3] = (char)('0' + b % 10);
	return 4;
}

/* Append one label of `size` bytes to a name. returns false when it does not fit */
static bool
label_write(struct cursor *c, uint8_t size, char *text, size_t *length)
{
	if (*length > 0)
		text[(*length)++] = '.';
	for (uint8_t i = 0; i < size; i++) {
		if (*length + 6 > DNS_NAME_MAX) /* an escaped byte, a dot, the NUL */
			return false;
		*length += byte_write(cursor_u8(c), text + *length);
	}
	return true;
}

/*
 * Where in `message` a name goes on, whose pointer at `c` started with `size`. A pointer must go
 * before `limit`, the start of what was read last.
 *
 * returns  false when it does not
 */
static bool
pointer_read(struct cursor *c, uint8_t size, size_t limit, size_t *ret_target)
{
	*ret_target = (size_t)(size & 0x3f) << 8 | cursor_u8(c);
	return !c->short_read && *ret_target < limit;
}

/* Move `c` past a name without reading it. returns false when it is malformed */
static bool
name_skip(struct cursor *c)
{
	for (;;) {
		uint8_t size = cursor_u8(c);
		if (size >= 0xc0)
			return cursor_take(c, 1) != NULL;
		if (size == 0 || size > LABEL_MAX)
			return size == 0 && !c->short_read;
		(void)cursor_take(c, size);
	}
}

/*
 * Read a name at `c`, which moves past it, following pointers into `message`.
 *
 * ret_text  DNS_NAME_MAX bytes
 * returns   false when it is malformed, or too long to write
 */
static bool
name_read(struct cursor message, struct cursor *c, char *ret_text)
{
	struct cursor at = *c;
	size_t limit = (size_t)(c->at - message.at);
	size_t length = 0;

	if (!name_skip(c))
		return false;
	for (unsigned jumps = 0;;) {
		uint8_t size = cursor_u8(&at);
		if (at.short_read)
			return false;
		if (size >= 0xc0) {
			if (jumps++ == JUMPS_MAX || !pointer_read(&at, size, limit, &limit))
				return false;
			at = message;
			(void)cursor_take(&at, limit);
		} else if (size > LABEL_MAX ||
			   (size > 0 && !label_write(&at, size, ret_text, &length))) {
			return false;
		} else if (size == 0) {
			break;
		}
	}
	ret_text[length] = '\0';
	return true;
}

static bool
class_known(uint16_t class)
{
	class &= CLASS_MASK;
	return class == CLASS_IN || class == 3 || class == 4 || class >= 254;
}

enum proto_guess
dns_looks_like(struct cursor message)
{
	struct header h;

	if (!header_read(&message, &h))
		return PROTO_PERHAPS;
	if ((h.flags & OPCODE_MASK) != 0 || h.questions > QUESTIONS_MAX ||
		h.answers > RECORDS_MAX || (h.questions == 0 && (h.flags & FLAG_RESPONSE) == 0))
		return PROTO_NO;
	bool is_name = name_skip(&message);
	if (message.short_read)
		return PROTO_PERHAPS;
	uint16_t type = cursor_be16(&message);
	uint16_t class = cursor_be16(&message);
	if (message.short_read)
		return is_name ? PROTO_PERHAPS : PROTO_NO;
	return is_name && class_known(class) && type != 0 ? PROTO_YES : PROTO_NO;
}

/* A datagram is all there is. */
static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	return dns_looks_like(first_bytes) == PROTO_YES ? PROTO_YES : PROTO_NO;
}

/* Read one resource record; an address goes to `ret_answers`. returns false when the message ends here */
static bool
record_read(struct cursor *c, struct dns_answer *ret_answers, size_t *count)
{
	if (!name_skip(c))
		return false;
	uint16_t type = cursor_be16(c);
	uint16_t class = cursor_be16(c) & CLASS_MASK;
	uint32_t ttl = cursor_be32(c);
	struct cursor data = cursor_sub(c, cursor_be16(c));
	size_t size = cursor_left(&data);
	if (data.short_read)
		return false;
	if (class != CLASS_IN || *count == DNS_ANSWERS_MAX)
		return true;
	if (type == TYPE_A && size == 4)
		ret_answers[(*count)++] =
			(struct dns_answer){ addr_from_v4(cursor_take(&data, 4)), ttl };
	else if (type == TYPE_AAAA && size == 16)
		ret_answers[(*count)++] =
			(struct dns_answer){ addr_from_v6(cursor_take(&data, 16)), ttl };
	return true;
}

void
dns_message(struct proto_call *call, struct cursor message)
{
	struct cursor c = message;
	struct header h;
	char query[DNS_NAME_MAX] = "";
	struct dns_answer answers[DNS_ANSWERS_MAX];
	struct obs_dns dns = {
		.client = call->dst, .server = call->src, .query = query, .answers = answers
	};

	if (!header_read(&c, &h) || (h.flags & FLAG_RESPONSE) == 0)
		return;
	for (uint16_t i = 0; i < h.questions && i < QUESTIONS_MAX; i++) {
		if (i == 0 ? !name_read(message, &c, query) : !name_skip(&c))
			return;
		uint16_t type = cursor_be16(&c);
		(void)cursor_be16(&c);
		if (i == 0)
			dns.query_type = type;
	}
	dns.rcode = h.flags & RCODE_MASK;
	for (uint16_t i = 0; i < h.answers && i < RECORDS_MAX; i++)
		if (!record_read(&c, answers, &dns.answer_count))
			break;
	call->emit(call->context, &(struct observation){ .kind = OBS_DNS,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .dns = &dns });
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	dns_message(call, bytes);
	return PROTO_MORE;
}

const struct protocol protocol_dns = {
	.name = "dns",
	.ip_proto = IPPROTO_UDP,
	.looks_like = looks_like,
	.parse = parse,
};
