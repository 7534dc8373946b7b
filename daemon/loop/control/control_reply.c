#include "daemon/loop/control/control_reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
control_reply_begin(struct control_reply *r, char memory[CONTROL_REPLY_MAX])
{
	r->error[0] = '\0';
	strbuf_init(&r->out, memory, CONTROL_REPLY_MAX);
	json_init(&r->json, &r->out);
	json_object_begin(&r->json);
	json_key_bool(&r->json, "ok", true);
	json_key(&r->json, "data");
}

int
control_reply_refuse(struct control_reply *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(r->error, sizeof(r->error), fmt, args);
	va_end(args);
	return -EINVAL;
}

static void
error_write(struct control_reply *r)
{
	strbuf_reset(&r->out);
	json_init(&r->json, &r->out);
	json_object_begin(&r->json);
	json_key_bool(&r->json, "ok", false);
	json_key_text(&r->json, "error", r->error);
	json_object_end(&r->json);
	strbuf_char(&r->out, '\n');
}

void
control_reply_end(struct control_reply *r, bool ok)
{
	if (!ok) {
		error_write(r);
		return;
	}
	if (r->json.key_given)
		json_text(&r->json, NULL);
	json_object_end(&r->json);
	strbuf_char(&r->out, '\n');
	if (!r->out.truncated)
		return;
	(void)control_reply_refuse(
		r, "the answer is longer than %d KiB: ask for less", CONTROL_REPLY_MAX / 1024);
	error_write(r);
}
