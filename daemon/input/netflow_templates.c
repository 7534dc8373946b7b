#include "daemon/input/netflow_templates.h"

#include "daemon/base/time_text.h"

#include <string.h>

enum { TEMPLATE_LIFE_S = 3600 };

int
netflow_templates_init(struct netflow_templates *t, const struct hash_key *hash_key)
{
	TAILQ_INIT(&t->heard);
	t->evicted = 0;
	return table_init(&t->table, sizeof(struct netflow_template),
		sizeof(struct netflow_template_key), NETFLOW_TEMPLATES_MAX, hash_key);
}

void
netflow_templates_done(struct netflow_templates *t)
{
	table_done(&t->table);
}

static struct netflow_template *
find(struct netflow_templates *t, const struct netflow_template_key *key)
{
	return table_find(&t->table, key, table_hash(&t->table, key));
}

static void
forget(struct netflow_templates *t, struct netflow_template *template)
{
	TAILQ_REMOVE(&t->heard, template, link);
	table_remove(&t->table, template, table_hash(&t->table, &template->key));
}

/* A place for a template, in no list. */
static struct netflow_template *
place_for(struct netflow_templates *t, const struct netflow_template_key *key)
{
	struct netflow_template *template = find(t, key);

	if (template != NULL) {
		TAILQ_REMOVE(&t->heard, template, link);
		return template;
	}
	if (table_count(&t->table) == table_capacity(&t->table)) {
		forget(t, TAILQ_FIRST(&t->heard));
		t->evicted++;
	}
	return table_add(&t->table, key, table_hash(&t->table, key));
}

void
netflow_templates_put(
	struct netflow_templates *t, const struct netflow_template *template, uint64_t now_ns)
{
	struct netflow_template *to = place_for(t, &template->key);

	to->heard_ns = now_ns;
	to->has_options = template->has_options;
	to->count = template->count;
	to->min_bytes = template->min_bytes;
	memcpy(to->fields, template->fields, template->count * sizeof(*to->fields));
	TAILQ_INSERT_TAIL(&t->heard, to, link);
}

const struct netflow_template *
netflow_templates_find(struct netflow_templates *t, uint32_t exporter, uint16_t id, uint64_t now_ns)
{
	const struct netflow_template_key key = { .exporter = exporter, .id = id };
	struct netflow_template *template = find(t, &key);

	if (template == NULL)
		return NULL;
	if (now_ns > template->heard_ns &&
		now_ns - template->heard_ns >= TEMPLATE_LIFE_S * NS_PER_S) {
		forget(t, template);
		return NULL;
	}
	return template;
}

void
netflow_templates_withdraw(struct netflow_templates *t, uint32_t exporter, uint16_t id)
{
	const struct netflow_template_key key = { .exporter = exporter, .id = id };
	struct netflow_template *template = find(t, &key);

	if (template != NULL)
		forget(t, template);
}

void
netflow_templates_withdraw_all(
	struct netflow_templates *t, uint32_t exporter, enum netflow_templates_which which)
{
	struct netflow_template *next;

	for (struct netflow_template *i = TAILQ_FIRST(&t->heard); i != NULL; i = next) {
		bool is_meant = which == NETFLOW_TEMPLATES_ALL ||
				i->has_options == (which == NETFLOW_TEMPLATES_OPTIONS);
		next = TAILQ_NEXT(i, link);
		if (i->key.exporter == exporter && is_meant)
			forget(t, i);
	}
}
