#include "exporters/redis/redis_target.h"

#include "exporters/kalipso/kalipso_peers.h"
#include "exporters/redis/redis_target_state.h"
#include "tests/support/redis_target_rig.h"
#include "tests/support/stopwatch.h"

#include <errno.h>

enum {
	PAUSE_MS = 1000, /* after a first refusal */
	LOOK_S = 10,     /* after so long it is looked whether it is still ours */
	PATH_BYTES = 200
};

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
	assert_non_null(strstr(ask(p, "1", "SMEMBERS", "naiad:keys", NULL), "IPsInfo "));
	assert_non_null(strstr(ask(p, "1", "SMEMBERS", "naiad:keys", NULL), "naiad:addresses "));
	assert_non_null(strstr(ask(p, "0", "SMEMBERS", "naiad:keys", NULL),
		"profile_10.0.0.1_timewindow1_timeline "));
	assert_int_equal(p->outlet.written, 3);
	assert_true(number(p, "return tostring(redis.call('ttl','naiad:run'))") > 3500);
	assert_null(strstr(redis_rig_log(p->rig), "writing everything")); /* over files */
}

static void
live_it_is_said_once_that_all_is_written_whoever_empties_it(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	say(p, "FLUSHALL");
	p->skipped_ns = LOOK_S * S;
	for (int i = 0; redis_target_is_done(p->target) && i < TURNS_MAX; i++)
		turn(p);
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 1);
	const char *said = strstr(redis_rig_log(p->rig), "writing everything");
	assert_non_null(said);
	said = strstr(said, "it was emptied");
	assert_non_null(said);
	assert_null(strstr(said, "writing everything"));
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
	p->skipped_ns = S;
	until_done(p);
	for (int i = 0; !redis_link_is_up(p->rig->link) && i < TURNS_MAX; i++)
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
	for (int i = 0; redis_target_is_done(p->target) && i < TURNS_MAX; i++)
		turn(p);
	p->skipped_ns = S;
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 1);
	assert_int_equal(number(p, ENTRIES), 1);
}

static void
a_full_redis_is_left_alone_and_has_all_in_the_end(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	say(p, "CONFIG SET maxmemory 1");
	rig_tell_evidence(p->records, 1, 1);
	for (int i = 0; redis_target_stats(p->target).flying == 0 && i < TURNS_MAX; i++)
		turn(p);
	for (int i = 0; redis_target_stats(p->target).flying > 0 && i < TURNS_MAX; i++)
		turn(p);
	const struct stopwatch watch = stopwatch_start();
	for (int i = 0; i < 100; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	assert_true(redis_target_stats(p->target).flying == 0 || stopwatch_ms(&watch) >= PAUSE_MS);
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

	p->settings.interval = 100 * S;
	rig_tell_timeline(p->records, 1, 1, S);
	begin(p);
	until_done(p);
	rig_tell_timeline(p->records, 1, 1, 2 * S);
	for (int i = 0; i < 50; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	redis_target_end_by(p->target, UINT64_MAX);
	until_done(p);
	assert_int_equal(
		number(p,
			"return tostring(redis.call('zcard','profile_10.0.0.1_timewindow1_timeline'))"),
		2);
	redis_target_end_by(p->target, 0);
	rig_tell_timeline(p->records, 1, 1, 3 * S);
	p->skipped_ns = 100 * S;
	until_done(p);
}

/* Or a list would have them twice, and each write would be as long as all before it. */
static void
lines_that_were_told_are_not_told_again(void **state)
{
	struct place *p = *state;

	rig_tell_timeline(p->records, 1, 1, S);
	begin(p);
	until_done(p);
	say(p, "DEL profile_10.0.0.1_timewindow1_timeline");
	rig_tell_timeline(p->records, 1, 1, 2 * S);
	p->skipped_ns = S;
	until_done(p);
	assert_int_equal(
		number(p,
			"return tostring(redis.call('zcard','profile_10.0.0.1_timewindow1_timeline'))"),
		1);
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

/* Whoever it is that talks, and whatever else is written: naiad:keys has but the name of the hash. */
static void
in_2020_peers_of_which_nothing_is_known_do_not_pile_up(void **state)
{
	struct place *p = *state;
	struct mirror_rig *r = p->records;

	p->place.dialect = 1;
	p->settings.tuples_max = KALIPSO_PEERS_MAX;
	begin(p);
	for (uint32_t host = 1; host <= 4; host++) {
		arena_done(&r->memory);
		arena_init(&r->memory, (size_t)64 * 1024 * 1024, NULL);
		tuples_init(&r->tuples, &r->memory, &r->key);
		for (uint32_t i = 0; i < KALIPSO_PEERS_WINDOW_MAX; i++)
			rig_tuple(r, host << 16 | i);
		rig_tell_window(r, host, 1, true);
		until_done(p);
	}
	const int profiles = 4;
	assert_int_equal(
		number(p, "redis.call('select',1) return tostring(redis.call('hlen','IPsInfo'))"),
		KALIPSO_PEERS_KEPT + profiles);
	assert_int_equal(redis_target_stats(p->target).forgotten, KALIPSO_PEERS_WINDOW_MAX);
}

static void
rows_over_the_cap_are_counted_each_time_that_they_are_written(void **state)
{
	struct place *p = *state;

	p->settings.tuples_max = 2;
	begin(p);
	rig_tuple(p->records, 7);
	rig_tuple(p->records, 8);
	rig_tell_window(p->records, 1, 1, false);
	until_done(p);
	assert_int_equal(redis_target_stats(p->target).cut, 0);
	rig_tuple(p->records, 9);
	rig_tell_window(p->records, 1, 1, false);
	p->skipped_ns += S;
	until_done(p);
	const uint64_t cut = redis_target_stats(p->target).cut;
	assert_int_equal(cut, 3); /* a tuple, an address, and an address of port 443 */
	rig_tell_window(p->records, 1, 1, false);
	p->skipped_ns += S;
	until_done(p);
	assert_int_equal(redis_target_stats(p->target).cut, 2 * cut);
	assert_int_equal(redis_target_stats(p->target).left_out, 0);
}

static void
the_shortest_time_is_not_for_ever_and_what_says_whose_it_is_stays_a_minute(void **state)
{
	struct place *p = *state;

	p->settings.ttl = 1;
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	assert_int_not_equal(number(p, "return tostring(redis.call('ttl','profiles'))"), -1);
	assert_true(number(p, "return tostring(redis.call('ttl','naiad:run'))") > 50);
}

static void
without_a_time_keys_stay(void **state)
{
	struct place *p = *state;

	p->settings.ttl = 0;
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	assert_int_equal(number(p, "return tostring(redis.call('ttl','profiles'))"), -1);
	assert_int_equal(number(p, "return tostring(redis.call('ttl','naiad:run'))"), -1);
}

static void
an_address_with_colons_is_named_in_brackets(void **state)
{
	struct place *p = *state;

	p->place.path = "";
	p->place.host = "::1";
	p->place.port = 6379;
	begin(p);
	assert_string_equal(redis_target_name(p->target), "redis [::1]:6379 last");
	redis_target_close(p->target);
	p->place.host = "127.0.0.1";
	begin(p);
	assert_string_equal(redis_target_name(p->target), "redis 127.0.0.1:6379 last");
}

static void
a_redis_without_one_of_its_databases_is_not_written_to(void **state)
{
	struct place *p = *state;

	server_kill(p);
	p->databases = "1";
	server_start(p);
	for (int i = 0; p->rig->up < 2 && i < TURNS_MAX; i++)
		turn(p);
	rig_tell_evidence(p->records, 1, 1);
	rig_tell_address(p->records, 9);
	begin(p);
	const int logged = redis_rig_logged(p->rig);
	for (int i = 0; redis_rig_logged(p->rig) == logged && i < TURNS_MAX; i++)
		turn(p);
	for (int i = 0; i < 100; i++)
		turn(p);
	assert_int_equal(number(p, KEYS), 0);
	assert_int_equal(redis_target_stats(p->target).moved, 0);
	assert_non_null(strstr(redis_rig_log(p->rig), "it does not let us in"));
}

static unsigned
said(const char *log, const char *what)
{
	unsigned times = 0;

	for (const char *at = log; (at = strstr(at, what)) != NULL; at++)
		times++;
	return times;
}

static void
one_that_takes_what_is_small_is_still_full(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	/* Small: what removes, which a full one takes. Each window beyond the fourth has one removed. */
	say(p, "CONFIG SET maxmemory 1");
	const int logged = redis_rig_logged(p->rig);
	for (uint32_t host = 1; host <= 12; host++) {
		rig_tell_evidence(p->records, host, 1);
		p->skipped_ns += 2 * S;
		for (int i = 0; i < 20; i++)
			turn(p);
		for (int i = 0; redis_rig_logged(p->rig) == logged && i < TURNS_MAX; i++)
			turn(p);
		for (int i = 0; redis_target_stats(p->target).flying > 0 && i < TURNS_MAX; i++)
			turn(p);
	}
	say(p, "CONFIG SET maxmemory 0");
	p->skipped_ns += 40 * S;
	until_done(p);
	turn(p);
	const char *log = redis_rig_log(p->rig);
	assert_int_equal(said(log, "refuses what is written"), 1);
	assert_int_equal(said(log, "takes what is written again"), 1);
}

static void
nothing_is_written_after_the_end(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	redis_target_end_by(p->target, clock_ns());
	rig_tell_evidence(p->records, 1, 1);
	for (int i = 0; i < 50; i++)
		turn(p);
	assert_false(redis_target_is_done(p->target));
	assert_int_equal(number(p, WINDOWS), 0);
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
password_write(struct place *p, char path[PATH_BYTES], const char *text)
{
	(void)snprintf(path, PATH_BYTES, "%s/password", p->rig->scratch->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(text, f);
	(void)fclose(f);
}

static void
a_password_is_the_first_line_of_its_file(void **state)
{
	struct place *p = *state;
	char path[PATH_BYTES];

	password_write(p, path, "secret\nmore\n");
	say(p, "CONFIG SET requirepass secret");
	p->place.password_file = path;
	begin(p);
	until_done(p);
	(void)unlink(path);
}

static void
without_a_password_file_that_it_can_read_whole_it_does_not_start(void **state)
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

	char path[PATH_BYTES];
	char text[REDIS_PASSWORD_MAX];

	p->place.password_file = "/nonexistent";
	assert_int_equal(redis_target_open(&plan, &p->target), -ENOENT);
	p->place.password_file = path;
	(void)snprintf(text, sizeof(text), "%0*d", REDIS_PASSWORD_MAX - 1, 0);
	password_write(p, path, text);
	assert_int_equal(redis_target_open(&plan, &p->target), -EMSGSIZE);
	password_write(p, path, &text[1]);
	assert_int_equal(redis_target_open(&plan, &p->target), 0);
	const char *said = redis_rig_log(p->rig);
	assert_non_null(strstr(said, "cannot read the password in /nonexistent"));
	assert_non_null(strstr(said, "/password, not starting: Message too long"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_redis_becomes_ours_and_is_told_all),
		TEST(live_it_is_said_once_that_all_is_written_whoever_empties_it),
		TEST(a_redis_that_comes_back_empty_is_told_all_again),
		TEST(over_a_new_connection_all_is_written_again_but_findings),
		TEST(a_full_redis_is_left_alone_and_has_all_in_the_end),
		TEST(a_window_waits_for_its_interval_unless_the_end_is_near),
		TEST(lines_that_were_told_are_not_told_again),
		TEST(what_is_forgotten_is_removed),
		TEST(in_2020_peers_of_which_nothing_is_known_do_not_pile_up),
		TEST(rows_over_the_cap_are_counted_each_time_that_they_are_written),
		TEST(the_shortest_time_is_not_for_ever_and_what_says_whose_it_is_stays_a_minute),
		TEST(without_a_time_keys_stay),
		TEST(an_address_with_colons_is_named_in_brackets),
		TEST(a_redis_without_one_of_its_databases_is_not_written_to),
		TEST(one_that_takes_what_is_small_is_still_full),
		TEST(nothing_is_written_after_the_end),
		TEST(a_target_of_addresses_has_nothing_else),
		TEST(a_password_is_the_first_line_of_its_file),
		TEST(without_a_password_file_that_it_can_read_whole_it_does_not_start),
	};
	const int missing = server_is_missing();

	return missing != 0 ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
