#include "ctl/show.h"

/* Keys come separated by blanks, so that they fold as words do. */
static void
line(struct table_print *t, const char *name, const json_t *keys, const char *none,
	enum table_style style)
{
	const char *text = json_string_value(keys);
	bool given = text != NULL && text[0] != '\0';

	table_print_cell(t, name, TABLE_PLAIN);
	table_print_cell(t, given ? text : none, given ? style : TABLE_PLAIN);
}

void
show_reload(const json_t *data, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { NULL, false }, { NULL, false } };
	struct table_print t;

	table_print_begin(&t, terminal, columns, 2);
	line(&t, "in force now", json_object_get(data, "changed"), "nothing changed", TABLE_GOOD);
	line(&t, "needs a restart", json_object_get(data, "needs_restart"), "nothing", TABLE_WARN);
	table_print_end(&t);
}
