/*
 * dns_fault.c -- every name of a message is followed, without its text: those of questions and owners, and those that
 * are the data of a record (RFC 1035 section 3.3). What was followed already is not followed again: questions that
 * were read, and the name behind the header, to which most owners are but a pointer.
 * Bounds: RECORDS_MAX records and questions together.
 */
#include "daemon/proto/dns_fault.h"

#include "daemon/proto/dns_name.h"

enum {
	RECORDS_MAX = 128,
	TO_FIRST_NAME = 0xc000 | 12, /* a pointer to what is behind the header */
};

static enum weird
weird_of(enum dns_name_fault fault, bool is_cut)
{
	switch (fault) {
	case DNS_NAME_CUT:
		return is_cut ? WEIRD_COUNT : WEIRD_DNS_COUNT;
	case DNS_NAME_LABEL:
		return WEIRD_DNS_LABEL;
	case DNS_NAME_POINTER:
		return WEIRD_DNS_POINTER;
	case DNS_NAME_LONG:
		return WEIRD_DNS_NAME;
	case DNS_NAME_FINE:
		break;
	}
	return WEIRD_COUNT;
}

/* How much data lies before the name that a record of this type brings; SIZE_MAX: it brings none. */
static size_t
bytes_before_name(uint16_t type)
{
	switch (type) {
	case DNS_NS:
	case DNS_CNAME:
	case DNS_SOA:
	case DNS_PTR:
	case DNS_DNAME:
		return 0;
	case DNS_MX:
		return 2;
	default:
		return SIZE_MAX;
	}
}

/* An update may name a type without data; what is too short for a name ends nobody's message. */
static enum dns_name_fault
data_fault(struct cursor message, struct cursor data, uint16_t type)
{
	size_t before = bytes_before_name(type);

	if (before >= cursor_left(&data))
		return DNS_NAME_FINE;
	(void)cursor_take(&data, before);
	enum dns_name_fault fault = dns_name_follow(message, &data, NULL);
	return fault == DNS_NAME_CUT ? DNS_NAME_FINE : fault;
}

/* The name of an entry; those before it, if it is not the first, had no fault. */
static enum dns_name_fault
owner_fault(struct cursor message, struct cursor *c, bool is_first)
{
	struct cursor at = *c;

	if (is_first || cursor_be16(&at) != TO_FIRST_NAME)
		return dns_name_follow(message, c, NULL);
	*c = at;
	return DNS_NAME_FINE;
}

/* A question, or a record with what lies behind its class. */
static enum dns_name_fault
entry_fault(struct cursor message, struct cursor *c, bool is_first, bool is_record)
{
	enum dns_name_fault fault = owner_fault(message, c, is_first);

	if (fault != DNS_NAME_FINE)
		return fault;
	uint16_t type = cursor_be16(c);
	(void)cursor_be16(c);
	if (is_record) {
		(void)cursor_be32(c);
		struct cursor data = cursor_sub(c, cursor_be16(c));
		if (!data.short_read)
			fault = data_fault(message, data, type);
	}
	return c->short_read ? DNS_NAME_CUT : fault;
}

enum weird
dns_fault(struct cursor message, struct cursor c, const struct dns_header *h, unsigned sound,
	bool is_cut)
{
	unsigned count = (unsigned)h->questions + h->answers + h->authority + h->additional;

	is_cut |= (h->flags & DNS_TRUNCATED) != 0;
	for (unsigned i = sound; i < count && i < RECORDS_MAX; i++) {
		enum dns_name_fault fault = entry_fault(message, &c, i == 0, i >= h->questions);
		if (fault != DNS_NAME_FINE)
			return weird_of(fault, is_cut);
	}
	return WEIRD_COUNT;
}
