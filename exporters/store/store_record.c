#include "exporters/store/store_record.h"

#include "daemon/base/strbuf.h"
#include "exporters/eve_event.h"
#include "exporters/service_name.h"
#include "exporters/store/store_host.h"
#include "exporters/timeline_entry.h"
#include "exporters/timeline_json.h"

#include <stdio.h>

enum { REASON_MAX = 32 };

static void
put_addr_if(struct store_row *row, bool there, const struct addr *a)
{
	if (there)
		store_put_addr(row, a);
	else
		store_put_null(row);
}

static void
put_count_if(struct store_row *row, uint64_t count)
{
	if (count > 0)
		store_put_u64(row, count);
	else
		store_put_null(row);
}

static void
evidence_flows_write(struct store *s, int64_t evidence, const struct record_evidence *e)
{
	for (size_t i = 0; evidence != 0 && i < e->uid_count; i++) {
		struct store_row row = store_row_begin(&s->statements, STORE_ADD_EVIDENCE_FLOW);
		store_put_i64(&row, evidence);
		store_put_i64(&row, (int64_t)i);
		store_put_hostile(&row, e->uids[i].text);
		(void)store_row_write(&row);
	}
}

static void
evidence_write(struct store_windows *w, const struct record *r)
{
	const struct record_evidence *e = r->evidence;
	const struct store_window *window = store_window_of(w, &e->host, &e->window);
	struct store *s = w->store;

	if (window == NULL)
		return;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_EVIDENCE);
	store_put_i64(&row, window->id);
	store_put_word(&row, e->id);
	store_put_optional(&row, e->twin);
	store_put_u64(&row, r->ts_ns);
	store_put_word(&row, e->kind->name);
	store_put_word(&row, e->kind->title);
	store_put_optional(&row, e->kind->technique);
	store_put_word(&row, e->detector);
	store_put_word(&row, e->role == EVIDENCE_ATTACKER ? "attacker" : "victim");
	store_put_word(&row, threat_name(e->threat));
	store_put_double(&row, e->confidence);
	store_put_i64(&row, e->decisive);
	store_put_i64(&row, e->counted);
	store_put_double(&row, e->sum);
	put_addr_if(&row, e->has_about, &e->about);
	store_put_optional(&row, e->about_country);
	put_count_if(&row, e->about_asn);
	store_put_optional(&row, e->about_org);
	store_put_i64(&row, e->port);
	store_put_i64(&row, e->ip_proto);
	store_put_u64(&row, e->observed);
	store_put_u64(&row, e->threshold);
	store_put_optional(&row, e->kind->unit);
	store_put_optional(&row, e->object);
	store_put_hostile(&row, e->text);
	store_put_optional(&row, e->source);
	store_put_u64(&row, e->suppressed);
	store_put_optional(&row, e->silenced_by.rule);
	store_put_optional(&row, e->silenced_by.rule != NULL ? e->silenced_by.effect : NULL);
	evidence_flows_write(s, store_row_write(&row), e);
}

static void
alert_write(struct store_windows *w, const struct record *r)
{
	const struct record_alert *a = r->alert;
	const struct store_window *window = store_window_of(w, &a->host, &a->window);
	struct store *s = w->store;

	if (window == NULL)
		return;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_ALERT);
	store_put_i64(&row, window->id);
	store_put_word(&row, a->id);
	store_put_u64(&row, r->ts_ns);
	store_put_double(&row, a->sum);
	store_put_double(&row, a->threshold);
	store_put_i64(&row, a->decisive);
	store_put_hostile(&row, a->reason);
	store_put_word(&row, a->strongest->name);
	store_put_word(&row, threat_name(a->highest));
	store_put_u64(&row, a->evidence_total);
	int64_t alert = store_row_write(&row);
	for (size_t i = 0; alert != 0 && i < a->evidence_count; i++) {
		row = store_row_begin(&s->statements, STORE_ADD_ALERT_EVIDENCE);
		store_put_i64(&row, alert);
		store_put_i64(&row, (int64_t)i);
		store_put_word(&row, a->evidence[i]);
		(void)store_row_write(&row);
	}
}

static void
side_put(struct store_row *row, const struct flow_side *side)
{
	store_put_u64(row, side->packets);
	store_put_u64(row, side->ip_bytes);
	store_put_u64(row, side->payload_bytes);
}

static void
flow_write(struct store *s, const struct obs_flow *f)
{
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_FLOW);

	store_put_i64(&row, s->run);
	store_put_hostile(&row, f->uid.text);
	store_put_u64(&row, f->start_ns);
	store_put_u64(&row, f->last_ns);
	store_put_addr(&row, &f->orig);
	store_put_i64(&row, f->orig_port);
	store_put_addr(&row, &f->resp);
	store_put_i64(&row, f->resp_port);
	store_put_i64(&row, f->ip_proto);
	store_put_optional(&row, f->service);
	store_put_word(&row, conn_state_name(f->state));
	store_put_i64(&row, f->established);
	store_put_word(&row, flow_end_reason_name(f->ended));
	store_put_optional(&row, f->history);
	side_put(&row, &f->orig_total);
	side_put(&row, &f->resp_total);
	store_put_u64(&row, f->orig_total.missed_bytes + f->resp_total.missed_bytes);
	put_count_if(&row, f->vlan);
	store_put_optional(&row, f->label);
	store_put_optional(&row, f->ignored_by);
	(void)store_row_write(&row);
}

static void
transaction_write(struct store *s, const struct record *r, const char *line, size_t length)
{
	const struct observation *o = r->transaction;
	const struct eve_event *event = eve_event_of(o->kind);

	if (event == NULL || line == NULL)
		return;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_TRANSACTION);
	store_put_i64(&row, s->run);
	store_put_u64(&row, r->ts_ns);
	store_put_word(&row, event->type);
	store_put_optional(&row, o->talk != NULL ? o->talk->uid.text : NULL);
	store_put_bytes(&row, line, length);
	(void)store_row_write(&row);
}

static void
event_write(
	struct store *s, const struct record *r, const char *kind, const char *line, size_t length)
{
	if (line == NULL)
		return;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_EVENT);
	store_put_i64(&row, s->run);
	store_put_u64(&row, r->ts_ns);
	store_put_word(&row, kind);
	store_put_bytes(&row, line, length);
	(void)store_row_write(&row);
}

static void
entry_put(struct store *s, struct store_row *row, const struct record_timeline *t)
{
	struct strbuf b;

	strbuf_init(&b, s->text, sizeof(s->text));
	timeline_json_last(&b, t);
	if (b.length > 0 && !b.truncated)
		store_put_bytes(row, b.text, b.length);
	else
		store_put_null(row);
}

static void
timeline_write(struct store_windows *w, const struct record_timeline *t)
{
	const struct timeline_entry e = timeline_entry_of(t);
	const struct store_window *window = store_window_of(w, &t->host, &t->window);
	struct store *s = w->store;

	if (window == NULL)
		return;
	struct store_row row = store_row_begin(&s->statements, STORE_ADD_TIMELINE);
	store_put_i64(&row, window->id);
	store_put_u64(&row, t->flow->start_ns);
	store_put_i64(&row, t->role);
	store_put_word(&row, e.peer);
	store_put_i64(&row, t->flow->resp_port);
	store_put_i64(&row, t->flow->ip_proto);
	store_put_optional(&row, service_name(t->flow->service));
	store_put_u64(&row, e.sent);
	store_put_u64(&row, e.received);
	store_put_i64(&row, t->flow->established);
	store_put_hostile(&row, t->flow->uid.text);
	entry_put(s, &row, t);
	(void)store_row_write(&row);
}

void
store_loss_write(struct store *s, const char *reason, uint64_t count)
{
	struct store_row row = store_row_begin(&s->statements, STORE_SET_LOSS);

	store_put_i64(&row, s->run);
	store_put_word(&row, reason);
	store_put_u64(&row, count);
	(void)store_row_write(&row);
}

void
store_loss_span_write(struct store *s, const struct record_loss_span *span)
{
	struct store_row row = store_row_begin(&s->statements, STORE_PUT_LOSS_SPAN);

	store_put_i64(&row, s->run);
	store_put_word(&row, span->reason);
	store_put_hostile(&row, span->interface);
	store_put_u64(&row, span->from_ns);
	store_put_u64(&row, span->to_ns);
	store_put_u64(&row, span->count);
	(void)store_row_write(&row);
}

static void
jump_write(struct store *s, const struct record_clock_jump *jump)
{
	store_loss_span_write(s, &(struct record_loss_span){ .reason = "clock_jumps",
					 .interface = "",
					 .from_ns = jump->from_ns,
					 .to_ns = jump->to_ns,
					 .count = 1 });
}

/* "capture_down", "capture_gone", "capture_stopped" */
static void
gap_write(struct store *s, const struct record_capture_gap *gap)
{
	char reason[REASON_MAX];

	(void)snprintf(reason, sizeof(reason), "capture_%s", gap->reason);
	store_loss_span_write(s, &(struct record_loss_span){ .reason = reason,
					 .interface = gap->interface,
					 .from_ns = gap->from_ns,
					 .to_ns = gap->to_ns,
					 .count = 1 });
}

static void
totals_write(struct store *s, const struct record_totals *t)
{
	struct store_row row = store_row_begin(&s->statements, STORE_END_RUN);

	store_put_u64(&row, t->packets);
	store_put_u64(&row, t->bytes);
	store_put_u64(&row, t->flows);
	store_put_u64(&row, t->hosts);
	store_put_u64(&row, t->windows);
	store_put_u64(&row, t->evidence);
	store_put_u64(&row, t->alerts);
	store_put_u64(&row, t->first_ns);
	store_put_u64(&row, t->last_ns);
	store_put_i64(&row, s->run);
	(void)store_row_write(&row);
	for (size_t i = 0; i < t->lost_count; i++)
		store_loss_write(s, t->lost[i].reason, t->lost[i].count);
}

void
store_record(struct store_windows *w, const struct record *r, const char *line, size_t length)
{
	struct store *s = w->store;

	switch (r->kind) {
	case RECORD_EVIDENCE:
		evidence_write(w, r);
		break;
	case RECORD_ALERT:
		alert_write(w, r);
		break;
	case RECORD_FLOW:
		if (r->flow->ended != FLOW_END_NONE)
			flow_write(s, r->flow);
		break;
	case RECORD_TRANSACTION:
		transaction_write(s, r, line, length);
		break;
	case RECORD_TIMELINE:
		timeline_write(w, r->timeline);
		break;
	case RECORD_DEVICE:
		store_device_write(s, r->device);
		break;
	case RECORD_ADDRESS:
		store_address_write(s, r);
		break;
	case RECORD_TOTALS:
		totals_write(s, r->totals);
		break;
	case RECORD_TUNNEL:
		event_write(s, r, "tunnel", line, length);
		break;
	case RECORD_CLOCK_JUMP:
		event_write(s, r, "clock_jump", line, length);
		jump_write(s, r->clock_jump);
		break;
	case RECORD_CAPTURE_GAP:
		event_write(s, r, "capture_gap", line, length);
		gap_write(s, r->capture_gap);
		break;
	case RECORD_LOSS_SPAN:
		store_loss_span_write(s, r->loss_span);
		break;
	case RECORD_WEIRD:
		event_write(s, r, "weird", line, length);
		break;
	default:
		break;
	}
}
