#include "daemon/input/zeek_columns.h"

#include "daemon/input/zeek_log.h"

void
zeek_columns_clear(struct zeek_columns *columns)
{
	columns->count = columns->guess = 0;
	columns->too_many = false;
}

static void
resolve(struct zeek_column *c, const struct zeek_log *log)
{
	c->field = zeek_log_field(log, c->name, c->length, &c->is_common);
}

void
zeek_columns_add(
	struct zeek_columns *columns, const struct zeek_log *log, const char *name, size_t length)
{
	if (columns->count == ZEEK_COLUMNS_MAX) {
		columns->too_many = true;
		return;
	}
	struct zeek_column *c = &columns->at[columns->count++];
	*c = (struct zeek_column){ 0 };
	if (length > ZEEK_NAME_MAX)
		return;
	c->length = (uint8_t)length;
	memcpy(c->name, name, length);
	if (log != NULL)
		resolve(c, log);
}

void
zeek_columns_resolve(struct zeek_columns *columns, const struct zeek_log *log)
{
	for (unsigned i = 0; i < columns->count; i++)
		resolve(&columns->at[i], log);
}

static bool
is_named(const struct zeek_column *c, const char *name, size_t length)
{
	return c->length == length && memcmp(c->name, name, length) == 0;
}

const struct zeek_column *
zeek_columns_key(struct zeek_columns *columns, const struct zeek_log *log, const char *name,
	size_t length, bool is_again)
{
	unsigned at = columns->guess;

	if (is_again && at > 0)
		at--;
	/* What a line leaves out is stepped over; an order of its own costs one way round. */
	for (unsigned tried = 0; tried < columns->count; tried++, at++) {
		if (at >= columns->count)
			at = 0;
		if (is_named(&columns->at[at], name, length)) {
			columns->guess = at + 1;
			return &columns->at[at];
		}
	}
	if (length > ZEEK_NAME_MAX || columns->count == ZEEK_COLUMNS_MAX)
		return NULL;
	zeek_columns_add(columns, log, name, length);
	columns->guess = columns->count;
	return &columns->at[columns->count - 1];
}
