#include "ctl/report/report_parts.h"

#include "daemon/base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer unanswered attempts at different places are not worth a picture. */
enum { PLACES_MIN = 8, LABEL_MAX = 64 };

/* Distinct texts in order, each with its column or row. */
struct axis {
	const char **values;
	uint32_t *tries; /* without an answer */
	uint32_t *cells;
	uint32_t count;
};

/* IPv4 by number, as one reads a network; others by their letters. */
static int
by_address(const void *a, const void *b)
{
	const char *one = *(const char *const *)a;
	const char *other = *(const char *const *)b;
	struct addr x;
	struct addr y;

	if (addr_parse(one, &x) && addr_parse(other, &y))
		return memcmp(x.byte, y.byte, sizeof(x.byte));
	return strcmp(one, other);
}

static int
by_port(const void *a, const void *b)
{
	const char *one = *(const char *const *)a;
	const char *other = *(const char *const *)b;
	unsigned long x = strtoul(one, NULL, 10);
	unsigned long y = strtoul(other, NULL, 10);

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(one, other);
}

typedef int (*order)(const void *, const void *);

/* Put what was read in order, and count what is there more than once. returns false when there is nothing, or no memory */
static bool
axis_sort(struct axis *x, order compare, struct arena *scratch)
{
	uint32_t kept = 0;

	if (x->count == 0)
		return false;
	x->tries = arena_alloc(scratch, x->count * sizeof(*x->tries));
	x->cells = arena_alloc(scratch, x->count * sizeof(*x->cells));
	if (x->tries == NULL || x->cells == NULL)
		return false;
	qsort(x->values, x->count, sizeof(*x->values), compare);
	for (uint32_t i = 0; i < x->count; i++) {
		if (kept == 0 || compare(&x->values[kept - 1], &x->values[i]) != 0)
			x->values[kept++] = x->values[i];
		x->tries[kept - 1]++;
	}
	x->count = kept;
	return true;
}

/* returns the place of a value; UINT32_MAX: not there */
static uint32_t
axis_find(const struct axis *x, const char *value, order compare)
{
	const char **found = bsearch(&value, x->values, x->count, sizeof(*x->values), compare);

	return found == NULL ? UINT32_MAX : (uint32_t)(found - x->values);
}

/* Across, neighbours share a column. returns how many there are */
static uint32_t
spread_across(struct axis *x)
{
	uint32_t columns = x->count < REPORT_SCAN_COLUMNS ? x->count : REPORT_SCAN_COLUMNS;

	for (uint32_t i = 0; i < x->count; i++)
		x->cells[i] = (uint32_t)((uint64_t)i * columns / x->count);
	return columns;
}

static int
by_most(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a;
	uint32_t other = *(const uint32_t *)b;

	return one > other ? -1 : one < other ? 1 : 0;
}

/* How many tries it takes to have a row: at most `most` have so many. */
static uint32_t
tries_of_most(const struct axis *x, uint32_t most, struct arena *scratch)
{
	uint32_t *sorted = arena_alloc(scratch, x->count * sizeof(*sorted));

	if (sorted == NULL)
		return UINT32_MAX;
	memcpy(sorted, x->tries, x->count * sizeof(*sorted));
	qsort(sorted, x->count, sizeof(*sorted), by_most);
	return sorted[most] + 1;
}

/* Down, those that were tried most have a row each, in order; all others share the last one. returns how many rows */
static uint32_t
spread_down(struct axis *x, const char *labels[REPORT_SCAN_ROWS], struct arena *keep,
	struct arena *scratch)
{
	uint32_t rows = 0;
	uint32_t others = 0;
	uint32_t least =
		x->count <= REPORT_SCAN_ROWS ? 1 : tries_of_most(x, REPORT_SCAN_ROWS - 1, scratch);

	for (uint32_t i = 0; i < x->count; i++)
		if (x->tries[i] >= least) {
			labels[rows] = report_keep(keep, x->values[i]);
			x->cells[i] = rows++;
		} else {
			x->cells[i] = UINT32_MAX;
			others++;
		}
	for (uint32_t i = 0; i < x->count; i++)
		x->cells[i] = x->cells[i] == UINT32_MAX ? rows : x->cells[i];
	if (others > 0) {
		char text[LABEL_MAX];

		(void)snprintf(text, sizeof(text), "%u others", others);
		labels[rows++] = report_keep(keep, text);
	}
	return rows;
}

/* Who opened it was the host, and it is one of a scan: nobody answered at that place. */
static bool
is_attempt(const struct report_talk *t)
{
	return !t->is_from && t->port[0] != '\0' && t->port[0] != '/';
}

static void
count_attempts(struct report_scan *scan, const struct report_talks *t, const struct axis *targets,
	const struct axis *ports)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!is_attempt(&t->rows[i]))
			continue;
		uint32_t target = axis_find(targets, t->rows[i].peer, by_address);
		uint32_t port = axis_find(ports, t->rows[i].port, by_port);
		if (target == UINT32_MAX || port == UINT32_MAX)
			continue;
		uint32_t row = scan->ports_across ? targets->cells[target] : ports->cells[port];
		uint32_t column = scan->ports_across ? ports->cells[port] : targets->cells[target];
		scan->attempts++;
		scan->tried[row][column]++;
		if (t->rows[i].answered)
			scan->answered[row][column]++;
		else
			scan->unanswered++;
	}
}

/* The places where nobody answered: only those make a picture, and what was answered there belongs to it. */
static bool
read_axes(const struct report_talks *t, struct axis *targets, struct axis *ports,
	struct arena *scratch)
{
	targets->values = arena_alloc(scratch, t->count * sizeof(*targets->values));
	ports->values = arena_alloc(scratch, t->count * sizeof(*ports->values));
	if (targets->values == NULL || ports->values == NULL)
		return false;
	for (size_t i = 0; i < t->count; i++)
		if (is_attempt(&t->rows[i]) && !t->rows[i].answered) {
			targets->values[targets->count++] = t->rows[i].peer;
			ports->values[ports->count++] = t->rows[i].port;
		}
	if (!axis_sort(targets, by_address, scratch) || !axis_sort(ports, by_port, scratch))
		return false;
	return targets->count >= PLACES_MIN || ports->count >= PLACES_MIN;
}

void
report_scan_fill(struct report_host *h, const struct report_talks *t, struct arena *keep,
	struct arena *scratch)
{
	struct axis targets = { .count = 0 };
	struct axis ports = { .count = 0 };

	if (t->count == 0 || !read_axes(t, &targets, &ports, scratch))
		return;
	struct report_scan *scan = arena_alloc(keep, sizeof(*scan));
	if (scan == NULL)
		return;
	scan->ports_across = ports.count > targets.count;
	struct axis *across = scan->ports_across ? &ports : &targets;
	struct axis *down = scan->ports_across ? &targets : &ports;
	scan->columns = spread_across(across);
	scan->rows = spread_down(down, scan->labels, keep, scratch);
	scan->targets = targets.count;
	scan->ports = ports.count;
	count_attempts(scan, t, &targets, &ports);
	scan->first = report_keep(keep, across->values[0]);
	scan->last = report_keep(keep, across->values[across->count - 1]);
	h->scan = scan;
}
