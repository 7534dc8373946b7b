/* source_redis_url.h -- where a Redis is: "redis://[user:password@]host[:port][/db]", "redis+unix:///path[?db=n]". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	SOURCE_REDIS_PORT = 6379,
	SOURCE_REDIS_WORD_MAX = 256, /* a host, a user, a password; and the NUL */
	SOURCE_REDIS_PATH_MAX = 108, /* what a socket's address holds */
};

struct source_redis_url {
	char host[SOURCE_REDIS_WORD_MAX]; /* "": a socket */
	uint16_t port;
	char path[SOURCE_REDIS_PATH_MAX];
	char user[SOURCE_REDIS_WORD_MAX], password[SOURCE_REDIS_WORD_MAX]; /* "": none */
	uint32_t db;
};

/* Does it name a Redis? Whether it is written rightly is another question. */
bool source_redis_url_is(const char *text);

/* Take it apart; %HH stands for a byte. returns NULL, or what is wrong with it, a few words */
const char *source_redis_url_parse(const char *text, struct source_redis_url *ret);
