/* record_wire.c -- a record's header, then its fields (record_fields.h), or a piece of its window. */
#include "daemon/record/record_wire.h"

#include "daemon/record/record_fields.h"

#include <assert.h>
#include <string.h>

static void
take_flow(struct record_unpacked *u, const struct obs_flow *f)
{
	u->flow = *f;
	if (f->outside != NULL)
		u->outside = *f->outside;
}

static void
take_said(struct record_unpacked *u, const struct observation *o)
{
	u->transaction = *o;
	u->said.text_count = u->said.count_count = 0;
	memcpy(u->said.said, o->said, transaction_kind_of(o->kind)->size);
}

/* The values that `r` points to; its strings and arrays stay where they are. */
static void
take_values(struct record_unpacked *u, const struct record *r)
{
	u->record = *r;
	switch (r->kind) {
	case RECORD_EVIDENCE:
		u->evidence = *r->evidence;
		u->kind = *r->evidence->kind;
		break;
	case RECORD_ALERT:
		u->alert = *r->alert;
		u->kind = *r->alert->strongest;
		break;
	case RECORD_FLOW:
		take_flow(u, r->flow);
		break;
	case RECORD_TUNNEL:
		u->tunnel = *r->tunnel;
		take_flow(u, r->tunnel->flow);
		break;
	case RECORD_CLOCK_JUMP:
		u->clock_jump = *r->clock_jump;
		break;
	case RECORD_CAPTURE_GAP:
		u->capture_gap = *r->capture_gap;
		break;
	case RECORD_LOSS_SPAN:
		u->loss_span = *r->loss_span;
		break;
	case RECORD_WEIRD:
		u->weird = *r->weird;
		break;
	case RECORD_TRANSACTION:
		take_said(u, r->transaction);
		u->talk = *r->transaction->talk;
		break;
	case RECORD_TIMELINE:
		u->timeline = *r->timeline;
		take_flow(u, r->timeline->flow);
		if (r->timeline->said != NULL)
			take_said(u, r->timeline->said);
		break;
	case RECORD_ARP:
		u->arp = *r->arp;
		break;
	case RECORD_DEVICE:
		u->device = *r->device;
		break;
	case RECORD_ADDRESS:
		u->address = *r->address;
		break;
	case RECORD_TOTALS:
		u->totals = *r->totals;
		break;
	default:
		break;
	}
}

static void
header_fields(struct wire *w, struct record *r)
{
	r->kind = (enum record_kind)wire_choice(w, r->kind, RECORD_KIND_COUNT);
	wire_u64(w, &r->ts_ns);
}

void
record_pack(struct blob *out, const struct record *r)
{
	struct wire w = { .out = out };
	struct record_unpacked u;

	assert((RECORD_WIRE_KINDS & RECORD_BIT(r->kind)) != 0);
	take_values(&u, r);
	header_fields(&w, &u.record);
	record_fields(&w, &u);
}

bool
record_unpack(struct cursor *in, struct record_unpacked *ret_unpacked)
{
	struct wire w = { .in = in };

	*ret_unpacked = (struct record_unpacked){ 0 };
	header_fields(&w, &ret_unpacked->record);
	record_fields(&w, ret_unpacked);
	return !w.bad && !in->short_read;
}

bool
record_pack_window(struct blob *out, const struct record *r, struct window_packing *p)
{
	struct record header = *r;

	assert((RECORD_WIRE_WINDOWS & RECORD_BIT(r->kind)) != 0);
	header_fields(&(struct wire){ .out = out }, &header);
	return window_pack(p, out);
}

bool
record_is_window(const struct cursor *in)
{
	struct cursor ahead = *in;
	uint8_t kind = cursor_u8(&ahead);

	return kind < RECORD_KIND_COUNT && (RECORD_WIRE_WINDOWS & RECORD_BIT(kind)) != 0;
}

enum window_unpacked
record_unpack_window(struct cursor *in, struct window_unpacking *windows, struct record *ret_record)
{
	struct wire w = { .in = in };
	struct record r = { 0 };

	header_fields(&w, &r);
	enum window_unpacked result = w.bad ? WINDOW_BAD : window_unpack(windows, in);
	if (result == WINDOW_WHOLE) {
		r.window = &windows->window;
		*ret_record = r;
	}
	return result;
}
