#include "daemon/engine/expected.h"

int
expected_init(struct expected_table *t, const struct hash_key *hash_key)
{
	*t = (struct expected_table){ 0 };
	TAILQ_INIT(&t->by_age);
	return table_init(&t->table, sizeof(struct expected), sizeof(struct expected_key),
		EXPECTED_MAX, hash_key);
}

void
expected_done(struct expected_table *t)
{
	table_done(&t->table);
}

static void
forget(struct expected_table *t, struct expected *x)
{
	TAILQ_REMOVE(&t->by_age, x, age);
	table_remove(&t->table, x, table_hash(&t->table, &x->key));
}

/* All wait equally long, so those that were announced first are due first. */
static void
forget_due(struct expected_table *t, uint64_t now_ns)
{
	struct expected *first;

	while ((first = TAILQ_FIRST(&t->by_age)) != NULL && first->until_ns <= now_ns)
		forget(t, first);
}

void
expected_add(
	struct expected_table *t, const struct expected_key *key, size_t protocol, uint64_t now_ns)
{
	uint64_t hash = table_hash(&t->table, key);

	forget_due(t, now_ns);
	struct expected *x = table_find(&t->table, key, hash);
	if (x != NULL) {
		TAILQ_REMOVE(&t->by_age, x, age);
	} else {
		if (table_count(&t->table) == EXPECTED_MAX) {
			forget(t, TAILQ_FIRST(&t->by_age));
			t->evicted++;
		}
		x = table_add(&t->table, key, hash);
	}
	x->protocol = protocol;
	x->until_ns = now_ns + EXPECTED_NS;
	TAILQ_INSERT_TAIL(&t->by_age, x, age);
}

size_t
expected_meet(struct expected_table *t, const struct expected_key *key, uint64_t now_ns)
{
	forget_due(t, now_ns);
	struct expected *x = table_find(&t->table, key, table_hash(&t->table, key));
	if (x == NULL)
		return SIZE_MAX;
	size_t protocol = x->protocol;
	forget(t, x);
	return protocol;
}
