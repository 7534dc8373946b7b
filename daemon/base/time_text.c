#include "daemon/base/time_text.h"

enum { SECONDS_PER_DAY = 86400, DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

struct date {
	uint64_t year;
	unsigned month; /* 1 .. 12 */
	unsigned day;   /* 1 .. 31 */
};

/*
 * The Gregorian date of a day, by arithmetic alone. Years begin on 1 March of the year 0, so that
 * the leap day is the last of its year and the months before it have lengths that a line fits:
 * (153 m + 2) / 5 days come before month m. An era is 400 years. (Fliegel, van Flandern 1968;
 * Hinnant 2013.)
 */
static struct date
date_of(uint64_t days_since_1970)
{
	uint64_t days = days_since_1970 + DAYS_TO_1970;
	unsigned in_era = (unsigned)(days % DAYS_PER_ERA);
	unsigned year_of_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	unsigned in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned from_march = (5 * in_year + 2) / 153;
	unsigned month = from_march < 10 ? from_march + 3 : from_march - 9;

	return (struct date){
		.year = days / DAYS_PER_ERA * 400 + year_of_era + (month <= 2),
		.month = month,
		.day = in_year - (153 * from_march + 2) / 5 + 1,
	};
}

static void
write_two(char *at, unsigned value)
{
	at[0] = (char)('0' + value / 10);
	at[1] = (char)('0' + value % 10);
}

/* Six digits and the point before them. */
static void
write_micros(char *at, uint64_t ns)
{
	unsigned micros = (unsigned)(ns % NS_PER_S / NS_PER_US);

	at[0] = '.';
	write_two(at + 1, micros / 10000);
	write_two(at + 3, micros / 100 % 100);
	write_two(at + 5, micros % 100);
}

void
time_text_iso(struct strbuf *b, uint64_t ns, const char *zone)
{
	uint64_t seconds = ns / NS_PER_S;
	unsigned in_day = (unsigned)(seconds % SECONDS_PER_DAY);
	struct date date = date_of(seconds / SECONDS_PER_DAY);
	char text[] = "yyyy-mm-ddThh:mm:ss.uuuuuu";

	/* 64 bits of ns end in 2554: four digits are enough */
	write_two(text, (unsigned)(date.year / 100));
	write_two(text + 2, (unsigned)(date.year % 100));
	write_two(text + 5, date.month);
	write_two(text + 8, date.day);
	write_two(text + 11, in_day / 3600);
	write_two(text + 14, in_day / 60 % 60);
	write_two(text + 17, in_day % 60);
	write_micros(text + 19, ns);
	strbuf_bytes(b, text, sizeof(text) - 1);
	strbuf_text(b, zone);
}

void
time_text_epoch(struct strbuf *b, uint64_t ns)
{
	char text[7];

	write_micros(text, ns);
	strbuf_u64(b, ns / NS_PER_S);
	strbuf_bytes(b, text, sizeof(text));
}

static void
write_part(struct strbuf *b, uint64_t count, const char *unit)
{
	strbuf_u64(b, count);
	strbuf_text(b, unit);
}

void
time_text_length(struct strbuf *b, uint64_t ns)
{
	uint64_t seconds = ns / NS_PER_S;
	uint64_t minutes = seconds / 60;
	uint64_t hours = minutes / 60;
	uint64_t days = hours / 24;

	if (days > 0) {
		write_part(b, days, days == 1 ? " day" : " days");
		if (hours % 24 > 0) {
			strbuf_char(b, ' ');
			write_part(b, hours % 24, " h");
		}
	} else if (hours > 0) {
		write_part(b, hours, " h");
		if (minutes % 60 > 0) {
			strbuf_char(b, ' ');
			write_part(b, minutes % 60, " min");
		}
	} else if (minutes > 0) {
		write_part(b, minutes, " min");
	} else if (seconds > 0) {
		write_part(b, seconds, " s");
	} else {
		write_part(b, ns / NS_PER_MS, " ms");
	}
}
