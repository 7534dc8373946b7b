#include "viewer/head.h"

#include "viewer/screen.h"
#include "viewer/screens/show.h"

#include <stdio.h>
#include <string.h>

enum { FACTS_MAX = 4, FACT_MAX = 256, TIME_AT = 11, DAY = 10, GAP = 2 };

/* From right to left; the first ones that have no room are left out. */
struct facts {
	char text[FACTS_MAX][FACT_MAX];
	enum grid_colour colour[FACTS_MAX];
	size_t count;
};

static void
put(struct facts *f, enum grid_colour colour, const char *text)
{
	if (text[0] == '\0')
		return;
	f->colour[f->count] = colour;
	(void)snprintf(f->text[f->count++], FACT_MAX, "%s", text);
}

/* "2018/03/09 20:49:16 - 20:59:58": the day once if it is the same. */
static void
span_put(struct facts *f, const struct source_run *run)
{
	char first[40];
	char last[40];
	char text[FACT_MAX];

	if (show_time(first, run->first_ns)[0] == '\0' || show_time(last, run->last_ns)[0] == '\0')
		return;
	(void)snprintf(text, sizeof(text), "%s - %s", first,
		strncmp(first, last, DAY) == 0 ? last + TIME_AT : last);
	put(f, GRID_DIM, text);
}

static void
run_put(struct facts *f, struct model *m)
{
	struct source_run run;
	char room[32];
	char text[FACT_MAX] = ""; /* not known before the end of a run */

	bool is_there =
		source_can(m->source, SOURCE_HAS_RUN) && source_run(m->source, &m->memory, &run);

	if (m->trouble[0] != '\0') /* a store that was removed still answers */
		put(f, GRID_BAD, is_there ? "in trouble" : "does not answer");
	else if (is_there)
		put(f, run.live && !run.ended ? GRID_GOOD : GRID_DIM,
			run.ended  ? "ended"
			: run.live ? "live"
				   : "running");
	if (!is_there)
		return;
	if (run.packets > 0)
		(void)snprintf(text, sizeof(text), "%s packets", show_count(room, run.packets));
	else if (run.flows > 0) /* it read logs */
		(void)snprintf(text, sizeof(text), "%s flows", show_count(room, run.flows));
	put(f, GRID_DIM, text);
	span_put(f, &run);
}

static void
facts_draw(const struct facts *f, const struct area *a, unsigned from)
{
	unsigned left = a->columns;

	for (size_t i = 0; i < f->count; i++) {
		unsigned wide = area_width(a, f->text[i]);

		if (from + GAP + wide > left)
			continue;
		area_right(a, 0, left - 1, f->colour[i], f->text[i]);
		left -= wide + GAP < left ? wide + GAP : left;
	}
}

void
head_draw(struct model *m, const struct area *a)
{
	struct facts f = { .count = 0 };
	bool has_window = m->has_window && !screens[m->screen]->is_of_all;
	unsigned end = area_text(a, 0, 0, GRID_TITLE, screens[m->screen]->title);

	area_bold(a, 0, 0, end);
	if (has_window)
		end = area_format(a, 0, end + 2, GRID_ADDRESS, "%s", m->host);
	if (has_window)
		end = area_format(a, 0, end + 1, GRID_PLAIN, "window %lld", (long long)m->number);
	if (m->filter[0] != '\0' && !screens[m->screen]->is_whole)
		end = area_format(a, 0, end + 2, GRID_WARN, "only rows with \"%s\"", m->filter);
	put(&f, GRID_DIM, source_name(m->source));
	run_put(&f, m);
	facts_draw(&f, a, end);
}
