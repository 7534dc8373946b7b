/*
 * engine_save.c -- what an engine must know of the one before it, as bytes.
 *
 * Four sections, the smallest and most needed first. `numbers`: width and start of the numbering,
 * and the ordinals that ids are made of. `place`: networks and gateways, if any were learned.
 * `windows`: those in which something was told, of the host that was idle longest first, so that a
 * restored engine has its hosts in the same order. `names`.
 *
 * Ordinals also jump to the wall clock at every start. A state is a minute old when the power
 * fails, or it is gone: no count of findings grows by one a nanosecond, so a later start is above
 * all that an earlier one gave out.
 *
 * A section is looked through as a whole before any of it is taken. Restoring goes through the same
 * doors as packets do, so the same caps hold, but it makes no room: nothing is closed or evicted
 * before the first packet has come.
 */
#include "daemon/engine/engine_save.h"

#include "daemon/base/cursor.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/evidence_save.h"

#include <assert.h>

enum section {
	SECTION_NUMBERS = 1,
	SECTION_WINDOWS,
	SECTION_NAMES,
	SECTION_PLACE,
};

enum { SECTION_VERSION = 2, SECTION_LENGTH_BYTES = 4 };

/* Between the begin and the end of engine_finish_saving(). */
struct engine_saving {
	struct blob *windows;
	struct engine_saved *saved;
};

/* returns where the section's content begins */
static size_t
section_begin(struct blob *b, enum section id)
{
	blob_u16(b, (uint16_t)id);
	blob_u16(b, SECTION_VERSION);
	blob_u32(b, 0);
	return b->length;
}

/* `part` began as a copy of `b`, and becomes `b` when all of it fitted. */
static void
section_end(struct blob *b, const struct blob *part, size_t begin)
{
	if (part->overflow)
		return;
	struct blob length =
		blob_over(part->bytes + begin - SECTION_LENGTH_BYTES, SECTION_LENGTH_BYTES);
	blob_u32(&length, (uint32_t)(part->length - begin));
	*b = *part;
}

static uint8_t
rule_bits(const struct window_rule *rule)
{
	return (uint8_t)(rule->by_profile | rule->only_one << 1 | rule->s20 << 2);
}

static void
save_numbers(const struct engine *e, struct blob *b)
{
	struct blob part = *b;
	size_t begin = section_begin(&part, SECTION_NUMBERS);

	blob_u64(&part, e->window_rule.width_ns);
	blob_u8(&part, rule_bits(&e->window_rule));
	blob_u8(&part, e->series.started);
	blob_u64(&part, e->series.t0_ns);
	blob_u64(&part, e->next_evidence);
	blob_u64(&part, e->next_alert);
	section_end(b, &part, begin);
}

static void
save_window(
	const struct engine *e, const struct window *w, struct blob *b, struct engine_saved *saved)
{
	struct blob part = *b;

	if (w->evidence.by_detector == NULL)
		return; /* nothing was told */
	blob_bytes(&part, &w->profile->addr, sizeof(w->profile->addr));
	blob_u64(&part, w->profile->series.t0_ns);
	blob_u64(&part, w->slot.start_ns);
	blob_u32(&part, w->marks);
	evidence_save(e, w, &part);
	if (part.overflow) {
		saved->windows_left_out++;
		return;
	}
	*b = part;
	saved->windows++;
}

static void
save_place(const struct engine *e, struct blob *b)
{
	if (!site_place_is_learned(e->site))
		return;
	struct blob part = *b;
	size_t begin = section_begin(&part, SECTION_PLACE);
	site_place_save(e->site, &part);
	section_end(b, &part, begin);
}

/* Windows of a profile are linked newest first; one that opened goes before those that opened after it. */
static const struct window *
opened_after(const struct profile *p, const struct window *w)
{
	const struct window *next = p->windows;

	while (next != NULL && next->older != w)
		next = next->older;
	return next;
}

static void
save_windows_of(const struct engine *e, const struct profile_list *list, struct blob *b,
	struct engine_saved *saved)
{
	const struct profile *p;

	TAILQ_FOREACH (p, list, idle) {
		const struct window *w = NULL;
		while ((w = opened_after(p, w)) != NULL)
			save_window(e, w, b, saved);
	}
}

static void
save_names(const struct engine *e, struct blob *b, struct engine_saved *saved)
{
	struct blob part = *b;
	size_t begin = section_begin(&part, SECTION_NAMES);

	if (!part.overflow)
		saved->names = site_save(e->site, &part);
	saved->names_left_out = (uint32_t)site_stats(e->site).names - saved->names;
	section_end(b, &part, begin);
}

void
engine_save(const struct engine *e, struct blob *b, struct engine_saved *ret_saved)
{
	*ret_saved = (struct engine_saved){ 0 };
	save_numbers(e, b);
	save_place(e, b);
	struct blob part = *b;
	size_t begin = section_begin(&part, SECTION_WINDOWS);
	save_windows_of(e, &e->profiles.newcomers, &part, ret_saved);
	save_windows_of(e, &e->profiles.residents, &part, ret_saved);
	section_end(b, &part, begin);
	save_names(e, b, ret_saved);
}

void
engine_save_window(struct engine *e, const struct window *w)
{
	save_window(e, w, e->saving->windows, e->saving->saved);
}

void
engine_finish_saving(struct engine *e, const struct record_loss *extra_lost, size_t extra_count,
	struct blob *b, struct engine_saved *ret_saved)
{
	struct blob numbers = *b;

	*ret_saved = (struct engine_saved){ 0 };
	save_numbers(e, b);
	save_place(e, b);
	struct blob part = *b;
	size_t begin = section_begin(&part, SECTION_WINDOWS);
	e->saving = &(struct engine_saving){ .windows = &part, .saved = ret_saved };
	engine_finish(e, extra_lost, extra_count);
	e->saving = NULL;
	section_end(b, &part, begin);
	save_names(e, b, ret_saved);
	save_numbers(e, &numbers); /* once more in its place: ordinals have gone on */
}

/* What is being restored, and into what. */
struct restoring {
	struct engine *engine;
	uint64_t now_ns;
	bool same_windows; /* as this engine's: they can be opened again */
	struct engine_restored *restored;
};

/* Sums of a time and two widths stay in the range of window numbers. */
static bool
is_series(uint64_t width_ns, uint64_t t0_ns)
{
	return width_ns > 0 && width_ns <= INT64_MAX / 4 && t0_ns <= INT64_MAX / 2;
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool
restore_numbers(struct restoring *r, struct cursor c)
{
	struct engine *e = r->engine;
	uint64_t width_ns = cursor_le64(&c);
	uint8_t bits = cursor_u8(&c);
	uint8_t started = cursor_u8(&c);
	uint64_t t0_ns = cursor_le64(&c);
	uint64_t next_evidence = cursor_le64(&c);
	uint64_t next_alert = cursor_le64(&c);

	if (c.short_read || cursor_left(&c) > 0 || started > 1 || !is_series(width_ns, t0_ns) ||
		next_evidence > INT64_MAX || next_alert > INT64_MAX || e->series.started)
		return false;
	e->next_evidence = later(e->next_evidence, next_evidence);
	e->next_alert = later(e->next_alert, next_alert);
	/* With another width or rule windows are other things, and their numbers start again. */
	r->same_windows = width_ns == e->window_rule.width_ns && bits == rule_bits(&e->window_rule);
	if (r->same_windows && started == 1)
		e->series = (struct window_series){
			.started = true, .t0_ns = t0_ns, .first = 1, .last = 1
		};
	return true;
}

/* Look at one window, and with `take` open it. returns false when it makes no sense */
static bool
restore_window(struct restoring *r, struct cursor *c, bool take)
{
	struct engine *e = r->engine;
	struct addr host;
	struct window *w = NULL;

	cursor_bytes(c, &host, sizeof(host));
	uint64_t t0_ns = cursor_le64(c);
	uint64_t start_ns = cursor_le64(c);
	uint32_t marks = cursor_le32(c);
	if (c->short_read || !is_series(e->window_rule.width_ns, t0_ns))
		return false;
	if (take && r->same_windows)
		w = engine_window_reopen(e, &host, t0_ns, start_ns, r->now_ns);
	if (!evidence_restore(e, w, c))
		return false;
	if (w == NULL) {
		r->restored->windows_left_out += take;
		return true;
	}
	w->marks = marks;
	profile_settle(&e->profiles, w->profile);
	r->restored->windows++;
	return true;
}

static bool
restore_windows(struct restoring *r, struct cursor windows)
{
	for (struct cursor c = windows; cursor_left(&c) > 0;)
		if (!restore_window(r, &c, /* take= */ false))
			return false;
	while (cursor_left(&windows) > 0)
		(void)restore_window(r, &windows, /* take= */ true);
	return true;
}

static bool
restore_section(struct restoring *r, enum section id, struct cursor content)
{
	switch (id) {
	case SECTION_NUMBERS:
		return restore_numbers(r, content);
	case SECTION_WINDOWS:
		return restore_windows(r, content);
	case SECTION_PLACE:
		return site_place_restore(r->engine->site, content, r->now_ns);
	case SECTION_NAMES:
		break;
	}
	return site_restore(r->engine->site, content, r->now_ns, &r->restored->names);
}

void
engine_restore(struct engine *e, const void *bytes, size_t size, uint64_t now_ns,
	struct engine_restored *ret_restored)
{
	struct restoring r = { .engine = e, .now_ns = now_ns, .restored = ret_restored };
	struct cursor c = cursor_over(size == 0 ? "" : bytes, size);

	assert(e->clock_ns == 0);
	*ret_restored = (struct engine_restored){ 0 };
	e->next_evidence = e->next_alert = now_ns;
	while (cursor_left(&c) > 0) {
		uint16_t id = cursor_le16(&c);
		uint16_t version = cursor_le16(&c);
		struct cursor content = cursor_sub(&c, cursor_le32(&c));
		bool known =
			id >= SECTION_NUMBERS && id <= SECTION_PLACE && version == SECTION_VERSION;
		if (!known && !c.short_read)
			ret_restored->sections_unknown++;
		else if (c.short_read || !restore_section(&r, (enum section)id, content))
			ret_restored->sections_refused++;
	}
}
