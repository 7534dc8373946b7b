/* With Debian's redis-server, which the test starts on sockets of its own and stops. Servers that misbehave: test_redis_link.c. */
#include "exporters/redis/redis_link.h"

#include "tests/support/peer_rig.h"
#include "tests/support/redis_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

struct place {
	struct redis_rig *rig;
	pid_t pid; /* of the server; 0: none runs */
	uint16_t port;
	int reserved; /* the socket that keeps it */
};

static uint64_t
clock_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* `option`, `value`: one setting more, or NULL */
static void
server_start(struct place *p, const char *option, const char *value)
{
	char port[8];
	char log[120];

	(void)snprintf(port, sizeof(port), "%u", p->port);
	(void)snprintf(log, sizeof(log), "%s/log", p->rig->scratch->directory);
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it outlives no test, however that ends */
		(void)execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1",
			"--unixsocket", p->rig->path, "--save", "", "--logfile", log, "--dir",
			p->rig->scratch->directory, option, value, (char *)NULL);
		_exit(127);
	}
}

static void
server_kill(struct place *p)
{
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		(void)waitpid(p->pid, NULL, 0);
	}
	p->pid = 0;
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->rig = redis_rig_new();
	p->reserved = peer_rig_reserve(&p->port); /* while no server is there, too */
	assert_true(p->reserved >= 0);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	server_kill(p);
	(void)close(p->reserved);
	redis_rig_free(p->rig);
	free(p);
	return 0;
}

/* Run in the time of the clock until *count has its value, or it is too late. */
static void
wait_for(struct place *p, const unsigned *count, unsigned value)
{
	uint64_t begun_ms = clock_ms();

	while (*count < value && clock_ms() - begun_ms < 60000) {
		p->rig->now_ms = clock_ms();
		redis_rig_turn(p->rig);
		(void)usleep(2000);
	}
	assert_int_equal(*count, value);
}

static const char *
ask(struct place *p, const char *command, const char *key)
{
	const char *const argv[] = { command, key };

	redis_link_ask(p->rig->link, 1, 2, argv);
	wait_for(p, &p->rig->told, p->rig->told + 1);
	return p->rig->answer;
}

static void
begin(struct place *p)
{
	redis_rig_open(p->rig);
	wait_for(p, &p->rig->up, 1);
}

static void
what_is_written_is_there(void **state)
{
	struct place *p = *state;
	static char text[REDIS_TEXT_MAX];
	struct redis_command c;

	p->rig->place.db_most = 15; /* of sixteen */
	server_start(p, NULL, NULL);
	begin(p); /* it was away at first: the server needs a moment */
	redis_command_init(&c, redis_link_sink(p->rig->link), text);
	redis_begin(&c, 0, "MULTI", NULL);
	assert_true(redis_end(&c));
	redis_begin(&c, 0, "SET", "k");
	strbuf_bytes(redis_arg_begin(&c), "a \r\n\"b", 6);
	redis_arg_end(&c);
	assert_true(redis_end(&c));
	redis_begin(&c, 0, "EXEC", NULL);
	assert_true(redis_end(&c));
	redis_begin(&c, 1, "SET", "other");
	redis_arg_u64(&c, 7);
	assert_true(redis_end(&c));
	redis_link_mark(p->rig->link, 3);
	wait_for(p, &p->rig->settled, 1);
	assert_int_equal(p->rig->worst, REDIS_TAKEN);
	assert_string_equal(ask(p, "GET", "other"), "7 "); /* in database 1 */
	assert_string_equal(ask(p, "GET", "k"), "");
	assert_string_equal(ask(p, "SELECT", "0"), "OK ");
	assert_string_equal(ask(p, "GET", "k"), "a \r\n\"b ");
	assert_int_equal(redis_link_pending(p->rig->link), 0);
}

/* A MiB in small commands, and killed while they are on their way. */
static void
a_server_that_is_killed_in_mid_pipeline_and_comes_back_is_found(void **state)
{
	struct place *p = *state;

	for (unsigned round = 1; round <= 3; round++) {
		server_start(p, NULL, NULL);
		if (round == 1)
			redis_rig_open(p->rig);
		wait_for(p, &p->rig->up, round);
		redis_link_mark(p->rig->link, round);
		assert_string_equal(ask(p, "GET", "k"), ""); /* it came back empty */
		for (int i = 0; i < 20000; i++) {
			if (i == 10000) {
				redis_rig_turn(p->rig);
				(void)kill(p->pid, SIGSTOP); /* or it may be done first */
			}
			redis_rig_send(p->rig, "SET k xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		}
		redis_link_mark(p->rig->link, 0);
		redis_rig_turn(p->rig);
		assert_true(redis_link_pending(p->rig->link) > 0);
		server_kill(p);
		wait_for(p, &p->rig->lost, round);
		assert_int_equal(redis_link_pending(p->rig->link), 0);
		assert_int_equal(p->rig->mark, round);
	}
}

static void
a_server_that_is_full_refuses_and_takes_again(void **state)
{
	struct place *p = *state;
	static const char *const more[] = { "CONFIG", "SET", "maxmemory", "0" };

	server_start(p, "--maxmemory", "1");
	begin(p);
	redis_rig_send(p->rig, "SET k 1");
	redis_link_mark(p->rig->link, 1);
	wait_for(p, &p->rig->settled, 1);
	assert_int_equal(p->rig->worst, REDIS_REFUSED);
	redis_link_ask(p->rig->link, 1, 4, more);
	redis_rig_send(p->rig, "SET k 1");
	redis_link_mark(p->rig->link, 2);
	wait_for(p, &p->rig->settled, 2);
	assert_int_equal(p->rig->worst, REDIS_TAKEN);
	assert_int_equal(p->rig->lost, 0);
	redis_link_takes_again(p->rig->link);
	const char *log = redis_rig_log(p->rig);
	assert_non_null(
		strstr(log, "refuses what is written, and it is written again later: \"OOM "));
	assert_non_null(strstr(log, "takes what is written again\n"));
}

static void
a_password_opens_and_a_wrong_one_does_not(void **state)
{
	struct place *p = *state;
	static const char *const wrong[] = { "", "wrong" };
	static const char *const said[] = { "NOAUTH", "WRONGPASS" };

	server_start(p, "--requirepass", "right");
	p->rig->place.password = "right";
	begin(p);
	assert_string_equal(ask(p, "GET", "k"), "");
	redis_link_close(p->rig->link);
	p->rig->place.user = "default";
	redis_rig_open(p->rig);
	wait_for(p, &p->rig->up, 2);
	(void)redis_rig_log(p->rig);
	for (int i = 0; i < 2; i++) {
		struct redis_rig *other = redis_rig_new();

		(void)snprintf(other->path, sizeof(other->path), "%s", p->rig->path);
		other->place.password = wrong[i];
		redis_rig_open(other);
		for (int turns = 0; turns < 30000 && redis_rig_logged(other) == 0; turns++) {
			redis_rig_turn(other);
			(void)usleep(200);
		}
		assert_int_equal(other->up, 0);
		const char *log = redis_rig_log(other);
		assert_non_null(strstr(log, "it does not let us in: \""));
		assert_non_null(strstr(log, said[i]));
		assert_null(strstr(log, "wrong\""));
		redis_rig_free(other);
	}
}

static void
tcp_is_as_good_as_a_unix_socket(void **state)
{
	struct place *p = *state;

	p->rig->place.path = NULL;
	p->rig->place.host = "127.0.0.1";
	p->rig->place.port = p->port;
	server_start(p, NULL, NULL);
	begin(p);
	redis_rig_send(p->rig, "SET k tcp");
	assert_string_equal(ask(p, "GET", "k"), "tcp ");
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(what_is_written_is_there),
		IN_PLACE(a_server_that_is_killed_in_mid_pipeline_and_comes_back_is_found),
		IN_PLACE(a_server_that_is_full_refuses_and_takes_again),
		IN_PLACE(a_password_opens_and_a_wrong_one_does_not),
		IN_PLACE(tcp_is_as_good_as_a_unix_socket),
	};

	/* NOLINTNEXTLINE(cert-env33-c): a command of our own */
	if (system("command -v redis-server >/dev/null") != 0) {
		(void)puts("skipped: redis-server is not installed");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
