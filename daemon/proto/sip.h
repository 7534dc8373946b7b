/* sip.h -- SIP's messages, line by line, whatever carried them. */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/sip.h"

enum sip_text {
	SIP_METHOD,
	SIP_URI,
	SIP_DATE,
	SIP_FROM,
	SIP_TO,
	SIP_REPLY_TO,
	SIP_CALL_ID,
	SIP_SEQ,
	SIP_SUBJECT,
	SIP_USER_AGENT,
	SIP_WARNING,
	SIP_CONTENT_TYPE,
	SIP_STATUS_MSG,
	SIP_TEXTS,
};

/* All zero is a message of which nothing was read. */
struct sip_message {
	uint64_t began_ns;
	uint16_t status; /* 0: it is a request */
	bool has_body_bytes;
	uint8_t path_count;
	uint32_t body_bytes;
	char text[SIP_TEXTS][SIP_TEXT_MAX]; /* "": not said */
	char path[SIP_PATHS_MAX][SIP_TEXT_MAX];
};

/* The request that waits for responses. */
struct sip_dialog {
	bool has_request, is_answered;
	struct sip_message request;
};

/* Could this be the beginning of a message? PROTO_PERHAPS when it is cut before it can be told. */
enum proto_guess sip_looks_like(struct cursor bytes);

/*
 * Read a line, without its end, into a message: the first one, and a header.
 *
 * returns  false when it cannot be a message's first line
 */
bool sip_first_line(struct sip_message *m, struct cursor line);
void sip_header(struct sip_message *m, struct cursor line);

/* A message's headers are over: a response is told with the request it answers. */
void sip_message_done(
	struct proto_call *call, struct sip_dialog *dialog, const struct sip_message *m);
/* The conversation ends: a request that nobody answered is told. */
void sip_dialog_end(struct proto_call *call, struct sip_dialog *dialog);
