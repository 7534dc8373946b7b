#include "daemon/input/input_earliest.h"

#include "daemon/input/input_format.h"

#include <stdlib.h>
#include <string.h>

static uint64_t
earlier(const struct input_stream *s, int items, uint64_t ns)
{
	for (int i = 0; i < items; i++)
		if (input_item_begins(&s->items[i]) < ns)
			ns = input_item_begins(&s->items[i]);
	return ns;
}

/* returns the earliest of whole lines, and of what is held back behind them */
static uint64_t
read_lines(struct input_stream *s, char *at, size_t length)
{
	const char *end = at + length;
	uint64_t ns = UINT64_MAX;
	uint64_t number = 0;
	int items;

	for (char *stop; (stop = memchr(at, '\n', (size_t)(end - at))) != NULL; at = stop + 1) {
		number++;
		char *last = stop > at && stop[-1] == '\r' ? stop - 1 : stop;
		*last = '\0';
		if (last == at)
			continue;
		ns = earlier(s, input_format_line(s, at, (size_t)(last - at), number), ns);
	}
	while ((items = input_format_held(s, UINT64_MAX)) > 0)
		ns = earlier(s, items, ns);
	return ns;
}

uint64_t
input_earliest(const struct input_stream *s, const char *first, size_t length)
{
	struct input_stream probe = { 0 };
	char *lines = malloc(length + 1);
	uint64_t ns = UINT64_MAX;

	if (lines != NULL && input_format_start(&probe, s->format, s->plan, s->path) == 0) {
		memcpy(lines, first, length);
		input_format_begin(&probe, s->path, first, length);
		ns = read_lines(&probe, lines, length);
	}
	input_format_end(&probe);
	free(lines);
	return ns;
}
