/*
 * Records have numbers (spool.h), messages of a connection are counted (peer.h), and a ring tells
 * which number each message on its way has. Before a record is handed over it is marked as
 * attempted, on disk: a crash between the two costs a repeat that is marked as one, never a record.
 *
 * Work is done in turns of TURN_MAX messages, so that a long queue leaves time for the other
 * outlets. When the peer takes no more the next turn comes after 2 ms, 4 ms ... up to a tick.
 */
#include "exporters/delivery.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/outlets.h"
#include "exporters/spool.h"
#include "exporters/spool_marks.h"
#include "exporters/spool_segment.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	TURN_MAX = 256,
	ON_THE_WAY_MAX = 4096,
	PATH_MAX_BYTES = 4096 + 64,
	WAIT_FIRST_MS = 2,
	LINGER_MS = 300,
	LINGER_STEP_MS = 5,
};

struct delivery {
	struct outlet *outlet;
	struct spool *spool;
	struct spool_marks marks;
	struct peer *peer;
	struct event *turn; /* the next one, when it is not to wait for a tick */
	size_t (*mark_repeat)(char *message, size_t length);
	uint64_t next;    /* number of the record that is handed over next */
	bool begun;       /* a peer has been up since the start */
	uint64_t counted; /* messages of this connection that the outlet has told of */
	unsigned wait_ms;
	uint64_t too_long;
	uint64_t numbers[ON_THE_WAY_MAX]; /* by message of this connection */
	char message[SPOOL_RECORD_MAX + DELIVERY_REPEAT_MAX];
};

/* The number of the last of the first `count` messages of this connection. */
static uint64_t
number_of(const struct delivery *d, uint64_t count)
{
	return d->numbers[(count - 1) % ON_THE_WAY_MAX];
}

static void
progress(struct delivery *d)
{
	uint64_t delivered = peer_delivered(d->peer);
	uint64_t settled = peer_settled(d->peer);
	struct spool_marks before = d->marks;

	if (delivered > 0 && number_of(d, delivered) > d->marks.delivered)
		d->marks.delivered = number_of(d, delivered);
	if (settled > 0 && number_of(d, settled) > d->marks.settled)
		d->marks.settled = number_of(d, settled);
	if (before.delivered != d->marks.delivered || before.settled != d->marks.settled)
		spool_marks_save(&d->marks);
	if (settled > d->counted) {
		outlet_left(d->outlet, settled - d->counted);
		d->counted = settled;
		spool_release(d->spool, d->marks.settled);
	}
}

static void
turn_after(struct delivery *d, unsigned ms)
{
	const struct timeval wait = { .tv_usec = ms * 1000L };

	(void)event_add(d->turn, &wait); /* a tick comes anyway */
}

/* returns what peer_send() says; -ENOENT when there is nothing to hand over */
static int
hand_over_next(struct delivery *d)
{
	size_t length = 0;
	uint64_t number = d->next;
	uint64_t attempted = d->marks.attempted;

	if (!spool_read(d->spool, &number, d->message, &length))
		return -ENOENT;
	if (number <= attempted) {
		length = d->mark_repeat(d->message, length);
	} else {
		d->marks.attempted = number;
		spool_marks_save(&d->marks);
	}
	uint64_t sent = peer_sent(d->peer);
	d->numbers[sent % ON_THE_WAY_MAX] = number;
	int result = peer_send(d->peer, d->message, length);
	if (peer_sent(d->peer) == sent) /* it was not taken, so nobody has it */
		d->marks.attempted = attempted;
	if (result == -EMSGSIZE)
		d->too_long++;
	if (result == 0 || result == -EMSGSIZE)
		d->next = number + 1;
	return result == -EMSGSIZE ? 0 : result;
}

static void
hand_over(struct delivery *d)
{
	int result = 0;
	unsigned done = 0;

	if (!peer_is_up(d->peer))
		return;
	peer_look(d->peer);
	while (result == 0 && done < TURN_MAX && peer_is_up(d->peer)) {
		if (peer_sent(d->peer) - peer_settled(d->peer) >= ON_THE_WAY_MAX)
			result = -EAGAIN;
		else
			result = hand_over_next(d);
		done += result == 0;
	}
	if (!peer_is_up(d->peer))
		return;
	progress(d);
	d->wait_ms = done > 0 ? WAIT_FIRST_MS : d->wait_ms * 2;
	if (d->wait_ms > OUTLETS_TICK_MS)
		d->wait_ms = OUTLETS_TICK_MS;
	if (result == 0)
		turn_after(d, 0);
	else if (result == -EAGAIN || peer_is_waiting(d->peer))
		turn_after(d, d->wait_ms);
}

static void
on_turn(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	hand_over(context);
}

static void
on_ready(void *context)
{
	struct delivery *d = context;

	/* Our own restart: who has our last messages in its queue need not get them again. */
	if (!d->begun && peer_identity(d->peer) == d->marks.peer)
		d->next = d->marks.delivered + 1;
	else
		d->marks.delivered = d->marks.settled;
	d->begun = true;
	d->counted = 0;
	d->wait_ms = WAIT_FIRST_MS;
	d->marks.peer = peer_identity(d->peer);
	spool_marks_save(&d->marks);
	turn_after(d, 0);
}

static void
on_lost(void *context)
{
	struct delivery *d = context;

	progress(d);
	d->marks.delivered = d->marks.settled;
	d->next = d->marks.settled + 1;
	spool_marks_save(&d->marks);
}

static int
spool_begin(struct delivery *d, const struct delivery_plan *plan)
{
	char path[PATH_MAX_BYTES];
	const char *state = d->outlet->run->state_dir;

	if (state == NULL) {
		log_err("output",
			"%s needs a directory for findings that wait: set service.state, or switch "
			"%s off",
			plan->name, plan->name);
		return -EINVAL;
	}
	(void)snprintf(path, sizeof(path), "%s/spool/%s", state, plan->name);
	int result = spool_open(path, plan->spool_max, &d->spool);
	if (result < 0)
		return result;
	if (!spool_marks_open(&d->marks, spool_directory(d->spool)))
		d->marks.attempted = spool_next(d->spool) - 1; /* any of them may have been sent */
	spool_next_at_least(d->spool, d->marks.attempted + 1);
	d->next = d->marks.settled + 1;
	return 0;
}

int
delivery_open(struct outlet *o, const struct delivery_plan *plan, struct delivery **ret_delivery)
{
	struct delivery *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return -ENOMEM;
	d->outlet = o;
	d->marks.fd = -1;
	d->mark_repeat = plan->mark_repeat;
	const struct peer_owner owner = { .context = d, .ready = on_ready, .lost = on_lost };
	int result = spool_begin(d, plan);
	if (result == 0)
		result = peer_open(o->base, &plan->peer, &owner, o->now.monotonic_ns, &d->peer);
	if (result == 0) {
		d->turn = event_new(o->base, -1, 0, on_turn, d);
		result = d->turn != NULL ? 0 : -ENOMEM;
	}
	if (result < 0) {
		(void)delivery_close(d);
		return result;
	}
	spool_release(d->spool, d->marks.settled);
	peer_tick(d->peer, o->now.monotonic_ns);
	*ret_delivery = d;
	return 0;
}

static void
counts_tell(struct delivery *d)
{
	struct spool_counts c = spool_counts(d->spool);
	struct outlet *o = d->outlet;

	o->queued_records = c.records;
	o->queued_bytes = c.bytes;
	o->dropped[OUTLET_DROP_TOO_LONG] = d->too_long;
	o->dropped[OUTLET_DROP_FULL] = c.overrun + c.refused;
	o->dropped[OUTLET_DROP_FAILED] = c.lost;
}

void
delivery_add(struct delivery *d, const char *message, size_t length)
{
	int result = spool_append(d->spool, message, length);

	if (result == -EMSGSIZE)
		d->too_long++;
	if (result == 0)
		hand_over(d);
}

void
delivery_tick(struct delivery *d)
{
	spool_tick(d->spool, d->outlet->now.monotonic_ns);
	peer_tick(d->peer, d->outlet->now.monotonic_ns);
	hand_over(d);
	counts_tell(d);
}

/* The one place that waits, and not for long: what is taken now is no repeat at the next start. */
static void
linger(struct delivery *d)
{
	for (int waited = 0; waited < LINGER_MS && peer_is_up(d->peer); waited += LINGER_STEP_MS) {
		peer_look(d->peer);
		if (!peer_is_up(d->peer) || peer_delivered(d->peer) == peer_sent(d->peer))
			break;
		(void)poll(NULL, 0, LINGER_STEP_MS);
	}
	if (peer_is_up(d->peer))
		progress(d);
}

int
delivery_close(struct delivery *d)
{
	int result = 0;

	if (d == NULL)
		return 0;
	if (d->turn != NULL) {
		hand_over(d);
		linger(d);
		event_free(d->turn);
	}
	if (d->spool != NULL) {
		counts_tell(d);
		if (d->outlet->queued_records > 0)
			log_info("output", "%llu findings wait in the spool for the next start",
				(unsigned long long)d->outlet->queued_records);
	}
	peer_close(d->peer);
	spool_marks_close(&d->marks);
	result = spool_close(d->spool);
	free(d);
	return result;
}
