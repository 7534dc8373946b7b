/* smtp.h -- one message as it was handed over by SMTP, or a session in which none was. */
#pragma once

#include "daemon/transactions/transaction.h"

enum {
	SMTP_RCPT_MAX = 40, /* recipients told; those of a longer list are left out */
	SMTP_TO_MAX = 24,   /* the same of the header's lists */
	SMTP_CC_MAX = 16,
	SMTP_PATH_MAX = 8,
};

/* What is in the header of the mail is its writer's claim: `from` need not be `mail_from`. */
struct obs_smtp {
	uint64_t trans_depth;     /* 1: the conversation's first message */
	const char *helo;         /* the client's name for itself */
	const char *mail_from;    /* envelope; NULL also for the empty sender of bounces */
	struct text_list rcpt_to; /* envelope, each once */
	const char *date;
	const char *from;
	struct text_list to, cc;
	const char *reply_to, *msg_id, *in_reply_to, *subject;
	struct addr x_originating_ip;
	const char *first_received;  /* the field that the first hop wrote */
	const char *second_received; /* and the second */
	const char *last_reply;      /* the server's last line by then: code, space, text */
	struct text_list path;       /* addresses: server, client, and whom each hop had it from */
	const char *user_agent;
	enum truth tls;         /* it went on encrypted: nothing more is known */
	struct text_list fuids; /* of what it carries; a longer list is cut */
};
