#include "daemon/loop/capture/capture_live.h"

#include "tests/support/live_rig.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"

enum { ETH0 = 7, OTHER = 8 };
#define MS UINT64_C(1000000)

struct bench {
	struct capture_live *c;
	unsigned frames;
	struct frame last;
	struct capture_live_plan plan;
};

static int
bench_open(void **state)
{
	static struct bench b;

	live_rig_reset();
	log_level_set(LOG_LEVEL_ERR);
	b = (struct bench){ .plan = { .name = "eth0",
				    .number = 3,
				    .ring_bytes = 1 << 20,
				    .snaplen = 262144,
				    .promiscuous = true } };
	*state = &b;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *b = *state;

	capture_live_close(b->c);
	assert_int_equal(live_rig_open_count(), 0);
	return 0;
}

static int
try_begin(struct bench *b, char error[256])
{
	error[0] = '\0';
	return capture_live_open(&b->plan, live_rig.now_ns, &b->c, error, 256);
}

/* On an interface that is there and up. */
static void
begin(struct bench *b)
{
	char error[256];

	(void)live_rig_link(ETH0, "eth0", true);
	assert_int_equal(try_begin(b, error), 0);
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
}

static void
take(void *context, const struct frame *f)
{
	struct bench *b = context;

	b->frames++;
	b->last = *f;
}

static int
dispatch(struct bench *b, int most)
{
	return capture_live_dispatch(b->c, most, live_rig.now_ns, take, b);
}

static bool
hear(struct bench *b, enum link_change change, int ifindex, const char *name, bool is_up)
{
	struct link_event e = { .change = change, .link = { .ifindex = ifindex, .is_up = is_up } };

	(void)snprintf(e.link.name, sizeof(e.link.name), "%s", name);
	return capture_live_hear(b->c, &e, live_rig.now_ns);
}

/* Time goes on, and somebody looks. */
static bool
look(struct bench *b)
{
	live_rig.now_ns += NS_PER_S;
	return capture_live_look(b->c, live_rig.now_ns);
}

static bool
reopen(struct bench *b)
{
	live_rig.now_ns += NS_PER_S;
	return capture_live_reopen(b->c, live_rig.now_ns);
}

static struct capture_counters
counters(struct bench *b)
{
	struct capture_counters c;

	capture_live_counters(b->c, &c);
	assert_int_equal(c.offered, c.analysed + c.filtered + c.dropped_kernel +
					    c.dropped_interface + c.dropped_here + c.waiting);
	return c;
}

static void
assert_gap(struct bench *b, uint64_t seconds, enum capture_state reason)
{
	struct capture_gap gap;

	assert_true(capture_live_gap(b->c, &gap));
	assert_int_equal(gap.to_ns - gap.from_ns, seconds * NS_PER_S);
	assert_int_equal(gap.to_ns, live_rig.now_ns);
	assert_int_equal(gap.reason, reason);
	assert_false(capture_live_gap(b->c, &gap));
}

/* stderr goes into a file meanwhile. */
struct ear {
	FILE *file;
	int saved;
};

static struct ear
ear_open(void)
{
	struct ear e = { .file = tmpfile() };

	assert_non_null(e.file);
	(void)fflush(stderr);
	e.saved = dup(STDERR_FILENO);
	assert_true(dup2(fileno(e.file), STDERR_FILENO) >= 0);
	log_level_set(LOG_LEVEL_INFO);
	return e;
}

static void
ear_close(struct ear *e, char *said, size_t room)
{
	log_level_set(LOG_LEVEL_ERR);
	(void)fflush(stderr);
	assert_true(dup2(e->saved, STDERR_FILENO) >= 0);
	(void)close(e->saved);
	ssize_t n = pread(fileno(e->file), said, room - 1, 0);
	assert_true(n >= 0);
	said[n] = '\0';
	(void)fclose(e->file);
}

static void
frames_come_with_time_place_and_link(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig.stamp_ns = 1234567890123456789;
	live_rig_frames("eth0", 10);
	assert_int_equal(counters(b).waiting, 10);
	assert_int_equal(dispatch(b, 6), 6);
	assert_int_equal(dispatch(b, 6), 4);
	assert_int_equal(dispatch(b, 6), 0);
	assert_int_equal(b->frames, 10);
	assert_int_equal(b->last.ts_ns, 1234567890123456789);
	assert_int_equal(b->last.captured, 60);
	assert_int_equal(b->last.wire, 64);
	assert_int_equal(b->last.link, 1);
	assert_int_equal(b->last.interface, 3);
	struct capture_counters c = counters(b);
	assert_int_equal(c.offered, 10);
	assert_int_equal(c.analysed, 10);
	assert_int_equal(c.waiting, 0);
	assert_int_equal(c.bytes, 640);
	assert_int_equal(c.is_up, 1);
	assert_int_equal(capture_live_fd(b->c), pcap_fileno((void *)live_rig_handle("eth0")));
}

static void
microseconds_are_stretched(void **state)
{
	struct bench *b = *state;

	live_rig.precision = PCAP_TSTAMP_PRECISION_MICRO;
	begin(b);
	live_rig.stamp_ns = 1234567890123456789;
	live_rig_frames("eth0", 1);
	assert_int_equal(dispatch(b, 1), 1);
	assert_int_equal(b->last.ts_ns, 1234567890123456000);
}

static void
what_the_filter_refuses_is_counted_and_not_shown(void **state)
{
	struct bench *b = *state;

	b->plan.filter = "ether[0] = 1";
	begin(b);
	live_rig_frames("eth0", 11);
	assert_int_equal(dispatch(b, 512), 11);
	assert_int_equal(b->frames, 5);
	assert_int_equal(counters(b).analysed, 5);
	assert_int_equal(counters(b).filtered, 6);
	live_rig_handle("eth0")->stat.ps_recv += 4;
	live_rig_handle("eth0")->stat.ps_drop += 4;
	live_rig_link(ETH0, "eth0", true)->missed = 2;
	(void)look(b);
	assert_int_equal(counters(b).dropped_kernel, 4);
	assert_int_equal(counters(b).dropped_interface, 2);
	assert_int_equal(counters(b).offered, 17);
}

static void
assert_cannot_begin(struct bench *b, int rc, const char *line)
{
	char error[256];

	b->c = NULL;
	assert_int_equal(try_begin(b, error), rc);
	assert_string_equal(error, line);
	assert_null(b->c);
	assert_int_equal(live_rig_open_count(), 0);
}

static void
what_cannot_be_begun_is_said(void **state)
{
	struct bench *b = *state;

	assert_cannot_begin(b, -ENODEV, "eth0: no such interface; ip link lists them");
	(void)live_rig_link(ETH0, "eth0", false);
	live_rig.activate_status = PCAP_ERROR_IFACE_NOT_UP;
	assert_cannot_begin(b, -ENETDOWN, "eth0: the interface is down; ip link set eth0 up");
	b->plan.wait = true; /* that helps against absence only */
	live_rig.activate_status = PCAP_ERROR_PERM_DENIED;
	assert_cannot_begin(
		b, -EPERM, "eth0: no permission to capture; start as root, or give CAP_NET_RAW");
	live_rig.activate_status = 0;
	live_rig.links_error = -EMFILE;
	assert_cannot_begin(
		b, -EMFILE, "eth0: cannot ask for the interface: rtnetlink: Too many open files");
	live_rig.links_error = 0;
	b->plan.filter = "ether[";
	assert_cannot_begin(b, -EINVAL,
		"filter 'ether[': can't parse filter expression: syntax error (on link type EN10MB)");
}

static void
one_that_is_not_there_is_waited_for(void **state)
{
	struct bench *b = *state;
	char error[256];

	b->plan.wait = true;
	assert_int_equal(try_begin(b, error), 0);
	assert_int_equal(capture_live_state(b->c), CAPTURE_GONE);
	assert_int_equal(capture_live_fd(b->c), -1);
	assert_int_equal(dispatch(b, 1), -ENODEV);
	assert_int_equal(counters(b).is_up, 0);
	assert_false(look(b));
	assert_false(reopen(b));
	assert_false(hear(b, LINK_IS, OTHER, "eth1", true));
	assert_true(hear(b, LINK_IS, ETH0, "eth0", false));
	(void)live_rig_link(ETH0, "eth0", false);
	assert_false(look(b)); /* not up yet */
	assert_int_equal(capture_live_state(b->c), CAPTURE_DOWN);
	(void)live_rig_link(ETH0, "eth0", true);
	assert_true(look(b));
	assert_int_equal(capture_live_opened(b->c), 0);
	assert_true(reopen(b));
	assert_int_equal(capture_live_opened(b->c), 1);
	assert_gap(b, 5, CAPTURE_GONE);
	assert_int_equal(counters(b).gaps, 1);
	assert_int_equal(counters(b).is_up, 1);
}

static void
one_that_is_down_at_the_start_is_opened_when_it_is_up(void **state)
{
	struct bench *b = *state;
	char error[256];

	b->plan.wait = true;
	(void)live_rig_link(ETH0, "eth0", false);
	live_rig.activate_status = PCAP_ERROR_IFACE_NOT_UP;
	assert_int_equal(try_begin(b, error), 0);
	assert_int_equal(capture_live_state(b->c), CAPTURE_DOWN);
	assert_int_equal(dispatch(b, 1), -ENETDOWN);
	assert_true(hear(b, LINK_IS, ETH0, "eth0", true));
	(void)live_rig_link(ETH0, "eth0", true);
	assert_true(look(b));
	assert_false(reopen(b)); /* it is not: somebody was quicker */
	live_rig.activate_status = 0;
	assert_true(reopen(b));
	assert_gap(b, 3, CAPTURE_DOWN);
}

static void
down_and_up_keeps_the_handle_and_what_is_in_the_ring(void **state)
{
	struct bench *b = *state;

	begin(b);
	assert_false(look(b));
	live_rig_frames("eth0", 4);
	(void)live_rig_link(ETH0, "eth0", false);
	assert_true(hear(b, LINK_IS, ETH0, "eth0", false));
	assert_int_equal(capture_live_state(b->c), CAPTURE_DOWN);
	assert_int_equal(counters(b).is_up, 0);
	assert_false(look(b));
	assert_false(reopen(b));
	assert_int_equal(dispatch(b, 512), 4);
	(void)live_rig_link(ETH0, "eth0", true);
	assert_true(hear(b, LINK_IS, ETH0, "eth0", true));
	assert_false(look(b)); /* nothing is to be opened */
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
	assert_gap(b, 3, CAPTURE_DOWN);
	assert_true(reopen(b));
	assert_int_equal(capture_live_opened(b->c), 1);
	assert_int_equal(live_rig.opened, 1);
}

static void
down_is_seen_without_an_event(void **state)
{
	struct bench *b = *state;

	begin(b);
	(void)live_rig_link(ETH0, "eth0", false);
	assert_false(look(b));
	assert_int_equal(capture_live_state(b->c), CAPTURE_DOWN);
	(void)live_rig_link(ETH0, "eth0", true);
	assert_false(look(b));
	assert_gap(b, 2, CAPTURE_DOWN);
}

static void
down_and_up_again_before_anyone_looked_is_a_gap(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig.now_ns += NS_PER_S;
	assert_true(hear(b, LINK_IS, ETH0, "eth0", false));
	assert_true(hear(b, LINK_IS, ETH0, "eth0", true));
	assert_false(look(b));
	assert_gap(b, 2, CAPTURE_DOWN);
}

static void
removed_is_closed_and_opened_when_it_is_made_again(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_frames("eth0", 5);
	live_rig_unlink(ETH0);
	assert_true(hear(b, LINK_GONE, ETH0, "eth0", false));
	assert_int_equal(capture_live_state(b->c), CAPTURE_GONE);
	assert_int_equal(dispatch(b, 3), 3); /* what it left behind */
	assert_false(look(b));
	assert_int_equal(capture_live_fd(b->c), -1);
	assert_int_equal(live_rig_open_count(), 0);
	assert_int_equal(counters(b).dropped_here, 2);
	assert_int_equal(counters(b).waiting, 0);
	(void)live_rig_link(ETH0, "stranger", true); /* its number is another one's now */
	assert_false(look(b));
	(void)live_rig_link(OTHER, "eth0", true);
	assert_true(hear(b, LINK_IS, OTHER, "eth0", true));
	assert_true(reopen(b));
	assert_gap(b, 3, CAPTURE_GONE);
	live_rig_frames("eth0", 1);
	assert_int_equal(dispatch(b, 512), 1);
	assert_int_equal(counters(b).offered, 6);
	assert_int_equal(capture_live_opened(b->c), 2);
}

static void
removed_is_seen_without_an_event(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_unlink(ETH0);
	assert_false(look(b));
	assert_int_equal(capture_live_state(b->c), CAPTURE_GONE);
	assert_int_equal(live_rig_open_count(), 0);
}

static void
a_kernel_that_does_not_answer_changes_nothing(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig.ask_error = -ENOBUFS;
	assert_false(look(b));
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
	assert_int_equal(live_rig_open_count(), 1);
	assert_true(reopen(b));
}

static void
an_interface_is_followed_under_its_new_name(void **state)
{
	struct bench *b = *state;

	begin(b);
	(void)live_rig_link(ETH0, "uplink", true);
	assert_true(hear(b, LINK_IS, ETH0, "uplink", true));
	assert_false(look(b));
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
	live_rig_handle("eth0")->fails = true; /* libpcap misses the name */
	assert_int_equal(dispatch(b, 1), -ENODEV);
	assert_true(look(b));
	assert_true(reopen(b));
	assert_non_null(live_rig_handle("uplink"));
	assert_gap(b, 2, CAPTURE_GONE); /* from when it was looked at */

	/* one of the name comes, and is taken when it is up */
	(void)live_rig_link(OTHER, "eth0", false);
	assert_true(hear(b, LINK_IS, OTHER, "eth0", false));
	assert_false(look(b));
	assert_non_null(live_rig_handle("uplink"));
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
	(void)live_rig_link(OTHER, "eth0", true);
	live_rig_frames("uplink", 3);
	assert_true(look(b));
	assert_true(reopen(b));
	assert_null(live_rig_handle("uplink"));
	assert_non_null(live_rig_handle("eth0"));
	assert_int_equal(counters(b).dropped_here, 3);
	assert_int_equal(capture_live_opened(b->c), 3);
	assert_false(hear(b, LINK_GONE, ETH0, "uplink", false)); /* that is nobody's now */
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
}

static void
lost_events_are_a_reason_to_look(void **state)
{
	struct bench *b = *state;

	begin(b);
	assert_true(hear(b, LINK_LOST, 0, "", false));
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
	assert_false(hear(b, LINK_IS, OTHER, "eth1", false));
	assert_false(hear(b, LINK_GONE, OTHER, "eth1", false));
	assert_int_equal(capture_live_state(b->c), CAPTURE_OPEN);
}

static void
an_error_of_libpcap_closes_and_is_opened_again(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_frames("eth0", 2);
	live_rig_handle("eth0")->fails = true;
	assert_int_equal(dispatch(b, 1), -ENODEV);
	assert_int_equal(capture_live_fd(b->c), -1);
	assert_int_equal(counters(b).dropped_here, 2);
	assert_true(reopen(b));
	live_rig_handle("eth0")->fails = true;
	(void)live_rig_link(ETH0, "eth0", false);
	assert_int_equal(dispatch(b, 1), -ENETDOWN);
	assert_int_equal(capture_live_state(b->c), CAPTURE_DOWN);
}

static void
without_permission_it_is_tried_until_it_works(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_unlink(ETH0);
	(void)look(b);
	(void)live_rig_link(ETH0, "eth0", true);
	live_rig.activate_status = PCAP_ERROR_PERM_DENIED;
	for (unsigned i = 0; i < 3; i++) {
		assert_true(look(b));
		assert_false(reopen(b));
		assert_int_equal(live_rig_open_count(), 0);
	}
	live_rig.activate_status = 0;
	assert_true(reopen(b));
	assert_gap(b, 8, CAPTURE_GONE);
}

static void
what_happens_is_logged_once_each(void **state)
{
	struct bench *b = *state;
	char said[2048];

	begin(b);
	struct ear ear = ear_open();
	(void)live_rig_link(ETH0, "eth0", false);
	(void)look(b);
	(void)look(b);
	(void)live_rig_link(ETH0, "up\x1blink", true);
	(void)look(b);
	(void)look(b);
	live_rig_unlink(ETH0);
	(void)look(b);
	(void)live_rig_link(ETH0, "eth0", true);
	for (unsigned i = 0; i < 2; i++) {
		for (unsigned j = 0; j < 3; j++) {
			live_rig.activate_status = PCAP_ERROR_PERM_DENIED;
			(void)reopen(b);
			live_rig.activate_status = PCAP_ERROR_IFACE_NOT_UP; /* not worth a word */
			(void)reopen(b);
		}
		live_rig.activate_status = 0;
		(void)reopen(b);
		if (i == 0) {
			live_rig_handle("eth0")->fails = true;
			(void)dispatch(b, 1);
		}
	}
	ear_close(&ear, said, sizeof(said));
	static const char refused[] =
		"naiad: warning: capture: eth0: no permission to capture; start as root, or give "
		"CAP_NET_RAW; trying again until it works\n";
	char expected[2048];
	(void)snprintf(expected, sizeof(expected), "%s%s%s%s%s",
		"naiad: warning: capture: eth0: the interface is down, waiting for it\n"
		"naiad: warning: capture: eth0: the interface is called \"up\\x1blink\" now, "
		"following it\n"
		"naiad: warning: capture: eth0: capturing again, after 3 s\n"
		"naiad: warning: capture: eth0: the interface is gone, waiting for it\n",
		refused,
		"naiad: warning: capture: eth0: capturing again, after 8 s\n"
		"naiad: warning: capture: eth0: the interface is gone, waiting for it\n",
		refused, "naiad: warning: capture: eth0: capturing again, after 7 s\n");
	assert_string_equal(said, expected);
}

static void
an_interface_that_flaps_does_not_flood_the_log(void **state)
{
	struct bench *b = *state;
	char said[4096];

	begin(b);
	struct ear ear = ear_open();
	for (unsigned i = 0; i < 20; i++) {
		(void)live_rig_link(ETH0, "eth0", i % 2 == 1);
		(void)capture_live_look(b->c, live_rig.now_ns);
		live_rig.now_ns += 1;
	}
	live_rig.now_ns += 5 * NS_PER_S;
	(void)live_rig_link(ETH0, "eth0", false);
	(void)look(b);
	ear_close(&ear, said, sizeof(said));
	unsigned lines = 0;
	for (size_t i = 0; said[i] != '\0'; i++)
		lines += said[i] == '\n';
	assert_int_equal(lines, 11);
	assert_non_null(strstr(said, "the interface is down, waiting for it (10 more)\n"));
}

static void
another_link_type_needs_a_filter_that_fits(void **state)
{
	struct bench *b = *state;

	b->plan.filter = "ether host 2:0:0:0:0:1";
	begin(b);
	live_rig_handle("eth0")->fails = true;
	assert_int_equal(dispatch(b, 1), -ENODEV);
	live_rig.datalink = DLT_RAW; /* made again, without Ethernet */
	assert_false(reopen(b));
	assert_int_equal(live_rig_open_count(), 0);
	live_rig.datalink = DLT_EN10MB;
	assert_true(reopen(b));
}

static void
any_has_no_state_but_open_and_closed(void **state)
{
	struct bench *b = *state;
	char error[256];

	b->plan.name = "any";
	assert_int_equal(try_begin(b, error), 0);
	assert_false(hear(b, LINK_LOST, 0, "", false));
	assert_false(hear(b, LINK_GONE, ETH0, "any", false));
	assert_false(look(b));
	live_rig_handle("any")->fails = true;
	assert_int_equal(dispatch(b, 1), -ENODEV);
	assert_true(look(b));
	assert_true(reopen(b));
	assert_gap(b, 2, CAPTURE_GONE);
}

static void
an_end_hands_out_what_is_in_the_ring(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_frames("eth0", 2000);
	capture_live_deafen(b->c);
	assert_true(live_rig_handle("eth0")->is_deaf);
	capture_live_finish(b->c, live_rig.now_ns + NS_PER_S, take, b);
	assert_int_equal(b->frames, 2000);
	assert_int_equal(counters(b).analysed, 2000);
	assert_int_equal(counters(b).is_up, 0);
	assert_int_equal(capture_live_fd(b->c), -1);
	assert_int_equal(live_rig_open_count(), 0);
	capture_live_finish(b->c, live_rig.now_ns + NS_PER_S, take, b);
	capture_live_deafen(b->c);
}

static void
an_end_does_not_wait_for_ever(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_frames("eth0", 2000);
	live_rig_handle("eth0")->stat.ps_recv += 7; /* in a block that is never given up */
	live_rig.step_ns = 300 * MS;
	capture_live_finish(b->c, live_rig.now_ns + NS_PER_S, take, b);
	assert_int_equal(counters(b).analysed, 3 * 512);
	assert_int_equal(counters(b).dropped_here, 2007 - 3 * 512);
	assert_int_equal(counters(b).waiting, 0);
}

static void
an_end_waits_for_the_last_block(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_frames("eth0", 5);
	live_rig_handle("eth0")->stat.ps_recv += 7;
	live_rig.step_ns = 100 * MS;
	capture_live_finish(b->c, live_rig.now_ns + NS_PER_S, take, b);
	assert_int_equal(counters(b).analysed, 5);
	assert_int_equal(counters(b).dropped_here, 7);
	assert_true(live_rig.now_ns >= 501 * NS_PER_S); /* it tried all the time it had */
}

static void
an_end_ends_a_gap(void **state)
{
	struct bench *b = *state;

	begin(b);
	live_rig_unlink(ETH0);
	(void)look(b);
	capture_live_finish(b->c, live_rig.now_ns + NS_PER_S, take, b);
	assert_gap(b, 1, CAPTURE_GONE);
	capture_live_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_with_time_place_and_link),
		TEST(microseconds_are_stretched),
		TEST(what_the_filter_refuses_is_counted_and_not_shown),
		TEST(what_cannot_be_begun_is_said),
		TEST(one_that_is_not_there_is_waited_for),
		TEST(one_that_is_down_at_the_start_is_opened_when_it_is_up),
		TEST(down_and_up_keeps_the_handle_and_what_is_in_the_ring),
		TEST(down_is_seen_without_an_event),
		TEST(down_and_up_again_before_anyone_looked_is_a_gap),
		TEST(removed_is_closed_and_opened_when_it_is_made_again),
		TEST(removed_is_seen_without_an_event),
		TEST(a_kernel_that_does_not_answer_changes_nothing),
		TEST(an_interface_is_followed_under_its_new_name),
		TEST(lost_events_are_a_reason_to_look),
		TEST(an_error_of_libpcap_closes_and_is_opened_again),
		TEST(without_permission_it_is_tried_until_it_works),
		TEST(what_happens_is_logged_once_each),
		TEST(an_interface_that_flaps_does_not_flood_the_log),
		TEST(another_link_type_needs_a_filter_that_fits),
		TEST(any_has_no_state_but_open_and_closed),
		TEST(an_end_hands_out_what_is_in_the_ring),
		TEST(an_end_does_not_wait_for_ever),
		TEST(an_end_waits_for_the_last_block),
		TEST(an_end_ends_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
