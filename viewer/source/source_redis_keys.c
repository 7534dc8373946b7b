#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char profile[] = "profile_";
static const char window[] = "timewindow";

enum {
	ROUNDS_MAX = 100000
}; /* of one scan: a server that says there is always more is left alone */

struct source_redis_key
source_redis_window_key(const struct source_window_id *w, const char *after)
{
	struct source_redis_key key;

	(void)snprintf(key.text, sizeof(key.text), "%s%.160s_%s%lld%s", profile, w->host, window,
		(long long)w->number, after);
	return key;
}

struct source_redis_key
source_redis_profile_key(const char *before, const char *host)
{
	struct source_redis_key key;

	(void)snprintf(key.text, sizeof(key.text), "%s%s%.160s", before, profile, host);
	return key;
}

bool
source_redis_window_number(const char *text, int64_t *ret)
{
	char *end = NULL;

	if (strncmp(text, window, strlen(window)) != 0)
		return false;
	text += strlen(window);
	errno = 0;
	long long number = strtoll(text, &end, 10);
	*ret = number;
	return end != text && *end == '\0' && errno == 0;
}

/* What names keys is put into names of keys again: with a NUL in it, it would be another one. */
static bool
is_name(const char *key, size_t length)
{
	return key != NULL && length < SOURCE_REDIS_KEY_MAX && memchr(key, '\0', length) == NULL &&
	       strncmp(key, profile, strlen(profile)) == 0;
}

const char *
source_redis_host_of(const char *key, size_t length, struct arena *m)
{
	if (!is_name(key, length))
		return "";
	return source_text(m, key + strlen(profile), length - strlen(profile));
}

bool
source_redis_window_of(
	const char *key, size_t length, struct arena *m, struct source_window_id *ret)
{
	char number[SOURCE_REDIS_KEY_MAX];

	if (!is_name(key, length))
		return false;
	const char *host = key + strlen(profile);
	const char *end = strstr(host, "_timewindow");
	if (end == NULL || end == host)
		return false;
	(void)snprintf(number, sizeof(number), "%s", end + 1);
	number[strcspn(number, "_")] = '\0';
	ret->host = source_text(m, host, (size_t)(end - host));
	return *ret->host != '\0' && source_redis_window_number(number, &ret->number);
}

/* ---- going through ---- */

static const char *
scan_of(struct source_redis_link *l, const char *key)
{
	const char *command = NULL;

	if (key == NULL)
		return "SCAN";
	struct redisReply *type = source_redis_ask(l, "TYPE", key, (const char *)NULL);
	if (source_redis_is(type, "hash"))
		command = "HSCAN";
	else if (source_redis_is(type, "set"))
		command = "SSCAN";
	else if (source_redis_is(type, "zset"))
		command = "ZSCAN";
	source_redis_drop(type);
	return command;
}

static struct redisReply *
scan_page(struct source_redis_link *l, const char *command, const char *key, const char *cursor,
	const char *pattern)
{
	static const char count[] = "1000";

	if (pattern == NULL)
		pattern = "*";
	if (key == NULL)
		return source_redis_ask(
			l, command, cursor, "MATCH", pattern, "COUNT", count, (const char *)NULL);
	return source_redis_ask(
		l, command, key, cursor, "MATCH", pattern, "COUNT", count, (const char *)NULL);
}

void
source_redis_scan(struct source_redis_link *l, const char *key, const char *pattern,
	bool (*take)(void *context, const struct redisReply *item, const struct redisReply *value),
	void *context)
{
	const char *command = scan_of(l, key);
	size_t step = command != NULL && (*command == 'H' || *command == 'Z') ? 2 : 1;
	char cursor[32] = "0";
	bool more = command != NULL;

	for (unsigned round = 0; more && round < ROUNDS_MAX; round++) {
		struct redisReply *page = scan_page(l, command, key, cursor, pattern);
		const char *next = source_redis_text(source_redis_item(page, 0), NULL);
		const struct redisReply *items = source_redis_item(page, 1);

		(void)snprintf(cursor, sizeof(cursor), "%s", next != NULL ? next : "0");
		more = strcmp(cursor, "0") != 0;
		for (size_t i = 0; i + step <= source_redis_count(items); i += step)
			if (!take(context, source_redis_item(items, i),
				    step == 2 ? source_redis_item(items, i + 1) : NULL)) {
				more = false;
				break;
			}
		source_redis_drop(page);
	}
}
