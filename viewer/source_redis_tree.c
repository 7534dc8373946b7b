/*
 * Profiles: windows are found each on a row of its own (source_redis_windows.c), in order of hosts, and folded; so it does
 * not matter in which order, and how often, a scan comes by them.
 */
#include "viewer/source_json.h"
#include "viewer/source_redis_part.h"
#include "viewer/source_text.h"

#include <string.h>

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

size_t
source_redis_profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	struct source_rows_of profiles = { .memory = m, .row_size = sizeof(struct source_profile) };
	struct gathering g = {
		.redis = source_redis_question(s),
		.memory = m,
		.windows = { .memory = m, .row_size = sizeof(struct source_window) },
	};

	*ret = NULL;
	if (g.redis == NULL)
		return 0;
	source_redis_windows(g.redis, &g.windows);
	find_own(&g);
	fold(&g, &profiles);
	describe(&g, profiles.rows, profiles.count);
	source_profiles_order(profiles.rows, profiles.count, m);
	*ret = profiles.rows;
	return source_redis_answer(s, profiles.count);
}
