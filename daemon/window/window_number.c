#include "daemon/window/window_number.h"

/* floor(a / b) for b > 0: C truncates towards zero. */
static int64_t
floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && a < 0);
}

/* Slips 0.7.0 counts the windows that it has to make in front of the first one as one too many on a boundary. */
static int64_t
s20_number_before(const struct window_series *s, int64_t width, uint64_t ts_ns)
{
	int64_t count = s->last - s->first + 1;
	int64_t last_end = (int64_t)s->t0_ns + s->last * width;
	int64_t made = (last_end - (int64_t)ts_ns) / width - count + 1;

	return s->first - made;
}

/* Signed sums of a time and two widths stay in range; a capture may claim to be of the year 2262. */
static uint64_t
within_range(uint64_t ts_ns, int64_t width)
{
	uint64_t latest = (uint64_t)(INT64_MAX - 2 * width);

	return ts_ns < latest ? ts_ns : latest;
}

struct window_slot
window_slot_of(const struct window_rule *rule, struct window_series *series, uint64_t ts_ns)
{
	int64_t width = (int64_t)rule->width_ns;

	if (rule->only_one)
		return (struct window_slot){ .number = 1, .start_ns = 0, .end_ns = UINT64_MAX };
	ts_ns = within_range(ts_ns, width);
	if (!series->started)
		*series = (struct window_series){
			.started = true,
			.t0_ns = rule->aligned ? ts_ns - ts_ns % rule->width_ns : ts_ns,
			.first = 1,
			.last = 1,
		};

	int64_t number = floor_divide((int64_t)ts_ns - (int64_t)series->t0_ns, width) + 1;
	if (rule->s20 && number < series->first)
		number = s20_number_before(series, width, ts_ns);
	if (number < series->first)
		series->first = number;
	if (number > series->last)
		series->last = number;

	int64_t start = (int64_t)series->t0_ns + (number - 1) * width;
	return (struct window_slot){
		.number = number,
		.start_ns = start < 0 ? 0 : (uint64_t)start,
		.end_ns = (uint64_t)(start + width),
	};
}
