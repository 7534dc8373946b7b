#include "viewer/source/source_redis_link.h"

#include "viewer/source/source.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WORDS_MAX = 16, MS_PER_S = 1000, US_PER_MS = 1000, NS_PER_MS = 1000000 };

struct source_redis_link {
	struct source_redis_url url;
	redisContext *context; /* NULL: not connected */
	redisReplyObjectFunctions make, bounded;
	int64_t again_ms; /* no attempt to connect before */
	char trouble[SOURCE_ERROR_MAX];
};

static int64_t
clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

struct source_redis_link *
source_redis_link_new(const struct source_redis_url *url)
{
	struct source_redis_link *l = calloc(1, sizeof(*l));

	if (l != NULL)
		l->url = *url;
	return l;
}

void
source_redis_link_free(struct source_redis_link *l)
{
	if (l != NULL && l->context != NULL)
		redisFree(l->context);
	free(l);
}

void
source_redis_link_name(const struct source_redis_link *l, char *room, size_t size)
{
	const char *colon = strchr(l->url.host, ':');

	if (l->url.host[0] == '\0')
		(void)snprintf(room, size, "%s", l->url.path);
	else
		(void)snprintf(room, size, colon != NULL ? "[%s]:%u" : "%s:%u", l->url.host,
			(unsigned)l->url.port);
}

const char *
source_redis_trouble(const struct source_redis_link *l)
{
	return l->trouble;
}

/* The question has failed, and the connection is of no use any more: nobody knows which answer would come next. */
static void
fail(struct source_redis_link *l, const char *what)
{
	char name[SOURCE_REDIS_WORD_MAX + 16];

	source_redis_link_name(l, name, sizeof(name));
	(void)snprintf(l->trouble, sizeof(l->trouble), "redis %.160s: %.200s; it is tried again",
		name, what);
	if (l->context != NULL)
		redisFree(l->context);
	l->context = NULL;
	l->again_ms = clock_ms() + SOURCE_REDIS_PAUSE_MS;
}

/* An array announces how many it will have: memory is taken before they come. */
static void *
bounded_array(const redisReadTask *task, int elements)
{
	const struct source_redis_link *l = task->privdata;

	return elements <= SOURCE_REDIS_PARTS_MAX ? l->make.createArray(task, elements) : NULL;
}

static bool
connected(struct source_redis_link *l)
{
	const struct timeval wait = { .tv_sec = SOURCE_REDIS_WAIT_MS / MS_PER_S };
	const struct source_redis_url *u = &l->url;

	l->context = u->host[0] != '\0' ? redisConnectWithTimeout(u->host, u->port, wait)
					: redisConnectUnixWithTimeout(u->path, wait);
	if (l->context == NULL || l->context->err != 0) {
		fail(l, l->context != NULL ? l->context->errstr : "no memory left");
		return false;
	}
	if (redisSetTimeout(l->context, wait) != REDIS_OK) {
		fail(l, "its time-out cannot be set");
		return false;
	}
	l->make = *l->context->reader->fn;
	l->bounded = l->make;
	l->bounded.createArray = bounded_array;
	l->context->reader->fn = &l->bounded;
	l->context->reader->privdata = l;
	return true;
}

static bool
introduced(struct source_redis_link *l)
{
	const struct source_redis_url *u = &l->url;
	char db[16];

	if (u->password[0] != '\0' && u->user[0] != '\0')
		source_redis_drop(
			source_redis_ask(l, "AUTH", u->user, u->password, (const char *)NULL));
	else if (u->password[0] != '\0')
		source_redis_drop(source_redis_ask(l, "AUTH", u->password, (const char *)NULL));
	(void)snprintf(db, sizeof(db), "%u", (unsigned)u->db);
	if (l->trouble[0] == '\0')
		source_redis_drop(source_redis_ask(l, "SELECT", db, (const char *)NULL));
	return l->trouble[0] == '\0';
}

bool
source_redis_begin(struct source_redis_link *l)
{
	if (l->context == NULL && clock_ms() < l->again_ms)
		return false; /* what was wrong still stands in `trouble` */
	l->trouble[0] = '\0';
	return l->context != NULL || (connected(l) && introduced(l));
}

/* ---- commands ---- */

/* hiredis writes without MSG_NOSIGNAL: a server that went away would end the program. */
static void
put(struct source_redis_link *l, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(l->context->fd, bytes, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(l, errno == EAGAIN ? "it takes nothing" : strerror(errno));
			return;
		}
		bytes += n;
		length -= (size_t)n;
	}
}

static void
send_words(struct source_redis_link *l, const char *command, va_list more)
{
	const char *words[WORDS_MAX] = { command };
	int count = 1;
	char *text = NULL;

	for (const char *word = va_arg(more, const char *); word != NULL && count < WORDS_MAX;
		word = va_arg(more, const char *))
		words[count++] = word;
	if (l->context == NULL)
		return;
	int length = redisFormatCommandArgv(&text, count, words, NULL);
	if (length < 0)
		fail(l, "no memory left");
	else
		put(l, text, (size_t)length);
	free(text);
}

void
source_redis_send(struct source_redis_link *l, const char *command, ...)
{
	va_list more;

	va_start(more, command);
	send_words(l, command, more);
	va_end(more);
}

/* ---- answers ---- */

/* Wait for one whole answer, for no longer and for no more bytes than it may have. */
static redisReply *
receive(struct source_redis_link *l)
{
	const int64_t end_ms = clock_ms() + SOURCE_REDIS_WAIT_MS;
	redisContext *c = l->context;
	size_t bytes = 0;
	void *reply = NULL;

	for (;;) {
		if (redisGetReplyFromReader(c, &reply) != REDIS_OK) {
			fail(l, c->errstr);
			return NULL;
		}
		if (reply != NULL)
			return reply;
		size_t before = c->reader->len;
		if (bytes > SOURCE_REDIS_ANSWER_MAX) {
			fail(l, "an answer is longer than 32 MiB");
			return NULL;
		}
		if (redisBufferRead(c) != REDIS_OK) {
			fail(l, c->err == REDIS_ERR_IO && errno == EAGAIN ? "it does not answer"
									  : c->errstr);
			return NULL;
		}
		bytes += c->reader->len - (c->reader->len < before ? 0 : before);
		if (clock_ms() > end_ms) {
			fail(l, "it does not answer");
			return NULL;
		}
	}
}

static bool
is_refusal(const redisReply *r)
{
	static const char other_type[] = "WRONGTYPE";

	return r->type == REDIS_REPLY_ERROR && strncmp(r->str, other_type, strlen(other_type)) != 0;
}

struct redisReply *
source_redis_take_any(struct source_redis_link *l)
{
	return l->context != NULL ? receive(l) : NULL;
}

struct redisReply *
source_redis_take(struct source_redis_link *l)
{
	redisReply *r = source_redis_take_any(l);
	char words[256];

	if (r == NULL || !is_refusal(r))
		return r;
	(void)snprintf(words, sizeof(words), "%s", r->str);
	freeReplyObject(r);
	fail(l, words);
	return NULL;
}

void
source_redis_drop(struct redisReply *r)
{
	if (r != NULL)
		freeReplyObject(r);
}

struct redisReply *
source_redis_ask(struct source_redis_link *l, const char *command, ...)
{
	va_list more;

	va_start(more, command);
	send_words(l, command, more);
	va_end(more);
	return source_redis_take(l);
}

const char *
source_redis_text(const struct redisReply *r, size_t *ret_length)
{
	if (r == NULL || (r->type != REDIS_REPLY_STRING && r->type != REDIS_REPLY_STATUS))
		return NULL;
	if (ret_length != NULL)
		*ret_length = (size_t)r->len;
	return r->str;
}

size_t
source_redis_count(const struct redisReply *r)
{
	return r != NULL && r->type == REDIS_REPLY_ARRAY ? r->elements : 0;
}

const struct redisReply *
source_redis_item(const struct redisReply *r, size_t i)
{
	return i < source_redis_count(r) ? r->element[i] : NULL;
}

long long
source_redis_number(const struct redisReply *r)
{
	return r != NULL && r->type == REDIS_REPLY_INTEGER ? r->integer : 0;
}

bool
source_redis_is(const struct redisReply *r, const char *text)
{
	const char *is = source_redis_text(r, NULL);

	return is != NULL && strcmp(is, text) == 0;
}
