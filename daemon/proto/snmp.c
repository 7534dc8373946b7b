/*
 * snmp.c -- SNMP 1, 2c and 3 (RFC 1157, RFC 3416, RFC 3412): one row for a conversation, when it ends.
 *
 * Recognised by content on any port: a sequence, a version, and what follows it.
 * Requests are counted, and of what devices answer two objects are read: what they call themselves and
 * how long they run. What version 3 encrypts is not seen, so not counted.
 *
 * Bounds: the texts' caps (snmp.h); a message's objects are walked once.
 */
#include "daemon/transactions/snmp.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>

enum tag {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OBJECT = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_TICKS = 0x43,
	TAG_GET = 0xa0, /* and the other kinds of messages */
	TAG_GET_NEXT = 0xa1,
	TAG_RESPONSE = 0xa2,
	TAG_SET = 0xa3,
	TAG_GET_BULK = 0xa5,
	TAG_REPORT = 0xa8,
};

enum version { VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3 };

#define TICK_NS UINT64_C(10000000)

/* sysDescr.0 and sysUpTime.0 (RFC 3418). */
static const uint8_t description_object[] = { 0x2b, 6, 1, 2, 1, 1, 1, 0 };
static const uint8_t uptime_object[] = { 0x2b, 6, 1, 2, 1, 1, 3, 0 };

/* All zero: nothing was heard. */
struct state {
	uint64_t began_ns, last_ns, up_since_ns;
	uint32_t gets, bulks, responses, sets;
	bool is_begun, has_community, has_description;
	uint8_t version;
	char community[SNMP_COMMUNITY_MAX];
	char description[SNMP_TEXT_MAX];
};

struct element {
	uint8_t tag;
	struct cursor value; /* short when it is not all there */
};

/* A length in BER (X.690 section 8.1.3), up to 24 bits: a datagram needs 16. */
static size_t
read_length(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	size_t size = 0;

	if (first < 0x80)
		return first;
	if (first > 0x83 || first == 0x80)
		c->short_read = true;
	for (unsigned i = first & 0x7f; i > 0 && !c->short_read; i--)
		size = size << 8 | cursor_u8(c);
	return size;
}

static struct element
read_element(struct cursor *c)
{
	struct element e = { .tag = cursor_u8(c) };

	e.value = cursor_sub(c, read_length(c));
	return e;
}

/* The next element if it is one of these. returns a short cursor otherwise */
static struct cursor
read_tagged(struct cursor *c, enum tag tag)
{
	struct element e = read_element(c);

	return e.tag == tag ? e.value : (struct cursor){ .short_read = true };
}

/* What is in the outermost sequence; if that was cut, what is there of it. */
static struct cursor
open_message(struct cursor bytes)
{
	uint8_t tag = cursor_u8(&bytes);
	size_t size = read_length(&bytes);

	if (tag != TAG_SEQUENCE || bytes.short_read)
		return (struct cursor){ .short_read = true };
	return size < cursor_left(&bytes) ? cursor_sub(&bytes, size) : bytes;
}

/* A small number; UINT64_MAX when it is none. */
static uint64_t
number_of(struct cursor value)
{
	uint64_t n = 0;

	if (value.short_read || cursor_left(&value) == 0 || cursor_left(&value) > 5)
		return UINT64_MAX;
	while (cursor_left(&value) > 0)
		n = n << 8 | cursor_u8(&value);
	return n;
}

static bool
is_version(uint64_t version)
{
	return version == VERSION_1 || version == VERSION_2C || version == VERSION_3;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor message = open_message(first_bytes);
	uint64_t version = number_of(read_tagged(&message, TAG_INTEGER));

	(void)call;
	if (!is_version(version))
		return PROTO_NO;
	struct element next = read_element(&message);
	if (version == VERSION_3)
		return next.tag == TAG_SEQUENCE && !next.value.short_read ? PROTO_YES : PROTO_NO;
	uint8_t kind = cursor_u8(&message);
	return next.tag == TAG_OCTETS && kind >= TAG_GET && kind <= TAG_REPORT ? PROTO_YES
									       : PROTO_NO;
}

static bool
is_object(struct cursor name, const uint8_t object[8])
{
	size_t size = cursor_left(&name);
	const uint8_t *at = cursor_take(&name, size);

	return size == 8 && memcmp(at, object, 8) == 0;
}

/* What a device answers about itself. */
static void
read_objects(struct state *s, struct cursor objects, uint64_t ts_ns)
{
	while (cursor_left(&objects) > 0) {
		struct cursor pair = read_tagged(&objects, TAG_SEQUENCE);
		struct cursor name = read_tagged(&pair, TAG_OBJECT);
		struct element value = read_element(&pair);
		if (pair.short_read)
			continue;
		if (value.tag == TAG_OCTETS && is_object(name, description_object)) {
			(void)wire_text(s->description, sizeof(s->description), value.value);
			s->has_description = true;
		} else if (value.tag == TAG_TICKS && is_object(name, uptime_object)) {
			uint64_t ticks = number_of(value.value);
			if (ticks <= UINT32_MAX && ticks * TICK_NS < ts_ns)
				s->up_since_ns = ts_ns - ticks * TICK_NS;
		}
	}
}

static void
read_message(struct state *s, struct cursor *c, uint64_t ts_ns)
{
	struct element e = read_element(c);

	if (e.value.short_read)
		return;
	switch (e.tag) {
	case TAG_GET:
	case TAG_GET_NEXT:
		s->gets++;
		break;
	case TAG_GET_BULK:
		s->bulks++;
		break;
	case TAG_SET:
		s->sets++;
		break;
	case TAG_RESPONSE:
		s->responses++;
		(void)read_tagged(&e.value, TAG_INTEGER); /* number */
		(void)read_tagged(&e.value, TAG_INTEGER); /* error */
		(void)read_tagged(&e.value, TAG_INTEGER); /* and where */
		read_objects(s, read_tagged(&e.value, TAG_SEQUENCE), ts_ns);
		break;
	default:
		break;
	}
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct cursor c = open_message(bytes);
	uint64_t version = number_of(read_tagged(&c, TAG_INTEGER));

	if (!is_version(version))
		return PROTO_MORE;
	if (!s->is_begun)
		s->began_ns = call->ts_ns;
	s->is_begun = true;
	if (call->ts_ns > s->last_ns)
		s->last_ns = call->ts_ns;
	s->version = (uint8_t)version;
	if (version == VERSION_3) {
		(void)read_element(&c); /* header */
		(void)read_element(&c); /* security */
		c = read_tagged(&c, TAG_SEQUENCE);
		(void)read_element(&c); /* engine */
		(void)read_element(&c); /* context */
	} else {
		struct cursor community = read_tagged(&c, TAG_OCTETS);
		if (community.short_read)
			return PROTO_MORE;
		(void)wire_text(s->community, sizeof(s->community), community);
		s->has_community = true;
	}
	read_message(s, &c, call->ts_ns);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	const struct state *s = call->state;
	static const char *const names[] = {
		[VERSION_1] = "1", [VERSION_2C] = "2c", [VERSION_3] = "3"
	};
	const struct obs_snmp snmp = {
		.duration = s->last_ns - s->began_ns,
		.version = names[s->version],
		.community = s->has_community ? s->community : NULL,
		.get_requests = s->gets,
		.get_bulk_requests = s->bulks,
		.get_responses = s->responses,
		.set_requests = s->sets,
		.display_string = s->has_description ? s->description : NULL,
		.up_since = s->up_since_ns,
	};

	if (s->is_begun)
		call->emit(call->context, &(struct observation){ .kind = OBS_SNMP,
						  .ts_ns = s->last_ns,
						  .interface = call->interface,
						  .began_ns = s->began_ns,
						  .snmp = &snmp });
}

const struct protocol protocol_snmp = {
	.name = "snmp",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ TAG_SEQUENCE, TAG_SEQUENCE }),
	.looks_like = looks_like,
	.parse = parse,
	.end = end,
};
