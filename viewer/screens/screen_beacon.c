/*
 * screen_beacon.c -- how regular the tuple under the cursor is: the intervals between its flows, and its letters.
 *
 * A source without flows has the letters only: then the intervals are as coarse as those, and it says so.
 */
#include "daemon/base/strbuf.h"
#include "viewer/screen.h"
#include "viewer/screens/letters_show.h"
#include "viewer/screens/refusal.h"
#include "viewer/screens/rhythm.h"
#include "viewer/screens/tuple_screen.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	FLOWS_MAX = 100000,
	FACTS_ROWS = 7,
	LABEL = 10,
	BIN_LABEL = 10,
	BIN_COUNT = 9,
	SIDE_BY_SIDE = 110,
	LINE_MAX = 512,
};

/* The tuple that is looked at. */
struct subject {
	const struct source_tuple *tuple;
	bool out;
	uint64_t *starts_ns;
	size_t flows;
	struct rhythm rhythm;
};

static const char *
refuses(const struct model *m)
{
	const char *why = refusal_without_window(m);

	if (why == NULL && m->tuple[0] == '\0')
		why = "put the cursor on a tuple first: out-tuples or in-tuples";
	return why;
}

static bool
tuple_find(struct model *m, bool out, struct subject *ret)
{
	struct source_window_id window = model_window(m);
	const struct source_tuple *tuples = NULL;
	size_t count = source_tuples(m->source, &window, out, &m->memory, &tuples);
	char key[TUPLE_KEY_MAX];

	for (size_t i = 0; i < count; i++) {
		tuple_key(&tuples[i], key);
		if (strcmp(key, m->tuple) == 0) {
			ret->tuple = &tuples[i];
			ret->out = out;
			return true;
		}
	}
	return false;
}

/* A key may be in both: who comes from one of the screens means that one. */
static bool
subject_find(struct model *m, struct subject *ret)
{
	bool first = m->back != SCREEN_IN_TUPLES;

	return tuple_find(m, first, ret) || tuple_find(m, !first, ret);
}

static bool
is_flow_of(const struct subject *s, const struct source_flow *f)
{
	const char *peer = s->out ? f->resp : f->orig;

	return strcmp(peer, s->tuple->peer) == 0 && strcmp(f->resp_port, s->tuple->port) == 0 &&
	       strcasecmp(f->proto, s->tuple->proto) == 0;
}

static void
flows_read(struct model *m, struct subject *s)
{
	struct source_window_id window = model_window(m);
	const struct source_flow *flows = NULL;
	size_t count = source_flows_with(
		m->source, &window, s->tuple->peer, FLOWS_MAX, &m->memory, &flows);

	s->starts_ns = count > 0 ? arena_alloc(&m->memory, count * sizeof(*s->starts_ns)) : NULL;
	for (size_t i = 0; s->starts_ns != NULL && i < count; i++)
		if (is_flow_of(s, &flows[i]))
			s->starts_ns[s->flows++] = flows[i].start_ns;
	s->rhythm = rhythm_of(s->starts_ns, s->flows, &m->memory);
}

static void
sentence_draw(const struct area *a, unsigned row, const struct subject *s, bool has_flows)
{
	char memory[LINE_MAX];
	struct strbuf text;
	double gap_s = s->tuple->last_s - s->tuple->before_s;

	strbuf_init(&text, memory, sizeof(memory));
	if (has_flows) {
		rhythm_say(&s->rhythm, &text);
	} else if (s->tuple->before_s > 0 && gap_s > 0) {
		strbuf_text(&text, "the last two came ");
		rhythm_time(gap_s, &text);
		strbuf_text(&text, " apart; there are no flows in this source to say more");
	} else {
		strbuf_text(&text, "there are no flows in this source: see the letters");
	}
	(void)area_text(
		a, row, 0, rhythm_is_regular(&s->rhythm) ? GRID_STRONG : GRID_PLAIN, memory);
	area_bold(a, row, 0, a->columns);
}

static void
figures_draw(const struct area *a, unsigned row, const struct rhythm *b)
{
	struct area in = area_labelled(a, row, "intervals", LABEL);
	char memory[LINE_MAX];
	struct strbuf text;

	strbuf_init(&text, memory, sizeof(memory));
	strbuf_u64(&text, b->count);
	if (b->count > 0) {
		strbuf_text(&text, ": median ");
		rhythm_time(b->median_s, &text);
	}
	if (b->count >= RHYTHM_LEAST) {
		strbuf_text(&text, ", 3 of 4 within ");
		rhythm_time(b->deviation_s, &text);
		strbuf_text(&text, ", 95 % within ");
		rhythm_time(b->most_s, &text);
		strbuf_text(&text, ", longest ");
		rhythm_time(b->intervals_s[b->count - 1], &text);
	}
	(void)area_text(&in, 0, 0, GRID_PLAIN, memory);
}

static void
periods_draw(const struct area *a, unsigned row, const char *letters)
{
	static const struct {
		const char *name;
		enum grid_colour colour;
	} kinds[LETTERS_PERIODS] = {
		[LETTERS_STRONG] = { "strongly periodic", GRID_STRONG },
		[LETTERS_WEAK] = { "weakly", GRID_WEAK },
		[LETTERS_WEAK_NOT] = { "weakly not", GRID_NOT },
		[LETTERS_STRONG_NOT] = { "strongly not", GRID_NOT },
		[LETTERS_EARLY] = { "too early to say", GRID_PLAIN },
	};
	struct area in = area_labelled(a, row, "letters", LABEL);
	size_t counts[LETTERS_PERIODS];
	unsigned end = 0;

	letters_count(letters, counts);
	for (size_t i = 0; i < LETTERS_PERIODS; i++)
		if (counts[i] > 0)
			end = area_format(&in, 0, end, kinds[i].colour, "%zu %s", counts[i],
				      kinds[i].name) +
			      2;
}

/* How many flows began when, from the first to the last. */
static void
when_draw(struct model *m, const struct area *a, unsigned row, const struct subject *s)
{
	if (s->flows < 2)
		return;
	struct area in = area_labelled(a, row, "when", LABEL);
	double *counts =
		in.columns > 0 ? arena_alloc(&m->memory, in.columns * sizeof(*counts)) : NULL;
	if (counts == NULL)
		return;
	uint64_t first = s->starts_ns[0];
	double whole = (double)(s->starts_ns[s->flows - 1] - first) + 1;
	for (size_t i = 0; i < s->flows; i++)
		counts[(size_t)((double)(s->starts_ns[i] - first) / whole * in.columns)]++;
	area_spark(&in, 0, 0, counts, in.columns, GRID_FLOWS);
}

static void
peer_draw(const struct area *a, unsigned row, const struct source_tuple *t)
{
	const struct source_address *of = &t->address;
	struct area in = area_labelled(a, row, "peer", LABEL);
	const char *const facts[] = { of->name_count > 0 ? of->names[0] : "", of->reverse,
		of->country, of->org };
	unsigned end = area_text(&in, 0, 0, GRID_ADDRESS, t->peer);

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i][0] != '\0' && (i == 0 || strcmp(facts[i], facts[0]) != 0))
			end = area_text(&in, 0, end + 2, i < 2 ? GRID_NAME : GRID_PLAIN, facts[i]);
}

static void
facts_draw(struct model *m, const struct area *a, const struct subject *s, bool has_flows)
{
	char title[LIST_KEY_MAX + 32];

	(void)snprintf(title, sizeof(title), "%s: %s", s->out ? "Out-tuple" : "In-tuple", m->tuple);
	struct area in = area_box(a, title, true);
	sentence_draw(&in, 0, s, has_flows);
	if (has_flows)
		figures_draw(&in, 1, &s->rhythm);
	periods_draw(&in, 2, s->tuple->letters);
	peer_draw(&in, 3, s->tuple);
	if (has_flows)
		when_draw(m, &in, 4, s);
}

static void
bin_draw(const struct area *a, unsigned row, const char *label, size_t count, size_t most)
{
	char room[32];
	unsigned wide =
		a->columns > BIN_LABEL + BIN_COUNT + 2 ? a->columns - BIN_LABEL - BIN_COUNT - 2 : 0;

	area_right(a, row, BIN_LABEL - 1, GRID_PLAIN, label);
	area_bar(a, row, BIN_LABEL + 1, wide, most > 0 ? (double)count / (double)most : 0,
		GRID_STRONG);
	if (a->columns > 0 && count > 0)
		area_right(a, row, a->columns - 1, GRID_SIZE, show_count(room, count));
}

static void
intervals_draw(const struct area *a, const struct rhythm *b)
{
	struct area in = area_box(a, "Intervals", false);
	unsigned rows = in.rows < RHYTHM_BINS_MAX ? in.rows : RHYTHM_BINS_MAX;

	if (rows < 3)
		return;
	struct rhythm_bins bins = rhythm_bins(b, rows - 1); /* a row for what is beyond */
	for (size_t i = 0; i < bins.count; i++) {
		char memory[32];
		struct strbuf label;

		strbuf_init(&label, memory, sizeof(memory));
		rhythm_bin_say(&bins, i, &label);
		bin_draw(&in, (unsigned)i, memory, bins.counts[i], bins.most);
	}
	if (bins.beyond > 0)
		bin_draw(&in, (unsigned)bins.count, "longer", bins.beyond, bins.most);
	if (b->count == 0)
		(void)area_text(&in, 0, 0, GRID_DIM, "none: it takes two flows in this window");
}

static void
gaps_draw(const struct area *a, const char *letters)
{
	static const char *const names[LETTERS_GAPS] = {
		[LETTERS_5_S] = "up to 5 s",
		[LETTERS_1_MIN] = "1 min",
		[LETTERS_5_MIN] = "5 min",
		[LETTERS_1_H] = "1 h",
		[LETTERS_LONGER] = "longer",
	};
	struct area in = area_box(a, "Intervals, as the letters have them", false);
	size_t counts[LETTERS_GAPS];
	size_t most = 0;

	letters_gaps(letters, counts);
	for (size_t i = 0; i < LETTERS_GAPS; i++)
		most = counts[i] > most ? counts[i] : most;
	for (unsigned i = 0; i < LETTERS_GAPS; i++)
		bin_draw(&in, i, names[i], counts[i], most);
}

/* The newest where there is no room for all. */
static void
letters_panel_draw(const struct area *a, const char *letters)
{
	struct area in = area_box(a, "Letters", false);
	size_t length = strlen(letters);
	size_t rows = in.columns > 0 ? (length + in.columns - 1) / in.columns : 0;
	size_t first = rows > in.rows ? rows - in.rows : 0;

	for (size_t row = first; row < rows; row++) {
		size_t from = row * in.columns;
		size_t left = length - from;

		(void)letters_draw(&in, (unsigned)(row - first), 0, letters + from,
			left < in.columns ? left : in.columns);
	}
	if (first > 0)
		area_character(&in, 0, 0, GRID_DIM, a->grid->utf8 ? "…" : "~");
}

static void
draw(struct model *m, const struct area *a)
{
	struct subject s = { .tuple = NULL };
	bool has_flows = source_can(m->source, SOURCE_HAS_FLOWS);
	struct area facts = area_part(a, 0, 0, FACTS_ROWS, a->columns);
	struct area rest = area_part(a, FACTS_ROWS, 0, a->rows, a->columns);

	if (!subject_find(m, &s)) {
		(void)area_format(a, 0, 0, GRID_WARN, "no tuple %s in this window", m->tuple);
		return;
	}
	if (has_flows)
		flows_read(m, &s);
	facts_draw(m, &facts, &s, has_flows);
	bool beside = a->columns >= SIDE_BY_SIDE;
	unsigned rows = beside ? rest.rows : rest.rows * 2 / 3;
	unsigned columns = beside ? rest.columns * 3 / 5 : rest.columns;
	struct area left = area_part(&rest, 0, 0, rows, columns);
	struct area right = beside ? area_part(&rest, 0, columns, rows, rest.columns)
				   : area_part(&rest, rows, 0, rest.rows, columns);
	if (has_flows)
		intervals_draw(&left, &s.rhythm);
	else
		gaps_draw(&left, s.tuple->letters);
	letters_panel_draw(&right, s.tuple->letters);
}

const struct screen screen_beacon = {
	.title = "beacon",
	.is_whole = true,
	.refuses = refuses,
	.draw = draw,
};
