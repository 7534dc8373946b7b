/*
 * record_fields.c -- each kind of record has one function that walks its fields. A field that is forgotten is
 * missing on both sides, where the round trip of the test sees it.
 */
#include "daemon/record/record_fields.h"

#include <string.h>

/* A transaction without its conversation. returns false when it is none */
static bool
said_fields(struct wire *w, struct record_unpacked *u)
{
	struct observation *o = &u->transaction;

	o->kind = (enum obs_kind)wire_choice(w, o->kind, OBS_KIND_COUNT);
	const struct transaction_kind *kind = transaction_kind_of(o->kind);
	if (kind == NULL) {
		w->bad = true;
		return false;
	}
	wire_u64(w, &o->ts_ns);
	wire_u64(w, &o->began_ns);
	wire_u16(w, &o->interface);
	transaction_wire(w, kind, &u->said);
	o->said = u->said.said;
	return true;
}

static void
transaction_fields(struct wire *w, struct record_unpacked *u)
{
	if (!said_fields(w, u))
		return;
	wire_u64(w, &u->talk.id);
	wire_chars(w, u->talk.uid.text, sizeof(u->talk.uid.text));
	wire_addr(w, &u->talk.orig);
	wire_addr(w, &u->talk.resp);
	wire_u16(w, &u->talk.orig_port);
	wire_u16(w, &u->talk.resp_port);
	wire_u8(w, &u->talk.ip_proto);
	u->transaction.talk = &u->talk;
}

static void
kind_fields(struct wire *w, struct evidence_kind *k)
{
	wire_string(w, &k->name);
	wire_u32(w, &k->signature_id);
	wire_string(w, &k->technique);
	wire_string(w, &k->unit);
	wire_string(w, &k->title);
	k->may_convict = wire_bool(w, k->may_convict);
}

static void
window_fields(struct wire *w, struct record_window_ref *r)
{
	uint64_t number = (uint64_t)r->number;

	wire_u64(w, &number);
	r->number = (int64_t)number;
	wire_u64(w, &r->start_ns);
	wire_u64(w, &r->end_ns);
}

/* A text that may be NULL, as which an empty one comes back. */
static void
text_or_null(struct wire *w, const char **text)
{
	const char *sent = *text == NULL ? "" : *text;

	wire_string(w, &sent);
	*text = sent[0] == '\0' ? NULL : sent;
}

static void
silence_fields(struct wire *w, struct record_silence *s)
{
	if (!wire_bool(w, s->rule != NULL))
		return;
	wire_string(w, &s->rule);
	wire_string(w, &s->effect);
}

static void
evidence_fields(struct wire *w, struct record_evidence *e)
{
	wire_chars(w, e->id, sizeof(e->id));
	wire_chars(w, e->twin, sizeof(e->twin));
	wire_string(w, &e->detector);
	e->threat = (enum threat)wire_choice(w, e->threat, THREAT_COUNT);
	wire_double(w, &e->confidence);
	e->role = (enum evidence_role)wire_choice(w, e->role, EVIDENCE_VICTIM + 1);
	e->decisive = wire_bool(w, e->decisive);
	e->counted = wire_bool(w, e->counted);
	wire_double(w, &e->sum);
	wire_addr(w, &e->host);
	e->has_about = wire_bool(w, e->has_about);
	wire_addr(w, &e->about);
	text_or_null(w, &e->about_country);
	text_or_null(w, &e->about_org);
	wire_u32(w, &e->about_asn);
	wire_u16(w, &e->port);
	wire_u8(w, &e->ip_proto);
	wire_u64(w, &e->observed);
	wire_u64(w, &e->threshold);
	wire_string(w, &e->object);
	wire_string(w, &e->text);
	text_or_null(w, &e->source);
	e->uids = wire_view(w, e->uids, &e->uid_count, sizeof(*e->uids));
	window_fields(w, &e->window);
	wire_u64(w, &e->suppressed);
	silence_fields(w, &e->silenced_by);
}

static void
alert_fields(struct wire *w, struct record_alert *a)
{
	uint64_t total = a->evidence_total;
	const void *ids = NULL;

	wire_chars(w, a->id, sizeof(a->id));
	wire_addr(w, &a->host);
	window_fields(w, &a->window);
	wire_double(w, &a->sum);
	wire_double(w, &a->threshold);
	a->decisive = wire_bool(w, a->decisive);
	wire_string(w, &a->reason);
	a->highest = (enum threat)wire_choice(w, a->highest, THREAT_COUNT);
	ids = wire_view(w, a->evidence, &a->evidence_count, sizeof(*a->evidence));
	memcpy(&a->evidence, &ids, sizeof(ids)); /* C17 sees no const in an array of const items */
	wire_u64(w, &total);
	a->evidence_total = (size_t)total;
}

static void
side_fields(struct wire *w, struct flow_side *s)
{
	wire_u64(w, &s->packets);
	wire_u64(w, &s->ip_bytes);
	wire_u64(w, &s->payload_bytes);
	wire_u64(w, &s->missed_bytes);
}

static void
outside_fields(struct wire *w, struct obs_outside *o)
{
	o->kind = (enum tunnel_kind)wire_choice(w, o->kind, TUNNEL_KIND_COUNT);
	wire_u8(w, &o->depth);
	wire_u8(w, &o->ip_proto);
	wire_u32(w, &o->id);
	wire_addr(w, &o->src);
	wire_addr(w, &o->dst);
	for (unsigned i = 0; i < 2; i++)
		wire_chars(w, o->uids[i].text, sizeof(o->uids[i].text));
}

/* `outside` is where it lies, if there is one. */
static void
flow_fields(struct wire *w, struct obs_flow *f, struct obs_outside *outside)
{
	wire_u64(w, &f->id);
	wire_chars(w, f->uid.text, sizeof(f->uid.text));
	wire_addr(w, &f->orig);
	wire_addr(w, &f->resp);
	wire_u16(w, &f->orig_port);
	wire_u16(w, &f->resp_port);
	wire_u8(w, &f->ip_proto);
	f->has_macs = wire_bool(w, f->has_macs);
	wire_bytes(w, f->orig_mac.byte, sizeof(f->orig_mac.byte));
	wire_bytes(w, f->resp_mac.byte, sizeof(f->resp_mac.byte));
	wire_u16(w, &f->vlan);
	wire_u16(w, &f->inner_vlan);
	wire_u16(w, &f->interface);
	wire_u32(w, &f->observed_on);
	wire_u64(w, &f->start_ns);
	wire_u64(w, &f->last_ns);
	wire_u64(w, &f->previous_ns);
	side_fields(w, &f->orig_total);
	side_fields(w, &f->resp_total);
	side_fields(w, &f->orig_delta);
	side_fields(w, &f->resp_delta);
	f->state = (enum conn_state)wire_choice(w, f->state, CONN_STATE_COUNT);
	f->ended = (enum flow_end_reason)wire_choice(w, f->ended, FLOW_END_REASON_COUNT);
	f->established = wire_bool(w, f->established);
	f->flipped = wire_bool(w, f->flipped);
	wire_string(w, &f->history);
	wire_string(w, &f->service);
	wire_string(w, &f->label);
	if (wire_bool(w, f->ignored_by != NULL))
		wire_string(w, &f->ignored_by);
	if (wire_bool(w, f->outside != NULL)) {
		outside_fields(w, outside);
		f->outside = outside;
	}
}

static void
tunnel_fields(struct wire *w, struct record_unpacked *u)
{
	u->tunnel.kind = (enum tunnel_kind)wire_choice(w, u->tunnel.kind, TUNNEL_KIND_COUNT);
	u->tunnel.closed = wire_bool(w, u->tunnel.closed);
	wire_u32(w, &u->tunnel.id);
	flow_fields(w, &u->flow, &u->outside);
	u->tunnel.flow = &u->flow;
}

static void
weird_fields(struct wire *w, struct record_weird *r)
{
	struct obs_weird *o = &r->weird;

	o->kind = (enum weird)wire_choice(w, o->kind, WEIRD_COUNT);
	wire_addr(w, &o->src);
	wire_addr(w, &o->dst);
	wire_u16(w, &o->src_port);
	wire_u16(w, &o->dst_port);
	wire_u8(w, &o->ip_proto);
	wire_u64(w, &o->id);
	wire_chars(w, o->uid.text, sizeof(o->uid.text));
	wire_u16(w, &r->interface);
	wire_u64(w, &r->swallowed);
}

static void
timeline_fields(struct wire *w, struct record_unpacked *u)
{
	struct record_timeline *t = &u->timeline;

	wire_addr(w, &t->host);
	t->role = (enum obs_role)wire_choice(w, t->role, ROLE_SERVER + 1);
	window_fields(w, &t->window);
	flow_fields(w, &u->flow, &u->outside);
	t->flow = &u->flow;
	if (wire_bool(w, t->said != NULL) && said_fields(w, u))
		t->said = &u->transaction;
	t->name_count = wire_choice(w, (unsigned)t->name_count, TIMELINE_NAMES_MAX + 1);
	for (size_t i = 0; i < t->name_count; i++)
		wire_string(w, &t->names[i]);
}

static void
arp_fields(struct wire *w, struct obs_arp *a)
{
	wire_u16(w, &a->operation);
	wire_bytes(w, a->eth_src.byte, sizeof(a->eth_src.byte));
	wire_bytes(w, a->eth_dst.byte, sizeof(a->eth_dst.byte));
	wire_bytes(w, a->sender_mac.byte, sizeof(a->sender_mac.byte));
	wire_bytes(w, a->target_mac.byte, sizeof(a->target_mac.byte));
	wire_addr(w, &a->sender);
	wire_addr(w, &a->target);
}

static void
device_fields(struct wire *w, struct record_device *d)
{
	wire_bytes(w, d->mac.byte, sizeof(d->mac.byte));
	wire_string(w, &d->vendor);
	d->is_router = wire_bool(w, d->is_router);
	wire_u64(w, &d->first_ns);
	wire_u64(w, &d->last_ns);
	wire_u64(w, &d->forgotten);
	d->address_count = wire_choice(w, (unsigned)d->address_count, DEVICE_ADDRESSES_MAX + 1);
	for (size_t i = 0; i < d->address_count; i++) {
		wire_addr(w, &d->addresses[i].addr);
		wire_u64(w, &d->addresses[i].seen_ns);
	}
	d->name_count = wire_choice(w, (unsigned)d->name_count, DEVICE_NAMES_MAX + 1);
	for (size_t i = 0; i < d->name_count; i++) {
		wire_string(w, &d->names[i].text);
		wire_string(w, &d->names[i].source);
		wire_addr(w, &d->names[i].told_by);
		wire_u64(w, &d->names[i].seen_ns);
	}
}

static void
address_fields(struct wire *w, struct record_address *a)
{
	wire_addr(w, &a->addr);
	a->is_private = wire_bool(w, a->is_private);
	text_or_null(w, &a->country);
	wire_u32(w, &a->asn);
	text_or_null(w, &a->org);
	a->name_count = wire_choice(w, (unsigned)a->name_count, RECORD_ADDRESS_NAMES_MAX + 1);
	for (size_t i = 0; i < a->name_count; i++) {
		wire_string(w, &a->names[i].text);
		wire_string(w, &a->names[i].source);
		wire_addr(w, &a->names[i].told_by);
		wire_u64(w, &a->names[i].seen_ns);
		a->names[i].is_believed = wire_bool(w, a->names[i].is_believed);
	}
}

/* Counts by reason; `room` is where they are when they were read. */
static void
losses_fields(struct wire *w, const struct record_loss **losses, size_t *count,
	struct record_loss room[RECORD_WIRE_LOSSES_MAX])
{
	uint32_t n = (uint32_t)*count;

	wire_u32(w, &n);
	if (n > RECORD_WIRE_LOSSES_MAX) {
		w->bad = true;
		n = 0;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (w->out != NULL)
			room[i] = (*losses)[i];
		wire_string(w, &room[i].reason);
		wire_u64(w, &room[i].count);
	}
	*losses = room;
	*count = n;
}

static void
totals_fields(struct wire *w, struct record_totals *t, struct record_unpacked *u)
{
	wire_u64(w, &t->packets);
	wire_u64(w, &t->bytes);
	wire_u64(w, &t->flows);
	wire_u64(w, &t->hosts);
	wire_u64(w, &t->windows);
	wire_u64(w, &t->evidence);
	wire_u64(w, &t->alerts);
	wire_u64(w, &t->first_ns);
	wire_u64(w, &t->last_ns);
	losses_fields(w, &t->lost, &t->lost_count, u->losses);
	losses_fields(w, &t->weird, &t->weird_count, u->weirds);
	losses_fields(w, &t->whitelist, &t->whitelist_count, u->whitelist);
}

void
record_fields(struct wire *w, struct record_unpacked *u)
{
	switch (u->record.kind) {
	case RECORD_EVIDENCE:
		evidence_fields(w, &u->evidence);
		kind_fields(w, &u->kind);
		u->evidence.kind = &u->kind;
		u->record.evidence = &u->evidence;
		break;
	case RECORD_ALERT:
		alert_fields(w, &u->alert);
		kind_fields(w, &u->kind);
		u->alert.strongest = &u->kind;
		u->record.alert = &u->alert;
		break;
	case RECORD_FLOW:
		flow_fields(w, &u->flow, &u->outside);
		u->record.flow = &u->flow;
		break;
	case RECORD_TUNNEL:
		tunnel_fields(w, u);
		u->record.tunnel = &u->tunnel;
		break;
	case RECORD_CLOCK_JUMP:
		wire_u64(w, &u->clock_jump.from_ns);
		wire_u64(w, &u->clock_jump.to_ns);
		u->record.clock_jump = &u->clock_jump;
		break;
	case RECORD_CAPTURE_GAP:
		wire_string(w, &u->capture_gap.interface);
		wire_u64(w, &u->capture_gap.from_ns);
		wire_u64(w, &u->capture_gap.to_ns);
		wire_string(w, &u->capture_gap.reason);
		u->record.capture_gap = &u->capture_gap;
		break;
	case RECORD_LOSS_SPAN:
		wire_string(w, &u->loss_span.reason);
		wire_string(w, &u->loss_span.interface);
		wire_u64(w, &u->loss_span.from_ns);
		wire_u64(w, &u->loss_span.to_ns);
		wire_u64(w, &u->loss_span.count);
		u->record.loss_span = &u->loss_span;
		break;
	case RECORD_WEIRD:
		weird_fields(w, &u->weird);
		u->record.weird = &u->weird;
		break;
	case RECORD_TRANSACTION:
		transaction_fields(w, u);
		u->record.transaction = &u->transaction;
		break;
	case RECORD_TIMELINE:
		timeline_fields(w, u);
		u->record.timeline = &u->timeline;
		break;
	case RECORD_ARP:
		arp_fields(w, &u->arp);
		u->record.arp = &u->arp;
		break;
	case RECORD_DEVICE:
		device_fields(w, &u->device);
		u->record.device = &u->device;
		break;
	case RECORD_ADDRESS:
		address_fields(w, &u->address);
		u->record.address = &u->address;
		break;
	case RECORD_TOTALS:
		totals_fields(w, &u->totals, u);
		u->record.totals = &u->totals;
		break;
	default:
		w->bad = true;
		break;
	}
}
