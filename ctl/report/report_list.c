#include "ctl/report/report_parts.h"

#include <string.h>

enum { LIST_FIRST = 16 };

void *
report_list_add(struct report_list *l)
{
	if (l->count == l->room) {
		size_t room = l->room == 0 ? LIST_FIRST : l->room * 2;
		void *rows = arena_alloc(l->memory, room * l->row_size);

		if (rows == NULL)
			return NULL;
		if (l->count > 0)
			memcpy(rows, l->rows, l->count * l->row_size);
		l->rows = rows;
		l->room = room;
	}
	return (char *)l->rows + l->count++ * l->row_size;
}

const char *
report_keep(struct arena *m, const char *text)
{
	const char *copy = arena_string(m, text, strlen(text));

	return copy == NULL ? "" : copy;
}

int
report_text_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
