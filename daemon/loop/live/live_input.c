/*
 * live_input.c -- flow logs of other programs on the loop: waited on, looked at, finished.
 *
 * A turn of the loop takes a bounded number of lines and datagrams. Files can wait: while the writer is
 * busy they are let lie. What nothing was heard of is looked at once a second.
 */
#include "daemon/base/blob.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer.h"

#include <string.h>

enum {
	BATCHES_A_TURN = 4, /* of datagrams */
	BUSY_MS = 20,       /* until the writer is asked again whether it can take more */
};

/* How far files were read goes behind the records of what was read. */
static void
note_positions(struct live *l)
{
	struct live_inputs *inputs = l->inputs;
	struct input_position positions[INPUT_POSITIONS_MAX];
	uint8_t bytes[WRITER_NOTE_MAX];
	struct blob b = blob_over(bytes, sizeof(bytes));

	if (l->info.state_dir == NULL)
		return;
	input_positions_pack(&b, positions, live_input_positions(l, positions));
	if (b.length == inputs->noted_length && memcmp(b.bytes, inputs->noted, b.length) == 0)
		return;
	inputs->noted_length = b.length;
	memcpy(inputs->noted, b.bytes, b.length);
	writer_note(l->writer, b.bytes, b.length);
}

/* A turn of the files; what is left has its turn when others had theirs. */
static void
take_files(struct live *l)
{
	bool more = live_input_take_files(l);
	bool is_busy = more && writer_stats(l->writer).queued > 0;
	const struct timeval wait = { .tv_usec = is_busy ? BUSY_MS * 1000 : 0 };

	writer_flush(l->writer);
	note_positions(l);
	if (more)
		(void)event_add(l->inputs->more, &wait);
}

static void
on_more(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	take_files(context);
}

/* Inputs by their bits. What only grew is read on; where files came or went the directory is looked at. */
static void
look(struct live *l, struct input_watch_told told)
{
	for (size_t n = 0; n < l->inputs->count; n++) {
		struct live_input *i = &l->inputs->of[n];

		if (i->files == NULL || ((told.grew | told.turned) >> n & 1) == 0)
			continue;
		if ((told.turned >> n & 1) != 0)
			input_look_again(i->files);
		i->is_at_end = false;
	}
	take_files(l);
}

static void
on_watched(evutil_socket_t fd, short what, void *context)
{
	struct live *l = context;

	(void)fd;
	(void)what;
	look(l, input_watch_read(l->inputs->watch));
}

static void
on_datagrams(evutil_socket_t fd, short what, void *context)
{
	struct live_input *i = context;

	(void)fd;
	(void)what;
	for (unsigned n = 0; n < BATCHES_A_TURN; n++)
		if (!input_udp_read(i->udp, now_wall_ns(), live_input_take_datagram, i))
			break;
	writer_flush(i->live->writer);
}

static bool
start_input(struct live_input *i)
{
	struct event_base *base = i->live->base;

	if (i->socket != NULL)
		return input_socket_attach(i->socket, base);
	if (i->udp == NULL)
		return true;
	i->readable = event_new(base, input_udp_fd(i->udp), EV_READ | EV_PERSIST, on_datagrams, i);
	return i->readable != NULL && event_add(i->readable, NULL) == 0;
}

bool
live_input_start(struct live *l)
{
	struct live_inputs *inputs = l->inputs;
	const struct timeval now = { 0 };

	inputs->more = event_new(l->base, -1, 0, on_more, l);
	if (inputs->more == NULL || event_add(inputs->more, &now) != 0)
		return false;
	for (size_t n = 0; n < inputs->count; n++)
		if (!start_input(&inputs->of[n]))
			return false;
	if (inputs->watch == NULL)
		return true;
	inputs->watched = event_new(
		l->base, input_watch_fd(inputs->watch), EV_READ | EV_PERSIST, on_watched, l);
	return inputs->watched != NULL && event_add(inputs->watched, NULL) == 0;
}

void
live_input_second(struct live *l)
{
	if (l->inputs->count > 0)
		look(l, (struct input_watch_told){ .turned = UINT64_MAX });
}

void
live_input_tick(struct live *l)
{
	uint64_t now_ns = now_wall_ns();

	for (size_t n = 0; n < l->inputs->count; n++)
		if (l->inputs->of[n].exporter != NULL)
			live_input_take_waiting(&l->inputs->of[n], now_ns);
}

uint64_t
live_input_idle_ns(const struct live *l)
{
	uint64_t now_ns = now_wall_ns();
	uint64_t oldest = UINT64_MAX;

	for (size_t n = 0; n < l->inputs->count; n++) {
		const struct live_input *i = &l->inputs->of[n];
		/* Where there is more to read, time has come as far as what was read. */
		uint64_t ns = i->files != NULL && !i->is_at_end ? i->counters.last_ns
								: now_ns - i->delay_ns;

		oldest = ns < oldest ? ns : oldest;
	}
	return oldest;
}

void
live_input_finish(struct live *l)
{
	if (l->inputs == NULL)
		return;
	for (size_t n = 0; n < l->inputs->count; n++) {
		struct live_input *i = &l->inputs->of[n];

		if (i->socket != NULL)
			input_socket_finish(i->socket);
		live_input_take_held(i);
		if (i->exporter == NULL)
			continue;
		for (unsigned batch = 0; batch < BATCHES_A_TURN; batch++)
			if (!input_udp_read(i->udp, now_wall_ns(), live_input_take_datagram, i))
				break;
		live_input_take_waiting(i, UINT64_MAX);
	}
}
