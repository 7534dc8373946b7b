/* test_engine_foreign.c -- lines of other programs' logs, through the engine's own door. */
#include "daemon/engine/detect.h"
#include "daemon/transactions/alert.h"
#include "daemon/transactions/software.h"
#include "tests/support/foreign_rig.h"

#include <string.h>

#define HOUR 3600.0

/* As foreign_watcher, of the whole site. */
static const struct detector site_watcher = {
	.name = "site_watcher",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_END),
	.observe_site = foreign_take,
};

static void
a_flow_of_hours_moves_the_clock_to_its_start_only(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);
	struct obs_flow first = foreign_flow(0, 6 * HOUR);

	foreign_tell(e, OBS_FLOW_END, &first);
	assert_int_equal(e->clock_ns, rig_ns(0));
	assert_int_equal(engine_stats(e).windows_open, 1);
	assert_int_equal(engine_stats(e).first_ns, rig_ns(0));
	assert_int_equal(engine_stats(e).last_ns, rig_ns(6 * HOUR));
	struct obs_flow second = foreign_flow(1, 0);
	foreign_tell(e, OBS_FLOW_END, &second);
	assert_int_equal(engine_stats(e).last_ns, rig_ns(6 * HOUR));
	assert_int_equal(engine_stats(e).observations_late, 0);
	assert_int_equal(engine_stats(e).clock_jumps, 0);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, 1);
	assert_int_equal(f->rig.windows[0].flows[0], 2);
	assert_int_equal(f->rig.totals.last_ns, rig_ns(6 * HOUR));
}

/* Windows of an hour close an hour after their end. */
static void
a_flow_is_late_when_its_window_has_closed_and_counted_once(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow past = foreign_flow(0, 1);

	foreign_tell(e, OBS_FLOW_END, &past);
	engine_tick(e, rig_ns(2 * HOUR) - 1);
	foreign_tell(e, OBS_FLOW_END, &past);
	assert_int_equal(engine_stats(e).observations_late, 0);
	assert_int_equal(engine_stats(e).windows_opened, 1);
	engine_tick(e, rig_ns(2 * HOUR));
	foreign_tell(e, OBS_FLOW_END, &past);
	assert_int_equal(engine_stats(e).observations_late, 1);
	assert_int_equal(engine_stats(e).windows_opened, 2);
}

/* Windows of an hour: in the second half of the one that began half an hour before is still number 1. */
static void
window_1_begins_where_the_earliest_does(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);
	struct obs_flow told_first = foreign_flow(0.5 * HOUR, 1);
	struct obs_flow began_first = foreign_flow(0, 0.75 * HOUR);

	engine_begin(e, rig_ns(0));
	engine_begin(e, rig_ns(-HOUR)); /* too late to say otherwise */
	assert_int_equal(e->clock_ns, 0);
	foreign_tell(e, OBS_FLOW_END, &told_first);
	foreign_tell(e, OBS_FLOW_END, &began_first);
	engine_begin(e, rig_ns(-HOUR));
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, 1);
	assert_int_equal(f->rig.windows[0].window.window.number, 1);
	assert_int_equal(f->rig.windows[0].window.window.start_ns, rig_ns(0));
	assert_int_equal(f->rig.windows[0].flows[0], 2);
}

static void
anything_but_a_flow_moves_the_clock_to_its_own_time(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);

	foreign_say_http(e, 10, "curl");
	assert_int_equal(e->clock_ns, rig_ns(10));
	foreign_say_http(e, 9, "curl");
	assert_int_equal(e->clock_ns, rig_ns(10));
}

static void
an_end_without_interims_is_shown_as_start_and_end(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow o = foreign_flow(3, 60);

	foreign_tell(e, OBS_FLOW_END, &o);
	assert_int_equal(f->shown_count, 2);
	const struct obs_flow *begun = &f->flows[0];
	assert_int_equal(f->shown[0].kind, OBS_FLOW_START);
	assert_int_equal(f->shown[0].role, ROLE_CLIENT);
	assert_int_equal(f->shown[0].ts_ns, rig_ns(3));
	assert_int_equal(begun->last_ns, rig_ns(3));
	assert_int_equal(begun->previous_ns, rig_ns(3));
	assert_int_equal(begun->orig_total.packets + begun->resp_total.packets, 0);
	assert_int_equal(begun->orig_delta.packets + begun->resp_delta.packets, 0);
	assert_int_equal(begun->state, CONN_S0);
	assert_int_equal(begun->ended, FLOW_END_NONE);
	assert_false(begun->established);
	assert_string_equal(begun->history, "");
	assert_string_equal(begun->uid.text, o.uid.text);
	assert_int_equal(f->shown[1].kind, OBS_FLOW_END);
	assert_memory_equal(&f->flows[1], &o, sizeof(o));
	assert_int_equal(f->written[RECORD_FLOW], 1);
	assert_int_equal(engine_stats(e).flows_started, 1);
	assert_int_equal(engine_stats(e).flows_ended, 1);
	assert_int_equal(e->ends.flows[ENGINE_PROTO_TCP][CONN_SF], 1);
}

/* A log that was put in order tells the beginning when it was, and the end for itself. */
static void
a_start_that_was_told_by_itself_is_not_told_again(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow o = foreign_flow(3, 60);

	foreign_tell(e, OBS_FLOW_START, &o);
	assert_int_equal(f->shown_count, 1);
	assert_int_equal(f->shown[0].kind, OBS_FLOW_START);
	assert_int_equal(f->shown[0].ts_ns, rig_ns(3));
	assert_int_equal(f->flows[0].orig_total.packets, 0); /* that is for later */
	assert_int_equal(f->written[RECORD_FLOW], 0);
	o.begun = true;
	foreign_tell(e, OBS_FLOW_END, &o);
	assert_int_equal(f->shown_count, 2);
	assert_int_equal(f->shown[1].kind, OBS_FLOW_END);
	assert_int_equal(f->written[RECORD_FLOW], 1);
	assert_int_equal(engine_stats(e).flows_started, 1);
	assert_int_equal(engine_stats(e).flows_ended, 1);
}

static void
the_start_comes_before_the_first_interim_and_once(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow o = foreign_flow(0, 60);

	foreign_tell(e, OBS_FLOW_INTERIM, &o);
	o.previous_ns = o.last_ns;
	o.last_ns = rig_ns(120);
	o.orig_total.packets += 1;
	o.orig_delta = (struct flow_side){ .packets = 1 };
	o.resp_delta = (struct flow_side){ 0 };
	foreign_tell(e, OBS_FLOW_INTERIM, &o);
	foreign_tell(e, OBS_FLOW_END, &o);
	static const enum obs_kind order[] = { OBS_FLOW_START, OBS_FLOW_INTERIM, OBS_FLOW_INTERIM,
		OBS_FLOW_END };
	assert_int_equal(f->shown_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(f->shown[i].kind, order[i]);
	assert_int_equal(engine_stats(e).flows_started, 1);
	assert_int_equal(engine_stats(e).flows_ended, 1);
	assert_int_equal(f->written[RECORD_FLOW], 3);
}

static void
both_sides_and_the_whole_site_see_the_start(void **state)
{
	struct foreign_rig *f = *state;

	f->rig.settings.direction = DIRECTION_ALL;
	engine_rig_detector(&f->rig, &site_watcher, NULL);
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_flow o = foreign_flow(0, 60);
	foreign_tell(e, OBS_FLOW_END, &o);
	static const struct {
		enum obs_kind kind;
		enum obs_role role;
	} order[] = { { OBS_FLOW_START, ROLE_CLIENT }, { OBS_FLOW_END, ROLE_CLIENT }, /* the site */
		{ OBS_FLOW_START, ROLE_CLIENT }, { OBS_FLOW_END, ROLE_CLIENT },
		{ OBS_FLOW_START, ROLE_SERVER }, { OBS_FLOW_END, ROLE_SERVER } };
	assert_int_equal(f->shown_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(f->shown[i].kind, order[i].kind);
		assert_int_equal(f->shown[i].role, order[i].role);
	}
	assert_int_equal(engine_stats(e).windows_opened, 2);
}

/* The site learns who routes from the first packet of a flow to elsewhere. */
static void
the_site_learns_from_starts_that_nobody_wants(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, NULL);
	struct obs_flow o = foreign_flow(0, 60);

	assert_false(detect_wants(e, OBS_FLOW_START));
	o.has_macs = true;
	o.orig_mac = (struct mac){ { 2, 0, 0, 0, 0, 5 } };
	o.resp_mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	foreign_tell(e, OBS_FLOW_END, &o);
	assert_true(site_is_gateway_mac(e->site, &o.resp_mac));
	assert_true(addr_equal(site_mac_owner(e->site, &o.orig_mac), &o.orig));
}

static struct observation
dns_of(const struct obs_dns *dns)
{
	return (struct observation){
		.kind = OBS_DNS, .ts_ns = rig_ns(5), .talk = foreign_talk(), .dns = dns
	};
}

static void
who_asked_the_dns_is_who_opened_the_conversation(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_dns dns = { .query = "example.org" };
	struct observation o = dns_of(&dns);

	engine_observe(e, &o);
	assert_int_equal(f->shown_count, 1);
	assert_true(addr_equal(&f->dns.client, &o.talk->orig));
	assert_true(addr_equal(&f->dns.server, &o.talk->resp));
	assert_string_equal(f->dns.query, "example.org");
	assert_int_equal(f->written[RECORD_TRANSACTION], 1);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, 1);
	assert_true(addr_equal(&f->rig.windows[0].window.host, &foreign_talk()->orig));
}

static void
a_log_that_says_who_asked_the_dns_is_believed(void **state)
{
	struct foreign_rig *f = *state;
	struct engine *e = foreign_start(f, &foreign_watcher);
	struct obs_dns dns = { .query = "example.org", .client = rig_addr("10.0.0.9") };
	struct observation o = dns_of(&dns);

	engine_observe(e, &o);
	assert_true(addr_equal(&f->dns.client, &dns.client));
	assert_true(addr_is_unspecified(&f->dns.server));
}

static struct observation
alert_of(const struct obs_alert *alert, struct obs_talk *ret_talk, const char *orig,
	const char *resp)
{
	*ret_talk = *foreign_talk();
	ret_talk->orig = rig_addr(orig);
	ret_talk->resp = rig_addr(resp);
	return (struct observation){
		.kind = OBS_ALERT, .ts_ns = rig_ns(5), .talk = ret_talk, .alert = alert
	};
}

extern const struct detector detector_outside_alert;

static const struct obs_alert alert = {
	.source = "suricata", .signature = "ET SCAN", .severity = 3, .sid = 1
};
static const uint64_t span_ns = 3600 * NS_PER_S;

static void
an_alert_is_charged_to_both_of_our_ends_as_twins(void **state)
{
	struct foreign_rig *f = *state;
	struct obs_talk t;
	struct observation o = alert_of(&alert, &t, "10.0.0.5", "10.0.0.9");

	engine_rig_detector(&f->rig, &detector_outside_alert, &span_ns);
	engine_observe(foreign_start(f, NULL), &o);
	assert_int_equal(f->rig.evidence_count, 2);
	const struct record_evidence *attacker = &f->rig.evidence[0].evidence;
	const struct record_evidence *victim = &f->rig.evidence[1].evidence;
	assert_true(addr_equal(&attacker->host, &t.orig));
	assert_true(addr_equal(&victim->host, &t.resp));
	assert_string_equal(victim->twin, attacker->id);
	assert_true(attacker->counted);
	assert_false(victim->counted);
	assert_int_equal(f->written[RECORD_TRANSACTION], 1);
}

static void
an_alert_from_outside_is_charged_to_our_host_alone(void **state)
{
	struct foreign_rig *f = *state;
	struct setting_cidr home;
	struct obs_talk t;
	struct observation o = alert_of(&alert, &t, "203.0.113.9", "10.0.0.5");

	assert_true(cidr_parse("10.0.0.0/8", &home.value));
	engine_rig_home(&f->rig, &home);
	f->rig.settings.direction = DIRECTION_OUT;
	engine_rig_detector(&f->rig, &detector_outside_alert, &span_ns);
	engine_observe(foreign_start(f, NULL), &o);
	assert_int_equal(f->rig.evidence_count, 1);
	assert_true(addr_equal(&f->rig.evidence[0].evidence.host, &t.resp));
	assert_string_equal(f->rig.evidence[0].evidence.twin, "");
	assert_int_equal(engine_stats(f->rig.engine).windows_opened, 1);
}

static void
an_alert_opens_no_window_for_nobody(void **state)
{
	struct foreign_rig *f = *state;
	struct obs_talk t;
	struct observation o = alert_of(&alert, &t, "::", "::");

	engine_rig_detector(&f->rig, &detector_outside_alert, &span_ns);
	engine_observe(foreign_start(f, NULL), &o);
	assert_int_equal(f->rig.evidence_count, 0);
	assert_int_equal(engine_stats(f->rig.engine).windows_opened, 0);
}

static const struct detector software_watcher = {
	.name = "watcher",
	.subscribes = OBS_BIT(OBS_SOFTWARE) | OBS_BIT(OBS_DNS),
	.observe = foreign_take,
};

static void
an_end_of_a_talk_that_no_log_names_is_nobody(void **state)
{
	static const struct obs_software software = { .type = "SSH::SERVER", .name = "OpenSSH" };
	struct foreign_rig *f = *state;
	struct obs_talk t = *foreign_talk();
	struct obs_dns dns = { .query = "example.org" };
	struct observation o = {
		.kind = OBS_SOFTWARE, .ts_ns = rig_ns(5), .talk = &t, .software = &software
	};

	f->rig.settings.direction = DIRECTION_ALL;
	struct engine *e = foreign_start(f, &software_watcher);
	t.orig = rig_addr("::");
	engine_observe(e, &o);
	assert_int_equal(f->shown_count, 1);
	assert_int_equal(f->shown[0].role, ROLE_SERVER);
	t.resp = rig_addr("::");
	engine_observe(e, &o);
	o = dns_of(&dns);
	o.talk = &t;
	engine_observe(e, &o);
	assert_int_equal(f->shown_count, 1);
	assert_int_equal(engine_stats(e).windows_opened, 1);
	assert_int_equal(f->written[RECORD_TRANSACTION], 3);
}

/* How many windows one flow opens, and how many flows were charged in them. */
static void
assert_s20(struct foreign_rig *f, enum direction direction, const char *home, size_t windows,
	size_t charged)
{
	struct setting_cidr net;
	struct obs_flow o = foreign_flow(0, 6 * HOUR);
	size_t flows = 0;

	memset(&f->rig, 0, sizeof(f->rig));
	engine_rig_init(&f->rig);
	f->rig.settings.compat.windows = COMPAT_WINDOWS_S20;
	f->rig.settings.direction = direction;
	if (home != NULL) {
		assert_true(cidr_parse(home, &net.value));
		engine_rig_home(&f->rig, &net);
	}
	foreign_tell(foreign_start(f, NULL), OBS_FLOW_END, &o);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, windows);
	for (size_t i = 0; i < windows; i++) {
		assert_int_equal(f->rig.windows[i].window.window.number, 1);
		flows += f->rig.windows[i].flows[0] + f->rig.windows[i].flows[1];
	}
	assert_int_equal(flows, charged);
}

static void
as_slips_who_was_asked_has_an_empty_window(void **state)
{
	struct foreign_rig *f = *state;

	assert_s20(f, DIRECTION_OUT, NULL, 2, 1);
	assert_s20(f, DIRECTION_ALL, NULL, 2, 2);
	assert_s20(f, DIRECTION_OUT, "10.0.0.0/8", 1, 1);
	assert_s20(f, DIRECTION_OUT, "198.51.100.0/24", 1, 0);
	assert_s20(f, DIRECTION_ALL, "198.51.100.0/24", 1, 1);
	assert_s20(f, DIRECTION_OUT, "0.0.0.0/0", 1, 1);
	assert_s20(f, DIRECTION_OUT, "172.16.0.0/12", 0, 0);
}

static void
else_who_was_asked_has_none(void **state)
{
	struct foreign_rig *f = *state;
	struct obs_flow o = foreign_flow(0, 60);

	foreign_tell(foreign_start(f, NULL), OBS_FLOW_END, &o);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, 1);
	assert_int_equal(f->rig.windows[0].flows[0], 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, foreign_set_up, foreign_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_flow_of_hours_moves_the_clock_to_its_start_only),
		TEST(a_flow_is_late_when_its_window_has_closed_and_counted_once),
		TEST(window_1_begins_where_the_earliest_does),
		TEST(anything_but_a_flow_moves_the_clock_to_its_own_time),
		TEST(an_end_without_interims_is_shown_as_start_and_end),
		TEST(a_start_that_was_told_by_itself_is_not_told_again),
		TEST(the_start_comes_before_the_first_interim_and_once),
		TEST(both_sides_and_the_whole_site_see_the_start),
		TEST(the_site_learns_from_starts_that_nobody_wants),
		TEST(who_asked_the_dns_is_who_opened_the_conversation),
		TEST(a_log_that_says_who_asked_the_dns_is_believed),
		TEST(an_alert_is_charged_to_both_of_our_ends_as_twins),
		TEST(an_alert_from_outside_is_charged_to_our_host_alone),
		TEST(an_alert_opens_no_window_for_nobody),
		TEST(an_end_of_a_talk_that_no_log_names_is_nobody),
		TEST(as_slips_who_was_asked_has_an_empty_window),
		TEST(else_who_was_asked_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
