#include "exporters/redis/redis_settings.h"

#include "daemon/base/log.h"
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_peers.h"
#include "exporters/redis/redis_target.h"

#include <errno.h>
#include <string.h>

#define MIB  (UINT64_C(1024) * 1024)
#define MS   (UINT64_C(1000) * 1000)
#define S    (1000 * MS)
#define HOUR (3600 * S)
#define HOST "127.0.0.1"

enum { DIALECT_LAST, DIALECT_2020, DIALECT_TALK };
enum {
	PORT = 6379,
	CACHE_DB = 1,
	DB_MAX = 1023,
	PATH_MOST = 107,
	HOST_MOST = 253,
	WORD_MOST = 511
};

static const char *const dialect_choices[] = { "last", "2020", "talk", NULL };
static const char *const parts_choices[] = { "all", "data", "addresses", NULL };

static const struct redis_target_settings default_target = {
	.host = HOST,
	.port = PORT,
	.path = "",
	.cache_db = CACHE_DB,
	.user = "",
	.password = "",
	.password_file = "",
};

static const struct config_item target_items[] = {
	CONFIG_ENUM(struct redis_target_settings, dialect, dialect_choices, DIALECT_LAST,
		"Which Kalipso reads it: of Slips 0.9.6 and later, of 2020, or of the first talk."),
	CONFIG_STRING(struct redis_target_settings, host, HOST_MOST, HOST, "Address or name."),
	CONFIG_U32(struct redis_target_settings, port, 1, 65535, PORT, "", "TCP port."),
	CONFIG_STRING(struct redis_target_settings, path, PATH_MOST, "",
		"A Unix socket, in place of host and port."),
	CONFIG_U32(struct redis_target_settings, db, 0, DB_MAX, 0, "",
		"Database of profiles, windows and timelines."),
	CONFIG_U32(struct redis_target_settings, cache_db, 0, DB_MAX, CACHE_DB, "",
		"Database of what is known of addresses; talk has it in db."),
	CONFIG_STRING(struct redis_target_settings, user, WORD_MOST, "",
		"User, of a Redis that has users."),
	CONFIG_SECRET(struct redis_target_settings, password, WORD_MOST,
		"Password; better in password_file."),
	CONFIG_STRING(struct redis_target_settings, password_file, 4095, "",
		"A file whose first line is the password; read at start."),
	CONFIG_ENUM(struct redis_target_settings, parts, parts_choices, REDIS_ALL,
		"What of it: all, only what is in db, or only what is known of addresses."),
	CONFIG_END,
};

const struct config_item redis_settings_items[] = {
	CONFIG_BOOL(struct redis_settings, enabled, false,
		"Mirror profiles into a Redis as Kalipso reads them, live and over files."),
	CONFIG_LIST(struct redis_settings, targets, struct redis_target_settings, target_items,
		MIRROR_TARGETS_MAX, "Where; one with the defaults below if there is none."),
	CONFIG_DURATION(struct redis_settings, interval, 100 * MS, HOUR, S,
		"A window is written at most so often."),
	CONFIG_DURATION(struct redis_settings, ttl, 0, UINT64_C(365) * 24 * HOUR, 24 * HOUR,
		"Keys vanish so long after they were written last; 0 is never."),
	CONFIG_SIZE(struct redis_settings, memory, MIRROR_BYTES_MIN, 1024 * MIB, 40 * MIB,
		"Memory of what is mirrored, to be written again when a Redis has lost it."),
	CONFIG_U32(struct redis_settings, windows_max, 1, 1000000, 20000, "windows",
		"Windows of all profiles; those that changed longest ago go."),
	CONFIG_U32(struct redis_settings, timeline_max, 1, 1000000, 1000, "lines",
		"Latest lines of a window's timeline."),
	CONFIG_U32(struct redis_settings, tuples_max, 1, 1000000, 1000, "rows",
		"Rows of each of a window's tables."),
	CONFIG_U32(struct redis_settings, letters_max, 1, 1000000, 2000, "letters",
		"First letters of a tuple."),
	CONFIG_U32(struct redis_settings, addresses_max, 1, 1000000, 8192, "addresses",
		"Addresses that something is known of; those that were told longest ago go."),
	CONFIG_U32(struct redis_settings, stream_max, 0, 10000000, 10000, "entries",
		"Evidence and alerts in the stream naiad:evidence, about; 0 is no stream."),
	CONFIG_STRING(struct redis_settings, reputation, 4095, "",
		"A directory of files that say what others think of addresses."),
	CONFIG_END,
};

struct redis_targets
redis_settings_targets(const struct redis_settings *s)
{
	if (s->targets.count == 0)
		return (struct redis_targets){ .items = &default_target, .count = 1 };
	return (struct redis_targets){ .items = s->targets.items, .count = s->targets.count };
}

uint64_t
redis_settings_targets_bytes(const struct redis_settings *s)
{
	const struct redis_targets list = redis_settings_targets(s);
	const struct redis_target_settings *targets = list.items;
	uint64_t bytes = list.count * REDIS_PENDING_MAX;

	for (size_t i = 0; i < list.count; i++)
		if (dialects[targets[i].dialect]->has_peers)
			bytes += kalipso_peers_bytes();
	return bytes;
}

uint32_t
redis_settings_cache_db(const struct redis_target_settings *t)
{
	return t->dialect == DIALECT_TALK ? t->db : t->cache_db;
}

size_t
redis_settings_databases(const struct redis_target_settings *t, uint32_t ret_dbs[2])
{
	const uint32_t cache_db = redis_settings_cache_db(t);
	size_t count = 0;

	if (t->parts != REDIS_ADDRESSES)
		ret_dbs[count++] = t->db;
	if (t->parts == REDIS_ADDRESSES || (t->parts == REDIS_ALL && cache_db != t->db))
		ret_dbs[count++] = cache_db;
	return count;
}

static bool
is_one_server(const struct redis_target_settings *a, const struct redis_target_settings *b)
{
	if (a->path[0] != '\0' || b->path[0] != '\0')
		return strcmp(a->path, b->path) == 0;
	return a->port == b->port && strcmp(a->host, b->host) == 0;
}

/* returns the database that both would write, or -1 */
static int
shared_database(const struct redis_target_settings *a, const struct redis_target_settings *b)
{
	uint32_t of_a[2];
	uint32_t of_b[2];
	const size_t count_a = redis_settings_databases(a, of_a);
	const size_t count_b = redis_settings_databases(b, of_b);

	for (size_t i = 0; is_one_server(a, b) && i < count_a; i++)
		for (size_t k = 0; k < count_b; k++)
			if (of_a[i] == of_b[k])
				return (int)of_a[i];
	return -1;
}

int
redis_settings_check(const struct redis_settings *s)
{
	const struct redis_targets list = redis_settings_targets(s);
	const struct redis_target_settings *targets = list.items;

	for (size_t i = 0; i < list.count; i++) {
		if (targets[i].password[0] != '\0' && targets[i].password_file[0] != '\0') {
			log_err("output",
				"redis: target %zu has a password and a password_file, not starting: keep one of them",
				i + 1);
			return -EINVAL;
		}
		for (size_t k = 0; k < i; k++) {
			const int db = shared_database(&targets[i], &targets[k]);

			if (db < 0)
				continue;
			log_err("output",
				"redis: targets %zu and %zu both write database %d of one Redis, not starting: "
				"give them databases of their own, or each a part (parts)",
				k + 1, i + 1, db);
			return -EINVAL;
		}
	}
	return 0;
}
