/* test_engine_window_tell.c -- which windows and addresses are told when, and that a full sink loses none. */
#include "daemon/engine/engine_window_tell.h"

#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "daemon/knowledge/geo.h"
#include "daemon/transactions/dns.h"
#include "detectors/detector.h"

#include "tests/support/engine_rig.h"
#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maxminddb.h>

#include <cmocka.h>

#define ADDR_OF_PEER   addr_v4(1, 1, 1, 1)
#define ADDR_OF_SERVER addr_v4(10, 0, 0, 53)

/* What was told, in order: "a 10.0.0.1\n", "s 10.0.0.1 3\n" (so far, tuples), "w 10.0.0.1 3\n". */
struct told {
	char text[4096];
	size_t length;
	unsigned rooms; /* how often there is room still */
};

static void
on_record(struct engine_rig *r, const struct record *record)
{
	struct told *t = r->test;
	char host[ADDR_TEXT_MAX];
	int n = 0;
	char *at = t->text + t->length;
	size_t left = sizeof(t->text) - t->length;

	if (record->kind == RECORD_ADDRESS) {
		n = snprintf(at, left, "a %s\n", addr_format(&record->address->addr, host));
	} else if (record->kind == RECORD_WINDOW || record->kind == RECORD_WINDOW_SO_FAR) {
		n = snprintf(at, left, "%c %s %u\n", record->kind == RECORD_WINDOW ? 'w' : 's',
			addr_format(&record->window->host, host),
			(unsigned)record->window->tuples->count);
	}
	t->length += (size_t)n;
}

static bool
rooms(void *context)
{
	const struct engine_rig *r = context;
	struct told *t = r->test;

	if (t->rooms == 0)
		return false;
	t->rooms--;
	return true;
}

static struct engine_rig *
rig(uint32_t wanted)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	r->wanted = wanted;
	r->on_record = on_record;
	r->test = calloc(1, sizeof(struct told));
	return r;
}

static void
rig_end(struct engine_rig *r)
{
	engine_rig_finish(r);
	free(r->test);
	free(r);
}

static void
flow(struct engine_rig *r, double at_s, const char *orig, const char *resp)
{
	engine_rig_flow(r, &(struct rig_flow){ at_s, orig, 40000, resp, 443, IPPROTO_TCP, 0.5, 100,
				   200, CONN_SF, 5, 5 });
}

/* What was told since the last look is this. */
static void
tells(struct engine_rig *r, const char *text)
{
	struct told *t = r->test;

	assert_string_equal(t->text, text);
	t->length = 0;
	t->text[0] = '\0';
}

enum {
	ALL = RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_WINDOW_SO_FAR) |
	      RECORD_BIT(RECORD_ADDRESS)
};

static void
a_window_that_changed_is_told_when_somebody_asks_and_once(void **state)
{
	struct engine_rig *r = rig(ALL);

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	tells(r, "");
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	tells(r, "a 10.0.0.1\na 203.0.113.9\ns 10.0.0.1 1\n");
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	/* Not again within a second of packet time, and then with who is new. */
	flow(r, 0.9, "10.0.0.1", "203.0.113.10");
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	engine_tick(r->engine, rig_ns(1.6));
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	tells(r, "a 203.0.113.10\ns 10.0.0.1 2\n");
	engine_tick(r->engine, rig_ns(5));
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	rig_end(r);
}

static void
who_waits_longest_is_told_first_and_no_more_than_asked_for(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW_SO_FAR));

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	flow(r, 0, "10.0.0.2", "203.0.113.9");
	flow(r, 0, "10.0.0.3", "203.0.113.9");
	assert_int_equal(engine_tell_windows(r->engine, 2), 2);
	tells(r, "s 10.0.0.1 1\ns 10.0.0.2 1\n");
	assert_int_equal(engine_tell_windows(r->engine, 2), 1);
	tells(r, "s 10.0.0.3 1\n");
	rig_end(r);
}

static void
without_room_windows_wait_and_are_not_lost(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW_SO_FAR));
	struct told *t = r->test;

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	r->has_room = rooms;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	flow(r, 0, "10.0.0.2", "203.0.113.9");
	t->rooms = 1;
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	tells(r, "s 10.0.0.1 1\n");
	t->rooms = 10;
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	tells(r, "s 10.0.0.2 1\n");
	rig_end(r);
}

static void
who_does_not_ask_for_open_windows_gets_those_that_closed(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW));

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	engine_tick(r->engine, rig_ns(3 * 3600));
	tells(r, "w 10.0.0.1 1\n");
	rig_end(r);
}

static void
a_window_that_closes_is_told_once_more_and_no_longer_waits(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_WINDOW_SO_FAR));

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	engine_tick(r->engine, rig_ns(3 * 3600));
	tells(r, "w 10.0.0.1 1\n");
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	rig_end(r);
}

static void
without_room_windows_stay_open_for_two_seconds_at_most(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW));
	struct told *t = r->test;
	/* It closes one width after its end. */
	const double closes_s = 2 * 3600;

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	r->has_room = rooms;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	flow(r, 0, "10.0.0.2", "203.0.113.9");
	engine_tick(r->engine, rig_ns(closes_s + 1));
	tells(r, "");
	t->rooms = 1;
	engine_tick(r->engine, rig_ns(closes_s + 1.5));
	tells(r, "w 10.0.0.1 1\n");
	engine_tick(r->engine, rig_ns(closes_s + 1.9));
	tells(r, "");
	engine_tick(r->engine, rig_ns(closes_s + 2.9));
	tells(r, "w 10.0.0.2 1\n");
	rig_end(r);
}

static const struct evidence_kind woken = {
	.name = "SEEN", .signature_id = 1, .technique = "", .unit = "flows", .title = "Seen"
};
static const struct evidence_kind *const kinds[] = { &woken, NULL };

static void
wait_observe(struct detect *d, const struct observation *o)
{
	assert_true(detect_wake_at(d, o->ts_ns + 10 * NS_PER_S, NULL));
}

static void
wait_wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	(void)what;
	(void)now_ns;
	assert_false(early);
	evidence_raise(d, &(struct finding){ .kind = &woken, .confidence = 1 }, "woken");
}

static const struct detector waiter = {
	.name = "waiter",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.kinds = kinds,
	.observe = wait_observe,
	.wake = wait_wake,
};

/* Behind one that closes, it keeps its place. */
static void
what_a_detector_waits_for_needs_no_room(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW) | RECORD_BIT(RECORD_EVIDENCE));
	const double closes_s = 2 * 3600;

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	r->has_room = rooms;
	engine_rig_detector(r, &waiter, NULL);
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	engine_tick(r->engine, rig_ns(11));
	assert_int_equal(r->evidence_count, 1);
	flow(r, closes_s - 9, "10.0.0.2", "203.0.113.9");
	engine_tick(r->engine, rig_ns(closes_s + 1.9));
	assert_int_equal(r->evidence_count, 1);
	engine_tick(r->engine, rig_ns(closes_s + 2.9));
	tells(r, "w 10.0.0.1 1\n");
	assert_int_equal(r->evidence_count, 2);
	rig_end(r);
}

static void
many_tuples_make_a_window_wait_longer(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW_SO_FAR));
	char peer[32];

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(peer, sizeof(peer), "203.0.%u.%u", i / 250, i % 250);
		flow(r, 0, "10.0.0.1", peer);
	}
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	tells(r, "s 10.0.0.1 1000\n");
	flow(r, 0.1, "10.0.0.1", "203.0.113.9");
	engine_tick(r->engine, rig_ns(1.9));
	assert_int_equal(engine_tell_windows(r->engine, 10), 0);
	engine_tick(r->engine, rig_ns(2.1));
	assert_int_equal(engine_tell_windows(r->engine, 10), 1);
	rig_end(r);
}

static void
an_address_is_told_again_after_a_minute(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW_SO_FAR) | RECORD_BIT(RECORD_ADDRESS));

	(void)state;
	r->settings.direction = DIRECTION_OUT;
	engine_rig_start(r);
	flow(r, 0, "10.0.0.1", "203.0.113.9");
	(void)engine_tell_windows(r->engine, 10);
	tells(r, "a 10.0.0.1\na 203.0.113.9\ns 10.0.0.1 1\n");
	flow(r, 30, "10.0.0.2", "203.0.113.9");
	(void)engine_tell_windows(r->engine, 10);
	tells(r, "a 10.0.0.2\ns 10.0.0.2 1\n");
	flow(r, 61, "10.0.0.3", "203.0.113.9");
	(void)engine_tell_windows(r->engine, 10);
	tells(r, "a 10.0.0.3\na 203.0.113.9\ns 10.0.0.3 1\n");
	rig_end(r);
}

static void
keep_peer(struct engine_rig *r, const struct record *record)
{
	const struct record_address *a = record->address;
	const struct addr peer = ADDR_OF_PEER;
	const struct addr server = ADDR_OF_SERVER;
	struct told *t = r->test;

	if (record->kind != RECORD_ADDRESS || !addr_equal(&a->addr, &peer))
		return;
	assert_false(a->is_private);
	assert_string_equal(a->country, "NL");
	assert_int_equal(a->asn, 64496);
	assert_int_equal(a->name_count, 1);
	assert_string_equal(a->names[0].text, "x.example");
	assert_string_equal(a->names[0].source, "dns");
	assert_true(addr_equal(&a->names[0].told_by, &server));
	assert_true(a->names[0].is_believed);
	t->length++;
}

static void
an_address_is_told_with_its_place_and_names(void **state)
{
	struct engine_rig *r = rig(RECORD_BIT(RECORD_WINDOW_SO_FAR) | RECORD_BIT(RECORD_ADDRESS));
	const struct told *t = r->test;
	struct scratch *scratch = scratch_new();
	struct dns_answer answer = { .addr = ADDR_OF_PEER, .ttl_s = 60 };
	struct obs_dns dns = { .client = addr_v4(10, 0, 0, 1),
		.server = ADDR_OF_SERVER,
		.query = "x.example",
		.answers = &answer,
		.answer_count = 1 };
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
	r->settings.direction = DIRECTION_OUT;
	r->on_record = keep_peer;
	engine_rig_start(r);
	site_learn(r->engine->site,
		&(struct observation){ .kind = OBS_DNS, .ts_ns = rig_ns(0), .dns = &dns });
	flow(r, 0, "10.0.0.1", "1.1.1.1");
	(void)engine_tell_windows(r->engine, 10);
	assert_int_equal(t->length, 1);
	geo_free(r->geo);
	scratch_free(scratch);
	rig_end(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_that_changed_is_told_when_somebody_asks_and_once),
		cmocka_unit_test(who_waits_longest_is_told_first_and_no_more_than_asked_for),
		cmocka_unit_test(without_room_windows_wait_and_are_not_lost),
		cmocka_unit_test(who_does_not_ask_for_open_windows_gets_those_that_closed),
		cmocka_unit_test(a_window_that_closes_is_told_once_more_and_no_longer_waits),
		cmocka_unit_test(without_room_windows_stay_open_for_two_seconds_at_most),
		cmocka_unit_test(what_a_detector_waits_for_needs_no_room),
		cmocka_unit_test(many_tuples_make_a_window_wait_longer),
		cmocka_unit_test(an_address_is_told_again_after_a_minute),
		cmocka_unit_test(an_address_is_told_with_its_place_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
