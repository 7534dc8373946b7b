/*
 * Whatever may have come from the wire is first made safe for people (text_safe: one line, no
 * control bytes, nothing that turns text around), then what has a meaning in structured data is
 * escaped (RFC 5424 6.3.3). Header fields are printable ASCII without blanks. The sentence is UTF-8
 * and begins with the BOM, as section 6.4 wants it of UTF-8.
 */
#include "exporters/encode_syslog.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "daemon/base/utf8.h"

#include <string.h>

enum {
	HOST_MAX = 64,      /* of 255 */
	MSGID_MAX = 32,     /* RFC 5424 6.2.7 */
	VALUE_MAX = 96,     /* bytes of one value before it is made safe */
	SAFE_FACTOR = 4,    /* "\xHH" for each */
	SENTENCE_LEAST = 8, /* "] ", the byte order mark, "..." */
};

static const char bom[] = "\xef\xbb\xbf";
static const char repeat[] = " repeat=\"yes\"";
_Static_assert(sizeof(repeat) - 1 == SYSLOG_REPEAT_BYTES, "the header promises it");

const char *const syslog_facilities[] = { "kern", "user", "mail", "daemon", "auth", "syslog", "lpr",
	"news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit", "alert", "clock", "local0",
	"local1", "local2", "local3", "local4", "local5", "local6", "local7", NULL };

unsigned
syslog_severity(enum threat t)
{
	return 6 - (unsigned)t;
}

/* A field of the header; "-" is the nil value. */
static void
put_field(struct strbuf *out, const char *text, size_t most)
{
	size_t length = 0;

	for (; *text != '\0' && length < most; text++)
		if (*text > ' ' && *text < 0x7f) {
			strbuf_char(out, *text);
			length++;
		}
	if (length == 0)
		strbuf_char(out, '-');
}

static void
put_header(const struct syslog_form *form, const struct run_info *run, enum threat level,
	uint64_t ts_ns, const char *msgid, struct strbuf *out)
{
	strbuf_char(out, '<');
	strbuf_u64(out, (uint64_t)form->facility * 8 + syslog_severity(level));
	strbuf_text(out, ">1 ");
	time_text_iso(out, ts_ns, "Z ");
	put_field(out, run->sensor != NULL ? run->sensor : "", HOST_MAX);
	strbuf_text(out, " naiad ");
	if (form->process == 0)
		strbuf_char(out, '-');
	else
		strbuf_u64(out, form->process);
	strbuf_char(out, ' ');
	put_field(out, msgid, MSGID_MAX);
	strbuf_text(out, " [naiad@");
	strbuf_u64(out, form->enterprise);
}

static void
put_param(struct strbuf *out, const char *name, const char *value)
{
	char memory[(size_t)VALUE_MAX * SAFE_FACTOR + sizeof("...")];
	struct strbuf safe;

	if (value == NULL || value[0] == '\0')
		return;
	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, value, VALUE_MAX);
	strbuf_char(out, ' ');
	strbuf_text(out, name);
	strbuf_text(out, "=\"");
	for (const char *c = safe.text; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\' || *c == ']')
			strbuf_char(out, '\\');
		strbuf_char(out, *c);
	}
	strbuf_char(out, '"');
}

static void
put_param_u64(struct strbuf *out, const char *name, uint64_t value)
{
	char text[24];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_u64(&b, value);
	put_param(out, name, text);
}

static void
put_param_double(struct strbuf *out, const char *name, double value)
{
	char text[32];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_double(&b, value, 2);
	put_param(out, name, text);
}

static void
put_param_addr(struct strbuf *out, const char *name, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	put_param(out, name, addr_format(a, text));
}

static void
put_param_window(struct strbuf *out, const struct record_window_ref *w)
{
	char text[24];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_i64(&b, w->number);
	put_param(out, "window", text);
}

/* The rule's name is what a person made up: it is left out where the shortest messages have no room for it. */
static void
put_silence(struct strbuf *out, const struct record_silence *s, size_t most)
{
	if (s->rule == NULL)
		return;
	put_param(out, "silence", s->effect);
	size_t needed = sizeof(" silencedBy=\"\"") + 2 * strlen(s->rule) + SENTENCE_LEAST;
	if (out->length + needed <= most)
		put_param(out, "silencedBy", s->rule);
}

static void
put_evidence(struct strbuf *out, const struct record_evidence *e, size_t most)
{
	bool attacker = e->role == EVIDENCE_ATTACKER;

	put_param(out, "kind", "evidence");
	put_param(out, "id", e->id);
	put_param(out, "type", e->kind->name);
	if (attacker || e->has_about)
		put_param_addr(out, "src", attacker ? &e->host : &e->about);
	if (!attacker || e->has_about)
		put_param_addr(out, "dst", attacker ? &e->about : &e->host);
	if (e->about_country != NULL)
		put_param(out, "country", e->about_country);
	if (e->about_asn != 0)
		put_param_u64(out, "asn", e->about_asn);
	if (e->port != 0)
		put_param_u64(out, "port", e->port);
	if (e->ip_proto != 0)
		put_param_u64(out, "proto", e->ip_proto);
	put_param(out, "level", threat_name(e->threat));
	put_param_double(out, "confidence", e->confidence);
	put_param(out, "detector", e->detector);
	put_param(out, "technique", e->kind->technique);
	put_param(out, "object", e->object);
	if (e->source != NULL)
		put_param(out, "source", e->source);
	put_param_u64(out, "observed", e->observed);
	put_param_u64(out, "threshold", e->threshold);
	if (e->suppressed > 0)
		put_param_u64(out, "suppressed", e->suppressed);
	put_param_double(out, "sum", e->sum);
	put_param_window(out, &e->window);
	put_silence(out, &e->silenced_by, most);
}

static void
put_alert(struct strbuf *out, const struct record_alert *a)
{
	put_param(out, "kind", "alert");
	put_param(out, "id", a->id);
	put_param(out, "type", a->strongest->name);
	put_param_addr(out, "src", &a->host);
	put_param(out, "level", threat_name(a->highest));
	put_param(out, "technique", a->strongest->technique);
	put_param_u64(out, "evidence", a->evidence_total);
	put_param_double(out, "sum", a->sum);
	put_param_double(out, "threshold", a->threshold);
	put_param_window(out, &a->window);
}

/* The last piece of the message: as much of it as `most` bytes in all leave room for. */
static void
put_sentence(struct strbuf *out, size_t most, const struct addr *host, const char *between,
	const char *text)
{
	char memory[EVIDENCE_TEXT_MAX * SAFE_FACTOR + 128];
	char address[ADDR_TEXT_MAX];
	struct strbuf safe;

	strbuf_text(out, "] ");
	strbuf_text(out, bom);
	strbuf_init(&safe, memory, sizeof(memory));
	strbuf_text(&safe, addr_format(host, address));
	strbuf_text(&safe, between);
	text_safe(&safe, text, EVIDENCE_TEXT_MAX);
	size_t room = most > out->length ? most - out->length : 0;
	if (safe.length <= room) {
		strbuf_bytes(out, safe.text, safe.length);
		return;
	}
	size_t length = 0;
	for (size_t step = 0; length + step + 3 <= room; length += step)
		step = utf8_sequence(safe.text + length, safe.length - length);
	strbuf_bytes(out, safe.text, length);
	strbuf_text(out, "...");
}

void
syslog_encode(const struct syslog_form *form, const struct run_info *run, const struct record *r,
	struct strbuf *out)
{
	if (r->kind == RECORD_EVIDENCE) {
		const struct record_evidence *e = r->evidence;

		put_header(form, run, e->threat, r->ts_ns, e->kind->name, out);
		put_evidence(out, e, form->most);
		put_sentence(out, form->most, &e->host, " ", e->text);
	} else {
		const struct record_alert *a = r->alert;

		put_header(form, run, a->highest, r->ts_ns, "ALERT", out);
		put_alert(out, a);
		put_sentence(out, form->most, &a->host, " behaves maliciously: ", a->reason);
	}
}

size_t
syslog_mark_repeat(char *message, size_t length)
{
	const char *data = memchr(message, '[', length);
	const char *blank =
		data != NULL ? memchr(data, ' ', length - (size_t)(data - message)) : NULL;

	if (blank == NULL)
		return length;
	size_t at = (size_t)(blank - message);
	memmove(message + at + SYSLOG_REPEAT_BYTES, message + at, length - at);
	memcpy(message + at, repeat, SYSLOG_REPEAT_BYTES);
	return length + SYSLOG_REPEAT_BYTES;
}
