#include "daemon/proto/dns_pending.h"

#include <assert.h>
#include <string.h>

/* What lies before the name, which has no NUL. */
struct head {
	uint64_t asked_ns;
	uint16_t id, flags, type, class;
	bool from_orig, is_there;
	uint8_t name_length; /* 0 without a question */
};

static_assert(DNS_PENDING_BYTES >= sizeof(struct head) + DNS_NAME_MAX - 1, "the longest fits");
static_assert(DNS_NAME_MAX - 1 <= UINT8_MAX, "the longest name's length fits");

static uint8_t
name_length(const struct dns_query *q)
{
	return q->question.is_there ? (uint8_t)strlen(q->question.name) : 0;
}

static size_t
size_of(const struct dns_query *q)
{
	return sizeof(struct head) + name_length(q);
}

bool
dns_pending_fits(const struct dns_pending *p, const struct dns_query *q)
{
	return size_of(q) <= sizeof(p->bytes) - p->used;
}

void
dns_pending_add(struct dns_pending *p, const struct dns_query *q)
{
	struct head head = {
		.asked_ns = q->asked_ns,
		.id = q->id,
		.flags = q->flags,
		.from_orig = q->from_orig,
		.is_there = q->question.is_there,
		.name_length = name_length(q),
	};

	assert(dns_pending_fits(p, q));
	if (head.is_there) {
		head.type = q->question.type;
		head.class = q->question.class;
	}
	memcpy(p->bytes + p->used, &head, sizeof(head));
	memcpy(p->bytes + p->used + sizeof(head), q->question.name, head.name_length);
	p->used += (uint16_t)size_of(q);
}

/* Take the one at `at` out. */
static void
take(struct dns_pending *p, size_t at, struct dns_query *ret_query)
{
	struct head head;
	size_t size;

	memcpy(&head, p->bytes + at, sizeof(head));
	size = sizeof(head) + head.name_length;
	ret_query->asked_ns = head.asked_ns;
	ret_query->id = head.id;
	ret_query->flags = head.flags;
	ret_query->from_orig = head.from_orig;
	ret_query->question.is_there = head.is_there;
	ret_query->question.type = head.type;
	ret_query->question.class = head.class;
	memcpy(ret_query->question.name, p->bytes + at + sizeof(head), head.name_length);
	ret_query->question.name[head.name_length] = '\0';
	memmove(p->bytes + at, p->bytes + at + size, p->used - at - size);
	p->used -= (uint16_t)size;
}

bool
dns_pending_has(const struct dns_pending *p, bool from_orig)
{
	struct head head;

	for (size_t at = 0; at < p->used; at += sizeof(head) + head.name_length) {
		memcpy(&head, p->bytes + at, sizeof(head));
		if (head.from_orig == from_orig)
			return true;
	}
	return false;
}

bool
dns_pending_oldest(struct dns_pending *p, struct dns_query *ret_query)
{
	if (p->used == 0)
		return false;
	take(p, 0, ret_query);
	return true;
}

bool
dns_pending_take(struct dns_pending *p, uint16_t id, bool from_orig, struct dns_query *ret_query)
{
	struct head head;

	for (size_t at = 0; at < p->used; at += sizeof(head) + head.name_length) {
		memcpy(&head, p->bytes + at, sizeof(head));
		if (head.id != id || head.from_orig != from_orig)
			continue;
		take(p, at, ret_query);
		return true;
	}
	return false;
}
