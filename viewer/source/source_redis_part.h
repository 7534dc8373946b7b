/*
 * source_redis_part.h -- what the parts of the source "redis" share: its connections, keys, and what is where.
 *
 * Two kinds of Redis: ours has, beside what a Kalipso reads, facts of its own (docs/REDIS.md, keys naiad:), and is asked
 * for those first; of a Slips' what it has is read as it comes, by the types of its keys: which generation wrote
 * it, nobody has to say.
 */
#pragma once

#include "viewer/source/source_kind.h"
#include "viewer/source/source_order.h"
#include "viewer/source/source_redis_link.h"

#include <jansson.h>

enum {
	SOURCE_REDIS_KEY_MAX = 256,
	SOURCE_REDIS_RUN_MAX = 64,
	SOURCE_REDIS_WINDOWS_MAX = 200000, /* of all profiles; what is past them is not shown */
	SOURCE_REDIS_BATCH = 256,          /* commands that are under way at once */
};

struct source_redis_key {
	char text[SOURCE_REDIS_KEY_MAX];
};

struct source_redis {
	struct source_redis_link *data, *cache;
	struct source_redis_link *places; /* of these two the one that knows addresses */
	char run[SOURCE_REDIS_RUN_MAX];   /* of ours; "": a Slips' */
	bool has_kinds;                   /* IPsInfo:asn and its kin, of Slips 1.1.17 */
	bool has_changes;                 /* it says how much was written to it */
	int64_t looked_ms;
	uint64_t changes, stamp;
	struct source_redis_tree {
		struct arena memory;
		const struct source_profile *profiles;
		size_t count;
		uint64_t stamp; /* as of which it was read; 0: it was not */
	} tree;
	struct source_redis_list {
		struct arena memory;
		struct source_redis_key key;
		const struct source_entry *entries;
		size_t count;
		uint64_t stamp; /* likewise */
	} list;                 /* the timeline of the talk's that was asked for last */
};

/* ---- a question ---- */

/* Begin one: connect, and see whose it is. returns NULL when that failed, which is told */
struct source_redis *source_redis_question(struct source *s);
/* It is answered, or has failed: then that is told, and what there is of an answer is none. returns the count, or 0 */
size_t source_redis_answer(struct source *s, size_t count);

/* ---- keys ---- */

/* "profile_10.0.0.1_timewindow3" with something behind it: "", "_timeline". */
struct source_redis_key source_redis_window_key(
	const struct source_window_id *w, const char *after);
/* "tws" before "profile_10.0.0.1". */
struct source_redis_key source_redis_profile_key(const char *before, const char *host);

/*
 * Read the name of a window's key, whatever is behind it.
 *
 * returns  false when it is none
 */
bool source_redis_window_of(
	const char *key, size_t length, struct arena *m, struct source_window_id *ret);
/* "timewindow3". returns false when it is none */
bool source_redis_window_number(const char *text, int64_t *ret);
/* The host of "profile_10.0.0.1"; "" when it is none. */
const char *source_redis_host_of(const char *key, size_t length, struct arena *m);

/*
 * Go through a set, sorted set or hash, or with key NULL through all keys.
 *
 * pattern  or NULL: all
 * take     is given each item with its value (of a set or keys NULL). returns false: it is enough
 */
void source_redis_scan(struct source_redis_link *l, const char *key, const char *pattern,
	bool (*take)(void *context, const struct redisReply *item, const struct redisReply *value),
	void *context);

/* ---- addresses ---- */

/* Ask what is known of one, and take the answer: first all are asked, then taken, in the same order. */
void source_redis_address_send(struct source_redis *r, const char *address);
/* vendor: or NULL. returns whether anything is known */
bool source_redis_address_take(struct source_redis *r, const char *address, struct arena *m,
	struct source_address *ret, const char **ret_name, const char **ret_vendor);

/* ---- windows ---- */

/* All that there are, in order of the letters of their hosts, then by number; rows are struct source_window. */
void source_redis_windows(struct source_redis *r, struct source_rows_of *ret);

/* ---- questions ---- */

size_t source_redis_profiles(struct source *s, struct arena *m, const struct source_profile **ret);
size_t source_redis_entry_count(struct source *s, const struct source_window_id *w);
size_t source_redis_entries(struct source *s, const struct source_window_id *w, size_t from,
	size_t most, struct arena *m, const struct source_entry **ret);
size_t source_redis_rows(struct source *s, const struct source_window_id *w,
	enum source_table table, bool established, struct arena *m, const struct source_row **ret);
size_t source_redis_tuples(struct source *s, const struct source_window_id *w, bool out,
	struct arena *m, const struct source_tuple **ret);
size_t source_redis_evidences(struct source *s, const struct source_window_id *w, bool one_window,
	struct arena *m, const struct source_evidence **ret);
size_t source_redis_alerts(struct source *s, struct arena *m, const struct source_alert **ret);
bool source_redis_address(
	struct source *s, const char *address, struct arena *m, struct source_address *ret);

/* ---- findings ---- */

/* Of Slips: the evidence of a window, as one of its generations has it; rows are struct source_evidence. */
void source_redis_slips_evidence(const struct source_window_id *w, const char *key,
	const json_t *value, struct source_rows_of *rows);
