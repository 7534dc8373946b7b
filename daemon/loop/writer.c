#include "daemon/loop/writer.h"

#include "daemon/base/log.h"
#include "daemon/loop/writer_child.h"
#include "daemon/loop/writer_message.h"
#include "daemon/record_wire.h"
#include "exporters/outlets.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCHES = 64, /* 2 MiB in all */
	BATCHES_WITH_FLOWS = BATCHES * 3 / 4,
	SOCKET_BYTES = 1024 * 1024, /* as far as the system allows */
	MS_PER_S = 1000,
	NS_PER_MILLISECOND = 1000000,
};

struct batch {
	uint8_t bytes[WRITER_MESSAGE_MAX];
	size_t length;
};

struct writer {
	pid_t child;
	int fd;
	bool is_dead; /* it ended, or cannot be reached */
	bool reopen_asked, log_level_asked;
	uint8_t log_level;
	struct batch *batches; /* a ring of BATCHES; the last one in use is still being filled */
	size_t oldest, in_use;
	const uint8_t *state; /* not NULL: on its way */
	size_t state_length, state_sent;
	bool state_complete; /* sent whole, not yet answered */
	struct writer_stats stats;
	uint32_t wanted; /* RECORD_BIT()s */
	struct outlet_stats outlets[WRITER_OUTLETS_MAX];
	size_t outlet_count;

	struct event *readable, *writable;
	void (*gone)(void *context);
	void *context;
};

static struct batch *
batch_at(struct writer *w, size_t index)
{
	return &w->batches[(w->oldest + index) % BATCHES];
}

/* returns a batch with nothing in it, or NULL when all are in use */
static struct batch *
batch_begin(struct writer *w)
{
	if (w->in_use == BATCHES)
		return NULL;
	struct batch *b = batch_at(w, w->in_use++);
	b->bytes[0] = WRITER_RECORDS;
	b->length = 1;
	return b;
}

static bool
batch_add(struct batch *b, const struct record *r)
{
	struct blob out = { .bytes = b->bytes, .size = sizeof(b->bytes), .length = b->length };

	record_pack(&out, r);
	if (out.overflow)
		return false;
	b->length = out.length;
	return true;
}

static void
sink_write(void *context, const struct record *r)
{
	struct writer *w = context;
	bool is_flow = r->kind == RECORD_FLOW;
	struct batch *b = w->in_use > 0 ? batch_at(w, w->in_use - 1) : NULL;

	if (!w->is_dead && !(is_flow && w->in_use > BATCHES_WITH_FLOWS)) {
		if (b == NULL || !batch_add(b, r)) {
			b = batch_begin(w);
			if (b != NULL && !batch_add(b, r))
				b = NULL; /* longer than a message: RECORD_WIRE_MAX says it cannot be */
		}
		if (b != NULL) {
			w->stats.records++;
			return;
		}
	}
	if (is_flow)
		w->stats.dropped_flows++;
	else
		w->stats.dropped++;
}

struct record_sink
writer_sink(struct writer *w)
{
	return (struct record_sink){
		.wanted = w->wanted & RECORD_WIRE_KINDS, .context = w, .write = sink_write
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
		if (errno == EAGAIN || errno == EWOULDBLOCK)
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
		const struct batch *b = batch_at(w, 0);

		if (!message_send(w, b->bytes, b->length))
			return false;
		w->oldest = (w->oldest + 1) % BATCHES;
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

void
writer_flush(struct writer *w)
{
	bool all = send_reopen(w) && send_log_level(w) && send_batches(w) && send_state(w);

	w->stats.queued = w->in_use;
	if (!all && !w->is_dead && w->writable != NULL)
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

static void
take_stats(struct writer *w, const uint8_t *bytes, size_t length)
{
	if (length > sizeof(w->outlets))
		length = sizeof(w->outlets);
	memcpy(w->outlets, bytes, length);
	w->outlet_count = length / sizeof(w->outlets[0]);
}

/* Take one message of the child's. returns false when there is none now, or it has ended */
static bool
hear(struct writer *w)
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
	while (hear(context))
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

/* The child's first word: 0, or why it could not begin. */
static int
await_ready(struct writer *w)
{
	struct writer_ready ready;
	uint8_t message[1 + sizeof(ready)];
	ssize_t n = 0;

	do
		n = recv(w->fd, message, sizeof(message), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(message) || message[0] != WRITER_READY)
		return -EPIPE;
	memcpy(&ready, message + 1, sizeof(ready));
	w->wanted = ready.wanted;
	return ready.result;
}

static void
writer_free(struct writer *w)
{
	if (w->readable != NULL)
		event_free(w->readable);
	if (w->writable != NULL)
		event_free(w->writable);
	if (w->fd >= 0)
		(void)close(w->fd);
	free(w->batches);
	free(w);
}

int
writer_start(const struct writer_plan *plan, struct writer **ret_writer)
{
	int ends[2] = { -1, -1 };
	const int size = SOCKET_BYTES;
	struct writer *w = calloc(1, sizeof(*w));
	int result = -ENOMEM;

	if (w == NULL)
		return -ENOMEM;
	w->fd = -1;
	w->batches = calloc(BATCHES, sizeof(*w->batches));
	if (w->batches == NULL)
		goto refuse;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		result = -errno;
		goto refuse;
	}
	w->fd = ends[0];
	(void)setsockopt(w->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	w->child = fork();
	if (w->child == 0) {
		(void)close(ends[0]);
		_exit(writer_child_run(ends[1], plan));
	}
	result = w->child < 0 ? -errno : 0;
	(void)close(ends[1]);
	if (result == 0)
		result = await_ready(w);
	if (result < 0)
		goto refuse;
	*ret_writer = w;
	return 0;
refuse:
	if (w->child > 0)
		(void)waitpid(w->child, NULL, 0);
	writer_free(w);
	return result;
}

static int64_t
monotonic_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MILLISECOND;
}

/* Wait for room or a word from the child. returns false when the patience is over */
static bool
wait_for(const struct writer *w, short what, int64_t deadline_ms)
{
	struct pollfd p = { .fd = w->fd, .events = what };
	int64_t left_ms = deadline_ms - monotonic_ms();

	return left_ms > 0 && (poll(&p, 1, (int)left_ms) > 0 || errno == EINTR);
}

/* The child closes its end when it is done. */
static int
await_end(struct writer *w, int64_t deadline_ms)
{
	int status = 0;

	(void)shutdown(w->fd, SHUT_WR);
	while (!w->is_dead && wait_for(w, POLLIN, deadline_ms))
		(void)hear(w);
	if (!w->is_dead) {
		log_warnx("output",
			"the writer is not done in time, ending it: what it still had is lost");
		(void)kill(w->child, SIGKILL);
	}
	while (waitpid(w->child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

bool
writer_settle(struct writer *w)
{
	int64_t deadline_ms = monotonic_ms() + MS_PER_S;

	while (writer_is_saving(w) && wait_for(w, POLLIN, deadline_ms)) {
		writer_flush(w);
		(void)hear(w);
	}
	return !writer_is_saving(w);
}

int
writer_stop(struct writer *w, int patience_ms)
{
	int64_t deadline_ms = 0;

	if (w == NULL)
		return 0;
	deadline_ms = monotonic_ms() + patience_ms;
	w->gone = NULL;
	do
		writer_flush(w);
	while ((w->in_use > 0 || (w->state != NULL && !w->state_complete)) && !w->is_dead &&
		wait_for(w, POLLOUT, deadline_ms));
	int result = await_end(w, deadline_ms);
	writer_free(w);
	return result;
}
