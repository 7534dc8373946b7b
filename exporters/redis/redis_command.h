/*
 * redis_command.h -- commands for a Redis, one argument after the other; and where they go.
 *
 * An argument is appended to a text that is borrowed, so that a JSON document is written straight into its place.
 * What does not fit (REDIS_TEXT_MAX) leaves the whole command out, and is counted: a half value is worse
 * than the one before it.
 *
 * Between MULTI and EXEC stay in one database: a Redis that refuses the EXEC does not do a SELECT before it either.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	REDIS_ARGS_MAX = 256,         /* of one command */
	REDIS_TEXT_MAX = 1024 * 1024, /* all arguments of one command, and a byte */
};

/* Who takes whole commands: a connection, or a test that reads them. */
struct redis_sink {
	void *context;
	/* Copies what it needs. `argv` are no C strings: `lengths` bytes each. */
	void (*command)(
		void *context, size_t argc, const char *const argv[], const size_t lengths[]);
};

struct redis_command {
	struct redis_sink sink;
	struct strbuf
		text; /* arguments one after the other; an argument that is open is the text from the last end on */
	size_t ends[REDIS_ARGS_MAX];
	size_t argc;
	bool is_begun;     /* and not ended */
	uint32_t db;       /* where the connection is now: to be set to 0 when it is made anew */
	uint32_t wanted;   /* where the command that is open belongs */
	uint64_t left_out; /* commands that did not fit */
};

/* text  REDIS_TEXT_MAX bytes, borrowed for the command's life */
void redis_command_init(struct redis_command *c, struct redis_sink sink, char *text);

/*
 * Begin a command on `key` in database `db`; with it a SELECT is sent where the connection is elsewhere.
 *
 * name, key  "HSET", "profiles"; key NULL: none
 */
void redis_begin(struct redis_command *c, uint32_t db, const char *name, const char *key);

/* Append an argument. */
void redis_arg(struct redis_command *c, const char *text);
void redis_arg_u64(struct redis_command *c, uint64_t value);
/* A score or a time: seconds with six decimals, from nanoseconds. */
void redis_arg_seconds(struct redis_command *c, uint64_t ns);

/* An argument that the caller writes: append to what is returned, then redis_arg_end(). */
struct strbuf *redis_arg_begin(struct redis_command *c);
void redis_arg_end(struct redis_command *c);

/* How many bytes more fit into this command. */
size_t redis_room(const struct redis_command *c);
/* Is there room for so many more arguments? */
bool redis_args_fit(const struct redis_command *c, size_t more);

/* Hand the command over; nothing happens when none is begun. returns false when it was left out */
bool redis_end(struct redis_command *c);
/* The same; and its last argument once more, as the value of another field of a hash in the same database. */
void redis_end_twice(struct redis_command *c, const char *key, const char *field);
