#include "daemon/tuples/letters.h"

#include "daemon/base/time_text.h"

#include <string.h>

enum { GAP_COUNT = GAP_1H + 1 };

/* How unlike the last two gaps are: 1 is equal, and so is whatever cannot be divided. */
static double
gap_ratio(int64_t before_ns, int64_t after_ns)
{
	double t1 = (double)before_ns;
	double t2 = (double)after_ns;

	if (t2 >= t1)
		return before_ns == 0 ? 1 : t2 / t1;
	return after_ns == 0 ? 1 : t1 / t2;
}

/* A negative ratio (flows out of order) reads as strongly periodic, as in Slips. */
static enum letter_period
period_of(double ratio)
{
	if (ratio <= 1.05)
		return PERIOD_STRONG;
	if (ratio <= 1.3)
		return PERIOD_WEAK;
	if (ratio <= 5)
		return PERIOD_WEAK_NON;
	return PERIOD_STRONG_NON;
}

static enum letter_gap
gap_of(int64_t gap_ns)
{
	const int64_t second = (int64_t)NS_PER_S;

	if (gap_ns <= 5 * second)
		return GAP_5S;
	if (gap_ns <= 60 * second)
		return GAP_60S;
	if (gap_ns <= 300 * second)
		return GAP_5MIN;
	if (gap_ns <= 3600 * second)
		return GAP_1H;
	return GAP_NONE;
}

static unsigned
size_class(uint64_t bytes)
{
	if (bytes <= 250)
		return 0;
	return bytes <= 1100 ? 1 : 2;
}

static unsigned
duration_class(uint64_t duration_ns)
{
	if (duration_ns <= NS_PER_S / 10)
		return 0;
	return duration_ns <= 10 * NS_PER_S ? 1 : 2;
}

struct letter
letter_next(struct letter_state *s, uint64_t start_ns, uint64_t duration_ns, uint64_t payload_bytes,
	uint64_t ip_bytes)
{
	struct letter l = {
		.period = PERIOD_NONE,
		.duration = duration_class(duration_ns) & 3U,
		.payload_size = size_class(payload_bytes) & 3U,
		.ip_size = size_class(ip_bytes) & 3U,
		.gap = GAP_NONE,
	};
	int64_t gap_ns = (int64_t)(start_ns - s->last_ns);

	if (s->seen > 0)
		l.gap = (uint8_t)gap_of(gap_ns);
	if (s->seen > 1) {
		l.period = (uint8_t)period_of(
			gap_ratio((int64_t)(s->last_ns - s->last_but_one_ns), gap_ns));
		int64_t hours = gap_ns / (3600 * (int64_t)NS_PER_S);
		if (hours > 0)
			l.hours = hours > UINT8_MAX ? UINT8_MAX : (uint8_t)hours;
	}
	s->last_but_one_ns = s->last_ns;
	s->last_ns = start_ns;
	if (s->seen < 2)
		s->seen++;
	return l;
}

size_t
letter_text(const struct letter *l, bool by_ip_bytes, char ret_text[LETTER_TEXT_MAX])
{
	static const char rows[][10] = {
		[PERIOD_NONE] = "123456789",
		[PERIOD_STRONG] = "abcdefghi",
		[PERIOD_WEAK] = "ABCDEFGHI",
		[PERIOD_WEAK_NON] = "rstuvwxyz",
		[PERIOD_STRONG_NON] = "RSTUVWXYZ",
	};
	static const char gaps[GAP_COUNT] = {
		[GAP_5S] = '.', [GAP_60S] = ',', [GAP_5MIN] = '+', [GAP_1H] = '*'
	};
	unsigned size = by_ip_bytes ? l->ip_size : l->payload_size;
	size_t length = l->hours;

	memset(ret_text, '0', length);
	ret_text[length++] = rows[l->period][3 * size + l->duration];
	if (l->gap != GAP_NONE)
		ret_text[length++] = gaps[l->gap];
	ret_text[length] = '\0';
	return length;
}
