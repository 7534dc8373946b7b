/*
 * A node stands for up to 32 bits of a path, and its children, which lie side by side, for the two ways on: which
 * one is the next bit. So a node needs one index for both, and fits 16 bytes. A longer stretch without a fork is a
 * chain of nodes, which IPv6 alone has. The two families have a root each.
 */
#include "daemon/intel/intel_trie.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum { ROOTS = 2, SEGMENT_BITS = 32, ADDR_BITS = 128, V4_AT = 96 };

struct intel_trie_node {
	uint32_t bits;  /* of the path, from the top; the rest is zero */
	uint32_t child; /* of a pair; 0: none, since there are the roots */
	uint32_t value; /* of the network that ends here; 0: none does */
	uint8_t length; /* bits of `bits` */
};

static_assert(sizeof(struct intel_trie_node) == INTEL_TRIE_NODE_BYTES, "as its header says");

/* What is left of an address. */
struct way {
	const uint8_t *byte;
	unsigned at, left;
};

static struct way
way_of(const struct addr *a, unsigned prefix_len, uint32_t *ret_root)
{
	bool is_v4 = addr_is_v4(a) && prefix_len >= V4_AT;
	unsigned at = is_v4 ? V4_AT : 0;

	*ret_root = is_v4 ? 1 : 0;
	return (struct way){ a->byte, at, prefix_len - at };
}

/* The first `count` bits, 0 .. 32; zeros for the rest. */
static uint32_t
top_bits(uint32_t bits, unsigned count)
{
	return bits & ~(uint32_t)(UINT64_C(0xffffffff) >> count);
}

/* The next 32 bits, zeros past the end. */
static uint32_t
way_bits(const struct way *w)
{
	uint64_t window = 0;

	for (unsigned i = 0; i < 5; i++) {
		unsigned byte = w->at / 8 + i;
		window = window << 8 | (byte < ADDR_BITS / 8 ? w->byte[byte] : 0U);
	}
	uint32_t bits = (uint32_t)(window >> (8 - w->at % 8));
	return top_bits(bits, w->left < SEGMENT_BITS ? w->left : SEGMENT_BITS);
}

static void
way_go(struct way *w, unsigned bits)
{
	w->at += bits;
	w->left -= bits;
}

static unsigned
way_turn(struct way *w)
{
	unsigned bit = way_bits(w) >> (SEGMENT_BITS - 1);

	way_go(w, 1);
	return bit;
}

/* How many leading bits two segments share. */
static unsigned
shared_bits(uint32_t a, uint32_t b)
{
	return a == b ? SEGMENT_BITS : (unsigned)__builtin_clz(a ^ b);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

uint32_t
intel_trie_nodes(const struct cidr *net)
{
	uint32_t root;
	struct way w = way_of(&net->base, net->prefix_len, &root);

	return 2 + 2 * (w.left / (SEGMENT_BITS +
					 1)); /* a fork, and a pair for each link of the chain */
}

uint64_t
intel_trie_bytes(uint32_t nodes)
{
	return nodes == 0 ? 0 : ((uint64_t)nodes + ROOTS) * sizeof(struct intel_trie_node);
}

int
intel_trie_init(struct intel_trie *t, uint32_t nodes)
{
	*t = (struct intel_trie){ 0 };
	if (nodes == 0)
		return 0;
	t->nodes = calloc((size_t)nodes + ROOTS, sizeof(*t->nodes));
	if (t->nodes == NULL)
		return -ENOMEM;
	t->count = ROOTS;
	t->capacity = nodes + ROOTS;
	return 0;
}

void
intel_trie_done(struct intel_trie *t)
{
	free(t->nodes);
	*t = (struct intel_trie){ 0 };
}

void
intel_trie_settle(struct intel_trie *t)
{
	void *nodes = t->capacity > 0 ? realloc(t->nodes, t->count * sizeof(*t->nodes)) : NULL;

	if (nodes == NULL)
		return;
	t->nodes = nodes;
	t->capacity = t->count;
}

/* A place that nothing was put into yet. */
static bool
is_vacant(const struct intel_trie_node *n)
{
	return n->child == 0 && n->value == 0 && n->length == 0;
}

/* returns the first of two vacant nodes, or 0 */
static uint32_t
pair_new(struct intel_trie *t)
{
	if (t->capacity - t->count < 2)
		return 0;
	t->count += 2;
	return t->count - 2;
}

/* Let the path fork after `kept` bits of a node. */
static bool
split(struct intel_trie *t, struct intel_trie_node *n, unsigned kept)
{
	uint32_t pair = pair_new(t);
	unsigned bit = n->bits << kept >> (SEGMENT_BITS - 1);

	if (pair == 0)
		return false;
	t->nodes[pair + bit] = (struct intel_trie_node){
		.bits = kept + 1 < SEGMENT_BITS ? n->bits << (kept + 1) : 0,
		.child = n->child,
		.value = n->value,
		.length = (uint8_t)(n->length - kept - 1),
	};
	*n = (struct intel_trie_node){
		.bits = top_bits(n->bits, kept),
		.child = pair,
		.length = (uint8_t)kept,
	};
	return true;
}

uint32_t *
intel_trie_put(struct intel_trie *t, const struct cidr *net)
{
	uint32_t at;
	struct way w = way_of(&net->base, net->prefix_len, &at);

	if (t->capacity == 0)
		return NULL;
	for (;;) {
		struct intel_trie_node *n = &t->nodes[at];
		uint32_t bits = way_bits(&w);
		if (is_vacant(n)) {
			n->length = (uint8_t)least(w.left, SEGMENT_BITS);
			n->bits = bits;
		}
		unsigned kept = least(least(shared_bits(bits, n->bits), n->length), w.left);
		if (kept < n->length && !split(t, n, kept))
			return NULL;
		way_go(&w, kept);
		if (w.left == 0)
			return &n->value;
		if (n->child == 0 && (n->child = pair_new(t)) == 0)
			return NULL;
		at = n->child + way_turn(&w);
	}
}

/* Put a value in front. */
static unsigned
push(uint32_t *values, unsigned count, unsigned room, uint32_t value)
{
	unsigned kept = least(count, room - 1);

	for (unsigned i = kept; i > 0; i--)
		values[i] = values[i - 1];
	values[0] = value;
	return kept + 1;
}

unsigned
intel_trie_find(
	const struct intel_trie *t, const struct addr *a, uint32_t *ret_values, unsigned room)
{
	uint32_t at;
	struct way w = way_of(a, ADDR_BITS, &at);
	unsigned count = 0;

	if (t->capacity == 0)
		return 0;
	for (;;) {
		const struct intel_trie_node *n = &t->nodes[at];
		if (shared_bits(way_bits(&w), n->bits) < n->length)
			return count;
		way_go(&w, n->length);
		if (n->value != 0)
			count = push(ret_values, count, room, n->value);
		if (n->child == 0 || w.left == 0)
			return count;
		at = n->child + way_turn(&w);
	}
}

/* Write a node's bits behind a path. */
static void
path_append(struct addr *path, unsigned at, uint32_t bits, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if ((bits >> (SEGMENT_BITS - 1 - i) & 1) != 0)
			path->byte[(at + i) / 8] |= (uint8_t)(0x80 >> (at + i) % 8);
}

void
intel_trie_walk_begin(struct intel_trie_walk *w, const struct intel_trie *t)
{
	static const uint8_t any[4];

	*w = (struct intel_trie_walk){ .trie = t };
	if (t->capacity == 0)
		return;
	w->left[w->count++] = (struct intel_trie_stop){ .node = 0 };
	w->left[w->count++] =
		(struct intel_trie_stop){ .base = addr_from_v4(any), .node = 1, .bits = V4_AT };
}

bool
intel_trie_walk_next(struct intel_trie_walk *w, struct cidr *ret_net, uint32_t *ret_value)
{
	if (w->count == 0)
		return false;
	struct intel_trie_stop at = w->left[--w->count];
	const struct intel_trie_node *n = &w->trie->nodes[at.node];
	path_append(&at.base, at.bits, n->bits, n->length);
	at.bits = (uint8_t)(at.bits + n->length);
	*ret_net = (struct cidr){ .base = at.base, .prefix_len = at.bits };
	*ret_value = n->value;
	for (uint32_t turn = 0; n->child != 0 && turn < 2; turn++) {
		struct intel_trie_stop next = { at.base, n->child + turn, (uint8_t)(at.bits + 1) };
		path_append(&next.base, at.bits, turn << (SEGMENT_BITS - 1), 1);
		w->left[w->count++] = next;
	}
	return true;
}
