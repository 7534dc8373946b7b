/*
 * eve_ftp.c -- EVE's ftp event: a command about a file, or a log-in.
 *
 * Suricata tells of every command; we of those that files go by, as Zeek, and of what became of a password.
 * The password itself, and the name before it, which is another event, are not told.
 */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/ftp.h"
#include "daemon/transactions/login.h"

#include <string.h>

enum { REPLY_DONE = 2, REPLY_REFUSED = 5, REPLY_CLASS = 100 };

struct eve_ftp {
	const char *mode; /* of the connection for data */
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_ftp, mode, "ftp.mode"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "ftp.command", "command" },
	{ "ftp.command_data", "arg" },
	{ "ftp.completion_code", "reply_code" },
	{ "ftp.reply", "reply_msg" },
	{ "ftp.dynamic_port", "data_channel.resp_p" },
	{ NULL, NULL },
};

static bool
is_about_files(const char *command)
{
	static const char *const commands[] = { "APPE", "DELE", "RETR", "STOR", "STOU", "PORT",
		"PASV", "EPRT", "EPSV" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i], command) == 0)
			return true;
	return false;
}

static int
tell_login(struct input_stream *s, uint64_t reply_code)
{
	struct obs_login *login = eve_become(s, &transaction_login);

	login->protocol = "ftp";
	login->method = "USER";
	login->known_by = LOGIN_BY_REPLY;
	if (reply_code / REPLY_CLASS == REPLY_DONE)
		login->success = TRUTH_YES;
	else if (reply_code / REPLY_CLASS == REPLY_REFUSED)
		login->success = TRUTH_NO;
	return eve_tell(s);
}

/* Who will open the connection for data, and to whom. */
static void
fill_channel(struct obs_ftp *f, const struct eve_head *h, const char *mode)
{
	bool is_passive = strcmp(mode, "passive") == 0;

	f->data_passive = is_passive ? TRUTH_YES : TRUTH_NO;
	f->data_orig = is_passive ? h->src : h->dest;
	f->data_resp = is_passive ? h->dest : h->src;
}

static int
tell_ftp(struct input_stream *s)
{
	const struct eve_ftp *v = eve_beside(s);
	struct obs_ftp *f = eve_said(s);

	if (f->command == NULL)
		return input_stream_skip(s); /* the server's greeting */
	if (strcmp(f->command, "PASS") == 0)
		return tell_login(s, f->reply_code);
	if (!is_about_files(f->command))
		return input_stream_skip(s);
	if (v->mode != NULL)
		fill_channel(f, eve_head(s), v->mode);
	return eve_tell(s);
}

const struct eve_reader eve_reader_ftp = {
	.type = "ftp",
	.said = &transaction_ftp,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_ftp),
	.tell = tell_ftp,
};
