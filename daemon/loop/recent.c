/*
 * A ring of entries over a ring of bytes. A line lies in one piece: where it would cross the end of
 * the bytes it starts again at their beginning. Entries leave in the order in which they came, and so
 * do their bytes, hence what is in the way of a new line is always the oldest.
 */
#include "daemon/loop/recent.h"

#include "exporters/exporter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_MAX_BYTES = 32 * 1024 }; /* as outlets have it */

struct entry {
	enum record_kind kind;
	enum threat level;
	uint64_t ts_ns;
	struct addr host;
	const char *type; /* of an evidence_kind: lives for ever */
	size_t begin, length;
};

struct recent {
	const struct encoding *encoding;
	const struct run_info *run;
	void *state;
	struct entry *entries;
	char *bytes;
	size_t capacity; /* of `bytes` */
	uint32_t room;   /* of `entries` */
	uint32_t first, count;
	size_t next; /* where the next line goes */
	char line[LINE_MAX_BYTES];
};

struct recent *
recent_new(uint32_t lines, size_t bytes, const struct run_info *run)
{
	struct recent *r = calloc(1, sizeof(*r));
	const struct encoding *eve = encoding_find("eve");

	assert(lines > 0 && bytes > 0 && eve != NULL);
	if (r == NULL)
		return NULL;
	r->run = run;
	r->room = lines;
	r->capacity = bytes;
	r->entries = calloc(lines, sizeof(*r->entries));
	r->bytes = malloc(bytes);
	r->state = calloc(1, eve->state_size);
	if (r->entries != NULL && r->bytes != NULL && r->state != NULL &&
		eve->open(r->state, run) == 0) {
		r->encoding = eve;
		return r;
	}
	recent_free(r);
	return NULL;
}

void
recent_free(struct recent *r)
{
	if (r == NULL)
		return;
	if (r->encoding != NULL)
		r->encoding->close(r->state);
	free(r->state);
	free(r->bytes);
	free(r->entries);
	free(r);
}

static struct entry *
entry_at(const struct recent *r, uint32_t index)
{
	return &r->entries[(r->first + index) % r->room];
}

static void
oldest_drop(struct recent *r)
{
	r->first = (r->first + 1) % r->room;
	r->count--;
}

/* Make way for `length` bytes in one piece. returns where they go */
static size_t
bytes_claim(struct recent *r, size_t length)
{
	size_t begin = r->next + length > r->capacity ? 0 : r->next;

	/* What lies between here and the end is passed over: it goes as well. */
	while (begin < r->next && r->count > 0 && entry_at(r, 0)->begin >= r->next)
		oldest_drop(r);
	while (r->count > 0 && entry_at(r, 0)->begin >= begin &&
		entry_at(r, 0)->begin < begin + length)
		oldest_drop(r);
	r->next = begin + length;
	return begin;
}

void
recent_add(struct recent *r, const struct record *record)
{
	struct entry e = { .kind = record->kind, .ts_ns = record->ts_ns };
	struct strbuf line;

	if (record->kind == RECORD_EVIDENCE) {
		e.level = record->evidence->threat;
		e.host = record->evidence->host;
		e.type = record->evidence->kind->name;
	} else if (record->kind == RECORD_ALERT) {
		e.level = record->alert->highest;
		e.host = record->alert->host;
		e.type = record->alert->strongest->name;
	} else {
		return;
	}
	strbuf_init(&line, r->line, sizeof(r->line));
	r->encoding->encode(r->state, r->run, record, &line);
	if (line.truncated || line.length > r->capacity)
		return;
	if (r->count == r->room)
		oldest_drop(r);
	e.begin = bytes_claim(r, line.length);
	e.length = line.length;
	memcpy(r->bytes + e.begin, line.text, line.length);
	*entry_at(r, r->count) = e;
	r->count++;
}

static bool
passes(const struct entry *e, const struct recent_filter *f)
{
	return e->kind == f->kind && e->ts_ns >= f->since_ns && e->level >= f->level &&
	       (!f->by_host || cidr_contains(&f->host, &e->host)) &&
	       (f->type == NULL || strcasecmp(f->type, e->type) == 0);
}

uint64_t
recent_find(const struct recent *r, const struct recent_filter *f,
	void (*each)(void *context, const char *line, size_t length), void *context)
{
	uint64_t passed = 0;
	uint64_t told = 0;
	size_t bytes = 0;
	uint32_t from = r->count; /* the oldest that is told */

	for (uint32_t i = r->count; i-- > 0;) {
		const struct entry *e = entry_at(r, i);

		if (!passes(e, f))
			continue;
		bool fits = told == passed && told < f->most && e->length <= f->most_bytes - bytes;
		passed++;
		if (!fits)
			continue;
		told++;
		bytes += e->length;
		from = i;
	}
	for (uint32_t i = from; i < r->count; i++) {
		const struct entry *e = entry_at(r, i);

		if (passes(e, f))
			each(context, r->bytes + e->begin, e->length);
	}
	return passed;
}
