/* eve_ftp.c -- EVE's ftp event. Of a file the path is told, as far as it is known, not what was typed. */
#include "daemon/transactions/ftp.h"

#include "daemon/base/strbuf.h"
#include "exporters/eve_event.h"

#include <string.h>

enum {
	CODE_DIGITS = 3,
	URL_SLASHES = 3, /* the path is behind them */
};

/* The path of a URL, or the text as it is. Zeek's "./" stands for a directory that is not known. */
static const char *
path_of(const char *arg)
{
	static const char scheme[] = "ftp://";
	const char *path = arg;

	if (strncmp(arg, scheme, sizeof(scheme) - 1) != 0)
		return arg;
	for (unsigned i = 0; i < URL_SLASHES && path != NULL; i++)
		path = strchr(path + (i > 0), '/');
	if (path == NULL)
		return arg;
	return strncmp(path, "/./", 3) == 0 ? path + 3 : path + 1;
}

static void
write_reply(struct json *j, const struct obs_ftp *f)
{
	char code[CODE_DIGITS + 1];
	struct strbuf b;

	strbuf_init(&b, code, sizeof(code));
	strbuf_u64(&b, f->reply_code);
	json_key(j, "completion_code");
	json_array_begin(j);
	json_text(j, b.text);
	json_array_end(j);
	json_key(j, "reply");
	json_array_begin(j);
	json_text(j, f->reply_msg);
	json_array_end(j);
}

static void
write_ftp(struct json *j, const struct observation *o)
{
	const struct obs_ftp *f = o->ftp;
	bool has_reply = f->reply_code != TRANSACTION_UNSET;

	json_key_text(j, "command", f->command);
	if (f->arg != NULL)
		json_key_text(j, "command_data", path_of(f->arg));
	if (has_reply)
		write_reply(j, f);
	if (f->data_passive != TRUTH_UNKNOWN) {
		json_key_u64(j, "dynamic_port", f->data_port);
		json_key_text(j, "mode", f->data_passive == TRUTH_YES ? "passive" : "active");
	}
	json_key_text(j, "reply_received", has_reply ? "yes" : "no");
}

const struct eve_event eve_event_ftp = {
	.kind = OBS_FTP,
	.type = "ftp",
	.write = write_ftp,
};
