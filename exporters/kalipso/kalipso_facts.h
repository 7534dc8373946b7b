/*
 * kalipso_facts.h -- what naiad knows beyond what a Kalipso reads, for readers of our own: naiad:windows, naiad:addresses.
 *
 * The same in all dialects. Their names are ours (naiad:), so no Kalipso sees them (kalipso.md 6.3).
 */
#pragma once

#include "exporters/kalipso/dialect.h"

/* A field of naiad:windows: "10.0.0.1 3". tuples: NULL, they were not told yet */
void kalipso_facts_window(
	struct dialect_target *t, const struct mirror_window *w, const struct tuples *tuples);
void kalipso_facts_window_gone(struct dialect_target *t, const struct addr *host, int64_t number);

/* A field of naiad:addresses, beside IPsInfo. */
void kalipso_facts_address(struct dialect_target *t, const struct mirror_address *a);
void kalipso_facts_address_gone(struct dialect_target *t, const struct addr *a);
