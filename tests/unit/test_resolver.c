#include "exporters/resolver.h"

#include "tests/support/peer_rig.h"

#include <event2/dns.h>
#include <event2/dns_struct.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strings.h>

#include <cmocka.h>

/* With a name server of the test's own, which knows host.example and answers nothing for silent.example. */
struct place {
	struct event_base *base;
	struct evdns_server_port *server;
	struct resolver resolver;
	char text[128]; /* what was found */
	unsigned found, asked;
};

/* Names come in mixed case: evdns has them as a nonce (draft-vixie-dnsext-dns0x20). */
static void
on_request(struct evdns_server_request *request, void *context)
{
	static const uint8_t address[] = { 192, 0, 2, 7 };
	static const uint8_t addresses[] = { 192, 0, 2, 8, 192, 0, 2, 9 };
	struct place *p = context;
	const char *name = request->questions[0]->name;

	p->asked++;
	if (strcasecmp(name, "silent.example") == 0) {
		(void)evdns_server_request_drop(request);
		return;
	}
	bool known = strcasecmp(name, "host.example") == 0;
	if (strcasecmp(name, "two.example") == 0) {
		known = true;
		if (request->questions[0]->type == EVDNS_TYPE_A)
			(void)evdns_server_request_add_a_reply(request, name, 2, addresses, 60);
	} else if (known && request->questions[0]->type == EVDNS_TYPE_A)
		(void)evdns_server_request_add_a_reply(request, name, 1, address, 60);
	(void)evdns_server_request_respond(request, known ? 0 : DNS_ERR_NOTEXIST);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	struct sockaddr_in at = { 0 };
	socklen_t length = sizeof(at);
	uint16_t port = 0;
	char server[32];

	p->base = event_base_new();
	int fd = peer_rig_inet(SOCK_DGRAM, &port);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	p->server = evdns_add_server_port_with_base(p->base, fd, 0, on_request, p);
	resolver_init(&p->resolver, p->base);
	p->resolver.dns = evdns_base_new(p->base, EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	(void)snprintf(server, sizeof(server), "127.0.0.1:%u", port);
	assert_int_equal(evdns_base_nameserver_ip_add(p->resolver.dns, server), 0);
	*state = p;
	return 0;
}

static void
turn(struct place *p)
{
	(void)event_base_loop(p->base, EVLOOP_NONBLOCK);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	resolver_done(&p->resolver);
	evdns_close_server_port(p->server);
	for (int i = 0; i < 10; i++)
		turn(p);
	event_base_free(p->base);
	free(p);
	return 0;
}

static void
on_found(void *context, const struct sockaddr *to, socklen_t length, const char *cause)
{
	struct place *p = context;
	char host[64] = "";
	unsigned port = 0;

	p->found++;
	if (to == NULL) {
		assert_int_equal(length, 0);
		(void)snprintf(p->text, sizeof(p->text), "%s", cause);
		return;
	}
	assert_null(cause);
	if (to->sa_family == AF_INET) {
		struct sockaddr_in v4;

		assert_int_equal(length, sizeof(v4));
		memcpy(&v4, to, sizeof(v4));
		(void)inet_ntop(AF_INET, &v4.sin_addr, host, sizeof(host));
		port = ntohs(v4.sin_port);
	} else {
		struct sockaddr_in6 v6;

		assert_int_equal(length, sizeof(v6));
		memcpy(&v6, to, sizeof(v6));
		(void)inet_ntop(AF_INET6, &v6.sin6_addr, host, sizeof(host));
		port = ntohs(v6.sin6_port);
	}
	(void)snprintf(p->text, sizeof(p->text), "%s %u", host, port);
}

static void
ask(struct place *p, const char *host, uint16_t port)
{
	resolver_ask(&p->resolver, host, port, SOCK_STREAM, on_found, p);
}

static void
answer_wait(struct place *p)
{
	for (int i = 0; i < 30000 && p->found == 0; i++) {
		turn(p);
		(void)usleep(1000);
	}
	assert_int_equal(p->found, 1);
	p->found = 0;
}

static void
an_address_is_found_at_once_and_nobody_is_asked(void **state)
{
	struct place *p = *state;

	ask(p, "192.0.2.1", 6379);
	assert_int_equal(p->found, 1);
	assert_string_equal(p->text, "192.0.2.1 6379");
	ask(p, "2001:db8::1", 65535);
	assert_int_equal(p->found, 2);
	assert_string_equal(p->text, "2001:db8::1 65535");
	turn(p);
	assert_int_equal(p->asked, 0);

	struct resolver fresh; /* where no name server is configured either */
	resolver_init(&fresh, p->base);
	resolver_ask(&fresh, "192.0.2.1", 1, SOCK_STREAM, on_found, p);
	resolver_ask(&fresh, "2001:db8::1", 1, SOCK_STREAM, on_found, p);
	assert_int_equal(p->found, 4);
	assert_null(fresh.dns);
	resolver_done(&fresh);
}

static void
a_name_is_asked_for_and_found(void **state)
{
	struct place *p = *state;

	ask(p, "host.example", 80);
	assert_int_equal(p->found, 0);
	answer_wait(p);
	assert_string_equal(p->text, "192.0.2.7 80");
	assert_true(p->asked > 0);
	ask(p, "host.example", 81); /* and again */
	answer_wait(p);
	assert_string_equal(p->text, "192.0.2.7 81");
}

static void
of_several_addresses_each_answer_is_the_next(void **state)
{
	static const char *const expected[] = { "192.0.2.8 80", "192.0.2.9 80", "192.0.2.8 80",
		"192.0.2.9 80" };
	struct place *p = *state;

	for (size_t i = 0; i < 4; i++) {
		ask(p, "two.example", 80);
		answer_wait(p);
		assert_string_equal(p->text, expected[i]);
	}
	ask(p, "host.example", 80); /* it has one again */
	answer_wait(p);
	ask(p, "two.example", 80);
	answer_wait(p);
	assert_string_equal(p->text, expected[0]);
}

static void
a_zone_is_refused_and_nobody_is_asked(void **state)
{
	struct place *p = *state;

	ask(p, "fe80::1%lan1", 80);
	assert_int_equal(p->found, 1);
	assert_string_equal(p->text, "an address with a zone (%) cannot be used");
	turn(p);
	assert_int_equal(p->asked, 0);
}

static void
a_name_that_nobody_has_is_told_with_its_cause(void **state)
{
	struct place *p = *state;

	ask(p, "nobody.example", 80);
	answer_wait(p);
	assert_string_equal(p->text, "nodename nor servname provided, or not known");
}

static void
a_question_that_is_dropped_is_not_answered(void **state)
{
	struct place *p = *state;

	ask(p, "host.example", 80);
	resolver_drop(&p->resolver);
	for (int i = 0; i < 50; i++) {
		turn(p);
		(void)usleep(1000);
	}
	assert_int_equal(p->found, 0);
	resolver_drop(&p->resolver); /* there is none */
	ask(p, "host.example", 81);
	answer_wait(p);
	assert_string_equal(p->text, "192.0.2.7 81");
}

static void
what_is_still_asked_at_the_end_is_not_answered(void **state)
{
	struct place *p = *state;

	ask(p, "silent.example", 80);
	for (int i = 0; i < 30000 && p->asked == 0; i++) {
		turn(p);
		(void)usleep(1000);
	}
	resolver_done(&p->resolver);
	turn(p);
	assert_int_equal(p->found, 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(an_address_is_found_at_once_and_nobody_is_asked),
		IN_PLACE(a_name_is_asked_for_and_found),
		IN_PLACE(a_name_that_nobody_has_is_told_with_its_cause),
		IN_PLACE(of_several_addresses_each_answer_is_the_next),
		IN_PLACE(a_zone_is_refused_and_nobody_is_asked),
		IN_PLACE(a_question_that_is_dropped_is_not_answered),
		IN_PLACE(what_is_still_asked_at_the_end_is_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
