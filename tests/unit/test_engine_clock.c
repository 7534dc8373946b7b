/* Much that is due at once is shared out over what follows, and nothing of it is lost or out of order. */
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FLOWS = 3000, AT_ONCE = 1024, A_PACKET = 32, A_TICK = 4096, A_WINDOW_COSTS = 4 };

static struct engine_rig *
rig_with_flows(unsigned flows)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_start(r);
	for (unsigned i = 0; i < flows; i++) {
		uint8_t bytes[256];
		struct build b = build_between("10.0.0.1", (uint16_t)(1000 + i), "10.0.0.2", 80);
		b.flags = TCP_SYN;
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(0) + i + 1);
		engine_packets(r->engine, &f, 1);
	}
	return r;
}

/* One more packet, of a flow of its own. */
static void
packet_at(struct engine_rig *r, double at_s)
{
	uint8_t bytes[256];
	struct build b = build_between("10.0.0.3", 1, "10.0.0.4", 2);
	struct frame f = build_frame(&b, bytes, build_udp(bytes, &b), rig_ns(at_s));

	engine_packets(r->engine, &f, 1);
}

static void
the_clock_is_at_the_latest_packet_when_nothing_is_due(void **state)
{
	struct engine_rig *r = rig_with_flows(1);

	(void)state;
	packet_at(r, .25);
	assert_int_equal(r->engine->clock_ns, rig_ns(.25));
	packet_at(r, .5);
	assert_int_equal(r->engine->clock_ns, rig_ns(.5));
	packet_at(r, .25); /* it never goes back */
	assert_int_equal(r->engine->clock_ns, rig_ns(.5));
	engine_rig_finish(r);
	free(r);
}

/* A flow that goes on keeps its host from looking idle, though nobody looks it up by its address. */
static void
a_flow_that_goes_on_keeps_its_host_young(void **state)
{
	struct engine_rig *r = rig_with_flows(0);
	struct addr a = rig_addr("10.0.0.3");

	(void)state;
	for (int at_s = 0; at_s <= 330; at_s += 30)
		packet_at(r, at_s);
	const struct profile *p = profile_find(&r->engine->profiles, &a);
	assert_non_null(p);
	assert_true(p->idle_ns >= rig_ns(300)); /* its interim was told */
	engine_rig_finish(r);
	free(r);
}

static void
what_is_due_at_once_is_looked_at_at_once(void **state)
{
	struct engine_rig *r = rig_with_flows(AT_ONCE);

	(void)state;
	packet_at(r, 5.999); /* they time out after five seconds, filed under the sixth */
	assert_int_equal(r->flow_count, 0);
	packet_at(r, 6);
	assert_int_equal(r->flow_count, AT_ONCE);
	engine_rig_finish(r);
	free(r);
}

static void
the_rest_of_very_much_is_shared_by_the_packets_that_follow(void **state)
{
	struct engine_rig *r = rig_with_flows(FLOWS);

	(void)state;
	packet_at(r, 5.9);
	packet_at(r, 6);
	assert_int_equal(r->flow_count, AT_ONCE);
	packet_at(r, 6);
	assert_int_equal(r->flow_count, AT_ONCE + A_PACKET);
	packet_at(r, 5.5); /* one that is late does its share as well */
	assert_int_equal(r->flow_count, AT_ONCE + 2 * A_PACKET);
	packet_at(r, 7);
	assert_int_equal(r->flow_count, AT_ONCE + 3 * A_PACKET);
	for (unsigned i = 0; i < (FLOWS - AT_ONCE) / A_PACKET; i++)
		packet_at(r, 7.5);
	assert_int_equal(r->flow_count, FLOWS);
	for (unsigned i = 0; i < FLOWS; i++) {
		assert_int_equal(r->flows[i].orig_port, 1000 + i);
		assert_int_equal(r->flows[i].ended, FLOW_END_TIMEOUT);
	}
	engine_rig_finish(r);
	assert_int_equal(r->flow_count, FLOWS + 1);
	free(r);
}

static void
once_it_has_caught_up_the_clock_is_on_time_again(void **state)
{
	struct engine_rig *r = rig_with_flows(FLOWS);

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		packet_at(r, 6 + i * 0.001);
	assert_int_equal(r->flow_count, FLOWS);
	uint8_t bytes[256];
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct build b = build_between("10.0.0.5", (uint16_t)(1000 + i), "10.0.0.2", 80);
		b.flags = TCP_SYN;
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(10) + i + 1);
		engine_packets(r->engine, &f, 1);
	}
	packet_at(r, 16);
	assert_int_equal(r->flow_count, FLOWS + AT_ONCE);
	engine_rig_finish(r);
	free(r);
}

static void
a_tick_takes_more(void **state)
{
	struct engine_rig *r = rig_with_flows(A_TICK + 10);

	(void)state;
	engine_tick(r->engine, rig_ns(6));
	assert_int_equal(r->flow_count, A_TICK);
	engine_tick(r->engine, rig_ns(6.2));
	assert_int_equal(r->flow_count, A_TICK + 10);
	engine_rig_finish(r);
	free(r);
}

static void
windows_count_as_well_and_close_after_their_flows(void **state)
{
	struct engine_rig *r = malloc(sizeof(*r));
	uint8_t bytes[256];

	(void)state;
	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_start(r);
	for (unsigned i = 0; i < FLOWS; i++) {
		struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 80);
		b.flags = TCP_SYN;
		b.src = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(0) + i + 1);
		engine_packets(r->engine, &f, 1);
	}
	packet_at(r, 3 * 3600); /* both the flows and the windows are due by now */
	assert_int_equal(r->flow_count, AT_ONCE);
	assert_int_equal(r->window_count, 0);
	assert_int_equal(r->clock_jumps, 1);
	for (unsigned i = 0; i < (FLOWS + A_WINDOW_COSTS * FLOWS - AT_ONCE) / A_PACKET + 1; i++)
		packet_at(r, 3 * 3600 + 0.001);
	assert_int_equal(r->flow_count, FLOWS);
	assert_int_equal(r->window_count, FLOWS);
	assert_int_equal(r->clock_jumps, 1); /* told once, however long it takes */
	engine_rig_finish(r);
	free(r);
}

static void
a_jump_while_the_clock_is_behind_is_told(void **state)
{
	struct engine_rig *r = rig_with_flows(FLOWS);

	(void)state;
	packet_at(r, 3600);
	assert_int_equal(r->clock_jumps, 0); /* an hour is none */
	packet_at(r, 2 * 3600 + 1);
	assert_int_equal(r->clock_jumps, 1);
	packet_at(r, 2 * 3600 + 2);
	assert_int_equal(r->clock_jumps, 1);
	engine_rig_finish(r);
	free(r);
}

static void
at_the_end_everything_that_was_left_times_out_first(void **state)
{
	struct engine_rig *r = rig_with_flows(FLOWS);

	(void)state;
	packet_at(r, 6);
	engine_rig_finish(r);
	assert_int_equal(r->flow_count, FLOWS + 1);
	for (unsigned i = 0; i < FLOWS; i++)
		assert_int_equal(r->flows[i].ended, FLOW_END_TIMEOUT);
	assert_int_equal(r->flows[FLOWS].ended, FLOW_END_CAPTURE);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_clock_is_at_the_latest_packet_when_nothing_is_due),
		cmocka_unit_test(a_flow_that_goes_on_keeps_its_host_young),
		cmocka_unit_test(what_is_due_at_once_is_looked_at_at_once),
		cmocka_unit_test(the_rest_of_very_much_is_shared_by_the_packets_that_follow),
		cmocka_unit_test(once_it_has_caught_up_the_clock_is_on_time_again),
		cmocka_unit_test(a_tick_takes_more),
		cmocka_unit_test(windows_count_as_well_and_close_after_their_flows),
		cmocka_unit_test(a_jump_while_the_clock_is_behind_is_told),
		cmocka_unit_test(at_the_end_everything_that_was_left_times_out_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
