/* dns_record.h -- one resource record of a DNS message, and its text. */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/base/strbuf.h"
#include "daemon/transactions/dns.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_WKS = 11,
	DNS_PTR = 12,
	DNS_HINFO = 13,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_LOC = 29,
	DNS_NB = 32,     /* of NetBIOS; elsewhere NIMLOC */
	DNS_NBSTAT = 33, /* of NetBIOS */
	DNS_SRV = 33,
	DNS_NAPTR = 35,
	DNS_DNAME = 39,
	DNS_OPT = 41,
	DNS_DS = 43,
	DNS_SSHFP = 44,
	DNS_RRSIG = 46,
	DNS_NSEC = 47,
	DNS_DNSKEY = 48,
	DNS_NSEC3 = 50,
	DNS_NSEC3PARAM = 51,
	DNS_SVCB = 64,
	DNS_HTTPS = 65,
	DNS_SPF = 99,
	DNS_TKEY = 249,
	DNS_TSIG = 250,
	DNS_CAA = 257,
};

enum {
	DNS_CLASS_IN = 1,
	DNS_CLASS_MASK = 0x7fff, /* the top bit is multicast DNS's (RFC 6762 section 10.2) */
};

struct dns_record {
	size_t owner; /* where in the message its name begins */
	uint16_t type;
	uint16_t class; /* without the top bit */
	uint32_t ttl_s;
	struct cursor data; /* of its length, in the message */
};

/*
 * Read a record at `c`, which moves past it.
 *
 * message  the whole one, in which `c` lies
 * returns  false when it is not all there, or its name is malformed
 */
bool dns_record_read(struct cursor message, struct cursor *c, struct dns_record *ret_record);

/* Its owner's name. ret_text: DNS_NAME_MAX bytes; returns false when it is malformed */
bool dns_record_owner(struct cursor message, const struct dns_record *r, char *ret_text);

/*
 * The addresses that it gives its owner: one of A and AAAA, the hints of HTTPS and SVCB (RFC 9460 section 7.3).
 *
 * returns  how many were written, at most `room`
 */
size_t dns_record_addresses(const struct dns_record *r, struct addr *ret_addresses, size_t room);

/*
 * Append what it says as Zeek's answers have it: an address, a name, "TXT 5 hello", "<unknown type=10>".
 * HTTPS and SVCB are told, which Zeek does not: "HTTPS 1 target". Strings of data keep their bytes but a NUL.
 *
 * returns  false when there is nothing to tell: the type has no text, or its data is malformed
 */
bool dns_record_text(struct cursor message, const struct dns_record *r, struct strbuf *out);
