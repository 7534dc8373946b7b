#include "daemon/intel/intel.h"

#include "daemon/base/ascii.h"
#include "daemon/intel/intel_names.h"
#include "daemon/intel/intel_state.h"

#include <stdlib.h>
#include <string.h>

uint64_t
intel_hash_addr(const struct hash_key *key, const struct addr *a)
{
	struct {
		uint64_t kind;
		struct addr addr;
	} text = { INTEL_HASH_OF_ADDR, *a };

	return hash_words(key, &text, sizeof(text) / 8);
}

uint64_t
intel_hash_asn(const struct hash_key *key, uint32_t asn)
{
	const uint64_t text[] = { INTEL_HASH_OF_ASN, asn };

	return hash_words(key, text, 2);
}

bool
intel_hash_digest(const struct hash_key *key, enum intel_digest kind, const char *text,
	size_t length, uint64_t *ret_hash)
{
	struct {
		uint64_t kind, length;
		char bytes[INTEL_DIGEST_MAX];
	} words = { INTEL_HASH_OF_DIGEST + (uint64_t)kind, length, { 0 } };

	if (length == 0 || length > INTEL_DIGEST_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		words.bytes[i] = ascii_lower(text[i]);
	*ret_hash = hash_words(key, &words, 2 + (length + 7) / 8);
	return true;
}

uint32_t
intel_v4_number(const struct addr *a)
{
	return (uint32_t)a->byte[12] << 24 | (uint32_t)a->byte[13] << 16 |
	       (uint32_t)a->byte[14] << 8 | a->byte[15];
}

void
intel_free(struct intel *i)
{
	if (i == NULL)
		return;
	for (unsigned l = 0; l < i->list_count; l++)
		free(i->lists[l].name);
	intel_addrs_done(&i->addrs);
	intel_trie_done(&i->networks);
	intel_hashes_done(&i->hashes);
	free(i->verdicts);
	free(i->texts);
	free(i);
}

uint64_t
intel_count(const struct intel *i)
{
	return i->addrs.count + i->hashes.count + i->network_count;
}

uint64_t
intel_bytes(const struct intel *i)
{
	return sizeof(*i) + intel_addrs_bytes(i->addrs.capacity) +
	       intel_hashes_bytes(i->hashes.capacity) +
	       i->networks.capacity * (uint64_t)INTEL_TRIE_NODE_BYTES +
	       i->verdict_count * sizeof(struct intel_verdict) + i->text_bytes;
}

/* Take what one list says, after those that say as much; when there is no room, the least is left out. */
static void
found_add(struct intel_found *f, struct intel_hit hit)
{
	unsigned at = f->count < INTEL_HITS_MAX ? f->count++ : INTEL_HITS_MAX;

	while (at > 0 && f->hits[at - 1].level < hit.level) {
		if (at < INTEL_HITS_MAX)
			f->hits[at] = f->hits[at - 1];
		at--;
	}
	if (at < INTEL_HITS_MAX)
		f->hits[at] = hit;
}

static void
collect(const struct intel *i, enum list_category category, uint32_t verdict, struct intel_found *f)
{
	for (; verdict != 0; verdict = i->verdicts[verdict].next) {
		const struct intel_verdict *v = &i->verdicts[verdict];
		const struct intel_list *l = &i->lists[v->source];
		if (l->category == category)
			found_add(f, (struct intel_hit){
					     .source = l->name,
					     .description = i->texts + v->description,
					     .tag = i->texts + v->tag,
					     .level = v->level,
					     .is_info = l->is_info,
				     });
	}
}

/* Chain what was collected. */
static const struct intel_hit *
first_of(struct intel_found *f)
{
	for (unsigned h = 0; h < f->count; h++)
		f->hits[h].next = h + 1 < f->count ? &f->hits[h + 1] : NULL;
	return f->count > 0 ? f->hits : NULL;
}

const struct intel_hit *
intel_find_addr(const struct intel *i, enum list_category category, const struct addr *a,
	struct intel_found *room)
{
	uint32_t networks[INTEL_HITS_MAX];
	unsigned count = intel_trie_find(&i->networks, a, networks, INTEL_HITS_MAX);

	room->count = 0;
	if (addr_is_v4(a))
		collect(i, category, intel_addrs_find(&i->addrs, intel_v4_number(a)), room);
	else
		collect(i, category, intel_hashes_find(&i->hashes, intel_hash_addr(&i->key, a)),
			room);
	for (unsigned n = 0; n < count; n++)
		collect(i, category, networks[n], room);
	return first_of(room);
}

const struct intel_hit *
intel_find_name(const struct intel *i, enum list_category category, const char *name, size_t length,
	struct intel_found *room, bool *ret_is_parent)
{
	struct intel_endings endings;

	room->count = 0;
	if (i->hashes.capacity == 0 || !intel_name_endings(&i->key, name, length, &endings))
		return NULL;
	for (unsigned e = endings.count; e > 0 && room->count == 0; e--) {
		collect(i, category, intel_hashes_find(&i->hashes, endings.hash[e - 1]), room);
		if (ret_is_parent != NULL)
			*ret_is_parent = e < endings.count || !endings.is_whole;
	}
	return first_of(room);
}

const struct intel_hit *
intel_find_digest(const struct intel *i, enum list_category category, enum intel_digest kind,
	const char *text, struct intel_found *room)
{
	uint64_t hash;

	room->count = 0;
	if (intel_hash_digest(&i->key, kind, text, strlen(text), &hash))
		collect(i, category, intel_hashes_find(&i->hashes, hash), room);
	return first_of(room);
}

const struct intel_hit *
intel_find_asn(
	const struct intel *i, enum list_category category, uint32_t asn, struct intel_found *room)
{
	room->count = 0;
	collect(i, category, intel_hashes_find(&i->hashes, intel_hash_asn(&i->key, asn)), room);
	return first_of(room);
}
