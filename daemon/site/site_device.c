#include "daemon/site/site_device.h"

#include "daemon/base/time_text.h"

#include <assert.h>

struct mac_key {
	struct mac mac;
	uint8_t pad[2];
};

static_assert(sizeof(struct mac_key) == 8, "a key is whole words");

int
site_devices_init(struct site_devices *d, uint32_t capacity, const struct hash_key *hash_key)
{
	TAILQ_INIT(&d->by_age);
	TAILQ_INIT(&d->news);
	return table_init(
		&d->table, sizeof(struct site_device), sizeof(struct mac_key), capacity, hash_key);
}

void
site_devices_done(struct site_devices *d)
{
	table_done(&d->table);
}

static struct site_device *
find(const struct site_devices *d, const struct mac *mac)
{
	const struct mac_key key = { .mac = *mac };

	return table_find(&d->table, &key, table_hash(&d->table, &key));
}

static void
set_news(struct site_devices *d, struct site_device *known, uint64_t now_ns)
{
	if (known->has_news)
		return;
	known->has_news = true;
	known->news_ns = now_ns;
	TAILQ_INSERT_TAIL(&d->news, known, news);
}

static void
evict(struct site_devices *d, struct site_device *oldest)
{
	if (oldest->has_news)
		TAILQ_REMOVE(&d->news, oldest, news);
	TAILQ_REMOVE(&d->by_age, oldest, age);
	table_remove(&d->table, oldest, table_hash(&d->table, oldest));
	d->evicted++;
}

static struct site_device *
add(struct site_devices *d, const struct mac *mac, uint64_t now_ns)
{
	const struct mac_key key = { .mac = *mac };

	if (table_count(&d->table) == table_capacity(&d->table))
		evict(d, TAILQ_FIRST(&d->by_age));
	struct site_device *known = table_add(&d->table, &key, table_hash(&d->table, &key));
	known->first_ns = known->seen_ns = now_ns;
	TAILQ_INSERT_TAIL(&d->by_age, known, age);
	set_news(d, known, now_ns);
	return known;
}

/* The device, which is there and alive. */
static struct site_device *
get(struct site_devices *d, const struct mac *mac, uint64_t now_ns)
{
	struct site_device *known = find(d, mac);

	if (known == NULL)
		return add(d, mac, now_ns);
	if (now_ns / NS_PER_S > known->seen_ns / NS_PER_S) {
		TAILQ_REMOVE(&d->by_age, known, age);
		TAILQ_INSERT_TAIL(&d->by_age, known, age);
	}
	if (now_ns > known->seen_ns) /* frames may come out of order */
		known->seen_ns = now_ns;
	return known;
}

/* Room for one more address: behind the others, or that of the one used longest ago, which goes. */
static struct site_device_address *
room(struct site_device *known)
{
	struct site_device_address *last = &known->addresses[SITE_DEVICE_ADDRESSES - 1];
	struct site_device_address *oldest = &known->addresses[0];

	if (known->address_count < SITE_DEVICE_ADDRESSES)
		return &known->addresses[known->address_count++];
	for (struct site_device_address *a = oldest; a <= last; a++)
		if (a->seen_ns < oldest->seen_ns)
			oldest = a;
	known->forgotten++;
	for (; oldest < last; oldest++)
		oldest[0] = oldest[1];
	return last;
}

struct site_device *
site_devices_see(
	struct site_devices *d, const struct mac *mac, const struct addr *a, uint64_t now_ns)
{
	struct site_device *known = get(d, mac, now_ns);

	for (unsigned i = 0; i < known->address_count; i++)
		if (addr_equal(&known->addresses[i].addr, a)) {
			known->addresses[i].seen_ns = known->seen_ns;
			return known;
		}
	*room(known) = (struct site_device_address){ *a, known->seen_ns };
	set_news(d, known, now_ns);
	return known;
}

struct site_device *
site_devices_route(struct site_devices *d, const struct mac *mac, uint64_t now_ns)
{
	struct site_device *known = get(d, mac, now_ns);

	if (!known->is_router)
		set_news(d, known, now_ns);
	known->is_router = true;
	return known;
}

const struct site_device *
site_devices_find(const struct site_devices *d, const struct mac *mac)
{
	return find(d, mac);
}

const struct site_device *
site_devices_latest(const struct site_devices *d, const struct site_device *after)
{
	return after == NULL ? TAILQ_LAST(&d->by_age, site_device_list)
			     : TAILQ_PREV(after, site_device_list, age);
}

void
site_devices_name(struct site_devices *d, const struct mac *mac, uint64_t now_ns)
{
	struct site_device *known = find(d, mac);

	if (known != NULL)
		set_news(d, known, now_ns);
}

const struct site_device *
site_devices_news(struct site_devices *d, uint64_t before_ns)
{
	struct site_device *first = TAILQ_FIRST(&d->news);

	if (first == NULL || first->news_ns > before_ns)
		return NULL;
	TAILQ_REMOVE(&d->news, first, news);
	first->has_news = false;
	return first;
}
