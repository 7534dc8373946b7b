/*
 * resolver.h -- where a host is: an address at once, a name by evdns, which does not block.
 *
 * One question at a time. Of a name with several addresses each answer is the next one, so that one that is dead does
 * not hide the others. An address of a link with its zone is refused: the sandbox may not ask which link that is.
 */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

struct event_base;
struct evdns_base;
struct evdns_getaddrinfo_request;
struct resolver_question;

/*
 * to, length  where it is; NULL, 0: not known
 * cause       a sentence then, else NULL
 */
typedef void resolver_found(
	void *context, const struct sockaddr *to, socklen_t length, const char *cause);

struct resolver {
	struct event_base *base;
	struct evdns_base *dns; /* made when the first name is asked for */
	struct resolver_question *question;
	struct evdns_getaddrinfo_request *request;
	unsigned told; /* of a name's addresses, how many in turn */
};

void resolver_init(struct resolver *r, struct event_base *base);

/*
 * Ask where `host` is. found() is called once, from here or from the event loop, unless the question is dropped.
 *
 * socktype  SOCK_STREAM, SOCK_DGRAM
 */
void resolver_ask(struct resolver *r, const char *host, uint16_t port, int socktype,
	resolver_found *found, void *context);

/* Nobody wants to know any more. */
void resolver_drop(struct resolver *r);

void resolver_done(struct resolver *r);
