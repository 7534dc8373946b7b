#include "daemon/input/input_order.h"

#include "daemon/base/log.h"
#include "daemon/input/place_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

/* A place is offset and part, and number and length of the line. */
enum { PART_BITS = 2, LENGTH_BITS = 19, LINES_AT_ONCE = 256 };
_Static_assert(INPUT_LINE_MAX < 1 << LENGTH_BITS, "a line's length fits");
_Static_assert(sizeof(struct place) * 2 * 2 == INPUT_ORDER_LINE_BYTES,
	"a line has two places, each in one of a queue's two lists");

enum { BLOCK_BYTES = 16 << 10 };

/* Part of the file as it is read for the second time. */
struct block {
	char *bytes; /* room for a line of INPUT_LINE_MAX, and a NUL */
	uint64_t offset;
	size_t length;
};

/* The beginnings of conversations, or all else. */
struct half {
	struct place_queue places;
	struct block block;
};

struct input_order {
	const char *path;
	struct input_lines *lines;
	struct input_stream s; /* that reads for times */
	/* A row of each is nearly in order by itself, and each goes through the file in its own order. */
	struct half begins, others;
	struct place header; /* behind all of them */
	bool has_header;
	size_t most;   /* lines at hand */
	bool is_short; /* memory has no room for as many lines as should be looked at */
	bool is_short_told;
	uint64_t earliest_ns;
	uint64_t key_ns;     /* of the line before, for those whose own is not known */
	uint64_t told_ns;    /* of what was handed out */
	uint64_t gone;       /* lines that were no more there */
	uint64_t told_bytes; /* of lines that were handed out */
};

bool
input_order_can(const struct capture_input *in)
{
	return in->packing == CAPTURE_PLAIN && in->is_regular;
}

/* Of each half a line has one place at most. */
static bool
has_room(struct input_order *o)
{
	return place_queue_has_room(&o->begins.places, 1) &&
	       place_queue_has_room(&o->others.places, 1);
}

static bool
is_empty(const struct input_order *o)
{
	return place_queue_count(&o->begins.places) + place_queue_count(&o->others.places) == 0;
}

/* returns false when memory is out */
static bool
half_start(struct half *h, size_t most)
{
	h->places.most = most;
	h->block.bytes = malloc(INPUT_LINE_MAX + 1);
	return h->block.bytes != NULL;
}

static void
half_free(struct half *h)
{
	place_queue_free(&h->places);
	free(h->block.bytes);
}

struct input_order *
input_order_new(const char *path, struct input_lines *lines, const struct input_format *format,
	const struct input_plan *plan, const struct input_order_how *how)
{
	struct input_order *o = calloc(1, sizeof(*o));
	uint64_t most = how->memory / INPUT_ORDER_LINE_BYTES + 1;

	if (o == NULL)
		return NULL;
	o->path = path;
	o->lines = lines;
	o->earliest_ns = UINT64_MAX;
	o->told_ns = how->told_ns;
	o->is_short = most < how->look_ahead;
	o->most = (size_t)(o->is_short ? most : how->look_ahead);
	if (half_start(&o->begins, o->most) && half_start(&o->others, o->most) && has_room(o) &&
		input_format_start(&o->s, format, plan, path) == 0) {
		input_format_begin(&o->s, path, (const char *)lines->in.bytes.at,
			cursor_left(&lines->in.bytes));
		o->s.in_any_order = true;
		return o;
	}
	input_order_free(o);
	return NULL;
}

/* What a line says of times, when it is looked at. */
struct times {
	uint64_t begin_ns, key_ns;
	bool are_known, is_header;
};

/* Ask the format for all of it. */
static struct times
read_times(struct input_stream *s, char *line, size_t length)
{
	struct times t = { .begin_ns = UINT64_MAX };
	uint64_t before = s->skipped + s->kept;
	int n = input_format_line(s, line, length, 0);

	t.is_header = n == 0 && s->skipped + s->kept == before;
	t.are_known = n > 0;
	for (int i = 0; i < n; i++)
		if (input_item_begins(&s->items[i]) < t.begin_ns)
			t.begin_ns = input_item_begins(&s->items[i]);
	t.key_ns = t.are_known ? input_item_key(&s->items[0]) : 0;
	return t;
}

static struct times
times_of(struct input_stream *s, char *line, size_t length)
{
	struct times t = { 0 };

	if (s->format->times != NULL && s->format->times(s, line, length, &t.begin_ns, &t.key_ns))
		t.are_known = true;
	else
		t = read_times(s, line, length);
	return t;
}

/* Note where a line is, and when it is told. */
static void
note(struct input_order *o, char *line, size_t length)
{
	const struct capture_input *in = &o->lines->in;
	uint64_t offset =
		capture_input_offset(in) - (uint64_t)(in->bytes.at - (const uint8_t *)line);
	struct times t = times_of(&o->s, line, length);
	struct place p = { o->key_ns, offset << PART_BITS | INPUT_PART_WHOLE,
		o->lines->number << LENGTH_BITS | length };

	if (t.is_header) {
		o->header = p;
		o->has_header = true;
		return;
	}
	if (t.are_known)
		p.key_ns = o->key_ns = t.key_ns;
	if (t.are_known && t.begin_ns < o->earliest_ns)
		o->earliest_ns = t.begin_ns;
	if (t.are_known && t.begin_ns < t.key_ns && t.begin_ns >= o->told_ns) {
		p.where += INPUT_PART_END - INPUT_PART_WHOLE;
		place_queue_add(&o->begins.places,
			(struct place){
				t.begin_ns, offset << PART_BITS | INPUT_PART_BEGIN, p.line });
	}
	place_queue_add(&o->others.places, p);
}

/* Look at lines until as many are at hand as may be. returns false while there are more to look at */
static bool
look_ahead(struct input_order *o)
{
	char *line;
	size_t length;

	for (unsigned n = 0; n < LINES_AT_ONCE; n++) {
		if (o->has_header || !has_room(o) ||
			input_lines_next(o->lines, &line, &length) != INPUT_ITEM)
			return true;
		note(o, line, length);
	}
	return false;
}

/* Lines may lie further from their place than memory reaches: say so once, or nobody knows why so many are late. */
static void
tell_short(struct input_order *o)
{
	if (!o->is_short || o->is_short_told)
		return;
	o->is_short_told = true;
	log_warnx("input",
		"%s: more than %zu lines, which memory has no room to put in order at once: what lies further "
		"from its place comes late",
		o->path, o->most);
}

/* returns what is told next; there is something */
static struct place
take(struct input_order *o)
{
	if (is_empty(o)) {
		o->has_header = false;
		return o->header;
	}
	const struct place *begin = place_queue_first(&o->begins.places);
	const struct place *other = place_queue_first(&o->others.places);
	bool begins = other == NULL || (begin != NULL && place_is_before(begin, other));
	struct place p = place_queue_take(begins ? &o->begins.places : &o->others.places);
	if (p.key_ns < o->told_ns)
		tell_short(o);
	else
		o->told_ns = p.key_ns;
	return p;
}

/* returns NULL for a line that is there no more: somebody cut the file meanwhile */
static char *
load(const struct input_order *o, struct block *b, uint64_t offset, size_t length)
{
	assert(b->bytes != NULL);
	if (offset < b->offset || offset + length > b->offset + b->length) {
		b->offset = offset;
		b->length = 0;
		while (b->length < length) {
			size_t wanted = length < BLOCK_BYTES ? BLOCK_BYTES : length;
			ssize_t n = pread(o->lines->in.fd, b->bytes + b->length, wanted - b->length,
				(off_t)(offset + b->length));
			if (n <= 0)
				return NULL;
			b->length += (size_t)n;
		}
	}
	char *line = b->bytes + (offset - b->offset);
	line[length] = '\0';
	return line;
}

enum input_step
input_order_next(struct input_order *o, struct input_ordered *ret)
{
	if (!look_ahead(o))
		return INPUT_WAIT;
	if (is_empty(o) && !o->has_header)
		return INPUT_END;
	struct place p = take(o);
	*ret = (struct input_ordered){
		.part = p.where & ((1 << PART_BITS) - 1),
		.offset = p.where >> PART_BITS,
		.length = p.line & ((1 << LENGTH_BITS) - 1),
		.number = p.line >> LENGTH_BITS,
	};
	o->told_bytes += ret->part == INPUT_PART_BEGIN ? 0 : ret->length + 1;
	return INPUT_ITEM;
}

char *
input_order_line(struct input_order *o, const struct input_ordered *next)
{
	bool begins = next->part == INPUT_PART_BEGIN;
	char *line =
		load(o, begins ? &o->begins.block : &o->others.block, next->offset, next->length);

	o->gone += line == NULL && !begins;
	return line;
}

uint64_t
input_order_earliest(const struct input_order *o)
{
	return o->earliest_ns;
}

uint64_t
input_order_done(const struct input_order *o)
{
	return (o->lines->in.bytes_read + o->told_bytes) / 2;
}

uint64_t
input_order_gone(const struct input_order *o)
{
	return o->gone;
}

uint64_t
input_order_memory(const struct input_order *o)
{
	return o->most * INPUT_ORDER_LINE_BYTES + 2 * ((uint64_t)INPUT_LINE_MAX + 1);
}

void
input_order_free(struct input_order *o)
{
	if (o == NULL)
		return;
	input_format_end(&o->s);
	half_free(&o->begins);
	half_free(&o->others);
	free(o);
}
