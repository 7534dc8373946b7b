#include "exporters/redis/redis_claim.h"

#include "exporters/redis/redis_target_state.h"
#include "tests/support/redis_target_rig.h"

#include <sys/socket.h>
#include <sys/un.h>

#define EXPIRES "return redis.call('ttl','naiad:run') > 0 and '1' or '0'"

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
	assert_int_equal(redis_target_stats(p->target).left_out, 0);
}

/* What our own readers are told of windows and addresses is of this run, as what Kalipso reads is. */
static void
what_an_earlier_run_knew_is_not_told_of_this_one(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();
	struct place *p = *state;

	rig_tell_address(p->records, 9);
	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	redis_target_close(p->target);
	p->target = NULL;
	mirror_rig_free(p->records);
	p->records = mirror_rig_new(&plan);
	say(p, "SET naiad:run another");
	rig_tell_address(p->records, 8);
	rig_tell_evidence(p->records, 2, 1);
	begin(p);
	until_done(p);
	assert_string_equal(ask(p, "0", "HKEYS", "naiad:windows", NULL), "10.0.0.2 1 ");
	assert_string_equal(ask(p, "1", "HKEYS", "naiad:addresses", NULL), "10.0.0.8 ");
	assert_int_equal(number(p, ENTRIES), 2); /* the stream is of all runs */
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
	for (int i = 0; number(p, WINDOWS) == 0 && i < TURNS_MAX; i++)
		turn(p);
	until_done(p);
	assert_int_equal(number(p, ENTRIES), 1);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), RUN " ");
}

/* The server refuses a command, or does so no more. */
static void
forbid(struct place *p, const char *command, bool forbidden)
{
	char words[64];

	(void)snprintf(
		words, sizeof(words), "ACL SETUSER default %c%s", forbidden ? '-' : '+', command);
	say(p, words);
}

static void
who_does_not_say_whose_it_is_keeps_what_it_has(void **state)
{
	static const char *const questions[] = { "get", "srandmember" };

	for (size_t i = 0; i < 2; i++) {
		struct place *p = *state;

		say(p, "SADD naiad:keys old");
		say(p, "SET old 1");
		say(p, "SET naiad:run another");
		forbid(p, questions[i], true);
		begin(p);
		for (int n = 0; n < 100; n++)
			turn(p);
		assert_int_equal(number(p, KEYS), 3);
		assert_string_equal(ask(p, "0", "SMEMBERS", "naiad:keys", NULL), "old ");
		forbid(p, questions[i], false);
		assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), "another ");
		p->skipped_ns = 2 * S;
		until_done(p);
		assert_int_equal(number(p, KEYS), 1);
		redis_target_close(p->target);
		p->target = NULL;
		p->skipped_ns = 0;
	}
}

static void
who_does_not_say_that_it_is_still_ours_has_not_lost_it(void **state)
{
	struct place *p = *state;

	rig_tell_evidence(p->records, 1, 1);
	begin(p);
	until_done(p);
	forbid(p, "get", true);
	p->skipped_ns = 11 * S;
	for (int i = 0; i < 100; i++)
		turn(p);
	assert_int_equal(number(p, WINDOWS), 1);
	forbid(p, "get", false);
	p->skipped_ns = 30 * S;
	rig_tell_evidence(p->records, 2, 1);
	until_done(p);
	assert_int_equal(number(p, WINDOWS), 2);
	assert_true(number(p, ENTRIES) >= 2); /* what may have been refused came again */
	assert_null(strstr(redis_rig_log(p->rig), "taking it over"));
}

static void
names_that_do_not_fit_together_are_removed_all_the_same(void **state)
{
	struct place *p = *state;

	(void)ask(p, "0", "EVAL",
		"for i = 1, 202 do local key = string.rep('x', 6000) .. i redis.call('set', key, 1) "
		"redis.call('sadd', 'naiad:keys', key) end",
		"0");
	begin(p);
	until_done(p);
	assert_int_equal(number(p, KEYS), 1);
}

static void
a_name_that_no_command_can_have_is_left_where_it_is(void **state)
{
	struct place *p = *state;

	(void)ask(p, "0", "EVAL", "redis.call('sadd', 'naiad:keys', string.rep('x', 1024 * 1024))",
		"0");
	begin(p);
	until_done(p);
	assert_int_equal(number(p, "return tostring(redis.call('scard','naiad:keys'))"), 1);
}

static void
a_name_with_a_nul_is_not_taken_for_what_stands_before_it(void **state)
{
	struct place *p = *state;

	(void)ask(p, "0", "EVAL",
		"redis.call('set', 'mine', 1) redis.call('sadd', 'naiad:keys', 'mine\\0more')",
		"0");
	begin(p);
	until_done(p);
	assert_int_equal(number(p, "return tostring(redis.call('exists','mine'))"), 1);
}

static void
a_list_that_does_not_get_shorter_is_left(void **state)
{
	static const char *const listed[] = { "old" };
	struct place *p = *state;
	struct redis_flight flight = { 0 };
	struct redis_command command;

	/* Its link is down: nothing is sent. */
	begin(p);
	struct redis_link *link =
		redis_link_open(p->rig->base, "down", &p->rig->place, &(struct redis_owner){ 0 });
	redis_command_init(&command, redis_link_sink(link), p->text);
	struct redis_claim claim = {
		.run = RUN, .link = link, .command = &command, .flight = &flight, .db_count = 1
	};
	redis_claim_begin(&claim, true);
	for (unsigned i = 0; i < REDIS_CLAIM_ROUNDS; i++) {
		assert_int_equal(redis_claim_told(&claim, REDIS_CLAIM_LISTED, listed, 1),
			REDIS_CLAIM_GOES_ON);
		redis_flight_lost(&flight);
	}
	assert_int_equal(
		redis_claim_told(&claim, REDIS_CLAIM_LISTED, listed, 1), REDIS_CLAIM_ENDLESS);
	redis_claim_begin(&claim, true);
	assert_int_equal(
		redis_claim_told(&claim, REDIS_CLAIM_LISTED, listed, 1), REDIS_CLAIM_GOES_ON);
	redis_link_close(link);
}

/* A server that says +OK to each command, one connection long. */
static pid_t
agree_to_all(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char bytes[4096];
	ssize_t n;

	memcpy(at.sun_path, path, strlen(path));
	(void)unlink(path);
	assert_int_equal(bind(server, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(server, 1), 0);
	pid_t child = fork();
	if (child != 0) {
		(void)close(server);
		return child;
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	int connection = accept(server, NULL, NULL);
	while ((n = read(connection, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] == '*' && write(connection, "+OK\r\n", 5) != 5)
				_exit(1);
	_exit(0);
}

static void
who_agrees_to_all_is_left_alone_for_a_while(void **state)
{
	struct place *p = *state;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s.agrees", p->rig->path);
	pid_t child = agree_to_all(path);
	p->place.path = path;
	begin(p);
	/* A connection, and what was removed. */
	const uint64_t now = 1 + REDIS_CLAIM_ROUNDS;
	for (int i = 0; redis_target_stats(p->target).moved < now && i < TURNS_MAX; i++)
		turn(p);
	for (int i = 0; i < 1500; i++) /* nor is it asked again soon */
		turn(p);
	assert_int_equal(redis_target_stats(p->target).moved, now);
	p->skipped_ns += 30 * S;
	for (int i = 0; redis_target_stats(p->target).moved == now && i < 5000; i++)
		turn(p);
	assert_true(redis_target_stats(p->target).moved > now);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	assert_non_null(
		strstr(redis_rig_log(p->rig), "204800 keys of an earlier run were removed"));
}

/* Somebody else takes it, and it is ours again at the next look. */
static void
taken_and_taken_back(struct place *p)
{
	say(p, "SET naiad:run another");
	p->skipped_ns += 11 * S;
	for (int i = 0; strcmp(ask(p, "0", "GET", "naiad:run", NULL), RUN " ") != 0 && i < 5000;
		i++)
		turn(p);
	until_done(p);
}

static void
two_that_take_it_from_each_other_say_so_once(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	taken_and_taken_back(p);
	taken_and_taken_back(p);
	say(p, "PERSIST naiad:run");
	p->skipped_ns += 11 * S; /* now it is left alone: looked at, and found to be ours, */
	for (int i = 0; number(p, EXPIRES) == 0 && i < TURNS_MAX; i++)
		turn(p);
	turn(p);
	taken_and_taken_back(p); /* so that this is another time */
	const char *log = redis_rig_log(p->rig);
	const char *first = strstr(log, "taking it over");
	assert_non_null(first);
	const char *second = strstr(first + 1, "taking it over");
	assert_non_null(second);
	assert_null(strstr(second + 1, "taking it over"));
}

#define ANOTHER_TARGET "0123456789abcdef0123456789abcdee"

/* One server under two names. */
static void
what_another_target_has_is_left_to_it(void **state)
{
	struct place *p = *state;

	rig_tell_timeline(p->records, 1, 1, S);
	say(p, "SET naiad:run " ANOTHER_TARGET);
	begin(p);
	until_done(p);
	p->skipped_ns += 29 * S;
	until_done(p);
	assert_int_equal(number(p, KEYS), 1);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), ANOTHER_TARGET " ");
	say(p, "DEL naiad:run");
	p->skipped_ns += 2 * S;
	for (int i = 0; number(p, WINDOWS) == 0 && i < TURNS_MAX; i++)
		turn(p);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), RUN " ");
	assert_non_null(strstr(redis_rig_log(p->rig),
		"another target of this naiad writes database 0 of it, under another name"));
}

/* Both claimed it at once: who was first sees the other's name. */
static void
of_two_targets_the_last_that_claimed_it_has_it(void **state)
{
	struct place *p = *state;

	begin(p);
	until_done(p);
	say(p, "SET naiad:run " ANOTHER_TARGET);
	p->skipped_ns += 11 * S;
	for (int i = 0; !p->target->shared.is_on && i < TURNS_MAX; i++)
		turn(p);
	rig_tell_timeline(p->records, 1, 1, S);
	p->skipped_ns += 11 * S; /* it is not looked at either */
	for (int i = 0; i < 100; i++)
		turn(p);
	assert_int_equal(number(p, WINDOWS), 0);
	assert_string_equal(ask(p, "0", "GET", "naiad:run", NULL), ANOTHER_TARGET " ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_an_earlier_run_left_is_removed_and_nothing_else),
		TEST(what_an_earlier_run_knew_is_not_told_of_this_one),
		TEST(a_redis_that_was_flushed_is_noticed),
		TEST(who_does_not_say_whose_it_is_keeps_what_it_has),
		TEST(who_does_not_say_that_it_is_still_ours_has_not_lost_it),
		TEST(names_that_do_not_fit_together_are_removed_all_the_same),
		TEST(a_name_that_no_command_can_have_is_left_where_it_is),
		TEST(a_name_with_a_nul_is_not_taken_for_what_stands_before_it),
		TEST(a_list_that_does_not_get_shorter_is_left),
		TEST(who_agrees_to_all_is_left_alone_for_a_while),
		TEST(two_that_take_it_from_each_other_say_so_once),
		TEST(what_another_target_has_is_left_to_it),
		TEST(of_two_targets_the_last_that_claimed_it_has_it),
	};
	const int missing = server_is_missing();

	return missing != 0 ? missing : cmocka_run_group_tests(tests, NULL, NULL);
}
