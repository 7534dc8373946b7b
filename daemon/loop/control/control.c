/*
 * A client is a bufferevent and two timers. `deadline` runs from the last thing that was finished: a
 * request answered, or an answer taken. `turn` goes on with requests that are there already, one turn
 * of the loop later, which is how somebody who sends four thousand at once waits for the packets and
 * not the other way round. Reading is on only while a request is not there as a whole: otherwise
 * libevent tells of a full input again and again, in a loop of its own.
 *
 * Memory: what libevent holds of a client is at most a request read ahead (the input's watermark), and
 * an answer on top of ANSWERS_WAITING bytes of earlier ones. All answers are written in one scratch
 * buffer first.
 */
#include "daemon/loop/control/control.h"

#include "daemon/base/limiter.h"
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"
#include "daemon/loop/unix_socket.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	IDLE_S = 60,
	STALL_S = 10,
	TURN_REQUESTS = 16,          /* answered before others have their turn */
	ANSWERS_WAITING = 64 * 1024, /* bytes not taken beyond which no request is looked at */
	ACCEPT_PAUSE_S = 1,
	BACKLOG = 64,
};

struct client {
	TAILQ_ENTRY(client) link;
	struct control *control;
	struct bufferevent *stream;
	struct event *deadline;
	struct event *turn;
	struct control_peer peer;
	bool sent_all; /* it will not send any more, but may be reading */
	bool leaving;  /* to be closed when it has its last answer */
};

struct control {
	struct event_base *base;
	struct unix_socket socket;
	struct evconnlistener *listener;
	struct event *accept_again;
	const struct control_command *commands;
	void *context;
	struct timeval idle, stall;
	TAILQ_HEAD(, client) clients;
	struct control_counters counters;
	struct limiter talk; /* of lines that peers cause to be logged */
	struct control_reply reply;
	char memory[CONTROL_REPLY_MAX];
};

static void
client_free(struct client *k)
{
	struct control *c = k->control;

	TAILQ_REMOVE(&c->clients, k, link);
	c->counters.clients--;
	if (k->turn != NULL)
		event_free(k->turn);
	if (k->deadline != NULL)
		event_free(k->deadline);
	if (k->stream != NULL)
		bufferevent_free(k->stream);
	free(k);
}

static size_t
waiting_bytes(const struct client *k)
{
	return evbuffer_get_length(bufferevent_get_output(k->stream));
}

static void
deadline_start(struct client *k)
{
	const struct control *c = k->control;

	(void)event_add(k->deadline, waiting_bytes(k) > 0 ? &c->stall : &c->idle);
}

static void
on_deadline(evutil_socket_t fd, short what, void *context)
{
	struct client *k = context;

	(void)fd;
	(void)what;
	if (waiting_bytes(k) > 0)
		k->control->counters.closed_slow++;
	else
		k->control->counters.closed_idle++;
	client_free(k);
}

static void
reply_send(struct client *k)
{
	const struct strbuf *out = &k->control->reply.out;

	(void)bufferevent_write(k->stream, out->text, out->length);
}

static void
answer(struct client *k, const char *line, size_t length)
{
	struct control *c = k->control;
	const char *name = NULL;
	uint64_t swallowed = 0;

	control_reply_begin(&c->reply, c->memory);
	int r = control_dispatch(c->commands, c->context, &k->peer, line, length, &c->reply, &name);
	c->counters.requests++;
	if (r == -EACCES) {
		c->counters.refused_change++;
		if (limiter_pass(&c->talk, now_monotonic_ns(), &swallowed))
			log_warnx("control", "%s refused to user %u (%llu more held back)", name,
				(unsigned)k->peer.uid, (unsigned long long)swallowed);
	}
	reply_send(k);
}

/* After its last answer it is closed; nothing more is read from it. */
static void
client_leave(struct client *k)
{
	k->leaving = true;
	if (waiting_bytes(k) == 0)
		client_free(k);
	else
		deadline_start(k);
}

static void
too_long(struct client *k)
{
	struct control *c = k->control;

	c->counters.closed_long++;
	control_reply_begin(&c->reply, c->memory);
	(void)control_reply_refuse(
		&c->reply, "a request is at most %d KiB, and one line", CONTROL_REQUEST_MAX / 1024);
	control_reply_end(&c->reply, false);
	reply_send(k);
	client_leave(k);
}

/* No request is there as a whole: wait for the rest, if it can still come. */
static void
rest_wait(struct client *k, size_t bytes)
{
	if (bytes >= CONTROL_REQUEST_MAX)
		too_long(k);
	else if (k->sent_all)
		client_leave(k);
	else
		(void)bufferevent_enable(k->stream, EV_READ);
}

/* Answer what is there, within a turn's share; `k` may be gone afterwards. */
static void
serve(struct client *k)
{
	static const struct timeval at_once = { 0, 0 };
	struct evbuffer *in = bufferevent_get_input(k->stream);

	if (k->leaving)
		return;
	(void)bufferevent_disable(k->stream, EV_READ);
	for (unsigned served = 0; waiting_bytes(k) <= ANSWERS_WAITING; served++) {
		struct evbuffer_ptr end = evbuffer_search_eol(in, NULL, NULL, EVBUFFER_EOL_LF);

		if (end.pos < 0) {
			rest_wait(k, evbuffer_get_length(in));
			return;
		}
		if (served == TURN_REQUESTS) {
			(void)event_add(k->turn, &at_once);
			return;
		}
		size_t length = (size_t)end.pos;
		answer(k, (const char *)evbuffer_pullup(in, end.pos + 1), length);
		(void)evbuffer_drain(in, length + 1);
		deadline_start(k);
	}
}

static void
on_turn(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	serve(context);
}

static void
on_read(struct bufferevent *stream, void *context)
{
	(void)stream;
	serve(context);
}

/* Answers were taken: all of them, or enough for the next request to be looked at. */
static void
on_written(struct bufferevent *stream, void *context)
{
	struct client *k = context;

	(void)stream;
	if (waiting_bytes(k) == 0)
		deadline_start(k);
	if (k->leaving && waiting_bytes(k) == 0)
		client_free(k);
	else
		serve(k);
}

static void
on_event(struct bufferevent *stream, short what, void *context)
{
	struct client *k = context;

	(void)stream;
	if ((what & BEV_EVENT_ERROR) != 0) {
		client_free(k);
	} else if ((what & BEV_EVENT_EOF) != 0) {
		k->sent_all = true;
		serve(k);
	}
}

static bool
client_start(struct client *k, int fd)
{
	struct control *c = k->control;

	k->stream = bufferevent_socket_new(c->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (k->stream == NULL) {
		(void)close(fd);
		return false;
	}
	k->deadline = event_new(c->base, -1, 0, on_deadline, k);
	k->turn = event_new(c->base, -1, 0, on_turn, k);
	if (k->deadline == NULL || k->turn == NULL)
		return false;
	bufferevent_setcb(k->stream, on_read, on_written, on_event, k);
	bufferevent_setwatermark(k->stream, EV_READ, 0, CONTROL_REQUEST_MAX);
	bufferevent_setwatermark(k->stream, EV_WRITE, ANSWERS_WAITING, 0);
	deadline_start(k);
	return bufferevent_enable(k->stream, EV_READ | EV_WRITE) == 0;
}

static void
client_add(struct control *c, int fd, const struct control_peer *peer)
{
	struct client *k = calloc(1, sizeof(*k));

	if (k == NULL) {
		(void)close(fd);
		return;
	}
	k->control = c;
	k->peer = *peer;
	TAILQ_INSERT_TAIL(&c->clients, k, link);
	c->counters.clients++;
	c->counters.accepted++;
	if (!client_start(k, fd))
		client_free(k);
}

/* One line, if it goes out at once, and goodbye. */
static void
turn_away(struct control *c, int fd, const char *why)
{
	control_reply_begin(&c->reply, c->memory);
	(void)control_reply_refuse(&c->reply, "%s", why);
	control_reply_end(&c->reply, false);
	(void)send(fd, c->reply.out.text, c->reply.out.length, MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)close(fd);
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int length,
	void *context)
{
	struct control *c = context;
	struct control_peer peer;
	uint64_t swallowed = 0;

	(void)listener;
	(void)address;
	(void)length;
	if (control_peer_of(fd, c->socket.group, &peer) < 0 || !peer.may_ask) {
		c->counters.refused_peer++;
		if (limiter_pass(&c->talk, now_monotonic_ns(), &swallowed))
			log_warnx("control", "user %u may not ask (%llu more held back)",
				(unsigned)peer.uid, (unsigned long long)swallowed);
		turn_away(c, fd,
			"this is for root, the user that the sensor runs as, and the "
			"group of the socket");
	} else if (c->counters.clients >= CONTROL_CLIENTS_MAX) {
		c->counters.refused_full++;
		turn_away(c, fd, "16 clients are connected, which is the most: try again later");
	} else {
		client_add(c, fd, &peer);
	}
}

/* Without descriptors the listener would be ready again at once, for ever. */
static void
on_accept_error(struct evconnlistener *listener, void *context)
{
	static const struct timeval pause = { ACCEPT_PAUSE_S, 0 };
	struct control *c = context;
	uint64_t swallowed = 0;

	if (limiter_pass(&c->talk, now_monotonic_ns(), &swallowed))
		log_warn("control", "cannot take a connection, trying again in %d s",
			ACCEPT_PAUSE_S);
	(void)evconnlistener_disable(listener);
	(void)event_add(c->accept_again, &pause);
}

static void
on_accept_again(evutil_socket_t fd, short what, void *context)
{
	const struct control *c = context;

	(void)fd;
	(void)what;
	(void)evconnlistener_enable(c->listener);
}

int
control_open(struct event_base *base, const struct control_plan *plan, struct control **ret_control,
	char *ret_error, size_t error_size)
{
	struct control *c = calloc(1, sizeof(*c));

	(void)snprintf(ret_error, error_size, "no memory left for the control socket");
	if (c == NULL)
		return -ENOMEM;
	json_object_seed(0); /* while its source of chance may still be opened */
	c->base = base;
	c->commands = plan->commands;
	c->context = plan->context;
	c->idle.tv_sec = plan->idle_s > 0 ? plan->idle_s : IDLE_S;
	c->stall.tv_sec = plan->stall_s > 0 ? plan->stall_s : STALL_S;
	c->socket.fd = -1;
	TAILQ_INIT(&c->clients);
	limiter_init(&c->talk, 5, NS_PER_S);
	int r = unix_socket_open(
		&c->socket, plan->path, BACKLOG, plan->owner, ret_error, error_size);
	if (r == 0) {
		c->accept_again = event_new(base, -1, 0, on_accept_again, c);
		c->listener = evconnlistener_new(
			base, on_accept, c, LEV_OPT_CLOSE_ON_EXEC, 0, c->socket.fd);
		if (c->accept_again == NULL || c->listener == NULL)
			r = -ENOMEM;
	}
	if (r < 0) {
		control_close(c);
		return r;
	}
	evconnlistener_set_error_cb(c->listener, on_accept_error);
	*ret_control = c;
	return 0;
}

struct control_counters
control_counters(const struct control *c)
{
	return c->counters;
}

void
control_close(struct control *c)
{
	struct client *next;

	if (c == NULL)
		return;
	for (struct client *k = TAILQ_FIRST(&c->clients); k != NULL; k = next) {
		next = TAILQ_NEXT(k, link);
		client_free(k);
	}
	if (c->listener != NULL)
		evconnlistener_free(c->listener);
	if (c->accept_again != NULL)
		event_free(c->accept_again);
	unix_socket_close(&c->socket);
	free(c);
}
