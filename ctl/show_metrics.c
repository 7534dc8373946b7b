#include "ctl/show.h"

#include <inttypes.h>

void
show_metrics(const json_t *data, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { "VALUE", true }, { "METRIC", false } };
	struct table_print t;
	size_t index = 0;
	const json_t *one = NULL;

	if (json_array_size(data) == 0) {
		(void)fputs("no metrics of such a name\n", terminal->out);
		return;
	}
	table_print_begin(&t, terminal, columns, 2);
	json_array_foreach(data, index, one)
	{
		const json_t *value = json_object_get(one, "value");
		const char *name = json_string_value(json_object_get(one, "name"));
		const char *labels = json_string_value(json_object_get(one, "labels"));

		if (json_is_integer(value))
			table_print_format(&t, TABLE_PLAIN, "%" JSON_INTEGER_FORMAT,
				json_integer_value(value));
		else
			table_print_format(&t, TABLE_PLAIN, "%.3f", json_number_value(value));
		if (labels == NULL)
			table_print_cell(&t, name, TABLE_PLAIN);
		else
			table_print_format(
				&t, TABLE_PLAIN, "%s{%s}", name == NULL ? "-" : name, labels);
	}
	table_print_end(&t);
}
