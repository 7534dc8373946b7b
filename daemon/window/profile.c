#include "daemon/window/profile.h"

#include "daemon/base/time_text.h"

#include <assert.h>

int
profile_table_init(struct profile_table *t, uint32_t capacity, const struct hash_key *hash_key)
{
	*t = (struct profile_table){ .resident_max = (uint32_t)((uint64_t)capacity * 4 / 5) };
	TAILQ_INIT(&t->newcomers);
	TAILQ_INIT(&t->residents);
	return table_init(
		&t->table, sizeof(struct profile), sizeof(struct addr), capacity, hash_key);
}

void
profile_table_done(struct profile_table *t)
{
	table_done(&t->table);
}

static struct profile_list *
list_of(struct profile_table *t, const struct profile *p)
{
	return p->established ? &t->residents : &t->newcomers;
}

struct profile *
profile_find(const struct profile_table *t, const struct addr *a)
{
	return table_find(&t->table, a, table_hash(&t->table, a));
}

struct profile *
profile_add(struct profile_table *t, const struct addr *a, uint64_t now_ns)
{
	struct profile *p = table_add(&t->table, a, table_hash(&t->table, a));

	if (p == NULL)
		return NULL;
	p->idle_ns = now_ns;
	TAILQ_INSERT_TAIL(&t->newcomers, p, idle);
	t->made++;
	return p;
}

void
profile_touch(struct profile_table *t, struct profile *p, uint64_t now_ns)
{
	if (now_ns < p->idle_ns + NS_PER_S)
		return;
	p->idle_ns = now_ns;
	TAILQ_REMOVE(list_of(t, p), p, idle);
	TAILQ_INSERT_TAIL(list_of(t, p), p, idle);
}

void
profile_settle(struct profile_table *t, struct profile *p)
{
	if (p->established)
		return;
	if (t->resident_count == t->resident_max) {
		struct profile *idlest = TAILQ_FIRST(&t->residents);
		if (idlest == NULL)
			return;
		TAILQ_REMOVE(&t->residents, idlest, idle);
		idlest->established = false;
		TAILQ_INSERT_TAIL(&t->newcomers, idlest, idle);
		t->resident_count--;
	}
	TAILQ_REMOVE(&t->newcomers, p, idle);
	p->established = true;
	TAILQ_INSERT_TAIL(&t->residents, p, idle);
	t->resident_count++;
}

static struct profile *
first_but(const struct profile_list *list, const struct profile *except)
{
	struct profile *p = TAILQ_FIRST(list);

	return p != NULL && p == except ? TAILQ_NEXT(p, idle) : p;
}

struct profile *
profile_idlest(const struct profile_table *t, const struct profile *except)
{
	struct profile *p = first_but(&t->newcomers, except);

	return p != NULL ? p : first_but(&t->residents, except);
}

void
profile_remove(struct profile_table *t, struct profile *p)
{
	assert(p->windows == NULL && p->memory.head == NULL);
	TAILQ_REMOVE(list_of(t, p), p, idle);
	t->resident_count -= p->established;
	table_remove(&t->table, p, table_hash(&t->table, p));
}
