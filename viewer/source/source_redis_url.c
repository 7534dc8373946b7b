#include "viewer/source/source_redis_url.h"

#include "daemon/base/number_text.h"

#include <stdio.h>
#include <string.h>

static const char inet_scheme[] = "redis://";
static const char unix_scheme[] = "redis+unix://";

enum { DB_MAX = 65535 };

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool
source_redis_url_is(const char *text)
{
	return begins(text, inet_scheme) || begins(text, unix_scheme);
}

/* Copy with its %HH decoded. returns false when it does not fit, or hides a NUL */
static bool
decode(char *to, size_t size, const char *from, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned c = (unsigned char)from[i];

		if (c == '%') {
			unsigned high = i + 2 < length ? number_text_hex_digit(from[i + 1]) : 16;
			unsigned low = high < 16 ? number_text_hex_digit(from[i + 2]) : 16;
			if (low == 16)
				return false;
			c = 16 * high + low;
			i += 2;
		}
		if (c == '\0' || used + 1 >= size)
			return false;
		to[used++] = (char)c;
	}
	to[used] = '\0';
	return true;
}

static bool
number(const char *text, size_t length, uint64_t most, uint64_t *ret)
{
	return number_text_count(text, length, ret) == 0 && *ret <= most;
}

/* "user:password"; a word alone is the password, as Redis had it before it had users. */
static bool
who(struct source_redis_url *u, const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);

	if (colon == NULL)
		return decode(u->password, sizeof(u->password), text, length);
	size_t name = (size_t)(colon - text);
	return decode(u->user, sizeof(u->user), text, name) &&
	       decode(u->password, sizeof(u->password), colon + 1, length - name - 1);
}

/* "host", "host:port", "[::1]:port" */
static bool
where(struct source_redis_url *u, const char *text, size_t length)
{
	const char *end = text + length;
	const char *port = NULL;
	uint64_t value = SOURCE_REDIS_PORT;

	if (length > 0 && *text == '[') {
		const char *close = memchr(text, ']', length);
		if (close == NULL || (close + 1 < end && close[1] != ':'))
			return false;
		port = close + 1 < end ? close + 2 : NULL;
		text++;
		length = (size_t)(close - text);
	} else {
		const char *colon = memchr(text, ':', length);
		if (colon != NULL) {
			port = colon + 1;
			length = (size_t)(colon - text);
		}
	}
	if (port != NULL && (!number(port, (size_t)(end - port), UINT16_MAX, &value) || value == 0))
		return false;
	u->port = (uint16_t)value;
	if (length == 0)
		(void)snprintf(u->host, sizeof(u->host), "127.0.0.1");
	return length == 0 || decode(u->host, sizeof(u->host), text, length);
}

static const char *
database(struct source_redis_url *u, const char *text)
{
	uint64_t db = 0;

	if (!number(text, strlen(text), DB_MAX, &db))
		return "the database must be a number";
	u->db = (uint32_t)db;
	return NULL;
}

static const char *
parse_unix(struct source_redis_url *u, const char *text)
{
	const char *query = strchr(text, '?');
	size_t length = query != NULL ? (size_t)(query - text) : strlen(text);

	if (length == 0 || *text != '/')
		return "expected the path of a socket, redis+unix:///run/redis.sock";
	if (!decode(u->path, sizeof(u->path), text, length))
		return "the path of the socket is too long";
	if (query == NULL)
		return NULL;
	return begins(query, "?db=") ? database(u, query + strlen("?db="))
				     : "after ? only db=NUMBER is known";
}

static const char *
parse_inet(struct source_redis_url *u, const char *text)
{
	size_t length = strcspn(text, "/");

	if (!where(u, text, length))
		return "expected host, host:port or [address]:port";
	return text[length] == '\0' || text[length + 1] == '\0' ? NULL
								: database(u, text + length + 1);
}

const char *
source_redis_url_parse(const char *text, struct source_redis_url *ret)
{
	const bool is_unix = begins(text, unix_scheme);

	*ret = (struct source_redis_url){ .port = SOURCE_REDIS_PORT };
	if (!source_redis_url_is(text))
		return "expected redis://HOST[:PORT][/DB] or redis+unix:///PATH[?db=N]";
	text += is_unix ? strlen(unix_scheme) : strlen(inet_scheme);
	/* A password may have a '/' in it only as %2F, and a path no '@'. */
	size_t authority = strcspn(text, "/");
	const char *at = memchr(text, '@', authority);
	if (at != NULL) {
		if (!who(ret, text, (size_t)(at - text)))
			return "expected user:password before the @, with %HH for what is special";
		text = at + 1;
	}
	return is_unix ? parse_unix(ret, text) : parse_inet(ret, text);
}
