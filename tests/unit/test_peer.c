/* With it the three transports: peer_unix, peer_udp, peer_tcp. */
#include "exporters/peer.h"

#include "tests/support/peer_rig.h"
#include "tests/support/scratch.h"

#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS(n) ((uint64_t)(n)*1000000)

struct place {
	struct scratch *scratch;
	struct event_base *base;
	struct peer *peer;
	char path[100];
	uint16_t port;
	int server, connection;
	uint64_t now_ms;
	unsigned ready, lost;
	uint64_t settled_when_lost;
	char text[70000];
};

static void
on_ready(void *context)
{
	struct place *p = context;

	p->ready++;
}

static void
on_lost(void *context)
{
	struct place *p = context;

	p->lost++;
	p->settled_when_lost = peer_settled(p->peer);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->scratch = scratch_new();
	p->base = event_base_new();
	p->server = -1;
	p->connection = -1;
	p->now_ms = 1000;
	(void)snprintf(p->path, sizeof(p->path), "%s/sock", p->scratch->directory);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	peer_close(p->peer);
	event_base_free(p->base);
	if (p->server >= 0)
		(void)close(p->server);
	if (p->connection >= 0)
		(void)close(p->connection);
	scratch_free(p->scratch);
	free(p);
	return 0;
}

static void
begin_at(struct place *p, enum peer_transport transport, const char *host)
{
	const struct peer_plan plan = { .outlet = "test",
		.transport = transport,
		.path = p->path,
		.host = host,
		.port = p->port };
	const struct peer_owner owner = { .context = p, .ready = on_ready, .lost = on_lost };

	assert_int_equal(peer_open(p->base, &plan, &owner, MS(p->now_ms), &p->peer), 0);
}

static void
begin(struct place *p, enum peer_transport transport)
{
	begin_at(p, transport, "127.0.0.1");
}

static void
events(struct place *p)
{
	(void)event_base_loop(p->base, EVLOOP_NONBLOCK);
}

/* Ticks up to a time, one each 100 ms. */
static void
until(struct place *p, uint64_t ms)
{
	for (; p->now_ms <= ms; p->now_ms += 100) {
		peer_tick(p->peer, MS(p->now_ms));
		events(p);
	}
}

static int
give(struct place *p, const char *text)
{
	return peer_send(p->peer, text, strlen(text));
}

static const char *
received(struct place *p)
{
	return peer_rig_read(
		p->connection >= 0 ? p->connection : p->server, p->text, sizeof(p->text));
}

static void
a_peer_that_is_away_is_tried_after_a_pause_that_doubles(void **state)
{
	struct place *p = *state;
	uint64_t tries[8] = { 0 };
	unsigned count = 0;

	begin(p, PEER_UNIX);
	for (; p->now_ms < 120000 && count < 8; p->now_ms += 100) {
		int server = peer_rig_unix(p->path);

		peer_tick(p->peer, MS(p->now_ms));
		if (peer_is_up(p->peer))
			tries[count++] = p->now_ms;
		(void)close(server);
		if (peer_is_up(p->peer))
			assert_int_equal(give(p, "x"), -ECONNREFUSED);
	}
	static const uint64_t pauses[] = { 500, 1000, 2000, 4000, 8000, 16000, 30000 };
	assert_int_equal(count, 8);
	assert_int_equal(tries[0], 1000);
	for (unsigned i = 1; i < 8; i++)
		assert_int_equal(tries[i] - tries[i - 1], pauses[i - 1]);
	assert_int_equal(p->ready, 8);
	assert_int_equal(p->lost, 8);
	assert_int_equal(give(p, "x"), -ENOTCONN);
}

static void
unix_what_was_read_is_settled_and_not_before(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1000);
	assert_int_equal(p->ready, 1);
	assert_int_equal(give(p, "one"), 0);
	assert_int_equal(give(p, "two"), 0);
	assert_int_equal(peer_sent(p->peer), 2);
	assert_int_equal(peer_delivered(p->peer), 2);
	assert_string_equal(received(p), "one");
	peer_look(p->peer);
	assert_int_equal(peer_settled(p->peer), 0); /* one is unread, and nobody can tell which */
	assert_true(peer_is_waiting(p->peer));
	assert_string_equal(received(p), "two");
	until(p, 1100);
	assert_int_equal(peer_settled(p->peer), 2);
	assert_false(peer_is_waiting(p->peer));
}

static void
unix_what_a_receiver_left_unread_is_not_settled(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1000);
	assert_int_equal(give(p, "one"), 0);
	assert_string_equal(received(p), "one");
	peer_look(p->peer);
	assert_int_equal(give(p, "two"), 0);
	(void)close(p->server);
	p->server = peer_rig_unix(p->path); /* another one, at the same place */
	peer_look(p->peer);
	assert_int_equal(p->lost, 1);
	assert_int_equal(p->settled_when_lost, 1);
	assert_false(peer_is_up(p->peer));
	until(p, 1700);
	assert_int_equal(p->ready, 2);
	assert_int_equal(peer_sent(p->peer), 0); /* counts are of one connection */
	assert_int_equal(give(p, "two"), 0);
	assert_string_equal(received(p), "two");
}

static void
unix_a_receiver_that_does_not_read_makes_us_wait(void **state)
{
	struct place *p = *state;
	unsigned sent = 0;

	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1000);
	while (give(p, "x") == 0)
		sent++;
	assert_in_range(sent, 1, 64);
	assert_int_equal(give(p, "x"), -EAGAIN);
	while (received(p) != NULL)
		sent--;
	assert_int_equal(sent, 0);
	assert_int_equal(give(p, "x"), 0);
	assert_int_equal(p->lost, 0);
}

static void
unix_the_same_receiver_has_the_same_identity(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1000);
	uint64_t first = peer_identity(p->peer);
	assert_true(first != 0);
	peer_close(p->peer);
	begin(p, PEER_UNIX);
	until(p, 1100);
	assert_true(peer_identity(p->peer) == first);
	peer_close(p->peer);
	(void)close(p->server);
	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1200);
	assert_true(peer_is_up(p->peer));
	assert_true(peer_identity(p->peer) != first);
}

static void
a_message_that_no_datagram_holds_is_never_taken(void **state)
{
	struct place *p = *state;
	static char big[1 << 20];

	p->server = peer_rig_unix(p->path);
	begin(p, PEER_UNIX);
	until(p, 1000);
	assert_int_equal(peer_send(p->peer, big, sizeof(big)), -EMSGSIZE);
	assert_true(peer_is_up(p->peer));
	assert_int_equal(peer_sent(p->peer), 0);
}

static void
a_path_that_is_too_long_for_a_socket_stays_down(void **state)
{
	struct place *p = *state;
	static char path[200];

	memset(path, 'x', sizeof(path) - 1);
	const struct peer_plan plan = { .outlet = "test", .transport = PEER_UNIX, .path = path };
	const struct peer_owner owner = { .context = p, .ready = on_ready, .lost = on_lost };
	assert_int_equal(peer_open(p->base, &plan, &owner, MS(p->now_ms), &p->peer), 0);
	until(p, 1000);
	assert_false(peer_is_up(p->peer));
	assert_int_equal(p->lost, 0);
}

static void
udp_is_settled_when_nobody_objects(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_DGRAM, &p->port);
	begin(p, PEER_UDP);
	until(p, 1000);
	assert_int_equal(give(p, "one"), 0);
	assert_string_equal(received(p), "one");
	assert_int_equal(peer_delivered(p->peer), 1);
	until(p, 1300);
	assert_int_equal(peer_settled(p->peer), 0);
	until(p, 1400);
	assert_int_equal(peer_settled(p->peer), 1);
	assert_int_equal(peer_identity(p->peer), 0);
}

static void
udp_a_refusal_is_a_loss_and_then_one_at_a_time_is_tried(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_DGRAM, &p->port);
	(void)close(p->server); /* a port that nobody listens on */
	begin(p, PEER_UDP);
	until(p, 1000);
	assert_int_equal(give(p, "one"), 0);
	events(p);
	assert_int_equal(p->lost, 1);
	assert_int_equal(p->settled_when_lost, 0);
	until(p, 1600);
	assert_true(peer_is_up(p->peer));
	p->server = peer_rig_inet(SOCK_DGRAM, &p->port);
	assert_int_equal(give(p, "one"), 0);
	assert_int_equal(give(p, "two"), -EAGAIN);
	until(p, 2100);
	assert_int_equal(peer_settled(p->peer), 1);
	assert_int_equal(give(p, "two"), 0);
	assert_int_equal(give(p, "three"), 0);
	assert_string_equal(received(p), "one");
	assert_string_equal(received(p), "two");
}

static void
udp_does_not_burst(void **state)
{
	struct place *p = *state;
	unsigned sent = 0;

	p->server = peer_rig_inet(SOCK_DGRAM, &p->port);
	begin(p, PEER_UDP);
	until(p, 1000);
	while (give(p, "x") == 0)
		sent++;
	assert_int_equal(sent, 64);
	until(p, 1100);
	assert_int_equal(give(p, "x"), 0);
}

static void
tcp_accept(struct place *p)
{
	until(p, p->now_ms); /* one tick: it begins */
	for (int i = 0; i < 100 && p->connection < 0; i++)
		p->connection = accept(p->server, NULL, NULL);
	assert_true(p->connection >= 0);
	assert_int_equal(fcntl(p->connection, F_SETFL, O_NONBLOCK), 0);
	events(p);
	assert_true(peer_is_up(p->peer));
}

static void
tcp_each_message_has_its_length_before_it(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	begin(p, PEER_TCP);
	tcp_accept(p);
	assert_int_equal(give(p, "one"), 0);
	assert_int_equal(give(p, "a longer one"), 0);
	assert_string_equal(received(p), "3 one12 a longer one");
}

static void
tcp_a_stream_that_is_full_goes_on_where_it_stopped(void **state)
{
	struct place *p = *state;
	static char big[30000];
	uint64_t sent = 0;
	uint64_t bytes = 0;

	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	begin(p, PEER_TCP);
	tcp_accept(p);
	memset(big, 'x', sizeof(big));
	while (peer_send(p->peer, big, sizeof(big)) == 0)
		sent++;
	assert_int_equal(peer_sent(p->peer), sent);
	assert_true(peer_delivered(p->peer) < sent);
	for (int idle = 0; idle < 50;) {
		const char *text = received(p);

		idle = text == NULL ? idle + 1 : 0;
		bytes += text == NULL ? 0 : strlen(text);
		peer_look(p->peer);
	}
	assert_int_equal(bytes, sent * (sizeof(big) + strlen("30000 ")));
	assert_int_equal(peer_delivered(p->peer), sent);
	assert_int_equal(give(p, "next"), 0);
	assert_string_equal(received(p), "4 next");
}

static void
tcp_an_orderly_end_settles_what_was_acknowledged(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	begin(p, PEER_TCP);
	tcp_accept(p);
	assert_int_equal(give(p, "one"), 0);
	assert_string_equal(received(p), "3 one");
	(void)close(p->connection);
	p->connection = -1;
	assert_int_equal(give(p, "two"), -EPIPE); /* the end is read before more is written */
	assert_int_equal(p->lost, 1);
	assert_int_equal(p->settled_when_lost, 1);
	assert_int_equal(peer_sent(p->peer), 1);
}

static void
tcp_a_reset_settles_only_what_is_older(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	begin(p, PEER_TCP);
	tcp_accept(p);
	assert_int_equal(give(p, "one"), 0);
	until(p, p->now_ms + 400);
	assert_int_equal(peer_settled(p->peer), 1);
	assert_int_equal(give(p, "two"), 0);
	peer_look(p->peer);
	assert_int_equal(peer_delivered(p->peer), 2);
	(void)close(p->connection); /* with bytes unread */
	p->connection = -1;
	events(p);
	assert_int_equal(p->lost, 1);
	assert_int_equal(p->settled_when_lost, 1);
}

static void
tcp_nobody_there_is_no_connection(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	(void)close(p->server);
	p->server = -1;
	begin(p, PEER_TCP);
	until(p, 1300);
	assert_false(peer_is_up(p->peer));
	assert_int_equal(p->ready + p->lost, 0); /* it was never up */
	p->server = peer_rig_inet(SOCK_STREAM, &p->port);
	until(p, 1500);
	tcp_accept(p);
	assert_int_equal(p->ready, 1);
}

/* By /etc/hosts; no name server is asked for this one. */
static void
a_name_is_resolved_without_waiting_for_it(void **state)
{
	struct place *p = *state;

	for (int udp = 0; udp < 2; udp++) {
		p->port = 0;
		p->server = peer_rig_inet(udp ? SOCK_DGRAM : SOCK_STREAM, &p->port);
		begin_at(p, udp ? PEER_UDP : PEER_TCP, "localhost");
		for (int i = 0; i < 100 && !peer_is_up(p->peer); i++)
			until(p, p->now_ms);
		assert_true(peer_is_up(p->peer));
		peer_close(p->peer);
		(void)close(p->server);
	}
	begin_at(p, PEER_TCP, "localhost");
	peer_tick(p->peer, MS(p->now_ms)); /* and closed, answered or not */
	peer_close(p->peer);
	p->peer = NULL;
	p->server = -1;
	events(p);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_peer_that_is_away_is_tried_after_a_pause_that_doubles),
		IN_PLACE(unix_what_was_read_is_settled_and_not_before),
		IN_PLACE(unix_what_a_receiver_left_unread_is_not_settled),
		IN_PLACE(unix_a_receiver_that_does_not_read_makes_us_wait),
		IN_PLACE(unix_the_same_receiver_has_the_same_identity),
		IN_PLACE(a_message_that_no_datagram_holds_is_never_taken),
		IN_PLACE(a_path_that_is_too_long_for_a_socket_stays_down),
		IN_PLACE(udp_is_settled_when_nobody_objects),
		IN_PLACE(udp_a_refusal_is_a_loss_and_then_one_at_a_time_is_tried),
		IN_PLACE(udp_does_not_burst),
		IN_PLACE(tcp_each_message_has_its_length_before_it),
		IN_PLACE(tcp_a_stream_that_is_full_goes_on_where_it_stopped),
		IN_PLACE(tcp_an_orderly_end_settles_what_was_acknowledged),
		IN_PLACE(tcp_a_reset_settles_only_what_is_older),
		IN_PLACE(a_name_is_resolved_without_waiting_for_it),
		IN_PLACE(tcp_nobody_there_is_no_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
