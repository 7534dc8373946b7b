/* doctor_rows.c -- what the doctor has to say: rows, and how they are told. */
#include "ctl/doctor.h"

#include "ctl/say.h"

#include <stdarg.h>
#include <stdio.h>

#define M(member, json, title, meaning)                                                         \
	{                                                                                       \
		json, MEMBER_TEXT, offsetof(struct doctor_row, member), 0, NULL, title, meaning \
	}
static const struct member row_members[] = {
	M(state_text, "state", NULL, "OK, WARN or BAD"),
	M(area, "area", NULL, "what was looked at"),
	M(text, "text", NULL, "how it is, a sentence"),
	M(remedy, "remedy", NULL, "what to do about it"),
};
const struct member_table doctor_rows = { "doctor", "One thing that was looked at", row_members,
	sizeof(row_members) / sizeof(row_members[0]), sizeof(struct doctor_row) };

struct doctor_row *
doctor_add(struct doctor *d, const char *area, enum doctor_state state, const char *fmt, ...)
{
	static const char *const words[] = { "OK", "WARN", "BAD" };
	va_list args;

	if (d->count == DOCTOR_ROWS_MAX)
		return NULL;
	struct doctor_row *row = &d->rows[d->count++];
	*row = (struct doctor_row){ .state = state, .state_text = words[state] };
	(void)snprintf(row->area_memory, sizeof(row->area_memory), "%s", area);
	va_start(args, fmt);
	(void)vsnprintf(row->text_memory, sizeof(row->text_memory), fmt, args);
	va_end(args);
	row->area = row->area_memory;
	row->text = row->text_memory;
	row->remedy = row->remedy_memory;
	return row;
}

void
doctor_remedy(struct doctor_row *row, const char *fmt, ...)
{
	va_list args;

	if (row == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(row->remedy_memory, sizeof(row->remedy_memory), fmt, args);
	va_end(args);
}

bool
doctor_is_bad(const struct doctor *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->rows[i].state == DOCTOR_BAD)
			return true;
	return false;
}

void
doctor_show(const struct doctor *d, bool json, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { "", false }, { "AREA", false },
		{ "HOW IT IS, AND WHAT TO DO", false } };
	static const enum table_style styles[] = { TABLE_GOOD, TABLE_WARN, TABLE_BAD };
	struct table_print t;

	if (json) {
		json_t *all = member_rows(&doctor_rows, d->rows, d->count);

		say_json(all, terminal->out);
		json_decref(all);
		return;
	}
	table_print_begin(&t, terminal, columns, 3);
	for (size_t i = 0; i < d->count; i++) {
		const struct doctor_row *r = &d->rows[i];

		table_print_cell(&t, r->state_text, styles[r->state]);
		table_print_cell(&t, r->area, TABLE_PLAIN);
		table_print_cell(&t, r->text, TABLE_PLAIN);
		if (r->remedy[0] == '\0')
			continue;
		table_print_cell(&t, "", TABLE_PLAIN);
		table_print_cell(&t, "", TABLE_PLAIN);
		table_print_format(&t, TABLE_PLAIN, "-> %s", r->remedy);
	}
	table_print_end(&t);
}
