/*
 * encode_eve -- EVE-compatible JSON: what Suricata's own readers take without a change.
 *
 * The keys at the root are those of Suricata's schema, and one more: `naiad`, with our values as
 * plain types, which any reader may drop. An alert's metadata are arrays of strings, as pipelines
 * expect; the two MITRE keys are those that Elastic's Suricata pipeline copies to `threat.*`.
 * Severity runs backwards: 1 is the worst. An accumulated alert is an alert event whose category
 * says so. Interim flows are left out, for readers would add them up. Nothing here knows what time
 * it is.
 *
 * Source: OISF/suricata etc/schema.json; elastic/integrations, package suricata (2026-06).
 */
#include "daemon/base/attack.h"
#include "daemon/base/time_text.h"
#include "exporters/community_id.h"
#include "exporters/eve_anomaly.h"
#include "exporters/eve_event.h"
#include "exporters/eve_flow.h"
#include "exporters/eve_json.h"
#include "exporters/exporter.h"

#include <netinet/in.h>

enum {
	EVE_GENERATOR = 5200,
	EVE_ALERT_SIGNATURE = 5209999, /* above every kind's signature_id */
	NUMBER_TEXT_MAX = 32,
};

struct state {
	struct community_id community_id;
};

static int
eve_open(void *state, const struct run_info *run)
{
	struct state *s = state;

	(void)run;
	return community_id_init(&s->community_id);
}

static void
eve_close(void *state)
{
	struct state *s = state;

	community_id_done(&s->community_id);
}

/* A member of metadata: an array of strings with one in it. */
static void
metadata_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_array_begin(j);
	json_text(j, text);
	json_array_end(j);
}

static void
metadata_i64(struct json *j, const char *key, int64_t value)
{
	char text[NUMBER_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_i64(&b, value);
	metadata_text(j, key, text);
}

static void
metadata_u64(struct json *j, const char *key, uint64_t value)
{
	char text[NUMBER_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_u64(&b, value);
	metadata_text(j, key, text);
}

static void
metadata_double(struct json *j, const char *key, double value)
{
	char text[NUMBER_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_double(&b, value, 3);
	metadata_text(j, key, text);
}

static void
metadata_window(struct json *j, const struct addr *host, const struct record_window_ref *w)
{
	char text[48];
	struct strbuf b;

	metadata_text(j, "profile", addr_format(host, text));
	metadata_i64(j, "time_window", w->number);
	strbuf_init(&b, text, sizeof(text));
	time_text_iso(&b, w->start_ns, "+0000");
	metadata_text(j, "time_window_start", text);
	strbuf_reset(&b);
	time_text_iso(&b, w->end_ns, "+0000");
	metadata_text(j, "time_window_end", text);
}

static void
metadata_attack(struct json *j, const struct attack *a)
{
	if (a == NULL)
		return;
	metadata_text(j, "mitre_tactic_id", a->tactic);
	metadata_text(j, "mitre_tactic_name", a->tactic_name);
	metadata_text(j, "mitre_technique_id", a->technique);
}

static void
own_window(struct json *j, const struct record_window_ref *w)
{
	json_key(j, "window");
	json_object_begin(j);
	json_key(j, "number");
	json_i64(j, w->number);
	eve_key_time(j, "start", w->start_ns);
	eve_key_time(j, "end", w->end_ns);
	json_object_end(j);
}

/* Where the other party is, as far as that is known. */
static void
own_place(struct json *j, const struct record_evidence *e)
{
	if (e->about_country == NULL && e->about_asn == 0)
		return;
	json_key(j, "about");
	json_object_begin(j);
	json_key_addr(j, "ip", &e->about);
	if (e->about_country != NULL)
		json_key_text(j, "country", e->about_country);
	if (e->about_asn != 0)
		json_key_u64(j, "asn", e->about_asn);
	if (e->about_org != NULL)
		json_key_text(j, "as_org", e->about_org);
	json_object_end(j);
}

static void
own_attack(struct json *j, const struct attack *a)
{
	if (a == NULL)
		return;
	json_key(j, "attack");
	json_object_begin(j);
	json_key_text(j, "technique", a->technique);
	json_key_text(j, "technique_name", a->technique_name);
	json_key_text(j, "tactic", a->tactic);
	json_key_text(j, "tactic_name", a->tactic_name);
	json_object_end(j);
}

static unsigned
severity(enum threat t)
{
	return t >= THREAT_HIGH ? 1 : t == THREAT_MEDIUM ? 2 : 3;
}

/* Who did it to whom. `port` is of the service that it was done to, whichever side tells of it. */
static void
evidence_ends(struct json *j, const struct record_evidence *e)
{
	bool attacker = e->role == EVIDENCE_ATTACKER;
	bool icmp = e->ip_proto == IPPROTO_ICMP || e->ip_proto == IPPROTO_ICMPV6;

	if (attacker || e->has_about)
		json_key_addr(j, "src_ip", attacker ? &e->host : &e->about);
	if (!attacker || e->has_about)
		json_key_addr(j, "dest_ip", attacker ? &e->about : &e->host);
	if (e->port != 0 && !icmp)
		json_key_u64(j, "dest_port", e->port);
	eve_key_ip_version(j, &e->host);
	if (e->ip_proto != 0)
		eve_key_proto(j, e->ip_proto);
	if (icmp)
		json_key_u64(j, "icmp_type", e->port);
}

static void
evidence_metadata(struct json *j, const struct record_evidence *e, const struct attack *a)
{
	json_key(j, "metadata");
	json_object_begin(j);
	metadata_text(j, "evidence_type", e->kind->name);
	metadata_text(j, "evidence_id", e->id);
	if (e->twin[0] != '\0')
		metadata_text(j, "related_evidence_id", e->twin);
	metadata_text(j, "detector", e->detector);
	metadata_text(j, "description", e->text);
	metadata_window(j, &e->host, &e->window);
	metadata_text(j, "role", e->role == EVIDENCE_ATTACKER ? "attacker" : "victim");
	metadata_text(j, "threat_level", threat_name(e->threat));
	metadata_double(j, "confidence", e->confidence);
	metadata_double(j, "accumulated_threat_level", e->sum);
	metadata_u64(j, "observed", e->observed);
	metadata_u64(j, "threshold", e->threshold);
	if (e->kind->unit[0] != '\0')
		metadata_text(j, "unit", e->kind->unit);
	if (e->object[0] != '\0')
		metadata_text(j, "object", e->object);
	if (e->source != NULL)
		metadata_text(j, "source", e->source);
	if (e->uid_count > 0) {
		json_key(j, "uids");
		json_array_begin(j);
		for (size_t i = 0; i < e->uid_count; i++)
			json_text(j, e->uids[i].text);
		json_array_end(j);
	}
	metadata_attack(j, a);
	json_object_end(j);
}

static void
own_silence(struct json *j, const struct record_silence *s)
{
	if (s->rule == NULL)
		return;
	json_key(j, "silenced_by");
	json_object_begin(j);
	json_key_text(j, "rule", s->rule);
	json_key_text(j, "effect", s->effect);
	json_object_end(j);
}

static void
evidence_own(struct json *j, const struct record_evidence *e, const struct attack *a)
{
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "evidence");
	json_key_text(j, "id", e->id);
	json_key_text(j, "type", e->kind->name);
	json_key_text(j, "detector", e->detector);
	json_key_addr(j, "profile", &e->host);
	json_key_text(j, "role", e->role == EVIDENCE_ATTACKER ? "attacker" : "victim");
	json_key_text(j, "text", e->text);
	json_key_text(j, "threat_level", threat_name(e->threat));
	json_key_double(j, "confidence", e->confidence, 3);
	json_key_bool(j, "decisive", e->decisive);
	json_key_bool(j, "counted", e->counted);
	json_key_double(j, "sum", e->sum, 3);
	json_key_u64(j, "observed", e->observed);
	json_key_u64(j, "threshold", e->threshold);
	if (e->suppressed > 0)
		json_key_u64(j, "suppressed", e->suppressed);
	if (e->source != NULL)
		json_key_text(j, "source", e->source);
	own_place(j, e);
	own_silence(j, &e->silenced_by);
	own_window(j, &e->window);
	own_attack(j, a);
	json_object_end(j);
}

/* "Discovery" alone is no phrase, and Elastic's pipeline makes the category the event's message. */
static void
evidence_category(struct json *j, const struct attack *a)
{
	char text[80];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_text(&b, "Suspicious behaviour");
	if (a != NULL) {
		strbuf_text(&b, ": ");
		strbuf_text(&b, a->tactic_name);
	}
	json_key_text(j, "category", text);
}

static void
alert_begin(struct json *j, uint64_t signature_id, const char *signature)
{
	json_key(j, "alert");
	json_object_begin(j);
	json_key_text(j, "action", "allowed");
	json_key_u64(j, "gid", EVE_GENERATOR);
	json_key_u64(j, "signature_id", signature_id);
	json_key_u64(j, "rev", 1);
	json_key_text(j, "signature", signature);
}

static void
write_evidence(struct json *j, const struct record_evidence *e)
{
	const struct attack *a = attack_find(e->kind->technique);

	json_key_text(j, "event_type", "alert");
	evidence_ends(j, e);
	alert_begin(j, e->kind->signature_id, e->kind->title);
	evidence_category(j, a);
	json_key_u64(j, "severity", severity(e->threat));
	evidence_metadata(j, e, a);
	json_object_end(j);
	evidence_own(j, e, a);
}

static void
alert_ids(struct json *j, const char *key, const struct record_alert *alert)
{
	json_key(j, key);
	json_array_begin(j);
	for (size_t i = 0; i < alert->evidence_count; i++)
		json_text(j, alert->evidence[i]);
	json_array_end(j);
}

static void
alert_own(struct json *j, const struct record_alert *alert)
{
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "alert");
	json_key_text(j, "id", alert->id);
	json_key_addr(j, "profile", &alert->host);
	json_key_text(j, "reason", alert->reason);
	json_key_text(j, "strongest", alert->strongest->name);
	json_key_text(j, "highest_threat_level", threat_name(alert->highest));
	json_key_double(j, "sum", alert->sum, 3);
	json_key_double(j, "threshold", alert->threshold, 3);
	json_key_bool(j, "decisive", alert->decisive);
	json_key_u64(j, "evidence_count", alert->evidence_total);
	own_window(j, &alert->window);
	json_object_end(j);
}

static void
write_alert(struct json *j, const struct record_alert *alert)
{
	const struct attack *a = attack_find(alert->strongest->technique);

	json_key_text(j, "event_type", "alert");
	json_key_addr(j, "src_ip", &alert->host);
	eve_key_ip_version(j, &alert->host);
	alert_begin(j, EVE_ALERT_SIGNATURE, "Host behaves maliciously");
	json_key_text(j, "category", "Accumulated evidence");
	json_key_u64(j, "severity", 1);
	json_key(j, "metadata");
	json_object_begin(j);
	metadata_text(j, "alert_id", alert->id);
	metadata_text(j, "description", alert->reason);
	metadata_text(j, "evidence_type", alert->strongest->name);
	alert_ids(j, "evidence_id", alert);
	metadata_u64(j, "evidence_count", alert->evidence_total);
	metadata_window(j, &alert->host, &alert->window);
	metadata_text(j, "threat_level", threat_name(alert->highest));
	metadata_double(j, "accumulated_threat_level", alert->sum);
	metadata_double(j, "accumulated_threshold", alert->threshold);
	metadata_attack(j, a);
	json_object_end(j);
	json_object_end(j);
	alert_own(j, alert);
}

static void
eve_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	struct state *s = state;
	struct json j;

	const struct eve_event *event =
		r->kind == RECORD_TRANSACTION ? eve_event_of(r->transaction->kind) : NULL;
	if ((r->kind == RECORD_FLOW && r->flow->ended == FLOW_END_NONE) ||
		(r->kind == RECORD_TRANSACTION && event == NULL))
		return;
	json_init(&j, out);
	json_object_begin(&j);
	eve_key_time(&j, "timestamp", r->ts_ns);
	json_key_text(&j, "host", run->sensor);
	switch (r->kind) {
	case RECORD_EVIDENCE:
		write_evidence(&j, r->evidence);
		break;
	case RECORD_ALERT:
		write_alert(&j, r->alert);
		break;
	case RECORD_FLOW:
		eve_flow(&j, &s->community_id, run->interfaces, r->flow);
		break;
	case RECORD_TUNNEL:
		eve_tunnel(&j, run->interfaces, r->tunnel);
		break;
	case RECORD_TRANSACTION:
		eve_transaction(&j, &s->community_id, run->interfaces, event, r->transaction);
		break;
	case RECORD_CAPTURE_GAP:
		eve_capture_gap(&j, r->capture_gap);
		break;
	case RECORD_WEIRD:
		eve_weird(&j, run->interfaces, r->weird);
		break;
	default:
		eve_clock_jump(&j, r->clock_jump);
		break;
	}
	json_object_end(&j);
}

const struct encoding encoding_eve = {
	.name = "eve",
	.summary = "EVE-compatible JSON lines, for everything that reads Suricata's eve.json.",
	.encodes = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) |
		   RECORD_BIT(RECORD_FLOW) | RECORD_BIT(RECORD_TUNNEL) |
		   RECORD_BIT(RECORD_CLOCK_JUMP) | RECORD_BIT(RECORD_CAPTURE_GAP) |
		   RECORD_BIT(RECORD_WEIRD) | RECORD_BIT(RECORD_TRANSACTION),
	.state_size = sizeof(struct state),
	.open = eve_open,
	.encode = eve_encode,
	.close = eve_close,
};
