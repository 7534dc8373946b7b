/*
 * Profiles: windows are found each on a row of its own (source_redis_windows.c), in order of hosts, and folded; so it does
 * not matter in which order, and how often, a scan comes by them.
 */
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <string.h>

enum { TREE_MEMORY_MAX = 64 * 1024 * 1024 };

struct gathering {
	struct source_redis *redis;
	struct arena *memory;
	struct source_rows_of windows; /* struct source_window */
	const char **own;              /* addresses of the sensor itself */
	size_t own_count;
};

static bool
take_host_ip(void *context, const struct redisReply *item, const struct redisReply *value)
{
	struct source_rows_of *own = context;
	size_t length = 0;
	const char *text = source_redis_text(item, &length);
	const char **row = text != NULL ? source_row_add(own) : NULL;

	(void)value;
	if (row != NULL)
		*row = source_text(own->memory, text, length);
	return own->count < SOURCE_REDIS_BATCH;
}

/* A set; in the generation of the talk one address. */
static void
find_own(struct gathering *g)
{
	struct source_rows_of own = { .memory = g->memory, .row_size = sizeof(const char *) };
	struct redisReply *one =
		source_redis_ask(g->redis->data, "GET", "hostIP", (const char *)NULL);

	if (source_redis_text(one, NULL) != NULL)
		(void)take_host_ip(&own, one, NULL);
	else
		source_redis_scan(g->redis->data, "hostIP", NULL, take_host_ip, &own);
	source_redis_drop(one);
	g->own = own.rows;
	g->own_count = own.count;
}

static bool
is_own(const struct gathering *g, const char *host)
{
	for (size_t i = 0; i < g->own_count; i++)
		if (strcmp(g->own[i], host) == 0)
			return true;
	return false;
}

static void
fold(struct gathering *g, struct source_rows_of *profiles)
{
	struct source_profile *p = NULL;

	for (size_t i = 0; i < g->windows.count; i++) {
		const struct source_window *w = (const struct source_window *)g->windows.rows + i;

		if (p == NULL || strcmp(p->host, w->id.host) != 0) {
			p = source_row_add(profiles);
			if (p == NULL)
				return;
			*p = (struct source_profile){ .host = w->id.host,
				.name = "",
				.vendor = "",
				.country = "",
				.is_own = is_own(g, w->id.host),
				.windows = w };
		}
		p->window_count++;
		p->infected |= w->infected;
		p->evidence += w->evidence;
		p->alerts += w->alerts;
	}
}

static void
send_host(struct gathering *g, const char *host)
{
	source_redis_address_send(g->redis, host);
	if (g->redis->run[0] == '\0')
		source_redis_send(g->redis->data, "HMGET", source_redis_profile_key("", host).text,
			"host_name", "MAC_vendor", "mac_vendor", "MAC", (const char *)NULL);
}

static const char *
item_text(const struct gathering *g, const struct redisReply *list, size_t i)
{
	size_t length = 0;
	const char *text = source_redis_text(source_redis_item(list, i), &length);

	return source_text(g->memory, text, length);
}

/* What Slips knows of a host's card: a field of its own, or in that of the card. */
static void
take_card(struct gathering *g, struct source_profile *p)
{
	struct redisReply *fields = source_redis_take(g->redis->data);
	const char *name = item_text(g, fields, 0);

	if (*name != '\0')
		p->name = name;
	for (size_t i = 1; i < 3 && *p->vendor == '\0'; i++)
		p->vendor = item_text(g, fields, i);
	const char *card = item_text(g, fields, 3);
	json_t *json = source_json_read(card, strlen(card));
	if (*p->vendor == '\0')
		p->vendor = source_json_text_of(
			json, g->memory, "Vendor", "vendor", "MAC_vendor", (const char *)NULL);
	json_decref(json);
	source_redis_drop(fields);
}

static void
take_host(struct gathering *g, struct source_profile *p)
{
	struct source_address a;

	(void)source_redis_address_take(g->redis, p->host, g->memory, &a, &p->name, &p->vendor);
	p->country = a.country;
	if (g->redis->run[0] == '\0')
		take_card(g, p);
}

static void
describe(struct gathering *g, struct source_profile *profiles, size_t count)
{
	for (size_t from = 0; from < count; from += SOURCE_REDIS_BATCH) {
		size_t to = from + SOURCE_REDIS_BATCH < count ? from + SOURCE_REDIS_BATCH : count;

		for (size_t i = from; i < to; i++)
			send_host(g, profiles[i].host);
		for (size_t i = from; i < to; i++)
			take_host(g, &profiles[i]);
	}
}

static size_t
gather(struct source *s, struct source_redis *r, struct arena *m, const struct source_profile **ret)
{
	struct source_rows_of profiles = { .memory = m, .row_size = sizeof(struct source_profile) };
	struct gathering g = {
		.redis = r,
		.memory = m,
		.windows = { .memory = m, .row_size = sizeof(struct source_window) },
	};

	source_redis_windows(r, &g.windows);
	find_own(&g);
	fold(&g, &profiles);
	describe(&g, profiles.rows, profiles.count);
	source_profiles_order(profiles.rows, profiles.count, m);
	*ret = profiles.rows;
	return source_redis_answer(s, profiles.count);
}

/* ---- the same tree as at the last look ---- */

/* What was read before is not the asker's: it may be read anew while that is still looked at. */
static size_t
copy(const struct source_redis_tree *tree, struct arena *m, const struct source_profile **ret)
{
	struct source_profile *to = tree->profiles != NULL && tree->count > 0
					    ? arena_alloc(m, tree->count * sizeof(*to))
					    : NULL;

	*ret = to;
	for (size_t i = 0; to != NULL && i < tree->count; i++) {
		const struct source_profile *from = &tree->profiles[i];
		size_t size = from->window_count * sizeof(*from->windows);
		struct source_window *windows = arena_alloc(m, size);

		if (windows == NULL)
			return i;
		memcpy(windows, from->windows, size);
		to[i] = *from;
		to[i].windows = windows;
		to[i].host = source_text_copy(m, from->host);
		to[i].name = source_text_copy(m, from->name);
		to[i].vendor = source_text_copy(m, from->vendor);
		to[i].country = source_text_copy(m, from->country);
		for (size_t k = 0; k < from->window_count; k++)
			windows[k].id.host = to[i].host;
	}
	return to != NULL ? tree->count : 0;
}

/*
 * Who looks at the stamp draws a picture for each key: of ten thousand profiles it is read once a look, and not once a
 * picture.
 */
size_t
source_redis_profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	struct source_redis *r = source_redis_question(s);
	struct source_redis_tree *tree = r != NULL ? &r->tree : NULL;

	*ret = NULL;
	if (r == NULL)
		return 0;
	if (r->stamp == 0)
		return gather(s, r, m, ret);
	if (tree->stamp != r->stamp) {
		arena_done(&tree->memory);
		arena_init(&tree->memory, TREE_MEMORY_MAX, NULL);
		tree->count = gather(s, r, &tree->memory, &tree->profiles);
		tree->stamp = s->trouble[0] == '\0' ? r->stamp : 0;
	}
	return copy(tree, m, ret);
}
