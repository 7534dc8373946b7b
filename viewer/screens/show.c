#include "viewer/screens/show.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"
#include "viewer/source/source.h"

enum { ROOM = 32, TIME_ROOM = 40, SECONDS_END = 19, WHOLE_MOST = 9999999 };

/* In the largest unit of which there is one, with a digit after the point if it is not the byte. */
static const char *
scaled(char room[ROOM], double value, double unit, const char *const *units, unsigned last)
{
	struct strbuf text;
	unsigned at = 0;

	while (value >= unit && at < last) {
		value /= unit;
		at++;
	}
	strbuf_init(&text, room, ROOM);
	strbuf_double(&text, value, units[at][1] == 'b' ? 0 : 1);
	strbuf_text(&text, units[at]);
	return room;
}

const char *
show_bytes(char room[32], uint64_t bytes)
{
	static const char *const units[] = { " b", " Kb", " Mb", " Gb", " Tb" };

	return scaled(room, (double)bytes, 1024, units, 4);
}

const char *
show_count(char room[32], uint64_t n)
{
	static const char *const units[] = { " M", " G", " T" };
	struct strbuf text;

	if (n > WHOLE_MOST)
		return scaled(room, (double)n / 1e6, 1000, units, 2);
	strbuf_init(&text, room, ROOM);
	strbuf_u64(&text, n);
	return room;
}

const char *
show_time(char room[40], uint64_t ns)
{
	struct strbuf text;

	strbuf_init(&text, room, TIME_ROOM);
	if (ns == 0)
		return room;
	time_text_iso(&text, ns, "");
	room[4] = room[7] = '/';
	room[10] = ' ';
	room[SECONDS_END] = '\0';
	return room;
}

const char *
show_none(const struct source *s, const char *none)
{
	return source_trouble(s)[0] == '\0' ? none : "no answer: this is not known now";
}

const char *
show_none_of(const struct source *s, size_t all, const char *none)
{
	return all == 0 ? show_none(s, none) : "none has the text";
}
