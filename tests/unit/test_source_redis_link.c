/* Servers that misbehave: what each says is canned, and how long it takes is measured. */
#include "viewer/source/source_redis_link.h"

#include "tests/support/stopwatch.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define END ((const char *)NULL)

/* A server that, to each connection, says OK to SELECT and then one thing. */
struct server {
	char directory[64];
	struct source_redis_url url;
	int fd;
	pthread_t thread;
	const char *says;
	size_t length;
	bool drips;   /* a byte of it every 100 ms */
	bool repeats; /* without end */
	bool stays;   /* silent, but connected */
};

static bool
tell(int fd, const void *bytes, size_t length)
{
	return send(fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* Until whoever asked goes away. */
static void
answer(const struct server *s, int fd)
{
	static char room[1 << 16];
	bool goes_on = recv(fd, room, sizeof(room), 0) > 0 && tell(fd, "+OK\r\n", 5) &&
		       recv(fd, room, sizeof(room), 0) > 0;

	if (s->drips)
		for (size_t i = 0; goes_on; i++) {
			goes_on = tell(fd, s->says + i % s->length, 1);
			(void)usleep(100000);
		}
	if (goes_on && s->length > 0)
		goes_on = tell(fd, s->says, s->length);
	while (goes_on && s->repeats) {
		memset(room, 'x', sizeof(room));
		goes_on = tell(fd, room, sizeof(room));
	}
	while (goes_on && s->stays)
		goes_on = recv(fd, room, sizeof(room), 0) > 0;
}

static void *
serve(void *context)
{
	const struct server *s = context;

	for (;;) {
		int fd = accept(s->fd, NULL, NULL);
		if (fd < 0)
			return NULL;
		answer(s, fd);
		(void)close(fd);
	}
}

static void
server_start(struct server *s)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	(void)snprintf(s->directory, sizeof(s->directory), "/tmp/naiad-test-XXXXXX");
	assert_non_null(mkdtemp(s->directory));
	(void)snprintf(s->url.path, sizeof(s->url.path), "%s/s", s->directory);
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", s->url.path);
	s->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 4), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void
server_stop(struct server *s)
{
	(void)shutdown(s->fd, SHUT_RDWR);
	(void)pthread_join(s->thread, NULL);
	(void)close(s->fd);
	(void)unlink(s->url.path);
	(void)rmdir(s->directory);
}

/* Ask one thing of it. What went wrong is written to `ret_trouble`; returns whether there was an answer */
static bool
asked(struct server *s, char ret_trouble[256])
{
	server_start(s);
	struct source_redis_link *l = source_redis_link_new(&s->url);
	assert_true(source_redis_begin(l));
	struct redisReply *r = source_redis_ask(l, "GET", "k", END);
	bool is_answered = r != NULL;
	(void)snprintf(ret_trouble, 256, "%s", source_redis_trouble(l));
	source_redis_drop(r);
	source_redis_link_free(l);
	server_stop(s);
	return is_answered;
}

#define SAYS(text) .says = (text), .length = sizeof(text) - 1

static void
one_that_is_silent_and_one_that_drips_are_given_up_after_two_seconds(void **state)
{
	struct server drips = { SAYS("$100000\r\n"), .drips = true };
	char trouble[256];
	const struct stopwatch watch = stopwatch_start();

	(void)state;
	assert_false(asked(&drips, trouble));
	assert_non_null(strstr(trouble, "does not answer"));
	struct server silent = { .stays = true };
	assert_false(asked(&silent, trouble));
	assert_non_null(strstr(trouble, "does not answer"));
	assert_true(stopwatch_ms(&watch) >= UINT64_C(2) * SOURCE_REDIS_WAIT_MS);
	assert_true(stopwatch_own_ms(&watch) < UINT64_C(3) * SOURCE_REDIS_WAIT_MS);
}

static void
half_an_answer_is_none(void **state)
{
	struct server half = { SAYS("$10\r\nabc") };
	struct server nothing = { .length = 0 };
	struct server list = { SAYS("*2\r\n$1\r\na\r\n") };
	struct server nonsense = { SAYS("hello\r\n") };
	char trouble[256];

	(void)state;
	assert_false(asked(&half, trouble));
	assert_non_null(strstr(trouble, "it is tried again"));
	assert_false(asked(&nothing, trouble));
	assert_false(asked(&list, trouble));
	assert_false(asked(&nonsense, trouble));
	assert_string_not_equal(trouble, "");
}

static void
an_answer_without_end_or_with_too_many_parts_is_refused(void **state)
{
	struct server endless = { SAYS("$500000000\r\n"), .repeats = true };
	struct server wide = { SAYS("*2147483647\r\n"), .stays = true };
	struct server deep = {
		SAYS("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n"),
		.stays = true
	};
	struct server one_more = { SAYS("*1048577\r\n"), .stays = true };
	char trouble[256];

	(void)state;
	/* Both sides take the processor for it: who did not get it for half of the time may be too late with 32 MiB. */
	const clock_t begun = clock();
	assert_false(asked(&endless, trouble));
	assert_true(strstr(trouble, "longer than 32 MiB") != NULL ||
		    (clock() - begun) / (CLOCKS_PER_SEC / 1000) < SOURCE_REDIS_WAIT_MS / 2);
	assert_false(asked(&wide, trouble));
	assert_false(asked(&one_more, trouble));
	assert_false(asked(&deep, trouble));
	assert_string_not_equal(trouble, "");
}

static void
what_it_refuses_fails_a_question_but_for_another_type(void **state)
{
	struct server denies = { SAYS("-NOPERM not you\r\n"), .stays = true };
	struct server loads = { SAYS("-LOADING\r\n"), .stays = true };
	struct server other = { SAYS("-WRONGTYPE of another\r\n"), .stays = true };
	char trouble[256];

	(void)state;
	assert_false(asked(&denies, trouble));
	assert_non_null(strstr(trouble, "NOPERM not you"));
	assert_false(asked(&loads, trouble));
	assert_true(asked(&other, trouble));
	assert_string_equal(trouble, "");
}

static void
one_that_is_gone_is_tried_again_not_before_a_second(void **state)
{
	struct source_redis_url url = { .path = "/nonexistent/redis.sock" };
	struct source_redis_link *l = source_redis_link_new(&url);
	const struct stopwatch watch = stopwatch_start();

	(void)state;
	assert_false(source_redis_begin(l));
	assert_non_null(strstr(source_redis_trouble(l), "/nonexistent/redis.sock"));
	for (int i = 0; i < 1000; i++)
		assert_false(source_redis_begin(l));
	assert_string_not_equal(source_redis_trouble(l), "");
	assert_null(source_redis_ask(l, "GET", "k", END));
	source_redis_send(l, "GET", "k", END);
	assert_null(source_redis_take(l));
	assert_true(stopwatch_own_ms(&watch) < SOURCE_REDIS_PAUSE_MS);
	source_redis_link_free(l);
	source_redis_link_free(NULL);
}

static void
an_answer_of_another_kind_is_nothing(void **state)
{
	size_t length = 7;

	(void)state;
	assert_null(source_redis_text(NULL, &length));
	assert_int_equal(source_redis_count(NULL), 0);
	assert_null(source_redis_item(NULL, 0));
	assert_int_equal(source_redis_number(NULL), 0);
	assert_false(source_redis_is(NULL, ""));
	source_redis_drop(NULL);
}

static void
it_is_called_by_where_it_is(void **state)
{
	struct source_redis_url url = { .host = "::1", .port = 6379 };
	struct source_redis_link *l = source_redis_link_new(&url);
	char name[64];

	(void)state;
	source_redis_link_name(l, name, sizeof(name));
	assert_string_equal(name, "[::1]:6379");
	source_redis_link_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			one_that_is_silent_and_one_that_drips_are_given_up_after_two_seconds),
		cmocka_unit_test(half_an_answer_is_none),
		cmocka_unit_test(an_answer_without_end_or_with_too_many_parts_is_refused),
		cmocka_unit_test(what_it_refuses_fails_a_question_but_for_another_type),
		cmocka_unit_test(one_that_is_gone_is_tried_again_not_before_a_second),
		cmocka_unit_test(an_answer_of_another_kind_is_nothing),
		cmocka_unit_test(it_is_called_by_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
