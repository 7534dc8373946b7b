#include "daemon/base/time_parse.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_text.h"

#include <errno.h>
#include <stdbool.h>

enum { SECONDS_PER_DAY = 86400, DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

/* What is left of the text; `bad` for good once it was not as expected. */
struct reader {
	const char *at, *end;
	bool bad;
};

static bool
next_is(const struct reader *r, char c)
{
	return r->at < r->end && *r->at == c;
}

/* One of two characters that may stand here. */
static void
take_either(struct reader *r, char one, char other)
{
	if (next_is(r, one) || next_is(r, other))
		r->at++;
	else
		r->bad = true;
}

static bool
next_is_digit(const struct reader *r)
{
	return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* Exactly `count` digits of a value within `least` .. `most`. returns it; `least` when it is bad */
static int
take_number(struct reader *r, unsigned count, int least, int most)
{
	int value = 0;

	for (; count > 0 && next_is_digit(r); count--)
		value = value * 10 + (*r->at++ - '0');
	if (count == 0 && value >= least && value <= most)
		return value;
	r->bad = true;
	return least;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_of_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The other direction of date_of() in time_text.c: years begin on 1 March, an era has 400 of them. */
static int64_t
days_since_1970(int year, int month, int day)
{
	int from_march = month > 2 ? month - 3 : month + 9;
	int of_march = year - (month <= 2);
	int in_year = (153 * from_march + 2) / 5 + day - 1;
	int of_era = of_march % 400;
	int in_era = of_era * 365 + of_era / 4 - of_era / 100 + in_year;

	return (int64_t)(of_march / 400) * DAYS_PER_ERA + in_era - DAYS_TO_1970;
}

/* Dashes or slashes, of one kind. returns the day's first second */
static int64_t
take_date(struct reader *r)
{
	int year = take_number(r, 4, 1, 9999);
	char dash = next_is(r, '/') ? '/' : '-';

	take_either(r, dash, dash);
	int month = take_number(r, 2, 1, 12);
	take_either(r, dash, dash);
	int day = take_number(r, 2, 1, 31);
	if (r->bad || day > days_of_month(year, month)) {
		r->bad = true;
		return 0;
	}
	return days_since_1970(year, month, day) * SECONDS_PER_DAY;
}

/* Seconds, a leap second too, and their fraction, as ns. */
static uint64_t
take_seconds(struct reader *r)
{
	const char *began = r->at;
	uint64_t ns = 0;

	(void)take_number(r, 2, 0, 60);
	if (next_is(r, '.')) {
		r->at++;
		r->bad |= !next_is_digit(r);
		while (next_is_digit(r))
			r->at++;
	}
	if (!r->bad)
		(void)number_text_seconds(began, (size_t)(r->at - began), &ns);
	return ns;
}

/* "Z", "+02:00", "+0200", "+02"; nothing: `offset_s`. returns how far east it is, in seconds */
static int
take_zone(struct reader *r, int offset_s)
{
	if (r->at == r->end)
		return offset_s;
	if (next_is(r, 'Z')) {
		r->at++;
		return 0;
	}
	int sign = next_is(r, '-') ? -1 : 1;
	take_either(r, '+', '-');
	int seconds = take_number(r, 2, 0, 23) * 3600;
	if (next_is(r, ':')) {
		r->at++;
		r->bad |= !next_is_digit(r);
	}
	if (r->at < r->end)
		seconds += take_number(r, 2, 0, 59) * 60;
	return sign * seconds;
}

int
time_parse_date(const char *text, size_t length, int32_t offset_s, uint64_t *ret_ns)
{
	struct reader r = { .at = text, .end = text + length };
	int64_t seconds = take_date(&r);

	take_either(&r, 'T', ' ');
	seconds += (int64_t)take_number(&r, 2, 0, 23) * 3600;
	take_either(&r, ':', ':');
	seconds += (int64_t)take_number(&r, 2, 0, 59) * 60;
	take_either(&r, ':', ':');
	uint64_t ns = take_seconds(&r);
	seconds -= take_zone(&r, offset_s);
	if (r.bad || r.at != r.end || seconds < 0 ||
		(uint64_t)seconds > (UINT64_MAX - ns) / NS_PER_S)
		return -EBADMSG;
	*ret_ns = (uint64_t)seconds * NS_PER_S + ns;
	return 0;
}
