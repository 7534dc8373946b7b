/*
 * main_tree_rows.c -- what a row of the tree tells, by its width.
 *
 * At its right, as far as there is room: the count of evidence, and traffic. A host that is infected has a '!' too: not
 * every terminal has red.
 */
#include "viewer/screens/main_tree_rows.h"

#include "viewer/screens/show.h"

#include <stdio.h>

enum {
	COUNT_COLUMNS = 4, /* of evidence */
	COUNT_FROM = 24,
	TRAFFIC_FROM = 30,
	TRAFFIC_COLUMNS = 6,
	TRAFFIC_WIDE_FROM = 46,
	TRAFFIC_WIDE_COLUMNS = 12,
	SIZE_COLUMNS = 9,
	SIZE_FROM = 50,
	VENDOR_LEAST = 5,
	TIME_COLUMNS = 19,
	TIME_AT = 11, /* in "2020/10/07 13:00:00" */
};

static const char *
lines(const struct area *a, bool is_last)
{
	if (!a->grid->utf8)
		return is_last ? " `-" : " |-";
	return is_last ? " └─" : " ├─";
}

/* The row's right side, from the edge on. returns the columns that are left */
static unsigned
found_draw(const struct area *a, unsigned row, uint64_t evidence, enum grid_colour colour)
{
	char room[32];

	if (a->columns < COUNT_FROM)
		return a->columns;
	if (evidence > 0)
		area_right(a, row, a->columns - 1, colour, show_count(room, evidence));
	return a->columns - COUNT_COLUMNS;
}

static unsigned
traffic_columns(const struct area *a)
{
	return a->columns < TRAFFIC_WIDE_FROM ? TRAFFIC_COLUMNS : TRAFFIC_WIDE_COLUMNS;
}

/* Of a host with one window there is nothing to compare. */
static bool
has_traffic(const struct area *a, const struct source_profile *p)
{
	return a->columns >= TRAFFIC_FROM && p->window_count > 1;
}

/* The last windows, a column each. */
static unsigned
spark_draw(const struct area *a, unsigned row, const struct source_profile *p, unsigned left)
{
	double values[TRAFFIC_WIDE_COLUMNS] = { 0 };
	unsigned wide = traffic_columns(a);
	size_t count = p->window_count < wide ? p->window_count : wide;

	if (!has_traffic(a, p))
		return left;
	for (size_t i = 0; i < count; i++)
		values[i] = (double)p->windows[p->window_count - count + i].bytes;
	area_spark(a, row, left - wide, values, count, GRID_FLOWS);
	return left - wide - 1;
}

/* One window among those of its host. */
static unsigned
bar_draw(const struct area *a, unsigned row, const struct tree_node *n, unsigned left)
{
	uint64_t most = 1;
	unsigned wide = traffic_columns(a);
	char room[32];

	if (!has_traffic(a, n->host))
		return left;
	for (size_t i = 0; i < n->host->window_count; i++)
		if (n->host->windows[i].bytes > most)
			most = n->host->windows[i].bytes;
	area_bar(a, row, left - wide, wide, (double)n->window->bytes / (double)most, GRID_BYTES);
	left -= wide + 1;
	if (a->columns < SIZE_FROM)
		return left;
	area_right(a, row, left - 1, GRID_SIZE, show_bytes(room, n->window->bytes));
	return left - SIZE_COLUMNS;
}

static void
host_draw(const struct area *a, unsigned row, const struct tree_node *n)
{
	const struct source_profile *p = n->host;
	enum grid_colour colour = p->infected ? GRID_BAD : GRID_GOOD;
	unsigned left = found_draw(a, row, p->evidence, p->infected ? GRID_BAD : GRID_WARN);

	left = spark_draw(a, row, p, left);
	struct area in = area_part(a, row, 0, 1, left);
	const char *mark = p->window_count == 0 ? "   " : n->is_unfolded ? "[-]" : "[+]";
	unsigned at = area_text(&in, 0, 0, colour, mark);
	at = area_text(&in, 0, at, GRID_BAD, p->infected ? "!" : " ");
	at = area_text(&in, 0, at, colour, p->host);
	if (p->is_own)
		at = area_text(&in, 0, at + 1, GRID_KEY, "(me)");
	if (p->name[0] != '\0')
		at = area_text(&in, 0, at + 1, GRID_NAME, p->name);
	if (p->country[0] != '\0')
		at = area_text(&in, 0, at + 1, GRID_PLAIN, p->country);
	if (p->vendor[0] != '\0' && at + VENDOR_LEAST < in.columns)
		(void)area_text(&in, 0, at + 1, GRID_DIM, p->vendor);
	if (p->infected)
		area_bold(&in, 0, 0, in.columns);
}

static void
window_draw(
	const struct area *a, unsigned row, const struct tree_node *n, bool is_last, bool is_chosen)
{
	const struct source_window *w = n->window;
	enum grid_colour colour = w->infected ? GRID_BAD : w->evidence > 0 ? GRID_WARN : GRID_GOOD;
	unsigned left = bar_draw(a, row, n, found_draw(a, row, w->evidence, colour));
	char room[40];
	const char *start = show_time(room, w->start_ns);

	struct area in = area_part(a, row, 0, 1, left);
	unsigned at = area_text(&in, 0, 0, GRID_BORDER, lines(a, is_last));
	at = area_text(&in, 0, at, GRID_BAD, w->infected ? "!" : " ");
	at = area_format(&in, 0, at, colour, "%lld", (long long)w->id.number);
	at = area_text(&in, 0, at, GRID_KEY, is_chosen ? "*" : " ");
	if (start[0] != '\0' && at + 1 + TIME_COLUMNS > in.columns)
		start += TIME_AT;
	(void)area_text(&in, 0, at + 1, GRID_DIM, start);
	if (is_chosen)
		area_bold(&in, 0, 0, in.columns);
}

void
main_tree_row(
	const struct area *a, unsigned row, const struct tree_node *n, bool is_last, bool is_chosen)
{
	if (n->window == NULL)
		host_draw(a, row, n);
	else
		window_draw(a, row, n, is_last, is_chosen);
}
