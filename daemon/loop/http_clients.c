/*
 * A place for each connection, and a reference to its bufferevent. evhttp frees a bufferevent when it
 * is done with it and tells nobody; whose reference then turns out to be the last is gone.
 *
 * When all places are taken, whoever has not asked yet makes room, the longest there first: a scrape
 * asks at once, so a thousand connections that say nothing only push out each other. Then whoever has
 * been taking an answer for longer than FAIR_NS. If there is nobody of either, the newcomer goes.
 *
 * The listener lets one in and stops; a turn of the loop later it goes on. So a flood of connections
 * costs a turn no more than one of them, and the packets come first.
 */
#include "daemon/loop/http_clients.h"

#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
	TICK_US = 500 * 1000,
	READ_AHEAD = 2 * HTTP_CLIENTS_REQUEST_MAX, /* evhttp refuses before it is full */
};

#define FAIR_NS NS_PER_S
#define LIFE_NS (HTTP_CLIENTS_SECONDS * NS_PER_S)

struct client {
	struct bufferevent *connection; /* NULL: free place */
	uint64_t since_ns;
	bool asked;
};

struct http_clients {
	struct evconnlistener *listener;
	struct event *next_turn; /* lets in the next */
	struct event *tick;      /* looks for those who are late */
	struct client client[HTTP_CLIENTS_MAX];
	struct bufferevent *turned_away; /* let in only to be shut out in the next turn */
	struct http_clients_stats stats;
};

/* Is it there still? If evhttp has freed it, our reference was the last, and the place is free. */
static bool
is_there(struct client *k)
{
	if (k->connection == NULL)
		return false;
	if (bufferevent_decref(k->connection) != 0) {
		k->connection = NULL;
		return false;
	}
	bufferevent_incref(k->connection);
	return true;
}

/* Tell evhttp that the time is up: it frees the connection at once, whatever state it is in. */
static void
shut(struct bufferevent *connection)
{
	bufferevent_trigger_event(connection, BEV_EVENT_READING | BEV_EVENT_TIMEOUT, 0);
	(void)bufferevent_decref(connection);
}

static void
drop(struct client *k, uint64_t *counter)
{
	shut(k->connection);
	k->connection = NULL;
	(*counter)++;
}

/* The one that has been there longest of those who have asked, or have not. */
static struct client *
longest(struct http_clients *c, bool asked)
{
	struct client *found = NULL;

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++) {
		struct client *k = &c->client[i];

		if (is_there(k) && k->asked == asked &&
			(found == NULL || k->since_ns < found->since_ns))
			found = k;
	}
	return found;
}

/* returns NULL when nobody may be asked to leave */
static struct client *
place_find(struct http_clients *c, uint64_t now)
{
	struct client *k;

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		if (!is_there(&c->client[i]))
			return &c->client[i];
	k = longest(c, false);
	if (k != NULL) {
		drop(k, &c->stats.dropped_idle);
		return k;
	}
	k = longest(c, true);
	if (k == NULL || now - k->since_ns <= FAIR_NS)
		return NULL;
	drop(k, &c->stats.dropped_slow);
	return k;
}

/* evhttp asks for the bufferevent of a connection that was just accepted. */
static struct bufferevent *
on_accept(struct event_base *base, void *context)
{
	const struct timeval at_once = { 0 };
	struct http_clients *c = context;
	struct bufferevent *connection = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	uint64_t now = now_monotonic_ns();

	(void)evconnlistener_disable(c->listener);
	(void)event_add(c->next_turn, &at_once);
	if (connection == NULL)
		return NULL; /* evhttp makes its own, if it can, with its time-out alone */
	bufferevent_setwatermark(connection, EV_READ, 0, READ_AHEAD);
	bufferevent_incref(connection);
	struct client *k = place_find(c, now);
	if (k == NULL) {
		c->turned_away = connection;
		return connection;
	}
	*k = (struct client){ .connection = connection, .since_ns = now };
	return connection;
}

static void
on_next_turn(evutil_socket_t fd, short what, void *context)
{
	struct http_clients *c = context;
	struct client last = { .connection = c->turned_away };

	(void)fd;
	(void)what;
	if (is_there(&last))
		shut(last.connection);
	if (c->turned_away != NULL)
		c->stats.dropped_full++;
	c->turned_away = NULL;
	(void)evconnlistener_enable(c->listener);
}

static void
on_tick(evutil_socket_t fd, short what, void *context)
{
	struct http_clients *c = context;
	uint64_t now = now_monotonic_ns();

	(void)fd;
	(void)what;
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++) {
		struct client *k = &c->client[i];

		if (is_there(k) && now - k->since_ns >= LIFE_NS)
			drop(k, &c->stats.dropped_late);
	}
	(void)evconnlistener_enable(c->listener); /* on_trouble() */
}

/* accept() found no descriptor left: the queue waits for a tick, and the loop does not spin on it. */
static void
on_trouble(struct evconnlistener *listener, void *http)
{
	(void)http;
	(void)evconnlistener_disable(listener);
}

void
http_clients_asked(struct http_clients *c, struct evhttp_request *request, size_t length)
{
	struct bufferevent *own =
		evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
	size_t unsent = length;

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++) {
		struct client *k = &c->client[i];

		if (k->connection == own)
			k->asked = true;
		else if (is_there(k))
			unsent += evbuffer_get_length(bufferevent_get_output(k->connection));
	}
	while (unsent > HTTP_CLIENTS_UNSENT_MAX) {
		struct client *k = longest(c, true);

		if (k == NULL || k->connection == own)
			break;
		unsent -= evbuffer_get_length(bufferevent_get_output(k->connection));
		drop(k, &c->stats.dropped_slow);
	}
}

int
http_clients_open(struct event_base *base, struct evhttp *http, struct evconnlistener *listener,
	struct http_clients **ret_clients)
{
	const struct timeval tick = { .tv_usec = TICK_US };
	struct http_clients *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	c->listener = listener;
	c->next_turn = evtimer_new(base, on_next_turn, c);
	c->tick = event_new(base, -1, EV_PERSIST, on_tick, c);
	if (c->next_turn == NULL || c->tick == NULL || event_add(c->tick, &tick) != 0) {
		http_clients_close(c);
		return -ENOMEM;
	}
	evhttp_set_max_headers_size(http, HTTP_CLIENTS_REQUEST_MAX);
	evhttp_set_max_body_size(http, 0);
	evhttp_set_timeout(http, HTTP_CLIENTS_SECONDS);
	evhttp_set_bevcb(http, on_accept, c);
	evconnlistener_set_error_cb(listener, on_trouble);
	*ret_clients = c;
	return 0;
}

struct http_clients_stats
http_clients_stats(const struct http_clients *c)
{
	struct http_clients_stats s = c->stats;

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		s.connections += c->client[i].connection != NULL;
	return s;
}

void
http_clients_close(struct http_clients *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		if (c->client[i].connection != NULL)
			(void)bufferevent_decref(c->client[i].connection);
	if (c->turned_away != NULL)
		(void)bufferevent_decref(c->turned_away);
	if (c->next_turn != NULL)
		event_free(c->next_turn);
	if (c->tick != NULL)
		event_free(c->tick);
	free(c);
}
