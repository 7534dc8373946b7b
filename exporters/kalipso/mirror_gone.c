#include "exporters/kalipso/mirror_gone.h"

#include "exporters/kalipso/mirror_address.h"
#include "exporters/kalipso/mirror_window.h"

#include <stdlib.h>

bool
mirror_ring_init(struct mirror_ring *r, uint32_t capacity)
{
	r->capacity = capacity;
	r->keys = calloc(capacity, sizeof(*r->keys));
	return r->keys != NULL;
}

void
mirror_ring_done(struct mirror_ring *r)
{
	free(r->keys);
	*r = (struct mirror_ring){ 0 };
}

bool
mirror_ring_push(struct mirror_ring *r, const struct mirror_window_key *key)
{
	if (r->count == r->capacity)
		return false;
	r->keys[(r->first + r->count++) % r->capacity] = *key;
	return true;
}

bool
mirror_ring_pop(struct mirror_ring *r, struct mirror_window_key *ret_key)
{
	if (r->count == 0)
		return false;
	*ret_key = r->keys[r->first];
	r->first = (r->first + 1) % r->capacity;
	r->count--;
	return true;
}

bool
mirror_next_gone(struct mirror *m, uint32_t target, struct mirror_gone *ret_gone)
{
	struct mirror_window_key key;

	while (mirror_ring_pop(&m->targets[target].gone, &key)) {
		struct mirror_window *back = mirror_window_find(m, &key.host, key.number);
		const struct mirror_window *other = mirror_window_of(m, &key.host, NULL);

		/* It is back, and due whole: then what was there goes first, or with it. */
		if (back != NULL) {
			back->due[target].there = true;
			continue;
		}
		/* Whoever is left takes the profile along, be it told or not. */
		if (other != NULL)
			mirror_window_find(m, &key.host, other->ref.number)->due[target].there =
				true;
		*ret_gone = (struct mirror_gone){
			.host = key.host, .number = key.number, .last_of_host = other == NULL
		};
		return true;
	}
	return false;
}

bool
mirror_next_gone_address(struct mirror *m, uint32_t target, struct addr *ret_addr)
{
	struct mirror_window_key key;

	while (mirror_ring_pop(&m->targets[target].gone_addresses, &key)) {
		if (mirror_address_back(m, target, &key.host))
			continue;
		*ret_addr = key.host;
		return true;
	}
	return false;
}
