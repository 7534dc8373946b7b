#include "daemon/intel/intel_walk.h"

#include "daemon/intel/intel_state.h"

#include <string.h>

enum { ADDR_BITS = 128 };

bool
intel_walk_begin(struct intel_walk *w, const struct intel *i, const char *list)
{
	for (unsigned l = 0; i != NULL && l < i->list_count; l++) {
		if (strcmp(i->lists[l].name, list) != 0)
			continue;
		*w = (struct intel_walk){ .intel = i, .source = (uint16_t)l };
		intel_trie_walk_begin(&w->networks, &i->networks);
		return true;
	}
	return false;
}

static struct intel_text
text_at(const struct intel *i, uint32_t at)
{
	return (struct intel_text){ i->texts + at, strlen(i->texts + at) };
}

/* What the list says, of all that is said of one thing. */
static bool
says(const struct intel_walk *w, uint32_t verdict, struct intel_indicator *ret_what)
{
	const struct intel_verdict *v = &w->intel->verdicts[verdict];

	while (verdict != 0 && v->source != w->source) {
		verdict = v->next;
		v = &w->intel->verdicts[verdict];
	}
	if (verdict == 0)
		return false;
	ret_what->level = v->level;
	ret_what->description = text_at(w->intel, v->description);
	ret_what->tag = text_at(w->intel, v->tag);
	return true;
}

static struct cidr
single(uint32_t number)
{
	const uint8_t bytes[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number };

	return (struct cidr){ .base = addr_from_v4(bytes), .prefix_len = ADDR_BITS };
}

/* returns false when there is no place left of this sort */
static bool
next_of_sort(struct intel_walk *w, struct intel_indicator *ret_what, uint32_t *ret_verdict)
{
	const struct intel *i = w->intel;

	switch (w->place) {
	case INTEL_WALK_ADDRS:
		if (w->at == i->addrs.slot_count)
			return false;
		ret_what->type = INTEL_NETWORK;
		ret_what->network = single(i->addrs.slots[w->at].addr);
		*ret_verdict = i->addrs.slots[w->at++].value;
		return true;
	case INTEL_WALK_HASHES:
		if (w->at == i->hashes.slot_count)
			return false;
		ret_what->type = INTEL_HASH;
		ret_what->hash = i->hashes.hashes[w->at];
		*ret_verdict = i->hashes.values[w->at++];
		return true;
	case INTEL_WALK_NETWORKS:
		break;
	}
	ret_what->type = INTEL_NETWORK;
	return intel_trie_walk_next(&w->networks, &ret_what->network, ret_verdict);
}

bool
intel_walk_next(struct intel_walk *w, struct intel_indicator *ret_what, bool *ret_found)
{
	uint32_t verdict = 0;

	*ret_what = (struct intel_indicator){ 0 };
	while (!next_of_sort(w, ret_what, &verdict)) {
		if (w->place == INTEL_WALK_NETWORKS)
			return false;
		w->place++;
		w->at = 0;
	}
	*ret_found = says(w, verdict, ret_what);
	return true;
}
