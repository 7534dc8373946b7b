/*
 * sasl.h -- who wants to be let in, as the mechanisms of SASL tell it (RFC 4422).
 *
 * Messages are base64, as SMTP, POP3 and IMAP carry them. Of PLAIN, LOGIN, CRAM-MD5, DIGEST-MD5, SCRAM,
 * XOAUTH2 and OAUTHBEARER the user is read, of all the name. Passwords and tokens are not kept.
 */
#pragma once

#include "daemon/transactions/login.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SASL_METHOD_MAX = 21 }; /* a name has 20 letters at most (RFC 4422 section 3.1) */

/* One exchange. All zero is none. */
struct sasl {
	uint8_t messages; /* of the client so far */
	char method[SASL_METHOD_MAX];
	char user[LOGIN_NAME_MAX]; /* "" as long as it is not known */
};

/*
 * An exchange begins.
 *
 * words  the mechanism's name; after a space the first message, if it came at once ("=": an empty one)
 */
void sasl_begin(struct sasl *s, const char *words);

/* The client's next message. */
void sasl_message(struct sasl *s, const char *base64);

/* Could this line be a client's message? If not, the exchange is over and nobody saw its end. */
bool sasl_is_message(const char *line);

/*
 * Read base64 (RFC 4648 section 4), to the first letter that is none.
 *
 * returns  how many bytes of `ret_bytes` are written, at most `size`
 */
size_t sasl_decode(const char *base64, char *ret_bytes, size_t size);
