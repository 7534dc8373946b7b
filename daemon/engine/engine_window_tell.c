#include "daemon/engine/engine_window_tell.h"

#include "daemon/engine/engine_state.h"

#include <assert.h>
#include <string.h>

static_assert((int)RECORD_ADDRESS_NAMES_MAX == (int)SITE_NAMES_OF_ADDRESS, "all names fit");

#define ADDRESS_AGAIN_NS (60 * NS_PER_S)
#define TELL_AGAIN_NS    NS_PER_S
#define TUPLE_COSTS_NS   (NS_PER_S / 1000) /* a window of 1000 tuples is told every other second */
#define HOLD_MAX_NS      (2 * NS_PER_S)    /* of packet time */

static bool
is_wanted(const struct engine *e, enum record_kind kind)
{
	return (e->plan.sink.wanted & RECORD_BIT(kind)) != 0;
}

/* ---- addresses ---- */

/* Was it told within ADDRESS_AGAIN_NS? Then, from now on, it was. */
static bool
is_told(struct engine *e, const struct addr *a)
{
	uint64_t words[2];

	memcpy(words, a->byte, sizeof(words));
	struct address_told *t =
		&e->tell.addresses[hash_words(&e->sketch_key, words, 2) % ADDRESSES_REMEMBERED];
	if (addr_equal(&t->addr, a) && t->at_ns != 0 && e->clock_ns - t->at_ns < ADDRESS_AGAIN_NS)
		return true;
	*t = (struct address_told){ .addr = *a, .at_ns = e->clock_ns };
	return false;
}

static void
tell_address(struct engine *e, const struct addr *a)
{
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	struct record_address r = { .addr = *a, .is_private = !addr_is_public(a) };

	if (is_told(e, a))
		return;
	if (!r.is_private) {
		r.country = site_country(e->site, a);
		r.asn = site_asn(e->site, a, &r.org);
	}
	r.name_count = site_name_of(e->site, a, e->clock_ns, names);
	for (size_t i = 0; i < r.name_count; i++)
		r.names[i] = (struct record_address_name){
			.text = names[i].text,
			.source = site_name_source_name(names[i].source),
			.told_by = names[i].resolver,
			.seen_ns = names[i].seen_ns,
			.is_believed = site_name_is_believed(names[i].source),
		};
	engine_write(e, RECORD_ADDRESS,
		&(struct record){ .kind = RECORD_ADDRESS, .ts_ns = e->clock_ns, .address = &r });
}

/* The host's, and those of the peers that came since the window was told last. */
static void
tell_addresses(struct engine *e, struct window *w)
{
	if (!is_wanted(e, RECORD_ADDRESS))
		return;
	tell_address(e, &w->profile->addr);
	struct tuple *t = w->addressed == NULL ? w->tuples.first : w->addressed->next;
	for (; t != NULL; t = t->next) {
		tell_address(e, &t->peer);
		w->addressed = t;
	}
}

/* ---- windows ---- */

static void
tell_window(struct engine *e, struct window *w, enum record_kind kind)
{
	struct record_window r = {
		.host = w->profile->addr,
		.window = { w->slot.number, w->slot.start_ns, w->slot.end_ns },
		.tuples = &w->tuples,
		.evidence = w->evidence.count,
		.suppressed = w->evidence.suppressed,
		.sum = w->evidence.sum,
		.truncated = w->truncated || w->tuples.truncated,
		.late = w->late,
	};

	if (!is_wanted(e, kind))
		return;
	tell_addresses(e, w);
	engine_write(e, kind, &(struct record){ .kind = kind, .ts_ns = e->clock_ns, .window = &r });
	w->told_ns = e->clock_ns;
}

void
engine_window_changed(struct engine *e, struct window *w)
{
	if (w->has_changed || !is_wanted(e, RECORD_WINDOW_SO_FAR))
		return;
	w->has_changed = true;
	TAILQ_INSERT_TAIL(&e->tell.changed, w, changed);
}

static void
unlist(struct engine *e, struct window *w)
{
	if (w->has_changed)
		TAILQ_REMOVE(&e->tell.changed, w, changed);
	w->has_changed = false;
}

void
engine_window_tell_end(struct engine *e, struct window *w)
{
	unlist(e, w);
	tell_window(e, w, RECORD_WINDOW);
}

static bool
has_room(const struct engine *e)
{
	return e->plan.sink.has_room == NULL || e->plan.sink.has_room(e->plan.sink.context);
}

bool
engine_may_close(const struct engine *e, uint64_t due_ns, uint64_t now_ns)
{
	return !is_wanted(e, RECORD_WINDOW) || now_ns - due_ns > HOLD_MAX_NS || has_room(e);
}

static bool
is_due(const struct engine *e, const struct window *w)
{
	return w->told_ns == 0 ||
	       e->clock_ns - w->told_ns >= TELL_AGAIN_NS + w->tuples.count * TUPLE_COSTS_NS;
}

uint32_t
engine_tell_windows(struct engine *e, uint32_t most)
{
	struct window *w = NULL;
	struct window *next = NULL;
	uint32_t told = 0;

	for (w = TAILQ_FIRST(&e->tell.changed); w != NULL && told < most; w = next) {
		next = TAILQ_NEXT(w, changed);
		if (!is_due(e, w))
			continue;
		if (!has_room(e))
			break;
		unlist(e, w);
		tell_window(e, w, RECORD_WINDOW_SO_FAR);
		told++;
	}
	return told;
}
