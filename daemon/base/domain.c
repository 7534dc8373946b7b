#include "daemon/base/domain.h"

#include <string.h>
#include <strings.h>

enum { LABELS_MAX = DOMAIN_TEXT_MAX / 2 + 1 };

struct text_view
domain_view(const char *name)
{
	size_t length = strlen(name);

	if (length > 0 && name[length - 1] == '.')
		length--;
	return (struct text_view){ name, length };
}

void
domain_of_host(const char *host, char ret_name[DOMAIN_TEXT_MAX + 1])
{
	size_t length = host[0] == '[' ? 0 : strcspn(host, ":");

	if (length > DOMAIN_TEXT_MAX)
		length = 0;
	memcpy(ret_name, host, length);
	ret_name[length] = '\0';
}

bool
domain_up(struct text_view *d)
{
	const char *dot = d->length == 0 ? NULL : memchr(d->at, '.', d->length);

	if (dot == NULL)
		return false;
	d->length -= (size_t)(dot + 1 - d->at);
	d->at = dot + 1;
	return true;
}

static int
compare(const struct text_view *d, const char *row)
{
	int order = strncasecmp(d->at, row, d->length);

	return order != 0 ? order : -(row[d->length] != '\0');
}

static size_t
find_exactly(const char *const *rows, size_t count, const struct text_view *d)
{
	size_t from = 0;
	size_t to = count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare(d, rows[middle]);

		if (order == 0)
			return middle;
		if (order > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return count;
}

size_t
domain_find(const char *const *rows, size_t count, const char *name)
{
	struct text_view d = domain_view(name);
	size_t row = find_exactly(rows, count, &d);

	for (unsigned labels = 1; row == count && labels < LABELS_MAX && domain_up(&d); labels++)
		row = find_exactly(rows, count, &d);
	return row;
}
