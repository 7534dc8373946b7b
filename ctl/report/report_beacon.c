#include "ctl/report/report_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So many conversations make a rhythm; a spread of more than this is none. */
enum { TALKS_MIN = 8 };
static const double spread_most = 0.25;
static const double interval_least_s =
	0.5; /* what follows closer is one burst: a page and its pictures */
static const double ns_per_s = 1e9;

static int
by_place(const void *a, const void *b)
{
	const struct report_talk *one = a;
	const struct report_talk *other = b;
	int order = strcmp(one->peer, other->peer);

	if (order == 0)
		order = strcmp(one->port, other->port);
	if (order == 0 && one->start_ns != other->start_ns)
		order = one->start_ns < other->start_ns ? -1 : 1;
	return order;
}

static int
by_value(const void *a, const void *b)
{
	double one = *(const double *)a;
	double other = *(const double *)b;

	return one < other ? -1 : one > other ? 1 : 0;
}

/* The middle of values that are in order. */
static double
middle(const double *values, size_t count)
{
	return count % 2 == 1 ? values[count / 2]
			      : (values[count / 2 - 1] + values[count / 2]) / 2.0;
}

static void
draw_bars(struct report_beacon *b, const double *intervals, size_t count)
{
	/* The middle stands in the middle of the picture. */
	b->span_s = b->median_s * 2.0;
	for (size_t i = 0; i < count; i++) {
		size_t bar = (size_t)(intervals[i] / b->span_s * REPORT_BARS);

		if (bar < REPORT_BARS)
			b->bars[bar]++;
		else
			b->beyond++;
	}
}

/* A finding says that it is one: then the picture shows what was found, however steady it is. */
static bool
is_found(const struct report_host *h, const struct report_talk *talk)
{
	for (size_t i = 0; i < h->evidence_count; i++)
		if (strcmp(h->evidence[i]->kind, "BEACON") == 0 &&
			strcmp(h->evidence[i]->about, talk->peer) == 0 &&
			strtoul(h->evidence[i]->port, NULL, 10) == strtoul(talk->port, NULL, 10))
			return true;
	return false;
}

/* returns false when what one host had with one port of another is no beacon */
static bool
measure(struct report_beacon *b, const struct report_talk *talks, size_t count, double *room)
{
	double *distances = room + count;
	size_t n = 0;

	for (size_t i = 1; i < count; i++)
		room[n++] = (double)(talks[i].start_ns - talks[i - 1].start_ns) / ns_per_s;
	qsort(room, n, sizeof(*room), by_value);
	b->median_s = middle(room, n);
	if (b->median_s < interval_least_s)
		return false;
	for (size_t i = 0; i < n; i++)
		distances[i] = fabs(room[i] - b->median_s);
	qsort(distances, n, sizeof(*distances), by_value);
	b->spread = middle(distances, n) / b->median_s;
	if (b->spread > spread_most && !b->is_found)
		return false;
	b->peer = talks[0].peer;
	b->port = talks[0].port;
	b->talks = count;
	draw_bars(b, room, n);
	return true;
}

/* What was found is first, then what did it long: a hundred times is no chance. */
static bool
is_steadier(const struct report_beacon *a, const struct report_beacon *b)
{
	if (a->is_found != b->is_found)
		return a->is_found;
	return (double)a->talks * (1.0 - a->spread) > (double)b->talks * (1.0 - b->spread);
}

static void
keep_best(struct report_host *h, const struct report_beacon *b)
{
	size_t at = h->beacon_count;

	while (at > 0 && is_steadier(b, &h->beacons[at - 1]))
		at--;
	if (at == REPORT_BEACONS_MAX)
		return;
	if (h->beacon_count < REPORT_BEACONS_MAX)
		h->beacon_count++;
	for (size_t i = h->beacon_count - 1; i > at; i--)
		h->beacons[i] = h->beacons[i - 1];
	h->beacons[at] = *b;
}

/* The letters of the same tuple, in the window where there are most of them. */
static void
find_letters(struct report_host *h, struct source *s, struct arena *scratch)
{
	for (size_t w = 0; h->beacon_count > 0 && w < h->profile->window_count; w++) {
		const struct source_tuple *tuples = NULL;
		size_t count = source_tuples(s, &h->profile->windows[w].id, true, scratch, &tuples);

		for (size_t i = 0; i < count; i++)
			for (size_t b = 0; b < h->beacon_count; b++) {
				struct report_beacon *beacon = &h->beacons[b];
				size_t port = strlen(tuples[i].port);

				if (strcmp(tuples[i].peer, beacon->peer) == 0 &&
					strncmp(beacon->port, tuples[i].port, port) == 0 &&
					beacon->port[port] == '/' &&
					strcmp(beacon->port + port + 1, tuples[i].proto) == 0 &&
					strlen(tuples[i].letters) > strlen(beacon->letters))
					beacon->letters = tuples[i].letters;
			}
	}
}

void
report_beacons_fill(struct report_host *h, struct source *s, const struct report_talks *t,
	struct arena *keep, struct arena *scratch)
{
	size_t from = 0;

	if (t->count < TALKS_MIN)
		return;
	struct report_talk *sorted = arena_alloc(scratch, t->count * sizeof(*sorted));
	double *room = arena_alloc(scratch, 2 * t->count * sizeof(*room));
	if (sorted == NULL || room == NULL)
		return;
	size_t count = 0;
	for (size_t i = 0; i < t->count; i++)
		if (!t->rows[i].is_from)
			sorted[count++] = t->rows[i];
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), by_place);
	for (size_t i = 1; i <= count; i++) {
		struct report_beacon b = { .letters = "" };

		if (i < count && strcmp(sorted[i].peer, sorted[from].peer) == 0 &&
			strcmp(sorted[i].port, sorted[from].port) == 0)
			continue;
		b.is_found = is_found(h, &sorted[from]);
		if (i - from >= TALKS_MIN && measure(&b, sorted + from, i - from, room))
			keep_best(h, &b);
		from = i;
	}
	find_letters(h, s, scratch);
	for (size_t i = 0; i < h->beacon_count; i++) {
		h->beacons[i].peer = report_keep(keep, h->beacons[i].peer);
		h->beacons[i].port = report_keep(keep, h->beacons[i].port);
		h->beacons[i].letters = report_keep(keep, h->beacons[i].letters);
	}
}
