/*
 * kalipso_rig.h -- a mirror with a window in it, and a Redis that keeps what it is told: the commands, not their
 * effect.
 */
#pragma once

#include "daemon/record/record_wire.h"
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_peers.h"
#include "tests/support/record_sample.h"

#include <assert.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
	KALIPSO_COMMANDS_MAX = 512,
	KALIPSO_BYTES = 8 * 1024 * 1024,
	KALIPSO_ARENA = 64 * 1024 * 1024
};

struct kalipso_command {
	uint32_t db;
	size_t argc;
	char *argv[REDIS_ARGS_MAX];
};

struct kalipso_rig {
	struct kalipso_command commands[KALIPSO_COMMANDS_MAX];
	size_t command_count;
	uint32_t db; /* as the SELECTs say */
	char *text;
	struct redis_command command;
	struct record_unpacked unpacked;
	struct dialect_target target;
	struct kalipso_peers peers;
	struct arena memory;
	struct hash_key key;
	struct tuples tuples; /* of the window that is told */
	struct addr host;
	const struct mirror_window *window; /* the last that was written */
	json_t *read;                       /* what was read last */
};

static inline void
kalipso_rig_keep(void *context, size_t argc, const char *const argv[], const size_t lengths[])
{
	struct kalipso_rig *r = context;
	struct kalipso_command *c = &r->commands[r->command_count];

	if (strcmp(argv[0], "SELECT") == 0) {
		r->db = (uint32_t)strtoul(argv[1], NULL, 10);
		return;
	}
	assert(r->command_count < KALIPSO_COMMANDS_MAX);
	r->command_count++;
	c->db = r->db;
	c->argc = argc;
	for (size_t i = 0; i < argc; i++)
		c->argv[i] = strndup(argv[i], lengths[i]);
}

static inline struct kalipso_rig *
kalipso_rig_new(void)
{
	static const struct mirror_plan plan = { .bytes = KALIPSO_BYTES,
		.windows = 64,
		.timeline_lines = 64,
		.addresses = 256,
		.targets = 1,
		.window_memory = KALIPSO_BYTES };
	struct kalipso_rig *r = calloc(1, sizeof(*r));

	r->text = malloc(REDIS_TEXT_MAX);
	redis_command_init(&r->command, (struct redis_sink){ r, kalipso_rig_keep }, r->text);
	r->target = (struct dialect_target){ .command = &r->command,
		.mirror = mirror_new(&plan),
		.cache_db = 1,
		.ttl_s = 3600,
		.timeline_max = 64,
		.tuples_max = 100,
		.letters_max = 200,
		.record = &r->unpacked,
		.peers = &r->peers };
	assert_int_equal(kalipso_peers_init(&r->peers), 0);
	arena_init(&r->memory, KALIPSO_ARENA, NULL);
	tuples_init(&r->tuples, &r->memory, &r->key);
	r->host = addr_v4(192, 168, 2, 12);
	return r;
}

/* Forget what was told so far. */
static inline void
kalipso_rig_forget(struct kalipso_rig *r)
{
	for (size_t i = 0; i < r->command_count; i++)
		for (size_t k = 0; k < r->commands[i].argc; k++)
			free(r->commands[i].argv[k]);
	r->command_count = 0;
}

static inline void
kalipso_rig_free(struct kalipso_rig *r)
{
	kalipso_rig_forget(r);
	json_decref(r->read);
	mirror_free(r->target.mirror);
	kalipso_peers_done(&r->peers);
	arena_done(&r->memory);
	free(r->text);
	free(r);
}

/* The window from 13:00 to 14:00 of 2020-10-07, and those after it. */
static inline struct record_window_ref
kalipso_rig_window(int64_t number)
{
	const uint64_t start_s = 1602075600 + 3600 * (uint64_t)(number - 1);

	return (struct record_window_ref){ number, start_s * NS_PER_S,
		(start_s + 3600) * NS_PER_S };
}

/* A flow of half a second, 60 s after the one before it. */
static inline void
kalipso_rig_flow(struct kalipso_rig *r, struct addr peer, uint16_t port, uint8_t ip_proto,
	enum obs_role role, bool established)
{
	const uint64_t number = r->tuples.flows[0] + r->tuples.flows[1];

	tuples_add(&r->tuples, &(struct tuple_flow){ .peer = peer,
				       .orig_port = 44000,
				       .resp_port = port,
				       .ip_proto = ip_proto,
				       .role = (uint8_t)role,
				       .established = established,
				       .packets = 3,
				       .bytes = 180,
				       .orig_packets = 2,
				       .count = true,
				       .start_ns = (1602075700 + 60 * number) * NS_PER_S,
				       .duration_ns = NS_PER_S / 2,
				       .payload_bytes_total = 180,
				       .ip_bytes_total = 300 });
}

static inline void
kalipso_rig_take(struct kalipso_rig *r, enum record_kind kind, const void *what)
{
	struct record record = { .kind = kind, .ts_ns = (uint64_t)1602076000 * NS_PER_S };

	record.window = what; /* of a union of pointers */
	mirror_take(r->target.mirror, &record);
}

/* Tell the mirror the flows so far. */
static inline void
kalipso_rig_tell(struct kalipso_rig *r, int64_t number)
{
	const struct record_window window = {
		.host = r->host, .window = kalipso_rig_window(number), .tuples = &r->tuples
	};

	kalipso_rig_take(r, RECORD_WINDOW_SO_FAR, &window);
}

/* Write the window that is due, as redis_target_write.c does. */
static inline void
kalipso_rig_write(struct kalipso_rig *r, const struct dialect *d)
{
	struct mirror_window *w = mirror_next_window(r->target.mirror, 0);

	assert_non_null(w);
	d->before_window(&r->target, w);
	d->window(&r->target, w);
	mirror_window_told(w, 0);
	r->window = w;
}

/* returns which command it was, from 1; 0: none. `third` NULL: any */
static inline size_t
kalipso_rig_find(const struct kalipso_rig *r, const char *name, const char *key, const char *third)
{
	for (size_t i = 0; i < r->command_count; i++) {
		const struct kalipso_command *c = &r->commands[i];
		if (strcmp(c->argv[0], name) == 0 && strcmp(c->argv[1], key) == 0 &&
			(third == NULL || (c->argc > 2 && strcmp(c->argv[2], third) == 0)))
			return i + 1;
	}
	return 0;
}

/* returns the value that a field was set to last in a database, or NULL */
static inline const char *
kalipso_rig_field(const struct kalipso_rig *r, uint32_t db, const char *key, const char *field)
{
	const char *value = NULL;

	for (size_t i = 0; i < r->command_count; i++) {
		const struct kalipso_command *c = &r->commands[i];
		if (strncmp(c->argv[0], "HSET", 4) != 0 || c->db != db ||
			strcmp(c->argv[1], key) != 0)
			continue;
		for (size_t k = 2; k + 1 < c->argc; k += 2)
			if (strcmp(c->argv[k], field) == 0)
				value = c->argv[k + 1];
	}
	return value;
}

/* Read JSON; a member that comes twice is none. returns the value, owned by the rig until the next */
static inline json_t *
kalipso_rig_read(struct kalipso_rig *r, const char *text)
{
	json_error_t error;

	assert_non_null(text);
	json_decref(r->read);
	r->read = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (r->read == NULL)
		fail_msg("%s: %s", error.text, text);
	return r->read;
}

/* No braces but those of objects, no control characters, valid UTF-8, whatever was put in: as its reader sees it. */
static inline void
kalipso_rig_harmless(json_t *value)
{
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item) kalipso_rig_harmless(item);
	json_object_foreach(value, key, item)
	{
		assert_null(strpbrk(key, "{}\x1b\n\r\x7f"));
		kalipso_rig_harmless(item);
	}
	if (!json_is_string(value))
		return;
	const char *text = json_string_value(value);
	/* A string may be JSON itself. */
	json_t *inner = json_loads(text, 0, NULL);
	if (json_is_object(inner))
		kalipso_rig_harmless(inner);
	else
		assert_null(strpbrk(text, "{}"));
	json_decref(inner);
	assert_null(strpbrk(text, "\x1b\n\r\t\x7f\x01"));
}
