/* redis_target_rig.h -- one target, its records, and Debian's redis-server, which is started on a socket of its own. */
#pragma once

#include "exporters/redis/redis_command.h"
#include "exporters/redis/redis_target.h"
#include "exporters/redis/redis_target_open.h"
#include "tests/support/mirror_rig.h"
#include "tests/support/redis_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define RUN "0123456789abcdef0123456789abcdef"
#define S   UINT64_C(1000000000)

enum { TURNS_MAX = 30000 }; /* that something is waited for, of a millisecond at least */

struct place {
	struct redis_rig *rig; /* looks into the server, and has its base */
	struct mirror_rig *records;
	struct run_info run;
	struct outlet outlet;
	struct redis_settings settings;
	struct redis_target_settings place;
	struct redis_target *target;
	struct record_unpacked record;
	char *text;
	pid_t server;
	const char *databases; /* that it has */
	uint64_t skipped_ns;   /* the target's clock is ahead by so much */
};

static inline uint64_t
clock_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * S + (uint64_t)t.tv_nsec;
}

static inline void
server_start(struct place *p)
{
	p->server = fork();
	assert_true(p->server >= 0);
	if (p->server == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it outlives no test, however that ends */
		(void)execlp("redis-server", "redis-server", "--port", "0", "--unixsocket",
			p->rig->path, "--save", "", "--logfile", "/dev/null", "--dir",
			p->rig->scratch->directory, "--databases", p->databases, (char *)NULL);
		_exit(127);
	}
}

static inline void
server_kill(struct place *p)
{
	if (p->server > 0) {
		(void)kill(p->server, SIGKILL);
		(void)waitpid(p->server, NULL, 0);
	}
	p->server = 0;
}

static inline void
turn(struct place *p)
{
	p->rig->now_ms = clock_ns() / 1000000;
	redis_rig_turn(p->rig);
	if (p->target != NULL)
		redis_target_tick(p->target, clock_ns() + p->skipped_ns);
	(void)usleep(1000);
}

static inline void
begin(struct place *p)
{
	const struct redis_target_plan plan = { .base = p->rig->base,
		.outlet = &p->outlet,
		.settings = &p->settings,
		.target = &p->place,
		.mirror = p->records->mirror,
		.run = RUN,
		.text = p->text,
		.record = &p->record };

	assert_int_equal(redis_target_open(&plan, &p->target), 0);
}

static inline int
setup(void **state)
{
	const struct mirror_plan mirror = mirror_rig_plan();
	struct place *p = calloc(1, sizeof(*p));

	p->rig = redis_rig_new();
	p->records = mirror_rig_new(&mirror);
	p->run = (struct run_info){ .sensor = "naiad" };
	p->outlet.run = &p->run;
	p->text = malloc(REDIS_TEXT_MAX);
	p->settings = (struct redis_settings){ .interval = S,
		.ttl = 3600 * S,
		.timeline_max = 3,
		.tuples_max = 10,
		.letters_max = 10,
		.stream_max = 10 };
	p->place = (struct redis_target_settings){ .path = p->rig->path,
		.host = "",
		.cache_db = 1,
		.user = "",
		.password = "",
		.password_file = "" };
	p->databases = "16";
	server_start(p);
	redis_rig_open(p->rig);
	for (int i = 0; p->rig->up == 0 && i < TURNS_MAX; i++)
		turn(p);
	*state = p;
	return p->rig->up == 0;
}

static inline int
teardown(void **state)
{
	struct place *p = *state;

	redis_target_close(p->target);
	server_kill(p);
	mirror_rig_free(p->records);
	redis_rig_free(p->rig);
	free(p->text);
	free(p);
	return 0;
}

/* What the server says to a command of words, asked in a database. */
static inline const char *
ask(struct place *p, const char *db, const char *command, const char *key, const char *more)
{
	const char *const words[] = { command, key, more };
	const char *const select[] = { "SELECT", db };
	const unsigned told = p->rig->told;

	redis_link_ask(p->rig->link, 1, 2, select);
	redis_link_ask(p->rig->link, 2, more != NULL ? 3 : 2, words);
	for (int i = 0; p->rig->told < told + 2 && i < TURNS_MAX; i++)
		turn(p);
	assert_int_equal(p->rig->told, told + 2);
	return p->rig->answer;
}

/* A script's answer is a number as text. */
static inline int
number(struct place *p, const char *script)
{
	return (int)strtol(ask(p, "0", "EVAL", script, "0"), NULL, 10);
}

static inline void
until_done(struct place *p)
{
	for (int i = 0; !redis_target_is_done(p->target) && i < TURNS_MAX; i++)
		turn(p);
	assert_true(redis_target_is_done(p->target));
}

static inline void
say(struct place *p, const char *words)
{
	redis_rig_send(p->rig, words);
	for (int i = 0; redis_link_pending(p->rig->link) > 0 && i < TURNS_MAX; i++)
		turn(p);
}

#define WINDOWS "return tostring(redis.call('scard','profiles'))"
#define ENTRIES "return tostring(redis.call('xlen','naiad:evidence'))"
#define KEYS    "return tostring(redis.call('dbsize'))"

/* returns what a test program whose tests need a server returns instead, or 0 */
static inline int
server_is_missing(void)
{
	/* NOLINTNEXTLINE(cert-env33-c): a command of our own */
	if (system("command -v redis-server >/dev/null") == 0)
		return 0;
	(void)puts("skipped: redis-server is not installed");
	return 77;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
