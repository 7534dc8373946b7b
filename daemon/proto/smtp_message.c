#include "daemon/proto/smtp_message.h"

#include "daemon/proto/lines.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/smtp.h"

#include <string.h>

/* Copy the address of "FROM:<a@b> SIZE=1": what is in angle brackets, or the first word. */
static void
address_read(const char *arg, char ret_address[SMTP_NAME_MAX])
{
	const char *address = strchr(arg, ':');
	const char *ends = " ";

	address = address == NULL ? "" : address + 1 + strspn(address + 1, " ");
	if (*address == '<') {
		address++;
		ends = ">";
	}
	size_t length = strcspn(address, ends);
	line_copy(ret_address, length < SMTP_NAME_MAX ? length + 1 : SMTP_NAME_MAX, address);
}

void
smtp_message_from(struct smtp_message *m, const char *arg)
{
	m->has_sender = true;
	address_read(arg, m->mail_from);
}

void
smtp_message_to(struct smtp_message *m, const char *arg)
{
	char address[SMTP_NAME_MAX];

	address_read(arg, address);
	size_t size = strlen(address) + 1;
	if (size == 1 || m->rcpt_count == SMTP_RCPT_MAX || size > sizeof(m->rcpt) - m->rcpt_used)
		return;
	for (const char *at = m->rcpt; at < m->rcpt + m->rcpt_used; at += strlen(at) + 1)
		if (strcmp(at, address) == 0)
			return;
	memcpy(&m->rcpt[m->rcpt_used], address, size);
	m->rcpt_used = (uint16_t)(m->rcpt_used + size);
	m->rcpt_count++;
}

/* Take "a, \"b, c\" <d>" apart where a comma is not in quotes. returns how many texts there are */
static size_t
split(char *text, const char **ret_texts, size_t most)
{
	size_t count = 0;

	while (text != NULL && count < most) {
		bool in_quotes = false;
		char *end = text += strspn(text, " \t");
		for (; *end != '\0' && (*end != ',' || in_quotes); end++)
			in_quotes ^= *end == '"';
		char *next = *end == ',' ? end + 1 : NULL;
		while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		*end = '\0';
		if (*text != '\0')
			ret_texts[count++] = text;
		text = next;
	}
	return count;
}

static size_t
list_rcpt(const struct smtp_message *m, const char **ret_texts)
{
	const char *at = m->rcpt;

	for (size_t i = 0; i < m->rcpt_count; i++, at += strlen(at) + 1)
		ret_texts[i] = at;
	return m->rcpt_count;
}

/* Server, client, and the hops before it; who follows on itself is told once. */
static size_t
list_path(
	const struct addr *path, size_t count, char (*texts)[ADDR_TEXT_MAX], const char **ret_texts)
{
	size_t told = 0;

	for (size_t i = 0; i < count; i++) {
		if (i >= 2 && addr_equal(&path[i], &path[i - 1]))
			continue;
		ret_texts[told] = addr_format(&path[i], texts[told]);
		told++;
	}
	return told;
}

static struct addr
originating(struct mail *mail)
{
	char *text = mail_value(mail, MAIL_ORIGINATING_IP);
	struct addr a = { 0 };

	if (text == NULL)
		return a;
	text += strspn(text, "[ ");
	text[strcspn(text, "] ")] = '\0';
	return addr_parse(text, &a) ? a : (struct addr){ 0 };
}

static void
forget(struct smtp_message *m)
{
	m->began_ns = 0;
	m->has_sender = m->is_worth = false;
	m->rcpt_count = 0;
	m->rcpt_used = 0;
	m->mail_from[0] = m->last_reply[0] = '\0';
	memset(&m->mail, 0, sizeof(m->mail));
	mail_parts_forget(&m->parts);
}

void
smtp_message_read(struct smtp_message *m, const struct proto_call *call, struct cursor bytes)
{
	mail_read(&m->mail, (const char *)bytes.at, cursor_left(&bytes));
	mail_parts_read(&m->parts, call, bytes);
}

void
smtp_message_gap(struct smtp_message *m, const struct proto_call *call, uint32_t missing)
{
	mail_end(&m->mail);
	mail_parts_gap(&m->parts, call, missing);
}

void
smtp_message_tell(struct smtp_message *m, const struct proto_call *call, const struct addr *client,
	const struct addr *server)
{
	struct addr path[2 + MAIL_HOPS_MAX] = { *server, *client };
	char path_text[2 + MAIL_HOPS_MAX][ADDR_TEXT_MAX];
	const char *rcpt[SMTP_RCPT_MAX];
	const char *to[SMTP_TO_MAX];
	const char *cc[SMTP_CC_MAX];
	const char *hops[SMTP_PATH_MAX];
	const char *fuids[MAIL_FUIDS_MAX];
	struct mail *mail = &m->mail;

	mail_end(mail);
	mail_parts_end(&m->parts, call);
	for (size_t i = 0; i < m->parts.fuid_count; i++)
		fuids[i] = m->parts.fuids[i];
	memcpy(&path[2], mail->hops, mail->hop_count * sizeof(path[0]));
	const struct obs_smtp said = {
		.trans_depth = m->told + 1U,
		.helo = m->has_helo ? m->helo : NULL,
		.mail_from = wire_text_or_null(m->mail_from),
		.rcpt_to = { rcpt, list_rcpt(m, rcpt) },
		.date = mail_value(mail, MAIL_DATE),
		.from = mail_value(mail, MAIL_FROM),
		.to = { to, split(mail_value(mail, MAIL_TO), to, SMTP_TO_MAX) },
		.cc = { cc, split(mail_value(mail, MAIL_CC), cc, SMTP_CC_MAX) },
		.reply_to = mail_value(mail, MAIL_REPLY_TO),
		.msg_id = mail_value(mail, MAIL_ID),
		.in_reply_to = mail_value(mail, MAIL_IN_REPLY_TO),
		.subject = mail_value(mail, MAIL_SUBJECT),
		.x_originating_ip = originating(mail),
		.first_received = mail_value(mail, MAIL_RECEIVED),
		.second_received = mail_value(mail, MAIL_RECEIVED_BEFORE),
		.last_reply = wire_text_or_null(m->last_reply),
		.path = { hops, list_path(path, 2U + mail->hop_count, path_text, hops) },
		.user_agent = mail_value(mail, MAIL_USER_AGENT),
		.tls = m->is_tls ? TRUTH_YES : TRUTH_NO,
		.fuids = { fuids, m->parts.fuid_count },
	};
	call->emit(call->context, &(struct observation){ .kind = OBS_SMTP,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = m->began_ns,
					  .smtp = &said });
	forget(m);
}
