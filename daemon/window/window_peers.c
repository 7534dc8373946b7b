#include "daemon/window/window_peers.h"

#include <assert.h>

enum { BITS = 64 };

struct window_peer {
	struct addr addr; /* the key */
	uint64_t heard[WINDOW_PEERS_DETECTORS / BITS];
};

static const struct arena_map_shape shape = {
	.item_size = sizeof(struct window_peer),
	.key_size = sizeof(struct addr),
	.capacity = WINDOW_PEERS_MAX,
};

bool
window_peers_first(struct window_peers *p, struct arena *memory, const struct hash_key *hash_key,
	const struct addr *peer, uint32_t detector)
{
	assert(detector < WINDOW_PEERS_DETECTORS);
	struct window_peer *known = arena_map_get(&p->map, &shape, memory, hash_key, peer);
	if (known == NULL)
		return false;
	uint64_t bit = UINT64_C(1) << detector % BITS;
	uint64_t *heard = &known->heard[detector / BITS];
	bool first = (*heard & bit) == 0;
	*heard |= bit;
	return first;
}
