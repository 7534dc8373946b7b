#include "ctl/report/report_json.h"

#include "ctl/report/tactic.h"
#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "naiad_version.h"

#include <stdlib.h>

enum { DECIMALS = 4 };
static const size_t room_first = (size_t)1 << 20;
static const size_t room_most = (size_t)1 << 30;

/* null when it is not known */
static void
key_time(struct json *j, const char *key, uint64_t ns)
{
	char text[64];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	time_text_iso(&b, ns, "Z");
	json_key_text(j, key, ns == 0 ? NULL : text);
}

static void
list(struct json *j, const char *key)
{
	json_key(j, key);
	json_array_begin(j);
}

static void
object(struct json *j, const char *key)
{
	json_key(j, key);
	json_object_begin(j);
}

static void
put_run(struct json *j, const struct report *r)
{
	object(j, "run");
	json_key_text(j, "version", r->run.version);
	json_key_text(j, "sensor", r->run.sensor);
	list(j, "inputs");
	for (size_t i = 0; i < r->run.input_count; i++)
		json_text(j, r->run.inputs[i]);
	json_array_end(j);
	json_key_bool(j, "live", r->run.live);
	json_key_bool(j, "ended", r->run.ended);
	json_key_u64(j, "packets", r->run.packets);
	json_key_u64(j, "bytes", r->run.bytes);
	json_key_u64(j, "flows", r->run.flows);
	json_object_end(j);
}

static void
put_loss_spans(struct json *j, const struct report *r)
{
	list(j, "loss_spans");
	for (size_t i = 0; i < r->loss_spans_told; i++) {
		const struct source_loss_span *span = &r->loss_spans[i];

		json_object_begin(j);
		key_time(j, "from", span->from_ns);
		key_time(j, "to", span->to_ns);
		json_key_u64(j, "count", span->count);
		json_key_text(j, "reason", span->reason);
		json_key_text(j, "interface", span->interface);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
put_summary(struct json *j, const struct report *r)
{
	object(j, "summary");
	key_time(j, "from", r->from_ns);
	key_time(j, "to", r->to_ns);
	json_key_u64(j, "hosts", r->profile_count);
	json_key_u64(j, "infected", r->infected_count);
	json_key_u64(j, "windows", r->window_count);
	json_key_u64(j, "alerts", r->alert_count);
	json_key_u64(j, "evidence", r->evidence_count);
	json_object_end(j);
	object(j, "losses");
	for (size_t i = 0; i < r->loss_count; i++)
		json_key_u64(j, r->losses[i].reason, r->losses[i].count);
	json_object_end(j);
	put_loss_spans(j, r);
	object(j, "totals"); /* of lists that are cut */
	json_key_u64(j, "alerts", r->alerts_read);
	json_key_u64(j, "hosts", r->profile_count);
	json_key_u64(j, "devices", r->device_count);
	json_key_u64(j, "indicators", r->indicator_count);
	json_key_u64(j, "loss_spans", r->loss_span_count);
	json_object_end(j);
}

static void
put_evidence(struct json *j, const struct source_evidence *e)
{
	json_object_begin(j);
	json_key_text(j, "id", e->id);
	key_time(j, "time", e->ts_ns);
	json_key_text(j, "host", e->window.host);
	json_key(j, "window");
	json_i64(j, e->window.number);
	json_key_text(j, "kind", e->kind);
	json_key_text(j, "title", e->title);
	json_key_text(j, "text", e->text);
	json_key_text(j, "threat", e->threat);
	json_key_double(j, "confidence", e->confidence, DECIMALS);
	json_key_bool(j, "counted", e->counted);
	json_key_bool(j, "decisive", e->decisive);
	if (e->sum >= 0.0)
		json_key_double(j, "sum", e->sum, DECIMALS);
	json_key_text(j, "about", e->about);
	json_key_text(j, "place", e->about_place);
	json_key_text(j, "port", e->port);
	json_key_text(j, "technique", e->technique);
	json_key_u64(j, "observed", e->observed);
	json_key_u64(j, "threshold", e->threshold);
	json_key_text(j, "unit", e->unit);
	json_key_text(j, "silenced_by", e->silenced_by);
	list(j, "flows");
	for (size_t i = 0; i < e->uid_count; i++)
		json_text(j, e->uids[i]);
	json_array_end(j);
	json_object_end(j);
}

static void
put_alerts(struct json *j, const struct report *r)
{
	list(j, "alerts");
	for (size_t i = 0; i < r->alerts_told; i++) {
		const struct source_alert *a = r->alerts[i].alert;

		json_object_begin(j);
		json_key_text(j, "id", a->id);
		key_time(j, "time", a->ts_ns);
		json_key_text(j, "host", a->window.host);
		json_key(j, "window");
		json_i64(j, a->window.number);
		json_key_double(j, "sum", a->sum, DECIMALS);
		json_key_double(j, "threshold", a->threshold, DECIMALS);
		json_key_bool(j, "decisive", a->decisive);
		json_key_text(j, "reason", a->reason);
		json_key_text(j, "strongest", a->strongest);
		json_key_text(j, "highest", a->highest);
		json_key_u64(j, "evidence_total", a->evidence_total);
		list(j, "evidence");
		for (size_t e = 0; e < r->alerts[i].step_count; e++)
			put_evidence(j, r->alerts[i].steps[e].evidence);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
put_pictures(struct json *j, const struct report_host *host)
{
	if (host->scan != NULL) {
		object(j, "scan");
		json_key_u64(j, "targets", host->scan->targets);
		json_key_u64(j, "ports", host->scan->ports);
		json_key_u64(j, "attempts", host->scan->attempts);
		json_key_u64(j, "unanswered", host->scan->unanswered);
		json_object_end(j);
	}
	list(j, "beacons");
	for (size_t i = 0; i < host->beacon_count; i++) {
		const struct report_beacon *b = &host->beacons[i];

		json_object_begin(j);
		json_key_text(j, "peer", b->peer);
		json_key_text(j, "port", b->port);
		json_key_u64(j, "conversations", b->talks);
		json_key_double(j, "interval", b->median_s, DECIMALS);
		json_key_double(j, "spread", b->spread, DECIMALS);
		json_key_text(j, "letters", b->letters);
		json_object_end(j);
	}
	json_array_end(j);
	list(j, "peers");
	for (size_t i = 0; i < host->peer_count; i++) {
		const struct report_peer *p = &host->peers[i];

		json_object_begin(j);
		json_key_text(j, "address", p->address);
		json_key_text(j, "name", p->name);
		json_key_text(j, "country", p->country);
		json_key_text(j, "org", p->org);
		json_key_u64(j, "conversations", p->talks);
		json_key_u64(j, "answered", p->answered);
		json_key_u64(j, "sent", p->sent);
		json_key_u64(j, "received", p->received);
		json_object_end(j);
	}
	json_array_end(j);
}

/* The overview's rows; those with a section have what it shows. */
static void
put_hosts(struct json *j, const struct report *r)
{
	list(j, "hosts");
	for (size_t i = 0; i < r->profile_count && i < REPORT_ROWS_MAX; i++) {
		const struct source_profile *p = &r->profiles[i];

		json_object_begin(j);
		json_key_text(j, "host", p->host);
		json_key_text(j, "name", p->name);
		json_key_text(j, "vendor", p->vendor);
		json_key_text(j, "country", p->country);
		json_key_bool(j, "infected", p->infected);
		json_key_u64(j, "windows", p->window_count);
		json_key_u64(j, "alerts", p->alerts);
		json_key_u64(j, "evidence_total", p->evidence);
		if (i < r->hosts_told) {
			list(j, "evidence");
			for (size_t e = 0; e < r->hosts[i].evidence_count; e++)
				put_evidence(j, r->hosts[i].evidence[e]);
			json_array_end(j);
			put_pictures(j, &r->hosts[i]);
		}
		json_object_end(j);
	}
	json_array_end(j);
}

static void
put_attack(struct json *j, const struct report *r)
{
	list(j, "attack");
	for (size_t i = 0; i < r->technique_count; i++) {
		const char *name = NULL;
		size_t tactic = tactic_of(r->techniques[i].id, &name);

		json_object_begin(j);
		json_key_text(j, "technique", r->techniques[i].id);
		json_key_text(j, "name", name);
		json_key_text(j, "tactic", tactic_name(tactic));
		json_key_u64(j, "evidence", r->techniques[i].evidence);
		json_key_u64(j, "hosts", r->techniques[i].hosts);
		json_object_end(j);
	}
	json_array_end(j);
}

static const char *
kind_name(enum report_indicator_kind kind)
{
	static const char *const names[REPORT_INDICATOR_KINDS] = {
		[REPORT_ADDRESS] = "address",
		[REPORT_NAME] = "name",
		[REPORT_URL] = "url",
		[REPORT_DIGEST] = "digest",
		[REPORT_JA4] = "ja4",
	};

	return names[kind];
}

static void
put_marks(struct json *j, const struct report *r)
{
	list(j, "indicators");
	for (size_t i = 0; i < r->indicators_told; i++) {
		const struct report_indicator *row = &r->indicators[i];

		json_object_begin(j);
		json_key_text(j, "kind", kind_name(row->kind));
		json_key_text(j, "value", row->value);
		json_key_text(j, "known_as", row->known_as);
		json_key_text(j, "why", row->why);
		json_key_text(j, "host", row->host);
		json_key_double(j, "weight", row->threat, DECIMALS);
		json_key_u64(j, "evidence", row->evidence);
		key_time(j, "first", row->first_ns);
		key_time(j, "last", row->last_ns);
		json_object_end(j);
	}
	json_array_end(j);
	list(j, "countries");
	for (size_t i = 0; i < r->country_count; i++) {
		json_object_begin(j);
		json_key_text(j, "country", r->countries[i].code);
		json_key_u64(j, "evidence", r->countries[i].evidence);
		json_key_u64(j, "peers", r->countries[i].peers);
		json_object_end(j);
	}
	json_array_end(j);
	list(j, "devices");
	for (size_t i = 0; i < r->devices_told; i++) {
		const struct source_device *d = &r->devices[i];

		json_object_begin(j);
		json_key_text(j, "mac", d->mac);
		json_key_text(j, "vendor", d->vendor);
		json_key_bool(j, "router", d->is_router);
		json_key_text(j, "addresses", d->addresses);
		json_key_text(j, "names", d->names);
		key_time(j, "first", d->first_ns);
		key_time(j, "last", d->last_ns);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
put_report(struct strbuf *out, const struct report *r)
{
	struct json j;

	json_init(&j, out);
	json_object_begin(&j);
	json_key_u64(&j, "report", REPORT_JSON_VERSION);
	json_key_text(&j, "naiad", NAIAD_VERSION);
	key_time(&j, "made", r->now_ns);
	json_key_text(&j, "source", r->source);
	json_key_text(&j, "trouble", r->trouble);
	if (r->has_run)
		put_run(&j, r);
	put_summary(&j, r);
	put_alerts(&j, r);
	put_hosts(&j, r);
	put_attack(&j, r);
	put_marks(&j, r);
	json_object_end(&j);
	strbuf_char(out, '\n');
}

/* Written again with twice the room until it fits. */
bool
report_json(const struct report *r, FILE *out)
{
	for (size_t room = room_first; room <= room_most; room *= 2) {
		char *memory = malloc(room);
		struct strbuf b;

		if (memory == NULL)
			return false;
		strbuf_init(&b, memory, room);
		put_report(&b, r);
		if (!b.truncated)
			(void)fwrite(b.text, 1, b.length, out);
		free(memory);
		if (!b.truncated)
			return true;
	}
	return false;
}
