#include "daemon/loop/input_socket.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { TOLD_MAX = 16 };

struct place {
	struct scratch *scratch;
	char path[UNIX_SOCKET_PATH_MAX + 1];
	struct event_base *base;
	struct input_socket *socket;
	char told[TOLD_MAX][32]; /* beginnings of the lines */
	size_t lengths[TOLD_MAX];
	size_t count;
	unsigned turns;
};

static int
begin(void **state)
{
	static struct place p;

	p = (struct place){ .scratch = scratch_new(), .base = event_base_new() };
	assert_non_null(p.scratch);
	assert_non_null(p.base);
	(void)snprintf(p.path, sizeof(p.path), "%s/eve.sock", p.scratch->directory);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	input_socket_close(p->socket);
	event_base_free(p->base);
	scratch_free(p->scratch);
	return 0;
}

static void
on_line(void *context, char *line, size_t length)
{
	struct place *p = context;

	assert_int_equal(line[length], '\0');
	assert_int_equal(strlen(line), length);
	if (p->count < TOLD_MAX) {
		(void)snprintf(p->told[p->count], sizeof(p->told[0]), "%s", line);
		p->lengths[p->count] = length;
	}
	p->count++;
}

static void
on_turn(void *context)
{
	struct place *p = context;

	p->turns++;
}

static void
open_socket(struct place *p, int backlog, bool for_all)
{
	const struct input_socket_plan plan = {
		.socket = { .path = p->path, .backlog = backlog, .for_all = for_all },
		.line = on_line,
		.turn = on_turn,
		.context = p,
	};
	char error[256] = "";

	assert_int_equal(input_socket_open(&plan, &p->socket, error, sizeof(error)), 0);
	assert_true(input_socket_attach(p->socket, p->base));
}

static int
connect_to(struct place *p, int type)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	memcpy(a.sun_path, p->path, sizeof(a.sun_path));
	assert_int_equal(connect(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* All that there is to do now. */
static void
turn(const struct place *p)
{
	for (unsigned i = 0; i < 32; i++)
		(void)event_base_loop(p->base, EVLOOP_NONBLOCK);
}

static void
say(const struct place *p, int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
	turn(p);
}

static void
lines_are_handed_on_as_they_become_whole(void **state)
{
	struct place *p = *state;

	open_socket(p, 4, false);
	int fd = connect_to(p, SOCK_STREAM);
	say(p, fd, "{\"a\":1}\n{\"b\"");
	assert_int_equal(p->count, 1);
	assert_string_equal(p->told[0], "{\"a\":1}");
	say(p, fd, ":2}");
	assert_int_equal(p->count, 1);
	say(p, fd, "\r\n\n\r\n{\"c\":3}\n");
	assert_int_equal(p->count, 3);
	assert_string_equal(p->told[1], "{\"b\":2}");
	assert_string_equal(p->told[2], "{\"c\":3}");
	assert_int_equal(p->turns, 2);
	assert_int_equal(input_socket_counters(p->socket)->lines, 3);
	(void)close(fd);
}

static void
a_program_that_comes_again_goes_on(void **state)
{
	struct place *p = *state;

	open_socket(p, 4, false);
	int first = connect_to(p, SOCK_STREAM);
	say(p, first, "one\ntorn");
	int second = connect_to(p, SOCK_STREAM);
	say(p, second, "tw");
	(void)close(first);
	say(p, second, "o\n");
	assert_int_equal(p->count, 2);
	assert_string_equal(p->told[1], "two");
	const struct input_socket_counters *c = input_socket_counters(p->socket);
	assert_int_equal(c->connections, 2);
	assert_int_equal(c->connected, 1);
	assert_int_equal(c->torn_lines, 1);
	(void)close(second);
	turn(p);
	assert_int_equal(c->connected, 0);
	assert_int_equal(c->torn_lines, 1);
}

static void
a_connection_above_the_most_is_closed_and_counted(void **state)
{
	struct place *p = *state;
	int fds[INPUT_SOCKET_CLIENTS_MAX + 1];
	char byte;

	open_socket(p, INPUT_SOCKET_CLIENTS_MAX + 1, false);
	for (size_t i = 0; i < INPUT_SOCKET_CLIENTS_MAX; i++)
		fds[i] = connect_to(p, SOCK_STREAM);
	turn(p);
	assert_int_equal(input_socket_counters(p->socket)->connected, INPUT_SOCKET_CLIENTS_MAX);
	assert_int_equal(input_socket_counters(p->socket)->refused, 0);
	fds[INPUT_SOCKET_CLIENTS_MAX] = connect_to(p, SOCK_STREAM);
	turn(p);
	assert_int_equal(input_socket_counters(p->socket)->refused, 1);
	assert_int_equal(recv(fds[INPUT_SOCKET_CLIENTS_MAX], &byte, 1, 0), 0);
	say(p, fds[INPUT_SOCKET_CLIENTS_MAX - 1], "still\n");
	assert_int_equal(p->count, 1);
	for (size_t i = 0; i <= INPUT_SOCKET_CLIENTS_MAX; i++)
		(void)close(fds[i]);
}

/* `length` bytes and a line end; the socket holds less, so we read meanwhile. */
static void
say_long(const struct place *p, int fd, size_t length)
{
	static char bytes[INPUT_LINE_MAX + 2];

	memset(bytes, 'x', length);
	bytes[length] = '\n';
	for (size_t sent = 0; sent < length + 1;) {
		ssize_t n = send(fd, bytes + sent, length + 1 - sent, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0)
			sent += (size_t)n;
		(void)event_base_loop(p->base, EVLOOP_NONBLOCK);
	}
	turn(p);
}

static void
a_line_that_is_too_long_is_skipped_and_the_next_one_read(void **state)
{
	struct place *p = *state;

	open_socket(p, 4, false);
	int fd = connect_to(p, SOCK_STREAM);
	say_long(p, fd, INPUT_LINE_MAX - 1);
	assert_int_equal(p->count, 1);
	assert_int_equal(p->lengths[0], INPUT_LINE_MAX - 1);
	assert_int_equal(input_socket_counters(p->socket)->long_lines, 0);
	say_long(p, fd, INPUT_LINE_MAX);
	assert_int_equal(p->count, 1);
	assert_int_equal(input_socket_counters(p->socket)->long_lines, 1);
	say(p, fd, "next\n");
	assert_int_equal(p->count, 2);
	assert_string_equal(p->told[1], "next");
	(void)close(fd);
	turn(p);
	assert_int_equal(input_socket_counters(p->socket)->torn_lines, 0);
}

static void
a_datagram_is_a_line_or_several(void **state)
{
	struct place *p = *state;

	open_socket(p, 0, false);
	int fd = connect_to(p, SOCK_DGRAM);
	say(p, fd, "one");
	say(p, fd, "two\n");
	say(p, fd, "three\nfour\n");
	assert_int_equal(p->count, 4);
	assert_string_equal(p->told[0], "one");
	assert_string_equal(p->told[3], "four");
	assert_int_equal(input_socket_counters(p->socket)->connections, 0);
	(void)close(fd);
}

static void
its_mode_lets_the_group_write_or_everybody(void **state)
{
	struct place *p = *state;
	struct stat st;

	open_socket(p, 4, false);
	assert_int_equal(lstat(p->path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0660);
	input_socket_close(p->socket);
	assert_int_equal(lstat(p->path, &st), -1);
	open_socket(p, 0, true);
	assert_int_equal(lstat(p->path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0666);
}

static void
what_lies_there_at_the_end_is_taken(void **state)
{
	struct place *p = *state;

	open_socket(p, 4, false);
	int fd = connect_to(p, SOCK_STREAM);
	turn(p);
	assert_int_equal(send(fd, "last\n", 5, MSG_NOSIGNAL), 5);
	input_socket_finish(p->socket);
	assert_int_equal(p->count, 1);
	assert_string_equal(p->told[0], "last");
	(void)close(fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(lines_are_handed_on_as_they_become_whole),
		TEST(a_program_that_comes_again_goes_on),
		TEST(a_connection_above_the_most_is_closed_and_counted),
		TEST(a_line_that_is_too_long_is_skipped_and_the_next_one_read),
		TEST(a_datagram_is_a_line_or_several),
		TEST(its_mode_lets_the_group_write_or_everybody),
		TEST(what_lies_there_at_the_end_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
