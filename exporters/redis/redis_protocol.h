/*
 * redis_protocol.h -- commands as the bytes that a Redis is sent, and answers out of the bytes that it sends.
 *
 * The one owner of hiredis. A server is not trusted: an answer has at most REDIS_ANSWER_MAX bytes and
 * REDIS_ITEMS_MAX items, announced or sent.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct redisReply;
struct redis_reader;

enum { REDIS_ANSWER_MAX = 4 * 1024 * 1024, REDIS_ITEMS_MAX = 65536 };

/*
 * The bytes of a command of `argc` arguments, at most REDIS_ARGS_MAX.
 *
 * returns  for redis_text_free(); NULL when memory is out
 */
char *redis_text(size_t argc, const char *const argv[], const size_t lengths[], size_t *ret_length);
void redis_text_free(char *text);

struct redis_answer {
	struct redisReply *reply; /* its memory */
	const char *error; /* the first error in it: of an EXEC, of one of its commands; or NULL */
	size_t error_length;
};

/* returns NULL when memory is out */
struct redis_reader *redis_reader_new(void);
void redis_reader_free(struct redis_reader *r); /* or NULL */

/* Hand over what came next; best in pieces of some KiB, for an answer's bytes are counted by the piece. */
void redis_reader_feed(struct redis_reader *r, const char *bytes, size_t length);

/*
 * Take the next answer.
 *
 * returns  1: it is to be freed by redis_answer_free(); 0: it is not whole yet;
 *          -EMSGSIZE: it is more than is taken; -EPROTO: it is not understood. Both for good
 */
int redis_reader_next(struct redis_reader *r, struct redis_answer *ret_answer);

/*
 * The strings of an answer, those of arrays in it one after the other; errors, numbers and nothings are left out, and
 * strings with a NUL inside, which would become other ones.
 *
 * items    NULL: they are only counted
 * returns  how many
 */
size_t redis_answer_strings(const struct redis_answer *a, const char **items);
void redis_answer_free(struct redis_answer *a);
