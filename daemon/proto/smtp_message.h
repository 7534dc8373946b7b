/* smtp_message.h -- what is known of a message that SMTP is carrying, and telling it. */
#pragma once

#include "daemon/proto/mail.h"
#include "daemon/proto/mail_parts.h"
#include "daemon/proto/proto.h"

enum {
	SMTP_NAME_MAX = 200, /* of a name or address, bytes with the NUL */
	SMTP_RCPT_TEXT = 1000,
	SMTP_REPLY_MAX = 400,
};

/* All zero is a session of which nothing is known. */
struct smtp_message {
	uint64_t began_ns; /* 0: nothing of it came yet */
	uint32_t told;     /* messages that were taken before */
	bool has_helo;
	bool has_sender; /* MAIL was said */
	bool is_worth;   /* it is told at the end, message or not */
	bool is_tls;
	uint8_t rcpt_count;
	uint16_t rcpt_used;
	char helo[SMTP_NAME_MAX];
	char mail_from[SMTP_NAME_MAX];
	char rcpt[SMTP_RCPT_TEXT]; /* `rcpt_count` texts, one behind the other */
	char last_reply[SMTP_REPLY_MAX];
	struct mail mail;
	struct mail_parts parts;
};

/* "FROM:<a@b>" or "TO:<a@b>", as it follows MAIL and RCPT. */
void smtp_message_from(struct smtp_message *m, const char *arg);
void smtp_message_to(struct smtp_message *m, const char *arg);

/* Its next bytes, header and body; so many of them are missing. */
void smtp_message_read(struct smtp_message *m, const struct proto_call *call, struct cursor bytes);
void smtp_message_gap(struct smtp_message *m, const struct proto_call *call, uint32_t missing);

/*
 * Tell it, and forget all of it but the client's name.
 *
 * client, server  whose conversation it is
 */
void smtp_message_tell(struct smtp_message *m, const struct proto_call *call,
	const struct addr *client, const struct addr *server);
