/* dns_message.h -- one DNS message (RFC 1035 section 4), whatever carried it. */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/dns_record.h"
#include "daemon/proto/dns_words.h"
#include "daemon/proto/proto.h"
#include "daemon/transactions/dns.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	DNS_RESPONSE = 0x8000,
	DNS_OPCODE = 0x7800,
	DNS_AUTHORITATIVE = 0x0400,
	DNS_TRUNCATED = 0x0200,
	DNS_RECURSION_DESIRED = 0x0100,
	DNS_RECURSION_AVAILABLE = 0x0080,
	DNS_Z = 0x0070,
	DNS_Z_SHIFT = 4,
	DNS_RCODE = 0x000f,
};

/* What names which hosts by: decides who may be asked, and what a name means. */
enum dns_way {
	DNS_SERVERS,
	DNS_MULTICAST,  /* RFC 6762 */
	DNS_LINK_LOCAL, /* LLMNR, RFC 4795 */
};

struct dns_header {
	uint16_t id, flags;
	uint16_t questions, answers, authority, additional;
};

struct dns_question {
	bool is_there; /* the others are written */
	uint16_t type, class;
	char name[DNS_NAME_MAX];
};

/* An answer section as it is told; names lie in `text`. */
struct dns_answers {
	size_t text_count;
	struct dns_record first; /* that has a text, if one has */
	const char *texts[DNS_TEXTS_MAX];
	const char *types[DNS_TEXTS_MAX];
	uint64_t ttls[DNS_TEXTS_MAX];
	size_t address_count;
	struct dns_answer addresses[DNS_ANSWERS_MAX];
	char unknown[DNS_TEXTS_MAX][DNS_WORD_MAX]; /* types without a name */
	char text[DNS_TEXT_BYTES];
};

/* Could this be the beginning of a DNS message? PROTO_PERHAPS when it is cut before it can be told. */
enum proto_guess dns_looks_like(const struct proto_call *call, struct cursor message);

/* Multicast DNS and LLMNR are told apart from the other by their ports alone. */
enum dns_way dns_way_of(const struct proto_call *call);

/* returns false when it is not all there */
bool dns_header_read(struct cursor *c, struct dns_header *ret_header);
/*
 * Read the questions, behind the header. What is told of several is the last, as Zeek does; only multicast
 * DNS has several.
 *
 * ret_question  the last that is well formed
 * returns       false when they are not all well formed, or more than anybody sends: nobody knows where the
 *               answers begin
 */
bool dns_questions_read(struct cursor message, struct cursor *c, const struct dns_header *h,
	struct dns_question *ret_question);
/*
 * Read the answer section, as far as it is there.
 *
 * by_owner     addresses are the record's owner's; else the query's
 * ret_answers  its counts zeroed by the caller
 * returns      false when it ended before all records were read: there is nothing behind it
 */
bool dns_answers_read(struct cursor message, struct cursor *c, uint16_t count, bool by_owner,
	struct dns_answers *ret_answers);
/*
 * Read the sections behind that for EDNS (RFC 6891 section 6.1.3).
 *
 * returns  the upper bits of the rcode, in their place; 0 if there are none
 */
uint16_t dns_rcode_upper(struct cursor message, struct cursor c, const struct dns_header *h);
