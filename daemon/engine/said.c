#include "daemon/engine/said.h"

#include <string.h>

/* A small one takes one block of BUDDY_MIN_BYTES. */
enum { PACKED_MAX = 8 * 1024 };

struct said_item {
	uint64_t id; /* the key */
	TAILQ_ENTRY(said_item) age;
	uint8_t *bytes;
	uint32_t size;
	uint16_t interface;
	uint8_t kind;
	uint64_t ts_ns, began_ns;
};

int
said_table_init(struct said_table *t, size_t bytes, const struct hash_key *hash_key)
{
	size_t each = BUDDY_MIN_BYTES + table_bytes_per_item(sizeof(struct said_item));
	uint32_t count = (uint32_t)(bytes / each);

	*t = (struct said_table){ 0 };
	TAILQ_INIT(&t->by_age);
	int error =
		table_init(&t->items, sizeof(struct said_item), sizeof(uint64_t), count, hash_key);
	if (error == 0)
		error = buddy_init(&t->memory, (size_t)count * BUDDY_MIN_BYTES);
	return error;
}

void
said_table_done(struct said_table *t)
{
	table_done(&t->items);
	buddy_done(&t->memory);
}

static struct said_item *
find(const struct said_table *t, uint64_t id)
{
	return table_find(&t->items, &id, table_hash(&t->items, &id));
}

static void
remove_one(struct said_table *t, struct said_item *i)
{
	TAILQ_REMOVE(&t->by_age, i, age);
	buddy_give(&t->memory, i->bytes, i->size);
	table_remove(&t->items, i, table_hash(&t->items, i));
}

/* Room for so many bytes; the oldest go as long as there is none. returns NULL when all are gone */
static uint8_t *
bytes_take(struct said_table *t, size_t size)
{
	uint8_t *bytes;

	while ((bytes = buddy_take(&t->memory, size)) == NULL && !TAILQ_EMPTY(&t->by_age)) {
		remove_one(t, TAILQ_FIRST(&t->by_age));
		t->evicted++;
	}
	return bytes;
}

void
said_keep(struct said_table *t, const struct observation *o)
{
	const struct transaction_kind *kind = transaction_kind_of(o->kind);
	struct said_item *old = find(t, o->talk->id);
	struct transaction_room room;
	uint8_t packed[PACKED_MAX];
	struct blob out = blob_over(packed, sizeof(packed));
	struct wire w = { .out = &out };

	if (old != NULL)
		remove_one(t, old);
	memset(&room, 0, sizeof(room));
	memcpy(room.said, o->said, kind->size);
	transaction_wire(&w, kind, &room);
	uint8_t *bytes = out.overflow ? NULL : bytes_take(t, out.length);
	if (bytes == NULL) {
		t->refused++;
		return;
	}
	memcpy(bytes, packed, out.length);
	if (table_count(&t->items) == table_capacity(&t->items)) {
		remove_one(t, TAILQ_FIRST(&t->by_age));
		t->evicted++;
	}
	struct said_item *i =
		table_add(&t->items, &o->talk->id, table_hash(&t->items, &o->talk->id));
	i->bytes = bytes;
	i->size = (uint32_t)out.length;
	i->interface = o->interface;
	i->kind = (uint8_t)o->kind;
	i->ts_ns = o->ts_ns;
	i->began_ns = o->began_ns;
	TAILQ_INSERT_TAIL(&t->by_age, i, age);
}

bool
said_find(const struct said_table *t, uint64_t id, struct said *ret_said)
{
	const struct said_item *i = find(t, id);

	if (i == NULL)
		return false;
	struct cursor in = cursor_over(i->bytes, i->size);
	struct wire w = { .in = &in };
	memset(ret_said, 0, sizeof(*ret_said));
	transaction_wire(&w, transaction_kind_of(i->kind), &ret_said->room);
	ret_said->observation = (struct observation){
		.kind = (enum obs_kind)i->kind,
		.ts_ns = i->ts_ns,
		.began_ns = i->began_ns,
		.interface = i->interface,
		.said = ret_said->room.said,
	};
	return true;
}

bool
said_kind(const struct said_table *t, uint64_t id, enum obs_kind *ret_kind)
{
	const struct said_item *i = find(t, id);

	if (i == NULL)
		return false;
	*ret_kind = (enum obs_kind)i->kind;
	return true;
}

void
said_forget(struct said_table *t, uint64_t id)
{
	struct said_item *i = find(t, id);

	if (i != NULL)
		remove_one(t, i);
}
