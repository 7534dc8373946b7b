#include "viewer/screens/sorted.h"

#include "daemon/base/ascii.h"

#include <stdlib.h>
#include <string.h>

/* Both stand before a number, of any length: the longer one without its zeros is the greater. */
static int
numbers(const char **a, const char **b)
{
	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	size_t of_a = strspn(*a, "0123456789");
	size_t of_b = strspn(*b, "0123456789");
	if (of_a != of_b)
		return of_a < of_b ? -1 : 1;
	int order = strncmp(*a, *b, of_a);
	*a += of_a;
	*b += of_b;
	return order;
}

int
sorted_texts(const char *a, const char *b)
{
	for (;;) {
		if (ascii_is_digit(*a) && ascii_is_digit(*b)) {
			int order = numbers(&a, &b);

			if (order != 0)
				return order;
		} else if (*a != *b || *a == '\0') {
			return (unsigned char)*a - (unsigned char)*b;
		} else {
			a++;
			b++;
		}
	}
}

static int
by_column(const struct sorted *a, const struct sorted *b)
{
	if (a->text != NULL)
		return sorted_texts(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

static int
by_place(const struct sorted *a, const struct sorted *b)
{
	return a->at < b->at ? -1 : 1;
}

static int
upwards(const void *a, const void *b)
{
	int order = by_column(a, b);

	return order != 0 ? order : by_place(a, b);
}

static int
downwards(const void *a, const void *b)
{
	int order = by_column(b, a);

	return order != 0 ? order : by_place(a, b);
}

void
sorted_by(struct sorted *rows, size_t count, bool up)
{
	if (count > 1)
		qsort(rows, count, sizeof(*rows), up ? upwards : downwards);
}
