/* test_engine_foreign.c -- lines of other programs' logs, through the engine's own door. */
#include "daemon/base/time_text.h"
#include "daemon/detect.h"
#include "daemon/engine_state.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SHOWN_MAX = 16, TALK_ID = 7 };

#define HOUR 3600.0

/* What a detector was shown, and what was written of each kind. */
struct fixture {
	struct engine_rig rig;
	struct observation shown[SHOWN_MAX];
	struct obs_flow flows[SHOWN_MAX];
	struct obs_dns dns;
	size_t shown_count;
	unsigned written[RECORD_KIND_COUNT];
	uint64_t written_ns; /* time of the last record but the end's */
	char said[64];       /* of the last timeline entry */
};

static struct fixture *fixture; /* a detector of the whole site has no context of its own */

static void
take(struct detect *d, const struct observation *o)
{
	struct fixture *f = fixture;

	(void)d;
	assert_true(f->shown_count < SHOWN_MAX);
	f->shown[f->shown_count] = *o;
	if (o->kind <= OBS_FLOW_END)
		f->flows[f->shown_count] = *o->flow;
	if (o->kind == OBS_DNS)
		f->dns = *o->dns;
	f->shown_count++;
}

static const struct detector watcher = {
	.name = "watcher",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) |
		      OBS_BIT(OBS_DNS) | OBS_BIT(OBS_ARP) | OBS_BIT(OBS_TUNNEL) |
		      OBS_BIT(OBS_WEIRD),
	.observe = take,
};

/* The same, of the whole site. */
static const struct detector site_watcher = {
	.name = "site_watcher",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_END),
	.observe_site = take,
};

static void
on_record(struct engine_rig *r, const struct record *record)
{
	struct fixture *f = r->test;

	f->written[record->kind]++;
	if (record->kind != RECORD_TOTALS)
		f->written_ns = record->ts_ns;
	if (record->kind == RECORD_TIMELINE && record->timeline->said != NULL)
		(void)snprintf(
			f->said, sizeof(f->said), "%s", record->timeline->said->http->user_agent);
}

static int
set_up(void **state)
{
	fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	engine_rig_init(&fixture->rig);
	fixture->rig.test = fixture;
	fixture->rig.on_record = on_record;
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	engine_free(fixture->rig.engine);
	free(fixture);
	return 0;
}

static struct engine *
start(struct fixture *f, const struct detector *d)
{
	if (d != NULL)
		engine_rig_detector(&f->rig, d, NULL);
	engine_rig_start(&f->rig);
	return f->rig.engine;
}

/* A conversation of 10.0.0.5 with 198.51.100.7, five packets out and four in. */
static struct obs_flow
flow(double begins_s, double length_s)
{
	struct flow_side orig = { .packets = 5, .ip_bytes = 700, .payload_bytes = 500 };
	struct flow_side resp = { .packets = 4, .ip_bytes = 660, .payload_bytes = 500 };

	return (struct obs_flow){
		.id = TALK_ID,
		.uid = { "CHhAvVGS1DHFjwGM9" },
		.orig = rig_addr("10.0.0.5"),
		.resp = rig_addr("198.51.100.7"),
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP,
		.start_ns = rig_ns(begins_s),
		.previous_ns = rig_ns(begins_s),
		.last_ns = rig_ns(begins_s + length_s),
		.orig_total = orig,
		.resp_total = resp,
		.orig_delta = orig,
		.resp_delta = resp,
		.state = CONN_SF,
		.ended = FLOW_END_CLOSED,
		.established = true,
		.history = "ShADadFf",
		.service = "http",
		.label = "normal",
	};
}

static void
tell(struct engine *e, enum obs_kind kind, const struct obs_flow *f)
{
	engine_observe(e, &(struct observation){ .kind = kind, .ts_ns = f->last_ns, .flow = f });
}

static const struct obs_talk *
talk(void)
{
	static struct obs_talk t;

	t = (struct obs_talk){ .id = TALK_ID,
		.uid = { "CHhAvVGS1DHFjwGM9" },
		.orig = rig_addr("10.0.0.5"),
		.resp = rig_addr("198.51.100.7"),
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP };
	return &t;
}

static void
say_http(struct engine *e, double at_s, const char *user_agent)
{
	struct obs_http http = { .user_agent = user_agent };

	engine_observe(e,
		&(struct observation){
			.kind = OBS_HTTP, .ts_ns = rig_ns(at_s), .talk = talk(), .http = &http });
}

static void
a_flow_of_hours_moves_the_clock_to_its_start_only(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);
	struct obs_flow first = flow(0, 6 * HOUR);

	tell(e, OBS_FLOW_END, &first);
	assert_int_equal(e->clock_ns, rig_ns(0));
	assert_int_equal(engine_stats(e).windows_open, 1);
	assert_int_equal(engine_stats(e).first_ns, rig_ns(0));
	assert_int_equal(engine_stats(e).last_ns, rig_ns(6 * HOUR));
	struct obs_flow second = flow(1, 0);
	tell(e, OBS_FLOW_END, &second);
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
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
	struct obs_flow past = flow(0, 1);

	tell(e, OBS_FLOW_END, &past);
	engine_tick(e, rig_ns(2 * HOUR) - 1);
	tell(e, OBS_FLOW_END, &past);
	assert_int_equal(engine_stats(e).observations_late, 0);
	assert_int_equal(engine_stats(e).windows_opened, 1);
	engine_tick(e, rig_ns(2 * HOUR));
	tell(e, OBS_FLOW_END, &past);
	assert_int_equal(engine_stats(e).observations_late, 1);
	assert_int_equal(engine_stats(e).windows_opened, 2);
}

static void
anything_but_a_flow_moves_the_clock_to_its_own_time(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);

	say_http(e, 10, "curl");
	assert_int_equal(e->clock_ns, rig_ns(10));
	say_http(e, 9, "curl");
	assert_int_equal(e->clock_ns, rig_ns(10));
}

static void
an_end_without_interims_is_shown_as_start_and_end(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
	struct obs_flow o = flow(3, 60);

	tell(e, OBS_FLOW_END, &o);
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

static void
the_start_comes_before_the_first_interim_and_once(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
	struct obs_flow o = flow(0, 60);

	tell(e, OBS_FLOW_INTERIM, &o);
	o.previous_ns = o.last_ns;
	o.last_ns = rig_ns(120);
	o.orig_total.packets += 1;
	o.orig_delta = (struct flow_side){ .packets = 1 };
	o.resp_delta = (struct flow_side){ 0 };
	tell(e, OBS_FLOW_INTERIM, &o);
	tell(e, OBS_FLOW_END, &o);
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
	struct fixture *f = *state;

	f->rig.settings.direction = DIRECTION_ALL;
	engine_rig_detector(&f->rig, &site_watcher, NULL);
	struct engine *e = start(f, &watcher);
	struct obs_flow o = flow(0, 60);
	tell(e, OBS_FLOW_END, &o);
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
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);
	struct obs_flow o = flow(0, 60);

	assert_false(detect_wants(e, OBS_FLOW_START));
	o.has_macs = true;
	o.orig_mac = (struct mac){ { 2, 0, 0, 0, 0, 5 } };
	o.resp_mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	tell(e, OBS_FLOW_END, &o);
	assert_true(site_is_gateway_mac(e->site, &o.resp_mac));
	assert_true(addr_equal(site_mac_owner(e->site, &o.orig_mac), &o.orig));
}

static void
what_was_said_is_written_and_told_in_the_timeline(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);
	struct obs_flow o = flow(0, 60);

	say_http(e, 1, "curl/8");
	assert_int_equal(f->written[RECORD_TRANSACTION], 1);
	tell(e, OBS_FLOW_END, &o);
	assert_int_equal(f->written[RECORD_TIMELINE], 1);
	assert_string_equal(f->said, "curl/8");
}

static void
what_was_said_is_forgotten_at_the_end(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);
	struct obs_flow o = flow(0, 60);
	enum obs_kind kind;

	say_http(e, 1, "curl/8");
	tell(e, OBS_FLOW_INTERIM, &o);
	assert_true(said_kind(&e->said, TALK_ID, &kind));
	tell(e, OBS_FLOW_END, &o);
	assert_false(said_kind(&e->said, TALK_ID, &kind));
}

static struct observation
dns_of(const struct obs_dns *dns)
{
	return (struct observation){
		.kind = OBS_DNS, .ts_ns = rig_ns(5), .talk = talk(), .dns = dns
	};
}

static void
who_asked_the_dns_is_who_opened_the_conversation(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
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
	assert_true(addr_equal(&f->rig.windows[0].window.host, &talk()->orig));
}

static void
a_log_that_says_who_asked_the_dns_is_believed(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
	struct obs_dns dns = { .query = "example.org", .client = rig_addr("10.0.0.9") };
	struct observation o = dns_of(&dns);

	engine_observe(e, &o);
	assert_true(addr_equal(&f->dns.client, &dns.client));
	assert_true(addr_is_unspecified(&f->dns.server));
}

static void
arp_is_written_and_shown(void **state)
{
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
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
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);
	struct obs_flow o = flow(0, 60);
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
	struct fixture *f = *state;
	struct engine *e = start(f, NULL);

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
	struct fixture *f = *state;
	struct engine *e = start(f, &watcher);

	odd_things(e, 0, 2);
	assert_int_equal(f->shown_count, 2);
}

/* How many windows one flow opens, and how many flows were charged in them. */
static void
assert_s20(struct fixture *f, enum direction direction, const char *home, size_t windows,
	size_t charged)
{
	struct setting_cidr net;
	struct obs_flow o = flow(0, 6 * HOUR);
	size_t flows = 0;

	memset(&f->rig, 0, sizeof(f->rig));
	engine_rig_init(&f->rig);
	f->rig.settings.compat.windows = COMPAT_WINDOWS_S20;
	f->rig.settings.direction = direction;
	if (home != NULL) {
		assert_true(cidr_parse(home, &net.value));
		engine_rig_home(&f->rig, &net);
	}
	tell(start(f, NULL), OBS_FLOW_END, &o);
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
	struct fixture *f = *state;

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
	struct fixture *f = *state;
	struct obs_flow o = flow(0, 60);

	tell(start(f, NULL), OBS_FLOW_END, &o);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.window_count, 1);
	assert_int_equal(f->rig.windows[0].flows[0], 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_flow_of_hours_moves_the_clock_to_its_start_only),
		TEST(a_flow_is_late_when_its_window_has_closed_and_counted_once),
		TEST(anything_but_a_flow_moves_the_clock_to_its_own_time),
		TEST(an_end_without_interims_is_shown_as_start_and_end),
		TEST(the_start_comes_before_the_first_interim_and_once),
		TEST(both_sides_and_the_whole_site_see_the_start),
		TEST(the_site_learns_from_starts_that_nobody_wants),
		TEST(what_was_said_is_written_and_told_in_the_timeline),
		TEST(what_was_said_is_forgotten_at_the_end),
		TEST(who_asked_the_dns_is_who_opened_the_conversation),
		TEST(a_log_that_says_who_asked_the_dns_is_believed),
		TEST(arp_is_written_and_shown),
		TEST(a_tunnel_is_written_and_shown),
		TEST(of_odd_things_ten_are_written_at_once_and_all_are_counted),
		TEST(odd_things_are_shown),
		TEST(as_slips_who_was_asked_has_an_empty_window),
		TEST(else_who_was_asked_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
