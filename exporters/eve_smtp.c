/*
 * eve_smtp.c -- EVE's smtp event: the envelope, and beside it the mail's header. Addresses of the envelope are in
 * angle brackets, as Suricata has them. What a mail carries has events of its own (fileinfo).
 */
#include "daemon/transactions/smtp.h"

#include "daemon/base/strbuf.h"
#include "exporters/eve_event.h"
#include "exporters/eve_json.h"

enum { ADDRESS_MAX = 1024 };

static void
write_address(struct json *j, const char *address)
{
	char text[ADDRESS_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_char(&b, '<');
	strbuf_text(&b, address);
	strbuf_char(&b, '>');
	json_bytes(j, b.text, b.length);
}

static void
write_smtp(struct json *j, const struct observation *o)
{
	const struct obs_smtp *s = o->smtp;

	if (s->helo != NULL)
		json_key_text(j, "helo", s->helo);
	if (s->mail_from != NULL) {
		json_key(j, "mail_from");
		write_address(j, s->mail_from);
	}
	if (s->rcpt_to.count == 0)
		return;
	json_key(j, "rcpt_to");
	json_array_begin(j);
	for (size_t i = 0; i < s->rcpt_to.count; i++)
		write_address(j, s->rcpt_to.at[i]);
	json_array_end(j);
}

/* Did any of what is told below come? */
static bool
has_header(const struct obs_smtp *s)
{
	return s->from != NULL || s->to.count > 0 || s->cc.count > 0 || s->subject != NULL ||
	       s->date != NULL || s->msg_id != NULL || s->in_reply_to != NULL ||
	       s->reply_to != NULL || s->user_agent != NULL;
}

static void
write_email(struct json *j, const struct observation *o)
{
	const struct obs_smtp *s = o->smtp;

	if (!has_header(s))
		return;
	json_key(j, "email");
	json_object_begin(j);
	eve_key_text(j, "from", s->from);
	eve_key_texts(j, "to", &s->to);
	eve_key_texts(j, "cc", &s->cc);
	eve_key_text(j, "reply_to", s->reply_to);
	eve_key_text(j, "message_id", s->msg_id);
	eve_key_text(j, "in_reply_to", s->in_reply_to);
	eve_key_text(j, "subject", s->subject);
	eve_key_text(j, "user_agent", s->user_agent);
	eve_key_text(j, "date", s->date);
	json_object_end(j);
}

static uint64_t
depth_of(const struct observation *o)
{
	return o->smtp->trans_depth;
}

const struct eve_event eve_event_smtp = {
	.kind = OBS_SMTP,
	.type = "smtp",
	.write = write_smtp,
	.write_beside = write_email,
	.depth = depth_of,
};
