/*
 * fuzz_redis_reader.c -- any bytes as what a Redis says.
 *
 * It does not matter how the bytes are cut into pieces: the same answers come, with the same errors and strings, and
 * the same end. Byte 0 is the size of a piece.
 */
#include "exporters/redis/redis_protocol.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What was made of it. */
struct heard {
	uint64_t hash; /* of answers: errors and strings with their lengths (FNV-1a) */
	int result;    /* of the end: 0, or -errno */
};

static void
mix(struct heard *h, const char *text, size_t length)
{
	for (size_t i = 0; i <= length; i++)
		h->hash = (h->hash ^ (uint8_t)text[i]) * UINT64_C(1099511628211);
}

static void
answer_hear(struct heard *h, const struct redis_answer *a)
{
	size_t count = redis_answer_strings(a, NULL);
	const char **items = malloc((count + 1) * sizeof(*items));

	assert(count <= REDIS_ITEMS_MAX);
	mix(h, "answer", 6);
	if (a->error != NULL)
		mix(h, a->error, a->error_length);
	if (items == NULL)
		return;
	assert(redis_answer_strings(a, items) == count);
	for (size_t i = 0; i < count; i++)
		mix(h, items[i], strlen(items[i]));
	free(items);
}

static struct heard
hear(const uint8_t *bytes, size_t len, size_t piece)
{
	struct redis_reader *r = redis_reader_new();
	struct heard h = { .hash = UINT64_C(14695981039346656037) };

	for (size_t at = 0; r != NULL && at < len && h.result == 0; at += piece) {
		struct redis_answer a;

		redis_reader_feed(r, (const char *)bytes + at, piece < len - at ? piece : len - at);
		while ((h.result = redis_reader_next(r, &a)) == 1) {
			answer_hear(&h, &a);
			redis_answer_free(&a);
		}
	}
	redis_reader_free(r);
	return h;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 2 || len > 65536)
		return 0;
	const size_t piece = bytes[0] + (size_t)1;
	const struct heard whole = hear(bytes + 1, len - 1, len);
	const struct heard pieces = hear(bytes + 1, len - 1, piece);
	assert(whole.hash == pieces.hash && whole.result == pieces.result);

	const uint32_t seed = failing_alloc_seed(bytes, len);
	failing_alloc_begin(seed);
	(void)hear(bytes + 1, len - 1, piece);
	(void)failing_alloc_end();
	return 0;
}
