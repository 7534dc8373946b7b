#include "ctl/report_parts.h"

#include "daemon/base/addr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer unanswered attempts at different places are not worth a picture. */
enum { PLACES_MIN = 8, LABEL_MAX = 64 };

/* Distinct texts in order; where they are more than the cells of a picture, they share them. */
struct axis {
	const char **values;
	uint32_t count;
	uint32_t cells;
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

static void
axis_sort(struct axis *x, order compare)
{
	uint32_t kept = 0;

	if (x->count > 0)
		qsort(x->values, x->count, sizeof(*x->values), compare);
	for (uint32_t i = 0; i < x->count; i++)
		if (kept == 0 || compare(&x->values[kept - 1], &x->values[i]) != 0)
			x->values[kept++] = x->values[i];
	x->count = kept;
}

/* returns the cell of a value; `count` of them share `cells` */
static uint32_t
axis_cell(const struct axis *x, const char *value, order compare)
{
	const char **found = bsearch(&value, x->values, x->count, sizeof(*x->values), compare);

	return found == NULL ? UINT32_MAX
			     : (uint32_t)((uint64_t)(found - x->values) * x->cells / x->count);
}

/* Who opened it was the host, and it is one of a scan: nobody answered at that place. */
static bool
is_attempt(const struct report_talk *t)
{
	return !t->is_from && t->port[0] != '\0' && t->port[0] != '/';
}

static void
label_rows(struct report_scan *scan, const struct axis *down, struct arena *keep)
{
	for (uint32_t row = 0; row < scan->rows; row++) {
		uint64_t before = scan->rows - 1;
		uint32_t first = (uint32_t)(((uint64_t)row * down->count + before) / scan->rows);
		uint32_t end =
			(uint32_t)(((uint64_t)(row + 1) * down->count + before) / scan->rows);
		const char *value = down->values[first];
		char text[LABEL_MAX];

		if (end == first + 1)
			(void)snprintf(text, sizeof(text), "%.24s", value);
		else
			(void)snprintf(text, sizeof(text), "%.18s +%u", value, end - first - 1);
		scan->labels[row] = report_keep(keep, text);
	}
}

static void
count_attempts(struct report_scan *scan, const struct report_talks *t, const struct axis *targets,
	const struct axis *ports)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!is_attempt(&t->rows[i]))
			continue;
		uint32_t target = axis_cell(targets, t->rows[i].peer, by_address);
		uint32_t port = axis_cell(ports, t->rows[i].port, by_port);
		if (target == UINT32_MAX || port == UINT32_MAX)
			continue;
		uint32_t row = scan->ports_across ? target : port;
		uint32_t column = scan->ports_across ? port : target;
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
	axis_sort(targets, by_address);
	axis_sort(ports, by_port);
	return targets->count >= PLACES_MIN || ports->count >= PLACES_MIN;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
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
	across->cells = scan->columns = least(across->count, REPORT_SCAN_COLUMNS);
	down->cells = scan->rows = least(down->count, REPORT_SCAN_ROWS);
	scan->targets = targets.count;
	scan->ports = ports.count;
	count_attempts(scan, t, &targets, &ports);
	scan->first = report_keep(keep, across->values[0]);
	scan->last = report_keep(keep, across->values[across->count - 1]);
	label_rows(scan, down, keep);
	h->scan = scan;
}
