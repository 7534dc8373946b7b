#include "daemon/input/eve_column.h"

#include "daemon/input/eve.h"

#include <string.h>

static bool
is_at(const struct eve_column *c, const char *path, size_t length)
{
	return c->length == length && memcmp(c->path, path, length) == 0;
}

static bool
is_name(const char *name, const char *path, size_t length)
{
	return strncmp(name, path, length) == 0 && name[length] == '\0';
}

static const struct transaction_field *
field_of(const struct transaction_field *fields, const char *path, size_t length)
{
	int row = fields == NULL ? -1 : transaction_read_row(fields, NULL, path, length);

	return row < 0 ? NULL : &fields[row];
}

/* What a transaction's rows are called is no path: only what the event's columns name is one. */
static const struct transaction_field *
said_field(const struct eve_reader *reader, const char *path, size_t length)
{
	const struct transaction_alias *a = reader->columns;

	for (; a != NULL && a->name != NULL; a++)
		if (is_name(a->name, path, length))
			return field_of(reader->said->fields, a->row, strlen(a->row));
	return NULL;
}

static void
look_up(struct eve_column *c, const struct eve_reader *reader, const char *path, size_t length)
{
	c->to = EVE_TO_HEAD;
	c->field = field_of(eve_head_fields, path, length);
	if (c->field != NULL)
		return;
	c->to = EVE_TO_SAID;
	c->field = said_field(reader, path, length);
	if (c->field != NULL)
		return;
	c->to = EVE_TO_BESIDE;
	c->field = field_of(reader->beside, path, length);
	if (c->field == NULL)
		c->to = reader->value != NULL ? EVE_TO_VALUE : EVE_TO_NOBODY;
}

static struct eve_column *
add(struct eve_columns *c, const struct eve_reader *reader, const char *path, size_t length)
{
	bool has_room = c->count < EVE_COLUMNS_MAX && length <= EVE_PATH_MAX;
	struct eve_column *column = has_room ? &c->at[c->count++] : &c->other;

	look_up(column, reader, path, length);
	column->length = has_room ? (uint8_t)length : 0;
	memcpy(column->path, path, column->length);
	return column;
}

const struct eve_column *
eve_column_of(
	struct eve_columns *c, const struct eve_reader *reader, const char *path, size_t length)
{
	struct eve_column *before = &c->at[c->last];
	uint8_t i = before->after;

	if (i >= c->count || !is_at(&c->at[i], path, length))
		for (i = 0; i < c->count && !is_at(&c->at[i], path, length); i++)
			;
	if (i == c->count) {
		struct eve_column *column = add(c, reader, path, length);
		if (column == &c->other)
			return column;
	}
	before->after = i;
	c->last = i;
	return &c->at[i];
}
