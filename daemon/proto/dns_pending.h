/*
 * dns_pending.h -- questions of one flow that wait for their answers.
 *
 * They lie one behind the other in some hundred bytes, the oldest first: a dozen of usual length. One for
 * which there is no room pushes the oldest out, which is then told as one without an answer.
 */
#pragma once

#include "daemon/proto/dns_message.h"

#include <stdbool.h>
#include <stdint.h>

enum { DNS_PENDING_BYTES = 500 };

/* Zeroed: nothing waits. */
struct dns_pending {
	uint16_t used;
	uint8_t bytes[DNS_PENDING_BYTES];
};

struct dns_query {
	uint64_t asked_ns;
	uint16_t id;
	uint16_t flags; /* the header's second word */
	bool from_orig; /* who asked */
	struct dns_question question;
};

/* Is there room for another one? There always is in an empty one. */
bool dns_pending_fits(const struct dns_pending *p, const struct dns_query *q);
/* Put one at the end; it must fit. */
void dns_pending_add(struct dns_pending *p, const struct dns_query *q);

/* Does a question of that side wait? */
bool dns_pending_has(const struct dns_pending *p, bool from_orig);

/* Take the oldest one out. returns false when nothing waits */
bool dns_pending_oldest(struct dns_pending *p, struct dns_query *ret_query);
/* Take the oldest one out that has this id and came from this side. returns false when there is none */
bool dns_pending_take(
	struct dns_pending *p, uint16_t id, bool from_orig, struct dns_query *ret_query);
