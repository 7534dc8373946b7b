/* sorted.h -- rows in the order of a column, without moving what the source gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A row's place in the source's order, and what its column holds. */
struct sorted {
	size_t at;
	const char *text; /* NULL: the number counts */
	double number;
};

/* Those that are equal stay in the order of the source. Texts are compared as people do: port 80 is before 443. */
void sorted_by(struct sorted *rows, size_t count, bool up);

/* < 0, 0 or > 0: runs of digits are numbers, the rest is bytes. */
int sorted_texts(const char *a, const char *b);
