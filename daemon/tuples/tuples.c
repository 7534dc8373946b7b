#include "daemon/tuples/tuples.h"

#include "daemon/observation.h"

#include <string.h>

void
tuples_init(struct tuples *t, struct arena *memory, const struct hash_key *hash_key)
{
	*t = (struct tuples){ .memory = memory, .hash_key = hash_key };
	t->end = &t->first;
	t->end_port = &t->first_port;
}

/* The entry of the flow's (role, peer, service); a new one if there is none yet; NULL without memory. */
static struct tuple *
tuple_get(struct tuples *t, const struct tuple_flow *f)
{
	uint64_t words[3] = { 0 };
	struct tuple **at = &t->root;

	memcpy(words, f->peer.byte, sizeof(f->peer.byte));
	words[2] = (uint64_t)f->resp_port << 16 | (uint64_t)f->ip_proto << 8 | f->role;
	for (uint64_t h = hash_words(t->hash_key, words, 3); *at != NULL; h <<= 2) {
		struct tuple *have = *at;
		if (have->port == f->resp_port && have->ip_proto == f->ip_proto &&
			have->role == f->role && addr_equal(&have->peer, &f->peer))
			return have;
		at = &have->child[h >> 62];
	}

	struct tuple *made = arena_alloc(t->memory, sizeof(*made));
	if (made == NULL)
		return NULL;
	made->peer = f->peer;
	made->port = f->resp_port;
	made->ip_proto = f->ip_proto;
	made->role = f->role;
	*at = made;
	*t->end = made;
	t->end = &made->next;
	t->count++;
	return made;
}

static struct source_port *
source_port_get(struct tuples *t, const struct tuple_flow *f)
{
	uint64_t word = (uint64_t)f->orig_port << 32 | (uint64_t)f->ip_proto << 16 |
			(uint64_t)f->role << 8 | f->established;
	struct source_port **at = &t->root_port;

	for (uint64_t h = hash_words(t->hash_key, &word, 1); *at != NULL; h <<= 2) {
		struct source_port *have = *at;
		if (have->port == f->orig_port && have->ip_proto == f->ip_proto &&
			have->role == f->role && have->established == f->established)
			return have;
		at = &have->child[h >> 62];
	}

	struct source_port *made = arena_alloc(t->memory, sizeof(*made));
	if (made == NULL)
		return NULL;
	made->port = f->orig_port;
	made->ip_proto = f->ip_proto;
	made->role = f->role & 1U;
	made->established = f->established;
	*at = made;
	*t->end_port = made;
	t->end_port = &made->next;
	return made;
}

/* returns false when there was no memory for it */
static bool
letter_append(struct tuples *t, struct tuple *to, struct letter l)
{
	uint32_t at = to->letter_count % LETTERS_PER_CHUNK;

	if (at == 0) {
		struct letter_chunk *c = arena_alloc(t->memory, sizeof(*c));
		if (c == NULL)
			return false;
		if (to->last_letters == NULL)
			to->letters = c;
		else
			to->last_letters->next = c;
		to->last_letters = c;
	}
	to->last_letters->letters[at] = l;
	to->letter_count++;
	return true;
}

static void
flow_count(struct tuples *t, struct tuple *to, const struct tuple_flow *f)
{
	struct letter l = letter_next(&to->letter_state, f->start_ns, f->duration_ns,
		f->payload_bytes_total, f->ip_bytes_total);

	if (to->first_ns == 0)
		to->first_ns = f->start_ns;
	to->sums[f->established].flows++;
	if (!letter_append(t, to, l))
		t->truncated = true;
}

void
tuples_add(struct tuples *t, const struct tuple_flow *f)
{
	struct tuple *to = tuple_get(t, f);
	struct source_port *from = source_port_get(t, f);

	if (f->count)
		t->flows[f->role]++;
	if (to == NULL || from == NULL)
		t->truncated = true;
	if (to != NULL) {
		struct tuple_sums *s = &to->sums[f->established];
		s->packets += f->packets;
		s->bytes += f->bytes;
		s->orig_packets += f->orig_packets;
		if (f->count)
			flow_count(t, to, f);
	}
	if (from != NULL) {
		from->packets += f->packets;
		from->bytes += f->bytes;
		from->flows += f->count;
	}
}
