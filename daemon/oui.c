/*
 * A block is a line such as "002272     (base 16)<TAB><TAB>American Micro-Fuel Device Corp."; the lines around
 * it repeat it and have the vendor's address. Of a block with several vendors the first by name is kept.
 */
#include "daemon/oui.h"

#include <stdbool.h>
#include <stdlib.h>

enum { HEX_DIGITS = 6, GROUP_BIT = 1, LOCAL_BIT = 2 };

/* A block while the table is made. */
struct line {
	const uint8_t *name; /* in the list's text */
	size_t name_bytes;
	uint32_t prefix;
};

struct entry {
	uint32_t prefix;
	uint32_t name_at;
};

struct oui {
	uint64_t bytes;
	uint32_t count;
	const char *names;      /* behind the entries, in the same piece of memory */
	struct entry entries[]; /* by prefix */
};

/* What is before the next line end; `text` moves past it. */
static struct cursor
take_line(struct cursor *text)
{
	const uint8_t *end = memchr(text->at, '\n', cursor_left(text));

	if (end == NULL)
		return cursor_sub(text, cursor_left(text));
	struct cursor line = cursor_sub(text, (size_t)(end - text->at));
	(void)cursor_u8(text);
	return line;
}

static bool
read_hex(struct cursor *c, uint32_t *ret_prefix)
{
	uint32_t prefix = 0;

	for (unsigned i = 0; i < HEX_DIGITS; i++) {
		uint8_t b = cursor_u8(c);
		if (b >= '0' && b <= '9')
			prefix = prefix << 4 | (b - '0' + 0U);
		else if (b >= 'A' && b <= 'F')
			prefix = prefix << 4 | (b - 'A' + 10U);
		else
			return false;
	}
	*ret_prefix = prefix;
	return true;
}

static struct cursor
trim(struct cursor c)
{
	while (c.at < c.end && *c.at <= ' ')
		c.at++;
	while (c.at < c.end && c.end[-1] <= ' ')
		c.end--;
	return c;
}

/* returns false when the line names no block */
static bool
read_line(struct cursor line, struct line *ret_line)
{
	static const char mark[] = "(base 16)";
	struct cursor c = line;

	if (!read_hex(&c, &ret_line->prefix))
		return false;
	c = trim(c);
	const uint8_t *at = cursor_take(&c, sizeof(mark) - 1);
	if (at == NULL || memcmp(at, mark, sizeof(mark) - 1) != 0)
		return false;
	c = trim(c);
	ret_line->name = c.at;
	ret_line->name_bytes = cursor_left(&c);
	if (ret_line->name_bytes >= OUI_NAME_MAX)
		ret_line->name_bytes = OUI_NAME_MAX - 1;
	return ret_line->name_bytes > 0 && memchr(c.at, 0, ret_line->name_bytes) == NULL;
}

static uint32_t
count_lines(struct cursor text)
{
	struct line line;
	uint32_t count = 0;

	while (cursor_left(&text) > 0 && count < OUI_ENTRIES_MAX)
		count += read_line(take_line(&text), &line);
	return count;
}

static int
by_name(const void *one, const void *other)
{
	const struct line *a = one;
	const struct line *b = other;
	size_t shorter = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
	int order = memcmp(a->name, b->name, shorter);

	return order != 0 ? order
			  : (a->name_bytes > b->name_bytes) - (a->name_bytes < b->name_bytes);
}

static int
by_prefix(const void *one, const void *other)
{
	const struct entry *a = one;
	const struct entry *b = other;

	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return (a->name_at > b->name_at) - (a->name_at < b->name_at);
}

/* Bytes of all names, equal ones once, with their NULs. */
static size_t
names_bytes(const struct line *lines, uint32_t count)
{
	size_t bytes = 0;

	for (uint32_t i = 0; i < count; i++)
		if (i == 0 || by_name(&lines[i - 1], &lines[i]) != 0)
			bytes += lines[i].name_bytes + 1;
	return bytes;
}

/* `lines` are sorted by name. */
static void
fill(struct oui *o, char *names, const struct line *lines, uint32_t count)
{
	uint32_t at = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (i > 0 && by_name(&lines[i - 1], &lines[i]) != 0)
			at += (uint32_t)lines[i - 1].name_bytes + 1;
		memcpy(names + at, lines[i].name, lines[i].name_bytes);
		names[at + lines[i].name_bytes] = '\0';
		o->entries[i] = (struct entry){ lines[i].prefix, at };
	}
	qsort(o->entries, count, sizeof(o->entries[0]), by_prefix);
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || o->entries[kept - 1].prefix != o->entries[i].prefix)
			o->entries[kept++] = o->entries[i];
	o->count = kept;
}

struct oui *
oui_new(struct cursor text)
{
	uint32_t count = count_lines(text);
	struct line *lines = calloc(count + 1U, sizeof(*lines));
	uint32_t read = 0;

	if (lines == NULL)
		return NULL;
	while (read < count)
		read += read_line(take_line(&text), &lines[read]);
	qsort(lines, count, sizeof(*lines), by_name);
	size_t bytes = sizeof(struct oui) + count * sizeof(struct entry);
	size_t all = bytes + names_bytes(lines, count);
	struct oui *o = malloc(all);
	if (o != NULL) {
		*o = (struct oui){ .bytes = all, .names = (char *)o + bytes };
		fill(o, (char *)o + bytes, lines, count);
	}
	free(lines);
	return o;
}

void
oui_free(struct oui *o)
{
	free(o);
}

uint32_t
oui_count(const struct oui *o)
{
	return o->count;
}

uint64_t
oui_bytes(const struct oui *o)
{
	return o->bytes;
}

const char *
oui_vendor(const struct oui *o, const struct mac *mac)
{
	uint32_t prefix = (uint32_t)mac->byte[0] << 16 | (uint32_t)mac->byte[1] << 8 | mac->byte[2];
	uint32_t low = 0;
	uint32_t high = o->count;

	if ((mac->byte[0] & (GROUP_BIT | LOCAL_BIT)) != 0)
		return NULL;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (o->entries[middle].prefix < prefix)
			low = middle + 1;
		else
			high = middle;
	}
	return low < o->count && o->entries[low].prefix == prefix
		       ? o->names + o->entries[low].name_at
		       : NULL;
}
