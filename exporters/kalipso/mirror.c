#include "exporters/kalipso/mirror.h"

#include "exporters/kalipso/mirror_address.h"
#include "exporters/kalipso/mirror_gone.h"
#include "exporters/kalipso/mirror_inside.h"
#include "exporters/kalipso/mirror_lines.h"
#include "exporters/kalipso/mirror_memory.h"
#include "exporters/kalipso/mirror_window.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

/* Of the bytes, so that what windows have keeps a share: tables never give back what they have touched. */
enum { WINDOWS_SHARE = 4, ADDRESSES_SHARE = 4 };

enum { VANISH_AT_ONCE = 512 }; /* windows a tick */

static uint32_t
at_most(uint32_t wanted, uint64_t bytes, size_t item)
{
	const uint64_t fit = bytes / item;

	return fit < wanted ? (uint32_t)fit : wanted;
}

static bool
tables_init(struct mirror *m)
{
	const size_t window = table_bytes_per_item(sizeof(struct mirror_window)) +
			      table_bytes_per_item(sizeof(struct mirror_host));
	const size_t entry = table_bytes_per_item(sizeof(struct mirror_entry));
	const uint32_t windows = at_most(m->plan.windows, m->plan.bytes / WINDOWS_SHARE, window);
	const uint32_t addresses =
		at_most(m->plan.addresses, m->plan.bytes / ADDRESSES_SHARE, entry);
	struct hash_key key;

	return getrandom(&key, sizeof(key), 0) == sizeof(key) &&
	       table_init(&m->windows, sizeof(struct mirror_window),
		       sizeof(struct mirror_window_key), windows, &key) == 0 &&
	       table_init(&m->hosts, sizeof(struct mirror_host), sizeof(struct addr), windows,
		       &key) == 0 &&
	       table_init(&m->addresses, sizeof(struct mirror_entry), sizeof(struct addr),
		       addresses, &key) == 0;
}

static bool
targets_init(struct mirror *m)
{
	for (uint32_t t = 0; t < m->plan.targets; t++) {
		struct mirror_target *target = &m->targets[t];

		TAILQ_INIT(&target->windows);
		TAILQ_INIT(&target->addresses);
		if (!mirror_ring_init(&target->gone, table_capacity(&m->windows)) ||
			!mirror_ring_init(&target->gone_addresses, table_capacity(&m->addresses)))
			return false;
	}
	return true;
}

struct mirror *
mirror_new(const struct mirror_plan *plan)
{
	struct mirror *m = calloc(1, sizeof(*m));

	assert(plan->bytes >= MIRROR_BYTES_MIN && plan->targets <= MIRROR_TARGETS_MAX);
	if (m == NULL)
		return NULL;
	m->plan = *plan;
	TAILQ_INIT(&m->ages);
	TAILQ_INIT(&m->address_ages);
	TAILQ_INIT(&m->findings);
	window_unpacking_init(&m->unpacking, plan->window_memory);
	m->scratch = malloc(WINDOW_PIECE_MAX);
	if (m->scratch == NULL || !tables_init(m) || !targets_init(m)) {
		mirror_free(m);
		return NULL;
	}
	return m;
}

void
mirror_free(struct mirror *m)
{
	if (m == NULL)
		return;
	while (!TAILQ_EMPTY(&m->ages))
		mirror_window_forget(m, TAILQ_FIRST(&m->ages));
	for (uint32_t t = 0; t < m->plan.targets; t++) {
		mirror_ring_done(&m->targets[t].gone);
		mirror_ring_done(&m->targets[t].gone_addresses);
	}
	table_done(&m->windows);
	table_done(&m->hosts);
	table_done(&m->addresses);
	window_unpacking_done(&m->unpacking);
	free(m->scratch);
	free(m);
}

static bool
finding_take(struct mirror *m, struct mirror_window *w, struct mirror_lines *lines,
	const struct record *r)
{
	struct mirror_line *line = mirror_lines_add(m, w, lines, MIRROR_FINDINGS_MAX, r, r->ts_ns);

	if (line != NULL)
		mirror_line_found(m, line);
	return line != NULL;
}

/* returns false when something of it found no memory */
static bool
window_record_take(struct mirror *m, struct mirror_window *w, const struct record *r)
{
	switch (r->kind) {
	case RECORD_WINDOW:
	case RECORD_WINDOW_SO_FAR:
		w->closed = r->kind == RECORD_WINDOW;
		mirror_address_asked(m, r->window);
		return mirror_window_take(m, w, r->window);
	case RECORD_TIMELINE:
		return mirror_lines_add(m, w, &w->timeline, m->plan.timeline_lines, r,
			       r->timeline->flow->start_ns) != NULL;
	case RECORD_EVIDENCE:
		w->threat = r->evidence->sum;
		return finding_take(m, w, &w->evidence, r);
	default:
		w->alerts++;
		w->threat = 0;
		return finding_take(m, w, &w->alerted, r);
	}
}

/* Whose window a record is of, and which. returns false when it is of none */
static bool
window_of(const struct record *r, struct addr *ret_host, struct record_window_ref *ret_window)
{
	switch (r->kind) {
	case RECORD_WINDOW:
	case RECORD_WINDOW_SO_FAR:
		*ret_host = r->window->host;
		*ret_window = r->window->window;
		return true;
	case RECORD_TIMELINE:
		*ret_host = r->timeline->host;
		*ret_window = r->timeline->window;
		return true;
	case RECORD_EVIDENCE:
		*ret_host = r->evidence->host;
		*ret_window = r->evidence->window;
		return true;
	case RECORD_ALERT:
		*ret_host = r->alert->host;
		*ret_window = r->alert->window;
		return true;
	default:
		return false;
	}
}

void
mirror_take(struct mirror *m, const struct record *r)
{
	struct record_window_ref ref;
	struct addr host;

	if (r->kind == RECORD_ADDRESS)
		mirror_address_take(m, r->address, r->ts_ns);
	if (r->kind == RECORD_DEVICE)
		mirror_address_device(m, r->device, r->ts_ns);
	if (!window_of(r, &host, &ref))
		return;
	struct mirror_window *w = mirror_window_open(m, &host, &ref);
	if (w == NULL || !window_record_take(m, w, r))
		m->stats.refused++;
	if (w != NULL)
		mirror_window_changed(m, w);
	/* Last: room for an address may be the window's. */
	if (r->kind == RECORD_TIMELINE)
		mirror_address_said(m, r->timeline, r->ts_ns);
}

void
mirror_tick(struct mirror *m, uint64_t monotonic_ns, uint64_t ttl_ns)
{
	struct mirror_window *w;

	if (monotonic_ns > m->now_ns)
		m->now_ns = monotonic_ns;
	for (int i = 0; ttl_ns > 0 && i < VANISH_AT_ONCE; i++) {
		w = TAILQ_FIRST(&m->ages);
		if (w == NULL || m->now_ns - w->changed_ns < ttl_ns)
			return;
		mirror_window_forget(m, w);
	}
}

static void
all_due(struct mirror *m, uint32_t target)
{
	struct mirror_window *w;
	struct mirror_entry *e;

	TAILQ_FOREACH (w, &m->ages, age)
		mirror_window_due(m, w, target);
	TAILQ_FOREACH (e, &m->address_ages, age)
		mirror_address_due(m, e, target);
}

void
mirror_restart(struct mirror *m, uint32_t target)
{
	struct mirror_target *t = &m->targets[target];
	struct mirror_window *w;
	struct mirror_entry *e;

	t->gone.count = 0;
	t->gone_addresses.count = 0;
	t->finding = TAILQ_FIRST(&m->findings);
	TAILQ_FOREACH (w, &m->ages, age)
		w->due[target].there = false;
	TAILQ_FOREACH (e, &m->address_ages, age)
		e->due[target].there = false;
	all_due(m, target);
}

void
mirror_repeat(struct mirror *m, uint32_t target)
{
	all_due(m, target);
}

bool
mirror_is_due(const struct mirror *m, uint32_t target)
{
	const struct mirror_target *t = &m->targets[target];

	return !TAILQ_EMPTY(&t->windows) || !TAILQ_EMPTY(&t->addresses) || t->gone.count > 0 ||
	       t->gone_addresses.count > 0 || t->finding != NULL;
}

struct mirror_stats
mirror_stats(const struct mirror *m)
{
	struct mirror_stats s = m->stats;

	s.windows = table_count(&m->windows);
	s.addresses = table_count(&m->addresses);
	s.bytes = mirror_bytes(m);
	return s;
}
