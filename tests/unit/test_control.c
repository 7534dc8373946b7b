/* Clients good and bad at a socket of the test's own, in one process and one loop. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): pipe2() */
#include "daemon/loop/control/control.h"

#include "daemon/loop/unix_socket.h"
#include "tests/support/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { READ_MAX = 4 * 1024 * 1024, LONG_BYTES = 200 * 1024 };

struct place {
	struct scratch *scratch;
	struct event_base *base;
	struct control *control;
	char path[UNIX_SOCKET_PATH_MAX + 1];
	unsigned runs; /* of "count" */
	char *read;    /* what the last client was told */
	size_t read_bytes;
};

static int
count(void *context, const struct control_request *q, struct control_reply *reply)
{
	struct place *p = context;

	(void)q;
	json_u64(&reply->json, ++p->runs);
	return 0;
}

/* An answer that fills sockets. */
static int
tell_long(void *context, const struct control_request *q, struct control_reply *reply)
{
	static char text[LONG_BYTES];
	struct place *p = context;

	(void)q;
	p->runs++;
	memset(text, 'x', sizeof(text));
	json_bytes(&reply->json, text, sizeof(text));
	return 0;
}

static const struct control_command commands[] = {
	{ "count", "count", CONTROL_LOOKS, count },
	{ "long", "long", CONTROL_LOOKS, tell_long },
	{ NULL, NULL, CONTROL_LOOKS, NULL },
};

static void
open_with(struct place *p, unsigned idle_s, unsigned stall_s)
{
	char error[512];

	control_close(p->control);
	p->control = NULL;
	if (control_open(p->base,
		    &(struct control_plan){ .path = p->path,
			    .commands = commands,
			    .context = p,
			    .idle_s = idle_s,
			    .stall_s = stall_s },
		    &p->control, error, sizeof(error)) != 0)
		fail_msg("%s", error);
}

static int
begin(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	(void)signal(SIGPIPE, SIG_IGN);
	p->scratch = scratch_new();
	p->base = event_base_new();
	p->read = malloc(READ_MAX);
	assert_true(p->scratch != NULL && p->base != NULL && p->read != NULL);
	(void)snprintf(p->path, sizeof(p->path), "%s/s", p->scratch->directory);
	open_with(p, 0, 0);
	*state = p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	control_close(p->control);
	event_base_free(p->base);
	scratch_free(p->scratch);
	free(p->read);
	free(p);
	return 0;
}

static void
turns(struct place *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		(void)event_base_loop(p->base, EVLOOP_NONBLOCK);
}

static void
turns_for_ms(struct place *p, unsigned ms)
{
	for (unsigned i = 0; i < ms / 10; i++) {
		turns(p, 1);
		(void)usleep(10000);
	}
}

static int
client(struct place *p)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(a.sun_path, p->path, strlen(p->path) + 1);
	assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	turns(p, 2);
	return fd;
}

static void
say(struct place *p, int fd, const char *text)
{
	size_t length = strlen(text);

	while (length > 0) {
		ssize_t n = send(fd, text, length, MSG_NOSIGNAL);

		if (n > 0) {
			text += n;
			length -= (size_t)n;
		} else {
			assert_int_equal(errno, EAGAIN);
		}
		turns(p, 2);
	}
}

/* Read what is there. returns true when the other side has closed it */
static bool
hear(struct place *p, int fd)
{
	p->read_bytes = 0;
	for (;;) {
		turns(p, 3);
		ssize_t n = recv(fd, p->read + p->read_bytes, READ_MAX - 1 - p->read_bytes, 0);

		if (n > 0)
			p->read_bytes += (size_t)n;
		p->read[p->read_bytes] = '\0';
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
		if (n < 0)
			return false;
	}
}

#define COUNT "{\"command\":\"count\"}\n"
#define LONG  "{\"command\":\"long\"}\n"

static void
a_request_is_answered_and_the_next_one_too(void **state)
{
	struct place *p = *state;
	int fd = client(p);

	say(p, fd, COUNT);
	assert_false(hear(p, fd));
	assert_string_equal(p->read, "{\"ok\":true,\"data\":1}\n");
	say(p, fd, "nonsense\n\n");
	assert_false(hear(p, fd));
	assert_memory_equal(p->read, "{\"ok\":false,", 12);
	say(p, fd, COUNT);
	assert_false(hear(p, fd));
	assert_string_equal(p->read, "{\"ok\":true,\"data\":2}\n");
	assert_int_equal(control_counters(p->control).requests, 4);
	(void)close(fd);
	turns(p, 3);
	assert_int_equal(control_counters(p->control).clients, 0);
}

static void
a_request_may_come_byte_by_byte(void **state)
{
	struct place *p = *state;
	int fd = client(p);

	for (const char *c = COUNT; *c != '\0'; c++) {
		const char one[2] = { *c, '\0' };

		assert_false(hear(p, fd));
		assert_int_equal(p->read_bytes, 0);
		say(p, fd, one);
	}
	assert_false(hear(p, fd));
	assert_string_equal(p->read, "{\"ok\":true,\"data\":1}\n");
	(void)close(fd);
}

static void
requests_sent_ahead_are_answered_in_order(void **state)
{
	struct place *p = *state;
	int fd = client(p);
	char expected[8192] = "";

	for (unsigned i = 1; i <= 100; i++) {
		say(p, fd, COUNT);
		(void)snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			"{\"ok\":true,\"data\":%u}\n", i);
	}
	assert_false(hear(p, fd));
	assert_string_equal(p->read, expected);
	(void)close(fd);
}

/* Between two turns others have theirs. */
static void
a_turn_of_the_loop_answers_a_few(void **state)
{
	struct place *p = *state;
	int fd = client(p);
	char many[64 * sizeof(COUNT)];
	struct strbuf b;

	strbuf_init(&b, many, sizeof(many));
	for (size_t i = 0; i < 64; i++)
		strbuf_text(&b, COUNT);
	assert_int_equal(send(fd, many, b.length, MSG_NOSIGNAL), b.length);
	for (unsigned i = 0; p->runs == 0 && i < 5; i++)
		(void)event_base_loop(p->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	assert_int_equal(p->runs, 16);
	turns(p, 10);
	assert_int_equal(p->runs, 64);
	(void)close(fd);
}

/* nc -U and socat shut their side and wait for what comes. */
static void
who_has_said_all_is_answered_and_let_go(void **state)
{
	struct place *p = *state;
	int fd = client(p);

	assert_int_equal(send(fd, COUNT COUNT "half", 2 * strlen(COUNT) + 4, MSG_NOSIGNAL),
		2 * strlen(COUNT) + 4);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_true(hear(p, fd));
	assert_string_equal(p->read, "{\"ok\":true,\"data\":1}\n{\"ok\":true,\"data\":2}\n");
	assert_int_equal(control_counters(p->control).clients, 0);
	(void)close(fd);
}

/* A request whose line, with its line feed, has so many bytes: blanks before it. */
static bool
long_request_is_answered(struct place *p, size_t bytes)
{
	static char text[CONTROL_REQUEST_MAX + 16];
	int fd = client(p);
	unsigned before = p->runs;

	memset(text, ' ', sizeof(text));
	memcpy(text + bytes - strlen(COUNT), COUNT, sizeof(COUNT));
	for (size_t at = 0; at < bytes;) {
		ssize_t n = send(fd, text + at, bytes - at, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			break;
		at += n > 0 ? (size_t)n : 0;
		turns(p, 2);
	}
	bool gone = hear(p, fd);
	assert_int_equal(gone, p->runs == before);
	(void)close(fd);
	turns(p, 3);
	return p->runs > before;
}

static void
a_request_is_at_most_64_kib(void **state)
{
	struct place *p = *state;

	assert_true(long_request_is_answered(p, CONTROL_REQUEST_MAX - 1));
	assert_true(long_request_is_answered(p, CONTROL_REQUEST_MAX));
	assert_false(long_request_is_answered(p, CONTROL_REQUEST_MAX + 1));
	assert_string_equal(p->read,
		"{\"ok\":false,\"error\":\"a request is at most 64 KiB, and one line\"}\n");
	assert_int_equal(control_counters(p->control).closed_long, 1);
	assert_int_equal(control_counters(p->control).clients, 0);
}

static void
sixteen_clients_are_served_and_the_next_is_told(void **state)
{
	struct place *p = *state;
	int fds[CONTROL_CLIENTS_MAX];
	int next;

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		fds[i] = client(p);
	assert_int_equal(control_counters(p->control).clients, CONTROL_CLIENTS_MAX);
	next = client(p);
	assert_true(hear(p, next));
	assert_string_equal(p->read, "{\"ok\":false,\"error\":\"16 clients are connected, which is "
				     "the most: try again later\"}\n");
	(void)close(next);
	assert_int_equal(control_counters(p->control).refused_full, 1);
	say(p, fds[CONTROL_CLIENTS_MAX - 1], COUNT);
	assert_false(hear(p, fds[CONTROL_CLIENTS_MAX - 1]));
	assert_int_equal(p->runs, 1);
	(void)close(fds[0]);
	turns(p, 3);
	next = client(p); /* there is room again */
	say(p, next, COUNT);
	assert_false(hear(p, next));
	assert_int_equal(p->runs, 2);
	(void)close(next);
	for (size_t i = 1; i < CONTROL_CLIENTS_MAX; i++)
		(void)close(fds[i]);
}

static void
who_asks_nothing_is_let_go(void **state)
{
	struct place *p = *state;

	open_with(p, 1, 0);
	int silent = client(p);
	int half = client(p);
	int good = client(p);
	for (unsigned i = 0; i < 140; i++) { /* bytes are no request */
		turns_for_ms(p, 10);
		(void)send(half, "x", 1, MSG_NOSIGNAL);
		(void)send(good, COUNT, strlen(COUNT), MSG_NOSIGNAL);
	}
	assert_true(hear(p, silent));
	assert_true(hear(p, half));
	assert_false(hear(p, good));
	assert_int_equal(control_counters(p->control).closed_idle, 2);
	(void)close(silent);
	(void)close(half);
	(void)close(good);
}

static void
who_does_not_read_is_served_no_further_and_let_go(void **state)
{
	struct place *p = *state;

	open_with(p, 0, 1);
	int slow = client(p);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(send(slow, LONG, strlen(LONG), MSG_NOSIGNAL), strlen(LONG));
	turns(p, 100);
	/* What a socket takes, and one answer that waits. */
	assert_in_range(p->runs, 1, 4);
	turns_for_ms(p, 1300);
	assert_int_equal(control_counters(p->control).closed_slow, 1);
	assert_int_equal(control_counters(p->control).clients, 0);
	(void)close(slow);
}

/* Neither does what he sends pile up here: it stays in his own socket. */
static void
who_does_not_read_cannot_send_much(void **state)
{
	struct place *p = *state;
	int fd = client(p);
	static char many[200 * sizeof(LONG)];
	size_t sent = 0;
	struct strbuf b;

	strbuf_init(&b, many, sizeof(many));
	for (size_t i = 0; i < 200; i++)
		strbuf_text(&b, LONG);
	for (unsigned tries = 0; tries < 200; tries++) {
		ssize_t n = send(fd, many, b.length, MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		turns(p, 5);
	}
	/* A request read ahead, and what a socket takes. */
	assert_in_range(sent, CONTROL_REQUEST_MAX, 400 * 1024);
	/* Nor does the loop run in circles until he is let go. */
	assert_int_equal(control_counters(p->control).clients, 1);
	(void)close(fd);
}

static void
who_reads_late_but_reads_gets_all(void **state)
{
	struct place *p = *state;
	int fd = client(p);
	size_t total;

	for (unsigned i = 0; i < 10; i++)
		say(p, fd, LONG);
	turns(p, 50);
	assert_true(p->runs < 10);
	assert_false(hear(p, fd));
	total = p->read_bytes;
	assert_int_equal(p->runs, 10);
	assert_int_equal(total, 10 * (LONG_BYTES + strlen("{\"ok\":true,\"data\":\"\"}\n")));
	(void)close(fd);
}

static void
who_goes_away_in_the_middle_of_an_answer_is_forgotten(void **state)
{
	struct place *p = *state;

	for (unsigned i = 0; i < 20; i++) {
		int fd = client(p);
		(void)send(fd, LONG LONG COUNT, 2 * strlen(LONG) + strlen(COUNT), MSG_NOSIGNAL);
		turns(p, i % 5);
		(void)close(fd);
	}
	turns(p, 20);
	assert_int_equal(control_counters(p->control).clients, 0);
	assert_int_equal(control_counters(p->control).accepted, 20);
}

static unsigned
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n;
}

static void
send_descriptor(int fd, int passed)
{
	char line[] = COUNT;
	struct iovec bytes = { .iov_base = line, .iov_len = strlen(line) };
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = {
		.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};

	memset(&control, 0, sizeof(control));
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &passed, sizeof(int));
	assert_int_equal(sendmsg(fd, &m, MSG_NOSIGNAL), strlen(line));
}

static void
descriptors_that_are_sent_along_are_not_taken(void **state)
{
	struct place *p = *state;
	int fd = client(p);
	unsigned before = descriptors();
	char byte = 0;

	for (unsigned i = 1; i <= 50; i++) {
		int pipe_fds[2];

		assert_int_equal(pipe2(pipe_fds, O_NONBLOCK), 0);
		send_descriptor(fd, pipe_fds[1]);
		(void)close(pipe_fds[1]);
		assert_false(hear(p, fd));
		assert_int_equal(p->runs, i);
		assert_int_equal(read(pipe_fds[0], &byte, 1), 0); /* nobody has the other end */
		(void)close(pipe_fds[0]);
	}
	assert_int_equal(descriptors(), before);
	(void)close(fd);
}

static void
without_descriptors_it_waits_and_goes_on(void **state)
{
	struct place *p = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct rlimit before;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(a.sun_path, p->path, strlen(p->path) + 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(
		setrlimit(RLIMIT_NOFILE, &(struct rlimit){ (rlim_t)fd + 1, before.rlim_max }), 0);
	turns(p, 10);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(control_counters(p->control).accepted, 0);
	turns_for_ms(p, 1200);
	assert_int_equal(control_counters(p->control).accepted, 1);
	say(p, fd, COUNT);
	assert_false(hear(p, fd));
	assert_int_equal(p->runs, 1);
	(void)close(fd);
}

static void
it_ends_with_clients_connected(void **state)
{
	struct place *p = *state;
	int idle = client(p);
	int busy = client(p);

	(void)send(busy, LONG LONG, 2 * strlen(LONG), MSG_NOSIGNAL);
	turns(p, 3);
	control_close(p->control);
	p->control = NULL;
	assert_true(hear(p, idle));
	assert_true(hear(p, busy));
	assert_int_equal(access(p->path, F_OK), -1);
	(void)close(idle);
	(void)close(busy);
	control_close(NULL);
}

static void
a_socket_that_is_taken_is_an_error_with_a_line(void **state)
{
	struct place *p = *state;
	struct control *second = NULL;
	char error[512];

	assert_int_equal(control_open(p->base,
				 &(struct control_plan){ .path = p->path, .commands = commands },
				 &second, error, sizeof(error)),
		-EADDRINUSE);
	assert_null(second);
	assert_non_null(strstr(error, p->path));
	assert_int_equal(access(p->path, F_OK), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_request_is_answered_and_the_next_one_too),
		TEST(a_request_may_come_byte_by_byte),
		TEST(requests_sent_ahead_are_answered_in_order),
		TEST(a_turn_of_the_loop_answers_a_few),
		TEST(who_has_said_all_is_answered_and_let_go),
		TEST(a_request_is_at_most_64_kib),
		TEST(sixteen_clients_are_served_and_the_next_is_told),
		TEST(who_asks_nothing_is_let_go),
		TEST(who_does_not_read_is_served_no_further_and_let_go),
		TEST(who_does_not_read_cannot_send_much),
		TEST(who_reads_late_but_reads_gets_all),
		TEST(who_goes_away_in_the_middle_of_an_answer_is_forgotten),
		TEST(descriptors_that_are_sent_along_are_not_taken),
		TEST(without_descriptors_it_waits_and_goes_on),
		TEST(it_ends_with_clients_connected),
		TEST(a_socket_that_is_taken_is_an_error_with_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
