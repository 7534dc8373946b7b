/* input_item.c -- what a format fills. */
#include "daemon/input/input_stream.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DAY_NS   (86400 * NS_PER_S)
#define AHEAD_NS (366 * DAY_NS)

enum { VALUE_MOST = 60 }; /* bytes of a bad value that people are shown */

struct input_item *
input_stream_item(
	struct input_stream *s, size_t index, const struct transaction_field *fields, size_t size)
{
	struct input_item *item = &s->items[index];

	if (index > 0)
		s->text_used += s->items[index - 1].said.text_used;
	memset(item, 0, offsetof(struct input_item, said));
	item->said.text = s->text + s->text_used;
	item->said.text_size = INPUT_TEXT_MAX - s->text_used;
	item->said.text_used = 0;
	item->said.cut = 0;
	if (fields != NULL)
		transaction_read_begin(&item->said, fields, size);
	return item;
}

int
input_stream_skip(struct input_stream *s)
{
	s->skipped++;
	return 0;
}

int
input_stream_keep(struct input_stream *s)
{
	s->kept++;
	return 0;
}

int
input_stream_time(struct input_stream *s, uint64_t key_ns)
{
	uint64_t doubted_ns = s->doubted_ns;

	s->doubted_ns = 0;
	if (s->in_any_order || s->believed_ns == 0 || key_ns < s->believed_ns + AHEAD_NS ||
		(doubted_ns != 0 && key_ns < doubted_ns + AHEAD_NS)) {
		s->believed_ns = key_ns > s->believed_ns ? key_ns : s->believed_ns;
		return 0;
	}
	s->doubted_ns = key_ns;
	(void)snprintf(s->complaint, sizeof(s->complaint),
		"its time is %llu days ahead of the lines before",
		(unsigned long long)((key_ns - s->believed_ns) / DAY_NS));
	return -EBADMSG;
}

int
input_stream_bad(
	struct input_stream *s, const char *what, struct text_view value, const char *expected)
{
	char room[INPUT_COMPLAINT_MAX];
	struct strbuf b;

	strbuf_init(&b, room, sizeof(room));
	strbuf_text(&b, what);
	strbuf_text(&b, ": \"");
	strbuf_bytes(&b, value.at, value.length < VALUE_MOST ? value.length : VALUE_MOST);
	strbuf_text(&b, "\" is no ");
	strbuf_text(&b, expected);
	struct strbuf safe;
	strbuf_init(&safe, s->complaint, sizeof(s->complaint));
	text_safe(&safe, b.text, sizeof(room));
	return -EBADMSG;
}

void
input_item_text(char *to, size_t room, const char *text)
{
	size_t length = text == NULL ? 0 : strnlen(text, room - 1);

	if (length > 0)
		memcpy(to, text, length);
	to[length] = '\0';
}

void
input_item_ends(struct input_item *item)
{
	struct obs_flow *f = &item->flow;

	f->id = item->talk.id;
	f->uid = item->talk.uid;
	f->orig = item->talk.orig;
	f->resp = item->talk.resp;
	f->orig_port = item->talk.orig_port;
	f->resp_port = item->talk.resp_port;
	f->ip_proto = item->talk.ip_proto;
}

void
input_item_flow(struct input_item *item)
{
	struct obs_flow *f = &item->flow;

	f->orig_delta = f->orig_total;
	f->resp_delta = f->resp_total;
	f->previous_ns = f->start_ns;
	f->history = item->history;
	f->service = item->service;
	f->label = item->label;
	item->o.kind = OBS_FLOW_END;
	item->o.ts_ns = f->last_ns;
	item->o.flow = f;
}

void
input_item_said(struct input_item *item, enum obs_kind kind)
{
	item->o.kind = kind;
	item->o.talk = &item->talk;
	item->o.said = item->said.room.said;
}
