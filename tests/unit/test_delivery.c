#include "exporters/delivery.h"

#include "tests/support/peer_rig.h"
#include "tests/support/scratch.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#define MS(n) ((uint64_t)(n)*1000000)

enum { SPOOL_MAX = 1 << 20 };

struct place {
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	struct delivery *delivery;
	char path[100];
	int server;
	uint64_t now_ms;
	char text[1000];
};

static size_t
mark_repeat(char *message, size_t length)
{
	message[length] = '!';
	return length + 1;
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	p->run = (struct run_info){ .live = true, .state_dir = p->scratch->directory };
	p->outlet = (struct outlet){ .base = event_base_new(), .run = &p->run };
	(void)snprintf(p->path, sizeof(p->path), "%s/sock", p->scratch->directory);
	p->server = -1;
	p->now_ms = 1000;
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	(void)delivery_close(p->delivery);
	event_base_free(p->outlet.base);
	if (p->server >= 0)
		(void)close(p->server);
	scratch_free(p->scratch);
	free(p);
	return 0;
}

static int
begin_with(struct place *p, struct peer_plan peer)
{
	const struct delivery_plan plan = {
		.name = "test", .spool_max = SPOOL_MAX, .peer = peer, .mark_repeat = mark_repeat
	};

	p->outlet.written = 0;
	p->outlet.now.monotonic_ns = MS(p->now_ms);
	return delivery_open(&p->outlet, &plan, &p->delivery);
}

static int
begin(struct place *p)
{
	return begin_with(
		p, (struct peer_plan){ .outlet = "test", .transport = PEER_UNIX, .path = p->path });
}

static void
end(struct place *p)
{
	assert_int_equal(delivery_close(p->delivery), 0);
	p->delivery = NULL;
}

static void
tick(struct place *p, uint64_t ms)
{
	p->now_ms += ms;
	p->outlet.now = (struct outlet_time){ .monotonic_ns = MS(p->now_ms),
		.wall_ns = MS(p->now_ms + 5000) };
	delivery_tick(p->delivery);
}

static void
add(struct place *p, const char *text)
{
	delivery_add(p->delivery, text, strlen(text));
}

/* All that is there to be read, with a blank behind each. */
static const char *
received(struct place *p)
{
	size_t length = 0;

	p->text[0] = '\0';
	for (char one[100]; peer_rig_read(p->server, one, sizeof(one)) != NULL;)
		length += (size_t)snprintf(p->text + length, sizeof(p->text) - length, "%s ", one);
	return p->text;
}

static void
a_finding_goes_at_once_and_its_place_is_free_when_it_was_read(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	add(p, "one");
	add(p, "two");
	assert_string_equal(received(p), "one two ");
	assert_int_equal(p->outlet.written, 0);
	tick(p, 100);
	assert_int_equal(p->outlet.written, 2);
	assert_int_equal(p->outlet.last_success_ns, MS(6100));
	assert_int_equal(p->outlet.queued_records, 0);
	tick(p, 100);
	assert_string_equal(received(p), "");
}

static void
what_a_peer_that_was_away_gets_is_no_repeat(void **state)
{
	struct place *p = *state;

	assert_int_equal(begin(p), 0);
	add(p, "one");
	add(p, "two");
	tick(p, 100);
	assert_int_equal(p->outlet.queued_records, 2);
	assert_true(p->outlet.queued_bytes > 0);
	p->server = peer_rig_unix(p->path);
	tick(p, 500);
	tick(p, 100);
	assert_string_equal(received(p), "one two ");
	tick(p, 100);
	assert_int_equal(p->outlet.queued_records, 0);

	/* And one that goes away between two. */
	(void)close(p->server);
	add(p, "three"); /* is refused: nobody has it */
	p->server = peer_rig_unix(p->path);
	tick(p, 500);
	tick(p, 100);
	assert_string_equal(received(p), "three ");
}

static void
what_a_peer_left_unread_comes_again_and_says_so(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	add(p, "one");
	assert_string_equal(received(p), "one ");
	tick(p, 100);
	add(p, "two");
	add(p, "three");
	(void)close(p->server);
	p->server = peer_rig_unix(p->path);
	tick(p, 100);
	add(p, "four");
	tick(p, 500);
	tick(p, 100);
	assert_string_equal(received(p), "two! three! four ");
	tick(p, 100);
	assert_int_equal(p->outlet.written, 4);
	assert_int_equal(p->outlet.queued_records, 0);
}

static void
after_our_restart_the_same_peer_gets_nothing_twice(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	add(p, "one");
	add(p, "two");
	end(p); /* unread as yet, but in the peer's own queue */
	assert_int_equal(begin(p), 0);
	tick(p, 100);
	add(p, "three");
	tick(p, 100);
	assert_string_equal(received(p), "one two three ");
	tick(p, 100);
	assert_int_equal(p->outlet.queued_records, 0);
}

static void
after_our_restart_another_peer_gets_what_was_unread(void **state)
{
	struct place *p = *state;

	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	add(p, "one");
	assert_string_equal(received(p), "one ");
	tick(p, 100);
	add(p, "two");
	end(p);
	(void)close(p->server);
	assert_int_equal(begin(p), 0);
	add(p, "three");
	end(p);
	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	tick(p, 100);
	assert_string_equal(received(p), "two! three ");
}

static void
a_spool_of_another_time_is_sent_as_a_repeat(void **state)
{
	struct place *p = *state;
	char marks[160];

	assert_int_equal(begin(p), 0);
	add(p, "one");
	end(p);
	(void)snprintf(marks, sizeof(marks), "%s/spool/test/marks", p->scratch->directory);
	FILE *f = fopen(marks, "w");
	(void)fputs("no marks", f);
	(void)fclose(f);
	p->server = peer_rig_unix(p->path);
	assert_int_equal(begin(p), 0);
	add(p, "two");
	tick(p, 100);
	assert_string_equal(received(p), "one! two ");
}

static void
many_wait_in_order_for_a_slow_reader(void **state)
{
	struct place *p = *state;
	unsigned next = 0;

	assert_int_equal(begin(p), 0);
	for (unsigned i = 0; i < 1000; i++) {
		char text[16];

		(void)snprintf(text, sizeof(text), "%u", i);
		add(p, text);
	}
	p->server = peer_rig_unix(p->path);
	tick(p, 500);
	for (int turn = 0; next < 1000 && turn < 10000; turn++) {
		char one[100];

		(void)event_base_loop(p->outlet.base, EVLOOP_NONBLOCK);
		if (turn % 10 == 0)
			tick(p, 100);
		for (int i = 0; i < 3 && peer_rig_read(p->server, one, sizeof(one)) != NULL; i++) {
			char expected[16];

			(void)snprintf(expected, sizeof(expected), "%u", next++);
			assert_string_equal(one, expected);
		}
	}
	assert_int_equal(next, 1000);
	tick(p, 100);
	assert_int_equal(p->outlet.written, 1000);
}

static void
what_does_not_fit_is_counted_by_its_reason(void **state)
{
	struct place *p = *state;
	static char big[66000];

	assert_int_equal(begin(p), 0);
	delivery_add(p->delivery, big, sizeof(big));
	for (unsigned i = 0; i < 20; i++)
		delivery_add(p->delivery, big, 60000);
	tick(p, 100);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_TOO_LONG], 1);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_FULL], 4); /* 16 segments of one each */
	assert_int_equal(p->outlet.queued_records, 16);
}

/* What fits the spool and no datagram of UDP. */
static void
what_the_transport_cannot_carry_does_not_hold_up_the_rest(void **state)
{
	struct place *p = *state;
	static char big[65530];
	struct peer_plan peer = { .outlet = "test", .transport = PEER_UDP, .host = "127.0.0.1" };

	p->server = peer_rig_inet(SOCK_DGRAM, &peer.port);
	assert_int_equal(begin_with(p, peer), 0);
	memset(big, 'x', sizeof(big));
	delivery_add(p->delivery, big, sizeof(big));
	add(p, "next");
	assert_string_equal(received(p), "next ");
	tick(p, 100);
	for (int i = 0; i < 4; i++)
		tick(p, 100);
	assert_int_equal(p->outlet.dropped[OUTLET_DROP_TOO_LONG], 1);
	assert_int_equal(p->outlet.written, 1);
	assert_int_equal(p->outlet.queued_records, 0);
}

static void
without_a_directory_that_stays_it_does_not_start(void **state)
{
	struct place *p = *state;

	p->run.state_dir = NULL;
	assert_int_equal(begin(p), -EINVAL);
	p->run.state_dir = "/dev/null";
	assert_int_equal(begin(p), -ENOTDIR);
	assert_int_equal(delivery_close(NULL), 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_finding_goes_at_once_and_its_place_is_free_when_it_was_read),
		IN_PLACE(what_a_peer_that_was_away_gets_is_no_repeat),
		IN_PLACE(what_a_peer_left_unread_comes_again_and_says_so),
		IN_PLACE(after_our_restart_the_same_peer_gets_nothing_twice),
		IN_PLACE(after_our_restart_another_peer_gets_what_was_unread),
		IN_PLACE(a_spool_of_another_time_is_sent_as_a_repeat),
		IN_PLACE(many_wait_in_order_for_a_slow_reader),
		IN_PLACE(what_does_not_fit_is_counted_by_its_reason),
		IN_PLACE(what_the_transport_cannot_carry_does_not_hold_up_the_rest),
		IN_PLACE(without_a_directory_that_stays_it_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
