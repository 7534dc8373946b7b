/* http_state.h -- what is remembered of a conversation in HTTP, for the files of its parser. */
#pragma once

#include "daemon/proto/carried.h"
#include "daemon/proto/http_body.h"
#include "daemon/proto/http_line.h"
#include "daemon/proto/http_location.h"
#include "daemon/proto/http_requests.h"

enum { HTTP_LINE_MAX = 1408 }; /* bytes of a line that are kept; the rest of it is passed over */

enum http_stage {
	HTTP_START,   /* a request's or status's line is due */
	HTTP_HEADERS, /* header lines, until an empty one */
	HTTP_BODY,
	HTTP_LOST, /* nobody knows what these bytes are: a line that starts a message is looked for */
};

/* One side's message that is coming. */
struct http_side {
	uint16_t line_size;
	bool has_length, is_chunked;
	bool is_packed; /* compressed on its way */
	bool is_part;   /* of a file, from somewhere in its middle */
	bool is_text;   /* its sender says that it is one of form fields, JSON, XML or the like */
	bool has_file;  /* its body is on its way */
	uint64_t length;
	const char *mime_type; /* what its sender says, where content alone says nothing: OCSP */
	struct http_body body;
};

/* The response that is coming. */
struct http_response {
	bool is_begun;
	bool has_status; /* more than a 1xx came */
	bool is_complete;
	bool is_unasked; /* it is not the oldest request's */
	uint32_t depth;  /* of one that is not; and when it began */
	uint64_t began_ns;
	struct http_version version;
	uint16_t code, info_code; /* info_code 0: there was none */
	uint64_t body_bytes;
	const char *mime_type;
};

/* Of a response that is begun: "" for what was not said. */
struct http_response_texts {
	char fuid[FILE_UID_MAX];
	char status_msg[HTTP_REASON_MAX];
	char info_msg[HTTP_REASON_MAX];
	char content_type[HTTP_CONTENT_TYPE_MAX];
	char filename[HTTP_FILENAME_MAX];
};

/* Of two, [1] is the originator's. What is first is needed while no message is coming: little, for it is zeroed. */
struct http_state {
	uint64_t weirds;    /* that were told: bit of enum weird */
	uint32_t depth;     /* messages so far: requests, and responses that nobody asked for */
	uint32_t unawaited; /* responses to come whose requests were told without them */
	uint32_t file_count;
	bool has_gap; /* some bytes of the originator's were lost */
	enum http_stage stages[2];
	struct http_response response;
	struct http_side sides[2];
	struct http_requests requests; /* last their texts, as many as there are */
	/* Room, not zeroed: of a message that is coming. */
	struct http_response_texts response_texts;
	struct http_location location;   /* of the newest request */
	struct carried files[2];         /* of a side that has one */
	uint8_t lines[2][HTTP_LINE_MAX]; /* of each side the one that is coming */
};
