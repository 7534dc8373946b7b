/*
 * live_input_take.c -- what other programs tell goes to the engine.
 *
 * Their times are not ours. What is ahead of the clock is dropped and counted: one line of the year 2100
 * would close every window that is open. What is late belongs to the window of its start while that is
 * open, else to the current one, which the engine counts.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer.h"

#include <inttypes.h>

#define AHEAD_NS (60 * NS_PER_S) /* as far as clocks of two machines may be apart */

enum {
	ITEMS_A_TURN = 512,
	BATCHES_BUSY = 16, /* that wait for the writer: files can wait as well */
};

/* The latest time that an observation speaks of. */
static uint64_t
latest_ns(const struct observation *o)
{
	bool starts_later = observation_is_flow(o) && o->flow->start_ns > o->ts_ns;

	return starts_later ? o->flow->start_ns : o->ts_ns;
}

static void
say_ahead(struct live_input *i, uint64_t ns, uint64_t now_ns)
{
	if (i->counters.ahead++ == 0)
		log_warnx("input",
			"%s: what it tells is %" PRIu64
			" s ahead of the clock here, and is dropped: set the clocks",
			i->path, (ns - now_ns) / NS_PER_S);
}

/* key_ns  the time that has come with it */
static void
tell(struct live_input *i, const struct observation *o, uint64_t key_ns)
{
	struct engine *e = i->live->engine;
	uint64_t now_ns = now_wall_ns();
	struct observation told = *o;
	struct obs_flow flow;

	if (latest_ns(o) > now_ns + AHEAD_NS) {
		say_ahead(i, latest_ns(o), now_ns);
		return;
	}
	told.interface = i->interface;
	if (observation_is_flow(o)) {
		flow = *o->flow;
		flow.interface = i->interface;
		told.flow = &flow;
	}
	i->counters.observations++;
	i->counters.last_ns = key_ns < now_ns ? key_ns : now_ns;
	engine_tick(e, i->counters.last_ns);
	engine_observe(e, &told);
}

/* Have an item of the input's files at hand, if there is one. */
static void
look_ahead(struct live_input *i)
{
	if (i->files == NULL || i->is_at_end || i->next != NULL)
		return;
	if (input_next(i->files, &i->next, &i->next_key_ns) != INPUT_ITEM) {
		i->next = NULL;
		i->is_at_end = true;
	}
}

/* returns the input whose next item is the earliest, or NULL when none has one */
static struct live_input *
earliest(struct live_inputs *inputs)
{
	struct live_input *first = NULL;

	for (size_t n = 0; n < inputs->count; n++) {
		struct live_input *i = &inputs->of[n];

		look_ahead(i);
		if (i->next != NULL && (first == NULL || i->next_key_ns < first->next_key_ns))
			first = i;
	}
	return first;
}

bool
live_input_take_files(struct live *l)
{
	for (unsigned n = 0; n < ITEMS_A_TURN; n++) {
		if (n % 64 == 0 && writer_stats(l->writer).queued >= BATCHES_BUSY)
			return true;
		struct live_input *i = earliest(l->inputs);
		if (i == NULL)
			return false;
		tell(i, i->next, i->next_key_ns);
		i->next = NULL;
	}
	return true;
}

size_t
live_input_positions(struct live *l, struct input_position ret[INPUT_POSITIONS_MAX])
{
	size_t count = 0;

	for (size_t n = 0; n < l->inputs->count; n++) {
		struct live_input *i = &l->inputs->of[n];

		look_ahead(i); /* what was given last is told, or is i->next */
		if (i->files != NULL)
			count +=
				input_positions(i->files, ret + count, INPUT_POSITIONS_MAX - count);
	}
	return count;
}

static void
tell_items(struct live_input *i, int count)
{
	for (int n = 0; n < count; n++) {
		struct input_item *item = &i->stream.items[n];

		if (i->stream.format->telling != NULL)
			i->stream.format->telling(&i->stream, item);
		tell(i, &item->o, input_item_key(item));
	}
}

static void
take_held(struct live_input *i, uint64_t now_ns)
{
	while (input_format_held(&i->stream, now_ns) > 0)
		tell_items(i, 1);
}

void
live_input_take_line(void *input, char *line, size_t length)
{
	struct live_input *i = input;

	tell_items(i, input_file_line(&i->lines, &i->stream, line, length, ++i->line));
	take_held(i, i->counters.last_ns);
}

void
live_input_take_held(struct live_input *i)
{
	if (i->socket != NULL)
		take_held(i, UINT64_MAX);
}

void
live_input_take_waiting(struct live_input *i, uint64_t now_ns)
{
	const struct observation *o;

	while (input_exporter_next(i->exporter, now_ns, &o))
		tell(i, o, o->ts_ns);
}

void
live_input_take_datagram(void *input, const struct addr *from, struct cursor bytes)
{
	struct live_input *i = input;
	uint64_t now_ns = now_wall_ns();

	input_exporter_take(i->exporter, from, bytes, now_ns);
	live_input_take_waiting(i, now_ns);
}
