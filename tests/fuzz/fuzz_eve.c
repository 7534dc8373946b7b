/*
 * fuzz_eve.c -- any bytes as lines of EVE.
 *
 * Each line lies in memory of exactly its size, and the second ones are read behind what the first ones taught (the
 * order of their keys). What is told is read to its last byte, as an engine would.
 */
#include "daemon/transactions/dns.h"
#include "daemon/transactions/transaction.h"
#include "tests/support/input_rig.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { INPUT_MOST = 16 << 10 };

extern const struct input_format input_eve;

static size_t
read_text(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

static size_t
read_texts(const struct text_list *list)
{
	size_t read = 0;

	for (size_t i = 0; i < list->count; i++)
		read += strlen(list->at[i]);
	return read;
}

static void
check_said(const struct observation *o)
{
	const struct transaction_kind *kind = transaction_kind_of(o->kind);
	size_t read = 0;

	assert(kind != NULL && o->talk->id != 0);
	for (const struct transaction_field *f = kind->fields; f->name != NULL; f++) {
		if (f->type == FIELD_TEXT)
			read += read_text(*(const char *const *)transaction_at(f, o->said));
		if (f->type == FIELD_TEXTS)
			read += read_texts(transaction_at(f, o->said));
	}
	assert(read < (size_t)2 * INPUT_TEXT_MAX);
	if (o->kind == OBS_DNS)
		assert(o->dns->answer_count <= DNS_ANSWERS_MAX &&
			(o->dns->ttls.count == 0 || o->dns->ttls.count == o->dns->texts.count));
}

static void
check_flow(const struct obs_flow *f)
{
	assert(f->id != 0 && f->state < CONN_STATE_COUNT && f->last_ns >= f->start_ns);
	assert(f->ended != FLOW_END_NONE && f->ended < FLOW_END_REASON_COUNT);
	assert(read_text(f->history) <= FLOW_HISTORY_MAX && f->service != NULL && f->label != NULL);
	assert(f->outside == NULL || f->outside->kind < TUNNEL_KIND_COUNT);
}

static void
check_item(const struct input_item *item)
{
	const struct observation *o = &item->o;

	assert(o->ts_ns != 0 || o->kind == OBS_FLOW_END);
	switch (o->kind) {
	case OBS_FLOW_END:
		check_flow(o->flow);
		break;
	case OBS_TUNNEL:
		assert(o->tunnel->kind != TUNNEL_NONE && o->tunnel->flow == &item->flow);
		break;
	case OBS_WEIRD:
		assert(o->weird->kind < WEIRD_COUNT);
		break;
	case OBS_ARP:
		assert(o->arp->operation == 1 || o->arp->operation == 2);
		break;
	default:
		check_said(o);
	}
}

static void
read_lines(struct input_rig *r, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	for (const char *at = bytes; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line = (size_t)((stop == NULL ? end : stop) - at);
		uint64_t skipped = r->s.skipped;
		int told = input_rig_bytes(r, at, line);

		assert(told <= INPUT_ITEMS_MAX);
		assert(told >= 0 || (r->s.complaint[0] != '\0' &&
					    strlen(r->s.complaint) < INPUT_COMPLAINT_MAX));
		assert(told != 0 || r->s.skipped == skipped + 1);
		for (int i = 0; i < told; i++)
			check_item(&r->s.items[i]);
		at += line + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0 || len > INPUT_MOST)
		return 0;
	struct input_rig *r = input_rig_new(&input_eve);
	r->plan.file_order = bytes[0] & 1;
	read_lines(r, (const char *)bytes + 1, len - 1);
	read_lines(r, (const char *)bytes + 1, len - 1);
	input_rig_free(r);
	return 0;
}
