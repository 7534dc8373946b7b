#include "daemon/config/config_rows.h"

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config_scalar.h"
#include "daemon/config/config_text.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024, QUOTED_MAX = 40 };

void
config_complain(struct config_report *report, const char *fmt, ...)
{
	char text[LINE_MAX_BYTES];
	va_list args;

	report->count++;
	if (report->count > CONFIG_COMPLAINTS_MAX + 1)
		return;
	if (report->count == CONFIG_COMPLAINTS_MAX + 1) {
		report->line(report->context, "more is wrong, but mend this first");
		return;
	}
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	report->line(report->context, text);
}

void
config_rows_default(const struct config_item *rows, void *section)
{
	static const struct config_list empty;

	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		unsigned char *at = (unsigned char *)section + row->offset;

		if (row->type == CONFIG_TYPE_SECTION)
			config_rows_default(row->rows, at);
		else if (row->type == CONFIG_TYPE_LIST)
			memcpy(at, &empty, sizeof(empty));
		else
			config_scalar_default(row, section);
	}
}

const struct config_item *
config_rows_find(const struct config_item *rows, const char *name, size_t length)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++)
		if (config_text_is(name, length, row->name))
			return row;
	return NULL;
}

const struct config_item *
config_rows_nearest(const struct config_item *rows, const char *name, size_t length)
{
	const struct config_item *best = NULL;
	size_t best_distance = SIZE_MAX;

	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		size_t distance = config_slip_distance(row->name, name, length);

		if (distance < best_distance) {
			best = row;
			best_distance = distance;
		}
	}
	return best;
}

bool
config_rows_locate(
	const struct config_item *rows, const char *name, size_t length, struct strbuf *out)
{
	for (const struct config_item *row = rows; row->type != CONFIG_TYPE_END; row++) {
		size_t kept = out->length;

		if (row->type != CONFIG_TYPE_SECTION)
			continue;
		strbuf_text(out, row->name);
		strbuf_char(out, '.');
		if (config_rows_find(row->rows, name, length) != NULL) {
			strbuf_bytes(out, name, length);
			return true;
		}
		if (config_rows_locate(row->rows, name, length, out))
			return true;
		config_cut(out, kept);
	}
	return false;
}

bool
config_list_is_plain(const struct config_item *list)
{
	return strcmp(list->rows[0].name, "value") == 0 && list->rows[1].type == CONFIG_TYPE_END;
}

/* The arena cannot grow a block, so a list moves to twice the room whenever its count is a power of two. */
void *
config_list_add(const struct config_item *list, void *section, struct arena *arena)
{
	unsigned char *at = (unsigned char *)section + list->offset;
	struct config_list have;

	memcpy(&have, at, sizeof(have));
	if (have.count >= list->max)
		return NULL;
	if ((have.count & (have.count - 1)) == 0) {
		size_t room = have.count == 0 ? 1 : have.count * 2;
		void *items = arena_alloc(arena, room * list->item_size);

		if (items == NULL)
			return NULL;
		if (have.count > 0)
			memcpy(items, have.items, have.count * list->item_size);
		have.items = items;
	}
	unsigned char *item = (unsigned char *)have.items + have.count * list->item_size;
	config_rows_default(list->rows, item);
	have.count++;
	memcpy(at, &have, sizeof(have));
	return item;
}

void
config_refuse(const struct config_item *row, const char *text, size_t length, struct strbuf *out)
{
	const char *meant = NULL;

	if (text == NULL) {
		strbuf_text(out, "nothing is given, expected ");
	} else {
		log_quote(out, text, length, QUOTED_MAX);
		strbuf_text(out, " is not ");
	}
	config_scalar_expect(row, out);
	config_scalar_example(row, out);
	if (row->type == CONFIG_TYPE_ENUM && text != NULL)
		meant = config_nearest(row->choices, text, length);
	if (meant != NULL)
		strbuf_printf(out, ", did you mean \"%s\"?", meant);
}

/* Follow a dotted key down to its row; `section` follows as well. */
static const struct config_item *
path_follow(const struct config_item *rows, const char *key, void **section)
{
	for (;;) {
		size_t length = strcspn(key, ".");
		const struct config_item *row = config_rows_find(rows, key, length);

		if (row == NULL || key[length] == '\0')
			return row;
		if (row->type != CONFIG_TYPE_SECTION)
			return NULL;
		*section = (unsigned char *)*section + row->offset;
		rows = row->rows;
		key += length + 1;
	}
}

static int
scalar_set(const struct config_item *row, const char *text, size_t length, void *section,
	struct arena *arena, const struct config_setting *s, struct config_report *report)
{
	char memory[LINE_MAX_BYTES];
	struct strbuf why;
	int r = config_scalar_parse(row, text, length, section, arena);

	if (r == -ENOMEM)
		config_complain(report, "%s: %s: no memory left", s->given_by, s->key);
	if (r == -EINVAL) {
		strbuf_init(&why, memory, sizeof(memory));
		config_refuse(row, text, length, &why);
		config_complain(report, "%s: %s: %s", s->given_by, s->key, why.text);
	}
	return r;
}

static int
list_set(const struct config_item *row, void *section, struct arena *arena,
	const struct config_setting *s, bool append, struct config_report *report)
{
	static const struct config_list empty;
	int r = 0;

	if (!append)
		memcpy((unsigned char *)section + row->offset, &empty, sizeof(empty));
	for (const char *text = s->value; r == 0 && *text != '\0';) {
		size_t length = strcspn(text, ",");
		void *item = config_list_add(row, section, arena);

		if (item == NULL) {
			config_complain(report, "%s: %s: more than %llu items", s->given_by, s->key,
				(unsigned long long)row->max);
			return -EINVAL;
		}
		r = scalar_set(row->rows, text, length, item, arena, s, report);
		text += length + (text[length] == ',');
	}
	return r;
}

int
config_rows_set(const struct config_item *rows, void *section, struct arena *arena,
	const struct config_setting *s, bool append, struct config_report *report)
{
	const struct config_item *row = path_follow(rows, s->key, &section);

	if (row == NULL || row->type == CONFIG_TYPE_SECTION ||
		(row->type == CONFIG_TYPE_LIST && !config_list_is_plain(row))) {
		config_complain(
			report, "%s: %s is not a setting of one value", s->given_by, s->key);
		return -EINVAL;
	}
	if (row->type == CONFIG_TYPE_LIST)
		return list_set(row, section, arena, s, append, report);
	return scalar_set(row, s->value, strlen(s->value), section, arena, s, report);
}
