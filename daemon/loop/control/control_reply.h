/*
 * control_reply.h -- one line of the control socket, written.
 *
 *	{"ok":true,"data":...}
 *	{"ok":false,"error":"..."}
 */
#pragma once

#include "daemon/base/json.h"
#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CONTROL_REPLY_MAX = 256 * 1024, /* bytes of a line, its line feed included */
	CONTROL_ERROR_MAX = 512,
};

struct control_reply {
	struct json json;  /* a command writes one value here: the data. None is null */
	struct strbuf out; /* over CONTROL_REPLY_MAX bytes of the owner's */
	char error[CONTROL_ERROR_MAX];
};

/* Begin an answer that is good unless said otherwise. */
void control_reply_begin(struct control_reply *r, char memory[CONTROL_REPLY_MAX]);

/*
 * Say why there are no data; what was written of them is forgotten at the end.
 *
 * returns  -EINVAL, for the command to return
 */
int control_reply_refuse(struct control_reply *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* End the line: r->out holds it, with its line feed. Data that did not fit become an error. */
void control_reply_end(struct control_reply *r, bool ok);
