/*
 * A digital search tree (Coffman, Eve 1970; Knuth 6.3): a node holds an address, and the bit at its
 * depth says on which side the search goes on. It needs neither balancing nor a second level of
 * storage, and no node is deeper than the path has bits: 128, a bound that holds without a secret
 * key, which a set in a detector's zeroed state does not have.
 *
 * The path is not the address itself, or all of a site's addresses would share their first hundred
 * bits and form a list. It is a mix that loses nothing: both halves folded and multiplied by an odd
 * number, then the low half multiplied likewise (Knuth 6.4, Fibonacci hashing), top bits first. Two
 * addresses with equal paths are equal, so the bound stands; neighbours part in the first bits.
 */
#include "daemon/base/addr_set.h"

#include "daemon/base/arena.h"

#include <stddef.h>

struct path {
	uint64_t word[2];
};

static struct path
path_of(const struct addr *a)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio */
	uint64_t high = 0;
	uint64_t low = 0;

	for (size_t i = 0; i < 8; i++) {
		high = high << 8 | a->byte[i];
		low = low << 8 | a->byte[i + 8];
	}
	return (struct path){ { (high ^ low) * odd, low * odd } };
}

/* Take the next bit off the path. */
static unsigned
path_next(struct path *p)
{
	unsigned bit = (unsigned)(p->word[0] >> 63);

	p->word[0] = p->word[0] << 1 | p->word[1] >> 63;
	p->word[1] <<= 1;
	return bit;
}

/* Where `a` hangs, or the empty place where it would. */
static struct addr_set_node **
place_of(struct addr_set_node **place, const struct addr *a)
{
	struct path path = path_of(a);

	while (*place != NULL && !addr_equal(&(*place)->addr, a))
		place = &(*place)->child[path_next(&path)];
	return place;
}

bool
addr_set_add(struct addr_set *s, struct arena *memory, const struct addr *a, uint32_t max)
{
	struct addr_set_node **place = place_of(&s->root, a);

	if (*place != NULL)
		return false;
	if (s->count < max)
		*place = arena_alloc(memory, sizeof(**place));
	if (*place == NULL) {
		s->saturated = true;
		return false;
	}
	(*place)->addr = *a;
	s->count++;
	return true;
}

bool
addr_set_has(const struct addr_set *s, const struct addr *a)
{
	struct addr_set_node *root = s->root;

	return *place_of(&root, a) != NULL;
}
