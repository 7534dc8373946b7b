#include "viewer/screens/rhythm.h"

#include "daemon/base/time_text.h"

#include <math.h>
#include <stdlib.h>

#define THREE_OF_FOUR 0.75
#define NEARLY_ALL    0.95
#define IS_REGULAR    0.1  /* of the median */
#define FINEST        0.01 /* step, of the unit */

static int
starts_ascend(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static int
values_ascend(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

/* The value below which so much of them is. count > 0 */
static double
quantile(const double *ascending, size_t count, double share)
{
	size_t at = (size_t)ceil(share * (double)count);

	return ascending[at > 0 ? at - 1 : 0];
}

/* returns false when memory is out */
static bool
deviations(struct rhythm *b, struct arena *memory)
{
	double *away = arena_alloc(memory, b->count * sizeof(*away));

	if (away == NULL)
		return false;
	for (size_t i = 0; i < b->count; i++)
		away[i] = fabs(b->intervals_s[i] - b->median_s);
	qsort(away, b->count, sizeof(*away), values_ascend);
	b->deviation_s = quantile(away, b->count, THREE_OF_FOUR);
	b->most_s = quantile(away, b->count, NEARLY_ALL);
	return true;
}

struct rhythm
rhythm_of(uint64_t *starts_ns, size_t count, struct arena *memory)
{
	struct rhythm b = { .count = count > 1 ? count - 1 : 0 };

	if (b.count == 0)
		return b;
	b.intervals_s = arena_alloc(memory, b.count * sizeof(*b.intervals_s));
	if (b.intervals_s == NULL)
		return (struct rhythm){ .count = 0 };
	qsort(starts_ns, count, sizeof(*starts_ns), starts_ascend);
	for (size_t i = 0; i < b.count; i++)
		b.intervals_s[i] = (double)(starts_ns[i + 1] - starts_ns[i]) / (double)NS_PER_S;
	qsort(b.intervals_s, b.count, sizeof(*b.intervals_s), values_ascend);
	b.median_s = quantile(b.intervals_s, b.count, 0.5);
	return deviations(&b, memory) ? b : (struct rhythm){ .count = 0 };
}

bool
rhythm_is_regular(const struct rhythm *b)
{
	return b->count >= RHYTHM_LEAST && b->deviation_s <= IS_REGULAR * b->median_s;
}

struct unit {
	double seconds, from_s;
	const char *name;
};

/* Each from a few of it on: "90 s" says more than "1.5 min". */
static const struct unit units[] = {
	{ 3600, 7200, " h" },
	{ 60, 180, " min" },
	{ 1, 1, " s" },
	{ 0.001, 0, " ms" },
};

enum { SECONDS = 2, SHORTEST = 3 };

static const struct unit *
unit_of(double seconds)
{
	size_t at = 0;

	while (at < SHORTEST && seconds < units[at].from_s)
		at++;
	return seconds > 0 ? &units[at] : &units[SECONDS];
}

/* With a digit after the point below ten, unless that is 0. */
void
rhythm_time(double seconds, struct strbuf *out)
{
	const struct unit *unit = unit_of(seconds);
	double value = seconds / unit->seconds;
	bool is_whole = value >= 10 || fmod(round(value * 10), 10) == 0;

	strbuf_double(out, value, is_whole ? 0 : 1);
	strbuf_text(out, unit->name);
}

void
rhythm_say(const struct rhythm *b, struct strbuf *out)
{
	if (b->count < RHYTHM_LEAST) {
		strbuf_text(out, "too few flows to say how regular they are");
		return;
	}
	strbuf_text(out, rhythm_is_regular(b) ? "every " : "not regular: half of them within ");
	rhythm_time(b->median_s, out);
	strbuf_text(out, rhythm_is_regular(b) ? ", 95 % within " : " of the one before");
	if (rhythm_is_regular(b))
		rhythm_time(b->most_s, out);
}

/* The next of 1, 2, 5, 10, 20 ... that is not less. */
static double
round_up(double step)
{
	double decade = pow(10, floor(log10(step)));
	double lead = step / decade;

	if (lead <= 1)
		return decade;
	return lead <= 2 ? 2 * decade : lead <= 5 ? 5 * decade : 10 * decade;
}

struct rhythm_bins
rhythm_bins(const struct rhythm *b, size_t most)
{
	struct rhythm_bins bins = { .step_s = 1, .unit_s = 1 };

	if (b->count == 0)
		return bins;
	double least = b->intervals_s[0];
	double last = quantile(b->intervals_s, b->count, NEARLY_ALL);
	bins.unit_s = unit_of(last)->seconds;
	/* One less than there is room for: the first border is before the least. */
	double step = (last - least) / (double)(most - 1) / bins.unit_s;
	bins.step_s = round_up(step > FINEST ? step : FINEST) * bins.unit_s;
	bins.from_s = floor(least / bins.step_s) * bins.step_s;
	for (size_t i = 0; i < b->count; i++) {
		double at = (b->intervals_s[i] - bins.from_s) / bins.step_s;
		size_t bin = (size_t)(at > 0 && at < (double)most ? at : 0);

		if (at >= (double)most) {
			bins.beyond++;
			continue;
		}
		bins.counts[bin]++;
		bins.count = bin + 1; /* they ascend */
		bins.most = bins.counts[bin] > bins.most ? bins.counts[bin] : bins.most;
	}
	return bins;
}

void
rhythm_bin_say(const struct rhythm_bins *bins, size_t bin, struct strbuf *out)
{
	double step = bins->step_s / bins->unit_s;
	double digits = ceil(-log10(step) - 1e-9); /* a step of 0.1 needs one */

	strbuf_double(out, (bins->from_s + (double)bin * bins->step_s) / bins->unit_s,
		digits > 0 ? (unsigned)digits : 0);
	for (size_t i = 0; i <= SHORTEST; i++)
		if (units[i].seconds == bins->unit_s)
			strbuf_text(out, units[i].name);
}
