/*
 * http_requests.h -- requests that wait for their response, oldest first, and their texts.
 *
 * At most HTTP_REQUESTS_MAX, with HTTP_TEXTS_MAX bytes of texts together: texts for which there is no
 * room are left out, long ones are cut at their cap. Only the newest request's texts grow, so each
 * request's lie in one piece, behind those of the older ones.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/transactions/file.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	HTTP_REQUESTS_MAX = 8, /* browsers that pipelined had up to 8 on their way */
	HTTP_TEXTS_MAX = 2200,
	HTTP_PROXIED_MAX = 3,
};

enum http_text {
	HTTP_METHOD,
	HTTP_URI,
	HTTP_HOST,
	HTTP_REFERRER,
	HTTP_USER_AGENT,
	HTTP_ORIGIN,
	HTTP_USERNAME,
	HTTP_CONTENT_TYPE,
	HTTP_FILENAME,
	HTTP_PROXIED, /* HTTP_PROXIED_MAX of them */
	HTTP_TEXT_COUNT = HTTP_PROXIED + HTTP_PROXIED_MAX,
};

/* Parts of a request that are read. */
enum http_part { HTTP_NO_PART, HTTP_PART_URI, HTTP_PART_BODY };

/* The caps of the texts that peers choose, their NUL included. */
enum {
	HTTP_URI_MAX = 1360,
	HTTP_HOST_MAX = 256,
	HTTP_REFERRER_MAX = 512,
	HTTP_USER_AGENT_MAX = 320,
	HTTP_ORIGIN_MAX = 160,
	HTTP_PROXIED_TEXT_MAX = 160,
	HTTP_USERNAME_MAX = 64,
	HTTP_CONTENT_TYPE_MAX = 96,
	HTTP_FILENAME_MAX = 128,
	HTTP_REASON_MAX = 64,
};

struct http_request {
	uint64_t began_ns;
	uint64_t body_bytes;
	const char *mime_type; /* of its body; NULL: unknown, or it has none */
	uint32_t depth;
	uint16_t base, size;               /* where its texts lie */
	uint16_t text_at[HTTP_TEXT_COUNT]; /* 1 + offset from `base`; 0: there is none */
	uint8_t proxied_count;
	uint8_t location; /* enum http_part: where it gives away where somebody is */
	bool is_head, is_connect;
	bool is_complete;        /* its body is there as well */
	bool is_alone;           /* too many wait: it is told without its response */
	char fuid[FILE_UID_MAX]; /* of its body; "": it has none */
};

struct http_requests {
	uint16_t texts_size;
	uint8_t count;
	struct http_request at[HTTP_REQUESTS_MAX];
	char texts[HTTP_TEXTS_MAX]; /* room: need not be zeroed */
};

/*
 * depth    which message of the conversation it is, from 1
 * returns  the newest's successor; there must be room for it
 */
struct http_request *http_requests_add(struct http_requests *q, uint64_t began_ns, uint32_t depth);
/* Forget one of them. */
void http_requests_drop(struct http_requests *q, struct http_request *r);
/* returns the oldest that waits for a response, or NULL */
struct http_request *http_requests_oldest(struct http_requests *q);
/* returns the request that was added last, or NULL */
struct http_request *http_requests_newest(struct http_requests *q);

/*
 * Give the newest request a text; the first of a kind stays.
 *
 * most  bytes of it at most, the NUL included
 */
void http_requests_text(
	struct http_requests *q, enum http_text which, struct cursor text, size_t most);
/* returns a text of a request, or NULL */
const char *http_requests_text_of(
	const struct http_requests *q, const struct http_request *r, enum http_text which);
