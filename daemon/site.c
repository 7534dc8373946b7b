/*
 * site.c -- what is known about all hosts of the place together.
 *
 * Names: one entry per address that a DNS answer named, with the time of the last answer. Bounded;
 * the least recently confirmed makes room. Answers by multicast DNS are not learned: a host that
 * announces its neighbours' addresses must not make them look resolved.
 */
#include "daemon/site.h"

#include "daemon/base/table.h"
#include "daemon/base/time_text.h"
#include "daemon/observation.h"

#include <stdlib.h>
#include <sys/queue.h>

#define NAME_VALID_NS (UINT64_C(24) * 3600 * NS_PER_S)

enum { SAVED_NAME_BYTES = 16 + 8 };

struct name {
	struct addr addr; /* the key */
	uint64_t seen_ns;
	TAILQ_ENTRY(name) age;
};

TAILQ_HEAD(name_list, name);

struct site {
	struct table names;
	struct name_list by_age; /* oldest first */
	struct site_stats stats;
};

struct site *
site_new(uint32_t name_capacity, const struct hash_key *hash_key)
{
	struct site *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	TAILQ_INIT(&s->by_age);
	if (table_init(&s->names, sizeof(struct name), sizeof(struct addr), name_capacity,
		    hash_key) != 0) {
		free(s);
		return NULL;
	}
	return s;
}

void
site_free(struct site *s)
{
	if (s == NULL)
		return;
	table_done(&s->names);
	free(s);
}

uint64_t
site_bytes(uint32_t name_capacity)
{
	return (uint64_t)name_capacity * table_bytes_per_item(sizeof(struct name));
}

static void
name_learn(struct site *s, const struct addr *a, uint64_t now_ns)
{
	uint64_t hash = table_hash(&s->names, a);
	struct name *n = table_find(&s->names, a, hash);

	if (n == NULL) {
		if (table_count(&s->names) == table_capacity(&s->names)) {
			struct name *oldest = TAILQ_FIRST(&s->by_age);
			TAILQ_REMOVE(&s->by_age, oldest, age);
			table_remove(&s->names, oldest);
			s->stats.names_evicted++;
		}
		n = table_add(&s->names, a, hash);
		s->stats.names_learned++;
	} else {
		TAILQ_REMOVE(&s->by_age, n, age);
	}
	n->seen_ns = now_ns;
	TAILQ_INSERT_TAIL(&s->by_age, n, age);
}

void
site_learn(struct site *s, const struct observation *o)
{
	if (o->kind != OBS_DNS || addr_is_multicast(&o->dns->client))
		return;
	for (size_t i = 0; i < o->dns->answer_count; i++)
		name_learn(s, &o->dns->answers[i].addr, o->ts_ns);
}

bool
site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns)
{
	const struct name *n = table_find(&s->names, a, table_hash(&s->names, a));

	return n != NULL && now_ns < n->seen_ns + NAME_VALID_NS;
}

uint32_t
site_save(const struct site *s, struct blob *b)
{
	uint32_t count = 0;

	for (const struct name *n = TAILQ_LAST(&s->by_age, name_list);
		n != NULL && b->size - b->length >= SAVED_NAME_BYTES;
		n = TAILQ_PREV(n, name_list, age)) {
		blob_bytes(b, &n->addr, sizeof(n->addr));
		blob_u64(b, n->seen_ns);
		count++;
	}
	return count;
}

/* From the end, where the names lie that were confirmed longest ago: the order of age comes back. */
bool
site_restore(struct site *s, struct cursor names, uint64_t now_ns, uint32_t *ret_count)
{
	size_t saved = cursor_left(&names) / SAVED_NAME_BYTES;
	const uint8_t *bytes = names.at;

	if (cursor_left(&names) % SAVED_NAME_BYTES != 0)
		return false;
	*ret_count = 0;
	for (size_t i = saved; i > 0; i--) {
		struct cursor c = cursor_over(bytes + (i - 1) * SAVED_NAME_BYTES, SAVED_NAME_BYTES);
		struct addr addr;
		cursor_bytes(&c, &addr, sizeof(addr));
		uint64_t seen_ns = cursor_le64(&c);
		if (seen_ns >
			now_ns) /* the clock was set back meanwhile: it must not stay for ever */
			seen_ns = now_ns;
		if (now_ns - seen_ns >= NAME_VALID_NS)
			continue;
		name_learn(s, &addr, seen_ns);
		(*ret_count)++;
	}
	return true;
}

struct site_stats
site_stats(const struct site *s)
{
	struct site_stats stats = s->stats;

	stats.names = table_count(&s->names);
	stats.names_capacity = table_capacity(&s->names);
	return stats;
}
