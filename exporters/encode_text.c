/*
 * encode_text -- one line for a person: when, who, how bad, what happened; the rest in brackets.
 *
 *	2026-11-24T02:00:00Z  192.168.1.10     high      scanned port 23/tcp on 10 hosts  [...]
 *	2026-11-24T02:04:11Z  192.168.1.10     ALERT     scanned port 23/tcp on 1000 hosts  [...]
 *	2026-11-24T02:05:00Z  eth0             GAP       nothing was seen for 12.5 s: the interface was down  [...]
 *
 * Columns are wide enough for IPv4 and every level, so lines stand in order and ALERT is found by
 * eye or grep. Sentences may hold what a peer sent; they are made safe here whatever was done before.
 */
#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"

#include <string.h>

enum { HOST_WIDTH = 15, LEVEL_WIDTH = 8, INTERFACE_MAX = 64, PLACE_MAX = 64, SILENCE_MAX = 64 };

static void
put_padded(struct strbuf *out, const char *text, size_t width)
{
	size_t length = strlen(text);

	strbuf_bytes(out, text, length);
	for (; length < width; length++)
		strbuf_char(out, ' ');
	strbuf_bytes(out, "  ", 2);
}

/* To the second: finer times are in eve.json, under the same id. */
static void
put_begin(struct strbuf *out, uint64_t ts_ns, const char *who, const char *level)
{
	char text[48];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ts_ns, "");
	strbuf_bytes(out, text, sizeof("2026-11-24T02:00:00") - 1);
	strbuf_bytes(out, "Z  ", 3);
	put_padded(out, who, HOST_WIDTH);
	put_padded(out, level, LEVEL_WIDTH);
}

static void
put_window(struct strbuf *out, const struct record_window_ref *w)
{
	strbuf_text(out, ", window ");
	strbuf_i64(out, w->number);
}

/* "192.0.2.1 is in AS64496 Example Ltd, NL" */
static void
put_place(struct strbuf *out, const struct record_evidence *e)
{
	char about[ADDR_TEXT_MAX];

	if (e->about_country == NULL && e->about_asn == 0)
		return;
	strbuf_text(out, ", ");
	strbuf_text(out, addr_format(&e->about, about));
	strbuf_text(out, " is in ");
	if (e->about_asn != 0) {
		strbuf_text(out, "AS");
		strbuf_u64(out, e->about_asn);
	}
	if (e->about_org != NULL) {
		strbuf_char(out, ' ');
		text_safe(out, e->about_org, PLACE_MAX);
	}
	if (e->about_country != NULL) {
		strbuf_text(out, e->about_asn != 0 ? ", " : "");
		text_safe(out, e->about_country, PLACE_MAX);
	}
}

static void
put_silence(struct strbuf *out, const struct record_silence *s)
{
	if (s->rule == NULL)
		return;
	strbuf_text(out, ", ");
	strbuf_text(out, s->effect);
	strbuf_text(out, " by the whitelist's ");
	text_safe(out, s->rule, SILENCE_MAX);
}

static void
put_evidence(struct strbuf *out, uint64_t ts_ns, const struct record_evidence *e)
{
	char host[ADDR_TEXT_MAX];

	put_begin(out, ts_ns, addr_format(&e->host, host), threat_name(e->threat));
	text_safe(out, e->text, EVIDENCE_TEXT_MAX);
	strbuf_text(out, "  [");
	strbuf_text(out, e->kind->name);
	if (e->role == EVIDENCE_VICTIM)
		strbuf_text(out, ", as the victim");
	if (e->suppressed > 0) {
		strbuf_text(out, ", ");
		strbuf_quantity(out, e->suppressed, "findings");
		strbuf_text(out, " not written");
	} else if (e->threshold > 0) {
		strbuf_text(out, ", ");
		strbuf_quantity(out, e->observed, e->kind->unit);
		strbuf_text(out, " where ");
		strbuf_u64(out, e->threshold);
		strbuf_text(out, e->threshold == 1 ? " is enough" : " are enough");
	}
	strbuf_text(out, ", confidence ");
	strbuf_double(out, e->confidence, 2);
	strbuf_text(out, ", sum ");
	strbuf_double(out, e->sum, 2);
	put_place(out, e);
	put_window(out, &e->window);
	put_silence(out, &e->silenced_by);
	strbuf_text(out, ", id ");
	strbuf_text(out, e->id);
	strbuf_char(out, ']');
}

static void
put_alert(struct strbuf *out, uint64_t ts_ns, const struct record_alert *a)
{
	char host[ADDR_TEXT_MAX];

	put_begin(out, ts_ns, addr_format(&a->host, host), "ALERT");
	text_safe(out, a->reason, EVIDENCE_TEXT_MAX);
	strbuf_text(out, "  [");
	strbuf_u64(out, a->evidence_total);
	strbuf_text(out, a->evidence_total == 1 ? " piece" : " pieces");
	strbuf_text(out, " of evidence up to ");
	strbuf_text(out, threat_name(a->highest));
	strbuf_text(out, ", sum ");
	strbuf_double(out, a->sum, 2);
	strbuf_text(out, " where ");
	strbuf_double(out, a->threshold, 2);
	strbuf_text(out, a->decisive ? " is enough, decided by one of them" : " is enough");
	put_window(out, &a->window);
	strbuf_text(out, ", id ");
	strbuf_text(out, a->id);
	strbuf_char(out, ']');
}

/* Why an interface was not listened to, by the record's reason. */
static const char *
gap_cause(const char *reason)
{
	if (strcmp(reason, "down") == 0)
		return "the interface was down";
	if (strcmp(reason, "gone") == 0)
		return "the interface did not exist";
	return "the sensor was stopped";
}

static void
put_gap(struct strbuf *out, uint64_t ts_ns, const struct record_capture_gap *g)
{
	char text[(size_t)4 * INTERFACE_MAX + sizeof("...")]; /* every byte may become "\\xHH" */
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	text_safe(&b, g->interface, INTERFACE_MAX);
	put_begin(out, ts_ns, text, "GAP");
	strbuf_text(out, "nothing was seen for ");
	strbuf_double(out, (double)(g->to_ns - g->from_ns) / (double)NS_PER_S, 1);
	strbuf_text(out, " s: ");
	strbuf_text(out, gap_cause(g->reason));
	strbuf_text(out, "  [CAPTURE_GAP, from ");
	strbuf_reset(&b);
	time_text_iso(&b, g->from_ns, "Z");
	strbuf_text(out, text);
	strbuf_text(out, " to ");
	strbuf_reset(&b);
	time_text_iso(&b, g->to_ns, "Z");
	strbuf_text(out, text);
	strbuf_char(out, ']');
}

static void
text_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	(void)state;
	(void)run;
	if (r->kind == RECORD_EVIDENCE)
		put_evidence(out, r->ts_ns, r->evidence);
	else if (r->kind == RECORD_ALERT)
		put_alert(out, r->ts_ns, r->alert);
	else
		put_gap(out, r->ts_ns, r->capture_gap);
}

const struct encoding encoding_text = {
	.name = "text",
	.summary = "One line for a person for each finding, alert and gap in the capture.",
	.encodes = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) |
		   RECORD_BIT(RECORD_CAPTURE_GAP),
	.encode = text_encode,
};
