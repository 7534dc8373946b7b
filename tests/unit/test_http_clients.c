/* One process is both: the loop turns between what the test's own sockets send and read. */
#include "daemon/loop/http_clients.h"

#include "tests/support/stopwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	BODY_BYTES = 1024 * 1024,
	FAIR_US = 1050 * 1000,
	TICK_US = 550 * 1000,
};

static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

struct rig {
	struct event_base *base;
	struct evhttp *http;
	struct http_clients *clients;
	struct sockaddr_in address;
	size_t body;
};

static void
on_request(struct evhttp_request *q, void *context)
{
	static char text[BODY_BYTES];
	struct rig *r = context;

	(void)evhttp_add_header(evhttp_request_get_output_headers(q), "Connection", "close");
	http_clients_asked(r->clients, q, r->body);
	(void)evbuffer_add(evhttp_request_get_output_buffer(q), text, r->body);
	evhttp_send_reply(q, HTTP_OK, "OK", NULL);
}

static int
setup(void **state)
{
	const int small = 1;
	struct rig *r = calloc(1, sizeof(*r));
	socklen_t length = sizeof(r->address);

	assert_non_null(r);
	r->base = event_base_new();
	r->http = evhttp_new(r->base);
	r->address = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	r->body = 2;
	struct evconnlistener *listener = evconnlistener_new_bind(r->base, NULL, NULL,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 128,
		(const struct sockaddr *)&r->address, sizeof(r->address));
	assert_non_null(listener);
	/* Inherited by what is accepted, so that replies wait here and not in the kernel. */
	assert_int_equal(setsockopt(evconnlistener_get_fd(listener), SOL_SOCKET, SO_SNDBUF, &small,
				 sizeof(small)),
		0);
	assert_int_equal(getsockname(evconnlistener_get_fd(listener),
				 (struct sockaddr *)&r->address, &length),
		0);
	assert_non_null(evhttp_bind_listener(r->http, listener));
	evhttp_set_gencb(r->http, on_request, r);
	assert_int_equal(http_clients_open(r->base, r->http, listener, &r->clients), 0);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	evhttp_free(r->http);
	http_clients_close(r->clients);
	event_base_free(r->base);
	free(r);
	return 0;
}

static void
turn(struct rig *r, unsigned turns)
{
	for (; turns > 0; turns--)
		(void)event_base_loop(r->base, EVLOOP_NONBLOCK);
}

/* A connection whose receive window is small; it is accepted, and turned away if it has to be. */
static int
dial(struct rig *r)
{
	const int small = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&r->address, sizeof(r->address)), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	turn(r, 6);
	return fd;
}

static int
dial_and_ask(struct rig *r)
{
	int fd = dial(r);

	(void)send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL);
	turn(r, 6);
	return fd;
}

/* Everything up to the end; returns its length, or -1 when it was cut by force or is not over. */
static long
drain(struct rig *r, int fd)
{
	char bytes[65536];
	long length = 0;

	for (unsigned i = 0; i < 100000; i++) {
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

		if (n == 0)
			return length;
		if (n < 0 && errno != EAGAIN)
			return -1;
		length += n > 0 ? n : 0;
		turn(r, 1);
	}
	return -1;
}

/* Is the other side still there, silent? */
static bool
is_open(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

static void
close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)close(fds[i]);
}

static void
those_who_have_not_asked_make_room_the_oldest_first(void **state)
{
	struct rig *r = *state;
	int fds[HTTP_CLIENTS_MAX + 3];

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		fds[i] = dial(r);
	assert_int_equal(http_clients_stats(r->clients).dropped_idle, 0);
	assert_int_equal(http_clients_stats(r->clients).connections, HTTP_CLIENTS_MAX);
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		assert_true(is_open(fds[i]));
	for (size_t i = HTTP_CLIENTS_MAX; i < HTTP_CLIENTS_MAX + 3; i++)
		fds[i] = dial(r);
	for (size_t i = 0; i < HTTP_CLIENTS_MAX + 3; i++)
		assert_int_equal(is_open(fds[i]), i >= 3);
	assert_int_equal(http_clients_stats(r->clients).dropped_idle, 3);
	assert_int_equal(http_clients_stats(r->clients).connections, HTTP_CLIENTS_MAX);
	assert_int_equal(http_clients_stats(r->clients).dropped_full, 0);
	close_all(fds, HTTP_CLIENTS_MAX + 3);
}

static void
a_request_is_answered_among_those_who_say_nothing(void **state)
{
	struct rig *r = *state;
	int fds[HTTP_CLIENTS_MAX];

	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		fds[i] = dial(r);
	int fd = dial_and_ask(r);
	assert_true(drain(r, fd) > 2);
	(void)close(fd);
	/* Its place is free again. */
	fd = dial(r);
	assert_int_equal(http_clients_stats(r->clients).dropped_idle, 1);
	(void)close(fd);
	close_all(fds, HTTP_CLIENTS_MAX);
}

static void
a_place_is_free_when_the_other_side_has_gone(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 3 * HTTP_CLIENTS_MAX; i++) {
		(void)close(dial(r));
		turn(r, 4);
	}
	assert_int_equal(http_clients_stats(r->clients).dropped_idle, 0);
	for (unsigned i = 0; i < 3 * HTTP_CLIENTS_MAX; i++) {
		int fd = dial_and_ask(r);

		assert_true(drain(r, fd) > 2);
		(void)close(fd);
	}
	assert_int_equal(http_clients_stats(r->clients).dropped_slow, 0);
	assert_int_equal(http_clients_stats(r->clients).dropped_full, 0);
	for (unsigned i = 0; i < 2; i++) {
		(void)usleep(TICK_US);
		turn(r, 4);
		assert_int_equal(http_clients_stats(r->clients).connections, 0);
	}
}

static void
a_newcomer_goes_when_all_are_being_answered(void **state)
{
	struct rig *r = *state;
	int fds[HTTP_CLIENTS_MAX];

	/* More than a peer with a small window takes, and together less than what may wait. */
	r->body = HTTP_CLIENTS_UNSENT_MAX / HTTP_CLIENTS_MAX;
	for (size_t i = 0; i < HTTP_CLIENTS_MAX; i++)
		fds[i] = dial_and_ask(r);
	struct http_clients_stats s = http_clients_stats(r->clients);
	if (s.connections < HTTP_CLIENTS_MAX || s.dropped_slow > 0) {
		close_all(fds, HTTP_CLIENTS_MAX);
		skip(); /* the kernel took whole replies, or the machine was slow */
	}
	int fd = dial(r);
	assert_int_equal(drain(r, fd), 0);
	(void)close(fd);
	assert_int_equal(http_clients_stats(r->clients).dropped_full, 1);
	assert_int_equal(http_clients_stats(r->clients).connections, HTTP_CLIENTS_MAX);

	/* After a second nobody may say that it is still reading. */
	(void)usleep(FAIR_US);
	fd = dial_and_ask(r);
	assert_int_equal(http_clients_stats(r->clients).dropped_slow, 1);
	assert_int_equal(http_clients_stats(r->clients).dropped_full, 1);
	assert_true(drain(r, fd) > (long)r->body);
	(void)close(fd);
	assert_true(drain(r, fds[1]) > (long)r->body);
	close_all(fds, HTTP_CLIENTS_MAX);
}

static void
replies_that_nobody_takes_have_a_most(void **state)
{
	enum { COUNT = 12 };
	struct rig *r = *state;
	int fds[COUNT];

	r->body = BODY_BYTES;
	for (size_t i = 0; i < COUNT; i++)
		fds[i] = dial_and_ask(r);
	uint64_t dropped = http_clients_stats(r->clients).dropped_slow;
	assert_in_range(dropped, COUNT - 6, COUNT - 4);
	assert_true(drain(r, fds[COUNT - 1]) > BODY_BYTES);
	assert_true(drain(r, fds[COUNT - 2]) > BODY_BYTES);
	assert_true(drain(r, fds[0]) < BODY_BYTES);
	close_all(fds, COUNT);
}

static void
what_follows_a_request_is_not_kept(void **state)
{
	static char junk[BODY_BYTES];
	struct rig *r = *state;
	size_t sent = 0;
	int fd;

	r->body = BODY_BYTES;
	fd = dial_and_ask(
		r); /* does not read, so its reply is on the way for as long as this takes */
	for (unsigned i = 0; i < 2000; i++) {
		ssize_t n = send(fd, junk, sizeof(junk), MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		turn(r, 1);
	}
	assert_int_equal(http_clients_stats(r->clients).connections, 1);
	assert_true(sent < 16 * sizeof(junk)); /* what the kernel keeps; not what the loop reads */
	(void)close(fd);
}

static void
one_connection_is_let_in_a_turn(void **state)
{
	enum { COUNT = 20 };
	struct rig *r = *state;
	int fds[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(
			connect(fds[i], (const struct sockaddr *)&r->address, sizeof(r->address)),
			0);
	}
	for (unsigned i = 1; http_clients_stats(r->clients).connections < COUNT; i++) {
		uint64_t before = http_clients_stats(r->clients).connections;

		(void)event_base_loop(r->base, EVLOOP_NONBLOCK | EVLOOP_ONCE); /* one turn */
		assert_in_range(http_clients_stats(r->clients).connections - before, 0, 1);
		assert_in_range(i, 1, 10 * COUNT);
	}
	close_all(fds, COUNT);
}

static void
without_descriptors_the_queue_waits(void **state)
{
	struct rig *r = *state;
	struct rlimit limit;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const struct sockaddr *)&r->address, sizeof(r->address)), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	struct rlimit none = { .rlim_cur = (rlim_t)fd + 1, .rlim_max = limit.rlim_max };
	for (int i = 0; i < fd; i++)
		if (fcntl(i, F_GETFD) < 0)
			(void)fcntl(fd, F_DUPFD, i);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	const struct stopwatch watch = stopwatch_start();
	turn(r, 5);
	assert_int_equal(http_clients_stats(r->clients).connections, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	turn(r, 5);
	assert_true(http_clients_stats(r->clients).connections == 0 || /* did not spin on it */
		    stopwatch_ms(&watch) >= 500);
	(void)usleep(TICK_US);
	turn(r, 5);
	assert_int_equal(http_clients_stats(r->clients).connections, 1);
	(void)close(fd);
}

int
main(void)
{
#define RIG_TEST(name_) cmocka_unit_test_setup_teardown(name_, setup, teardown)
	const struct CMUnitTest tests[] = {
		RIG_TEST(those_who_have_not_asked_make_room_the_oldest_first),
		RIG_TEST(a_request_is_answered_among_those_who_say_nothing),
		RIG_TEST(a_place_is_free_when_the_other_side_has_gone),
		RIG_TEST(a_newcomer_goes_when_all_are_being_answered),
		RIG_TEST(replies_that_nobody_takes_have_a_most),
		RIG_TEST(what_follows_a_request_is_not_kept),
		RIG_TEST(one_connection_is_let_in_a_turn),
		RIG_TEST(without_descriptors_the_queue_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
