#include "daemon/site/site_names.h"

#include <string.h>

enum { SAVED_BYTES = 16 + 8 };

static const struct addr nobody;

const char *
site_name_source_name(enum site_name_source source)
{
	static const char *const names[SITE_NAME_SOURCE_COUNT] = {
		[SITE_NAME_DNS] = "dns",
		[SITE_NAME_DHCP] = "dhcp",
		[SITE_NAME_MDNS] = "mdns",
		[SITE_NAME_LLMNR] = "llmnr",
		[SITE_NAME_NBNS] = "nbns",
		[SITE_NAME_SSDP] = "ssdp",
		[SITE_NAME_TLS] = "tls",
		[SITE_NAME_HTTP] = "http",
	};

	return names[source];
}

bool
site_name_is_believed(enum site_name_source source)
{
	return source < SITE_NAME_TLS;
}

int
site_names_init(struct site_names *n, uint32_t capacity, const struct hash_key *hash_key)
{
	TAILQ_INIT(&n->by_age);
	int result = table_init(
		&n->table, sizeof(struct site_named), sizeof(struct addr), capacity, hash_key);
	return result < 0 ? result : pool_init(&n->texts, SITE_NAME_MAX, capacity);
}

void
site_names_done(struct site_names *n)
{
	table_done(&n->table);
	pool_done(&n->texts);
}

uint64_t
site_names_bytes(void)
{
	return table_bytes_per_item(sizeof(struct site_named)) + SITE_NAME_MAX;
}

static char *
text_of(const struct site_names *n, const struct site_named_as *as)
{
	return pool_at(&n->texts, as->text - 1);
}

static void
text_forget(struct site_names *n, struct site_named_as *as)
{
	if (as->text != 0)
		pool_give(&n->texts, text_of(n, as));
	as->text = 0;
}

static void
evict(struct site_names *n, struct site_named *oldest)
{
	for (unsigned i = 0; i < SITE_NAMES_OF_ADDRESS; i++)
		text_forget(n, &oldest->names[i]);
	TAILQ_REMOVE(&n->by_age, oldest, age);
	table_remove(&n->table, oldest, table_hash(&n->table, oldest));
	n->evicted++;
}

/* The entry of an address, made if there is none, as the one that was named last. */
static struct site_named *
touch(struct site_names *n, const struct addr *a)
{
	uint64_t hash = table_hash(&n->table, a);
	struct site_named *known = table_find(&n->table, a, hash);

	if (known != NULL) {
		TAILQ_REMOVE(&n->by_age, known, age);
	} else {
		if (table_count(&n->table) == table_capacity(&n->table))
			evict(n, TAILQ_FIRST(&n->by_age));
		known = table_add(&n->table, a, hash);
		n->learned++;
	}
	TAILQ_INSERT_TAIL(&n->by_age, known, age);
	return known;
}

/* What is kept of a name. */
static const char *
end_of(const char *name)
{
	size_t length = strlen(name);

	return length < SITE_NAME_MAX ? name : name + length - (SITE_NAME_MAX - 1);
}

/*
 * Room for a text. `keeper`, which is the youngest, gives up its oldest name before it would have to go
 * itself.
 */
static uint32_t
text_new(struct site_names *n, struct site_named *keeper, const char *text)
{
	char *room;

	while ((room = pool_take(&n->texts)) == NULL) {
		struct site_named *oldest = TAILQ_FIRST(&n->by_age);
		if (oldest != keeper) {
			evict(n, oldest);
			continue;
		}
		for (unsigned i = SITE_NAMES_OF_ADDRESS; i-- > 0;)
			if (keeper->names[i].text != 0) {
				text_forget(n, &keeper->names[i]);
				break;
			}
	}
	memcpy(room, text, strlen(text) + 1);
	return pool_index(&n->texts, room) + 1;
}

/* Put a name in front of an address's others; when it is new and there are too many, the last goes. */
static struct site_named_as *
name_in_front(struct site_names *n, struct site_named *known, const char *text)
{
	struct site_named_as front = { 0 };
	unsigned at = 0;

	while (at < SITE_NAMES_OF_ADDRESS - 1 && known->names[at].text != 0 &&
		strcmp(text_of(n, &known->names[at]), text) != 0)
		at++;
	if (known->names[at].text != 0 && strcmp(text_of(n, &known->names[at]), text) == 0) {
		front = known->names[at];
	} else {
		text_forget(n, &known->names[at]);
		front.text = text_new(n, known, text);
	}
	memmove(&known->names[1], &known->names[0], at * sizeof(front));
	known->names[0] = front;
	return &known->names[0];
}

void
site_names_learn(struct site_names *n, const struct addr *a, const char *name,
	enum site_name_source source, const struct addr *resolver, uint64_t now_ns)
{
	bool has_name = name != NULL && name[0] != '\0';

	if (!has_name && source != SITE_NAME_DNS)
		return;
	struct site_named *known = touch(n, a);
	if (source == SITE_NAME_DNS) {
		known->is_resolved = true;
		known->resolved_ns = now_ns;
	}
	if (!has_name)
		return;
	struct site_named_as *as = name_in_front(n, known, end_of(name));
	as->source = source;
	as->seen_ns = now_ns;
	as->resolver = *resolver;
}

static const struct site_named *
find(const struct site_names *n, const struct addr *a)
{
	return table_find(&n->table, a, table_hash(&n->table, a));
}

bool
site_names_is_resolved(const struct site_names *n, const struct addr *a, uint64_t now_ns)
{
	const struct site_named *known = find(n, a);

	return known != NULL && known->is_resolved &&
	       now_ns < known->resolved_ns + SITE_NAME_VALID_NS;
}

uint32_t
site_names_of(const struct site_names *n, const struct addr *a, uint64_t now_ns,
	struct site_name *ret_names)
{
	const struct site_named *known = find(n, a);
	uint32_t count = 0;

	for (unsigned i = 0; known != NULL && i < SITE_NAMES_OF_ADDRESS; i++) {
		const struct site_named_as *as = &known->names[i];
		if (as->text == 0 || now_ns >= as->seen_ns + SITE_NAME_VALID_NS)
			continue;
		ret_names[count++] = (struct site_name){
			.text = text_of(n, as),
			.resolver = as->resolver,
			.seen_ns = as->seen_ns,
			.source = (enum site_name_source)as->source,
		};
	}
	return count;
}

uint32_t
site_names_save(const struct site_names *n, struct blob *b)
{
	uint32_t count = 0;

	for (const struct site_named *known = TAILQ_LAST(&n->by_age, site_named_list);
		known != NULL && b->size - b->length >= SAVED_BYTES;
		known = TAILQ_PREV(known, site_named_list, age)) {
		blob_bytes(b, &known->addr, sizeof(known->addr));
		blob_u64(b, known->resolved_ns);
		count++;
	}
	return count;
}

/* From the end, where the names lie that were confirmed longest ago: the order of age comes back. */
bool
site_names_restore(struct site_names *n, struct cursor saved, uint64_t now_ns, uint32_t *ret_count)
{
	size_t count = cursor_left(&saved) / SAVED_BYTES;
	const uint8_t *bytes = saved.at;

	if (cursor_left(&saved) % SAVED_BYTES != 0)
		return false;
	*ret_count = 0;
	for (size_t i = count; i > 0; i--) {
		struct cursor c = cursor_over(bytes + (i - 1) * SAVED_BYTES, SAVED_BYTES);
		struct addr addr;
		cursor_bytes(&c, &addr, sizeof(addr));
		uint64_t seen_ns = cursor_le64(&c);
		if (seen_ns >
			now_ns) /* the clock was set back meanwhile: it must not stay for ever */
			seen_ns = now_ns;
		if (now_ns - seen_ns >= SITE_NAME_VALID_NS)
			continue;
		site_names_learn(n, &addr, NULL, SITE_NAME_DNS, &nobody, seen_ns);
		(*ret_count)++;
	}
	return true;
}
