#include "daemon/input/input_begun.h"

#include <stdlib.h>
#include <string.h>

/* What an end has stands there; it points to nothing else of the stream but for what carried it. */
enum { END_BYTES = offsetof(struct input_item, talk) };

struct slot {
	uint64_t number; /* of the line; 0: none was kept */
	const char *log; /* as the stream has it */
	unsigned char end[END_BYTES];
};

struct input_begun {
	struct slot slots
		[INPUT_BEGUN_MAX]; /* of a line the one of its number: neighbours never share */
};

struct input_begun *
input_begun_new(void)
{
	return calloc(1, sizeof(struct input_begun));
}

void
input_begun_keep(struct input_begun *b, uint64_t number, const struct input_stream *s)
{
	struct slot *slot = &b->slots[number % INPUT_BEGUN_MAX];

	if (s->items[0].flow.outside != NULL)
		return;
	slot->number = number;
	slot->log = s->log;
	memcpy(slot->end, &s->items[0], END_BYTES);
}

bool
input_begun_have(const struct input_begun *b, uint64_t number, struct input_stream *s)
{
	const struct slot *slot = &b->slots[number % INPUT_BEGUN_MAX];

	if (slot->number != number)
		return false;
	s->log = slot->log;
	memcpy(&s->items[0], slot->end, END_BYTES);
	return true;
}

uint64_t
input_begun_memory(void)
{
	return sizeof(struct input_begun);
}

void
input_begun_free(struct input_begun *b)
{
	free(b);
}
