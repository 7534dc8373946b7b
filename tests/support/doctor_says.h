/* doctor_says.h -- what a doctor's rows say, for its tests. */
#pragma once

#include "ctl/doctor.h"

#include <stdbool.h>
#include <string.h>

/* One row says this of that area, in that state, with that remedy (NULL: none); then all rows are forgotten. */
static inline bool
doctor_says(struct doctor *d, enum doctor_state want, const char *area, const char *words,
	const char *remedy)
{
	bool said = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct doctor_row *r = &d->rows[i];

		said = said || (r->state == want && strcmp(r->area, area) == 0 &&
				       strstr(r->text, words) != NULL &&
				       (remedy == NULL ? r->remedy[0] == '\0'
						       : strstr(r->remedy, remedy) != NULL));
	}
	for (size_t i = 0; i < d->count && !said; i++)
		(void)fprintf(stderr, "%s %s: %s -> %s\n", d->rows[i].state_text, d->rows[i].area,
			d->rows[i].text, d->rows[i].remedy);
	memset(d, 0, sizeof(*d));
	return said;
}
