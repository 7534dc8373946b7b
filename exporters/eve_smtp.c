/* eve_smtp.c -- EVE's smtp event: the envelope. Addresses are in angle brackets, as Suricata has them. */
#include "daemon/transactions/smtp.h"

#include "daemon/base/strbuf.h"
#include "exporters/eve_event.h"

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

static uint64_t
depth_of(const struct observation *o)
{
	return o->smtp->trans_depth;
}

const struct eve_event eve_event_smtp = {
	.kind = OBS_SMTP,
	.type = "smtp",
	.write = write_smtp,
	.depth = depth_of,
};
