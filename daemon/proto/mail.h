/*
 * mail.h -- the header of a mail (RFC 5322), read as it comes, cut anywhere.
 *
 * Of the fields below the value is kept, each to a length of its own; folded lines are one value, with the
 * white space that they begin with. Values stay as they are: what RFC 2047 encodes is not decoded.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mail_field {
	MAIL_DATE,
	MAIL_FROM,
	MAIL_TO,
	MAIL_CC,
	MAIL_REPLY_TO,
	MAIL_ID,
	MAIL_IN_REPLY_TO,
	MAIL_SUBJECT,
	MAIL_ORIGINATING_IP,
	MAIL_USER_AGENT, /* or X-Mailer */
	MAIL_RECEIVED,   /* the last one: of the first hop */
	MAIL_RECEIVED_BEFORE,
	MAIL_FIELD_COUNT,
};

enum {
	MAIL_TEXT_MAX = 3400, /* bytes of all values */
	MAIL_NAME_MAX = 18,   /* of a field's name, the NUL included */
	MAIL_HOPS_MAX = 6,
};

/* All zero is the beginning of a header. */
struct mail {
	uint8_t phase; /* enum phase of mail.c */
	uint8_t field; /* enum mail_field of the value that is coming; MAIL_FIELD_COUNT: not wanted */
	uint16_t length; /* of the name or the value that is coming */
	uint16_t seen;   /* bit n: there was an enum mail_field n */
	uint8_t hop_count;
	struct addr hops[MAIL_HOPS_MAX]; /* whom each hop had it from, of the last hop first */
	char name[MAIL_NAME_MAX];
	char text[MAIL_TEXT_MAX];
};

/* Read the next bytes. What comes behind the header is not looked at. */
void mail_read(struct mail *m, const char *bytes, size_t size);

/* No more comes, or bytes are missing here: what was read so far is all there is. */
void mail_end(struct mail *m);

/* returns the value of a field, or NULL; may be written to, e.g. to take it apart */
char *mail_value(struct mail *m, enum mail_field f);
