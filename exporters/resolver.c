#include "exporters/resolver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What evdns was asked: it may outlive who asked. */
struct resolver_question {
	struct resolver *resolver; /* NULL: nobody wants to know any more */
	resolver_found *found;
	void *context;
};

void
resolver_init(struct resolver *r, struct event_base *base)
{
	*r = (struct resolver){ .base = base };
}

/* returns the length, or 0 when it is a name */
static socklen_t
address_parse(const char *host, uint16_t port, struct sockaddr_storage *ret_to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret_to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_to;

	*ret_to = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof(*v6);
	}
	return 0;
}

/* Who comes back found nobody at the last one, or was left by it: each time the next. */
static void
address_tell(const struct resolver_question *q, const struct evutil_addrinfo *answer)
{
	const struct evutil_addrinfo *a = answer;

	for (unsigned i = 0; i < q->resolver->told; i++)
		a = a->ai_next != NULL ? a->ai_next : answer;
	q->resolver->told = a->ai_next != NULL ? q->resolver->told + 1 : 0;
	q->found(q->context, a->ai_addr, (socklen_t)a->ai_addrlen, NULL);
}

static void
on_answer(int error, struct evutil_addrinfo *answer, void *context)
{
	struct resolver_question q = *(struct resolver_question *)context;

	free(context);
	if (q.resolver != NULL) {
		q.resolver->request = NULL;
		q.resolver->question = NULL;
		if (error != 0 || answer == NULL)
			q.found(q.context, NULL, 0, evutil_gai_strerror(error));
		else
			address_tell(&q, answer);
	}
	if (answer != NULL)
		evutil_freeaddrinfo(answer);
}

static void
name_ask(struct resolver *r, const char *host, uint16_t port, int socktype, resolver_found *found,
	void *context)
{
	const struct evutil_addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = socktype,
		.ai_flags = EVUTIL_AI_ADDRCONFIG | EVUTIL_AI_NUMERICSERV,
	};
	struct resolver_question *q = calloc(1, sizeof(*q));
	char service[8];

	if (r->dns == NULL)
		r->dns = evdns_base_new(r->base,
			EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (q == NULL || r->dns == NULL) {
		free(q);
		found(context, NULL, 0,
			r->dns == NULL ? "no name server is configured" : strerror(ENOMEM));
		return;
	}
	*q = (struct resolver_question){ r, found, context };
	r->question = q;
	(void)snprintf(service, sizeof(service), "%u", port);
	struct evdns_getaddrinfo_request *request =
		evdns_getaddrinfo(r->dns, host, service, &hints, on_answer, q);
	if (request != NULL) /* else it was answered already */
		r->request = request;
}

void
resolver_ask(struct resolver *r, const char *host, uint16_t port, int socktype,
	resolver_found *found, void *context)
{
	struct sockaddr_storage to;
	socklen_t length = address_parse(host, port, &to);

	if (length > 0)
		found(context, (const struct sockaddr *)&to, length, NULL);
	else if (strchr(host, '%') != NULL)
		found(context, NULL, 0, "an address with a zone (%) cannot be used");
	else
		name_ask(r, host, port, socktype, found, context);
}

void
resolver_drop(struct resolver *r)
{
	if (r->question == NULL)
		return;
	r->question->resolver = NULL;
	r->question = NULL;
	if (r->request != NULL)
		evdns_getaddrinfo_cancel(r->request);
	r->request = NULL;
}

void
resolver_done(struct resolver *r)
{
	resolver_drop(r);
	if (r->dns != NULL)
		evdns_base_free(r->dns, 1);
	r->dns = NULL;
}
