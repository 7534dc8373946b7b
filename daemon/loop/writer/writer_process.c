/* writer_process.c -- the life of the writing process, from this end: fork, last words, the end. */
#include "daemon/loop/writer/writer.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer_child.h"
#include "daemon/loop/writer/writer_state.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SOCKET_BYTES = 1024 * 1024, /* as far as the system allows */
	SETTLE_MS = 1000,
	KILL_MS = 200, /* for a killed one to go; one that hangs in a dead disk never does */
	KILL_STEP_MS = 5,
};

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
	w->batches = calloc(WRITER_BATCHES, sizeof(*w->batches));
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

static uint64_t
after_ms(int ms)
{
	return now_monotonic_ns() + (uint64_t)ms * NS_PER_MS;
}

/* Wait for room or a word from the child. returns false when the patience is over */
static bool
wait_for(const struct writer *w, short what, uint64_t until_ns)
{
	struct pollfd p = { .fd = w->fd, .events = what };
	uint64_t now_ns = now_monotonic_ns();

	if (now_ns >= until_ns)
		return false;
	int n = poll(&p, 1, (int)((until_ns - now_ns) / NS_PER_MS) + 1);
	return n > 0 || (n < 0 && errno == EINTR);
}

static int
child_reap(const struct writer *w, uint64_t until_ns)
{
	int status = 0;
	pid_t reaped = 0;

	do {
		reaped = waitpid(w->child, &status, WNOHANG);
		if (reaped == 0)
			(void)poll(NULL, 0, KILL_STEP_MS);
	} while ((reaped == 0 || (reaped < 0 && errno == EINTR)) && now_monotonic_ns() < until_ns);
	return reaped > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

/* The child closes its end when it is done, and ends: on a busy machine not at once. */
static int
await_end(struct writer *w, uint64_t until_ns)
{
	(void)shutdown(w->fd, SHUT_WR);
	while (!w->is_dead && wait_for(w, POLLIN, until_ns))
		(void)writer_hear(w);
	if (!w->is_dead) {
		log_warnx("output",
			"the writer is not done in time, ending it: what it still had is lost");
		(void)kill(w->child, SIGKILL);
	}
	const uint64_t gone_ns = after_ms(KILL_MS);
	return child_reap(w, w->is_dead && until_ns > gone_ns ? until_ns : gone_ns);
}

bool
writer_settle(struct writer *w)
{
	uint64_t until_ns = after_ms(SETTLE_MS);

	while (writer_is_saving(w) &&
		wait_for(w, w->state_complete ? POLLIN : POLLIN | POLLOUT, until_ns)) {
		writer_flush(w);
		(void)writer_hear(w);
	}
	return !writer_is_saving(w);
}

pid_t
writer_pid(const struct writer *w)
{
	return w->child;
}

void
writer_make_room(struct writer *w)
{
	do
		writer_flush(w);
	while (w->in_use >= WRITER_BATCHES_WITH_FLOWS && !w->is_dead &&
		wait_for(w, POLLOUT, w->until_ns));
}

void
writer_hold(struct writer *w, int patience_ms)
{
	w->until_ns = after_ms(patience_ms);
}

int
writer_stop(struct writer *w, int patience_ms)
{
	if (w == NULL)
		return 0;
	if (w->until_ns == 0)
		writer_hold(w, patience_ms);
	w->gone = NULL;
	do
		writer_flush(w);
	while ((w->in_use > 0 || w->note_length > 0 || (w->state != NULL && !w->state_complete)) &&
		!w->is_dead && wait_for(w, POLLOUT, w->until_ns));
	int result = await_end(w, w->until_ns);
	writer_free(w);
	return result;
}
