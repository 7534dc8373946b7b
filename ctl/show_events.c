#include "ctl/show.h"

#include <string.h>

enum { TEXT_MAX = 64 };

static const char *
text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static enum table_style
style_of(const char *level)
{
	if (level == NULL || strcmp(level, "info") == 0 || strcmp(level, "low") == 0)
		return TABLE_PLAIN;
	return strcmp(level, "medium") == 0 ? TABLE_WARN : TABLE_BAD;
}

/* When, and on whom. */
static void
begin_cells(struct table_print *t, const json_t *event, const json_t *own)
{
	const char *iso = text(event, "timestamp");

	if (iso == NULL || strlen(iso) < 19)
		table_print_cell(t, NULL, TABLE_PLAIN);
	else
		table_print_format(t, TABLE_PLAIN, "%.10s %.8s", iso, iso + 11);
	table_print_cell(t, text(own, "profile"), TABLE_PLAIN);
}

static void
closing_show(
	const json_t *data, size_t count, const char *what, const struct table_terminal *terminal)
{
	json_int_t earlier = json_integer_value(json_object_get(data, "earlier"));

	if (count == 0)
		(void)fprintf(terminal->out, "no %s\n", what);
	if (earlier > 0)
		(void)fprintf(terminal->out,
			"%" JSON_INTEGER_FORMAT " more came before these; see --limit\n", earlier);
}

void
show_evidence(const json_t *data, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = {
		{ "TIME (UTC)", false },
		{ "HOST", false },
		{ "LEVEL", false },
		{ "WHAT", false },
	};
	const json_t *events = json_object_get(data, "events");
	struct table_print t;
	size_t index = 0;
	const json_t *event = NULL;

	table_print_begin(&t, terminal, columns, 4);
	json_array_foreach(events, index, event)
	{
		const json_t *own = json_object_get(event, "naiad");
		const char *level = text(own, "threat_level");

		begin_cells(&t, event, own);
		table_print_cell(&t, level, style_of(level));
		table_print_cell(&t, text(own, "text"), TABLE_PLAIN);
	}
	if (json_array_size(events) > 0)
		table_print_end(&t);
	closing_show(data, json_array_size(events), "evidence", terminal);
}

void
show_alerts(const json_t *data, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = {
		{ "TIME (UTC)", false },
		{ "HOST", false },
		{ "LEVEL", false },
		{ "SUM", true },
		{ "STRONGEST EVIDENCE", false },
	};
	const json_t *events = json_object_get(data, "events");
	struct table_print t;
	size_t index = 0;
	const json_t *event = NULL;

	table_print_begin(&t, terminal, columns, 5);
	json_array_foreach(events, index, event)
	{
		const json_t *own = json_object_get(event, "naiad");
		const char *level = text(own, "highest_threat_level");
		const char *reason = text(own, "reason");

		begin_cells(&t, event, own);
		table_print_cell(&t, level, style_of(level));
		if (json_is_true(json_object_get(own, "decisive")))
			table_print_cell(&t, "by itself", TABLE_PLAIN);
		else
			table_print_format(&t, TABLE_PLAIN, "%.2f/%.2f",
				json_number_value(json_object_get(own, "sum")),
				json_number_value(json_object_get(own, "threshold")));
		table_print_format(&t, TABLE_PLAIN, "%s (of %" JSON_INTEGER_FORMAT ")",
			reason == NULL ? "-" : reason,
			json_integer_value(json_object_get(own, "evidence_count")));
	}
	if (json_array_size(events) > 0)
		table_print_end(&t);
	closing_show(data, json_array_size(events), "alerts", terminal);
}
