#include "daemon/input/csv.h"

#include <string.h>
#include <strings.h>

char
csv_separator(const char *line, size_t length)
{
	size_t tabs = 0;
	size_t commas = 0;

	for (size_t i = 0; i < length; i++) {
		tabs += line[i] == '\t';
		commas += line[i] == ',';
	}
	return tabs > commas ? '\t' : ',';
}

static struct text_view
trimmed(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	while (end > at && end[-1] == ' ')
		end--;
	return (struct text_view){ at, (size_t)(end - at) };
}

size_t
csv_split(const char *line, size_t length, char separator, struct text_view *ret, size_t room)
{
	const char *end = line + length;
	size_t count = 0;

	while (count < room) {
		const char *stop = memchr(line, separator, (size_t)(end - line));
		ret[count++] = trimmed(line, stop == NULL ? end : stop);
		if (stop == NULL)
			break;
		line = stop + 1;
	}
	return count;
}

bool
csv_holds(struct text_view text, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= text.length; i++)
		if (strncasecmp(text.at + i, word, length) == 0)
			return true;
	return false;
}

bool
csv_is(struct text_view text, const char *word)
{
	return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}
