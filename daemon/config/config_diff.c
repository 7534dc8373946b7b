#include "daemon/config/config_diff.h"

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config.h"
#include "daemon/config/config_text.h"

#include <errno.h>
#include <string.h>

enum { KEY_MAX = 1024 };

static const void *
at(const struct config_item *row, const void *section)
{
	return (const unsigned char *)section + row->offset;
}

static const char *
string_at(const struct config_item *row, const void *section)
{
	const char *text = NULL;

	memcpy(&text, at(row, section), sizeof(text));
	return text;
}

static struct config_list
list_at(const struct config_item *row, const void *section)
{
	struct config_list list;

	memcpy(&list, at(row, section), sizeof(list));
	return list;
}

/* Bytes of a value that is all there is to it: no pointer, no padding. */
static size_t
plain_bytes(enum config_type type)
{
	switch (type) {
	case CONFIG_TYPE_BOOL:
		return sizeof(bool);
	case CONFIG_TYPE_U32:
	case CONFIG_TYPE_ENUM:
		return sizeof(uint32_t);
	case CONFIG_TYPE_DOUBLE:
		return sizeof(double);
	case CONFIG_TYPE_DURATION:
	case CONFIG_TYPE_SIZE:
		return sizeof(uint64_t);
	case CONFIG_TYPE_ADDR:
		return sizeof(struct addr);
	case CONFIG_TYPE_CIDR:
		return sizeof(struct cidr);
	default:
		return 0;
	}
}

static bool
strings_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool rows_equal(const struct config_item *rows, const void *a, const void *b);

static bool
lists_equal(const struct config_item *row, const struct config_list *a, const struct config_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!rows_equal(row->rows, (const unsigned char *)a->items + i * row->item_size,
			    (const unsigned char *)b->items + i * row->item_size))
			return false;
	return true;
}

static bool
values_equal(const struct config_item *row, const void *a, const void *b)
{
	struct config_list of_a;
	struct config_list of_b;

	switch (row->type) {
	case CONFIG_TYPE_STRING:
		return strings_equal(string_at(row, a), string_at(row, b));
	case CONFIG_TYPE_SECTION:
		return rows_equal(row->rows, at(row, a), at(row, b));
	case CONFIG_TYPE_LIST:
		of_a = list_at(row, a);
		of_b = list_at(row, b);
		return lists_equal(row, &of_a, &of_b);
	default:
		return memcmp(at(row, a), at(row, b), plain_bytes(row->type)) == 0;
	}
}

static bool
rows_equal(const struct config_item *rows, const void *a, const void *b)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++)
		if (!values_equal(row, a, b))
			return false;
	return true;
}

/* Whom to tell, and where in the settings we are. */
struct walk {
	config_change_fn each;
	void *context;
	struct strbuf key;
};

static void
walk_rows(struct walk *w, const struct config_item *rows, const void *before, const void *after,
	bool at_start)
{
	size_t kept = w->key.length;

	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		bool waits = at_start || row->at_start;

		strbuf_text(&w->key, row->name);
		if (row->type == CONFIG_TYPE_SECTION) {
			strbuf_char(&w->key, '.');
			walk_rows(w, row->rows, at(row, before), at(row, after), waits);
		} else if (!values_equal(row, before, after)) {
			w->each(w->context, w->key.text, waits);
		}
		config_cut(&w->key, kept);
	}
}

void
config_rows_diff(const struct config_item *rows, const void *before, const void *after,
	config_change_fn each, void *context)
{
	struct walk w = { .each = each, .context = context };
	char memory[KEY_MAX];

	strbuf_init(&w.key, memory, sizeof(memory));
	walk_rows(&w, rows, before, after, false);
}

void
config_diff(const struct config *before, const struct config *after, config_change_fn each,
	void *context)
{
	config_rows_diff(before->rows, before->root, after->root, each, context);
}

static int keep_rows(const struct config_item *rows, const void *from, void *to,
	struct arena *arena, bool at_start);

static int
string_copy(const char *text, void *to, struct arena *arena)
{
	char *copy = NULL;

	if (text != NULL) {
		copy = arena_string(arena, text, strlen(text));
		if (copy == NULL)
			return -ENOMEM;
	}
	memcpy(to, &copy, sizeof(copy));
	return 0;
}

static int
list_copy(const struct config_item *row, const struct config_list *from, void *to,
	struct arena *arena)
{
	struct config_list copy = { .count = from->count };

	if (from->count > 0) {
		copy.items = arena_alloc(arena, from->count * row->item_size);
		if (copy.items == NULL)
			return -ENOMEM;
	}
	for (size_t i = 0; i < from->count; i++) {
		int r = keep_rows(row->rows,
			(const unsigned char *)from->items + i * row->item_size,
			(unsigned char *)copy.items + i * row->item_size, arena, true);
		if (r < 0)
			return r;
	}
	memcpy(to, &copy, sizeof(copy));
	return 0;
}

static int
value_copy(const struct config_item *row, const void *from, void *to, struct arena *arena)
{
	unsigned char *place = (unsigned char *)to + row->offset;
	struct config_list list;

	switch (row->type) {
	case CONFIG_TYPE_STRING:
		return string_copy(string_at(row, from), place, arena);
	case CONFIG_TYPE_LIST:
		list = list_at(row, from);
		return list_copy(row, &list, place, arena);
	default:
		memcpy(place, at(row, from), plain_bytes(row->type));
		return 0;
	}
}

static int
keep_rows(const struct config_item *rows, const void *from, void *to, struct arena *arena,
	bool at_start)
{
	int r = 0;

	for (const struct config_item *row = rows; r == 0 && row->type != CONFIG_TYPE_END; row++) {
		bool waits = at_start || row->at_start;

		if (row->type == CONFIG_TYPE_SECTION)
			r = keep_rows(row->rows, at(row, from), (unsigned char *)to + row->offset,
				arena, waits);
		else if (waits)
			r = value_copy(row, from, to, arena);
	}
	return r;
}

int
config_rows_keep(
	const struct config_item *rows, const void *running, void *fresh, struct arena *arena)
{
	return keep_rows(rows, running, fresh, arena, false);
}

int
config_keep(const struct config *running, struct config *fresh)
{
	int r = config_rows_keep(fresh->rows, running->root, fresh->root, &fresh->arena);

	return r < 0 ? r : config_views_build(fresh);
}
