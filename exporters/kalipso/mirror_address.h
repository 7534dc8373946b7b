/* mirror_address.h -- what a mirror knows of addresses: due for targets before windows are, forgotten by age. */
#pragma once

#include "exporters/kalipso/mirror_inside.h"

/* Take over what is told of an address. Another may be forgotten. */
void mirror_address_take(struct mirror *m, const struct record_address *from, uint64_t ts_ns);

/* A device is told: of its addresses it is known who made the card. */
void mirror_address_device(struct mirror *m, const struct record_device *from, uint64_t ts_ns);

/* A conversation told what the other end calls itself: its server name is kept. */
void mirror_address_said(struct mirror *m, const struct record_timeline *t, uint64_t ts_ns);

/* A window is told: the addresses that its host was a client of, and of which nobody was before, are asked for by it. */
void mirror_address_asked(struct mirror *m, const struct record_window *w);

/* Due for one target. */
void mirror_address_due(struct mirror *m, struct mirror_entry *e, uint32_t target);

/* Is it known, though the target has it still of before? Then it is gone when this is. */
bool mirror_address_back(struct mirror *m, uint32_t target, const struct addr *a);
