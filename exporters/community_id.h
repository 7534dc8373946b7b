/* community_id.h -- the Community ID of a conversation: the key to pivot by between tools. */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COMMUNITY_ID_MAX = 32 };

/* A digest context, set up once. Zeroed is "not open". */
struct community_id {
	void *sha1;    /* EVP_MD, fetched once: looking it up costs more than the digest */
	void *context; /* EVP_MD_CTX, reused */
};

/* returns 0, or -ENOMEM; -ENOSYS when the library has no SHA-1. community_id_done() accepts it either way */
int community_id_init(struct community_id *c);
void community_id_done(struct community_id *c);

/* True for an ICMP type that no other one answers, so that the second port is its code. */
bool community_id_is_one_way(uint8_t ip_proto, uint16_t icmp_type);

/*
 * Write the Community ID, version 1, seed 0: "1:LQU9qZlK+B5F3KDmev6m5PMibrg=".
 *
 * a, b      the two ends, in the order in which the conversation was opened
 * a_port    host order; ICMP: the type
 * b_port    host order; ICMP: the counterpart's type, or the code of a type that has none
 * ret_text  COMMUNITY_ID_MAX bytes, NUL-terminated; "" when the digest failed
 * returns   its length
 * cost      0.15 to 0.5 us, with the SHA-1 of the processor or without
 * source    github.com/corelight/community-id-spec
 */
size_t community_id_text(struct community_id *c, const struct addr *a, const struct addr *b,
	uint16_t a_port, uint16_t b_port, uint8_t ip_proto, char ret_text[COMMUNITY_ID_MAX]);
