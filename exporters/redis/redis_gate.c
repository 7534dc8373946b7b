#include "exporters/redis/redis_gate.h"

#include "exporters/redis/redis_claim.h"
#include "exporters/redis/redis_stream.h"

#include <string.h>

void
redis_gate_init(struct redis_gate *g, struct redis_sink next, const uint32_t dbs[], size_t db_count)
{
	*g = (struct redis_gate){ .next = next, .db_count = db_count };
	memcpy(g->dbs, dbs, db_count * sizeof(*dbs));
}

void
redis_gate_reset(struct redis_gate *g)
{
	g->db = 0;
	g->key_count = 0;
	redis_gate_doubt(g);
}

void
redis_gate_doubt(struct redis_gate *g)
{
	memset(g->listed, 0, sizeof(g->listed));
}

static bool
is_open(const struct redis_gate *g)
{
	for (size_t i = 0; i < g->db_count; i++)
		if (g->dbs[i] == g->db)
			return true;
	return false;
}

static bool
is_text(const char *text, const char *bytes, size_t length)
{
	return strlen(text) == length && memcmp(text, bytes, length) == 0;
}

static bool
is_one_of(const char *const names[], const char *bytes, size_t length)
{
	for (; *names != NULL; names++)
		if (is_text(*names, bytes, length))
			return true;
	return false;
}

/* Where a name is remembered; the one that was there gives way. */
static struct redis_gate_key *
listed_at(struct redis_gate *g, uint32_t db, const char *name, size_t length)
{
	uint32_t sum = db;

	for (size_t i = 0; i < length; i++)
		sum = sum * 31 + (uint8_t)name[i];
	return &g->listed[sum % REDIS_GATE_LISTED];
}

static bool
is_listed(struct redis_gate *g, const char *name, size_t length)
{
	const struct redis_gate_key *k = listed_at(g, g->db, name, length);

	return k->db == g->db && is_text(k->name, name, length);
}

static void
note(struct redis_gate *g, const char *name, size_t length, bool gone)
{
	/* Whose it is, what it made, and what was found by any run: who removes what is listed keeps these. */
	static const char *const lasting[] = { REDIS_RUN_KEY, REDIS_KEYS_KEY, REDIS_STREAM_KEY,
		NULL };
	size_t i = 0;

	if (is_one_of(lasting, name, length))
		return;
	if (is_listed(g, name, length)) {
		if (!gone)
			return;
		listed_at(g, g->db, name, length)->name[0] = '\0';
	}
	while (i < g->key_count &&
		!(g->keys[i].db == g->db && is_text(g->keys[i].name, name, length)))
		i++;
	if (i == REDIS_GATE_KEYS || length >= REDIS_GATE_KEY_MAX) {
		g->left_out++;
		return;
	}
	if (i == g->key_count)
		g->key_count++;
	g->keys[i].db = g->db;
	g->keys[i].gone = gone;
	memcpy(g->keys[i].name, name, length);
	g->keys[i].name[length] = '\0';
}

static void
command(void *context, size_t argc, const char *const argv[], const size_t lengths[])
{
	/* They make no key. What a claim removes (UNLINK) it takes off the list itself. */
	static const char *const others[] = { "EXPIRE", "HDEL", "SREM", "ZREM", "ZREMRANGEBYRANK",
		"LTRIM", "MULTI", "EXEC", "SELECT", "UNLINK", NULL };
	struct redis_gate *g = context;

	if (argc == 2 && is_text("SELECT", argv[0], lengths[0])) {
		g->db = 0;
		for (size_t i = 0; i < lengths[1]; i++)
			g->db = g->db * 10 + (uint32_t)(argv[1][i] - '0');
	}
	if (!is_open(g))
		return;
	const bool removes = is_text("DEL", argv[0], lengths[0]);
	if (removes || !is_one_of(others, argv[0], lengths[0]))
		for (size_t i = 1; i < (removes ? argc : 2) && i < argc; i++)
			note(g, argv[i], lengths[i], removes);
	g->next.command(g->next.context, argc, argv, lengths);
}

struct redis_sink
redis_gate_sink(struct redis_gate *g)
{
	return (struct redis_sink){ .context = g, .command = command };
}

static void
write_keys(struct redis_gate *g, struct redis_command *c, uint32_t db, bool gone)
{
	size_t count = 0;

	for (size_t i = 0; i < g->key_count; i++) {
		if (g->keys[i].db != db || g->keys[i].gone != gone)
			continue;
		if (count++ == 0)
			redis_begin(c, db, gone ? "SREM" : "SADD", REDIS_KEYS_KEY);
		redis_arg(c, g->keys[i].name);
		if (!gone)
			*listed_at(g, db, g->keys[i].name, strlen(g->keys[i].name)) = g->keys[i];
	}
	if (count > 0)
		(void)redis_end(c);
}

void
redis_gate_keys(struct redis_gate *g, struct redis_command *c, uint32_t db)
{
	size_t kept = 0;

	write_keys(g, c, db, false);
	write_keys(g, c, db, true);
	for (size_t i = 0; i < g->key_count; i++)
		if (g->keys[i].db != db)
			g->keys[kept++] = g->keys[i];
	g->key_count = kept;
}
