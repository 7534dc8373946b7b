/*
 * dns_message.c -- one DNS message: header, question, answers, EDNS.
 *
 * Bounds: QUESTIONS_MAX questions, RECORDS_MAX records of each section, DNS_TEXTS_MAX texts with
 * DNS_TEXT_BYTES together, DNS_ANSWERS_MAX addresses. What is past them is not looked at.
 */
#include "daemon/proto/dns_message.h"

#include "daemon/proto/dns_name.h"

#include <string.h>

enum {
	PORT_DNS = 53,
	PORT_NETBIOS = 137,
	PORT_MULTICAST = 5353,
	PORT_LINK_LOCAL = 5355,
	OPCODE_INVERSE = 1 << 11, /* asks with a record for its owner; RFC 1035 section 6.4 */
	OPCODE_LAST = 9 << 11,    /* NetBIOS's refresh; DNS's own end at 6 */
	RECORDS_MAX = 128,        /* of a section */
	QUESTIONS_MAX = 32,       /* multicast DNS asks for a house at a time */
};

static bool
has_port(const struct proto_call *call, uint16_t port)
{
	return call->src_port == port || call->dst_port == port;
}

enum dns_way
dns_way_of(const struct proto_call *call)
{
	if (has_port(call, PORT_MULTICAST))
		return DNS_MULTICAST;
	return has_port(call, PORT_LINK_LOCAL) ? DNS_LINK_LOCAL : DNS_SERVERS;
}

bool
dns_header_read(struct cursor *c, struct dns_header *ret_header)
{
	ret_header->id = cursor_be16(c);
	ret_header->flags = cursor_be16(c);
	ret_header->questions = cursor_be16(c);
	ret_header->answers = cursor_be16(c);
	ret_header->authority = cursor_be16(c);
	ret_header->additional = cursor_be16(c);
	return !c->short_read;
}

static bool
class_known(uint16_t class)
{
	class &= DNS_CLASS_MASK;
	return class == DNS_CLASS_IN || class == 3 || class == 4 || class >= 254;
}

/* A name, a type and a class: the first question, or the first record. The root alone is too little to tell by. */
static enum proto_guess
begins_with_name(struct cursor message, struct cursor c)
{
	struct cursor first = c;
	bool is_root = cursor_u8(&first) == 0 && !first.short_read;
	enum dns_name_fault fault = dns_name_follow(message, &c, NULL);
	uint16_t type = cursor_be16(&c);
	uint16_t class = cursor_be16(&c);

	if (is_root || fault > DNS_NAME_CUT)
		return PROTO_NO;
	if (c.short_read)
		return PROTO_PERHAPS;
	return class_known(class) && type != 0 ? PROTO_YES : PROTO_NO;
}

/* Is there something to ask or to say, and not more than anybody does? */
static bool
has_plausible_counts(const struct dns_header *h)
{
	bool is_inverse = (h->flags & DNS_OPCODE) == OPCODE_INVERSE;

	if (h->questions > QUESTIONS_MAX || h->answers > RECORDS_MAX)
		return false;
	if ((h->flags & DNS_RESPONSE) == 0)
		return h->questions > 0 || (is_inverse && h->answers > 0);
	return true;
}

/*
 * Where DNS is expected, the rare and the broken is believed: updates, registrations, odd classes, names that are
 * none behind a plausible header, and an implausible header before a name that is fine.
 */
enum proto_guess
dns_looks_like(const struct proto_call *call, struct cursor message)
{
	struct cursor c = message;
	struct dns_header h;
	bool is_expected = has_port(call, PORT_DNS) || has_port(call, PORT_NETBIOS) ||
			   has_port(call, PORT_MULTICAST) || has_port(call, PORT_LINK_LOCAL);

	if (!dns_header_read(&c, &h))
		return PROTO_PERHAPS;
	if ((h.flags & DNS_OPCODE) > (is_expected ? OPCODE_LAST : 0))
		return PROTO_NO;
	bool is_plausible = has_plausible_counts(&h);
	if (is_plausible && is_expected)
		return PROTO_YES;
	if (is_expected ? h.questions == 0 : !is_plausible || (h.questions == 0 && h.answers == 0))
		return PROTO_NO;
	return begins_with_name(message, c);
}

bool
dns_questions_read(struct cursor message, struct cursor *c, const struct dns_header *h,
	struct dns_question *ret_question)
{
	struct dns_question later;

	ret_question->is_there = false;
	for (uint16_t i = 0; i < h->questions; i++) {
		struct dns_question *q = i == 0 ? ret_question : &later;
		if (i == QUESTIONS_MAX || !dns_name_read(message, c, q->name))
			return false;
		q->type = cursor_be16(c);
		q->class = cursor_be16(c);
		if (c->short_read)
			return false;
		q->is_there = true;
		if (q == &later)
			*ret_question = later;
	}
	return true;
}

/* Append a text of the answers, or its owner's name. returns NULL when it does not fit, or there is none */
static const char *
text_add(struct strbuf *out, struct cursor message, const struct dns_record *r, bool owner)
{
	char *text = out->text + out->length;
	struct strbuf room;
	char name[DNS_NAME_MAX];

	strbuf_init(&room, text, out->capacity - out->length);
	if (owner && dns_record_owner(message, r, name))
		strbuf_text(&room, name);
	else if (owner || !dns_record_text(message, r, &room))
		return NULL;
	if (room.truncated || strbuf_extend(out, room.length + 1) == NULL)
		return NULL;
	text[room.length] = '\0';
	return text;
}

static void
addresses_add(struct dns_answers *a, const struct dns_record *r, const char *owner)
{
	struct addr found[DNS_ANSWERS_MAX];
	size_t count = dns_record_addresses(r, found, DNS_ANSWERS_MAX - a->address_count);

	for (size_t i = 0; i < count; i++)
		a->addresses[a->address_count++] = (struct dns_answer){ found[i], r->ttl_s, owner };
}

bool
dns_answers_read(struct cursor message, struct cursor *c, uint16_t count, bool by_owner,
	struct dns_answers *ret_answers)
{
	struct dns_answers *a = ret_answers;
	struct dns_record r;
	struct strbuf out;
	bool is_address;

	strbuf_init(&out, a->text, sizeof(a->text));
	for (uint16_t i = 0; i < count; i++) {
		if (i == RECORDS_MAX || !dns_record_read(message, c, &r))
			return false;
		is_address = r.type == DNS_A || r.type == DNS_AAAA;
		addresses_add(
			a, &r, by_owner && is_address ? text_add(&out, message, &r, true) : NULL);
		if (a->text_count == DNS_TEXTS_MAX)
			continue;
		const char *text = text_add(&out, message, &r, false);
		if (text == NULL)
			continue;
		if (a->text_count == 0)
			a->first = r;
		a->texts[a->text_count] = text;
		a->types[a->text_count] = dns_type_word(r.type, a->unknown[a->text_count]);
		a->ttls[a->text_count++] = r.ttl_s * UINT64_C(1000000000);
	}
	return true;
}

uint16_t
dns_rcode_upper(struct cursor message, struct cursor c, const struct dns_header *h)
{
	struct dns_record r;
	unsigned count = (unsigned)h->authority + h->additional;

	for (unsigned i = 0; i < count && i < RECORDS_MAX && dns_record_read(message, &c, &r); i++)
		if (r.type == DNS_OPT)
			return (uint16_t)(r.ttl_s >> 24 << 4);
	return 0;
}
