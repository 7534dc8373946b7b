/* redis_settings.h -- the section `redis` of the settings: rows, their struct, and what rows cannot say. */
#pragma once

#include "daemon/settings/config_item.h"
#include "exporters/exporter.h"

#include <stdint.h>

enum redis_parts { REDIS_ALL, REDIS_DATA, REDIS_ADDRESSES };

struct redis_target_settings {
	uint32_t dialect; /* an index into dialects[] */
	const char *host;
	uint32_t port;
	const char *path;
	uint32_t db, cache_db;
	const char *user, *password, *password_file;
	uint32_t parts; /* enum redis_parts */
};

struct redis_settings {
	bool enabled;
	struct config_list
		targets; /* of struct redis_target_settings; none: one as its rows' defaults say */
	uint64_t interval, ttl, memory;
	uint32_t windows_max, timeline_max, tuples_max, letters_max, addresses_max, stream_max;
	const char *reputation;
};

extern const struct config_item redis_settings_items[];

struct redis_targets {
	const struct redis_target_settings *items;
	size_t count;
};

/* What is mirrored to: the targets that are set, or the default one. */
struct redis_targets redis_settings_targets(const struct redis_settings *s);

/* May these be together? returns 0, or -EINVAL, which is already logged */
int redis_settings_check(const struct redis_settings *s);

/* Bytes that all targets may take, beside what is mirrored. */
uint64_t redis_settings_targets_bytes(const struct redis_settings *s);

/* Where a target has what is known of addresses. */
uint32_t redis_settings_cache_db(const struct redis_target_settings *t);

/* The databases that a target writes: one or two. returns how many were written to `ret_dbs` */
size_t redis_settings_databases(const struct redis_target_settings *t, uint32_t ret_dbs[2]);
