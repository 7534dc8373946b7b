/*
 * The list of profiles is asked for at each picture, and is all that reads every host: it is kept until somebody has
 * written, and then sums are read again of those windows only that were told anew.
 */
#include "viewer/source/source_order.h"
#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

#include <stdlib.h>
#include <string.h>

/* A row of a window while profiles are put together. */
struct window_row {
	struct source_window window;
	int64_t profile, run;
	struct store_sums sums;
};

struct profile_row {
	struct source_profile profile;
	int64_t id;
};

/* ---- sums ---- */

static int
compare_sums(const void *a, const void *b)
{
	const struct store_sums *x = a;
	const struct store_sums *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void
sums_ask(struct source *s, struct store_sums *sums)
{
	struct question q = question_begin(s, ASK_SUMS);

	question_put(&q, sums->id);
	if (question_next(&q)) {
		sums->flows = question_u64(&q, 0);
		sums->packets = question_u64(&q, 1);
		sums->bytes = question_u64(&q, 2);
	}
	question_end(&q);
}

static void
sums_find(struct source *s, const struct store_profiles *before, struct store_sums *sums)
{
	const struct store_sums *kept = before->sum_count > 0
						? bsearch(sums, before->sums, before->sum_count,
							  sizeof(*sums), compare_sums)
						: NULL;

	if (kept != NULL && kept->told_ns == sums->told_ns)
		*sums = *kept;
	else
		sums_ask(s, sums);
}

/* The first time all are wanted, and read as they lie. */
static void
sums_read_all(struct source *s, struct window_row *rows, size_t count, struct arena *room)
{
	struct source_rows_of all = { .memory = room, .row_size = sizeof(struct store_sums) };
	struct question q = question_begin(s, ASK_ALL_SUMS);

	while (question_next(&q)) {
		struct store_sums *sums = source_row_add(&all);
		if (sums == NULL)
			break;
		*sums = (struct store_sums){ .id = question_i64(&q, 3),
			.flows = question_u64(&q, 0),
			.packets = question_u64(&q, 1),
			.bytes = question_u64(&q, 2) };
	}
	question_end(&q);
	for (size_t i = 0; i < count && all.count > 0; i++) {
		struct store_sums *sums = &rows[i].sums;
		const struct store_sums *found =
			bsearch(sums, all.rows, all.count, sizeof(*sums), compare_sums);
		int64_t told_ns = sums->told_ns;
		if (found != NULL)
			*sums = *found;
		sums->told_ns = told_ns;
	}
}

static void
sums_read(struct source *s, const struct store_profiles *before, struct window_row *rows,
	size_t count, struct arena *room)
{
	if (!before->is_read) {
		sums_read_all(s, rows, count, room);
		return;
	}
	for (size_t i = 0; i < count && s->trouble[0] == '\0'; i++)
		sums_find(s, before, &rows[i].sums);
}

static void
sums_keep(struct store_profiles *now, const struct window_row *rows, size_t count)
{
	struct store_sums *sums =
		count > 0 ? arena_alloc(&now->memory, count * sizeof(*sums)) : NULL;

	if (sums == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		sums[i] = rows[i].sums;
	qsort(sums, count, sizeof(*sums), compare_sums);
	now->sums = sums;
	now->sum_count = count;
}

/* ---- reading ---- */

static struct window_row *
windows_read(struct source *s, struct arena *m, size_t *ret_count)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct window_row) };
	struct store_anchor anchor = { .profile = 0 };
	struct question q = question_begin(s, ASK_WINDOWS);

	while (question_next(&q)) {
		struct window_row *r = source_row_add(&rows);
		int64_t start_ns = question_i64(&q, 4);
		if (r == NULL)
			break;
		r->profile = question_i64(&q, 0);
		r->run = question_i64(&q, 2);
		if (anchor.profile != r->profile)
			anchor = source_store_anchor_of(r->profile, r->run, question_i64(&q, 3),
				start_ns, question_i64(&q, 5));
		r->sums = (struct store_sums){ .id = question_i64(&q, 1),
			.told_ns = question_i64(&q, 6) };
		r->window = (struct source_window){
			.id.number =
				source_store_number(&anchor, r->run, question_i64(&q, 3), start_ns),
			.start_ns = question_u64(&q, 4),
			.end_ns = question_u64(&q, 5),
			.closed = question_i64(&q, 7) != 0,
			.threat = question_double(&q, 8),
			.evidence = question_u64(&q, 9),
			.alerts = question_u64(&q, 10),
		};
	}
	question_end(&q);
	*ret_count = rows.count;
	return rows.rows;
}

/* texts: where those are to stay */
static struct profile_row *
profiles_read(struct source *s, struct arena *room, struct arena *texts, size_t *ret_count)
{
	struct source_rows_of rows = { .memory = room, .row_size = sizeof(struct profile_row) };
	struct question q = question_begin(s, ASK_PROFILES);

	while (question_next(&q)) {
		struct profile_row *r = source_row_add(&rows);
		if (r == NULL)
			break;
		r->id = question_i64(&q, 0);
		r->profile = (struct source_profile){
			.host = question_text(&q, 1, texts),
			.name = question_text(&q, 2, texts),
			.vendor = question_text(&q, 3, texts),
			.country = question_text(&q, 4, texts),
		};
	}
	question_end(&q);
	*ret_count = rows.count;
	return rows.rows;
}

/* ---- putting together ---- */

/* By profile and number; of a parted window the last run first. */
static int
compare_rows(const void *a, const void *b)
{
	const struct window_row *x = a;
	const struct window_row *y = b;

	if (x->profile != y->profile)
		return x->profile < y->profile ? -1 : 1;
	if (x->window.id.number != y->window.id.number)
		return x->window.id.number < y->window.id.number ? -1 : 1;
	return (x->run < y->run) - (x->run > y->run);
}

/* What was known of a window before a restart: the threat is of after it. */
static void
window_add(struct source_window *w, const struct source_window *part)
{
	if (part->start_ns < w->start_ns)
		w->start_ns = part->start_ns;
	if (part->end_ns > w->end_ns)
		w->end_ns = part->end_ns;
	w->evidence += part->evidence;
	w->alerts += part->alerts;
	w->flows += part->flows;
	w->packets += part->packets;
	w->bytes += part->bytes;
}

/* returns how many windows the rows of one profile are, written from `to` on */
static size_t
windows_join(struct source_window *to, const struct window_row *rows, size_t count)
{
	size_t windows = 0;

	for (size_t i = 0; i < count; i++) {
		struct source_window w = rows[i].window;
		w.flows = rows[i].sums.flows;
		w.packets = rows[i].sums.packets;
		w.bytes = rows[i].sums.bytes;
		if (windows > 0 && to[windows - 1].id.number == w.id.number)
			window_add(&to[windows - 1], &w);
		else
			to[windows++] = w;
	}
	return windows;
}

static void
profile_sum(struct source_profile *p, struct source_window *windows)
{
	for (size_t i = 0; i < p->window_count; i++) {
		windows[i].id.host = p->host;
		windows[i].infected = windows[i].alerts > 0;
		p->infected |= windows[i].infected;
		p->evidence += windows[i].evidence;
		p->alerts += windows[i].alerts;
	}
	p->windows = windows;
}

/* Both lists are in order of the profiles' ids. */
static void
join(struct store_profiles *now, const struct profile_row *profiles, size_t profile_count,
	const struct window_row *rows, size_t row_count)
{
	struct source_profile *joined =
		arena_alloc(&now->memory, (profile_count + 1) * sizeof(*joined));
	struct source_window *windows =
		arena_alloc(&now->memory, (row_count + 1) * sizeof(*windows));
	size_t at = 0;

	if (joined == NULL || windows == NULL)
		return;
	for (size_t i = 0; i < profile_count; i++) {
		size_t first = at;
		while (at < row_count && rows[at].profile < profiles[i].id)
			first = ++at; /* of nobody */
		while (at < row_count && rows[at].profile == profiles[i].id)
			at++;
		joined[i] = profiles[i].profile;
		joined[i].window_count =
			windows_join(windows + now->window_count, rows + first, at - first);
		profile_sum(&joined[i], windows + now->window_count);
		now->window_count += joined[i].window_count;
	}
	now->profiles = joined;
	now->count = profile_count;
	source_profiles_order(joined, profile_count, &now->memory);
}

static void
read_all(struct source *s, const struct store_profiles *before, struct store_profiles *now,
	struct arena *room)
{
	size_t profile_count = 0;
	size_t row_count = 0;
	struct profile_row *profiles = profiles_read(s, room, &now->memory, &profile_count);
	struct window_row *rows = windows_read(s, room, &row_count);

	sums_read(s, before, rows, row_count, room);
	if (row_count > 1)
		qsort(rows, row_count, sizeof(*rows), compare_rows);
	sums_keep(now, rows, row_count);
	join(now, profiles, profile_count, rows, row_count);
}

static void
ask_only(struct source *s, enum store_question which)
{
	struct question q = question_begin(s, which);

	(void)question_next(&q);
	question_end(&q);
}

static void
refresh(struct source *s)
{
	struct store_state *state = s->state;
	struct store_profiles *kept = &state->profiles;
	struct store_profiles now = { .is_read = true, .version = source_store_version(s) };
	struct arena room;

	if (s->trouble[0] != '\0' || (kept->is_read && kept->version == now.version))
		return;
	arena_init(&now.memory, kept->memory.cap_bytes, NULL);
	arena_init(&room, kept->memory.cap_bytes, NULL);
	ask_only(s, ASK_BEGIN); /* what is read is of one moment */
	read_all(s, kept, &now, &room);
	ask_only(s, ASK_END);
	source_store_full(s, &room, 0);
	source_store_full(s, &now.memory, 0);
	now.is_read = s->trouble[0] == '\0';
	arena_done(&room);
	arena_done(&kept->memory);
	*kept = now;
}

/* ---- answering ---- */

size_t
source_store_profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	struct store_state *state = s->state;
	const struct store_profiles *kept = &state->profiles;
	unsigned refused = m->refused;

	refresh(s);
	struct source_profile *profiles = arena_alloc(m, (kept->count + 1) * sizeof(*profiles));
	struct source_window *windows = arena_alloc(m, (kept->window_count + 1) * sizeof(*windows));
	source_store_full(s, m, refused);
	*ret = profiles;
	if (profiles == NULL || windows == NULL)
		return 0;
	for (size_t i = 0; i < kept->count; i++) {
		struct source_profile *p = &profiles[i];
		*p = kept->profiles[i];
		p->host = source_text_copy(m, p->host);
		p->name = source_text_copy(m, p->name);
		p->vendor = source_text_copy(m, p->vendor);
		p->country = source_text_copy(m, p->country);
		if (p->window_count > 0)
			memcpy(windows, p->windows, p->window_count * sizeof(*windows));
		p->windows = windows;
		for (size_t w = 0; w < p->window_count; w++)
			windows++->id.host = p->host;
	}
	source_store_full(s, m, refused);
	return kept->count;
}
