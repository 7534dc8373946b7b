#include "daemon/loop/capture/capture_set.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "tests/support/live_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR (3600 * NS_PER_S)
#define MS   UINT64_C(1000000)

struct bench {
	struct capture_set *set;
	unsigned frames[CAPTURE_SET_MAX];
	uint64_t last_ns;
};

static void
take(void *context, const struct frame *f)
{
	struct bench *b = context;

	b->frames[f->interface]++;
	b->last_ns = f->ts_ns;
}

static int
try_open(struct bench *b, bool wait, char error[256])
{
	static const struct capture_interface_settings interfaces[] = {
		{ "lan0", CAPTURE_ROLE_LAN },
		{ "wan0", CAPTURE_ROLE_WAN },
		{ "guest", CAPTURE_ROLE_LAN },
	};
	const struct capture_set_plan plan = {
		.interfaces = interfaces,
		.count = 3,
		.ring_bytes = 1 << 20,
		.snaplen = 1000,
		.promiscuous = true,
		.filter = "ether[0] = 1",
		.wait = wait,
		.take = take,
		.context = b,
	};

	error[0] = '\0';
	return capture_set_open(&plan, &b->set, error, 256);
}

static int
bench_open(void **state)
{
	static struct bench b;
	char error[256];

	live_rig_reset();
	log_level_set(LOG_LEVEL_ERR);
	b = (struct bench){ 0 };
	(void)live_rig_link(1, "lan0", true);
	(void)live_rig_link(2, "wan0", true);
	(void)live_rig_link(3, "guest", true);
	assert_int_equal(try_open(&b, false, error), 0);
	*state = &b;
	return 0;
}

static int
bench_close(void **state)
{
	struct bench *b = *state;

	capture_set_close(b->set);
	assert_int_equal(live_rig_open_count(), 0);
	return 0;
}

/* All clocks go on. */
static void
pass(uint64_t ns)
{
	live_rig.now_ns += ns;
	live_rig.wall_ns += ns;
	live_rig.stamp_ns += ns;
}

static void
hear(struct bench *b, enum link_change change, int ifindex, const char *name, bool is_up)
{
	struct link_event e = { .change = change, .link = { .ifindex = ifindex, .is_up = is_up } };

	(void)snprintf(e.link.name, sizeof(e.link.name), "%s", name);
	capture_set_hear(b->set, &e);
}

static void
assert_check(const char *const *names, const char *line)
{
	struct capture_interface_settings interfaces[CAPTURE_SET_MAX + 1];
	char error[256] = "";
	size_t count = 0;

	for (; names[count] != NULL; count++)
		interfaces[count].name = names[count];
	assert_int_equal(capture_set_check(interfaces, count, error, sizeof(error)),
		line[0] != '\0' ? -EINVAL : 0);
	assert_string_equal(error, line);
}

static void
a_list_of_interfaces_is_checked(void **state)
{
	(void)state;
	assert_check((const char *[]){ "eth0", NULL }, "");
	assert_check((const char *[]){ "any", NULL }, "");
	assert_check((const char *[]){ "br-lan", "eth0.7", "a-name-of-15-by", NULL }, "");
	assert_check((const char *[]){ NULL }, "0 interfaces to capture on; expected 1 to 16");
	assert_check((const char *[]){ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b",
			     "c", "d", "e", "f", NULL },
		"");
	assert_check((const char *[]){ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b",
			     "c", "d", "e", "f", "g", NULL },
		"17 interfaces to capture on; expected 1 to 16");
	assert_check((const char *[]){ "eth0", "eth1", "eth0", NULL },
		"eth0 is named twice; each interface once");
	static const char any[] =
		"'any' is every interface: it cannot be captured on together with "
		"others, name it alone or name the others";
	assert_check((const char *[]){ "eth0", "any", NULL }, any);
	assert_check((const char *[]){ "any", "eth0", NULL }, any);
	assert_check((const char *[]){ "any", "any", NULL }, any);
}

static void
what_cannot_be_a_name_is_refused(void **state)
{
	static const char *const bad[] = { "", ".", "..", "eth/0", "eth0:1", "eth 0", "eth0\n",
		"a-name-of-16-byt" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char line[128];
		(void)snprintf(line, sizeof(line),
			"'%s' is no interface's name; ip link lists them", bad[i]);
		assert_check((const char *[]){ bad[i], NULL }, line);
	}
}

static void
all_are_opened_or_none(void **state)
{
	struct bench b = { 0 };
	char error[256];

	(void)state;
	live_rig_reset();
	(void)live_rig_link(1, "lan0", true);
	(void)live_rig_link(2, "wan0", true);
	assert_int_equal(try_open(&b, false, error), -ENODEV);
	assert_string_equal(error, "guest: no such interface; ip link lists them");
	assert_null(b.set);
	assert_int_equal(live_rig_open_count(), 0);
	log_level_set(LOG_LEVEL_ERR);
	assert_int_equal(try_open(&b, true, error), 0);
	assert_int_equal(live_rig_open_count(), 2);
	assert_int_equal(capture_set_state(b.set, 2), CAPTURE_GONE);
	capture_set_close(b.set);
	capture_set_close(NULL);
}

/* A sensor that only reads what others tell. */
static void
a_set_of_none_captures_nothing(void **state)
{
	struct capture_set *none = NULL;
	struct capture_counters c = { .analysed = 1 };
	char error[256];

	(void)state;
	live_rig_reset();
	assert_int_equal(capture_set_open(&(struct capture_set_plan){ .count = 0 }, &none, error,
				 sizeof(error)),
		0);
	assert_int_equal(live_rig_open_count(), 0);
	assert_int_equal(capture_set_count(none), 0);
	assert_false(capture_set_tick(none));
	assert_true(capture_set_idle_ns(none) == UINT64_MAX);
	capture_set_totals(none, &c);
	assert_int_equal(c.analysed, 0);
	capture_set_finish(none, 0);
	capture_set_close(none);
}

static void
each_interface_has_its_place(void **state)
{
	struct bench *b = *state;
	struct cidr nets[4];
	struct capture_counters c;

	assert_int_equal(capture_set_count(b->set), 3);
	assert_string_equal(capture_set_name(b->set, 1), "wan0");
	assert_int_equal(capture_set_fd(b->set, 1), pcap_fileno((void *)live_rig_handle("wan0")));
	assert_int_equal(capture_set_opened(b->set, 1), 1);
	assert_int_equal(live_rig_handle("wan0")->snaplen, 1000);
	assert_int_equal(capture_set_home(b->set, nets, 4), 2); /* lan0 and guest */
	assert_int_equal(nets[0].base.byte[12], 'l');
	assert_int_equal(nets[1].base.byte[12], 'g');
	assert_int_equal(capture_set_home(b->set, nets, 1), 1);

	live_rig_frames("wan0", 4);
	live_rig_frames("guest", 6);
	assert_int_equal(capture_set_dispatch(b->set, 0, 9), 0);
	assert_int_equal(capture_set_dispatch(b->set, 1, 3), 3);
	assert_int_equal(capture_set_dispatch(b->set, 2, 9), 6);
	assert_int_equal(b->frames[1], 1); /* every second one passes the filter */
	assert_int_equal(b->frames[2], 3);
	capture_set_counters(b->set, 1, &c);
	assert_int_equal(c.offered, 4);
	assert_int_equal(c.waiting, 1);
	capture_set_totals(b->set, &c);
	assert_int_equal(c.offered, 10);
	assert_int_equal(c.analysed, 4);
	assert_int_equal(c.filtered, 5);
	assert_int_equal(c.is_up, 3);
}

static void
frames_have_the_time_of_their_interface(void **state)
{
	struct bench *b = *state;
	struct capture_counters c;

	pass(NS_PER_S);
	live_rig_frames("lan0", 4);
	uint64_t stamp_ns = live_rig.stamp_ns;
	(void)capture_set_dispatch(b->set, 0, 2);
	assert_int_equal(b->last_ns, stamp_ns);
	live_rig.stamp_ns += HOUR;
	(void)capture_set_dispatch(b->set, 0, 2);
	assert_int_equal(b->last_ns, stamp_ns);
	capture_set_counters(b->set, 0, &c);
	assert_int_equal(c.clock_clamped, 1);
	for (unsigned i = 0; i < 40; i++) {
		pass(100 * MS);
		live_rig_frames("lan0", 2);
		(void)capture_set_dispatch(b->set, 0, 9);
	}
	capture_set_counters(b->set, 0, &c);
	assert_int_equal(c.clock_steps_forward, 1);
	assert_int_equal(b->last_ns, live_rig.stamp_ns);
	live_rig.stamp_ns -= HOUR;
	for (unsigned i = 0; i < 40; i++) {
		pass(100 * MS);
		live_rig_frames("lan0", 2);
		(void)capture_set_dispatch(b->set, 0, 9);
	}
	capture_set_totals(b->set, &c);
	assert_int_equal(c.clock_steps_back, 1);
}

static void
idle_time_is_that_of_the_interface_that_is_behind(void **state)
{
	struct bench *b = *state;
	uint64_t behind = 2 * NS_PER_S + 200 * MS; /* the clock's lag, and unseen blocks */

	assert_int_equal(capture_set_idle_ns(b->set), live_rig.wall_ns - 2 * NS_PER_S);
	pass(60 * NS_PER_S);
	assert_false(capture_set_tick(b->set)); /* silent ones are found empty */
	assert_int_equal(capture_set_idle_ns(b->set), live_rig.wall_ns - behind);
	live_rig_frames("wan0", 2000);
	pass(60 * NS_PER_S);
	assert_false(capture_set_tick(b->set));
	assert_int_equal(b->frames[1], 256); /* a tick takes 512 */
	assert_int_equal(capture_set_idle_ns(b->set), live_rig.wall_ns - behind - 60 * NS_PER_S);
	while (capture_set_dispatch(b->set, 1, 512) == 512)
		;
	assert_int_equal(capture_set_idle_ns(b->set), live_rig.wall_ns - behind);
	live_rig_unlink(2); /* one that is gone holds nothing back */
	pass(60 * NS_PER_S);
	(void)capture_set_tick(b->set);
	pass(60 * NS_PER_S);
	(void)capture_set_tick(b->set);
	assert_int_equal(capture_set_idle_ns(b->set), live_rig.wall_ns - behind);
}

static void
what_is_heard_is_opened_at_once(void **state)
{
	struct bench *b = *state;
	struct capture_set_gap gap;

	pass(NS_PER_S);
	assert_false(capture_set_tick(b->set));
	live_rig_frames("wan0", 3);
	live_rig_unlink(2);
	hear(b, LINK_GONE, 2, "wan0", false);
	assert_int_equal(b->frames[1], 1); /* what it left behind, of which one passes */
	assert_int_equal(capture_set_fd(b->set, 1), -1);
	assert_false(capture_set_tick(b->set)); /* nothing to open */
	assert_false(capture_set_gap(b->set, &gap));
	pass(3 * NS_PER_S);
	(void)live_rig_link(4, "wan0", true);
	hear(b, LINK_IS, 4, "wan0", true);
	assert_true(capture_set_tick(b->set));
	live_rig.activate_status = PCAP_ERROR;
	capture_set_reopen(b->set);
	assert_false(capture_set_tick(b->set)); /* heard of once, tried once */
	live_rig.activate_status = 0;
	capture_set_reopen(b->set);
	assert_int_equal(capture_set_state(b->set, 1), CAPTURE_OPEN);
	assert_int_equal(capture_set_opened(b->set, 1), 2);
	assert_int_equal(capture_set_opened(b->set, 0), 1);
	assert_true(capture_set_gap(b->set, &gap));
	assert_string_equal(gap.interface, "wan0");
	assert_string_equal(gap.reason, "gone");
	assert_int_equal(gap.from_ns, live_rig.wall_ns - 3 * NS_PER_S);
	assert_int_equal(gap.to_ns, live_rig.wall_ns);
	assert_false(capture_set_gap(b->set, &gap));
	assert_false(capture_set_tick(b->set));
}

static void
what_is_not_heard_is_tried_every_five_seconds(void **state)
{
	struct bench *b = *state;
	struct capture_set_gap gap;

	pass(CAPTURE_SET_RETRY_NS);
	live_rig_handle("guest")->fails = true;
	live_rig.activate_status = PCAP_ERROR;
	assert_true(capture_set_tick(b->set));
	capture_set_reopen(b->set);
	pass(CAPTURE_SET_RETRY_NS - 1);
	assert_false(capture_set_tick(b->set));
	pass(1);
	assert_true(capture_set_tick(b->set));
	live_rig.activate_status = 0;
	capture_set_reopen(b->set);
	assert_int_equal(capture_set_state(b->set, 2), CAPTURE_OPEN);
	(void)live_rig_link(1, "lan0", false);
	hear(b, LINK_IS, 1, "lan0", false);
	assert_int_equal(capture_set_state(b->set, 0), CAPTURE_DOWN);
	pass(NS_PER_S);
	(void)live_rig_link(1, "lan0", true);
	hear(b, LINK_IS, 1, "lan0", true);
	assert_true(capture_set_gap(b->set, &gap));
	assert_string_equal(gap.interface, "lan0");
	assert_string_equal(gap.reason, "down");
	assert_true(capture_set_gap(b->set, &gap));
	assert_string_equal(gap.interface, "guest");
	assert_false(capture_set_gap(b->set, &gap));
}

static void
a_tick_reads_counters_before_they_wrap(void **state)
{
	struct bench *b = *state;
	struct capture_counters c;

	for (unsigned i = 0; i < 4; i++) {
		live_rig_handle("wan0")->stat.ps_recv += 3000000000U;
		live_rig_handle("wan0")->stat.ps_drop += 3000000000U;
		(void)capture_set_tick(b->set);
	}
	capture_set_totals(b->set, &c);
	assert_int_equal(c.dropped_kernel, UINT64_C(12000000000));
}

static void
an_end_takes_what_is_there_from_all(void **state)
{
	struct bench *b = *state;
	struct capture_counters c;

	live_rig_frames("lan0", 1000);
	live_rig_frames("guest", 600);
	live_rig.step_ns = NS_PER_MS;
	capture_set_finish(b->set, NS_PER_S);
	capture_set_totals(b->set, &c);
	assert_int_equal(c.offered, 1600);
	assert_int_equal(c.analysed, 800);
	assert_int_equal(c.filtered, 800);
	assert_int_equal(c.waiting, 0);
	assert_int_equal(c.is_up, 0);
	assert_int_equal(live_rig_open_count(), 0);
	for (unsigned i = 0; i < 3; i++)
		assert_true(live_rig.handles[i].is_deaf);
}

static void
another_filter_holds_for_all_or_none(void **state)
{
	struct bench *b = *state;
	char error[256] = "";
	char filter[] = "ether[0] = 7";

	live_rig_frames("lan0", 2);
	assert_int_equal(capture_set_dispatch(b->set, 0, 9), 2);
	assert_int_equal(b->frames[0], 1);
	assert_int_equal(capture_set_filter(b->set, "ether[", error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "syntax error"));
	live_rig_frames("lan0", 2);
	assert_int_equal(capture_set_dispatch(b->set, 0, 9), 2);
	assert_int_equal(b->frames[0], 2); /* the old one stays */

	assert_int_equal(capture_set_filter(b->set, filter, error, sizeof(error)), 0);
	memset(filter, 'x', sizeof(filter) - 1); /* it has been copied */
	live_rig_frames("lan0", 2);
	assert_int_equal(capture_set_dispatch(b->set, 0, 9), 2);
	assert_int_equal(b->frames[0], 2);
	assert_int_equal(capture_set_filter(b->set, NULL, error, sizeof(error)), 0);
	live_rig_frames("lan0", 2);
	assert_int_equal(capture_set_dispatch(b->set, 0, 9), 2);
	assert_int_equal(b->frames[0], 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_interfaces_is_checked),
		cmocka_unit_test(what_cannot_be_a_name_is_refused),
		cmocka_unit_test(all_are_opened_or_none),
		TEST(a_set_of_none_captures_nothing),
		TEST(each_interface_has_its_place),
		TEST(frames_have_the_time_of_their_interface),
		TEST(idle_time_is_that_of_the_interface_that_is_behind),
		TEST(what_is_heard_is_opened_at_once),
		TEST(what_is_not_heard_is_tried_every_five_seconds),
		TEST(a_tick_reads_counters_before_they_wrap),
		TEST(another_filter_holds_for_all_or_none),
		TEST(an_end_takes_what_is_there_from_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
