#include "daemon/proto/mail.h"

#include <string.h>

enum phase {
	IN_NAME,
	BEFORE_VALUE,
	IN_VALUE,
	AFTER_LINE, /* of a value: it may go on in the next one */
	IN_BODY,
};

/* Each value has its place in `text`. */
struct slot {
	const char *name; /* in lower case */
	uint8_t field;
	uint16_t at, size;
};

static const struct slot slots[] = {
	{ "date", MAIL_DATE, 0, 64 },
	{ "from", MAIL_FROM, 64, 256 },
	{ "to", MAIL_TO, 320, 640 },
	{ "cc", MAIL_CC, 960, 480 },
	{ "reply-to", MAIL_REPLY_TO, 1440, 160 },
	{ "message-id", MAIL_ID, 1600, 200 },
	{ "in-reply-to", MAIL_IN_REPLY_TO, 1800, 200 },
	{ "subject", MAIL_SUBJECT, 2000, 512 },
	{ "x-originating-ip", MAIL_ORIGINATING_IP, 2512, 48 },
	{ "user-agent", MAIL_USER_AGENT, 2560, 128 },
	{ "x-mailer", MAIL_USER_AGENT, 2560, 128 },
	{ "received", MAIL_RECEIVED, 2688, 356 },
	{ "", MAIL_RECEIVED_BEFORE, 3044, 356 },
};

static const struct slot *
slot_of(enum mail_field f)
{
	size_t i = 0;

	while (slots[i].field != f)
		i++;
	return &slots[i];
}

char *
mail_value(struct mail *m, enum mail_field f)
{
	return (m->seen & 1U << f) == 0 ? NULL : &m->text[slot_of(f)->at];
}

/* Whom this hop had the mail from: the first address in brackets. */
static void
keep_hop(struct mail *m, const char *received)
{
	char text[ADDR_TEXT_MAX];
	const char *open = strchr(received, '[');
	size_t length = open == NULL ? 0 : strcspn(open + 1, "]");

	if (m->hop_count == MAIL_HOPS_MAX || length == 0 || length >= sizeof(text))
		return;
	memcpy(text, open + 1, length);
	text[length] = '\0';
	m->hop_count += addr_parse(text, &m->hops[m->hop_count]);
}

/* The value is complete. */
static void
finish(struct mail *m)
{
	if (m->field == MAIL_RECEIVED)
		keep_hop(m, &m->text[slot_of(MAIL_RECEIVED)->at]);
	m->phase = IN_NAME;
	m->length = 0;
}

/* The name is complete: is its value wanted? */
static void
begin_value(struct mail *m)
{
	m->name[m->length] = '\0';
	m->length = 0;
	m->phase = BEFORE_VALUE;
	m->field = MAIL_FIELD_COUNT;
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (slots[i].name[0] != '\0' && strcmp(slots[i].name, m->name) == 0)
			m->field = slots[i].field;
	if (m->field == MAIL_FIELD_COUNT)
		return;
	const struct slot *slot = slot_of(m->field);
	if (m->field == MAIL_RECEIVED && (m->seen & 1U << MAIL_RECEIVED) != 0) {
		memcpy(&m->text[slot_of(MAIL_RECEIVED_BEFORE)->at], &m->text[slot->at], slot->size);
		m->seen |= 1U << MAIL_RECEIVED_BEFORE;
	}
	m->seen |= (uint16_t)(1U << m->field);
	m->text[slot->at] = '\0';
}

static void
put(struct mail *m, const char *bytes, size_t size)
{
	if (m->field == MAIL_FIELD_COUNT)
		return;
	const struct slot *slot = slot_of(m->field);
	if (m->length + size >= slot->size)
		return;
	memcpy(&m->text[slot->at + m->length], bytes, size);
	m->length = (uint16_t)(m->length + size);
	m->text[slot->at + m->length] = '\0';
}

static void
value_byte(struct mail *m, char c)
{
	if (c == '\n')
		m->phase = AFTER_LINE;
	else if (c == '\0')
		put(m, "\\x00", 4);
	else if (c != '\r')
		put(m, &c, 1);
}

static void
name_byte(struct mail *m, char c)
{
	if (c == ':') {
		begin_value(m);
	} else if (
		c ==
		'\n') { /* an empty line ends the header; others without a name are passed over */
		m->phase = m->length == 0 ? IN_BODY : IN_NAME;
		m->length = 0;
	} else if (c != '\r' && c != ' ' && c != '\t') {
		m->name[m->length] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		if (m->length + 1U < sizeof(m->name))
			m->length++;
	}
}

static void
read_byte(struct mail *m, char c)
{
	bool is_blank = c == ' ' || c == '\t';

	switch ((enum phase)m->phase) {
	case AFTER_LINE:
		if (is_blank) {
			m->phase = IN_VALUE;
			value_byte(m, c);
			return;
		}
		finish(m);
		name_byte(m, c);
		return;
	case IN_NAME:
		name_byte(m, c);
		return;
	case BEFORE_VALUE:
		if (is_blank)
			return;
		m->phase = IN_VALUE;
		value_byte(m, c);
		return;
	case IN_VALUE:
		value_byte(m, c);
		return;
	case IN_BODY:
		return;
	}
}

void
mail_read(struct mail *m, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && m->phase != IN_BODY; i++)
		read_byte(m, bytes[i]);
}

void
mail_end(struct mail *m)
{
	if (m->phase != IN_BODY && m->phase != IN_NAME)
		finish(m);
	m->phase = IN_BODY;
}
