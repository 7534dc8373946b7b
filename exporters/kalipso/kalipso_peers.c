#include "exporters/kalipso/kalipso_peers.h"

#include "exporters/kalipso/kalipso_window.h"

#include <errno.h>
#include <sys/random.h>

struct kalipso_peer {
	struct addr addr; /* first: the key */
	TAILQ_ENTRY(kalipso_peer) age;
};

int
kalipso_peers_init(struct kalipso_peers *p)
{
	struct hash_key key;

	TAILQ_INIT(&p->ages);
	p->forgotten = 0;
	if (getrandom(&key, sizeof(key), 0) != sizeof(key))
		return -ENOMEM;
	return table_init(&p->table, sizeof(struct kalipso_peer), sizeof(struct addr),
		KALIPSO_PEERS_MAX, &key);
}

void
kalipso_peers_done(struct kalipso_peers *p)
{
	table_done(&p->table);
}

uint64_t
kalipso_peers_bytes(void)
{
	return (uint64_t)KALIPSO_PEERS_MAX * table_bytes_per_item(sizeof(struct kalipso_peer));
}

/* returns false when there is no room: no entry without a memory of it */
static bool
remember(struct kalipso_peers *p, const struct addr *a)
{
	const uint64_t hash = table_hash(&p->table, a);
	struct kalipso_peer *peer = table_find(&p->table, a, hash);

	if (peer != NULL)
		TAILQ_REMOVE(&p->ages, peer, age);
	else
		peer = table_add(&p->table, a, hash);
	if (peer != NULL)
		TAILQ_INSERT_TAIL(&p->ages, peer, age);
	return peer != NULL;
}

void
kalipso_peers_tell(struct dialect_target *t, const struct mirror_window *w)
{
	const struct window_unpacking *u = mirror_window_tuples(t->mirror, w);
	const struct tuple *tuple = u == NULL ? NULL : u->window.tuples->first;
	const uint32_t most =
		t->tuples_max < KALIPSO_PEERS_WINDOW_MAX ? t->tuples_max : KALIPSO_PEERS_WINDOW_MAX;
	struct redis_command *c = t->command;
	uint32_t i = 0;

	for (; tuple != NULL && i < most; tuple = tuple->next) {
		char text[ADDR_TEXT_MAX];

		if (mirror_address(t->mirror, &tuple->peer) != NULL)
			continue; /* it is told, or about to be */
		if (!remember(t->peers, &tuple->peer))
			break;
		if (!c->is_begun)
			redis_begin(c, t->cache_db, "HSET", "IPsInfo");
		redis_arg(c, addr_format(&tuple->peer, text));
		redis_arg(c, "{}");
		i++;
		if (!redis_args_fit(c, 2))
			(void)redis_end(c);
	}
	(void)redis_end(c);
	if (i > 0)
		kalipso_expire(t, t->cache_db, "IPsInfo");
}

static void
forget_oldest(struct dialect_target *t)
{
	struct kalipso_peers *p = t->peers;
	struct kalipso_peer *peer = TAILQ_FIRST(&p->ages);
	const struct addr a = peer->addr;

	TAILQ_REMOVE(&p->ages, peer, age);
	table_remove(&p->table, peer, table_hash(&p->table, &a));
	/* The mirror says when those are gone. */
	if (mirror_address_told(t->mirror, t->target, &a) ||
		mirror_host_told(t->mirror, t->target, &a))
		return;
	char text[ADDR_TEXT_MAX];

	if (!t->command->is_begun)
		redis_begin(t->command, t->cache_db, "HDEL", "IPsInfo");
	redis_arg(t->command, addr_format(&a, text));
	p->forgotten++;
}

bool
kalipso_peers_gone(struct dialect_target *t)
{
	struct kalipso_peers *p = t->peers;

	if (p == NULL || table_count(&p->table) <= KALIPSO_PEERS_KEPT)
		return false;
	while (table_count(&p->table) > KALIPSO_PEERS_KEPT &&
		(!t->command->is_begun || redis_args_fit(t->command, 1)))
		forget_oldest(t);
	(void)redis_end(t->command);
	return true;
}
