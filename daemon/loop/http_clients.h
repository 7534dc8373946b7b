/*
 * http_clients.h -- who is connected to an evhttp: few at a time, not for long, and little is read.
 *
 * evhttp in libevent 2.1 serves whoever connects: it has no most, its time-out starts again at each
 * byte, and while it writes a reply it reads on without a bound. This stands at its door.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct evconnlistener;
struct evhttp;
struct evhttp_request;
struct http_clients;

enum {
	HTTP_CLIENTS_MAX = 64,
	HTTP_CLIENTS_SECONDS = 5,            /* from the first byte of a connection to its last */
	HTTP_CLIENTS_REQUEST_MAX = 8 * 1024, /* bytes of a request; it has no body */
	HTTP_CLIENTS_UNSENT_MAX = 4 * 1024 * 1024, /* bytes of replies that wait for slow readers */
};

struct http_clients_stats {
	uint64_t connections;  /* now */
	uint64_t dropped_full; /* turned away: everybody in was being answered */
	uint64_t dropped_idle; /* had not asked yet when another needed the place */
	uint64_t
		dropped_slow; /* took its answer too slowly when another needed the place or memory */
	uint64_t dropped_late; /* not done after HTTP_CLIENTS_SECONDS */
};

/*
 * Watch over the connections of `http`, which is to be served by `listener` alone. Sets its limits;
 * its replies must close their connections ("Connection: close").
 *
 * listener  given to evhttp_bind_listener(); accepts one connection a turn of the loop from now on
 * returns   0 or -ENOMEM
 */
int http_clients_open(struct event_base *base, struct evhttp *http, struct evconnlistener *listener,
	struct http_clients **ret_clients);

/* To be called for every request before it is answered with `length` bytes. */
void http_clients_asked(struct http_clients *c, struct evhttp_request *request, size_t length);

struct http_clients_stats http_clients_stats(const struct http_clients *c);

/* After evhttp_free(). Accepts NULL. */
void http_clients_close(struct http_clients *c);
