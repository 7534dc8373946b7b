/* dns_name.h -- names in DNS messages as text (RFC 1035 section 4.1.4, RFC 1001 section 14.1). */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/transactions/dns.h"

#include <stdbool.h>
#include <stdint.h>

enum { NETBIOS_NAME_MAX = 64 }; /* 15 bytes, each a NUL at worst, and the end */

/* Move `c` past a name without reading it. returns false when it is malformed */
bool dns_name_skip(struct cursor *c);

/* Why a name is none. */
enum dns_name_fault {
	DNS_NAME_FINE,
	DNS_NAME_CUT,     /* the message ends within it */
	DNS_NAME_LABEL,   /* a label is of no known kind: its length would be 64 to 191 */
	DNS_NAME_POINTER, /* a pointer does not go backwards, or leads to too many others */
	DNS_NAME_LONG,    /* its labels take more than 255 bytes */
};

/*
 * Read a name at `c`, which moves past it, following pointers into `message`: lower case, dots between
 * labels, a NUL as the four characters \x00, all other bytes as they are. The root is "". What is longer
 * than DNS_NAME_MAX - 1 bytes as text is cut.
 *
 * message   the whole one, from its header on; `c` lies in it
 * ret_text  DNS_NAME_MAX bytes; NULL: nobody wants it
 */
enum dns_name_fault dns_name_follow(struct cursor message, struct cursor *c, char *ret_text);
/* The same. returns false when there is a fault */
bool dns_name_read(struct cursor message, struct cursor *c, char *ret_text);

/*
 * The NetBIOS name that a DNS name's first label spells in 32 letters, without what fills it up.
 *
 * ret_text     NETBIOS_NAME_MAX bytes; a NUL within it as \x00
 * ret_service  the 16th byte: 0x00 and 0x20 are hosts, 0x1c to 0x1e groups, ...
 * returns      false when it is none
 */
bool dns_name_netbios(const char *name, char *ret_text, uint8_t *ret_service);
/* The same of the 16 bytes themselves, as a status response lists them. */
void dns_name_netbios_plain(const uint8_t bytes[16], char *ret_text, uint8_t *ret_service);
