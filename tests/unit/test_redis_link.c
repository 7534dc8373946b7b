/* With servers of the test's own. Real ones: test_redis_link_server.c. */
#include "exporters/redis/redis_link.h"

#include "exporters/redis/redis_link_state.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/redis_fake.h"

#include <event2/dns.h>

static void
commands_go_out_and_a_mark_tells_that_they_were_taken(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;

	begin(p);
	redis_rig_send(r, "SET a 1");
	redis_rig_send(r, "SET b 2");
	redis_link_mark(r->link, 77);
	redis_rig_send(r, "SET c 3");
	redis_rig_turn(r);
	assert_string_equal(heard(p), "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n"
				      "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n"
				      "*3\r\n$3\r\nSET\r\n$1\r\nc\r\n$1\r\n3\r\n");
	assert_true(redis_link_pending(r->link) >= UINT64_C(3) * 27);
	say(p, "+OK\r\n+O");
	assert_int_equal(r->settled, 0);
	say(p, "K\r\n");
	assert_int_equal(r->settled, 1);
	assert_int_equal(r->mark, 77);
	assert_int_equal(r->worst, REDIS_TAKEN);
	assert_true(redis_link_pending(r->link) >= 27);
	say(p, ":1\r\n");
	assert_int_equal(redis_link_pending(r->link), 0);
	assert_int_equal(r->lost, 0);
	assert_string_equal(redis_rig_log(r), "");
}

static void
a_mark_with_nothing_before_it_is_settled_at_the_next_tick(void **state)
{
	struct place *p = *state;

	begin(p);
	redis_link_mark(p->rig->link, 5);
	assert_int_equal(p->rig->settled, 0);
	redis_rig_turn(p->rig);
	assert_int_equal(p->rig->settled, 1);
	assert_int_equal(p->rig->mark, 5);
	redis_link_mark(p->rig->link, 6); /* and one that a command comes after, answered at once */
	redis_rig_send(p->rig, "PING");
	(void)event_base_loop(p->rig->base, EVLOOP_NONBLOCK);
	assert_int_equal(send(p->connection, "-ERR\r\n", 6, MSG_NOSIGNAL), 6);
	(void)event_base_loop(p->rig->base, EVLOOP_NONBLOCK);
	assert_int_equal(p->rig->mark, 6);
	assert_int_equal(p->rig->worst, REDIS_TAKEN);
}

static void
nothing_is_sent_while_it_is_not_up(void **state)
{
	struct place *p = *state;
	static const char *const words[] = { "GET", "k" };

	redis_rig_open(p->rig);
	for (int i = 0; i < 2; i++) {
		redis_rig_send(p->rig, "SET a 1");
		redis_link_ask(p->rig->link, 1, 2, words);
		redis_link_mark(p->rig->link, 1);
		if (i == 0)
			server_accept(p); /* connected, not yet let in */
		assert_string_equal(heard(p), i == 0 ? SELECT_0 : "");
	}
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 1);
	assert_int_equal(redis_link_pending(p->rig->link), 0);
	assert_int_equal(p->rig->settled + p->rig->told, 0);
}

/* As much as the socket takes, and not a piece of it. */
static void
one_turn_writes_what_the_socket_takes(void **state)
{
	struct place *p = *state;
	static char big[100000];
	const char *argv[] = { "SET", "k", big };
	const size_t lengths[] = { 3, 1, sizeof(big) };

	begin(p);
	redis_link_sink(p->rig->link).command(p->rig->link, 3, argv, lengths);
	(void)event_base_loop(p->rig->base, EVLOOP_NONBLOCK);
	assert_true(recv(p->connection, p->text, sizeof(p->text), MSG_DONTWAIT) ==
		    (ssize_t)sizeof(p->text));
}

static void
an_end_in_mid_pipeline_is_a_loss_and_all_is_asked_anew(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;

	begin(p);
	for (int i = 0; i < 1000; i++)
		redis_rig_send(r, "SET a 1");
	redis_link_mark(r->link, 1);
	redis_rig_turn(r);
	say(p, "+OK\r\n+OK\r\n+OK\r\n");
	hang_up(&p->connection); /* with most of it unread: a reset */
	for (int i = 0; i < 1000; i++)
		redis_rig_send(r, "SET a 1");
	redis_rig_turn(r);
	assert_int_equal(r->lost, 1);
	assert_int_equal(r->settled, 0);
	assert_int_equal(redis_link_pending(r->link), 0);
	redis_rig_until(r, 1000 + REDIS_PAUSE_MIN_MS + 100);
	server_accept(p);
	assert_string_equal(heard(p), SELECT_0);
	say(p, "+OK\r\n");
	assert_int_equal(r->up, 2);
}

static void
a_password_is_given_before_anything_else(void **state)
{
	struct place *p = *state;

	p->rig->place.password = "secret word";
	redis_rig_open(p->rig);
	server_accept(p);
	assert_string_equal(heard(p), "*2\r\n$4\r\nAUTH\r\n$11\r\nsecret word\r\n" SELECT_0);
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 0);
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 1);
}

static void
a_user_is_given_with_the_password(void **state)
{
	struct place *p = *state;

	p->rig->place.user = "kalipso";
	p->rig->place.password = "pw";
	redis_rig_open(p->rig);
	server_accept(p);
	assert_string_equal(heard(p), "*3\r\n$4\r\nAUTH\r\n$7\r\nkalipso\r\n$2\r\npw\r\n" SELECT_0);
}

/* When a server that listens is tried, with `says` for each; up to `count` times. */
static void
tries(struct place *p, const char *says, uint64_t at_ms[], unsigned count)
{
	redis_rig_open(p->rig);
	for (unsigned i = 0; i < count; p->rig->now_ms += 50) {
		redis_rig_turn(p->rig);
		p->connection = accept(p->server, NULL, NULL);
		if (p->connection < 0)
			continue;
		at_ms[i++] = p->rig->now_ms;
		say(p, says);
		hang_up(&p->connection);
		redis_rig_turn(p->rig);
	}
}

static void
the_pause_doubles_up_to_half_a_minute(void **state)
{
	static const uint64_t pauses[] = { 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	struct place *p = *state;
	uint64_t at_ms[10];

	tries(p, "-WRONGPASS\r\n", at_ms, 10);
	assert_int_equal(at_ms[0], 1000);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(at_ms[i + 1] - at_ms[i], pauses[i]);
}

static void
a_server_that_is_loading_is_asked_each_second(void **state)
{
	static const uint64_t pauses[] = { 250, 500, 1000, 1000, 1000 };
	struct place *p = *state;
	uint64_t at_ms[6];

	tries(p, "-LOADING Redis is loading the dataset in memory\r\n", at_ms, 6);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(at_ms[i + 1] - at_ms[i], pauses[i]);
}

static void
the_pause_is_short_again_after_a_mark_was_settled(void **state)
{
	struct place *p = *state;
	uint64_t at_ms[8];

	tries(p, "-WRONGPASS\r\n", at_ms, 7);
	redis_rig_until(p->rig, p->rig->now_ms + 16000);
	server_accept(p);
	say(p, "+OK\r\n");
	redis_rig_send(p->rig, "PING");
	redis_link_mark(p->rig->link, 1);
	say(p, "+PONG\r\n");
	hang_up(&p->connection);
	redis_rig_turn(p->rig);
	assert_int_equal(p->rig->lost, 1);
	redis_rig_until(p->rig, p->rig->now_ms + REDIS_PAUSE_MIN_MS + 100);
	server_accept(p);
}

static void
a_server_that_comes_later_is_found_within_a_second(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;

	hang_up(&p->server);
	for (int gone = 0; gone < 2; gone++) {
		if (gone == 1)
			(void)unlink(r->path);
		if (gone == 0)
			redis_rig_open(r);
		redis_rig_until(r, r->now_ms + 100000);
	}
	assert_int_equal(server_listen(p), 0);
	redis_rig_until(r, r->now_ms + REDIS_PAUSE_AWAY_MS);
	server_accept(p);
	say(p, "+OK\r\n");
	assert_int_equal(r->up, 1);
	assert_int_equal(r->lost, 0);
	assert_string_equal(redis_rig_log(r),
		"naiad: warning: output: redis test: cannot be written to, what it is to show is kept and "
		"it is tried again: Connection refused\n"
		"naiad: info: output: redis test: is reached again\n");
}

static void
a_path_that_is_too_long_is_not_cut(void **state)
{
	struct place *p = *state;
	static char path[200];

	memset(path, 'x', sizeof(path) - 1);
	p->rig->place.path = path;
	redis_rig_open(p->rig);
	redis_rig_turn(p->rig);
	assert_left(p, "File name too long");
}

static void
tcp_by_address_and_by_name(void **state)
{
	struct place *p = *state;
	static const char *const hosts[] = { "127.0.0.1", "localhost" };

	p->rig->place.path = "";
	for (int i = 0; i < 2; i++) {
		hang_up(&p->server);
		hang_up(&p->connection);
		p->rig->place.port = 0;
		p->rig->place.host = hosts[i];
		p->server = peer_rig_inet(SOCK_STREAM, &p->rig->place.port);
		redis_link_close(p->rig->link);
		redis_rig_open(p->rig);
		for (int turns = 0; turns < 1000 && p->connection < 0; turns++) {
			redis_rig_turn(p->rig);
			p->connection = accept(p->server, NULL, NULL);
		}
		redis_rig_turn(p->rig);
		assert_string_equal(heard(p), SELECT_0);
		say(p, "+OK\r\n");
		assert_int_equal(p->rig->up, i + 1);
	}
}

static void
a_name_server_that_is_silent_is_said_to_be(void **state)
{
	struct place *p = *state;
	uint16_t port = 0;
	int silent = peer_rig_inet(SOCK_DGRAM, &port);
	char at[32];

	p->rig->place.path = "";
	p->rig->place.host = "redis.example";
	redis_rig_open(p->rig);
	p->rig->link->resolver.dns = evdns_base_new(p->rig->base, 0);
	(void)snprintf(at, sizeof(at), "127.0.0.1:%u", port);
	assert_int_equal(evdns_base_nameserver_ip_add(p->rig->link->resolver.dns, at), 0);
	redis_rig_until(p->rig, 1000 + REDIS_ANSWER_MS + 100);
	assert_left(p, "no name server answers");
	(void)close(silent);
}

static void
it_may_be_closed_at_any_time(void **state)
{
	struct place *p = *state;

	redis_rig_open(p->rig);
	for (int turns = 0; turns < 4; turns++) {
		redis_link_close(p->rig->link);
		redis_rig_open(p->rig);
		for (int i = 0; i < turns; i++)
			redis_rig_turn(p->rig);
	}
	assert_int_equal(p->rig->lost, 0);
	redis_link_close(NULL);
}

/* Some of the allocations of connecting or of sending fail: whichever, it is a loss or none. */
static void
memory_that_is_out_is_a_loss_and_nothing_else(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;
	unsigned without_link = 0;
	unsigned not_up = 0;
	unsigned taken = 0;

	for (uint32_t seed = 1; seed <= 300; seed++) {
		redis_link_close(r->link);
		failing_alloc_begin(seed);
		redis_rig_open(r);
		if (r->link != NULL)
			redis_rig_turn(r);
		(void)failing_alloc_end();
		if (r->link == NULL) {
			without_link++;
			continue;
		}
		hang_up(&p->connection);
		p->connection = accept(p->server, NULL, NULL);
		redis_rig_turn(r);
		(void)send(p->connection, "+OK\r\n", 5, MSG_NOSIGNAL | MSG_DONTWAIT);
		redis_rig_turn(r);
		if (!redis_link_is_up(r->link)) {
			not_up++;
			continue;
		}
		(void)heard(p);
		unsigned lost = r->lost;
		unsigned settled = r->settled;
		failing_alloc_begin(seed * 7);
		for (int i = 0; i < 128; i++) /* the queue grows at the 65th, and for the mark */
			redis_rig_send(r, "PING");
		redis_link_mark(r->link, seed);
		(void)failing_alloc_end();
		(void)event_base_loop(r->base, EVLOOP_NONBLOCK);
		(void)heard(p);
		for (int i = 0; i < 128; i++)
			(void)send(p->connection, "+PONG\r\n", 7, MSG_NOSIGNAL | MSG_DONTWAIT);
		redis_rig_turn(r);
		taken += r->settled - settled;
		assert_int_equal(r->settled - settled + r->lost - lost, 1);
	}
	assert_true(without_link > 0);
	assert_true(not_up > 0);
	assert_true(taken > 0 && r->lost > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(commands_go_out_and_a_mark_tells_that_they_were_taken),
		IN_PLACE(a_mark_with_nothing_before_it_is_settled_at_the_next_tick),
		IN_PLACE(nothing_is_sent_while_it_is_not_up),
		IN_PLACE(one_turn_writes_what_the_socket_takes),
		IN_PLACE(an_end_in_mid_pipeline_is_a_loss_and_all_is_asked_anew),
		IN_PLACE(a_password_is_given_before_anything_else),
		IN_PLACE(a_user_is_given_with_the_password),
		IN_PLACE(the_pause_doubles_up_to_half_a_minute),
		IN_PLACE(a_server_that_is_loading_is_asked_each_second),
		IN_PLACE(the_pause_is_short_again_after_a_mark_was_settled),
		IN_PLACE(a_server_that_comes_later_is_found_within_a_second),
		IN_PLACE(a_path_that_is_too_long_is_not_cut),
		IN_PLACE(tcp_by_address_and_by_name),
		IN_PLACE(a_name_server_that_is_silent_is_said_to_be),
		IN_PLACE(it_may_be_closed_at_any_time),
		IN_PLACE(memory_that_is_out_is_a_loss_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
