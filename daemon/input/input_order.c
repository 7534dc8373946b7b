#include "daemon/input/input_order.h"

#include "daemon/base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where a line is, in one word: that of a file of 32 TiB fits, and so does a line of INPUT_LINE_MAX. */
enum { LENGTH_BITS = 19, LINES_FIRST = 1024, LINES_AT_ONCE = 256 };
_Static_assert(INPUT_LINE_MAX < 1 << LENGTH_BITS, "a line's length fits");

struct order_line {
	uint64_t key_ns;
	uint64_t place; /* offset << LENGTH_BITS | length */
};

struct input_order {
	struct input_file *file;
	struct input_lines *lines;
	struct input_stream s; /* that reads for times */
	struct order_line *index;
	size_t count, room, most, at;
	bool is_sorted; /* the piece is read, and its lines from `at` on are to be told */
	uint64_t earliest_ns;
	uint64_t key_ns;     /* the latest of the lines so far, for those that are held back */
	size_t before;       /* lines of the piece before this one */
	bool is_in_pieces;   /* which was told */
	uint64_t gone;       /* lines that were no more there */
	uint64_t told_bytes; /* of lines that were handed out */
	char *line;
};

bool
input_order_can(const struct capture_input *in)
{
	return in->packing == CAPTURE_PLAIN && in->is_regular;
}

/* Make room for a line. returns false when the piece is full; it is smaller where memory is out. */
static bool
has_room(struct input_order *o)
{
	if (o->count < o->room)
		return true;
	size_t room = o->room == 0 ? LINES_FIRST : o->room * 2;
	if (room > o->most)
		room = o->most;
	if (room == o->count)
		return false;
	void *index = realloc(o->index, room * sizeof(*o->index));
	if (index == NULL)
		return false;
	o->index = index;
	o->room = room;
	return true;
}

struct input_order *
input_order_new(struct input_file *f, struct input_lines *lines, const struct input_format *format,
	const struct input_plan *plan, uint64_t memory)
{
	struct input_order *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->file = f;
	o->lines = lines;
	o->earliest_ns = UINT64_MAX;
	o->most = (size_t)(memory / INPUT_ORDER_LINE_BYTES) + 1;
	o->line = malloc(INPUT_LINE_MAX + 1);
	if (o->line != NULL && has_room(o) &&
		input_format_start(&o->s, format, plan, f->count.path) == 0) {
		input_format_begin(&o->s, f->count.path, (const char *)lines->in.bytes.at,
			cursor_left(&lines->in.bytes));
		o->s.in_any_order = true;
		return o;
	}
	input_order_free(o);
	return NULL;
}

/* Note where a line is that tells something, and when. */
static void
note(struct input_order *o, char *line, size_t length)
{
	const struct capture_input *in = &o->lines->in;
	uint64_t offset =
		capture_input_offset(in) - (uint64_t)(in->bytes.at - (const uint8_t *)line);
	uint64_t kept = o->s.kept;
	int n = input_file_line(o->file, &o->s, line, length, o->lines->number);

	if (n == 0 && o->s.kept == kept)
		return;
	for (int i = 0; i < n; i++)
		if (input_item_begins(&o->s.items[i]) < o->earliest_ns)
			o->earliest_ns = input_item_begins(&o->s.items[i]);
	o->key_ns = n > 0 ? input_item_key(&o->s.items[0]) : o->key_ns;
	o->index[o->count++] = (struct order_line){ o->key_ns, offset << LENGTH_BITS | length };
}

/* By time; lines of the same time stay in the order of the file. */
static int
by_time(const void *a, const void *b)
{
	const struct order_line *x = a;
	const struct order_line *y = b;

	if (x->key_ns != y->key_ns)
		return x->key_ns < y->key_ns ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* Lines may lie further back than a piece is long: say so once, or nobody knows why so many are late. */
static void
tell_pieces(struct input_order *o, size_t lines)
{
	if (o->is_in_pieces)
		return;
	o->is_in_pieces = true;
	log_warnx("input",
		"%s: more than %zu lines, which memory has no room to put in order at once: done in pieces, "
		"and what is older than its piece comes late",
		o->file->count.path, lines);
}

/* Read some more of the piece. returns false while there is more of it. */
static bool
read_on(struct input_order *o)
{
	char *line;
	size_t length;

	for (unsigned n = 0; n < LINES_AT_ONCE; n++) {
		if (!has_room(o) || input_lines_next(o->lines, &line, &length) != INPUT_ITEM) {
			if (o->before > 0 && o->count > 0)
				tell_pieces(o, o->before);
			if (o->count > 0)
				qsort(o->index, o->count, sizeof(*o->index), by_time);
			return true;
		}
		note(o, line, length);
	}
	return false;
}

/* returns false for a line that is there no more: somebody cut the file meanwhile */
static bool
load(struct input_order *o, const struct order_line *l, size_t length)
{
	uint64_t offset = l->place >> LENGTH_BITS;

	for (size_t have = 0; have < length;) {
		ssize_t n = pread(
			o->lines->in.fd, o->line + have, length - have, (off_t)(offset + have));
		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	o->line[length] = '\0';
	return true;
}

enum input_step
input_order_next(struct input_order *o, char **ret_line, size_t *ret_length)
{
	for (;;) {
		if (o->is_sorted && o->at == o->count) {
			o->before = o->count;
			o->at = o->count = 0;
			o->is_sorted = false;
		}
		if (!o->is_sorted)
			o->is_sorted = read_on(o);
		if (!o->is_sorted)
			return INPUT_WAIT;
		if (o->count == 0)
			return INPUT_END;
		const struct order_line *l = &o->index[o->at++];
		size_t length = l->place & ((1 << LENGTH_BITS) - 1);
		o->told_bytes += length + 1;
		if (!load(o, l, length)) {
			o->gone++;
			continue;
		}
		*ret_line = o->line;
		*ret_length = length;
		return INPUT_ITEM;
	}
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
input_order_unknown(const struct input_order *o)
{
	return o->s.unknown;
}

uint64_t
input_order_gone(const struct input_order *o)
{
	return o->gone;
}

void
input_order_free(struct input_order *o)
{
	if (o == NULL)
		return;
	input_format_end(&o->s);
	free(o->index);
	free(o->line);
	free(o);
}
