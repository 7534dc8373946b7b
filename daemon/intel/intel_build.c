/*
 * Indicators of which a list says the same share a verdict, and verdicts share their texts: most lists say one
 * thing of all. What was said of late is remembered in a small table by its hash; what has fallen out of it is
 * written down once more, which costs bytes and nothing else. So does an indicator of several lists, whose
 * verdicts are chained: the chain of a pair of lists is shared likewise.
 */
#include "daemon/intel/intel_build.h"

#include "daemon/base/utf8.h"
#include "daemon/intel/intel_names.h"
#include "daemon/intel/intel_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { RECENT = 4096, ADDR_BITS = 128, FIRST_VERDICTS = 64, FIRST_TEXTS = 256 };

struct intel_build {
	struct intel *made;
	uint64_t left_bytes; /* for what is said */
	uint32_t verdict_room, text_room;
	uint32_t recent_verdicts[RECENT]; /* by hash; 0: none */
	uint32_t recent_texts[RECENT];
};

static bool
is_single(const struct intel_indicator *what)
{
	return what->network.prefix_len == ADDR_BITS;
}

bool
intel_room_add(struct intel_room *r, const struct intel_indicator *what)
{
	static const struct hash_key any;
	struct intel_endings endings;
	uint64_t hash;

	if (what->type == INTEL_NAME &&
		(!intel_name_endings(&any, what->text.at, what->text.length, &endings) ||
			!endings.is_whole))
		return false;
	if (what->type == INTEL_DIGEST &&
		!intel_hash_digest(&any, what->digest, what->text.at, what->text.length, &hash))
		return false;
	if (what->type != INTEL_NETWORK || (is_single(what) && !addr_is_v4(&what->network.base)))
		r->hashes++;
	else if (is_single(what))
		r->addrs++;
	else
		r->nodes += intel_trie_nodes(&what->network);
	r->count++;
	return true;
}

uint64_t
intel_room_bytes(const struct intel_room *r)
{
	return sizeof(struct intel) + intel_addrs_bytes(r->addrs) + intel_hashes_bytes(r->hashes) +
	       intel_trie_bytes(r->nodes);
}

int
intel_build_new(const struct intel_room *r, uint64_t most_bytes, const struct hash_key *key,
	struct intel_build **ret_build)
{
	uint64_t bytes =
		intel_room_bytes(r) + FIRST_VERDICTS * sizeof(struct intel_verdict) + FIRST_TEXTS;

	if (bytes > most_bytes)
		return -ENOSPC;
	struct intel_build *b = calloc(1, sizeof(*b));
	struct intel *i = calloc(1, sizeof(*i));
	if (b == NULL || i == NULL) {
		free(b);
		free(i);
		return -ENOMEM;
	}
	*b = (struct intel_build){ .made = i,
		.left_bytes = most_bytes - bytes,
		.verdict_room = FIRST_VERDICTS,
		.text_room = FIRST_TEXTS };
	i->key = *key;
	i->verdicts = calloc(FIRST_VERDICTS, sizeof(*i->verdicts));
	i->texts = calloc(1, FIRST_TEXTS);
	i->verdict_count = 1;
	i->text_bytes = 1;
	if (i->verdicts == NULL || i->texts == NULL ||
		intel_addrs_init(&i->addrs, r->addrs, key) != 0 ||
		intel_hashes_init(&i->hashes, r->hashes) != 0 ||
		intel_trie_init(&i->networks, r->nodes) != 0) {
		intel_build_free(b);
		return -ENOMEM;
	}
	*ret_build = b;
	return 0;
}

void
intel_build_free(struct intel_build *b)
{
	if (b == NULL)
		return;
	intel_free(b->made);
	free(b);
}

int
intel_build_list(struct intel_build *b, const char *name, enum list_category category, bool is_info)
{
	struct intel *i = b->made;

	if (i->list_count == INTEL_SOURCES_MAX)
		return -ENOSPC;
	char *copy = strdup(name);
	if (copy == NULL)
		return -ENOMEM;
	i->lists[i->list_count] =
		(struct intel_list){ .name = copy, .category = category, .is_info = is_info };
	return (int)i->list_count++;
}

/* Let an array hold `needed` items, of `size` bytes each: twice as many as before, as long as that may be. */
static int
grow(struct intel_build *b, void **array, uint32_t *room, uint64_t needed, size_t size)
{
	uint64_t wanted = (uint64_t)*room * 2;

	if (needed <= *room)
		return 0;
	if (wanted > UINT32_MAX || (wanted - *room) * size > b->left_bytes)
		wanted = *room + b->left_bytes / size;
	if (wanted < needed || wanted > UINT32_MAX)
		return -ENOSPC;
	void *grown = realloc(*array, wanted * size);
	if (grown == NULL)
		return -ENOMEM;
	b->left_bytes -= (wanted - *room) * size;
	*array = grown;
	*room = (uint32_t)wanted;
	return 0;
}

static uint64_t
text_hash(const struct intel *i, const char *text, size_t length)
{
	char words[INTEL_TEXT_MAX] = { 0 };

	memcpy(words, text, length);
	return hash_words(&i->key, words, sizeof(words) / 8);
}

/* Where a text is kept; what it has after a NUL is left out. */
static int
text_put(struct intel_build *b, struct intel_text text, uint32_t *ret_at)
{
	struct intel *i = b->made;
	size_t length = text.length > 0 ? utf8_cut(text.at, text.length, INTEL_TEXT_MAX) : 0;

	*ret_at = 0;
	if (length > 0)
		length = strnlen(text.at, length);
	if (length == 0)
		return 0;
	uint32_t *recent = &b->recent_texts[text_hash(i, text.at, length) % RECENT];
	if (*recent != 0 && strncmp(i->texts + *recent, text.at, length) == 0 &&
		i->texts[*recent + length] == '\0') {
		*ret_at = *recent;
		return 0;
	}
	void *texts = i->texts;
	int result = grow(b, &texts, &b->text_room, i->text_bytes + length + 1, 1);
	i->texts = texts;
	if (result != 0)
		return result;
	memcpy(i->texts + i->text_bytes, text.at, length);
	i->texts[i->text_bytes + length] = '\0';
	*ret_at = *recent = i->text_bytes;
	i->text_bytes += (uint32_t)length + 1;
	return 0;
}

static bool
verdict_equal(const struct intel_verdict *a, const struct intel_verdict *b)
{
	return a->source == b->source && a->level == b->level && a->description == b->description &&
	       a->tag == b->tag && a->next == b->next;
}

static int
verdict_put(struct intel_build *b, const struct intel_verdict *v, uint32_t *ret_verdict)
{
	struct intel *i = b->made;
	const uint64_t words[] = { (uint64_t)v->source << 8 | v->level,
		(uint64_t)v->description << 32 | v->tag, v->next };
	uint32_t *recent = &b->recent_verdicts[hash_words(&i->key, words, 3) % RECENT];

	if (*recent != 0 && verdict_equal(&i->verdicts[*recent], v)) {
		*ret_verdict = *recent;
		return 0;
	}
	void *verdicts = i->verdicts;
	int result =
		grow(b, &verdicts, &b->verdict_room, (uint64_t)i->verdict_count + 1, sizeof(*v));
	i->verdicts = verdicts;
	if (result != 0)
		return result;
	i->verdicts[i->verdict_count] = *v;
	*ret_verdict = *recent = i->verdict_count++;
	return 0;
}

/* The verdict that an indicator has. returns NULL when there is no room for one more, or it is none */
static uint32_t *
place_of(struct intel_build *b, const struct intel_indicator *what)
{
	struct intel *i = b->made;
	struct intel_endings endings;
	uint64_t hash = 0;

	switch (what->type) {
	case INTEL_NETWORK:
		if (!is_single(what))
			return intel_trie_put(&i->networks, &what->network);
		if (addr_is_v4(&what->network.base))
			return intel_addrs_put(&i->addrs, intel_v4_number(&what->network.base));
		hash = intel_hash_addr(&i->key, &what->network.base);
		break;
	case INTEL_NAME:
		if (!intel_name_endings(&i->key, what->text.at, what->text.length, &endings) ||
			!endings.is_whole)
			return NULL;
		hash = endings.hash[endings.count - 1];
		break;
	case INTEL_ASN:
		hash = intel_hash_asn(&i->key, what->asn);
		break;
	case INTEL_HASH:
		hash = what->hash;
		break;
	case INTEL_DIGEST:
	case INTEL_TYPE_COUNT:
		if (!intel_hash_digest(
			    &i->key, what->digest, what->text.at, what->text.length, &hash))
			return NULL;
		break;
	}
	return intel_hashes_put(&i->hashes, hash);
}

int
intel_build_add(struct intel_build *b, int list, const struct intel_indicator *what)
{
	struct intel *i = b->made;
	uint32_t *place = place_of(b, what);
	struct intel_verdict v = { .source = (uint16_t)list, .level = (uint8_t)what->level };

	if (place == NULL)
		return -ENOSPC;
	/* A list's own verdict is the newest: lists are read one after the other. */
	v.next = *place;
	if (*place != 0 && i->verdicts[*place].source == v.source) {
		if (i->verdicts[*place].level >= v.level)
			return 0;
		v.next = i->verdicts[*place].next;
	}
	int result = text_put(b, what->description, &v.description);
	if (result == 0)
		result = text_put(b, what->tag, &v.tag);
	if (result != 0)
		return result;
	bool is_new_network = *place == 0 && what->type == INTEL_NETWORK && !is_single(what);
	result = verdict_put(b, &v, place);
	i->network_count += result == 0 && is_new_network;
	return result;
}

struct intel *
intel_build_done(struct intel_build *b)
{
	struct intel *i = b->made;
	void *verdicts = realloc(i->verdicts, i->verdict_count * sizeof(*i->verdicts));
	void *texts = realloc(i->texts, i->text_bytes);

	intel_trie_settle(&i->networks);
	if (verdicts != NULL)
		i->verdicts = verdicts;
	if (texts != NULL)
		i->texts = texts;
	free(b);
	return i;
}
