/*
 * window_wire.c -- a piece is its length, its bits, and items: a tuple with the letters that fit, more letters
 * of the tuple before, a source port. Fields are listed once for both directions (wire.h).
 */
#include "daemon/record/window_wire.h"

#include "daemon/base/wire.h"
#include "daemon/observation.h"

#include <assert.h>

enum piece_bits {
	PIECE_FIRST = 1,
	PIECE_LAST = 2,
	PIECE_CUT = 4, /* and last: more would have followed */
};

enum item {
	ITEM_TUPLE = 1,
	ITEM_LETTERS,
	ITEM_SOURCE_PORT,
};

enum {
	LENGTH_BYTES = 2,
	LETTER_BYTES = 4,
	ITEM_MAX = 128, /* of any but its letters */
};

/* ---- fields ---- */

static void
number_fields(struct wire *w, int64_t *number)
{
	uint64_t bits = (uint64_t)*number;

	wire_u64(w, &bits);
	*number = (int64_t)bits;
}

static void
head_fields(struct wire *w, struct record_window *r, struct tuples *t)
{
	wire_addr(w, &r->host);
	number_fields(w, &r->window.number);
	wire_u64(w, &r->window.start_ns);
	wire_u64(w, &r->window.end_ns);
	wire_u64(w, &r->evidence);
	wire_u64(w, &r->suppressed);
	wire_double(w, &r->sum);
	r->truncated = wire_bool(w, r->truncated);
	wire_u64(w, &r->late);
	wire_u64(w, &t->flows[ROLE_CLIENT]);
	wire_u64(w, &t->flows[ROLE_SERVER]);
}

/* Most tuples have only one of the two. */
static void
sums_fields(struct wire *w, struct tuple_sums *s)
{
	bool any = s->flows > 0 || s->packets > 0 || s->bytes > 0;

	if (!wire_bool(w, any))
		return;
	wire_u64(w, &s->flows);
	wire_u64(w, &s->packets);
	wire_u64(w, &s->bytes);
	wire_u64(w, &s->orig_packets);
}

static void
tuple_fields(struct wire *w, struct tuple *t)
{
	wire_addr(w, &t->peer);
	wire_u16(w, &t->port);
	wire_u8(w, &t->ip_proto);
	t->role = (uint8_t)wire_choice(w, t->role, ROLE_SERVER + 1);
	wire_u64(w, &t->first_ns);
	wire_u64(w, &t->letter_state.last_ns);
	wire_u64(w, &t->letter_state.last_but_one_ns);
	wire_u8(w, &t->letter_state.seen);
	sums_fields(w, &t->sums[false]);
	sums_fields(w, &t->sums[true]);
	wire_u32(w, &t->letter_count);
}

static void
source_port_fields(struct wire *w, struct source_port *p)
{
	wire_u16(w, &p->port);
	wire_u8(w, &p->ip_proto);
	p->role = wire_choice(w, p->role, ROLE_SERVER + 1) & 1U;
	p->established = wire_bool(w, p->established);
	wire_u32(w, &p->flows);
	wire_u64(w, &p->packets);
	wire_u64(w, &p->bytes);
}

/* ---- packing ---- */

struct window_packing
window_packing_of(const struct record_window *w)
{
	return (struct window_packing){
		.window = w,
		.tuple = w->tuples->first,
		.port = w->tuples->first_port,
	};
}

static void
pack_letter(struct blob *b, const struct letter *l)
{
	blob_u8(b, l->period);
	blob_u8(b, (uint8_t)(l->duration | l->payload_size << 2 | l->ip_size << 4));
	blob_u8(b, l->gap);
	blob_u8(b, l->hours);
}

/* As many letters of the tuple at hand as fit, and on to the next tuple when they are all there. */
static void
pack_letters(struct window_packing *p, struct blob *b)
{
	uint32_t left = p->tuple->letter_count - p->letters;
	size_t room = (b->size - b->length - LENGTH_BYTES) / LETTER_BYTES;
	uint32_t n = left < room ? left : (uint32_t)room;

	blob_u16(b, (uint16_t)n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = p->letters % LETTERS_PER_CHUNK;

		if (at == 0)
			p->chunk = p->letters == 0 ? p->tuple->letters : p->chunk->next;
		pack_letter(b, &p->chunk->letters[at]);
		p->letters++;
	}
	if (n == left) {
		p->tuple = p->tuple->next;
		p->letters = 0;
		p->chunk = NULL;
	}
}

static void
pack_tuple(struct window_packing *p, struct wire *w)
{
	struct tuple t = *p->tuple;

	blob_u8(w->out, p->letters == 0 ? ITEM_TUPLE : ITEM_LETTERS);
	if (p->letters == 0)
		tuple_fields(w, &t);
	pack_letters(p, w->out);
}

static void
pack_source_port(struct window_packing *p, struct wire *w)
{
	struct source_port s = *p->port;

	blob_u8(w->out, ITEM_SOURCE_PORT);
	source_port_fields(w, &s);
	p->port = p->port->next;
}

static void
pack_head(struct window_packing *p, struct wire *w)
{
	struct record_window head = *p->window;
	struct tuples tuples = *p->window->tuples;

	head_fields(w, &head, &tuples);
	p->begun = true;
}

bool
window_pack(struct window_packing *p, struct blob *out)
{
	size_t room = out->size - out->length;
	struct blob piece = blob_over(
		out->bytes + out->length, room < WINDOW_PIECE_MAX ? room : WINDOW_PIECE_MAX);
	struct wire w = { .out = &piece };
	uint8_t bits = p->begun ? 0 : PIECE_FIRST;

	assert(room >= WINDOW_PIECE_MIN);
	blob_u16(&piece, 0);
	blob_u8(&piece, 0);
	if (!p->begun)
		pack_head(p, &w);
	while (p->tuple != NULL && piece.size - piece.length >= ITEM_MAX)
		pack_tuple(p, &w);
	while (p->tuple == NULL && p->port != NULL && piece.size - piece.length >= ITEM_MAX)
		pack_source_port(p, &w);
	bool is_packed = p->tuple == NULL && p->port == NULL;
	p->is_cut = p->no_more && !is_packed;
	if (is_packed || p->is_cut)
		bits |= PIECE_LAST;
	if (p->is_cut)
		bits |= PIECE_CUT;

	assert(!piece.overflow);
	struct blob start = blob_over(piece.bytes, LENGTH_BYTES + 1);
	blob_u16(&start, (uint16_t)(piece.length - LENGTH_BYTES));
	blob_u8(&start, bits);
	out->length += piece.length;
	return (bits & PIECE_LAST) != 0;
}

/* ---- unpacking ---- */

void
window_unpacking_init(struct window_unpacking *u, size_t memory_max)
{
	*u = (struct window_unpacking){ 0 };
	arena_init(&u->memory, memory_max, NULL);
}

void
window_unpacking_done(struct window_unpacking *u)
{
	arena_done(&u->memory);
	u->begun = false;
}

static void
begin(struct window_unpacking *u, struct wire *w)
{
	window_unpacking_done(u);
	u->window = (struct record_window){ 0 };
	u->torn = false;
	u->letters_left = 0;
	tuples_init(&u->tuples, &u->memory, NULL);
	head_fields(w, &u->window, &u->tuples);
	u->window.tuples = &u->tuples;
	u->begun = true;
}

static struct letter
unpack_letter(struct cursor *c)
{
	uint8_t period = cursor_u8(c);
	uint8_t sizes = cursor_u8(c);
	uint8_t gap = cursor_u8(c);
	uint8_t hours = cursor_u8(c);

	return (struct letter){
		.period = period,
		.duration = sizes & 3U,
		.payload_size = sizes >> 2 & 3U,
		.ip_size = sizes >> 4 & 3U,
		.gap = gap,
		.hours = hours,
	};
}

static struct tuple *
last_tuple(const struct window_unpacking *u)
{
	if (u->tuples.first == NULL)
		return NULL;
	return (void *)((char *)u->tuples.end - offsetof(struct tuple, next));
}

static void
append_letter(struct window_unpacking *u, struct tuple *t, const struct letter *l)
{
	uint32_t at = t->letter_count % LETTERS_PER_CHUNK;

	if (at == 0) {
		struct letter_chunk *c = arena_alloc(&u->memory, sizeof(*c));

		if (c == NULL) {
			u->torn = true;
			return;
		}
		if (t->last_letters == NULL)
			t->letters = c;
		else
			t->last_letters->next = c;
		t->last_letters = c;
	}
	t->last_letters->letters[at] = *l;
	t->letter_count++;
}

static bool
is_letter(const struct letter *l)
{
	return l->period <= PERIOD_STRONG_NON && l->gap <= GAP_1H && l->duration <= 2 &&
	       l->payload_size <= 2 && l->ip_size <= 2;
}

/* returns false when they are more than were announced, or none that there are */
static bool
unpack_letters(struct window_unpacking *u, struct cursor *in)
{
	uint16_t n = cursor_le16(in);
	struct tuple *t = last_tuple(u);

	if (n > u->letters_left)
		return false;
	u->letters_left -= n;
	for (uint16_t i = 0; i < n; i++) {
		struct letter l = unpack_letter(in);

		if (!is_letter(&l))
			return false;
		if (!u->torn)
			append_letter(u, t, &l);
	}
	return true;
}

static bool
unpack_tuple(struct window_unpacking *u, struct wire *w)
{
	struct tuple read = { 0 };
	struct tuple *made = u->torn ? NULL : arena_alloc(&u->memory, sizeof(*made));

	tuple_fields(w, &read);
	u->letters_left = read.letter_count;
	read.letter_count = 0;
	if (made == NULL) {
		u->torn = true;
	} else {
		*made = read;
		*u->tuples.end = made;
		u->tuples.end = &made->next;
		u->tuples.count++;
	}
	return unpack_letters(u, w->in);
}

static void
unpack_source_port(struct window_unpacking *u, struct wire *w)
{
	struct source_port read = { 0 };
	struct source_port *made = u->torn ? NULL : arena_alloc(&u->memory, sizeof(*made));

	source_port_fields(w, &read);
	if (made == NULL) {
		u->torn = true;
		return;
	}
	*made = read;
	*u->tuples.end_port = made;
	u->tuples.end_port = &made->next;
}

/* returns false when the item makes no sense */
static bool
unpack_item(struct window_unpacking *u, struct wire *w)
{
	switch (cursor_u8(w->in)) {
	case ITEM_TUPLE:
		return u->letters_left == 0 && unpack_tuple(u, w);
	case ITEM_LETTERS:
		return u->letters_left > 0 && unpack_letters(u, w->in);
	case ITEM_SOURCE_PORT:
		unpack_source_port(u, w);
		return u->letters_left == 0;
	default:
		return false;
	}
}

enum window_unpacked
window_unpack(struct window_unpacking *u, struct cursor *in)
{
	struct cursor piece = cursor_sub(in, cursor_le16(in));
	struct wire w = { .in = &piece };
	uint8_t bits = cursor_u8(&piece);
	bool is_good = (bits & PIECE_FIRST) != 0 || u->begun;

	if (is_good && (bits & PIECE_FIRST) != 0)
		begin(u, &w);
	while (is_good && cursor_left(&piece) > 0)
		is_good = unpack_item(u, &w);
	if ((bits & PIECE_CUT) != 0) {
		u->torn = true;
		u->letters_left = 0;
	}
	if (!is_good || w.bad || piece.short_read ||
		((bits & PIECE_LAST) != 0 && u->letters_left > 0)) {
		window_unpacking_done(u);
		return WINDOW_BAD;
	}
	if ((bits & PIECE_LAST) == 0)
		return WINDOW_PART;
	u->begun = false;
	u->window.truncated |= u->torn;
	u->tuples.truncated |= u->torn;
	return WINDOW_WHOLE;
}
