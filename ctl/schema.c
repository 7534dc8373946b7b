#include "ctl/schema.h"

#include "ctl/case_members.h"
#include "ctl/doctor.h"

#include <string.h>

/* The tables of a run, and the one that is not of a run. */
static const struct member_table *
table_at(size_t i)
{
	return i == 0 ? &doctor_rows : case_members_at(i - 1);
}

static const struct member_table *
table_find(const char *command)
{
	const struct member_table *t = NULL;

	for (size_t i = 0; (t = table_at(i)) != NULL; i++)
		if (strcmp(t->name, command) == 0)
			return t;
	return NULL;
}

/* Those that tell of one thing; all others tell a list. */
static bool
is_one(const struct member_table *t)
{
	return t == &case_status;
}

static json_t *
answer_schema(const struct member_table *t)
{
	json_t *row = member_schema(t);

	if (t == &case_explain) /* whichever has the id */
		return json_pack("{s:[oo]}", "anyOf", row, member_schema(&case_alerts));
	return is_one(t) ? row : json_pack("{s:s, s:o}", "type", "array", "items", row);
}

json_t *
schema_of(const char *command)
{
	static const char dialect[] = "https://json-schema.org/draft/2020-12/schema";
	const struct member_table *t = command == NULL ? NULL : table_find(command);
	json_t *all = NULL;

	if (command != NULL && t == NULL)
		return NULL;
	if (t != NULL) {
		all = answer_schema(t);
	} else {
		json_t *each = json_object();

		for (size_t i = 0; (t = table_at(i)) != NULL; i++)
			(void)json_object_set_new(each, t->name, answer_schema(t));
		all = json_pack("{s:o}", "$defs", each);
	}
	(void)json_object_set_new(all, "$schema", json_string(dialect));
	return all;
}
