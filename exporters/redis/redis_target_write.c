#include "exporters/redis/redis_target_write.h"

#include "exporters/kalipso/kalipso_peers.h"

static void
mark(struct redis_target_writer *w, struct redis_flying item)
{
	redis_link_mark(w->link, redis_flight_add(w->flight, item));
}

static void
word(struct redis_target_writer *w, const char *name)
{
	redis_begin(w->target.command, w->target.db, name, NULL);
	(void)redis_end(w->target.command);
}

/* The names of keys, each in its database. */
static void
keys(struct redis_target_writer *w)
{
	redis_gate_keys(w->gate, w->target.command, w->target.db);
	if (w->target.cache_db != w->target.db)
		redis_gate_keys(w->gate, w->target.command, w->target.cache_db);
}

static bool
next_gone(struct redis_target_writer *w)
{
	struct mirror_gone gone;
	struct addr addr;

	if (mirror_next_gone(w->target.mirror, w->target.target, &gone)) {
		w->dialect->gone(&w->target, &gone);
	} else if (mirror_next_gone_address(w->target.mirror, w->target.target, &addr)) {
		w->dialect->gone_address(&w->target, &addr);
	} else if (!kalipso_peers_gone(&w->target)) {
		return false;
	}
	keys(w);
	mark(w, (struct redis_flying){ .what = REDIS_FLOWN_GONE });
	return true;
}

static bool
next_finding(struct redis_target_writer *w)
{
	const uint64_t number = redis_stream_next(w->stream, w->target.command);

	if (number == 0)
		return false;
	mark(w, (struct redis_flying){ .what = REDIS_FLOWN_FINDING, .number = (int64_t)number });
	return true;
}

static bool
next_address(struct redis_target_writer *w)
{
	const struct mirror_address *a = mirror_next_address(w->target.mirror, w->target.target);

	if (a == NULL)
		return false;
	w->dialect->address(&w->target, a);
	keys(w);
	mark(w, (struct redis_flying){ .what = REDIS_FLOWN_ADDRESS, .addr = a->addr });
	return true;
}

static void
write_window(struct redis_target_writer *w, const struct mirror_window *window)
{
	w->dialect->before_window(&w->target, window);
	keys(w);
	word(w, "MULTI");
	w->dialect->window(&w->target, window);
	redis_gate_keys(w->gate, w->target.command, w->target.db);
	word(w, "EXEC");
	mark(w, (struct redis_flying){ .what = REDIS_FLOWN_WINDOW,
			.addr = window->host,
			.number = window->ref.number });
}

static bool
next_window(struct redis_target_writer *w)
{
	struct mirror *m = w->target.mirror;
	const uint32_t number = w->target.target;
	struct mirror_window *window = mirror_first_window(m, number);

	if (window == NULL)
		return false;
	struct mirror_due *due = &window->due[number];
	if (due->written_ns != 0 && w->now_ns - due->written_ns < w->interval_ns)
		return false;
	(void)mirror_next_window(m, number);
	due->written_ns = w->now_ns;
	if (w->has_windows)
		write_window(w, window);
	mirror_window_told(window, number);
	return true;
}

void
redis_target_write_begin(struct redis_target_writer *w)
{
	w->dialect->begin(&w->target);
	keys(w);
}

bool
redis_target_write_next(struct redis_target_writer *w)
{
	return next_gone(w) || next_finding(w) || next_address(w) || next_window(w);
}
