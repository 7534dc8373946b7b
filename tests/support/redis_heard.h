/* redis_heard.h -- a sink that writes down the commands it is given: arguments, a blank after each; a line a command. */
#pragma once

#include "exporters/redis/redis_command.h"

#include <stdlib.h>
#include <string.h>

enum { HEARD_MAX = 64 * 1024 };

struct redis_heard {
	struct redis_command command;
	char *room; /* of the command */
	char text[HEARD_MAX];
	size_t length;
};

static inline void
redis_heard_command(void *context, size_t argc, const char *const argv[], const size_t lengths[])
{
	struct redis_heard *h = context;

	for (size_t i = 0; i < argc && h->length + lengths[i] + 2 < HEARD_MAX; i++) {
		memcpy(h->text + h->length, argv[i], lengths[i]);
		h->length += lengths[i];
		h->text[h->length++] = i + 1 < argc ? ' ' : '\n';
	}
	h->text[h->length] = '\0';
}

static inline struct redis_sink
redis_heard_sink(struct redis_heard *h)
{
	return (struct redis_sink){ .context = h, .command = redis_heard_command };
}

static inline struct redis_heard *
redis_heard_new(void)
{
	struct redis_heard *h = calloc(1, sizeof(*h));

	h->room = malloc(REDIS_TEXT_MAX);
	redis_command_init(&h->command, redis_heard_sink(h), h->room);
	return h;
}

static inline void
redis_heard_free(struct redis_heard *h)
{
	free(h->room);
	free(h);
}

/* What was heard since the last time. */
static inline const char *
redis_heard_text(struct redis_heard *h)
{
	h->length = 0;
	return h->text;
}

/* One command, of words. */
static inline void
redis_say(struct redis_command *c, uint32_t db, const char *name, const char *key, const char *more)
{
	redis_begin(c, db, name, key);
	if (more != NULL)
		redis_arg(c, more);
	(void)redis_end(c);
}
