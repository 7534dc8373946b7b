#include "exporters/redis/redis_command.h"

#include "daemon/base/time_text.h"

#include <stdio.h>
#include <string.h>

void
redis_command_init(struct redis_command *c, struct redis_sink sink, char *text)
{
	*c = (struct redis_command){ .sink = sink };
	strbuf_init(&c->text, text, REDIS_TEXT_MAX);
}

void
redis_begin(struct redis_command *c, uint32_t db, const char *name, const char *key)
{
	strbuf_reset(&c->text);
	c->argc = 0;
	c->is_begun = true;
	c->wanted = db;
	redis_arg(c, name);
	if (key != NULL)
		redis_arg(c, key);
}

struct strbuf *
redis_arg_begin(struct redis_command *c)
{
	return &c->text;
}

void
redis_arg_end(struct redis_command *c)
{
	if (redis_args_fit(c, 1))
		c->ends[c->argc++] = c->text.length;
	else
		c->text.truncated = true;
}

void
redis_arg(struct redis_command *c, const char *text)
{
	strbuf_text(&c->text, text);
	redis_arg_end(c);
}

void
redis_arg_u64(struct redis_command *c, uint64_t value)
{
	strbuf_u64(&c->text, value);
	redis_arg_end(c);
}

void
redis_arg_seconds(struct redis_command *c, uint64_t ns)
{
	time_text_epoch(&c->text, ns);
	redis_arg_end(c);
}

size_t
redis_room(const struct redis_command *c)
{
	return c->text.truncated ? 0 : c->text.capacity - c->text.length - 1;
}

bool
redis_args_fit(const struct redis_command *c, size_t more)
{
	return !c->text.truncated && more <= REDIS_ARGS_MAX - c->argc;
}

static void
database_select(struct redis_command *c)
{
	char number[12];
	int digits = snprintf(number, sizeof(number), "%u", c->wanted);
	const char *const argv[] = { "SELECT", number };
	const size_t lengths[] = { strlen(argv[0]), (size_t)digits };

	c->sink.command(c->sink.context, 2, argv, lengths);
	c->db = c->wanted;
}

bool
redis_end(struct redis_command *c)
{
	const char *argv[REDIS_ARGS_MAX];
	size_t lengths[REDIS_ARGS_MAX];
	size_t begin = 0;

	if (!c->is_begun)
		return true;
	c->is_begun = false;
	if (c->text.truncated) {
		c->left_out++;
		return false;
	}
	for (size_t i = 0; i < c->argc; i++) {
		argv[i] = c->text.text + begin;
		lengths[i] = c->ends[i] - begin;
		begin = c->ends[i];
	}
	if (c->wanted != c->db)
		database_select(c);
	c->sink.command(c->sink.context, c->argc, argv, lengths);
	return true;
}

void
redis_end_twice(struct redis_command *c, const char *key, const char *field)
{
	const size_t begin = c->ends[c->argc - 2];
	const char *const argv[] = { "HSET", key, field, c->text.text + begin };
	const size_t lengths[] = { strlen(argv[0]), strlen(key), strlen(field),
		c->text.length - begin };

	if (redis_end(c))
		c->sink.command(c->sink.context, 4, argv, lengths);
}
