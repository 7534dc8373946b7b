#include "daemon/base/addr_tally.h"

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/base/hll.h"

bool
addr_tally_add(struct addr_tally *t, const struct addr_tally_room *room, const struct addr *a)
{
	if (addr_set_add(&t->few, room->memory, a, room->few_max)) {
		t->count++;
		return true;
	}
	if (!t->few.saturated || addr_set_has(&t->few, a))
		return false;
	if (t->rest == NULL && room->may_sketch)
		t->rest = arena_alloc(room->memory, sizeof(*t->rest));
	if (t->rest == NULL || !hll_add(t->rest, hash_words(room->sketch_key, a->byte, 2)))
		return false;
	uint64_t count = t->few.count + hll_estimate(t->rest);
	if (count <= t->count)
		return false;
	t->count = count;
	return true;
}
