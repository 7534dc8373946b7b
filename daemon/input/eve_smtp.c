/* eve_smtp.c -- EVE's smtp event: one message, its envelope and its header. */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/smtp.h"

#include <string.h>

static const struct transaction_alias columns[] = {
	{ "smtp.helo", "helo" },
	{ "email.from", "from" },
	{ "email.to", "to" },
	{ "email.cc", "cc" },
	{ "email.reply_to", "reply_to" },
	{ "email.message_id", "msg_id" },
	{ "email.in_reply_to", "in_reply_to" },
	{ "email.subject", "subject" },
	{ "email.user_agent", "user_agent" },
	{ "email.date", "date" },
	{ NULL, NULL },
};

/* Addresses of the envelope stand in angle brackets; the sender of a bounce is empty: nobody. */
static int
read_value(struct input_stream *s, const struct json_value *v, struct text_view text)
{
	static const char sender[] = "smtp.mail_from";
	static const char recipient[] = "smtp.rcpt_to";
	const struct transaction_field *rows = transaction_smtp.fields;
	const char *row = NULL;

	if (v->path_length == sizeof(sender) - 1 && memcmp(v->path, sender, v->path_length) == 0)
		row = "mailfrom";
	if (v->path_length == sizeof(recipient) - 1 &&
		memcmp(v->path, recipient, v->path_length) == 0)
		row = "rcptto";
	if (row == NULL)
		return 0;
	if (text.length >= 2 && text.at[0] == '<' && text.at[text.length - 1] == '>')
		text = (struct text_view){ text.at + 1, text.length - 2 };
	if (text.length > 0)
		(void)transaction_read_field(&s->items[0].said,
			&rows[transaction_read_row(rows, NULL, row, strlen(row))], text);
	return 0;
}

static int
tell_smtp(struct input_stream *s)
{
	struct obs_smtp *o = eve_said(s);
	uint64_t tx_id = eve_head(s)->tx_id;

	if (tx_id < UINT32_MAX)
		o->trans_depth = tx_id + 1;
	return eve_tell(s);
}

const struct eve_reader eve_reader_smtp = {
	.type = "smtp",
	.said = &transaction_smtp,
	.columns = columns,
	.value = read_value,
	.tell = tell_smtp,
};
