#include "ctl/report/report_parts.h"
#include "viewer/source/source_sum.h"

#include "daemon/base/addr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MARK_MAX = 253, LABEL_MAX = 63, JA4_LENGTH = 36 };

/* One place in one finding that names something. */
struct mark {
	enum report_indicator_kind kind;
	const char *value;
	const struct source_evidence *by;
	double threat;
};

/* returns REPORT_INDICATOR_KINDS: it is not one */
static enum report_indicator_kind
kind_of_hex(const char *text, size_t length)
{
	if (length == JA4_LENGTH && (text[0] == 't' || text[0] == 'q' || text[0] == 'd') &&
		text[10] == '_' && text[23] == '_')
		return REPORT_JA4;
	if (length != 32 && length != 40 && length != 64)
		return REPORT_INDICATOR_KINDS;
	for (size_t i = 0; i < length; i++)
		if (!isxdigit((unsigned char)text[i]))
			return REPORT_INDICATOR_KINDS;
	return REPORT_DIGEST;
}

/* "cred.dll" has the form of a name: what ends like a file is none. */
static bool
ends_like_file(const char *last, size_t length)
{
	static const char *const ends[] = { "asp", "aspx", "bat", "bin", "dat", "dll", "doc", "exe",
		"gif", "htm", "html", "jpg", "js", "msi", "pdf", "php", "png", "ps1", "sys", "txt",
		"vbs", "xml" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strlen(ends[i]) == length && strncmp(ends[i], last, length) == 0)
			return true;
	return false;
}

static bool
is_name(const char *text, size_t length)
{
	size_t label = 0;
	size_t last = 0;

	if (length > MARK_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '.' && label > 0) {
			last = i + 1;
			label = 0;
		} else if (isalnum(c) || c == '-' || c == '_') {
			if (++label > LABEL_MAX)
				return false;
		} else {
			return false;
		}
	}
	if (last == 0 || label < 2 || ends_like_file(text + last, label))
		return false;
	for (size_t i = last; i < length; i++)
		if (!isalpha((unsigned char)text[i]))
			return false;
	return true;
}

static enum report_indicator_kind
kind_of(const char *text, size_t length)
{
	struct addr a;

	if (addr_parse_bytes(text, length, &a))
		return addr_is_public(&a) ? REPORT_ADDRESS : REPORT_INDICATOR_KINDS;
	enum report_indicator_kind kind = kind_of_hex(text, length);
	if (kind != REPORT_INDICATOR_KINDS)
		return kind;
	return is_name(text, length) ? REPORT_NAME : REPORT_INDICATOR_KINDS;
}

static void
mark_as(struct report_list *l, enum report_indicator_kind kind, const char *text, size_t length,
	const struct source_evidence *e)
{
	if (kind == REPORT_INDICATOR_KINDS)
		return;
	char *value = arena_string(l->memory, text, length);
	struct mark *m = value == NULL ? NULL : report_list_add(l);
	if (m == NULL)
		return;
	for (char *at = value; kind == REPORT_NAME && *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	*m = (struct mark){ .kind = kind,
		.value = value,
		.by = e,
		.threat = source_level(e->threat) * e->confidence };
}

static void
mark(struct report_list *l, const char *text, size_t length, const struct source_evidence *e)
{
	mark_as(l, kind_of(text, length), text, length, e);
}

/* In quotes: who is asked, and for what. What ends in "..." was cut, and leads nowhere. */
static void
mark_url(struct report_list *l, const char *text, const struct source_evidence *e)
{
	static const char in_url[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"-._~:/?#@!$&()*+;=%";
	size_t length = strspn(text, in_url);
	size_t host = strcspn(text, ":/");
	size_t path = strcspn(text, "/");

	if (text[length] != '"' || path + 1 >= length || strncmp(text + length - 3, "...", 3) == 0)
		return;
	enum report_indicator_kind kind = kind_of(text, host);
	if (kind == REPORT_ADDRESS || kind == REPORT_NAME)
		mark_as(l, REPORT_URL, text, length, e);
}

/* The words of a sentence, as far as each could be a name: a path, a port and a full stop end it. */
static void
read_words(struct report_list *l, const struct source_evidence *e)
{
	static const char between[] = " \t\",;()<>[]'/=";

	for (const char *at = e->text; *at != '\0';) {
		size_t length = strcspn(at, between);
		size_t skip = length;
		const char *colon = memchr(at, ':', length);

		if (colon != NULL &&
			memchr(colon + 1, ':', (size_t)(at + length - colon - 1)) == NULL)
			length =
				(size_t)(colon - at); /* "host:8082"; an address of IPv6 has more */
		while (length > 0 && (at[length - 1] == '.' || at[length - 1] == ':'))
			length--;
		if (length > 0)
			mark(l, at, length, e);
		if (at > e->text && at[-1] == '"')
			mark_url(l, at, e);
		at += skip;
		at += strspn(at, between);
	}
}

static int
by_value(const void *a, const void *b)
{
	const struct mark *one = a;
	const struct mark *other = b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	return strcmp(one->value, other->value);
}

static int
by_threat(const void *a, const void *b)
{
	const struct report_indicator *one = a;
	const struct report_indicator *other = b;

	if (one->threat != other->threat)
		return one->threat > other->threat ? -1 : 1;
	if (one->evidence != other->evidence)
		return one->evidence > other->evidence ? -1 : 1;
	return strcmp(one->value, other->value);
}

static void
fold(struct report_indicator *into, const struct mark *m)
{
	if (into->evidence == 0 || m->threat > into->threat) {
		into->threat = m->threat;
		into->why = m->by->title[0] != '\0' ? m->by->title : m->by->kind;
		into->host = m->by->window.host;
	}
	if (into->evidence == 0 || m->by->ts_ns < into->first_ns)
		into->first_ns = m->by->ts_ns;
	if (m->by->ts_ns > into->last_ns)
		into->last_ns = m->by->ts_ns;
	into->evidence++;
}

static const char *
known_as(struct report *r, struct source *s, const char *address)
{
	struct source_address a;

	if (!source_address(s, address, &r->memory, &a))
		return "";
	if (a.name_count > 0)
		return a.names[0];
	return a.reverse[0] != '\0' ? a.reverse : a.org;
}

/* What a rule of the whitelist silenced is nobody's indicator, and neither is what says nothing of a threat. */
void
report_indicators_fill(struct report *r, struct source *s)
{
	struct report_list marks = { .memory = &r->memory, .row_size = sizeof(struct mark) };
	struct report_list kept = { .memory = &r->memory,
		.row_size = sizeof(struct report_indicator) };
	struct report_indicator *row = NULL;

	for (size_t i = 0; i < r->evidence_read; i++) {
		const struct source_evidence *e = &r->evidence[i];

		if (e->silenced_by[0] != '\0' || source_level(e->threat) == 0.0)
			continue;
		mark(&marks, e->about, strlen(e->about), e);
		read_words(&marks, e);
	}
	if (marks.count > 0)
		qsort(marks.rows, marks.count, sizeof(struct mark), by_value);
	for (size_t i = 0; i < marks.count; i++) {
		const struct mark *m = (struct mark *)marks.rows + i;

		if (i == 0 || by_value(m - 1, m) != 0)
			row = report_list_add(&kept);
		if (row == NULL)
			break;
		row->kind = m->kind;
		row->value = m->value;
		row->known_as = "";
		if (i == 0 || by_value(m - 1, m) != 0 || (m - 1)->by != m->by)
			fold(row, m); /* a finding that names it twice is one */
	}
	if (kept.count > 0)
		qsort(kept.rows, kept.count, sizeof(struct report_indicator), by_threat);
	r->indicators = kept.rows;
	r->indicator_count = kept.count;
	r->indicators_told = kept.count < REPORT_ROWS_MAX ? kept.count : REPORT_ROWS_MAX;
	for (size_t i = 0; i < r->indicators_told; i++) {
		row = (struct report_indicator *)kept.rows + i;
		if (row->kind == REPORT_ADDRESS)
			row->known_as = known_as(r, s, row->value);
	}
}
