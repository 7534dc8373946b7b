/* What exporters/redis.c is from the outside: how long it may take to end, and what it says was not told. */
#define _GNU_SOURCE /* pipe2 */

#include "exporters/exporter.h"

#include "exporters/redis/redis_settings.h"
#include "tests/support/outlet_rig.h"
#include "tests/support/redis_target_rig.h"
#include "tests/support/stopwatch.h"

#include <fcntl.h>

extern const struct exporter exporter_redis;

enum { HOSTS = 2000, PATH_BYTES = 128 };

struct outside {
	struct outlet_rig *rig;
	struct event_base *base; /* the rig's, where the outlet has its own */
	struct redis_target_settings targets[2];
	struct place *server;
	int silent; /* a socket that takes connections, and says nothing */
	int log_read, stderr_copy;
	char log[8192];
};

static int
outside_setup(void **state)
{
	struct outside *p = calloc(1, sizeof(*p));
	int ends[2];

	p->rig = outlet_rig_new(&exporter_redis);
	p->base = p->rig->outlet.base;
	p->silent = -1;
	for (size_t i = 0; i < 2; i++)
		p->targets[i] = (struct redis_target_settings){ .path = p->rig->path,
			.host = "",
			.cache_db = 1,
			.user = "",
			.password = "",
			.password_file = "" };
	struct redis_settings *s = p->rig->config;
	s->enabled = true;
	s->targets = (struct config_list){ .items = p->targets, .count = 1 };
	/* Before what is logged is caught: it would hold the other end open. */
	assert_int_equal(setup((void **)&p->server), 0);
	assert_int_equal(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
	p->log_read = ends[0];
	(void)fflush(stderr);
	p->stderr_copy = dup(STDERR_FILENO);
	(void)dup2(ends[1], STDERR_FILENO);
	(void)close(ends[1]);
	*state = p;
	return 0;
}

/* End it: it took so many milliseconds at least, and less than so many. What was logged is in p->log */
static void
end(struct outside *p, uint64_t least_ms, uint64_t most_ms)
{
	const struct stopwatch watch = stopwatch_start();

	assert_int_equal(exporter_redis.close(&p->rig->outlet, ""), 0);
	assert_true(stopwatch_ms(&watch) >= least_ms);
	assert_true(stopwatch_own_ms(&watch) < most_ms);
	(void)fflush(stderr);
	(void)dup2(p->stderr_copy, STDERR_FILENO);
	(void)close(p->stderr_copy);
	const ssize_t n = read(p->log_read, p->log, sizeof(p->log) - 1);
	p->log[n > 0 ? n : 0] = '\0';
}

static int
outside_teardown(void **state)
{
	struct outside *p = *state;

	(void)close(p->log_read);
	if (p->silent >= 0)
		(void)close(p->silent);
	free(p->rig->outlet.state);
	event_base_free(p->base);
	scratch_free(p->rig->scratch);
	free(p->rig->config);
	free(p->rig->path);
	free(p->rig);
	(void)teardown((void **)&p->server);
	free(p);
	return 0;
}

static void
tell(struct outside *p, uint32_t hosts)
{
	for (uint32_t host = 1; host <= hosts; host++) {
		struct record_evidence e = sample_evidence();
		const struct record r = {
			.kind = RECORD_EVIDENCE, .ts_ns = NS_PER_S, .evidence = &e
		};

		e.host = rig_host(host);
		e.window = rig_window(1);
		exporter_redis.write(&p->rig->outlet, &r, NULL, 0);
	}
}

static void
over_files(struct outside *p)
{
	p->rig->outlet.base = NULL;
	p->rig->run.live = false;
}

/* One that can be connected to, and says no word. */
static void
listen_silently(struct outside *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	memcpy(at.sun_path, p->rig->path, strlen(p->rig->path));
	p->silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(p->silent, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(p->silent, 4), 0);
}

static void
over_files_a_redis_that_is_absent_costs_less_than_two_seconds(void **state)
{
	struct outside *p = *state;

	over_files(p);
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 3);
	end(p, 1000, 2000);
	const char *said = strstr(p->log, "the run is over, waiting as long as");
	assert_non_null(said);
	assert_null(strstr(said + 1, "the run is over"));
	assert_non_null(
		strstr(p->log, "sock last: 6 windows, addresses and findings were not told"));
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FAILED], 6);
}

static void
turned(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	*(bool *)context = true;
}

/* Records come from within the daemon's loop, which does not turn in itself. */
static void
live_a_record_does_not_turn_the_loop(void **state)
{
	struct outside *p = *state;
	const struct timeval now = { 0 };
	bool is_turned = false;

	assert_int_equal(outlet_rig_open(p->rig), 0);
	assert_int_equal(event_base_once(p->base, -1, EV_TIMEOUT, turned, &is_turned, &now), 0);
	tell(p, 1);
	assert_false(is_turned);
	end(p, 0, 2000);
	assert_true(is_turned);
}

static void
live_it_ends_within_its_second_whoever_is_silent(void **state)
{
	struct outside *p = *state;

	listen_silently(p);
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, HOSTS);
	end(p, 900, 1500);
	assert_null(strstr(p->log, "the run is over"));
	assert_non_null(
		strstr(p->log, "sock last: 4000 windows, addresses and findings were not told"));
}

static void
what_one_target_has_is_not_lost_because_another_is_silent(void **state)
{
	struct outside *p = *state;

	listen_silently(p);
	over_files(p);
	p->targets[1].path = p->server->rig->path;
	((struct redis_settings *)p->rig->config)->targets.count = 2;
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 50);
	end(p, 0, UINT64_MAX);
	assert_int_equal(number(p->server, "return tostring(redis.call('scard','profiles'))"), 50);
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FAILED], 0);
	assert_int_equal(p->rig->outlet.written, 100);
	assert_non_null(
		strstr(p->log, "sock last: 100 windows, addresses and findings were not told"));
}

/* It answers questions, and takes nothing: no more is waited for than for one that is silent by now. */
static void
over_files_a_replica_is_not_waited_for_longer_than_who_is_stuck(void **state)
{
	struct outside *p = *state;

	p->targets[0].path = p->server->rig->path;
	say(p->server, "REPLICAOF 127.0.0.1 1");
	over_files(p);
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 3);
	end(p, 5000, 6500);
	assert_non_null(strstr(p->log, "READONLY"));
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FAILED], 6);
}

static void
one_for_addresses_alone_does_not_stand_for_the_others(void **state)
{
	struct outside *p = *state;

	listen_silently(p);
	over_files(p);
	p->targets[1].parts = REDIS_ADDRESSES;
	p->targets[0].parts = REDIS_DATA;
	((struct redis_settings *)p->rig->config)->targets.count = 2;
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 50);
	end(p, 0, UINT64_MAX);
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FAILED], 100);
}

static void
over_files_what_made_room_is_counted_and_said(void **state)
{
	struct outside *p = *state;
	struct redis_settings *s = p->rig->config;

	p->targets[0].path = p->server->rig->path;
	s->windows_max = 5;
	over_files(p);
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 5);
	exporter_redis.tick(&p->rig->outlet);
	assert_int_equal(p->rig->outlet.forgotten[OUTLET_FORGOT_WINDOWS], 0);
	tell(p, 6);
	end(p, 0, UINT64_MAX);
	assert_int_equal(p->rig->outlet.forgotten[OUTLET_FORGOT_WINDOWS], 1);
	assert_non_null(
		strstr(p->log, "it shows the latest only: 1 windows, 0 lines and 0 addresses"));
}

/* No settings show that two names are one server. */
static void
one_redis_under_two_names_is_written_by_one_target(void **state)
{
	struct outside *p = *state;
	struct redis_settings *s = p->rig->config;
	const char *name = p->server->rig->path;
	const char *base = strrchr(name, '/');
	char other[PATH_BYTES];

	assert_non_null(base);
	(void)snprintf(other, sizeof(other), "%.*s/.%s", (int)(base - name), name, base);
	p->targets[0].path = name;
	p->targets[1].path = other;
	s->targets.count = 2;
	over_files(p);
	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 50);
	end(p, 0, UINT64_MAX);
	const char *said = strstr(p->log, "another target of this naiad writes database 0");
	assert_non_null(said);
	assert_null(strstr(said + 1, "another target of this naiad"));
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FAILED], 0);
}

/* In a tree that lives on as long as one window of its host does, those would stay whose keys have vanished. */
static void
what_has_vanished_from_a_redis_is_named_by_it_no_more(void **state)
{
	struct outside *p = *state;
	const struct redis_settings *s = p->rig->config;

	assert_int_equal(outlet_rig_open(p->rig), 0);
	tell(p, 3);
	p->rig->outlet.now.monotonic_ns = clock_ns() + s->ttl / 2;
	exporter_redis.tick(&p->rig->outlet);
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FULL], 0);
	tell(p, 1);
	p->rig->outlet.now.monotonic_ns = clock_ns() + s->ttl;
	exporter_redis.tick(&p->rig->outlet);
	assert_int_equal(p->rig->outlet.dropped[OUTLET_DROP_FULL], 4); /* two, with a finding */
	end(p, 0, 2000);
}

int
main(void)
{
#define OUTSIDE(name) cmocka_unit_test_setup_teardown(name, outside_setup, outside_teardown)
	const struct CMUnitTest tests[] = {
		OUTSIDE(over_files_a_redis_that_is_absent_costs_less_than_two_seconds),
		OUTSIDE(live_a_record_does_not_turn_the_loop),
		OUTSIDE(live_it_ends_within_its_second_whoever_is_silent),
		OUTSIDE(what_one_target_has_is_not_lost_because_another_is_silent),
		OUTSIDE(over_files_what_made_room_is_counted_and_said),
		OUTSIDE(one_redis_under_two_names_is_written_by_one_target),
		OUTSIDE(what_has_vanished_from_a_redis_is_named_by_it_no_more),
		OUTSIDE(over_files_a_replica_is_not_waited_for_longer_than_who_is_stuck),
		OUTSIDE(one_for_addresses_alone_does_not_stand_for_the_others),
	};
	const int missing = server_is_missing();

	return missing != 0 ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
