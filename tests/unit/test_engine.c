/* The engine through its front door: frames in, records out. */
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__)
#define HEAP_OF_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAP_OF_SANITIZER
#endif
#endif
#ifdef HEAP_OF_SANITIZER
size_t __sanitizer_get_current_allocated_bytes(void); /* gcc ships no header for it */
#endif

static struct engine_rig *
rig_new(void)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	return r;
}

static void
feed(struct engine_rig *r, const struct build *b, size_t length, uint8_t *bytes, double at_s)
{
	struct frame f = build_frame(b, bytes, length, rig_ns(at_s));

	engine_packets(r->engine, &f, 1);
}

static void
udp(struct engine_rig *r, const char *src, uint16_t src_port, const char *dst, uint16_t dst_port,
	double at_s)
{
	struct build b = build_between(src, src_port, dst, dst_port);
	uint8_t bytes[BUILD_MAX];

	b.payload_bytes = 10;
	feed(r, &b, build_udp(bytes, &b), bytes, at_s);
}

static uint64_t
lost(const struct engine_rig *r, const char *reason)
{
	struct engine_stats s = engine_stats(r->engine);

	if (strcmp(reason, "flows") == 0)
		return s.flows_evicted;
	return strcmp(reason, "profiles") == 0 ? s.profiles_evicted : s.windows_refused;
}

static void
a_conversation_becomes_a_flow_a_profile_and_a_window(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	engine_rig_start(r);
	udp(r, "10.0.0.1", 1000, "10.0.0.2", 53, 0);
	udp(r, "10.0.0.2", 53, "10.0.0.1", 1000, 0.5);
	engine_rig_finish(r);
	assert_int_equal(r->flow_count, 1);
	assert_int_equal(r->flows[0].ended, FLOW_END_CAPTURE);
	assert_int_equal(r->flows[0].state, CONN_SF);
	assert_int_equal(r->flows[0].last_ns - r->flows[0].start_ns, NS_PER_S / 2);
	assert_int_equal(r->window_count, 1);
	assert_string_equal(r->windows[0].spelled, "10.0.0.2:53:17 2\n");
	assert_int_equal(r->totals.packets, 2);
	assert_int_equal(r->totals.hosts, 1);
	assert_int_equal(r->totals.first_ns, rig_ns(0));
	assert_int_equal(r->totals.last_ns, rig_ns(0.5));
	free(r);
}

/* Packets, bytes and flows of the window's first tuple, as the window closes. */
struct sums {
	int64_t number;
	struct tuple_sums sums;
	size_t letters;
};

static void
keep_sums(struct engine_rig *r, const struct record_window *w)
{
	struct sums *s = r->test;
	const struct tuple *t = w->tuples->first;

	s += r->window_count - 1;
	s->number = w->window.number;
	if (t == NULL)
		return;
	s->sums = t->sums[1];
	s->letters = t->letter_count;
	s->sums.packets += t->sums[0].packets;
	s->sums.flows += t->sums[0].flows;
}

static void
a_long_flow_spreads_its_packets_and_counts_once(void **state)
{
	struct engine_rig *r = rig_new();
	struct sums sums[8] = { 0 };

	(void)state;
	r->on_window = keep_sums;
	r->test = sums;
	engine_rig_start(r);
	for (int s = 0; s < 9000; s += 30) { /* two and a half hours, both ways */
		udp(r, "10.0.0.1", 1000, "10.0.0.2", 4500, s);
		udp(r, "10.0.0.2", 4500, "10.0.0.1", 1000, s + 1);
	}
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 3);
	uint64_t packets = 0;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sums[i].number, i + 1);
		assert_int_equal(
			sums[i].sums.flows, i == 0); /* charged to the window of its start */
		assert_int_equal(sums[i].letters, i == 0);
		assert_true(sums[i].sums.packets > 100);
		packets += sums[i].sums.packets;
	}
	assert_int_equal(packets, 600);
	free(r);
}

static void
grouping_frames_changes_no_record(void **state)
{
	enum { FRAMES = 200 };
	static uint8_t bytes[FRAMES][128];
	struct frame frames[FRAMES];
	struct engine_rig *one = rig_new();
	struct engine_rig *many = rig_new();

	(void)state;
	for (unsigned i = 0; i < FRAMES; i++) {
		char src[16];
		(void)snprintf(src, sizeof(src), "10.0.0.%u", i * 7 % 5 + 1);
		struct build b = build_between(src, (uint16_t)(1000 + i % 3), "10.0.9.9", 53);
		b.payload_bytes = i % 20;
		frames[i] = build_frame(&b, bytes[i], build_udp(bytes[i], &b), rig_ns(i * 3.7));
	}
	many->hash_key = (struct hash_key){ { 77, 88 } };
	engine_rig_start(one);
	engine_rig_start(many);
	for (unsigned i = 0; i < FRAMES; i++)
		engine_packets(one->engine, &frames[i], 1);
	for (unsigned i = 0, n = 0; i < FRAMES; i += n) {
		n = i % ENGINE_BATCH_MAX + 1;
		n = n > FRAMES - i ? FRAMES - i : n;
		engine_packets(many->engine, &frames[i], n);
	}
	engine_rig_finish(one);
	engine_rig_finish(many);
	assert_int_equal(one->flow_count, many->flow_count);
	assert_true(one->flow_count > 20);
	for (size_t i = 0; i < one->flow_count; i++) {
		assert_string_equal(one->flows[i].uid.text, many->flows[i].uid.text);
		assert_int_equal(
			one->flows[i].orig_total.packets, many->flows[i].orig_total.packets);
	}
	assert_int_equal(one->window_count, many->window_count);
	for (size_t i = 0; i < one->window_count; i++)
		assert_string_equal(one->windows[i].spelled, many->windows[i].spelled);
	free(one);
	free(many);
}

static void
a_live_engines_windows_begin_at_multiples_of_their_width(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct engine_rig *r = rig_new();
		r->live = i > 0;
		r->settings.windows.numbering = i < 2 ? NUMBERING_GLOBAL : NUMBERING_PROFILE;
		engine_rig_start(r);
		udp(r, "10.0.0.1", 1000, "10.0.0.2", 53, 1234.5);
		engine_rig_finish(r);
		uint64_t first_ns = rig_ns(1234.5);
		assert_int_equal(r->windows[0].window.window.start_ns,
			i == 1 ? first_ns - first_ns % r->settings.windows.width : first_ns);
		free(r);
	}
}

static void
a_jump_over_an_hour_is_told_once(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	engine_rig_start(r);
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53, 0);
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53, 3600);
	assert_int_equal(r->clock_jumps, 0);
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53,
		3600.0 * 24 * 365 * 20); /* no loop over 175 200 windows */
	assert_int_equal(r->clock_jumps, 1);
	assert_int_equal(r->window_count, 2);
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 3);
	free(r);
}

/* Hours that nobody lived through cost nothing, also where the clock was ahead of all of them. */
static void
flows_of_two_ages_before_the_clock_end_at_once(void **state)
{
	enum { YEARS_S = 365 * 86400, HOSTS = 1000 };
	struct engine_rig *r = rig_new();
	char src[ADDR_TEXT_MAX];

	(void)state;
	(void)alarm(100); /* seconds of the clock, and others may have most of them */
	engine_rig_start(r);
	engine_tick(r->engine, rig_ns(80.0 * YEARS_S));
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53, 0);
	for (unsigned i = 0; i < HOSTS; i++) {
		struct addr a = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		udp(r, addr_format(&a, src), 1, "10.0.0.2", 53, 50.0 * YEARS_S);
	}
	engine_tick(r->engine, rig_ns(80.0 * YEARS_S + 120));
	assert_int_equal(r->flow_count, 1 + HOSTS);
	engine_rig_finish(r);
	(void)alarm(0);
	free(r);
}

static void
time_never_goes_back_and_late_packets_keep_their_own(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	engine_rig_start(r);
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53, 100);
	udp(r, "10.0.0.3", 1, "10.0.0.2", 53, 50);
	engine_rig_finish(r);
	assert_int_equal(r->flow_count, 2);
	assert_int_equal(r->flows[1].start_ns, rig_ns(50));
	assert_int_equal(r->totals.first_ns, rig_ns(50));
	assert_int_equal(r->totals.last_ns, rig_ns(100));
	free(r);
}

static void
a_flood_of_hosts_evicts_and_loses_no_window(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	r->settings.memory.limit = UINT64_C(18) * 1024 * 1024;
	engine_rig_start(r);
	for (unsigned i = 0; i < 60000; i++) {
		char src[16];
		(void)snprintf(src, sizeof(src), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		udp(r, src, 1, "11.0.0.2", 53, i * 0.001);
	}
	assert_true(lost(r, "profiles") > 30000);
	assert_true(lost(r, "flows") > 0);
	struct engine_stats s = engine_stats(r->engine);
	assert_int_equal(s.profiles_made, s.profiles_evicted + s.profiles_active);
	assert_int_equal(s.windows_opened, r->window_count + s.windows_open);
	assert_int_equal(s.windows_refused, 0);
	assert_int_equal(s.windows_truncated, 0); /* those that are open find chunks to go on */
	engine_rig_finish(r);
	assert_int_equal(r->totals.windows, r->window_count);
	assert_int_equal(r->totals.flows, 60000);
	free(r);
}

static void
a_host_that_really_talks_survives_the_flood(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	r->settings.memory.limit = UINT64_C(20) * 1024 * 1024;
	r->settings.flow.interim = NS_PER_S;
	engine_rig_start(r);
	for (unsigned i = 0; i < 30000; i++) {
		char src[16];
		(void)snprintf(src, sizeof(src), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		udp(r, src, 1, "11.0.0.2", 53, i * 0.001);
		if (i % 100 == 0) {
			udp(r, "172.16.0.1", 7, "11.0.0.3", 4500, i * 0.001);
			udp(r, "11.0.0.3", 4500, "172.16.0.1", 7, i * 0.001);
		}
	}
	assert_true(lost(r, "profiles") > 10000);
	engine_rig_finish(r);
	struct addr host = rig_addr("172.16.0.1");
	unsigned windows = 0;
	for (size_t i = 0; i < r->window_count && i < 256; i++)
		windows += addr_equal(&r->windows[i].window.host, &host);
	assert_int_equal(windows, 0); /* not among the first 256 to go: it was there to the end */
	free(r);
}

static void
dns_names_what_it_answers(void **state)
{
	static const uint8_t answer[] = { 0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'x', 0, 0, 1,
		0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 93, 184, 216, 34 };
	struct engine_rig *r = rig_new();
	uint8_t bytes[BUILD_MAX];

	(void)state;
	engine_rig_start(r);
	struct build b = build_between("8.8.8.8", 53, "10.0.0.1", 1000);
	b.payload = answer;
	b.payload_bytes = sizeof(answer);
	feed(r, &b, build_udp(bytes, &b), bytes, 0);
	engine_rig_finish(r);
	assert_string_equal(r->flows[0].service, "dns");
	free(r);
}

static struct record_loss_span kept_spans[8];
static size_t kept_span_count;

static void
keep_span(struct engine_rig *r, const struct record *record)
{
	(void)r;
	if (record->kind == RECORD_LOSS_SPAN && kept_span_count < 8)
		kept_spans[kept_span_count++] = *record->loss_span;
}

static void
assert_span(size_t i, const char *reason, double from_s, double to_s, uint64_t count)
{
	assert_true(i < kept_span_count);
	assert_string_equal(kept_spans[i].reason, reason);
	assert_string_equal(kept_spans[i].interface, "");
	assert_int_equal(kept_spans[i].from_ns, rig_ns(from_s));
	assert_int_equal(kept_spans[i].to_ns, rig_ns(to_s));
	assert_int_equal(kept_spans[i].count, count);
}

/* Alone in its second a packet is lost at its own time; among others within that second. */
static void
what_is_lost_is_told_with_its_time(void **state)
{
	struct engine_rig *r = rig_new();
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 53);
	uint8_t bytes[BUILD_MAX];

	(void)state;
	r->on_record = keep_span;
	kept_span_count = 0;
	engine_rig_start(r);
	size_t length = build_udp(bytes, &b);
	feed(r, &b, length, bytes, 0);
	feed(r, &b, 20, bytes, 1000.5);
	feed(r, &b, length, bytes, 2000.1);
	assert_int_equal(kept_span_count, 0);
	feed(r, &b, 20, bytes, 2000.2);
	feed(r, &b, 20, bytes, 2000.4);
	feed(r, &b, length, bytes, 2000.9);
	feed(r, &b, length, bytes, 2001);
	feed(r, &b, length, bytes, 2000.0 + 3602); /* a jump is told by itself, and only so */
	feed(r, &b, length, bytes, 2000.0 + 2 * 3602);
	engine_rig_finish(r);
	assert_int_equal(kept_span_count, 2);
	assert_span(0, "ip_short", 1000.5, 1000.5, 1);
	assert_span(1, "ip_short", 2000.1, 2000.9, 2);
	assert_true(r->clock_jumps > 0);
	free(r);
}

static void
what_is_lost_in_the_last_second_is_told_at_the_end(void **state)
{
	struct engine_rig *r = rig_new();
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 53);
	uint8_t bytes[BUILD_MAX];

	(void)state;
	r->on_record = keep_span;
	kept_span_count = 0;
	engine_rig_start(r);
	(void)build_udp(bytes, &b);
	feed(r, &b, 20, bytes, 5);
	engine_rig_finish(r);
	assert_int_equal(kept_span_count, 1);
	assert_span(0, "ip_short", 5, 5, 1);
	free(r);
}

/* When a state is restored. */
static void
what_is_lost_before_the_first_packet_has_its_time(void **state)
{
	struct engine_rig *r = rig_new();
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 53);
	uint8_t bytes[BUILD_MAX];

	(void)state;
	r->on_record = keep_span;
	kept_span_count = 0;
	engine_rig_start(r);
	r->engine->stats.windows_refused = 3;
	feed(r, &b, build_udp(bytes, &b), bytes, 5);
	engine_rig_finish(r);
	assert_int_equal(kept_span_count, 1);
	assert_span(0, "windows_refused", 5, 5, 3);
	free(r);
}

static void
anomalies_are_counted_by_reason(void **state)
{
	struct engine_rig *r = rig_new();
	uint8_t bytes[BUILD_MAX];

	(void)state;
	engine_rig_start(r);
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 53);
	b.bad_ip_checksum = true;
	size_t length = build_udp(bytes, &b);
	feed(r, &b, length, bytes, 0);
	feed(r, &b, 20, bytes, 0);
	struct engine_stats s = engine_stats(r->engine);
	assert_int_equal(s.anomalies[ANOMALY_IP_CHECKSUM], 1);
	assert_int_equal(s.anomalies[ANOMALY_IP_SHORT], 1);
	assert_int_equal(s.packets, 2);
	assert_int_equal(s.flows_started, 1); /* a bad checksum is never a reason to ignore */
	engine_rig_finish(r);
	free(r);
}

static void
a_wrong_transport_checksum_is_counted_and_the_packet_counts(void **state)
{
	uint8_t bytes[BUILD_MAX];

	(void)state;
	for (int asked = 0; asked < 2; asked++) {
		struct engine_rig *r = rig_new();
		r->settings.flow.checksums = asked == 1;
		engine_rig_start(r);
		struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 53);
		b.payload_bytes = 10;
		feed(r, &b, build_udp(bytes, &b), bytes, 0);
		b.bad_checksum = true;
		feed(r, &b, build_udp(bytes, &b), bytes, 0);
		struct engine_stats s = engine_stats(r->engine);
		assert_int_equal(s.anomalies[ANOMALY_TRANSPORT_CHECKSUM], asked);
		engine_rig_finish(r);
		assert_int_equal(r->flows[0].orig_total.packets, 2);
		free(r);
	}
}

static void
arp_is_shown_to_the_profile_of_its_sender(void **state)
{
	struct engine_rig *r = rig_new();
	uint8_t bytes[BUILD_MAX];

	(void)state;
	engine_rig_start(r);
	struct build b = build_between("10.0.0.1", 0, "10.0.0.2", 0);
	feed(r, &b, build_arp(bytes, &b), bytes, 0);
	b = build_between("0.0.0.0", 0, "10.0.0.2", 0); /* a probe has no sender */
	feed(r, &b, build_arp(bytes, &b), bytes, 1);
	engine_rig_finish(r);
	assert_int_equal(r->totals.hosts, 1);
	struct addr sender = rig_addr("10.0.0.1");
	assert_true(addr_equal(&r->windows[0].window.host, &sender));
	free(r);
}

/* Bytes on the heap now. The sanitizer has an allocator of its own. */
static size_t
heap_bytes(void)
{
#ifdef HEAP_OF_SANITIZER
	return __sanitizer_get_current_allocated_bytes();
#else
	return mallinfo2().uordblks;
#endif
}

static void
nothing_is_allocated_on_the_packet_path(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	engine_rig_start(r);
	udp(r, "10.0.0.1", 1, "10.0.0.2", 53, 0);
	size_t before = heap_bytes();
	for (unsigned i = 0; i < 3000; i++)
		udp(r, i % 2 == 0 ? "10.0.0.1" : "10.0.0.3", (uint16_t)i, "10.0.0.2", 53, i);
	assert_int_equal(heap_bytes(), before);
	void *control = malloc(100); /* the measure does see one */
	assert_true(heap_bytes() >= before + 100);
	free(control);
	engine_rig_finish(r);
	free(r);
}

static void
a_limit_that_cannot_work_is_refused(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	r->settings.memory.limit = UINT64_C(1024) * 1024;
	assert_null(engine_new(&(struct engine_plan){ .settings = &r->settings }));
	engine_free(NULL);
	free(r);
}

static void
the_areas_add_up_to_the_limit(void **state)
{
	struct engine_rig *r = rig_new();
	uint64_t sum = 0;

	(void)state;
	engine_rig_start(r);
	for (const struct engine_area *a = engine_areas(r->engine); a->name != NULL; a++)
		sum += a->bytes;
	assert_int_equal(sum, r->settings.memory.limit);
	engine_rig_finish(r);
	free(r);
}

static void
what_the_rings_take_comes_off_the_limit(void **state)
{
	struct engine_rig *r = rig_new();
	struct engine_plan plan = { .settings = &r->settings };
	uint64_t sum = 0;

	(void)state;
	r->settings.memory.limit = UINT64_C(64) << 20;
	plan.ring_bytes = UINT64_C(49) << 20; /* 15 MiB are left, 14 of them for the process */
	assert_null(engine_new(&plan));
	plan.ring_bytes = UINT64_C(16) << 20;
	struct engine *e = engine_new(&plan);
	assert_non_null(e);
	for (const struct engine_area *a = engine_areas(e); a->name != NULL; a++) {
		sum += a->bytes;
		if (strcmp(a->name, "rings") == 0)
			assert_int_equal(a->bytes, UINT64_C(16) << 20);
	}
	assert_int_equal(sum, r->settings.memory.limit);
	engine_free(e);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_becomes_a_flow_a_profile_and_a_window),
		cmocka_unit_test(a_long_flow_spreads_its_packets_and_counts_once),
		cmocka_unit_test(grouping_frames_changes_no_record),
		cmocka_unit_test(a_live_engines_windows_begin_at_multiples_of_their_width),
		cmocka_unit_test(a_jump_over_an_hour_is_told_once),
		cmocka_unit_test(flows_of_two_ages_before_the_clock_end_at_once),
		cmocka_unit_test(time_never_goes_back_and_late_packets_keep_their_own),
		cmocka_unit_test(a_flood_of_hosts_evicts_and_loses_no_window),
		cmocka_unit_test(a_host_that_really_talks_survives_the_flood),
		cmocka_unit_test(dns_names_what_it_answers),
		cmocka_unit_test(what_is_lost_is_told_with_its_time),
		cmocka_unit_test(what_is_lost_in_the_last_second_is_told_at_the_end),
		cmocka_unit_test(what_is_lost_before_the_first_packet_has_its_time),
		cmocka_unit_test(anomalies_are_counted_by_reason),
		cmocka_unit_test(a_wrong_transport_checksum_is_counted_and_the_packet_counts),
		cmocka_unit_test(arp_is_shown_to_the_profile_of_its_sender),
		cmocka_unit_test(nothing_is_allocated_on_the_packet_path),
		cmocka_unit_test(a_limit_that_cannot_work_is_refused),
		cmocka_unit_test(the_areas_add_up_to_the_limit),
		cmocka_unit_test(what_the_rings_take_comes_off_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
