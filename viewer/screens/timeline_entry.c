/*
 * timeline_entry.c -- an entry reads like a sentence: when, what, to or from whom, how it went.
 *
 * That it was established is not said: it is what one expects. What comes first is what one looks for, so that a narrow
 * screen loses sizes before warnings, and never the address.
 */
#include "viewer/screens/timeline_entry.h"

#include "viewer/screens/show.h"

#include "daemon/base/time_text.h"

enum {
	DATE_FROM = 110, /* columns; below, the time alone: the title has the day */
	TIME_AT = 11,
	INDENT = 9, /* of what was said, below the sentence; 20 where the date is there */
	INDENT_WIDE = 20,
	LASTS_MOST_S = 1000000000, /* more is nonsense */
	SHARE = 3, /* a part of the width for the service, and one for names: the address stays in sight */
};

unsigned
timeline_entry_rows(const struct source_entry *e, bool is_brief)
{
	return is_brief ? 1 : 1 + (unsigned)e->pair_count;
}

static bool
has_date(const struct area *a)
{
	return a->columns >= DATE_FROM;
}

static unsigned
who_draw(const struct area *a, unsigned row, unsigned at, const struct source_entry *e)
{
	at = area_text(a, row, at, GRID_PLAIN, e->is_from ? "from " : "to ");
	if (e->names[0] != '\0') {
		struct area names = area_part(a, row, at, 1, a->columns / SHARE);

		at += area_text(&names, 0, 0, GRID_NAME, e->names) + 1;
	}
	at = area_format(a, row, at, GRID_ADDRESS, "[%s]", e->peer);
	if (e->port[0] != '\0')
		at = area_text(a, row, at + 1, GRID_PORT, e->port);
	return at;
}

static unsigned
how_draw(const struct area *a, unsigned row, unsigned at, const struct source_entry *e)
{
	if (e->critical[0] != '\0')
		at = area_text(a, row, at + 1, GRID_BAD, e->critical);
	if (e->warning[0] != '\0')
		at = area_text(a, row, at + 1, GRID_WARN, e->warning);
	if (e->has_state && !e->established)
		at = area_text(a, row, at + 1, GRID_DIM, "not established");
	return at;
}

static const char *
lasted(char room[32], double duration_s)
{
	struct strbuf text;

	strbuf_init(&text, room, 32);
	time_text_length(&text, (uint64_t)(duration_s * (double)NS_PER_S));
	return room;
}

static void
sizes_draw(const struct area *a, unsigned row, unsigned at, const struct source_entry *e)
{
	char room[32];

	if (e->has_sizes && e->sent + e->received > 0) {
		at = area_text(a, row, at + 1, GRID_PLAIN, "sent ");
		at = area_text(a, row, at, GRID_SIZE, show_bytes(room, e->sent));
		at = area_text(a, row, at + 1, GRID_PLAIN, "recv ");
		at = area_text(a, row, at, GRID_SIZE, show_bytes(room, e->received));
	}
	if (e->duration_s > 0 && e->duration_s < LASTS_MOST_S) {
		at = area_text(a, row, at + 1, GRID_PLAIN, "in ");
		(void)area_text(a, row, at, GRID_SIZE, lasted(room, e->duration_s));
	}
}

void
timeline_entry_draw(const struct area *a, unsigned row, const struct source_entry *e, bool is_brief)
{
	char room[40];
	const char *when = show_time(room, e->ts_ns);
	unsigned indent = has_date(a) ? INDENT_WIDE : INDENT;

	if (!has_date(a) && when[0] != '\0')
		when += TIME_AT;
	unsigned at = area_text(a, row, 0, GRID_DIM, when);
	struct area service = area_part(a, row, at + 1, 1, a->columns / SHARE);
	at += 1 + area_text(&service, 0, 0, GRID_SERVICE, e->service);
	at = who_draw(a, row, at + 1, e);
	at = how_draw(a, row, at, e);
	sizes_draw(a, row, at, e);
	for (size_t i = 0; !is_brief && i < e->pair_count; i++) {
		const struct source_pair *p = &e->pairs[i];
		unsigned below = row + 1 + (unsigned)i;

		at = indent;
		if (p->label[0] != '\0')
			at = area_format(a, below, at, GRID_DIM, "%s:", p->label) + 1;
		(void)area_text(a, below, at, GRID_SAID, p->value);
	}
}
