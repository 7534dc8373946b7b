/* live_losses.c -- when a sensor lost something outside of its engine: once a second all counters are looked at. */
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer.h"

/* By the interface's own clock, as its packets' times are. */
static void
interface_losses(struct live *l, size_t place, struct record_loss ret[LIVE_LOSSES_INTERFACE])
{
	struct capture_counters c;

	capture_set_counters(l->captures, place, &c);
	ret[0] = (struct record_loss){ "capture_dropped_kernel", c.dropped_kernel };
	ret[1] = (struct record_loss){ "capture_dropped_interface", c.dropped_interface };
	ret[2] = (struct record_loss){ "capture_dropped_here", c.dropped_here };
}

void
live_losses_elsewhere(struct live *l, struct record_loss ret[LIVE_LOSSES_ELSEWHERE])
{
	live_input_losses(l, ret);
	ret[LIVE_INPUT_LOSSES] =
		(struct record_loss){ "writer_dropped", writer_dropped(l->writer) };
}

static void
look(struct live *l, bool is_last)
{
	struct live_losses *seen = &l->losses;
	struct record_loss lost[LIVE_LOSSES_ELSEWHERE];
	uint64_t now_ns = now_wall_ns();

	live_losses_elsewhere(l, lost);
	loss_spans_look(
		seen->elsewhere, lost, LIVE_LOSSES_ELSEWHERE, "", seen->at_ns, now_ns, &l->sink);
	if (is_last)
		loss_spans_end(seen->elsewhere, lost, LIVE_LOSSES_ELSEWHERE, "", &l->sink);
	seen->at_ns = now_ns;
	for (size_t i = 0; i < capture_set_count(l->captures); i++) {
		const char *name = capture_set_name(l->captures, i);

		interface_losses(l, i, lost);
		now_ns = capture_set_now_ns(l->captures, i);
		loss_spans_look(seen->interfaces[i], lost, LIVE_LOSSES_INTERFACE, name,
			seen->interface_ns[i], now_ns, &l->sink);
		if (is_last)
			loss_spans_end(
				seen->interfaces[i], lost, LIVE_LOSSES_INTERFACE, name, &l->sink);
		seen->interface_ns[i] = now_ns;
	}
}

void
live_losses_start(struct live *l)
{
	l->losses.at_ns = now_wall_ns();
	for (size_t i = 0; i < capture_set_count(l->captures); i++)
		l->losses.interface_ns[i] = capture_set_now_ns(l->captures, i);
}

void
live_losses_look(struct live *l)
{
	look(l, false);
}

void
live_losses_end(struct live *l)
{
	look(l, true);
}
