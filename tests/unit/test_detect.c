/* How detectors are run: states of three scopes, waits, caps, twins. The detectors are the test's own. */
#include "daemon/base/time_text.h"
#include "daemon/knowledge/geo.h"
#include "daemon/window/window_peers.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct evidence_kind seen = {
	.name = "SEEN", .signature_id = 1, .technique = "", .unit = "flows", .title = "Seen"
};
static const struct evidence_kind *const kinds[] = { &seen, NULL };

/* Counts flows in each scope and raises the counts as its sentence. */
struct counts {
	uint32_t flows;
};

static void
count_observe(struct detect *d, const struct observation *o)
{
	struct counts *w = d->window_state;
	struct counts *p = d->profile_state;
	struct counts *s = d->site_state;

	w->flows++;
	p->flows++;
	s->flows++;
	evidence_raise(d,
		&(struct finding){ .kind = &seen,
			.threat = THREAT_LOW,
			.confidence = 1,
			.about = &o->flow->resp },
		"window %u profile %u site %u", w->flows, p->flows, s->flows);
}

static const struct detector counter = {
	.name = "counter",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.window_state_size = sizeof(struct counts),
	.profile_state_size = sizeof(struct counts),
	.site_state_size = sizeof(struct counts),
	.kinds = kinds,
	.observe = count_observe,
};

/* Waits 30 s and 10 s after each flow and raises what it was told; again at the close. */
static void
wait_observe(struct detect *d, const struct observation *o)
{
	char *late = arena_string(d->memory, "late", 4);
	char *soon = arena_string(d->memory, "soon", 4);

	assert_true(detect_wake_at(d, o->ts_ns + 30 * NS_PER_S, late));
	assert_true(detect_wake_at(d, o->ts_ns + 10 * NS_PER_S, soon));
}

static void
raise_text(struct detect *d, const char *text, uint64_t at_ns, bool early)
{
	evidence_raise(d, &(struct finding){ .kind = &seen, .confidence = 1 }, "%s %llu %s", text,
		(unsigned long long)(at_ns / NS_PER_S - RIG_BASE_S), early ? "early" : "due");
}

static void
wait_wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	raise_text(d, what, now_ns, early);
}

static void
wait_close(struct detect *d, uint64_t end_ns)
{
	raise_text(d, "close", end_ns, false);
}

static const struct detector waiter = {
	.name = "waiter",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.kinds = kinds,
	.observe = wait_observe,
	.wake = wait_wake,
	.window_close = wait_close,
};

/* Raises once for each peer, weakly. */
struct weakly {
	uint8_t told;
};

static void
peer_observe(struct detect *d, const struct observation *o)
{
	struct weakly *s = d->window_state;

	if (!detect_first_of_peer(d, &o->flow->resp))
		return;
	evidence_raise(d,
		&(struct finding){ .kind = &seen,
			.threat = weak_level(&s->told, THREAT_LOW),
			.confidence = 1,
			.about = &o->flow->resp },
		"met it");
}

static const struct detector once_a_peer = {
	.name = "once_a_peer",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.window_state_size = sizeof(struct weakly),
	.kinds = kinds,
	.observe = peer_observe,
};

static struct engine_rig *
rig_with(const struct detector *d)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_detector(r, d, NULL);
	return r;
}

static void
flow_at(struct engine_rig *r, double at_s, const char *orig, const char *resp)
{
	engine_rig_flow(r, &(struct rig_flow){ at_s, orig, 1000, resp, 80, IPPROTO_TCP, 0, 10, 10,
				   CONN_SF, 4, 4 });
}

static void
evidence_says_where_the_other_party_is(void **state)
{
	struct engine_rig *r = rig_with(&once_a_peer);
	struct scratch *scratch = scratch_new();
	struct mmdb_build m;
	char path[96];
	MMDB_s db;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/a.mmdb", scratch->directory);
	mmdb_begin(&m);
	size_t at = m.bytes;
	mmdb_map(&m, 2);
	mmdb_pair(&m, "country", "NL");
	mmdb_pair(&m, "asn", "AS64496");
	mmdb_network(&m, addr_v4(1, 1, 1, 0), 120, at);
	mmdb_write(&m, path);
	assert_int_equal(MMDB_open(path, MMDB_MODE_MMAP, &db), MMDB_SUCCESS);
	r->geo = geo_new();
	assert_null(geo_add(r->geo, &db));

	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 1, "10.0.0.1", "2.2.2.2");
	assert_int_equal(r->evidence_count, 2);
	assert_string_equal(r->evidence[0].evidence.about_country, "NL");
	assert_int_equal(r->evidence[0].evidence.about_asn, 64496);
	assert_null(r->evidence[1].evidence.about_country);
	assert_int_equal(r->evidence[1].evidence.about_asn, 0);
	engine_rig_finish(r);
	geo_free(r->geo);
	scratch_free(scratch);
	free(r);
}

static void
the_level_of_a_kind_is_that_of_the_settings(void **state)
{
	struct engine_rig *r = rig_with(&once_a_peer);
	char seen_name[] = "SEEN";
	char other_name[] = "OTHER";
	struct setting_level levels[] = { { other_name, THREAT_CRITICAL },
		{ seen_name, THREAT_HIGH } };

	(void)state;
	r->settings.evidence.levels = (struct config_list){ .items = levels, .count = 2 };
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	assert_int_equal(r->evidence[0].evidence.threat, THREAT_HIGH);
	assert_true(r->evidence[0].evidence.sum == 0.8);
	engine_rig_finish(r);
	free(r);
}

static void
states_live_as_long_as_their_scope(void **state)
{
	struct engine_rig *r = rig_with(&counter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 1, "10.0.0.1", "1.1.1.1");
	flow_at(r, 2, "10.0.0.2", "1.1.1.1");
	flow_at(r, 3601, "10.0.0.1", "1.1.1.1");
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 4);
	assert_string_equal(r->evidence[0].text, "window 1 profile 1 site 1");
	assert_string_equal(r->evidence[1].text, "window 2 profile 2 site 2");
	assert_string_equal(r->evidence[2].text, "window 1 profile 1 site 3");
	assert_string_equal(r->evidence[3].text, "window 1 profile 3 site 4");
	free(r);
}

static void
a_peer_is_news_once_in_each_window(void **state)
{
	struct engine_rig *r = rig_with(&once_a_peer);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 1, "10.0.0.1", "1.1.1.1");
	flow_at(r, 2, "10.0.0.1", "1.1.1.2");
	flow_at(r, 3, "10.0.0.2", "1.1.1.1");
	assert_int_equal(r->evidence_count, 3);
	flow_at(r, 3601, "10.0.0.1", "1.1.1.1");
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 4);
	free(r);
}

static void
what_is_weak_is_charged_for_three_subjects(void **state)
{
	struct engine_rig *r = rig_with(&once_a_peer);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 1, "10.0.0.1", "1.1.1.2");
	flow_at(r, 2, "10.0.0.1", "1.1.1.3");
	flow_at(r, 3, "10.0.0.1", "1.1.1.4");
	engine_rig_finish(r);
	assert_int_equal(r->evidence[2].evidence.threat, THREAT_LOW);
	assert_int_equal(r->evidence[3].evidence.threat, THREAT_INFO);
	assert_int_equal(r->evidence_count, 4);
	free(r);
}

static void
peers_above_the_cap_are_counted(void **state)
{
	struct engine_rig *r = rig_with(&once_a_peer);
	char peer[] = "1.1.000.000";

	(void)state;
	engine_rig_start(r);
	for (int i = 0; i <= WINDOW_PEERS_MAX; i++) {
		(void)snprintf(peer, sizeof(peer), "1.1.%d.%d", i / 256, i % 256);
		flow_at(r, 1, "10.0.0.1", peer);
	}
	assert_int_equal(engine_stats(r->engine).peers_refused, 1);
	engine_rig_finish(r);
	free(r);
}

static void
a_wait_is_due_at_its_time_and_in_order(void **state)
{
	struct engine_rig *r = rig_with(&waiter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	engine_tick(r->engine, rig_ns(9.999));
	assert_int_equal(r->evidence_count, 0);
	engine_tick(r->engine, rig_ns(10));
	assert_int_equal(r->evidence_count, 1);
	engine_tick(r->engine, rig_ns(500)); /* a jump past the second: it still has its own time */
	assert_int_equal(r->evidence_count, 2);
	assert_string_equal(r->evidence[0].text, "soon 10 due");
	assert_string_equal(r->evidence[1].text, "late 30 due");
	engine_rig_finish(r);
	assert_string_equal(r->evidence[2].text, "close 500 due");
	assert_int_equal(r->evidence_count, 3);
	free(r);
}

static void
the_end_cuts_waits_short_before_the_last_word(void **state)
{
	struct engine_rig *r = rig_with(&waiter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 3);
	assert_string_equal(r->evidence[0].text, "late 0 early"); /* in the order of asking */
	assert_string_equal(r->evidence[1].text, "soon 0 early");
	assert_string_equal(r->evidence[2].text, "close 0 due");
	free(r);
}

static void
a_wait_whose_time_has_passed_is_not_cut_short(void **state)
{
	struct engine_rig *r = rig_with(&waiter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 30, "10.0.0.2", "1.1.1.1"); /* the clock is there */
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");  /* told late: its waits are over when they begin */
	flow_at(r, 1, "10.0.0.1", "1.1.1.1");  /* one of its waits is */
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 8);
	assert_string_equal(r->evidence[0].text, "late 30 early"); /* of the other host */
	assert_string_equal(r->evidence[3].text, "soon 30 due");   /* in the order of their times */
	assert_string_equal(r->evidence[4].text, "soon 30 due");
	assert_string_equal(r->evidence[5].text, "late 30 due");
	assert_string_equal(r->evidence[6].text, "late 30 early");
	assert_string_equal(r->evidence[7].text, "close 30 due");
	free(r);
}

static void
a_window_closes_one_width_after_its_end(void **state)
{
	struct engine_rig *r = rig_with(&waiter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 3590, "10.0.0.1", "1.1.1.1");
	engine_tick(r->engine, rig_ns(3590 + 7199.999999));
	assert_int_equal(r->window_count, 0);
	engine_tick(r->engine, rig_ns(3590 + 7200));
	assert_int_equal(r->window_count, 1);
	assert_string_equal(r->evidence[2].text, "close 7190 due");
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 1);
	free(r);
}

static void
what_comes_after_its_window_closed_goes_to_the_current_one(void **state)
{
	struct engine_rig *r = rig_with(&counter);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 10800, "10.0.0.1", "1.1.1.1"); /* window 4; windows 1 and 2 are closed */
	flow_at(r, 100, "10.0.0.1", "1.1.1.1");   /* of window 1: late */
	flow_at(r, 7300, "10.0.0.1", "1.1.1.1");  /* of window 3: still open */
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 3);
	assert_int_equal(r->windows[0].window.window.number, 1);
	assert_int_equal(r->windows[0].flows[0], 1);
	for (size_t i = 1; i < 3; i++) {
		bool fourth = r->windows[i].window.window.number == 4;
		assert_int_equal(r->windows[i].flows[0], fourth ? 2 : 1);
		assert_int_equal(r->windows[i].window.late, fourth ? 1 : 0);
	}
	assert_int_equal(r->clock_jumps, 1);
	free(r);
}

static void
findings_over_the_cap_are_counted_and_told(void **state)
{
	struct engine_rig *r = rig_with(&counter);

	(void)state;
	r->settings.evidence.max_per_detector = 3;
	engine_rig_start(r);
	for (int i = 0; i < 5; i++)
		flow_at(r, i, "10.0.0.1", "1.1.1.1");
	assert_int_equal(r->evidence_count, 3);
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 4);
	const struct record_evidence *last = &r->evidence[3].evidence;
	assert_string_equal(r->evidence[3].text, "2 more findings of counter were held back");
	assert_int_equal(last->suppressed, 2);
	assert_int_equal(last->threat, THREAT_INFO);
	assert_int_equal(r->totals.evidence, 3);
	assert_int_equal(r->windows[0].window.suppressed, 2);
	free(r);
}

/* Asks for three waits a flow; says with its sentence how many were granted. */
static void
greedy_observe(struct detect *d, const struct observation *o)
{
	unsigned granted = 0;

	for (int i = 0; i < 33; i++)
		granted += detect_wake_at(d, o->ts_ns + NS_PER_S, NULL);
	evidence_raise(d, &(struct finding){ .kind = &seen }, "granted %u", granted);
}

static void
ignore_wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	(void)d, (void)now_ns, (void)early;
	assert_null(what);
}

static void
a_window_has_64_waits_and_no_more(void **state)
{
	const struct detector greedy = { .name = "greedy",
		.subscribes = OBS_BIT(OBS_FLOW_END),
		.observe = greedy_observe,
		.wake = ignore_wake,
		.kinds = kinds };
	struct engine_rig *r = rig_with(&greedy);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	assert_string_equal(r->evidence[0].text, "granted 33");
	assert_string_equal(r->evidence[1].text, "granted 31");
	assert_int_equal(engine_stats(r->engine).deadlines_refused, 2);
	flow_at(r, 2, "10.0.0.1", "1.1.1.1"); /* they came: there is room again */
	assert_string_equal(r->evidence[2].text, "granted 33");
	engine_rig_finish(r);
	free(r);
}

/* Raises on the client, and the twin on the server. */
static void
twin_observe(struct detect *d, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return;
	evidence_raise(d,
		&(struct finding){ .kind = &seen,
			.threat = THREAT_LOW,
			.confidence = 1,
			.about = &o->flow->resp },
		"attacked");
	evidence_raise_twin(d,
		&(struct finding){ .kind = &seen,
			.threat = THREAT_LOW,
			.confidence = 1,
			.role = EVIDENCE_VICTIM,
			.about = &o->flow->resp },
		"was attacked");
}

static const struct detector twins = {
	.name = "twins",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.kinds = kinds,
	.observe = twin_observe,
};

static void
a_twin_is_charged_only_to_a_host_that_has_a_profile(void **state)
{
	struct engine_rig *r = rig_with(&twins);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "10.0.0.2"); /* nobody knows 10.0.0.2 */
	assert_int_equal(r->evidence_count, 1);
	flow_at(r, 1, "10.0.0.2", "10.0.0.1");
	assert_int_equal(r->evidence_count, 3);
	const struct record_evidence *first = &r->evidence[1].evidence;
	const struct record_evidence *twin = &r->evidence[2].evidence;
	assert_string_equal(twin->twin, first->id);
	assert_string_equal(first->twin, "");
	assert_string_not_equal(twin->id, first->id);
	struct addr one = rig_addr("10.0.0.1");
	struct addr two = rig_addr("10.0.0.2");
	assert_true(addr_equal(&twin->host, &one));
	assert_true(addr_equal(&twin->about, &two));
	assert_int_equal(twin->role, EVIDENCE_VICTIM);
	engine_rig_finish(r);
	free(r);
}

/* Looks at the whole site: counts in its state, and raises on both sides of each flow. */
static void
overlook(struct detect *d, const struct observation *o)
{
	struct counts *s = d->site_state;

	assert_null(d->host);
	assert_null(d->window_state);
	assert_null(d->memory);
	assert_null(d->profile_memory);
	s->flows++;
	bool first = evidence_raise_on(d, &o->flow->orig,
		&(struct finding){ .kind = &seen, .confidence = 1, .about = &o->flow->resp },
		"flow %u", s->flows);
	bool second = evidence_raise_on(d, &o->flow->resp,
		&(struct finding){ .kind = &seen,
			.confidence = 1,
			.role = EVIDENCE_VICTIM,
			.about = &o->flow->orig },
		"flow %u", s->flows);
	assert_int_equal(first + second, o->flow->resp_port == 80 ? 2 : 0);
}

static const struct detector overseer = {
	.name = "overseer",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.site_state_size = sizeof(struct counts),
	.kinds = kinds,
	.observe_site = overlook,
};

static void
what_the_site_shows_is_charged_to_hosts_that_never_acted(void **state)
{
	struct engine_rig *r = rig_with(&overseer);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "10.0.0.2"); /* nobody knows 10.0.0.2 */
	assert_int_equal(r->evidence_count, 2);
	const struct record_evidence *first = &r->evidence[0].evidence;
	const struct record_evidence *second = &r->evidence[1].evidence;
	struct addr one = rig_addr("10.0.0.1");
	struct addr two = rig_addr("10.0.0.2");
	assert_true(addr_equal(&first->host, &one));
	assert_true(addr_equal(&second->host, &two));
	assert_true(second->has_about && addr_equal(&second->about, &one));
	assert_int_equal(second->role, EVIDENCE_VICTIM);
	assert_string_equal(first->twin, "");
	assert_string_equal(second->twin, first->id);
	flow_at(r, 1, "10.0.0.1", "10.0.0.2");
	assert_string_equal(r->evidence[3].text, "flow 2");
	assert_string_equal(r->evidence[2].evidence.twin, ""); /* another call */
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 2);
	free(r);
}

static void
strangers_have_no_account(void **state)
{
	struct engine_rig *r = rig_with(&overseer);
	struct setting_cidr home;

	(void)state;
	assert_true(cidr_parse("10.0.0.0/8", &home.value));
	engine_rig_home(r, &home);
	engine_rig_start(r);
	engine_rig_flow(r, &(struct rig_flow){ 0, "1.1.1.1", 1, "2.2.2.2", 81, IPPROTO_TCP, 0, 0, 0,
				   CONN_S0, 1, 0 });
	assert_int_equal(r->evidence_count, 0);
	flow_at(r, 1, "10.0.0.1", "10.0.0.2");
	assert_string_equal(r->evidence[0].text, "flow 2"); /* strangers are seen all the same */
	engine_rig_finish(r);
	free(r);
}

static struct hash_key sketch_key_seen;

static void
see_key(struct detect *d, const struct observation *o)
{
	(void)o;
	sketch_key_seen = *d->sketch_key;
}

static void
sketches_have_a_fixed_key_on_files_and_a_random_one_live(void **state)
{
	static const struct detector key_seer = { .name = "key_seer",
		.subscribes = OBS_BIT(OBS_FLOW_END),
		.observe = see_key,
		.kinds = kinds };
	static const struct hash_key fixed = { { 0, 0 } };

	(void)state;
	for (int live = 0; live < 2; live++) {
		struct engine_rig *r = rig_with(&key_seer);
		r->live = live != 0;
		engine_rig_start(r);
		flow_at(r, 0, "10.0.0.1", "10.0.0.2");
		assert_memory_equal(
			&sketch_key_seen, r->live ? &r->hash_key : &fixed, sizeof(sketch_key_seen));
		engine_rig_finish(r);
		free(r);
	}
}

/* The first marks a window, the second raises where it finds the mark. */
static void
marking(struct detect *d, const struct observation *o)
{
	if (o->flow->resp_port == 80 && o->flow->orig_total.payload_bytes == 10)
		detect_mark(d, MARK_PORT_SCANNER);
}

static void
marked(struct detect *d, const struct observation *o)
{
	(void)o;
	if (detect_marked(d, MARK_PORT_SCANNER))
		evidence_raise(d, &(struct finding){ .kind = &seen }, "marked");
}

static void
a_mark_is_seen_by_those_that_run_later(void **state)
{
	const struct detector first = {
		.name = "first", .subscribes = OBS_BIT(OBS_FLOW_END), .observe = marking
	};
	const struct detector second = { .name = "second",
		.subscribes = OBS_BIT(OBS_FLOW_END),
		.observe = marked,
		.kinds = kinds };
	struct engine_rig *r = rig_with(&first);

	(void)state;
	engine_rig_detector(r, &second, NULL);
	engine_rig_start(r);
	engine_rig_flow(r, &(struct rig_flow){ 0, "10.0.0.1", 1, "1.1.1.1", 81, IPPROTO_TCP, 0, 0,
				   0, CONN_S0, 1, 0 });
	assert_int_equal(r->evidence_count, 0);
	flow_at(r, 1, "10.0.0.1", "1.1.1.1");
	assert_int_equal(r->evidence_count, 1);
	flow_at(r, 2, "10.0.0.2", "1.1.1.1"); /* another window, marked by its own flow */
	engine_rig_flow(r, &(struct rig_flow){ 3, "10.0.0.3", 1, "1.1.1.1", 81, IPPROTO_TCP, 0, 0,
				   0, CONN_S0, 1, 0 });
	assert_int_equal(r->evidence_count, 2);
	engine_rig_finish(r);
	free(r);
}

static void
only_what_was_subscribed_is_shown(void **state)
{
	const struct detector deaf = {
		.name = "deaf", .subscribes = OBS_BIT(OBS_ARP), .observe = marked
	};
	struct engine_rig *r = rig_with(&deaf);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1",
		"1.1.1.1"); /* would read d->window as a flow's: ASan would tell */
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 0);
	free(r);
}

static bool
wants_the_second(const struct site *site, const struct observation *o)
{
	struct addr second = addr_v4(1, 1, 1, 2);

	return site != NULL && addr_equal(&o->flow->resp, &second);
}

static void
what_is_not_wanted_is_not_shown_and_costs_nothing(void **state)
{
	struct detector choosy = counter;
	choosy.wants = wants_the_second;
	struct engine_rig *r = rig_with(&choosy);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	flow_at(r, 1, "10.0.0.2", "1.1.1.2");
	engine_rig_finish(r);
	assert_int_equal(r->evidence_count, 1);
	assert_string_equal(r->evidence[0].text, "window 1 profile 1 site 1");
	free(r);
}

static void
ids_are_unique_and_the_same_on_every_run(void **state)
{
	char ids[4][UUID_TEXT_MAX];

	(void)state;
	for (int run = 0; run < 2; run++) {
		struct engine_rig *r = rig_with(&counter);
		r->hash_key = (struct hash_key){ { (uint64_t)run * 99, 7 } };
		engine_rig_start(r);
		for (int i = 0; i < 4; i++)
			flow_at(r, 0, "10.0.0.1", "1.1.1.1");
		engine_rig_finish(r);
		for (int i = 0; i < 4; i++) {
			const char *id = r->evidence[i].evidence.id;
			assert_int_equal(strlen(id), 36);
			assert_int_equal(id[14], '8'); /* version */
			assert_non_null(strchr("89ab", id[19]));
			if (run == 0)
				memcpy(ids[i], id, UUID_TEXT_MAX);
			assert_string_equal(id, ids[i]);
			for (int j = 0; j < i; j++)
				assert_string_not_equal(id, ids[j]);
		}
		free(r);
	}
}

/* Confidence outside 0..1, and a conviction that its kind does not allow. */
static void
boastful_observe(struct detect *d, const struct observation *o)
{
	double confidence = o->flow->orig_port == 1000 ? 7 : -7;

	evidence_raise(d,
		&(struct finding){ .kind = &seen,
			.threat = THREAT_HIGH,
			.confidence = confidence,
			.port = o->flow->resp_port,
			.decisive = true },
		"boasts");
}

static void
confidence_is_clipped_and_conviction_is_the_kinds_to_allow(void **state)
{
	const struct detector boastful = { .name = "boastful",
		.subscribes = OBS_BIT(OBS_FLOW_END),
		.observe = boastful_observe,
		.kinds = kinds };
	struct engine_rig *r = rig_with(&boastful);

	(void)state;
	engine_rig_start(r);
	flow_at(r, 0, "10.0.0.1", "1.1.1.1");
	engine_rig_flow(r, &(struct rig_flow){ 0, "10.0.0.1", 1, "1.1.1.1", 81, IPPROTO_TCP, 0, 0,
				   0, CONN_S0, 1, 0 });
	engine_rig_finish(r);
	assert_float_equal(r->evidence[0].evidence.confidence, 1, 1e-9);
	assert_float_equal(r->evidence[0].evidence.sum, 0.8, 1e-9);
	assert_true(r->evidence[0].evidence.counted);
	assert_float_equal(r->evidence[1].evidence.confidence, 0, 1e-9);
	assert_false(r->evidence[1].evidence.counted);
	assert_int_equal(r->alert_count, 0);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_says_where_the_other_party_is),
		cmocka_unit_test(the_level_of_a_kind_is_that_of_the_settings),
		cmocka_unit_test(states_live_as_long_as_their_scope),
		cmocka_unit_test(a_peer_is_news_once_in_each_window),
		cmocka_unit_test(what_is_weak_is_charged_for_three_subjects),
		cmocka_unit_test(peers_above_the_cap_are_counted),
		cmocka_unit_test(a_wait_is_due_at_its_time_and_in_order),
		cmocka_unit_test(the_end_cuts_waits_short_before_the_last_word),
		cmocka_unit_test(a_wait_whose_time_has_passed_is_not_cut_short),
		cmocka_unit_test(a_window_closes_one_width_after_its_end),
		cmocka_unit_test(what_comes_after_its_window_closed_goes_to_the_current_one),
		cmocka_unit_test(findings_over_the_cap_are_counted_and_told),
		cmocka_unit_test(a_window_has_64_waits_and_no_more),
		cmocka_unit_test(a_twin_is_charged_only_to_a_host_that_has_a_profile),
		cmocka_unit_test(what_the_site_shows_is_charged_to_hosts_that_never_acted),
		cmocka_unit_test(strangers_have_no_account),
		cmocka_unit_test(sketches_have_a_fixed_key_on_files_and_a_random_one_live),
		cmocka_unit_test(a_mark_is_seen_by_those_that_run_later),
		cmocka_unit_test(only_what_was_subscribed_is_shown),
		cmocka_unit_test(what_is_not_wanted_is_not_shown_and_costs_nothing),
		cmocka_unit_test(ids_are_unique_and_the_same_on_every_run),
		cmocka_unit_test(confidence_is_clipped_and_conviction_is_the_kinds_to_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
