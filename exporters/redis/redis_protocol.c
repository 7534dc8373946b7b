/*
 * Of hiredis 0.14 the half that makes and reads text is used. Its asynchronous half is not for a sensor: it
 * asserts that a server says nothing unasked, so that one "+OK" too many ends the process; it keeps whatever
 * length it is sent, waits for name servers, cuts the path of a socket that is too long, and frees its context
 * in places that each caller has to know.
 */
#include "exporters/redis/redis_protocol.h"

#include "exporters/redis/redis_command.h"

#include <assert.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct redis_reader {
	redisReader *hiredis;
	redisReplyObjectFunctions bounded; /* what the reader calls */
	redisReplyObjectFunctions own;     /* what hiredis has for it */
	size_t bytes;                      /* since the last answer */
	size_t items;
	bool is_too_long;
};

char *
redis_text(size_t argc, const char *const argv[], const size_t lengths[], size_t *ret_length)
{
	const char *copy[REDIS_ARGS_MAX]; /* hiredis wants pointers that it could change */
	sds text = NULL;

	assert(argc <= REDIS_ARGS_MAX);
	memcpy(copy, argv, argc * sizeof(copy[0]));
	int length = redisFormatSdsCommandArgv(&text, (int)argc, copy, lengths);
	if (length < 0)
		return NULL;
	*ret_length = (size_t)length;
	return text;
}

void
redis_text_free(char *text)
{
	redisFreeSdsCommand(text);
}

/* An array is made when it is announced, with room for all of it. */
static void *
array_make(const redisReadTask *task, int count)
{
	struct redis_reader *r = task->privdata;

	if (count < 0 || (size_t)count > REDIS_ITEMS_MAX - r->items) {
		r->is_too_long = true;
		return NULL;
	}
	r->items += (size_t)count;
	return r->own.createArray(task, count);
}

struct redis_reader *
redis_reader_new(void)
{
	struct redis_reader *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->hiredis = redisReaderCreate();
	if (r->hiredis == NULL) {
		free(r);
		return NULL;
	}
	r->own = *r->hiredis->fn;
	r->bounded = r->own;
	r->bounded.createArray = array_make;
	r->hiredis->fn = &r->bounded;
	r->hiredis->privdata = r;
	return r;
}

void
redis_reader_free(struct redis_reader *r)
{
	if (r == NULL)
		return;
	redisReaderFree(r->hiredis);
	free(r);
}

void
redis_reader_feed(struct redis_reader *r, const char *bytes, size_t length)
{
	r->bytes += length;
	if (r->bytes > REDIS_ANSWER_MAX)
		r->is_too_long = true;
	else
		(void)redisReaderFeed(r->hiredis, bytes, length); /* next() tells of an error */
}

static const redisReply *
error_in(const redisReply *reply)
{
	const redisReply *error = reply->type == REDIS_REPLY_ERROR ? reply : NULL;

	for (size_t i = 0; error == NULL && reply->type == REDIS_REPLY_ARRAY && i < reply->elements;
		i++)
		error = error_in(reply->element[i]);
	return error;
}

int
redis_reader_next(struct redis_reader *r, struct redis_answer *ret_answer)
{
	void *reply = NULL;
	int result = redisReaderGetReply(r->hiredis, &reply);

	if (result != REDIS_OK)
		return r->is_too_long ? -EMSGSIZE : -EPROTO;
	if (reply == NULL)
		return r->is_too_long ? -EMSGSIZE : 0;
	const redisReply *error = error_in(reply);
	*ret_answer = (struct redis_answer){ .reply = reply };
	if (error != NULL) {
		ret_answer->error = error->str;
		ret_answer->error_length = error->len;
	}
	r->bytes = 0;
	r->items = 0;
	return 1;
}

static size_t
strings_collect(const redisReply *reply, const char **items)
{
	size_t count = 0;

	if (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS) {
		if (strlen(reply->str) != reply->len)
			return 0;
		if (items != NULL)
			items[0] = reply->str;
		return 1;
	}
	for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
		count += strings_collect(reply->element[i], items != NULL ? items + count : NULL);
	return count;
}

size_t
redis_answer_strings(const struct redis_answer *a, const char **items)
{
	return strings_collect(a->reply, items);
}

void
redis_answer_free(struct redis_answer *a)
{
	freeReplyObject(a->reply);
	a->reply = NULL;
}
