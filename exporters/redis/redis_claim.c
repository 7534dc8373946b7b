#include "exporters/redis/redis_claim.h"

#include "exporters/redis/redis_stream.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
	NUMBER_MAX = 24,
	NAMES_MAX = 64, /* what stands before the keys in a command, and a byte */
};

static_assert(REDIS_CLAIM_KEYS + 2 <= REDIS_ARGS_MAX, "one command removes them");

/* A question has no database of its own: it is asked where the connection is. */
static void
ask_in(struct redis_claim *c, uint32_t db, enum redis_claim_question question, size_t argc,
	const char *const argv[])
{
	char number[NUMBER_MAX];
	const char *const select_argv[] = { "SELECT", number };
	const size_t lengths[] = { strlen("SELECT"),
		(size_t)snprintf(number, sizeof(number), "%u", (unsigned)db) };

	if (c->command->db != db) {
		c->command->sink.command(c->command->sink.context, 2, select_argv, lengths);
		c->command->db = db;
	}
	redis_link_ask(c->link, question, argc, argv);
}

static void
ask_run(struct redis_claim *c, enum redis_claim_question question)
{
	const char *const argv[] = { "GET", REDIS_RUN_KEY };

	ask_in(c, c->dbs[0], question, 2, argv);
}

static void
ask_keys(struct redis_claim *c)
{
	char most[NUMBER_MAX];
	const char *const argv[] = { "SRANDMEMBER", REDIS_KEYS_KEY, most };

	(void)snprintf(most, sizeof(most), "%d", REDIS_CLAIM_KEYS);
	ask_in(c, c->dbs[c->removing], REDIS_CLAIM_LISTED, 3, argv);
}

void
redis_claim_begin(struct redis_claim *c, bool anew)
{
	c->removing = 0;
	c->rounds = 0;
	if (anew)
		ask_keys(c);
	else
		ask_run(c, REDIS_CLAIM_WHOSE);
}

static void
keep_alive(struct redis_claim *c, uint32_t db, const char *key)
{
	if (c->ttl_s == 0)
		return;
	redis_begin(c->command, db, "EXPIRE", key);
	redis_arg_u64(c->command, c->ttl_s);
	(void)redis_end(c->command);
}

void
redis_claim_look(struct redis_claim *c)
{
	ask_run(c, REDIS_CLAIM_STILL_OURS);
	keep_alive(c, c->dbs[0], REDIS_RUN_KEY);
	keep_alive(c, c->dbs[0], REDIS_STREAM_KEY);
	for (size_t i = 0; i < c->db_count; i++)
		keep_alive(c, c->dbs[i], REDIS_KEYS_KEY);
}

void
redis_claim_removed(struct redis_claim *c)
{
	ask_keys(c);
}

static void
mark(struct redis_claim *c, enum redis_flown what)
{
	redis_link_mark(
		c->link, redis_flight_add(c->flight, (struct redis_flying){ .what = what }));
}

/* Those that are removed by one command: what an earlier run wrote fits, but others may have written there, too. */
static size_t
fitting(const char *const items[], size_t count, const char *ret_items[REDIS_CLAIM_KEYS])
{
	size_t room = REDIS_TEXT_MAX - NAMES_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < count && kept < REDIS_CLAIM_KEYS; i++)
		if (strlen(items[i]) <= room) {
			room -= strlen(items[i]);
			ret_items[kept++] = items[i];
		}
	return kept;
}

static void
keys_command(struct redis_claim *c, const char *name, const char *key, const char *const items[],
	size_t count)
{
	redis_begin(c->command, c->dbs[c->removing], name, key);
	for (size_t i = 0; i < count; i++)
		redis_arg(c->command, items[i]);
	(void)redis_end(c->command);
}

/* What is taken off the list is gone: together, or not at all. */
static void
remove_keys(struct redis_claim *c, const char *const items[], size_t count)
{
	keys_command(c, "MULTI", NULL, NULL, 0);
	keys_command(c, "UNLINK", NULL, items, count);
	keys_command(c, "SREM", REDIS_KEYS_KEY, items, count);
	keys_command(c, "EXEC", NULL, NULL, 0);
	mark(c, REDIS_FLOWN_REMOVAL);
}

static void
claim(struct redis_claim *c)
{
	redis_begin(c->command, c->dbs[0], "SET", REDIS_RUN_KEY);
	redis_arg(c->command, c->run);
	(void)redis_end(c->command);
	keep_alive(c, c->dbs[0], REDIS_RUN_KEY);
	mark(c, REDIS_FLOWN_CLAIM);
}

/* What was listed here is gone, or cannot be removed: go on. */
static void
next_database(struct redis_claim *c)
{
	if (++c->removing < c->db_count)
		ask_keys(c);
	else
		claim(c);
}

/* One server under two names: no settings show it. */
static bool
is_of_another_target(const struct redis_claim *c, const char *run)
{
	const size_t length = strlen(c->run);

	return strlen(run) == length && strncmp(run, c->run, length - 1) == 0 &&
	       run[length - 1] != c->run[length - 1];
}

enum redis_claimed
redis_claim_told(struct redis_claim *c, uint64_t question, const char *const items[], size_t count)
{
	const char *keys[REDIS_CLAIM_KEYS];

	if (items == NULL)
		return REDIS_CLAIM_UNKNOWN;
	const bool is_ours = count > 0 && strcmp(items[0], c->run) == 0;
	if (question != REDIS_CLAIM_LISTED && count > 0 && is_of_another_target(c, items[0]))
		return REDIS_CLAIM_SHARED;
	switch ((enum redis_claim_question)question) {
	case REDIS_CLAIM_WHOSE:
		if (is_ours)
			return REDIS_CLAIM_OURS;
		ask_keys(c);
		break;
	case REDIS_CLAIM_STILL_OURS:
		return is_ours ? REDIS_CLAIM_GOES_ON : REDIS_CLAIM_LOST;
	case REDIS_CLAIM_LISTED:
		count = fitting(items, count, keys);
		if (count == 0)
			next_database(c);
		else if (c->rounds++ == REDIS_CLAIM_ROUNDS)
			return REDIS_CLAIM_ENDLESS;
		else
			remove_keys(c, keys, count);
		break;
	}
	return REDIS_CLAIM_GOES_ON;
}
