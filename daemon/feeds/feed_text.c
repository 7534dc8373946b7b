#include "daemon/feeds/feed_text.h"

#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct intel_text
feed_text_from(struct intel_text t, size_t count)
{
	return (struct intel_text){ t.at + count, t.length - count };
}

struct intel_text
feed_text_trim(struct intel_text t)
{
	while (t.length > 0 && is_blank(t.at[0]))
		t = feed_text_from(t, 1);
	while (t.length > 0 && is_blank(t.at[t.length - 1]))
		t.length--;
	return t;
}

bool
feed_text_begins(struct intel_text t, const char *word)
{
	size_t length = strlen(word);

	return t.length >= length && strncasecmp(t.at, word, length) == 0;
}

bool
feed_text_is(struct intel_text t, const char *word)
{
	return t.length == strlen(word) && feed_text_begins(t, word);
}

bool
feed_text_holds(struct intel_text t, const char *word)
{
	for (; t.length > 0; t = feed_text_from(t, 1))
		if (feed_text_begins(t, word))
			return true;
	return false;
}

struct intel_text
feed_text_take(struct intel_text *left, const char *stops)
{
	struct intel_text taken = *left;

	for (size_t i = 0; i < left->length; i++)
		if (strchr(stops, left->at[i]) != NULL && left->at[i] != '\0') {
			taken.length = i;
			*left = feed_text_from(*left, i + 1);
			return taken;
		}
	*left = feed_text_from(*left, left->length);
	return taken;
}

/* Where the column ends that the line begins with. */
static size_t
column_end(struct intel_text line, char separator)
{
	bool is_quoted = false;

	for (size_t i = 0; i < line.length; i++) {
		if (line.at[i] == '"')
			is_quoted = !is_quoted;
		else if (line.at[i] == separator && !is_quoted)
			return i;
	}
	return line.length;
}

static struct intel_text
unquoted(struct intel_text t)
{
	t = feed_text_trim(t);
	if (t.length >= 2 && t.at[0] == '"' && t.at[t.length - 1] == '"')
		t = feed_text_trim((struct intel_text){ t.at + 1, t.length - 2 });
	return t;
}

size_t
feed_text_split(struct intel_text line, char separator, struct intel_text *ret, size_t room)
{
	size_t count = 0;

	while (count < room) {
		size_t end = column_end(line, separator);
		ret[count++] = unquoted((struct intel_text){ line.at, end });
		if (end == line.length)
			break;
		line = feed_text_from(line, end + 1);
	}
	return count;
}
