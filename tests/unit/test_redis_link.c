/* With servers of the test's own, which say what no Redis says. A real one: test_redis_link_server.c. */
#include "exporters/redis/redis_link.h"

#include "exporters/redis/redis_protocol.h"
#include "tests/support/peer_rig.h"
#include "tests/support/redis_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SELECT_0 "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"

struct place {
	struct redis_rig *rig;
	int server, connection;
	char text[70000];
};

static int
server_listen(struct place *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	p->server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	memcpy(at.sun_path, p->rig->path, strlen(p->rig->path));
	(void)unlink(at.sun_path);
	return p->server >= 0 && bind(p->server, (const struct sockaddr *)&at, sizeof(at)) == 0
		       ? listen(p->server, 4)
		       : -1;
}

static void
hang_up(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->rig = redis_rig_new();
	p->connection = -1;
	*state = p;
	return server_listen(p);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	hang_up(&p->connection);
	hang_up(&p->server);
	redis_rig_free(p->rig);
	free(p);
	return 0;
}

/* What the server was sent since it was asked last. */
static const char *
heard(struct place *p)
{
	size_t length = 0;
	ssize_t n;

	while ((n = recv(p->connection, p->text + length, sizeof(p->text) - 1 - length,
			MSG_DONTWAIT)) > 0)
		length += (size_t)n;
	p->text[length] = '\0';
	return p->text;
}

static void
say(struct place *p, const char *bytes)
{
	assert_int_equal(send(p->connection, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
	redis_rig_turn(p->rig);
}

static void
server_accept(struct place *p)
{
	redis_rig_turn(p->rig);
	p->connection = accept(p->server, NULL, NULL);
	assert_true(p->connection >= 0);
	redis_rig_turn(p->rig);
}

static void
begin(struct place *p)
{
	redis_rig_open(p->rig);
	server_accept(p);
	assert_string_equal(heard(p), SELECT_0);
	assert_int_equal(p->rig->up, 0); /* nobody has answered yet */
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 1);
	assert_true(redis_link_is_up(p->rig->link));
}

static void
assert_left(struct place *p, const char *cause)
{
	char line[256];

	assert_false(redis_link_is_up(p->rig->link));
	assert_int_equal(redis_link_pending(p->rig->link), 0);
	(void)snprintf(line, sizeof(line),
		"naiad: warning: output: redis test: cannot be written to, what it is to show is kept and "
		"it is tried again: %s\n",
		cause);
	assert_string_equal(redis_rig_log(p->rig), line);
}

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
mark_again(struct redis_rig *r)
{
	redis_link_mark(r->link, r->settled + 1);
}

static void
ask_from_inside(void *context)
{
	static const char *const get[] = { "GET", "naiad:run" };
	struct redis_rig *r = context;

	redis_link_ask(r->link, 9, 2, get);
	redis_rig_send(r, "PING");
	mark_again(r);
}

static void
questions_are_answered_with_their_strings(void **state)
{
	struct place *p = *state;
	static const char *const words[] = { "SRANDMEMBER", "k", "2" };
	static const struct {
		const char *says, *items;
	} answers[] = {
		{ "$3\r\nabc\r\n", "abc " },
		{ "+OK\r\n", "OK " },
		{ "*2\r\n$1\r\na\r\n$2\r\nbc\r\n", "a bc " },
		{ "*2\r\n$1\r\n0\r\n*2\r\n$1\r\nx\r\n$1\r\ny\r\n", "0 x y " }, /* as SSCAN */
		{ "*0\r\n", "" },
		{ "*-1\r\n", "" },
		{ "$-1\r\n", "" },
		{ ":7\r\n", "" },
		{ "*2\r\n$1\r\na\r\n-ERR\r\n", "error" },
		{ "-ERR\r\n", "error" },
	};

	p->rig->on_up = ask_from_inside;
	begin(p);
	say(p, "$2\r\nme\r\n+PONG\r\n");
	assert_int_equal(p->rig->question, 9);
	assert_string_equal(p->rig->answer, "me ");
	assert_int_equal(p->rig->settled, 1);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		redis_link_ask(p->rig->link, 100 + i, 3, words);
		redis_rig_turn(p->rig);
		say(p, answers[i].says);
		assert_int_equal(p->rig->told, 2 + i);
		assert_int_equal(p->rig->question, 100 + i);
		assert_string_equal(p->rig->answer, answers[i].items);
	}
}

static void
what_is_refused_is_said_once_and_once_when_it_is_over(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;

	begin(p);
	for (int i = 0; i < 3; i++) {
		redis_rig_send(r, "SET a 1");
		redis_rig_send(r, "SET b 1");
		redis_link_mark(r->link, 1);
		redis_rig_turn(r);
		say(p, i < 2 ? "-OOM \x1b[2Jno more\r\n+OK\r\n" : "+OK\r\n+OK\r\n");
		assert_int_equal(r->worst, i < 2 ? REDIS_REFUSED : REDIS_TAKEN);
	}
	assert_int_equal(r->settled, 3);
	assert_int_equal(r->lost, 0);
	assert_string_equal(redis_rig_log(r),
		"naiad: warning: output: redis test: refuses what is written, and it is written again "
		"later: \"OOM \\x1b[2Jno more\"\n"
		"naiad: info: output: redis test: takes what is written again\n");
}

static void
a_refusal_inside_of_an_exec_and_of_a_question_is_one(void **state)
{
	struct place *p = *state;
	static const char *const words[] = { "GET", "k" };

	begin(p);
	redis_rig_send(p->rig, "EXEC");
	redis_link_mark(p->rig->link, 1);
	redis_link_ask(p->rig->link, 2, 2, words);
	redis_link_mark(p->rig->link, 3);
	redis_rig_turn(p->rig);
	say(p, "*3\r\n:1\r\n-WRONGTYPE no\r\n+OK\r\n");
	assert_int_equal(p->rig->worst, REDIS_REFUSED);
	say(p, "-WRONGTYPE no\r\n");
	assert_int_equal(p->rig->told, 1);
	assert_int_equal(p->rig->mark, 3);
	assert_int_equal(p->rig->worst, REDIS_REFUSED);
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

static void
half_an_answer_and_then_an_end_is_a_loss(void **state)
{
	struct place *p = *state;
	static const char *const words[] = { "GET", "k" };

	begin(p);
	redis_link_ask(p->rig->link, 1, 2, words);
	redis_link_mark(p->rig->link, 1);
	redis_rig_turn(p->rig);
	say(p, "*2\r\n$3\r\nabc\r\n$1");
	hang_up(&p->connection);
	redis_rig_turn(p->rig);
	assert_int_equal(p->rig->lost, 1);
	assert_int_equal(p->rig->told + p->rig->settled, 0);
	redis_rig_until(p->rig, 1000 + REDIS_PAUSE_MIN_MS + 100);
	server_accept(p); /* and it is another connection: nothing is left of the half */
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 2);
}

static void
half_an_answer_and_then_silence_is_a_loss_after_five_seconds(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;

	begin(p);
	redis_rig_until(r, 60000); /* nothing is asked, nothing is missed */
	redis_rig_send(r, "SET a 1");
	redis_rig_send(r, "SET a 1");
	redis_rig_until(r, 62000);
	say(p, "+OK\r\n+O");
	uint64_t begun_ms = r->now_ms;
	redis_rig_until(r, begun_ms + REDIS_ANSWER_MS - 100);
	assert_true(redis_link_is_up(r->link));
	redis_rig_until(r, begun_ms + REDIS_ANSWER_MS);
	assert_int_equal(r->lost, 1);
	assert_left(p, "it does not answer");
}

static void
a_server_that_still_reads_is_not_silent(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;
	static char big[3 << 20];
	const char *argv[] = { "SET", "k", big };
	const size_t lengths[] = { 3, 1, sizeof(big) };

	begin(p);
	redis_link_sink(r->link).command(r->link, 3, argv, lengths);
	for (int i = 0; i < 8; i++) { /* a piece each four seconds */
		redis_rig_until(r, r->now_ms + 4000);
		assert_true(redis_link_is_up(r->link));
		(void)recv(p->connection, p->text, sizeof(p->text), MSG_DONTWAIT);
	}
	redis_rig_until(r, r->now_ms + REDIS_ANSWER_MS + 200);
	assert_int_equal(r->lost, 1);
	assert_left(p, "it does not answer");
}

static void
one_who_accepts_and_says_nothing_is_left(void **state)
{
	struct place *p = *state;

	redis_rig_open(p->rig);
	server_accept(p);
	redis_rig_until(p->rig, 1000 + REDIS_ANSWER_MS + 100);
	assert_int_equal(p->rig->up + p->rig->lost, 0);
	assert_left(p, "it does not answer");
}

static void
nonsense_is_a_loss(void **state)
{
	struct place *p = *state;

	begin(p);
	redis_rig_send(p->rig, "PING");
	say(p, "HTTP/1.1 400 Bad Request\r\n\r\n");
	assert_int_equal(p->rig->lost, 1);
	assert_left(p, "it does not talk as a Redis does");
}

static void
what_nobody_asked_is_a_loss(void **state)
{
	struct place *p = *state;

	begin(p);
	say(p, "+OK\r\n"); /* hiredis's own connections end the process here */
	assert_int_equal(p->rig->lost, 1);
	assert_left(p, "it says what nobody asked");
}

static void
an_error_that_nobody_asked_for_is_quoted(void **state)
{
	struct place *p = *state;

	begin(p);
	say(p, "-ERR max number of clients reached\r\n");
	assert_left(p, "it says what nobody asked: \"ERR max number of clients reached\"");
}

static void
a_gigabyte_is_not_taken(void **state)
{
	struct place *p = *state;
	struct redis_rig *r = p->rig;
	size_t sent = 0;

	begin(p);
	redis_rig_send(r, "GET k");
	say(p, "$1073741824\r\n");
	memset(p->text, 'x', sizeof(p->text));
	while (r->lost == 0 && sent <= UINT64_C(2) * REDIS_ANSWER_MAX) {
		ssize_t n =
			send(p->connection, p->text, sizeof(p->text), MSG_NOSIGNAL | MSG_DONTWAIT);

		sent += n > 0 ? (size_t)n : 0;
		redis_rig_turn(r);
	}
	assert_int_equal(r->lost, 1);
	assert_in_range(sent, REDIS_ANSWER_MAX - 13, REDIS_ANSWER_MAX + 300000);
	assert_left(p, "it says more than is taken");
}

static void
an_array_of_too_many_items_is_not_made_room_for(void **state)
{
	struct place *p = *state;

	begin(p);
	redis_rig_send(p->rig, "KEYS k");
	say(p, "*2147483647\r\n");
	assert_left(p, "it says more than is taken");
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

static void
the_highest_database_is_tried_first(void **state)
{
	struct place *p = *state;

	p->rig->place.db_most = 16;
	redis_rig_open(p->rig);
	server_accept(p);
	assert_string_equal(heard(p), "*2\r\n$6\r\nSELECT\r\n$2\r\n16\r\n" SELECT_0);
	say(p, "-ERR DB index is out of range\r\n+OK\r\n");
	assert_int_equal(p->rig->up, 0);
	assert_left(p, "it does not let us in: \"ERR DB index is out of range\"");
}

static void
who_is_not_let_in_says_why(void **state)
{
	struct place *p = *state;

	redis_rig_open(p->rig);
	server_accept(p);
	say(p, "-NOAUTH Authentication required.\r\n");
	assert_int_equal(p->rig->up + p->rig->lost, 0);
	assert_left(p, "it does not let us in: \"NOAUTH Authentication required.\"");
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

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(commands_go_out_and_a_mark_tells_that_they_were_taken),
		IN_PLACE(a_mark_with_nothing_before_it_is_settled_at_the_next_tick),
		IN_PLACE(questions_are_answered_with_their_strings),
		IN_PLACE(what_is_refused_is_said_once_and_once_when_it_is_over),
		IN_PLACE(a_refusal_inside_of_an_exec_and_of_a_question_is_one),
		IN_PLACE(nothing_is_sent_while_it_is_not_up),
		IN_PLACE(half_an_answer_and_then_an_end_is_a_loss),
		IN_PLACE(half_an_answer_and_then_silence_is_a_loss_after_five_seconds),
		IN_PLACE(a_server_that_still_reads_is_not_silent),
		IN_PLACE(one_who_accepts_and_says_nothing_is_left),
		IN_PLACE(nonsense_is_a_loss),
		IN_PLACE(what_nobody_asked_is_a_loss),
		IN_PLACE(an_error_that_nobody_asked_for_is_quoted),
		IN_PLACE(a_gigabyte_is_not_taken),
		IN_PLACE(an_array_of_too_many_items_is_not_made_room_for),
		IN_PLACE(an_end_in_mid_pipeline_is_a_loss_and_all_is_asked_anew),
		IN_PLACE(a_password_is_given_before_anything_else),
		IN_PLACE(a_user_is_given_with_the_password),
		IN_PLACE(the_highest_database_is_tried_first),
		IN_PLACE(who_is_not_let_in_says_why),
		IN_PLACE(the_pause_doubles_up_to_half_a_minute),
		IN_PLACE(a_server_that_is_loading_is_asked_each_second),
		IN_PLACE(the_pause_is_short_again_after_a_mark_was_settled),
		IN_PLACE(a_server_that_comes_later_is_found_within_a_second),
		IN_PLACE(a_path_that_is_too_long_is_not_cut),
		IN_PLACE(tcp_by_address_and_by_name),
		IN_PLACE(it_may_be_closed_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
