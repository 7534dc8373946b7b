/*
 * A block is a line such as "002272     (base 16)<TAB><TAB>American Micro-Fuel Device Corp."; the lines around
 * it repeat it and have the vendor's address. The mark is searched for, not the lines: few of them have one, and
 * the list is read at each start. Of a block with several vendors the first in the list is kept.
 */
#include "daemon/knowledge/oui.h"

#include <stdbool.h>
#include <stdlib.h>

enum { HEX_DIGITS = 6, LINE_BYTES_MIN = HEX_DIGITS + 10, GROUP_BIT = 1, LOCAL_BIT = 2 };

static const char mark[] = "(base 16)";

/* The list's text, and how far it is read. */
struct list {
	const uint8_t *begin;
	struct cursor left;
};

struct block {
	uint32_t prefix;
	const uint8_t *name; /* in the list's text */
	size_t name_bytes;
};

struct entry {
	uint32_t prefix;
	uint32_t name_at;
};

struct oui {
	uint64_t bytes;
	uint32_t count;
	struct entry *entries; /* by prefix */
	char *names;
};

/* The next mark; the list moves past it. returns NULL when there is none */
static const uint8_t *
take_mark(struct cursor *left)
{
	while (cursor_left(left) >= sizeof(mark) - 1) {
		const uint8_t *at = memchr(left->at, mark[0], cursor_left(left));
		if (at == NULL)
			return NULL;
		(void)cursor_take(left, (size_t)(at - left->at));
		if (cursor_left(left) >= sizeof(mark) - 1 &&
			memcmp(at, mark, sizeof(mark) - 1) == 0)
			return cursor_take(left, sizeof(mark) - 1);
		(void)cursor_u8(left);
	}
	return NULL;
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

/* Before a mark there are six digits, at the beginning of its line, and blanks. */
static bool
read_prefix(const uint8_t *begin, const uint8_t *at, uint32_t *ret_prefix)
{
	while (at > begin && at[-1] <= ' ' && at[-1] != '\n')
		at--;
	if (at - begin < HEX_DIGITS)
		return false;
	at -= HEX_DIGITS;
	struct cursor digits = cursor_over(at, HEX_DIGITS);
	return (at == begin || at[-1] == '\n') && read_hex(&digits, ret_prefix);
}

static struct cursor
trim(struct cursor c)
{
	while (c.at != NULL && cursor_left(&c) > 0 && *c.at <= ' ')
		(void)cursor_u8(&c);
	while (cursor_left(&c) > 0 && cursor_last(&c) <= ' ')
		cursor_drop_last(&c);
	return c;
}

/* What is left of the line. */
static struct cursor
take_line(struct cursor *left)
{
	const uint8_t *end =
		cursor_left(left) > 0 ? memchr(left->at, '\n', cursor_left(left)) : NULL;

	return cursor_sub(left, end != NULL ? (size_t)(end - left->at) : cursor_left(left));
}

static bool
read_name(struct cursor line, struct block *b)
{
	struct cursor name = trim(line);

	b->name = name.at;
	b->name_bytes = cursor_left(&name);
	if (b->name_bytes >= OUI_NAME_MAX)
		b->name_bytes = OUI_NAME_MAX - 1;
	return b->name_bytes > 0 && memchr(b->name, 0, b->name_bytes) == NULL;
}

/* returns false at the list's end */
static bool
next_block(struct list *l, struct block *ret_block)
{
	const uint8_t *at;

	while ((at = take_mark(&l->left)) != NULL)
		if (read_prefix(l->begin, at, &ret_block->prefix) &&
			read_name(take_line(&l->left), ret_block))
			return true;
	return false;
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

void
oui_free(struct oui *o)
{
	if (o == NULL)
		return;
	free(o->entries);
	free(o->names);
	free(o);
}

/* returns the bytes of the names */
static size_t
fill(struct oui *o, struct list l, uint32_t most)
{
	struct block b;
	size_t at = 0;

	while (o->count < most && next_block(&l, &b)) {
		o->entries[o->count++] = (struct entry){ b.prefix, (uint32_t)at };
		memcpy(o->names + at, b.name, b.name_bytes);
		at += b.name_bytes;
		o->names[at++] = '\0';
	}
	return at;
}

static void
sort(struct oui *o)
{
	uint32_t kept = 0;

	qsort(o->entries, o->count, sizeof(o->entries[0]), by_prefix);
	for (uint32_t i = 0; i < o->count; i++)
		if (kept == 0 || o->entries[kept - 1].prefix != o->entries[i].prefix)
			o->entries[kept++] = o->entries[i];
	o->count = kept;
}

/* Give back what a list could have needed. */
static void
shrink(struct oui *o, size_t names_bytes)
{
	size_t entries_bytes = o->count * sizeof(o->entries[0]);
	void *entries = realloc(o->entries, entries_bytes + 1);
	void *names = realloc(o->names, names_bytes + 1);

	if (entries != NULL)
		o->entries = entries;
	if (names != NULL)
		o->names = names;
	o->bytes = sizeof(*o) + entries_bytes + names_bytes;
}

struct oui *
oui_new(struct cursor text)
{
	/* Room for whatever a text so long can name: memory that is never written costs nothing. */
	size_t most = cursor_left(&text) / LINE_BYTES_MIN + 1;
	uint32_t count = most < OUI_ENTRIES_MAX ? (uint32_t)most : OUI_ENTRIES_MAX;
	struct oui *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->entries = malloc(count * sizeof(o->entries[0]));
	o->names = malloc(cursor_left(&text) + 1);
	if (o->entries == NULL || o->names == NULL) {
		oui_free(o);
		return NULL;
	}
	size_t names_bytes = fill(o, (struct list){ .begin = text.at, .left = text }, count);
	sort(o);
	shrink(o, names_bytes);
	return o;
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
