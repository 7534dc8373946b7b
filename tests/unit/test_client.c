/* Sensors good and bad: a child process each, on a socket of the test's own. */
#include "ctl/client.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	char path[100];
	int listener;
	char *answer;
	size_t length;
	char error[CLIENT_ERROR_MAX];
};

static int
begin(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	assert_non_null(p);
	p->scratch = scratch_new();
	(void)snprintf(p->path, sizeof(p->path), "%s/s", p->scratch->directory);
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", p->path);
	p->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (const struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(p->listener, 1), 0);
	*state = p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	if (p->listener >= 0)
		(void)close(p->listener);
	free(p->answer);
	scratch_free(p->scratch);
	free(p);
	return 0;
}

static int
ask_with(struct place *p, const char *request, size_t length)
{
	free(p->answer);
	p->answer = NULL;
	return client_ask(p->path, request, length, &p->answer, &p->length, p->error);
}

static int
ask(struct place *p)
{
	return ask_with(p, "request\n", 8);
}

/* A child takes one connection, reads if it should, says `pieces`, and closes. */
static pid_t
sensor(const struct place *p, bool reads, const char *const *pieces)
{
	pid_t child = fork();

	if (child != 0)
		return child;
	char request[64];
	int fd = accept(p->listener, NULL, NULL);
	if (reads && recv(fd, request, sizeof(request), 0) <= 0)
		_exit(1);
	for (; *pieces != NULL; pieces++) {
		(void)send(fd, *pieces, strlen(*pieces), MSG_NOSIGNAL);
		(void)usleep(10000);
	}
	_exit(0);
}

static void
ended(pid_t child)
{
	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
the_line_that_answers_is_returned(void **state)
{
	struct place *p = *state;
	pid_t child = sensor(p, true, (const char *const[]){ "an ", "ans", "wer\nmore", NULL });

	assert_int_equal(ask(p), 0);
	assert_string_equal(p->answer, "an answer");
	assert_int_equal(p->length, 9);
	ended(child);
}

static void
interrupted(int number)
{
	(void)number;
}

/* As by ^Z and fg, which end a recv() that has a patience. */
static void
a_signal_does_not_end_the_wait(void **state)
{
	struct place *p = *state;
	const struct sigaction action = { .sa_handler = interrupted };
	const struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
	const struct itimerval never = { 0 };
	pid_t child = sensor(p, true, (const char *const[]){ "an ", "ans", "wer\n", NULL });

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	int r = ask(p);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(r, 0);
	assert_string_equal(p->answer, "an answer");
	ended(child);
}

/* As with 17 clients: it is told and closed before it has said anything. */
static void
who_is_turned_away_hears_why(void **state)
{
	struct place *p = *state;
	static char large[1024 * 1024];
	pid_t child = sensor(p, false, (const char *const[]){ "full\n", NULL });

	(void)signal(SIGPIPE, SIG_DFL); /* and lives */
	memset(large, 'x', sizeof(large));
	assert_int_equal(ask_with(p, large, sizeof(large)), 0);
	assert_string_equal(p->answer, "full");
	ended(child);
}

static void
an_end_without_an_answer_is_told(void **state)
{
	struct place *p = *state;
	pid_t child = sensor(p, true, (const char *const[]){ "half", NULL });

	assert_int_equal(ask(p), -ECONNRESET);
	assert_non_null(strstr(p->error, "without an answer"));
	assert_null(p->answer);
	ended(child);
}

static void
an_answer_has_an_end(void **state)
{
	struct place *p = *state;
	char *piece = malloc(CLIENT_ANSWER_MAX + 1);

	assert_non_null(piece);
	memset(piece, 'x', CLIENT_ANSWER_MAX);
	piece[CLIENT_ANSWER_MAX] = '\0';
	pid_t child = sensor(p, true, (const char *const[]){ piece, NULL });
	assert_int_equal(ask(p), -EMSGSIZE);
	ended(child);
	piece[CLIENT_ANSWER_MAX - 1] = '\n';
	child = sensor(p, true, (const char *const[]){ piece, NULL });
	assert_int_equal(ask(p), 0);
	assert_int_equal(p->length, CLIENT_ANSWER_MAX - 1);
	ended(child);
	free(piece);
}

static void
nobody_there_says_what_to_do(void **state)
{
	struct place *p = *state;

	(void)close(p->listener);
	p->listener = -1;
	assert_int_equal(ask(p), -ECONNREFUSED);
	assert_non_null(strstr(p->error, "systemctl start naiad"));
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(ask(p), -ENOENT);
	assert_non_null(strstr(p->error, p->path));
	assert_non_null(strstr(p->error, "--socket"));
	assert_null(strchr(p->error, '\n'));
}

static void
a_path_that_cannot_be_is_told(void **state)
{
	struct place *p = *state;
	char path[200];

	/* The kernel says of a file what it says of a socket that nobody listens on. */
	assert_int_equal(client_ask("/etc/passwd", "x\n", 2, &p->answer, &p->length, p->error),
		-ECONNREFUSED);
	assert_non_null(strstr(p->error, "--socket"));
	memset(path, 'x', sizeof(path));
	path[108] = '\0';
	assert_int_equal(
		client_ask(path, "x\n", 2, &p->answer, &p->length, p->error), -ENAMETOOLONG);
	path[107] = '\0';
	assert_int_equal(client_ask(path, "x\n", 2, &p->answer, &p->length, p->error), -ENOENT);
}

static void
without_permission_it_says_who_has_it(void **state)
{
	struct place *p = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(p->scratch->directory, 0755), 0);
	assert_int_equal(chmod(p->path, 0600), 0);
	assert_int_equal(seteuid(65534), 0);
	int r = ask(p);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(r, -EACCES);
	assert_non_null(strstr(p->error, "become root, or a member of the group"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(the_line_that_answers_is_returned),
		TEST(a_signal_does_not_end_the_wait),
		TEST(who_is_turned_away_hears_why),
		TEST(an_end_without_an_answer_is_told),
		TEST(an_answer_has_an_end),
		TEST(nobody_there_says_what_to_do),
		TEST(a_path_that_cannot_be_is_told),
		TEST(without_permission_it_says_who_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
