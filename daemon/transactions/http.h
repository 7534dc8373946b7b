/* http.h -- a request of HTTP/1 and its response. */
#pragma once

#include "daemon/transactions/transaction.h"

/*
 * One of the two may be missing: what belongs to it is unset then. Of one message at most one body is told;
 * lists of it are that body, or empty.
 */
struct obs_http {
	struct addr client, server;
	uint64_t trans_depth; /* 1: the first of its conversation */
	const char *method;   /* as it was sent */
	const char *host;     /* with its port, if the client wrote one */
	const char *uri;      /* its %XX are put back to bytes, as Zeek does */
	const char *referrer;
	const char *version; /* of the response: "1.1"; "0.9" when it had no status line */
	const char *user_agent;
	const char *origin;
	uint64_t request_body_len, response_body_len; /* as they travelled: still compressed */
	uint64_t status_code;                         /* 0: it had no status line */
	const char *status_msg;
	uint64_t info_code; /* the last 1xx before it */
	const char *info_msg;
	const char *username;     /* of Basic authentication; its password is never kept */
	struct text_list proxied; /* "VIA -> value": headers that proxies add */
	struct text_list orig_fuids, orig_filenames, orig_mime_types;
	struct text_list resp_fuids, resp_filenames, resp_mime_types; /* MIME type by content */
	const char *request_content_type, *response_content_type;     /* as their senders say */
	/* Where the request gives away where somebody is: "uri", "body"; NULL: it does not, or is not known to. */
	const char *location;
};
