#include "exporters/encode_journal.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "exporters/encode_syslog.h"

#include <string.h>

enum { NUMBER_TEXT_MAX = 32, MESSAGE_MAX = EVIDENCE_TEXT_MAX * 4 + 128 };

static const char repeat[] = "NAIAD_REPEAT=yes\n";
_Static_assert(sizeof(repeat) - 1 == JOURNAL_REPEAT_BYTES, "the header promises it");

/* A value with a line end goes by its length, 8 bytes, little endian. */
static void
put_bytes(struct strbuf *out, const char *name, const char *value, size_t length)
{
	strbuf_text(out, name);
	if (memchr(value, '\n', length) == NULL) {
		strbuf_char(out, '=');
	} else {
		strbuf_char(out, '\n');
		for (unsigned i = 0; i < 8; i++)
			strbuf_char(out, (char)(uint8_t)((uint64_t)length >> (8 * i)));
	}
	strbuf_bytes(out, value, length);
	strbuf_char(out, '\n');
}

static void
put_text(struct strbuf *out, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		put_bytes(out, name, value, strlen(value));
}

static void
put_u64(struct strbuf *out, const char *name, uint64_t value)
{
	char text[NUMBER_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_u64(&b, value);
	put_text(out, name, text);
}

static void
put_double(struct strbuf *out, const char *name, double value)
{
	char text[NUMBER_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_double(&b, value, 3);
	put_text(out, name, text);
}

static void
put_addr(struct strbuf *out, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	put_text(out, name, addr_format(a, text));
}

/* What every entry has. */
static void
put_begin(struct strbuf *out, const struct addr *host, const char *between, const char *sentence,
	enum threat level, const char *message_id)
{
	char memory[MESSAGE_MAX];
	char address[ADDR_TEXT_MAX];
	struct strbuf message;

	strbuf_init(&message, memory, sizeof(memory));
	strbuf_text(&message, addr_format(host, address));
	strbuf_text(&message, between);
	text_safe(&message, sentence, EVIDENCE_TEXT_MAX);
	put_text(out, "MESSAGE", message.text);
	put_u64(out, "PRIORITY", syslog_severity(level));
	put_text(out, "SYSLOG_IDENTIFIER", "naiad");
	put_text(out, "MESSAGE_ID", message_id);
	put_text(out, "NAIAD_LEVEL", threat_name(level));
}

static void
put_window(struct strbuf *out, uint64_t ts_ns, const struct record_window_ref *w)
{
	char text[48];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	time_text_iso(&b, ts_ns, "Z");
	put_text(out, "NAIAD_TIME", text);
	strbuf_reset(&b);
	strbuf_i64(&b, w->number);
	put_text(out, "NAIAD_WINDOW", text);
}

static void
put_evidence(struct strbuf *out, const struct record_evidence *e)
{
	bool attacker = e->role == EVIDENCE_ATTACKER;

	put_begin(out, &e->host, " ", e->text, e->threat, JOURNAL_ID_EVIDENCE);
	put_text(out, "NAIAD_KIND", "evidence");
	put_text(out, "NAIAD_EVIDENCE_ID", e->id);
	put_text(out, "NAIAD_TYPE", e->kind->name);
	put_text(out, "NAIAD_DETECTOR", e->detector);
	if (attacker || e->has_about)
		put_addr(out, "NAIAD_SRC", attacker ? &e->host : &e->about);
	if (!attacker || e->has_about)
		put_addr(out, "NAIAD_DST", attacker ? &e->about : &e->host);
	put_text(out, "NAIAD_ABOUT_COUNTRY", e->about_country);
	if (e->about_asn != 0)
		put_u64(out, "NAIAD_ABOUT_ASN", e->about_asn);
	put_text(out, "NAIAD_ABOUT_ORG", e->about_org);
	if (e->port != 0)
		put_u64(out, "NAIAD_PORT", e->port);
	if (e->ip_proto != 0)
		put_u64(out, "NAIAD_PROTO", e->ip_proto);
	put_double(out, "NAIAD_CONFIDENCE", e->confidence);
	put_text(out, "NAIAD_MITRE", e->kind->technique);
	put_text(out, "NAIAD_OBJECT", e->object);
	put_text(out, "NAIAD_SOURCE", e->source);
	put_u64(out, "NAIAD_OBSERVED", e->observed);
	put_u64(out, "NAIAD_THRESHOLD", e->threshold);
	put_double(out, "NAIAD_SUM", e->sum);
	if (e->silenced_by.rule != NULL) {
		put_text(out, "NAIAD_SILENCED_BY", e->silenced_by.rule);
		put_text(out, "NAIAD_SILENCE", e->silenced_by.effect);
	}
}

static void
put_alert(struct strbuf *out, const struct record_alert *a)
{
	put_begin(out, &a->host, " behaves maliciously: ", a->reason, a->highest, JOURNAL_ID_ALERT);
	put_text(out, "NAIAD_KIND", "alert");
	put_text(out, "NAIAD_ALERT_ID", a->id);
	put_text(out, "NAIAD_TYPE", a->strongest->name);
	put_addr(out, "NAIAD_SRC", &a->host);
	put_text(out, "NAIAD_MITRE", a->strongest->technique);
	put_u64(out, "NAIAD_EVIDENCE", a->evidence_total);
	put_double(out, "NAIAD_SUM", a->sum);
	put_double(out, "NAIAD_THRESHOLD", a->threshold);
}

void
journal_encode(const struct record *r, struct strbuf *out)
{
	if (r->kind == RECORD_EVIDENCE) {
		put_evidence(out, r->evidence);
		put_window(out, r->ts_ns, &r->evidence->window);
	} else {
		put_alert(out, r->alert);
		put_window(out, r->ts_ns, &r->alert->window);
	}
}

size_t
journal_mark_repeat(char *entry, size_t length)
{
	memcpy(entry + length, repeat, JOURNAL_REPEAT_BYTES);
	return length + JOURNAL_REPEAT_BYTES;
}
