/*
 * writer_queue.c -- records into batches, batches into the socket, never waiting.
 *
 * What is asked for (reopen, log level) goes before records, a note and the state after them: what they
 * say was told has then been told.
 */
#include "daemon/loop/writer/writer.h"

#include "daemon/base/log.h"
#include "daemon/loop/writer/writer_state.h"
#include "daemon/record/record_wire.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>

static struct writer_batch *
batch_at(struct writer *w, size_t index)
{
	return &w->batches[(w->oldest + index) % WRITER_BATCHES];
}

/*
 * The batch that the next `need` bytes go into: the one that is being filled, or another when it is too full. At the
 * end it waits for room, which may send all that there are: so it chooses after that.
 *
 * most     batches that there may be of what is to be added
 * returns  NULL when there are more, or would be
 */
static struct writer_batch *
batch_for(struct writer *w, size_t need, size_t most)
{
	if (w->until_ns > 0 && w->in_use >= WRITER_BATCHES_WITH_FLOWS)
		writer_make_room(w);
	struct writer_batch *b = w->in_use > 0 ? batch_at(w, w->in_use - 1) : NULL;
	if (w->is_dead || w->in_use > most)
		return NULL;
	if (b != NULL && sizeof(b->bytes) - b->length >= need)
		return b;
	if (w->in_use == most)
		return NULL;
	b = batch_at(w, w->in_use++);
	b->bytes[0] = WRITER_RECORDS;
	b->length = 1;
	return b;
}

static bool
batch_add(struct writer_batch *b, const struct record *r)
{
	struct blob out = { .bytes = b->bytes, .size = sizeof(b->bytes), .length = b->length };

	record_pack(&out, r);
	if (out.overflow)
		return false;
	b->length = out.length;
	return true;
}

static bool
add_record(struct writer *w, const struct record *r, size_t most)
{
	struct writer_batch *b = batch_for(w, 0, most);

	if (b == NULL || batch_add(b, r))
		return b != NULL;
	b = batch_for(w, RECORD_WIRE_MAX, most);
	return b != NULL && batch_add(b, r);
}

/* One that is longer than what is left of the queue is cut short. */
static bool
add_window(struct writer *w, const struct record *r, size_t most)
{
	struct window_packing p = window_packing_of(r->window);
	bool is_done = false;

	while (!is_done) {
		struct writer_batch *b = batch_for(w, RECORD_WIRE_PIECE_MIN, most);
		if (b == NULL)
			return false;
		struct blob out = {
			.bytes = b->bytes, .size = sizeof(b->bytes), .length = b->length
		};
		p.no_more = w->in_use == most;
		is_done = record_pack_window(&out, r, &p);
		b->length = out.length;
	}
	w->stats.dropped_windows += p.is_cut;
	return true;
}

/* What there is of conversations, and no finding: a host decides how much. */
static bool
is_of_flows(enum record_kind kind)
{
	return kind == RECORD_FLOW || kind == RECORD_TUNNEL || kind == RECORD_TRANSACTION ||
	       kind == RECORD_ARP || kind == RECORD_DEVICE || kind == RECORD_TIMELINE ||
	       kind == RECORD_ADDRESS || kind == RECORD_WINDOW_SO_FAR;
}

static bool
add(struct writer *w, const struct record *r)
{
	if ((RECORD_WIRE_WINDOWS & RECORD_BIT(r->kind)) != 0)
		return add_window(w, r, WRITER_BATCHES_WITH_WINDOWS);
	return add_record(w, r, is_of_flows(r->kind) ? WRITER_BATCHES_WITH_FLOWS : WRITER_BATCHES);
}

static void
sink_write(void *context, const struct record *r)
{
	struct writer *w = context;

	if (add(w, r))
		w->stats.records++;
	else if (is_of_flows(r->kind))
		w->stats.dropped_flows++;
	else if (r->kind == RECORD_WINDOW)
		w->stats.dropped_windows++;
	else
		w->stats.dropped++;
}

/*
 * Windows leave half of the queue to what cannot wait. Asked for every packet while one waits: a socket that was full
 * is tried again when the loop turns, not here.
 */
static bool
has_room(void *context)
{
	struct writer *w = context;

	if (w->in_use > WRITER_BATCHES_WINDOWS_WAIT && !w->is_full)
		writer_flush(w);
	return w->in_use <= WRITER_BATCHES_WINDOWS_WAIT || w->until_ns > 0 || w->is_dead;
}

struct record_sink
writer_sink(struct writer *w)
{
	return (struct record_sink){
		.wanted = w->wanted, .context = w, .write = sink_write, .has_room = has_room
	};
}

static void
die(struct writer *w)
{
	if (w->is_dead)
		return;
	w->is_dead = true;
	if (w->readable != NULL)
		(void)event_del(w->readable);
	if (w->writable != NULL)
		(void)event_del(w->writable);
	if (w->gone != NULL)
		w->gone(w->context);
}

/* returns false when the socket takes no more for now, or never again */
static bool
message_send(struct writer *w, const void *bytes, size_t length)
{
	while (!w->is_dead) {
		if (send(w->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return true;
		/* ENOBUFS: the kernel is short of memory; that passes, and the child lives. */
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM)
			return false;
		if (errno != EINTR)
			die(w);
	}
	return false;
}

static bool
send_reopen(struct writer *w)
{
	const uint8_t message = WRITER_REOPEN;

	if (w->reopen_asked && message_send(w, &message, 1))
		w->reopen_asked = false;
	return !w->reopen_asked;
}

static bool
send_log_level(struct writer *w)
{
	const uint8_t message[] = { WRITER_LOG_LEVEL, w->log_level };

	if (w->log_level_asked && message_send(w, message, sizeof(message)))
		w->log_level_asked = false;
	return !w->log_level_asked;
}

static bool
send_batches(struct writer *w)
{
	while (w->in_use > 0) {
		const struct writer_batch *b = batch_at(w, 0);

		if (!message_send(w, b->bytes, b->length))
			return false;
		w->oldest = (w->oldest + 1) % WRITER_BATCHES;
		w->in_use--;
	}
	return true;
}

static bool
send_state(struct writer *w)
{
	uint8_t message[WRITER_MESSAGE_MAX];

	while (w->state != NULL && !w->state_complete) {
		size_t piece = w->state_length - w->state_sent;

		if (piece > sizeof(message) - 1)
			piece = sizeof(message) - 1;
		message[0] = piece > 0 ? WRITER_STATE : WRITER_SAVE;
		memcpy(message + 1, w->state + w->state_sent, piece);
		if (!message_send(w, message, piece + 1))
			return false;
		w->state_sent += piece;
		w->state_complete = piece == 0;
	}
	return true;
}

static bool
send_note(struct writer *w)
{
	if (w->note_length > 0 && message_send(w, w->note, w->note_length))
		w->note_length = 0;
	return w->note_length == 0;
}

void
writer_flush(struct writer *w)
{
	w->is_full = !(send_reopen(w) && send_log_level(w) && send_batches(w) && send_note(w) &&
		       send_state(w));
	w->stats.queued = w->in_use;
	if (w->is_full && !w->is_dead && w->writable != NULL)
		(void)event_add(w->writable, NULL);
}

void
writer_reopen(struct writer *w)
{
	w->reopen_asked = true;
	writer_flush(w);
}

void
writer_log_level(struct writer *w, enum log_level most)
{
	w->log_level = (uint8_t)most;
	w->log_level_asked = true;
	writer_flush(w);
}

void
writer_note(struct writer *w, const void *bytes, size_t length)
{
	if (length > WRITER_NOTE_MAX)
		return;
	w->note[0] = WRITER_NOTE;
	memcpy(w->note + 1, bytes, length);
	w->note_length = 1 + length;
	writer_flush(w);
}

bool
writer_save(struct writer *w, const void *bytes, size_t length)
{
	if (w->state != NULL || w->is_dead)
		return false;
	w->state = bytes;
	w->state_length = length;
	w->state_sent = 0;
	w->state_complete = false;
	writer_flush(w);
	return true;
}

bool
writer_is_saving(const struct writer *w)
{
	return w->state != NULL && !w->is_dead;
}

const struct outlet_stats *
writer_outlets(const struct writer *w, size_t *ret_count)
{
	*ret_count = w->outlet_count;
	return w->outlets;
}

struct writer_stats
writer_stats(const struct writer *w)
{
	return w->stats;
}

uint64_t
writer_dropped(const struct writer *w)
{
	return w->stats.dropped_flows + w->stats.dropped_windows + w->stats.dropped;
}

static void
take_stats(struct writer *w, const uint8_t *bytes, size_t length)
{
	if (length > sizeof(w->outlets))
		length = sizeof(w->outlets);
	memcpy(w->outlets, bytes, length);
	w->outlet_count = length / sizeof(w->outlets[0]);
}

bool
writer_hear(struct writer *w)
{
	uint8_t message[1 + sizeof(w->outlets)];
	ssize_t n = recv(w->fd, message, sizeof(message), MSG_DONTWAIT);

	if (n < 0 && errno == EINTR)
		return true;
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK))
		die(w);
	if (n <= 0)
		return false;
	if (message[0] == WRITER_SAVED)
		w->state = NULL;
	else if (message[0] == WRITER_STATS)
		take_stats(w, message + 1, (size_t)n - 1);
	return true;
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	while (writer_hear(context))
		;
}

static void
on_writable(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	writer_flush(context);
}

int
writer_attach(struct writer *w, struct event_base *base, void (*gone)(void *), void *context)
{
	w->gone = gone;
	w->context = context;
	w->readable = event_new(base, w->fd, EV_READ | EV_PERSIST, on_readable, w);
	w->writable = event_new(base, w->fd, EV_WRITE, on_writable, w);
	if (w->readable == NULL || w->writable == NULL || event_add(w->readable, NULL) != 0)
		return -ENOMEM;
	return 0;
}
