/* With Debian's redis-server, which the test starts on a socket of its own and stops. */
#include "exporters/redis/redis_target.h"

#include "exporters/redis/redis_command.h"
#include "exporters/redis/redis_target_open.h"
#include "tests/support/mirror_rig.h"
#include "tests/support/redis_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define RUN "0123456789abcdef0123456789abcdef"
#define S   UINT64_C(1000000000)

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
	uint64_t skipped_ns; /* the target's clock is ahead by so much */
	bool hurry;
};

static uint64_t
clock_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * S + (uint64_t)t.tv_nsec;
}

static void
server_start(struct place *p)
{
	p->server = fork();
	assert_true(p->server >= 0);
	if (p->server == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* it outlives no test, however that ends */
		(void)execlp("redis-server", "redis-server", "--port", "0", "--unixsocket",
			p->rig->path, "--save", "", "--logfile", "/dev/null", "--dir",
			p->rig->scratch->directory, (char *)NULL);
		_exit(127);
	}
}

static void
server_kill(struct place *p)
{
	if (p->server > 0) {
		(void)kill(p->server, SIGKILL);
		(void)waitpid(p->server, NULL, 0);
	}
	p->server = 0;
}

static void
turn(struct place *p)
{
	p->rig->now_ms = clock_ns() / 1000000;
	redis_rig_turn(p->rig);
	if (p->target != NULL)
		redis_target_tick(p->target, clock_ns() + p->skipped_ns, p->hurry);
	(void)usleep(1000);
}

static void
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

static int
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
	server_start(p);
	redis_rig_open(p->rig);
	for (int i = 0; p->rig->up == 0 && i < 5000; i++)
		turn(p);
	*state = p;
	return p->rig->up == 0;
}

static int
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
static const char *
ask(struct place *p, const char *db, const char *command, const char *key, const char *more)
{
	const char *const words[] = { command, key, more };
	const char *const select[] = { "SELECT", db };
	const unsigned told = p->rig->told;

	redis_link_ask(p->rig->link, 1, 2, select);
	redis_link_ask(p->rig->link, 2, more != NULL ? 3 : 2, words);
	for (int i = 0; p->rig->told < told + 2 && i < 5000; i++)
		turn(p);
	assert_int_equal(p->rig->told, told + 2);
	return p->rig->answer;
}

/* A script's answer is a number as text. */
static int
number(struct place *p, const char *script)
{
	return (int)strtol(ask(p, "0", "EVAL", script, "0"), NULL, 10);
}

static void
until_done(struct place *p)
{
	for (int i = 0; !redis_target_is_done(p->target) && i < 10000; i++)
		turn(p);
	assert_true(redis_target_is_done(p->target));
}

static void
say(struct place *p, const char *words)
{
	redis_rig_send(p->rig, words);
	for (int i = 0; redis_link_pending(p->rig->link) > 0 && i < 5000; i++)
		turn(p);
}

#define WINDOWS "return tostring(redis.call('scard','profiles'))"
#define ENTRIES "return tostring(redis.call('xlen','naiad:evidence'))"
#define KEYS    "return tostring(redis.call('dbsize'))"

static void
an_empty_redis_becomes_ours_and_is_told_all(void **state)
{
	struct place *p = *state;

	rig_tell_address(p->records, 9);
	rig_tell_window(p->records, 1, 1, true);
	rig_tell_timeline(p->records, 1, 1, S);
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), RUN " ");
	assert_string_equal(ask(p, "0", "SMEMBERS", "profiles", NULL), "profile_10.0.0.1 ");
	assert_int_equal(number(p, ENTRIES), 1);
	assert_non_null(strstr(ask(p, "1", "HGET", "IPsInfo", "10.0.0.9"), "Netherlands"));
	assert_string_equal(ask(p, "1", "SMEMBERS", "naiad:keys", NULL), "IPsInfo ");
	assert_non_null(strstr(ask(p, "0", "SMEMBERS", "naiad:keys", NULL),
		"profile_10.0.0.1_timewindow1_timeline "));
	assert_int_equal(p->outlet.written, 3);
	assert_true(number(p, "return tostring(redis.call('ttl','naiad:run'))") > 3500);
}

static void
what_an_earlier_run_left_is_removed_and_nothing_else(void **state)
{
	struct place *p = *state;

	(void)ask(p, "0", "EVAL",
		"for i = 1, 450 do redis.call('set', 'old' .. i, 1) redis.call('sadd', 'naiad:keys', "
		"'old' .. i) end redis.call('set', 'foreign', 1)",
		"0");
	say(p, "SET naiad:run another");
	begin(p);
	until_done(p);
	assert_string_equal(ask(p, "0", "GET", "foreign", NULL), "1 ");
	assert_int_equal(number(p, KEYS), 2); /* that, and naiad:run */
}

static void
a_redis_that_comes_back_empty_is_told_all_again(void **state)
{
	struct place *p = *state;

	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	server_kill(p);
	for (int i = 0; i < 50; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	rig_tell_evidence(p->records, 2, 1);
	server_start(p);
	until_done(p);
	for (int i = 0; !redis_link_is_up(p->rig->link) && i < 5000; i++)
		turn(p);
	assert_int_equal(number(p, WINDOWS), 2);
	assert_int_equal(number(p, ENTRIES), 2);
}

static void
over_a_new_connection_all_is_written_again_but_findings(void **state)
{
	struct place *p = *state;

	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	say(p, "DEL profiles");
	say(p, "CLIENT KILL TYPE normal SKIPME yes");
	for (int i = 0; redis_target_is_done(p->target) && i < 5000; i++)
		turn(p);
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 1);
	assert_int_equal(number(p, ENTRIES), 1);
}

static void
a_redis_that_was_flushed_is_noticed(void **state)
{
	struct place *p = *state;

	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	say(p, "FLUSHALL");
	p->skipped_ns = 11 * S;
	for (int i = 0; number(p, WINDOWS) == 0 && i < 5000; i++)
		turn(p);
	until_done(p);
	assert_int_equal(number(p, ENTRIES), 1);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), RUN " ");
}

static void
a_full_redis_is_left_alone_and_has_all_in_the_end(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	say(p, "CONFIG SET maxmemory 1");
	rig_tell_evidence(p->records, 1, 1);
	for (int i = 0; i < 100; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	assert_int_equal(redis_target_stats(p->target).flying, 0); /* the pause */
	say(p, "CONFIG SET maxmemory 0");
	p->skipped_ns = 2 * S;
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 1);
	assert_int_equal(number(p, ENTRIES), 1);
}

static void
a_window_waits_for_its_interval_unless_the_end_is_near(void **state)
{
	struct place *p = *state;

	rig_tell_timeline(p->records, 1, 1, S);
	begin(p);
	until_done(p);
	rig_tell_timeline(p->records, 1, 1, 2 * S);
	for (int i = 0; i < 50; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	p->hurry = true;
	until_done(p);
	assert_int_equal(
		number(p,
			"return tostring(redis.call('zcard','profile_10.0.0.1_timewindow1_timeline'))"),
		2);
	p->hurry = false;
	rig_tell_timeline(p->records, 1, 1, 3 * S);
	p->skipped_ns = S;
	until_done(p);
}

static void
what_is_forgotten_is_removed(void **state)
{
	struct place *p = *state;

	for (uint32_t host = 1; host <= 4; host++)
		rig_tell_timeline(p->records, host, 1, S);
	begin(p);
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 4);
	rig_tell_timeline(p->records, 5, 1, S);
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 4);
	assert_string_equal(ask(p, "0", "KEYS", "*10.0.0.1*", NULL), "");
	assert_null(strstr(ask(p, "0", "SMEMBERS", "naiad:keys", NULL), "profile_10.0.0.1_"));
}

static void
a_target_of_addresses_has_nothing_else(void **state)
{
	struct place *p = *state;

	p->place.parts = REDIS_ADDRESSES;
	rig_tell_address(p->records, 9);
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	assert_int_equal(number(p, KEYS), 0);
	assert_string_equal(ask(p, "1", "GET", "naiad:run", NULL), RUN " ");
	assert_non_null(strstr(ask(p, "1", "HGET", "IPsInfo", "10.0.0.9"), "Netherlands"));
}

static void
a_password_is_the_first_line_of_its_file(void **state)
{
	struct place *p = *state;
	char path[200];

	(void)snprintf(path, sizeof(path), "%s/password", p->rig->scratch->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("secret\nmore\n", f);
	(void)fclose(f);
	say(p, "CONFIG SET requirepass secret");
	p->place.password_file = path;
	begin(p);
	until_done(p);
	(void)unlink(path);
}

static void
without_its_password_file_it_does_not_start(void **state)
{
	struct place *p = *state;
	const struct redis_target_plan plan = { .base = p->rig->base,
		.outlet = &p->outlet,
		.settings = &p->settings,
		.target = &p->place,
		.mirror = p->records->mirror,
		.run = RUN,
		.text = p->text,
		.record = &p->record };

	p->place.password_file = "/nonexistent";
	assert_int_equal(redis_target_open(&plan, &p->target), -ENOENT);
	assert_non_null(strstr(redis_rig_log(p->rig), "cannot read the password in /nonexistent"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_empty_redis_becomes_ours_and_is_told_all),
		TEST(what_an_earlier_run_left_is_removed_and_nothing_else),
		TEST(a_redis_that_comes_back_empty_is_told_all_again),
		TEST(over_a_new_connection_all_is_written_again_but_findings),
		TEST(a_redis_that_was_flushed_is_noticed),
		TEST(a_full_redis_is_left_alone_and_has_all_in_the_end),
		TEST(a_window_waits_for_its_interval_unless_the_end_is_near),
		TEST(what_is_forgotten_is_removed),
		TEST(a_target_of_addresses_has_nothing_else),
		TEST(a_password_is_the_first_line_of_its_file),
		TEST(without_its_password_file_it_does_not_start),
	};

	/* NOLINTNEXTLINE(cert-env33-c): a command of our own */
	if (system("command -v redis-server >/dev/null") != 0) {
		(void)puts("skipped: redis-server is not installed");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
