/* reply.h -- the numbered replies of SMTP and FTP servers (RFC 5321 section 4.2, RFC 959 section 4.2). */
#pragma once

#include "daemon/proto/proto.h"

#include <stdbool.h>

struct reply {
	unsigned code;    /* 100 .. 599 */
	bool is_last;     /* no more lines of it follow */
	const char *text; /* behind the code, in the line */
};

/* Read one line of a reply. returns false when it does not begin with a code: a text in the middle, or damage */
bool reply_read(const char *line, struct reply *ret_reply);

/* Who greets with 220, as far as the words of the greeting tell. */
enum greeting {
	GREETING_NONE, /* it is no greeting */
	GREETING_CUT,  /* too few bytes to tell */
	GREETING_OPEN, /* a greeting that tells nothing: what the client says will */
	GREETING_SMTP,
	GREETING_FTP,
};

/*
 * What the first bytes of a side are. A greeting whose words tell nothing belongs to the protocol of its
 * port, where that is one of the two.
 */
enum greeting reply_greeting(const struct proto_call *call, struct cursor first_bytes);
