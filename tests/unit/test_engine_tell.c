/* test_engine_tell.c -- what somebody else's log says is written down and shown as what frames show. */
#include "tests/support/foreign_rig.h"

static void
what_was_said_is_written_and_told_in_the_timeline(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);
	struct obs_flow o = foreign_flow(0, 60);

	foreign_say_http(e, 1, "curl/8");
	assert_int_equal(f->written[RECORD_TRANSACTION], 1);
	foreign_tell(e, OBS_FLOW_END, &o);
	assert_int_equal(f->written[RECORD_TIMELINE], 1);
	assert_string_equal(f->said, "curl/8");
}

static void
what_was_said_is_forgotten_at_the_end(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);
	struct obs_flow o = foreign_flow(0, 60);
	enum obs_kind kind;

	foreign_say_http(e, 1, "curl/8");
	foreign_tell(e, OBS_FLOW_INTERIM, &o);
	assert_true(said_kind(&e->said, FOREIGN_ID, &kind));
	foreign_tell(e, OBS_FLOW_END, &o);
	assert_false(said_kind(&e->said, FOREIGN_ID, &kind));
}

static void
arp_is_written_and_shown(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_arp arp = {
		.operation = 1, .sender = rig_addr("10.0.0.5"), .target = rig_addr("10.0.0.1")
	};

	engine_observe(
		e, &(struct observation){ .kind = OBS_ARP, .ts_ns = rig_ns(2), .arp = &arp });
	assert_int_equal(f->written[RECORD_ARP], 1);
	assert_int_equal(f->written_ns, rig_ns(2));
	assert_int_equal(f->shown_count, 1);
}

static void
a_tunnel_is_written_and_shown(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow o = foreign_flow(0, 60);
	struct obs_tunnel tunnel = { .kind = TUNNEL_GRE, .flow = &o };

	engine_observe(e,
		&(struct observation){ .kind = OBS_TUNNEL, .ts_ns = rig_ns(2), .tunnel = &tunnel });
	assert_int_equal(f->rig.tunnel_count, 1);
	assert_int_equal(f->rig.tunnels[0].kind, TUNNEL_GRE);
	assert_int_equal(f->shown_count, 1);
	assert_int_equal(f->written[RECORD_FLOW], 0);
}

static void
odd_things(struct engine *e, double at_s, unsigned count)
{
	struct obs_weird weird = { .kind = WEIRD_STREAM_DIFFERENT,
		.src = rig_addr("10.0.0.5"),
		.dst = rig_addr("10.0.0.1") };

	for (unsigned i = 0; i < count; i++)
		engine_observe(e, &(struct observation){ .kind = OBS_WEIRD,
					  .ts_ns = rig_ns(at_s),
					  .interface = 3,
					  .weird = &weird });
}

static void
of_odd_things_ten_are_written_at_once_and_all_are_counted(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);

	odd_things(e, 0, 9);
	assert_int_equal(f->rig.weird_count, 9);
	odd_things(e, 0, 1);
	assert_int_equal(f->rig.weird_count, 10);
	odd_things(e, 0, 1);
	assert_int_equal(f->rig.weird_count, 10);
	odd_things(e, 60, 2);
	assert_int_equal(f->rig.weird_count, 11);
	assert_int_equal(f->rig.weirds[10].swallowed, 1);
	assert_int_equal(f->rig.weirds[10].interface, 3);
	assert_int_equal(engine_stats(e).weird[WEIRD_STREAM_DIFFERENT], 13);
}

static void
odd_things_are_shown(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);

	odd_things(e, 0, 2);
	assert_int_equal(f->shown_count, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, foreign_set_up, foreign_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(what_was_said_is_written_and_told_in_the_timeline),
		TEST(what_was_said_is_forgotten_at_the_end),
		TEST(arp_is_written_and_shown),
		TEST(a_tunnel_is_written_and_shown),
		TEST(of_odd_things_ten_are_written_at_once_and_all_are_counted),
		TEST(odd_things_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
