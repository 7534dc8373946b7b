#include "exporters/store/store_window.h"

#include "daemon/base/hash.h"
#include "daemon/base/time_text.h"
#include "daemon/tuples/letters.h"
#include "exporters/store/store_budget.h"

#include <string.h>

void
store_windows_init(struct store_windows *w, struct store *store)
{
	w->store = store;
	store_windows_forget(w);
}

void
store_windows_forget(struct store_windows *w)
{
	memset(w->kept, 0, sizeof(w->kept));
}

/* The key need be no secret: whoever makes two windows share a place makes us ask the file, and no more. */
static struct store_window *
place_of(struct store_windows *w, const struct addr *host, int64_t number)
{
	static const struct hash_key key = { { 1, 2 } };
	struct {
		struct addr host;
		int64_t number;
	} words = { *host, number };

	return &w->kept[hash_words(&key, &words, sizeof(words) / sizeof(uint64_t)) %
			STORE_WINDOWS_KEPT];
}

static int64_t
profile_of(struct store *s, const struct addr *host)
{
	struct store_row row = store_row_begin(&s->statements, STORE_FIND_PROFILE);

	store_put_addr(&row, host);
	int64_t id = store_row_read(&row) ? store_read_i64(&row, 0) : 0;
	store_row_end(&row);
	if (id != 0)
		return id;
	row = store_row_begin(&s->statements, STORE_ADD_PROFILE);
	store_put_addr(&row, host);
	return store_row_write(&row);
}

static void
window_find(struct store *s, int64_t profile, struct store_window *place)
{
	struct store_row row = store_row_begin(&s->statements, STORE_FIND_WINDOW);

	store_put_i64(&row, profile);
	store_put_i64(&row, s->run);
	store_put_i64(&row, place->number);
	if (store_row_read(&row)) {
		place->id = store_read_i64(&row, 0);
		place->told_ns = (uint64_t)store_read_i64(&row, 1);
		place->rows = (uint64_t)store_read_i64(&row, 2);
	}
	store_row_end(&row);
}

struct store_window *
store_window_of(
	struct store_windows *w, const struct addr *host, const struct record_window_ref *ref)
{
	struct store *s = w->store;
	struct store_window *place = place_of(w, host, ref->number);

	if (place->id != 0 && place->number == ref->number && addr_equal(&place->host, host))
		return place;
	*place = (struct store_window){ .host = *host, .number = ref->number };
	int64_t profile = profile_of(s, host);
	window_find(s, profile, place);
	if (place->id == 0) {
		struct store_row row = store_row_begin(&s->statements, STORE_ADD_WINDOW);
		store_put_i64(&row, profile);
		store_put_i64(&row, s->run);
		store_put_i64(&row, ref->number);
		store_put_u64(&row, ref->start_ns);
		store_put_u64(&row, ref->end_ns);
		place->id = store_row_write(&row);
	}
	return place->id != 0 ? place : NULL;
}

/* All letters that there is room for. returns how many those are */
static uint32_t
letters_put(struct strbuf *out, const struct tuple *t)
{
	char text[LETTER_TEXT_MAX];
	uint32_t kept = 0;

	for (const struct letter_chunk *c = t->letters; c != NULL; c = c->next)
		for (size_t i = 0; i < LETTERS_PER_CHUNK && kept < t->letter_count; i++) {
			size_t length = letter_text(&c->letters[i], false, text);
			if (length >= out->capacity - out->length)
				return kept;
			strbuf_bytes(out, text, length);
			kept++;
		}
	return kept;
}

static void
sums_put(struct store_row *row, const struct tuple_sums *sums)
{
	store_put_u64(row, sums->flows);
	store_put_u64(row, sums->packets);
	store_put_u64(row, sums->bytes);
	store_put_u64(row, sums->orig_packets);
}

static void
tuple_write(struct store *s, int64_t window, int64_t n, const struct tuple *t)
{
	struct store_row row = store_row_begin(&s->statements, STORE_PUT_TUPLE);
	struct strbuf letters;

	strbuf_init(&letters, s->text, sizeof(s->text));
	uint32_t kept = letters_put(&letters, t);
	store_put_i64(&row, window);
	store_put_i64(&row, n);
	store_put_i64(&row, t->role);
	store_put_addr(&row, &t->peer);
	store_put_i64(&row, t->port);
	store_put_i64(&row, t->ip_proto);
	store_put_u64(&row, t->first_ns);
	store_put_bytes(&row, letters.text, letters.length);
	store_put_i64(&row, t->letter_count);
	store_put_i64(&row, kept);
	sums_put(&row, &t->sums[false]);
	sums_put(&row, &t->sums[true]);
	(void)store_row_write(&row);
}

static void
source_port_write(struct store *s, int64_t window, int64_t n, const struct source_port *p)
{
	struct store_row row = store_row_begin(&s->statements, STORE_PUT_SOURCE_PORT);

	store_put_i64(&row, window);
	store_put_i64(&row, n);
	store_put_i64(&row, p->role);
	store_put_i64(&row, p->port);
	store_put_i64(&row, p->ip_proto);
	store_put_i64(&row, p->established);
	store_put_i64(&row, p->flows);
	store_put_u64(&row, p->packets);
	store_put_u64(&row, p->bytes);
	(void)store_row_write(&row);
}

static void
state_write(struct store *s, const struct store_window *at, const struct record *r)
{
	struct store_row row = store_row_begin(&s->statements, STORE_SET_WINDOW);
	const struct record_window *w = r->window;

	store_put_u64(&row, at->told_ns);
	store_put_i64(&row, r->kind == RECORD_WINDOW);
	store_put_u64(&row, w->evidence);
	store_put_u64(&row, w->suppressed);
	store_put_double(&row, w->sum);
	store_put_i64(&row, w->truncated);
	store_put_u64(&row, w->late);
	store_put_i64(&row, at->id);
	(void)store_row_write(&row);
}

/* returns how many stand in the store as they are now, of all from the first */
static uint64_t
tuples_write(struct store *s, int64_t window, const struct tuples *all, uint64_t from, uint64_t to)
{
	uint64_t n = 0;

	for (const struct tuple *t = all->first; t != NULL && n < to; t = t->next, n++)
		if (n >= from)
			tuple_write(s, window, (int64_t)n, t);
	return n;
}

static void
source_ports_write(
	struct store *s, int64_t window, const struct tuples *all, uint64_t from, uint64_t to)
{
	uint64_t n = 0;

	for (const struct source_port *p = all->first_port; p != NULL && n < to; p = p->next, n++)
		if (n >= from)
			source_port_write(s, window, (int64_t)n, p);
}

static bool
is_due(const struct store_windows *w, const struct store_window *at, const struct record *r)
{
	uint64_t tuples = r->window->tuples->count;
	uint64_t every_ns = STORE_WINDOW_EVERY_S * (uint64_t)NS_PER_S +
			    tuples * STORE_WINDOW_TUPLE_MS * (uint64_t)NS_PER_MS;

	return r->kind == RECORD_WINDOW || at->told_ns == 0 ||
	       (at->rows == 0 && tuples > 0 && !w->is_brief) || at->is_in_part ||
	       r->ts_ns >= at->told_ns + every_ns;
}

bool
store_window_write(struct store_windows *w, const struct record *r)
{
	struct store *s = w->store;
	struct store_window *at = store_window_of(w, &r->window->host, &r->window->window);
	const struct tuples *tuples = r->window->tuples;

	if (at == NULL)
		return true;
	if (!is_due(w, at, r))
		return false;
	at->told_ns = r->ts_ns;
	state_write(s, at, r);
	if (w->is_brief) {
		if (r->kind == RECORD_WINDOW && tuples->count > 0)
			store_budget_lose(s, "store_tuples", tuples->count);
		return true;
	}
	bool is_open = r->kind == RECORD_WINDOW_SO_FAR;
	uint64_t from = is_open && at->is_in_part ? at->rows : 0;
	uint64_t to = is_open ? from + STORE_WINDOW_ROWS : UINT64_MAX;
	at->rows = tuples_write(s, at->id, tuples, from, to);
	source_ports_write(s, at->id, tuples, from, to);
	at->is_in_part = at->rows < tuples->count;
	return true;
}
