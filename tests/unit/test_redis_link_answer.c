/* With servers of the test's own, which say what no Redis says. */
#include "exporters/redis/redis_link_answer.h"

#include "exporters/redis/redis_protocol.h"
#include "tests/support/redis_fake.h"

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
	for (int i = 0; i < 4; i++) {
		redis_rig_send(r, "SET a 1");
		redis_rig_send(r, "SET b 1");
		redis_link_mark(r->link, 1);
		redis_rig_turn(r);
		say(p, i < 3 ? "-OOM \x1b[2Jno more\r\n+OK\r\n" : "+OK\r\n+OK\r\n");
		assert_int_equal(r->worst, i < 3 ? REDIS_REFUSED : REDIS_TAKEN);
	}
	assert_int_equal(r->settled, 4);
	assert_int_equal(r->lost, 0);
	redis_link_takes_again(r->link);
	redis_link_takes_again(r->link);
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
	static char big[8 << 20];
	const char *argv[] = { "SET", "k", big };
	const size_t lengths[] = { 3, 1, sizeof(big) };

	begin(p);
	redis_link_sink(r->link).command(r->link, 3, argv, lengths);
	for (int i = 0; i < 8; i++) { /* what is there, each four seconds */
		redis_rig_until(r, r->now_ms + 4000);
		assert_true(redis_link_is_up(r->link));
		while (recv(p->connection, p->text, sizeof(p->text), MSG_DONTWAIT) > 0)
			;
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

/* Who knows no AUTH says with what it came; of a long password its begin. */
static void
our_password_is_not_said_again(void **state)
{
	static const char *const passwords[] = { "s3cret", "s3cret that is longer", "s3cre" };
	static const char *const said[] = { "'s3cret', ", "'s3cret t", "'s3cr" };
	static const char *const logged[] = { "", "", ": \"ERR unknown command 'AUTH': 's3cr\"" };

	for (size_t i = 0; i < 3; i++) {
		struct place *p = NULL;
		char text[128];

		if (i == 0)
			p = *state;
		else
			assert_int_equal(setup((void **)&p), 0);
		p->rig->place.password = passwords[i];
		redis_rig_open(p->rig);
		server_accept(p);
		(void)snprintf(text, sizeof(text), "-ERR unknown command 'AUTH': %s\r\n", said[i]);
		say(p, text);
		(void)snprintf(text, sizeof(text), "it does not let us in%s", logged[i]);
		assert_left(p, text);
		if (i > 0)
			(void)teardown((void **)&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(questions_are_answered_with_their_strings),
		IN_PLACE(what_is_refused_is_said_once_and_once_when_it_is_over),
		IN_PLACE(a_refusal_inside_of_an_exec_and_of_a_question_is_one),
		IN_PLACE(half_an_answer_and_then_an_end_is_a_loss),
		IN_PLACE(half_an_answer_and_then_silence_is_a_loss_after_five_seconds),
		IN_PLACE(a_server_that_still_reads_is_not_silent),
		IN_PLACE(one_who_accepts_and_says_nothing_is_left),
		IN_PLACE(nonsense_is_a_loss),
		IN_PLACE(what_nobody_asked_is_a_loss),
		IN_PLACE(an_error_that_nobody_asked_for_is_quoted),
		IN_PLACE(a_gigabyte_is_not_taken),
		IN_PLACE(an_array_of_too_many_items_is_not_made_room_for),
		IN_PLACE(the_highest_database_is_tried_first),
		IN_PLACE(who_is_not_let_in_says_why),
		IN_PLACE(our_password_is_not_said_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
