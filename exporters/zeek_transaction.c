#include "exporters/zeek_transaction.h"

#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "exporters/zeek_json.h"

/* A transaction's fields have columns behind these. */
static const char ends_names[] = "\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p";
static const char ends_types[] = "\tstring\taddr\tport\taddr\tport";

enum { HEADER_LINE_MAX = 2048 };

static uint64_t
began_ns(const struct observation *o)
{
	return o->began_ns != 0 ? o->began_ns : o->ts_ns;
}

/* Do the columns of the conversation stand before this field's? */
static bool
ends_stand_here(const struct transaction_kind *kind, const struct transaction_field *f)
{
	return kind->has_ends && f == &kind->fields[kind->before_ends];
}

void
zeek_transaction_header(struct strbuf *out, const struct transaction_kind *kind)
{
	char names_text[HEADER_LINE_MAX];
	char types_text[HEADER_LINE_MAX];
	struct strbuf names;
	struct strbuf types;

	strbuf_init(&names, names_text, sizeof(names_text));
	strbuf_init(&types, types_text, sizeof(types_text));
	strbuf_text(&names, "\tts");
	strbuf_text(&types, "\ttime");
	if (kind->has_uids) {
		strbuf_text(&names, "\tuids");
		strbuf_text(&types, "\tset[string]");
	}
	for (const struct transaction_field *f = kind->fields;; f++) {
		if (ends_stand_here(kind, f)) {
			strbuf_text(&names, ends_names);
			strbuf_text(&types, ends_types);
		}
		if (f->name == NULL)
			break;
		strbuf_char(&names, '\t');
		strbuf_text(&names, f->name);
		strbuf_char(&types, '\t');
		strbuf_text(&types, f->zeek_type);
	}
	zeek_tsv_header(out, kind->log, names_text, types_text);
}

static void
put_interval(struct strbuf *out, uint64_t ns)
{
	strbuf_double(out, (double)ns / 1e9, 6);
}

static void
put_texts(struct strbuf *out, const struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			strbuf_char(out, ',');
		zeek_tsv_item(out, list->at[i]);
	}
}

static void
put_field(struct strbuf *out, const struct transaction_field *f, const void *said)
{
	const void *at = transaction_at(f, said);
	const struct interval_list *intervals = at;
	char text[ADDR_TEXT_MAX];

	switch (f->type) {
	case FIELD_TEXT:
		zeek_tsv_string(out, *(const char *const *)at);
		break;
	case FIELD_COUNT:
		strbuf_u64(out, *(const uint64_t *)at);
		break;
	case FIELD_TRUTH:
		strbuf_char(out, *(const enum truth *)at == TRUTH_YES ? 'T' : 'F');
		break;
	case FIELD_TIME:
		time_text_epoch(out, *(const uint64_t *)at);
		break;
	case FIELD_INTERVAL:
		put_interval(out, *(const uint64_t *)at);
		break;
	case FIELD_ADDR:
		strbuf_text(out, addr_format(at, text));
		break;
	case FIELD_PORT:
		strbuf_u64(out, *(const uint16_t *)at);
		break;
	case FIELD_TEXTS:
		put_texts(out, at);
		break;
	case FIELD_INTERVALS:
		for (size_t i = 0; i < intervals->count; i++) {
			if (i > 0)
				strbuf_char(out, ',');
			put_interval(out, intervals->at[i]);
		}
		break;
	case FIELD_NEVER:
		break;
	}
}

void
zeek_transaction_tsv(
	struct strbuf *out, const struct transaction_kind *kind, const struct observation *o)
{
	time_text_epoch(out, began_ns(o));
	strbuf_char(out, '\t');
	if (kind->has_uids)
		zeek_tsv_text(out, o->talk->uid.text);
	for (const struct transaction_field *f = kind->fields;; f++) {
		if (ends_stand_here(kind, f)) {
			zeek_tsv_text(out, o->talk->uid.text);
			zeek_tsv_end(out, &o->talk->orig, o->talk->orig_port);
			zeek_tsv_end(out, &o->talk->resp, o->talk->resp_port);
		}
		if (f->name == NULL)
			break;
		if (transaction_is_unset(f, o->said))
			strbuf_char(out, '-');
		else
			put_field(out, f, o->said);
		if (f[1].name != NULL || ends_stand_here(kind, f + 1))
			strbuf_char(out, '\t');
	}
}

static void
json_intervals(struct json *j, const struct interval_list *list)
{
	json_array_begin(j);
	for (size_t i = 0; i < list->count; i++)
		json_double(j, (double)list->at[i] / 1e9, 6);
	json_array_end(j);
}

static void
json_texts(struct json *j, const struct text_list *list)
{
	json_array_begin(j);
	for (size_t i = 0; i < list->count; i++)
		json_text(j, list->at[i]);
	json_array_end(j);
}

static void
json_field(struct json *j, const struct transaction_field *f, const void *said)
{
	const void *at = transaction_at(f, said);
	uint64_t us;
	char text[ADDR_TEXT_MAX];

	json_key(j, f->name);
	switch (f->type) {
	case FIELD_TEXT:
		json_text(j, *(const char *const *)at);
		break;
	case FIELD_COUNT:
		json_u64(j, *(const uint64_t *)at);
		break;
	case FIELD_TRUTH:
		json_bool(j, *(const enum truth *)at == TRUTH_YES);
		break;
	case FIELD_TIME:
	case FIELD_INTERVAL:
		us = *(const uint64_t *)at / NS_PER_US;
		json_double(j, (double)us / 1e6, 6);
		break;
	case FIELD_ADDR:
		json_text(j, addr_format(at, text));
		break;
	case FIELD_PORT:
		json_u64(j, *(const uint16_t *)at);
		break;
	case FIELD_TEXTS:
		json_texts(j, at);
		break;
	case FIELD_INTERVALS:
		json_intervals(j, at);
		break;
	case FIELD_NEVER:
		json_text(j, NULL);
		break;
	}
}

void
zeek_transaction_json(
	struct strbuf *out, const struct transaction_kind *kind, const struct observation *o)
{
	struct json j;

	json_init(&j, out);
	json_object_begin(&j);
	zeek_json_us(&j, "ts", began_ns(o) / NS_PER_US);
	if (kind->has_ends) {
		json_key_text(&j, "uid", o->talk->uid.text);
		zeek_json_end(&j, "id.orig_h", "id.orig_p", &o->talk->orig, o->talk->orig_port);
		zeek_json_end(&j, "id.resp_h", "id.resp_p", &o->talk->resp, o->talk->resp_port);
	}
	if (kind->has_uids) {
		json_key(&j, "uids");
		json_array_begin(&j);
		json_text(&j, o->talk->uid.text);
		json_array_end(&j);
	}
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++)
		if (!transaction_is_unset(f, o->said))
			json_field(&j, f, o->said);
	json_object_end(&j);
}
