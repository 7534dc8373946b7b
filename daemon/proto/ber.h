/*
 * ber.h -- values of ASN.1 in BER or DER (X.690), one after the other, never past what is there.
 *
 * Tags of one byte and definite lengths, which is all that SNMP, Kerberos and LDAP use.
 */
#pragma once

#include "daemon/base/cursor.h"

enum {
	BER_INTEGER = 0x02,
	BER_BIT_STRING = 0x03,
	BER_OCTET_STRING = 0x04,
	BER_SEQUENCE = 0x30,
	BER_CONTEXT = 0xa0,     /* and the number of a constructed [n] */
	BER_APPLICATION = 0x60, /* and the number */
};

struct ber {
	uint8_t tag;
	uint32_t size;       /* as it says, even where less is there */
	struct cursor value; /* what is there of it */
};

/*
 * Read the next value of `c`, which moves past it.
 *
 * returns  false at the end, or when there is no value; a value that is cut is the last
 */
bool ber_read(struct cursor *c, struct ber *ret_value);

/* The same, when its tag is the one that is expected; else `c` stays and false is returned. */
bool ber_read_tag(struct cursor *c, uint8_t tag, struct ber *ret_value);

/* The number in an INTEGER or ENUMERATED of at most 4 bytes; 0 for others. */
int32_t ber_number(const struct ber *b);
