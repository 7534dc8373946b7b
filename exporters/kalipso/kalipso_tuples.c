#include "exporters/kalipso/kalipso_tuples.h"

#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "exporters/kalipso/kalipso_text.h"

#include <stdlib.h>

enum {
	TUPLES_MEMORY_MAX = 4 * 1024 * 1024, /* to order a quarter of a million */
	KEY_MAX = ADDR_TEXT_MAX + 32,
	TUPLE_MAX =
		256, /* bytes that one may take, with all that is to be closed, and without its letters */
	SECONDS_MAX = 32,
};

static void
put_key(struct json *j, const struct tuple *tuple, char separator)
{
	char text[KEY_MAX];
	char room[KALIPSO_PROTO_MAX];
	char peer[ADDR_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_text(&b, addr_format(&tuple->peer, peer));
	strbuf_char(&b, separator);
	strbuf_u64(&b, tuple->port);
	strbuf_char(&b, separator);
	strbuf_text(&b, kalipso_proto(room, tuple->ip_proto));
	json_key(j, text);
}

/* Letters need no escapes: they are written as they are made. */
static void
put_letters(struct strbuf *out, const struct tuple *tuple, size_t most)
{
	const struct letter_chunk *chunk = tuple->letters;
	size_t end = out->length + most;

	for (uint32_t i = 0; i < tuple->letter_count && chunk != NULL; i++) {
		char text[LETTER_TEXT_MAX];
		size_t length = letter_text(&chunk->letters[i % LETTERS_PER_CHUNK], false, text);

		if (out->length + length > end)
			break;
		strbuf_bytes(out, text, length);
		if (i % LETTERS_PER_CHUNK == LETTERS_PER_CHUNK - 1)
			chunk = chunk->next;
	}
}

/* Bytes that the letters of a tuple may take. */
static size_t
letters_room(const struct tuple *tuple, size_t most)
{
	const size_t all = (size_t)tuple->letter_count * LETTER_TEXT_MAX;

	return all < most ? all : most;
}

static void
put_seconds(struct json *j, uint64_t ns)
{
	char text[SECONDS_MAX];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	time_text_epoch(&b, ns);
	json_raw(j, text, b.length);
}

static void
put_tuple(struct json *j, const struct tuple *tuple, size_t letters_max, char separator)
{
	const struct letter_state *s = &tuple->letter_state;
	uint64_t last_ns = s->seen > 0 ? s->last_ns : tuple->first_ns;

	put_key(j, tuple, separator);
	json_array_begin(j);
	json_raw(j, "\"", 1);
	put_letters(j->out, tuple, letters_max);
	strbuf_char(j->out, '"');
	json_array_begin(j);
	put_seconds(j, last_ns);
	put_seconds(j, s->seen > 1 ? s->last_but_one_ns : last_ns);
	json_array_end(j);
	json_array_end(j);
}

/* One that may be written, and its place in the order of first sight. */
struct choice {
	const struct tuple *tuple;
	size_t order;
};

static int
compare_letters(const void *a, const void *b)
{
	const struct choice *x = a;
	const struct choice *y = b;
	uint32_t of_x = x->tuple->letter_count;
	uint32_t of_y = y->tuple->letter_count;

	if (of_x != of_y)
		return of_x < of_y ? 1 : -1;
	return (x->order > y->order) - (x->order < y->order);
}

static size_t
count_of(const struct tuples *tuples, enum obs_role role)
{
	size_t count = 0;

	for (const struct tuple *i = tuples->first; i != NULL; i = i->next)
		count += i->role == role;
	return count;
}

/* returns all of a role, those with the most letters first if they are more than `most`; NULL: no memory */
static struct choice *
choices_of(const struct tuples *tuples, enum obs_role role, size_t count, size_t most,
	struct arena *memory)
{
	struct choice *choices = arena_alloc(memory, (count + 1) * sizeof(*choices));
	size_t next = 0;

	if (choices == NULL)
		return NULL;
	for (const struct tuple *i = tuples->first; i != NULL; i = i->next)
		if (i->role == role) {
			choices[next] = (struct choice){ i, next };
			next++;
		}
	if (count > most)
		qsort(choices, count, sizeof(*choices), compare_letters);
	return choices;
}

void
kalipso_tuples(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	enum obs_role role, char separator)
{
	size_t count = count_of(tuples, role);
	struct arena memory;
	struct json j;
	size_t i = 0;

	arena_init(&memory, TUPLES_MEMORY_MAX, NULL);
	const struct choice *choices = choices_of(tuples, role, count, t->tuples_max, &memory);
	json_init(&j, out);
	json_object_begin(&j);
	for (; choices != NULL && i < count && i < t->tuples_max; i++) {
		const size_t room = letters_room(choices[i].tuple, t->letters_max);

		if (out->capacity - out->length <= TUPLE_MAX + room)
			break;
		put_tuple(&j, choices[i].tuple, t->letters_max, separator);
	}
	json_object_end(&j);
	t->left_out += count - i;
	arena_done(&memory);
}
