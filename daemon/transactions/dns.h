/* dns.h -- a question to the DNS, with its answer: also by multicast DNS, LLMNR and NetBIOS. */
#pragma once

#include "daemon/transactions/transaction.h"

enum {
	DNS_NAME_MAX = 256,   /* bytes of a name as text, the NUL included; what is longer is cut */
	DNS_ANSWERS_MAX = 24, /* addresses */
	DNS_TEXTS_MAX = 48,   /* records of the answer section */
	DNS_TEXT_BYTES = 4096 /* their texts together; a record that does not fit ends the list */
};

/* An address that the answer gives. */
struct dns_answer {
	struct addr addr;
	uint32_t ttl_s;
	const char *
		name; /* whose it is: multicast DNS the record's own, else the query; NULL: the query */
};

/*
 * One question and its answer; either may be missing. What both sides say (flags) is the answer's, if there
 * is one.
 */
struct obs_dns {
	struct addr client,
		server; /* who asked, or would have to; and who answered, or was asked */
	const char *
		query; /* lower case, dots between labels, a NUL as \x00; of an answer without a question the
			    * first record's owner; NULL: neither */
	const char *proto; /* "udp", "tcp" */
	uint64_t trans_id;
	uint64_t rtt_ns; /* from the question to the answer; unset if one of both was not seen */
	uint64_t query_class, query_type; /* unset without a question */
	const char *class_name, *type_name;
	uint64_t rcode; /* with EDNS's upper bits; unset: not answered */
	const char *rcode_name;
	enum truth authoritative, truncated, recursion_desired, recursion_available;
	uint64_t z;             /* the three bits between RA and the rcode: AD and CD among them */
	struct text_list texts; /* of the answer section, as Zeek writes them */
	struct interval_list ttls;
	struct text_list types; /* of the same records: "A", "CNAME", ... */
	enum truth rejected;    /* an answer without any record */
	/* A, AAAA, and the hints of HTTPS and SVCB, of the answer section. */
	const struct dns_answer *answers;
	size_t answer_count;
};

/* Was it answered? */
static inline bool
dns_is_answered(const struct obs_dns *d)
{
	return d->rcode != TRANSACTION_UNSET;
}
