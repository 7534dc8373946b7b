#include "daemon/loop/writer/writer_child.h"

#include "daemon/base/log.h"
#include "daemon/config/config.h"
#include "daemon/loop/writer/writer.h"
#include "daemon/loop/writer/writer_message.h"
#include "daemon/record/record_wire.h"
#include "exporters/outlets.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	STATE_BYTES_MAX = 16 * 1024 * 1024,
	MESSAGES_A_TURN = 64, /* then outlets get their turn */
};

struct child {
	int fd;
	const struct writer_plan *plan;
	struct event_base *base;
	struct outlets *outlets;
	struct record_sink sink;
	struct record_unpacked record;  /* of the message at hand */
	struct window_unpacking window; /* whose pieces come */
	uint8_t *state;
	size_t state_length;
	bool state_torn; /* a piece of it found no memory */
};

static void
tell_ready(const struct child *c, int result)
{
	const struct writer_ready ready = { .result = result, .wanted = c->sink.wanted };
	uint8_t message[1 + sizeof(ready)] = { WRITER_READY };

	memcpy(message + 1, &ready, sizeof(ready));
	(void)send(c->fd, message, sizeof(message), MSG_NOSIGNAL);
}

static void
tell_saved(const struct child *c)
{
	const uint8_t message = WRITER_SAVED;

	(void)send(c->fd, &message, sizeof(message), MSG_NOSIGNAL);
}

/* Numbers that are lost now come again in a second. */
static void
tell_stats(evutil_socket_t fd, short what, void *context)
{
	const struct child *c = context;
	struct outlet_stats stats[WRITER_OUTLETS_MAX];
	uint8_t message[1 + sizeof(stats)] = { WRITER_STATS };
	size_t length = outlets_stats(c->outlets, stats, WRITER_OUTLETS_MAX) * sizeof(stats[0]);

	(void)fd;
	(void)what;
	memcpy(message + 1, stats, length);
	(void)send(c->fd, message, 1 + length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* returns false when what comes next makes no sense */
static bool
take_record(struct child *c, struct cursor *in)
{
	struct record window;
	const struct record *r = &window;

	if (record_is_window(in)) {
		enum window_unpacked result = record_unpack_window(in, &c->window, &window);

		if (result != WINDOW_WHOLE)
			return result == WINDOW_PART;
	} else if (record_unpack(in, &c->record)) {
		r = &c->record.record;
	} else {
		return false;
	}
	if ((c->sink.wanted & RECORD_BIT(r->kind)) != 0)
		c->sink.write(c->sink.context, r);
	return true;
}

static void
take_records(struct child *c, struct cursor in)
{
	while (cursor_left(&in) > 0)
		if (!take_record(c, &in)) {
			log_err("output",
				"a batch of records makes no sense, skipping the rest of it");
			return;
		}
}

static void
take_state(struct child *c, struct cursor in)
{
	size_t length = cursor_left(&in);
	const uint8_t *bytes = cursor_take(&in, length);

	if (length > STATE_BYTES_MAX - c->state_length)
		c->state_torn = true;
	if (c->state == NULL)
		c->state = malloc(STATE_BYTES_MAX);
	if (c->state == NULL)
		c->state_torn = true;
	if (c->state_torn || bytes == NULL)
		return;
	memcpy(c->state + c->state_length, bytes, length);
	c->state_length += length;
}

static void
save_state(struct child *c)
{
	if (c->state_torn)
		log_warnx("state", "no memory left for the state, the one before it stays");
	else if (c->plan->save != NULL)
		(void)c->plan->save(c->plan->context, c->state, c->state_length);
	free(c->state);
	c->state = NULL;
	c->state_length = 0;
	c->state_torn = false;
	tell_saved(c);
}

static void
take(struct child *c, const uint8_t *message, size_t length)
{
	struct cursor in = cursor_over(message, length);

	switch (cursor_u8(&in)) {
	case WRITER_RECORDS:
		take_records(c, in);
		break;
	case WRITER_REOPEN:
		outlets_reopen(c->outlets);
		break;
	case WRITER_LOG_LEVEL:
		log_level_set((enum log_level)cursor_u8(&in));
		break;
	case WRITER_STATE:
		take_state(c, in);
		break;
	case WRITER_SAVE:
		save_state(c);
		break;
	case WRITER_NOTE:
		if (c->plan->note != NULL)
			c->plan->note(c->plan->context, in.at, cursor_left(&in));
		break;
	default:
		break;
	}
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	uint8_t message[WRITER_MESSAGE_MAX];
	struct child *c = context;

	(void)what;
	for (unsigned i = 0; i < MESSAGES_A_TURN; i++) {
		ssize_t n = recv(fd, message, sizeof(message), MSG_DONTWAIT);

		if (n > 0) {
			take(c, message, (size_t)n);
			continue;
		}
		if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
			(void)event_base_loopbreak(c->base);
		return;
	}
}

/* Whoever stops the daemon stops us by closing the other end; a terminal's Ctrl-C goes to both. */
static void
ignore_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)signal(signals[i], SIG_IGN);
}

/* Confined first: a file that root opened would be one that we may not open again. */
static int
child_open(struct child *c)
{
	int result = c->plan->confine != NULL ? c->plan->confine(c->plan->context) : 0;

	if (result < 0)
		return result;
	c->base = event_base_new();
	if (c->base == NULL)
		return -ENOMEM;
	result =
		outlets_open(c->plan->config->exporter_configs, c->plan->run, c->base, &c->outlets);
	if (result == 0)
		c->sink = outlets_sink(c->outlets);
	return result;
}

static int
child_loop(struct child *c)
{
	const struct timeval second = { .tv_sec = 1 };
	struct event *readable = event_new(c->base, c->fd, EV_READ | EV_PERSIST, on_readable, c);
	struct event *timer = event_new(c->base, -1, EV_PERSIST, tell_stats, c);
	int result = -ENOMEM;

	if (readable != NULL && timer != NULL && event_add(readable, NULL) == 0 &&
		event_add(timer, &second) == 0)
		result = 0;
	tell_ready(c, result);
	if (result == 0)
		(void)event_base_dispatch(c->base);
	if (readable != NULL)
		event_free(readable);
	if (timer != NULL)
		event_free(timer);
	return result;
}

int
writer_child_run(int fd, const struct writer_plan *plan)
{
	struct child *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return EXIT_FAILURE;
	c->fd = fd;
	c->plan = plan;
	window_unpacking_init(&c->window, plan->config->settings->windows.memory_max);
	(void)prctl(PR_SET_NAME, "naiad-writer", 0, 0, 0);
	ignore_signals();
	int result = child_open(c);
	if (result < 0)
		tell_ready(c, result);
	else
		result = child_loop(c);
	int closed = outlets_close(c->outlets);
	if (c->base != NULL)
		event_base_free(c->base);
	(void)close(fd);
	window_unpacking_done(&c->window);
	free(c->state);
	free(c);
	return result < 0 || closed < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
