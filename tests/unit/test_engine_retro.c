#include "daemon/engine/engine_retro.h"

#include "daemon/engine/engine_state.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/intel_sample.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SHOWN_MAX = 16 };

/* What a detector is shown; its section, so that it has somewhere to write. */
struct shown {
	struct obs_peer peers[SHOWN_MAX];
	struct addr hosts[SHOWN_MAX];
	enum obs_role roles[SHOWN_MAX];
	uint64_t ts_ns[SHOWN_MAX];
	unsigned count;
	unsigned listed; /* of them, by site_intel_addr() */
};

static struct shown *shown_now;

static void
see(struct detect *d, const struct observation *o)
{
	struct intel_found room;
	struct shown *s = shown_now;

	if (o->kind != OBS_PEER)
		return;
	s->listed += site_intel_addr(d->site, LIST_MALICIOUS, &o->peer->peer, &room) != NULL;
	if (s->count < SHOWN_MAX) {
		s->peers[s->count] = *o->peer;
		s->hosts[s->count] = *d->host;
		s->roles[s->count] = o->role;
		s->ts_ns[s->count] = o->ts_ns;
	}
	s->count++;
}

static const struct config_item no_rows[] = { CONFIG_END };
static const struct evidence_kind *const no_kinds[] = { NULL };

static const struct detector listener = {
	.name = "listener",
	.summary = "Remembers what it is shown.",
	.subscribes = OBS_BIT(OBS_PEER),
	.config = no_rows,
	.kinds = no_kinds,
	.observe = see,
};

static const struct detector deaf = {
	.name = "deaf",
	.summary = "Does not ask for peers.",
	.subscribes = OBS_BIT(OBS_ARP),
	.config = no_rows,
	.kinds = no_kinds,
	.observe = see,
};

static struct engine_rig *
rig_new(const struct detector *d, struct shown *shown)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	*shown = (struct shown){ 0 };
	shown_now = shown;
	engine_rig_init(r);
	r->settings.direction = DIRECTION_ALL;
	engine_rig_detector(r, d, NULL);
	engine_rig_start(r);
	return r;
}

static void
flow(struct engine_rig *r, double at_s, const char *orig, const char *resp, enum conn_state state)
{
	engine_rig_flow(r, &(struct rig_flow){ at_s, orig, 40000, resp, 443, IPPROTO_TCP, .5, 200,
				   800, state, 6, 5 });
}

static struct intel *
sample(void)
{
	const struct intel_indicator what[] = { intel_net("23.1.1.1", THREAT_HIGH, "C&C") };
	const unsigned list[] = { 0 };

	return intel_of(what, list, 1);
}

static void
whom_a_host_met_is_shown_once_after_a_change(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);
	struct intel *i = sample();

	(void)state;
	flow(r, 0, "10.0.0.1", "23.1.1.1", CONN_SF);
	flow(r, 60, "10.0.0.1", "23.1.1.1", CONN_SF);
	flow(r, 61, "10.0.0.1", "23.2.2.2", CONN_S0);
	engine_tick(r->engine, rig_ns(100));
	assert_int_equal(s.count, 0);
	engine_set_intel(r->engine, i);
	assert_int_equal(s.count, 0);
	engine_tick(r->engine, rig_ns(100));
	/* the client's two peers, and each peer's client */
	assert_int_equal(s.count, 4);
	assert_int_equal(s.listed, 1);
	struct addr host = rig_addr("10.0.0.1");
	struct addr peer = rig_addr("23.1.1.1");
	assert_true(addr_equal(&s.hosts[0], &host));
	assert_true(addr_equal(&s.peers[0].peer, &peer));
	assert_int_equal(s.peers[0].port, 443);
	assert_int_equal(s.peers[0].ip_proto, IPPROTO_TCP);
	assert_int_equal(s.roles[0], ROLE_CLIENT);
	assert_true(s.peers[0].established);
	assert_int_equal(s.peers[0].first_ns, rig_ns(0));
	assert_int_equal(s.peers[0].last_ns, rig_ns(60));
	assert_int_equal(s.ts_ns[0], rig_ns(100));
	assert_false(s.peers[1].established);
	assert_int_equal(s.roles[2], ROLE_SERVER);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 4);
	engine_set_intel(r->engine, NULL);
	intel_free(i);
	engine_tick(r->engine, rig_ns(300));
	assert_int_equal(s.count, 8);
	assert_int_equal(s.listed, 1);
	engine_rig_finish(r);
	free(r);
}

static void
a_conversation_that_goes_on_is_shown(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);
	uint8_t bytes[BUILD_MAX];

	(void)state;
	struct build b = build_between("10.0.0.1", 1024, "23.1.1.1", 443);
	b.flags = TCP_SYN;
	struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(1));
	engine_packets(r->engine, &f, 1);
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(2));
	struct addr peer = rig_addr("23.1.1.1");
	assert_int_equal(s.count, 2);
	assert_true(addr_equal(&s.peers[0].peer, &peer));
	assert_int_equal(s.peers[0].port, 443);
	assert_false(s.peers[0].established);
	assert_int_equal(s.peers[0].first_ns, rig_ns(1));
	engine_rig_finish(r);
	free(r);
}

static void
of_a_sweep_that_goes_on_a_part_is_shown(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);
	uint8_t bytes[BUILD_MAX];
	char peer[32];

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	for (unsigned n = 0; n < 4097; n++) {
		(void)snprintf(peer, sizeof(peer), "23.1.%u.%u", n / 256, n % 256);
		struct build b = build_between("10.0.0.1", 1024, peer, 443);
		b.flags = TCP_SYN;
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(1));
		engine_packets(r->engine, &f, 1);
	}
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(2));
	assert_int_equal(s.count, 4096);
	engine_tick(r->engine, rig_ns(2));
	assert_int_equal(s.count, 4096);
	engine_rig_finish(r);
	free(r);
}

static void
a_window_past_its_end_is_told_of_its_end(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);

	(void)state;
	flow(r, 0, "10.0.0.1", "23.1.1.1", CONN_SF);
	engine_tick(r->engine, rig_ns(3700));
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(3701));
	assert_int_equal(s.count, 2);
	assert_int_equal(s.ts_ns[0], rig_ns(3600));
	engine_rig_finish(r);
	free(r);
}

static void
a_tick_looks_at_so_many_windows_and_no_more(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);
	char host[32];

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	for (unsigned n = 0; n < 130; n++) {
		(void)snprintf(host, sizeof(host), "10.0.%u.1", n);
		flow(r, n, host, "23.1.1.1", CONN_SF);
	}
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 64);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 128);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 130);
	assert_false(r->engine->retro.is_walking);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 130);
	/* another change begins anew */
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(200));
	engine_set_intel(r->engine, NULL);
	for (unsigned n = 0; n < 3; n++)
		engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 130 + 64 + 130);
	engine_rig_finish(r);
	free(r);
}

static void
many_peers_end_a_tick_as_well(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&listener, &s);
	char peer[32];

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	for (unsigned n = 0; n < 4096; n++) {
		(void)snprintf(peer, sizeof(peer), "23.1.%u.%u", n / 256, n % 256);
		flow(r, 1, "10.0.0.1", peer, CONN_SF);
	}
	flow(r, 2, "10.0.0.2", "23.1.1.1", CONN_SF);
	engine_set_intel(r->engine, NULL);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 4096);
	engine_tick(r->engine, rig_ns(200));
	assert_int_equal(s.count, 4097);
	engine_rig_finish(r);
	free(r);
}

static void
nobody_walks_when_nobody_asks(void **state)
{
	struct shown s;
	struct engine_rig *r = rig_new(&deaf, &s);

	(void)state;
	flow(r, 0, "10.0.0.1", "23.1.1.1", CONN_SF);
	engine_set_intel(r->engine, NULL);
	assert_false(r->engine->retro.is_walking);
	engine_tick(r->engine, rig_ns(2));
	assert_int_equal(s.count, 0);
	engine_rig_finish(r);
	free(r);
}

static void
lists_of_the_plan_are_looked_things_up_in(void **state)
{
	struct engine_rig *r = malloc(sizeof(*r));
	struct intel *i = sample();
	struct addr peer = rig_addr("23.1.1.1");
	struct intel_found room;
	uint64_t sum = 0;
	uint64_t windows[2] = { 0 };

	(void)state;
	assert_non_null(r);
	engine_rig_init(r);
	r->settings.memory.limit = UINT64_C(128) << 20;
	for (unsigned n = 0; n < 2; n++) {
		struct engine *e = engine_new(&(struct engine_plan){ .settings = &r->settings,
			.intel = i,
			.intel_bytes = n * (UINT64_C(16) << 20) });
		assert_non_null(e);
		assert_non_null(site_intel_addr(e->site, LIST_MALICIOUS, &peer, &room));
		sum = 0;
		for (const struct engine_area *a = engine_areas(e); a->name != NULL; a++) {
			sum += a->bytes;
			windows[n] += strcmp(a->name, "windows") == 0 ? a->bytes : 0;
		}
		assert_int_equal(sum, r->settings.memory.limit);
		engine_free(e);
	}
	/* within a tenth of what they were */
	assert_true(windows[1] * 10 > windows[0] * 9);
	intel_free(i);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whom_a_host_met_is_shown_once_after_a_change),
		cmocka_unit_test(a_conversation_that_goes_on_is_shown),
		cmocka_unit_test(of_a_sweep_that_goes_on_a_part_is_shown),
		cmocka_unit_test(a_window_past_its_end_is_told_of_its_end),
		cmocka_unit_test(a_tick_looks_at_so_many_windows_and_no_more),
		cmocka_unit_test(many_peers_end_a_tick_as_well),
		cmocka_unit_test(nobody_walks_when_nobody_asks),
		cmocka_unit_test(lists_of_the_plan_are_looked_things_up_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
