/*
 * eve.c -- a line of EVE becomes observations.
 *
 * Which event it is stands somewhere in the line, mostly near its beginning: it is looked for first, then
 * the line is read once more with the event's tables. What nobody asks for costs a scan.
 */
#include "daemon/input/eve.h"

#include "daemon/input/flow_id.h"
#include "daemon/input/ip_proto_word.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define EVE_READER(name) extern const struct eve_reader eve_reader_##name;
#include "eve_readers_list.h"
#undef EVE_READER

#define EVE_READER(name) &eve_reader_##name,
const struct eve_reader *const eve_readers[] = {
#include "eve_readers_list.h"
};
#undef EVE_READER

const size_t eve_reader_count = sizeof(eve_readers) / sizeof(eve_readers[0]);

static_assert(
	sizeof(eve_readers) / sizeof(eve_readers[0]) <= EVE_READERS_MAX, "each has its columns");

const struct transaction_field eve_head_fields[] = {
	FIELD_ROW_TIME(struct eve_head, ts_ns, "timestamp"),
	FIELD_ROW_TEXT(struct eve_head, flow_id, "flow_id"),
	FIELD_ROW_TEXT(struct eve_head, src_ip, "src_ip"),
	FIELD_ROW_PORT(struct eve_head, src_port, "src_port"),
	FIELD_ROW_TEXT(struct eve_head, dest_ip, "dest_ip"),
	FIELD_ROW_PORT(struct eve_head, dest_port, "dest_port"),
	FIELD_ROW_TEXT(struct eve_head, proto, "proto"),
	FIELD_ROW_COUNT(struct eve_head, tx_id, "tx_id"),
	FIELD_ROW_TEXT(struct eve_head, kind, "naiad.kind"),
	FIELD_ROW_TEXT(struct eve_head, uid, "naiad.uid"),
	FIELD_END,
};

/* Events that say nothing of hosts, or what others say better: lines that nobody misses. */
static const char *const passed_over[] = { "stats", "netflow" };

char *
eve_text(struct input_stream *s, size_t size)
{
	struct transaction_read *r = &s->items[0].said;

	if (size > r->text_size - r->text_used) {
		r->cut++;
		return NULL;
	}
	char *text = r->text + r->text_used;
	r->text_used += size;
	return text;
}

int
eve_bad(struct input_stream *s, const char *what, const char *text, const char *expected)
{
	const char *at = text == NULL ? "" : text;

	return input_stream_bad(s, what, (struct text_view){ at, strlen(at) }, expected);
}

/* A conversation has one name in all its events: ours, where we wrote them, else Suricata's. */
static void
name_talk(const struct eve_head *h, struct obs_talk *t, uint64_t ts_ns)
{
	const char *name = h->uid != NULL ? h->uid : h->flow_id;

	if (name != NULL) {
		flow_id_of_name(name, strlen(name), &t->uid, &t->id);
		return;
	}
	const struct obs_flow nameless = { .orig = t->orig,
		.resp = t->resp,
		.orig_port = t->orig_port,
		.resp_port = t->resp_port,
		.ip_proto = t->ip_proto,
		.start_ns = ts_ns };
	flow_id_of_ends(&nameless, &t->uid, &t->id);
}

int
eve_talk(struct input_stream *s, bool turned)
{
	const struct eve_head *h = eve_head(s);
	struct input_item *item = &s->items[0];

	if (h->src_ip == NULL || h->dest_ip == NULL)
		return eve_bad(s, h->src_ip == NULL ? "src_ip" : "dest_ip", NULL, "address");
	item->talk = (struct obs_talk){
		.orig = turned ? h->dest : h->src,
		.resp = turned ? h->src : h->dest,
		.orig_port = turned ? h->dest_port : h->src_port,
		.resp_port = turned ? h->src_port : h->dest_port,
		.ip_proto = eve_of(s)->ip_proto,
	};
	name_talk(h, &item->talk, h->ts_ns);
	item->o.ts_ns = h->ts_ns;
	return 0;
}

int
eve_tell(struct input_stream *s)
{
	int r = eve_talk(s, /* turned= */ false);

	if (r < 0)
		return r;
	input_item_said(&s->items[0], s->items[0].o.kind);
	return 1;
}

void *
eve_become(struct input_stream *s, const struct transaction_kind *kind)
{
	struct input_item *item = input_stream_item(s, 0, kind->fields, kind->size);

	item->o.kind = (enum obs_kind)kind->kind;
	return item->said.room.said;
}

struct input_item *
eve_also(struct input_stream *s, size_t index, const struct transaction_kind *kind)
{
	struct input_item *item = input_stream_item(s, index, kind->fields, kind->size);

	item->talk = s->items[0].talk;
	item->o.ts_ns = s->items[0].o.ts_ns;
	input_item_said(item, (enum obs_kind)kind->kind);
	return item;
}

static int
read_value(struct input_stream *s, struct eve_columns *columns, const struct json_value *v)
{
	struct eve *e = eve_of(s);
	const struct eve_column *c = eve_column_of(columns, e->reader, v->path, v->path_length);

	if (c->to == EVE_TO_NOBODY || v->type == JSON_READ_NULL)
		return 0;
	struct text_view text = json_read_text(v, e->plain, sizeof(e->plain));
	if (c->to == EVE_TO_VALUE)
		return e->reader->value(s, v, text);
	struct transaction_read *r = c->to == EVE_TO_HEAD     ? &e->head
				     : c->to == EVE_TO_BESIDE ? &e->beside
							      : &s->items[0].said;
	if (transaction_read_field(r, c->field, text) != -EBADMSG)
		return 0;
	return input_stream_bad(s, c->field->name, text, transaction_read_expected(c->field->type));
}

/* Where a line stops to be one: what is left of it. */
static int
no_json(struct input_stream *s, const struct json_read *json)
{
	return input_stream_bad(s, "line",
		(struct text_view){ json->at, (size_t)(json->end - json->at) },
		"JSON from here on");
}

/* returns 1: e->reader is the event's; 0: nobody reads it; -EBADMSG */
static int
find_reader(struct input_stream *s, const char *line, size_t length)
{
	struct json_read json;
	struct json_value v;
	int r;

	json_read_begin(&json, line, length);
	while ((r = json_read_next(&json, &v)) > 0)
		if (v.path_length == strlen("event_type") &&
			memcmp(v.path, "event_type", v.path_length) == 0)
			break;
	if (r < 0)
		return no_json(s, &json);
	if (r == 0)
		return eve_bad(s, "event_type", NULL, "event");
	for (size_t i = 0; i < eve_reader_count; i++)
		if (strlen(eve_readers[i]->type) == v.length &&
			memcmp(eve_readers[i]->type, v.text, v.length) == 0) {
			eve_of(s)->reader = eve_readers[i];
			return 1;
		}
	for (size_t i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++)
		if (strlen(passed_over[i]) == v.length &&
			memcmp(passed_over[i], v.text, v.length) == 0)
			return input_stream_skip(s);
	s->unknown++;
	return input_stream_skip(s);
}

static struct eve_columns *
begin(struct input_stream *s)
{
	struct eve *e = eve_of(s);
	const struct eve_reader *reader = e->reader;
	size_t index = 0;

	e->head.text = e->head_text;
	e->head.text_size = sizeof(e->head_text);
	transaction_read_begin(&e->head, eve_head_fields, sizeof(struct eve_head));
	e->beside.text = e->beside_text;
	e->beside.text_size = sizeof(e->beside_text);
	if (reader->beside != NULL)
		transaction_read_begin(&e->beside, reader->beside, reader->beside_size);
	if (reader->said != NULL)
		(void)eve_become(s, reader->said);
	else
		(void)input_stream_item(s, 0, NULL, 0);
	e->kept.record_count = 0;
	e->kept.has_records = false;
	while (eve_readers[index] != reader)
		index++;
	return &e->columns[index];
}

/* What all events say is made of what was read. */
static int
settle(struct input_stream *s)
{
	struct eve *e = eve_of(s);
	struct eve_head *h = (void *)e->head.room.said;

	e->ip_proto = 0;
	if (h->ts_ns == 0)
		return eve_bad(s, "timestamp", NULL, "time");
	if (h->src_ip != NULL && !addr_parse(h->src_ip, &h->src))
		return eve_bad(s, "src_ip", h->src_ip, "address");
	if (h->dest_ip != NULL && !addr_parse(h->dest_ip, &h->dest))
		return eve_bad(s, "dest_ip", h->dest_ip, "address");
	if (h->proto != NULL && !ip_proto_word(h->proto, strlen(h->proto), &e->ip_proto))
		return eve_bad(s, "proto", h->proto, "protocol of IP");
	return 0;
}

static int
eve_line(struct input_stream *s, char *line, size_t length)
{
	struct eve *e = eve_of(s);
	struct json_read json;
	struct json_value v;
	int r = find_reader(s, line, length);

	if (r <= 0)
		return r;
	struct eve_columns *columns = begin(s);
	json_read_begin(&json, line, length);
	while ((r = json_read_next(&json, &v)) > 0) {
		r = read_value(s, columns, &v);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return no_json(s, &json);
	r = settle(s);
	if (r == 0)
		r = e->reader->tell != NULL ? e->reader->tell(s) : eve_tell(s);
	s->cut_texts += e->head.cut + e->beside.cut;
	return r;
}

/* Flows are written when they time out, which is long behind the time that they have. */
static void
eve_begin_file(struct input_stream *s, const char *first, size_t length)
{
	(void)first;
	(void)length;
	s->look_ahead = INPUT_LOOK_EVERYWHERE;
}

const struct input_format input_eve = {
	.name = "eve",
	.kind = INPUT_KIND_EVE,
	.state_size = sizeof(struct eve),
	.line = eve_line,
	.begin = eve_begin_file,
};
