/* test_engine_packet.c -- fragments on their way through the engine: a datagram is one packet, or none. */
#include "daemon/engine/engine_state.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DATA = 200, FIRST = 104 };

/* What OBS_WEIRD told. */
struct watched {
	unsigned count[WEIRD_COUNT];
	struct obs_weird last;
};

static void
observe(struct detect *d, const struct observation *o)
{
	struct watched *w = *(struct watched *const *)d->config;

	w->count[o->weird->kind]++;
	w->last = *o->weird;
}

static const struct detector watcher = {
	.name = "watcher", .subscribes = OBS_BIT(OBS_WEIRD), .observe = observe
};

struct fixture {
	struct engine_rig rig;
	struct watched watched, *config;
	uint8_t datagram[2048]; /* a frame whose IP payload is cut into parts */
	uint8_t bytes[2048];
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->config = &f->watched;
	engine_rig_init(&f->rig);
	engine_rig_detector(&f->rig, &watcher, &f->config);
	engine_rig_start(&f->rig);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	if (f->rig.engine != NULL)
		engine_rig_finish(&f->rig);
	free(f);
	return 0;
}

/* The bytes [from, to) of a UDP datagram with DATA bytes, as a fragment. */
static struct build
part(struct fixture *f, const char *src, const char *dst, unsigned from, unsigned to)
{
	struct build whole = build_between(src, 4000, dst, 9000);
	struct build b = whole;

	whole.payload_bytes = DATA;
	(void)build_udp(f->datagram, &whole);
	b.ip_proto = IPPROTO_UDP;
	b.ip_id = 7;
	b.is_fragment = true;
	b.fragment_offset = (uint16_t)(from / 8);
	b.more_fragments = to < 8 + DATA;
	b.payload = f->datagram + build_link_bytes(&whole) + (addr_is_v4(&b.src) ? 20 : 40) + from;
	b.payload_bytes = to - from;
	return b;
}

static void
feed(struct fixture *f, const struct build *b, double at_s, uint16_t interface)
{
	struct frame frame = build_frame(b, f->bytes, build_ip(f->bytes, b), rig_ns(at_s));

	frame.interface = interface;
	engine_packets(f->rig.engine, &frame, 1);
}

static void
a_datagram_in_parts_is_one_packet_of_its_flow(void **state)
{
	static const char *const ends[][2] = { { "10.0.0.1", "10.0.0.2" },
		{ "2001:db8::1", "2001:db8::2" } };
	struct fixture *f = *state;

	for (size_t i = 0; i < 2; i++) {
		struct build first = part(f, ends[i][0], ends[i][1], 0, FIRST);
		feed(f, &first, 0, 0);
		assert_int_equal(engine_stats(f->rig.engine).flows_started, i);
		struct build last = part(f, ends[i][0], ends[i][1], FIRST, 8 + DATA);
		feed(f, &last, 1, 0);
		assert_int_equal(engine_stats(f->rig.engine).flows_started, i + 1);
	}
	struct engine_stats s = engine_stats(f->rig.engine);
	assert_int_equal(s.packets, 4); /* frames are still frames */
	assert_int_equal(s.anomalies[ANOMALY_TRANSPORT_CHECKSUM], 0);
	engine_rig_finish(&f->rig);
	for (size_t i = 0; i < 2; i++) {
		const struct obs_flow *o = &f->rig.flows[i];
		assert_int_equal(o->orig_port, 4000);
		assert_int_equal(o->resp_port, 9000);
		assert_int_equal(o->orig_total.packets, 1);
		assert_int_equal(o->orig_total.payload_bytes, DATA);
		assert_int_equal(o->orig_total.ip_bytes, (i == 0 ? 28 : 48) + DATA);
		assert_int_equal(o->start_ns, rig_ns(1)); /* when it was whole */
	}
}

static void
a_wrong_checksum_of_the_whole_is_noted(void **state)
{
	struct fixture *f = *state;
	struct build first = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);
	struct build last = part(f, "10.0.0.1", "10.0.0.2", FIRST, 8 + DATA);

	feed(f, &first, 0, 0);
	f->datagram[60 + FIRST] ^= 1;
	feed(f, &last, 0, 0);
	assert_int_equal(engine_stats(f->rig.engine).anomalies[ANOMALY_TRANSPORT_CHECKSUM], 1);
}

/* Nobody reads what is not whole, so nobody is charged with it. */
static void
parts_without_the_rest_are_no_packet(void **state)
{
	struct fixture *f = *state;
	struct build first = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);

	feed(f, &first, 0, 0);
	assert_int_equal(engine_stats(f->rig.engine).fragments.waiting, 1);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.flow_count, 0);
}

static void
of_parts_that_the_capture_cut_the_first_stands_for_all(void **state)
{
	struct fixture *f = *state;

	for (unsigned from = 0; from <= FIRST; from += FIRST) {
		struct build b = part(f, "10.0.0.1", "10.0.0.2", from, from + FIRST);
		struct frame frame = build_frame(&b, f->bytes, build_ip(f->bytes, &b), rig_ns(0));
		frame.captured = 64;
		engine_packets(f->rig.engine, &frame, 1);
	}
	assert_int_equal(engine_stats(f->rig.engine).fragments.fragments, 0);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.flow_count, 1);
	assert_int_equal(f->rig.flows[0].orig_total.packets, 1);
	assert_int_equal(f->rig.flows[0].orig_total.ip_bytes, 20 + FIRST);
}

/* A bridge shows every part twice: two datagrams of the same, one of them a copy. */
static void
parts_on_two_interfaces_are_a_packet_and_its_copy(void **state)
{
	struct fixture *f = *state;
	struct build first = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);
	struct build last = part(f, "10.0.0.1", "10.0.0.2", FIRST, 8 + DATA);

	feed(f, &first, 0, 0);
	feed(f, &first, 0, 1);
	feed(f, &last, 0, 0);
	feed(f, &last, 0, 1);
	struct engine_stats s = engine_stats(f->rig.engine);
	assert_int_equal(s.fragments.whole, 2);
	assert_int_equal(s.duplicates, 1);
	assert_int_equal(s.weird[WEIRD_FRAGMENT_OVERLAP], 0);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.flow_count, 1);
	assert_int_equal(f->rig.flows[0].orig_total.packets, 1);
}

static void
what_is_odd_is_counted_and_told_with_the_ends_of_the_part_that_showed_it(void **state)
{
	struct fixture *f = *state;
	struct build b = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);

	feed(f, &b, 0, 0);
	b.payload = NULL; /* other bytes */
	feed(f, &b, 0, 0);
	assert_int_equal(f->watched.count[WEIRD_FRAGMENT_DIFFERENT], 1);
	assert_int_equal(engine_stats(f->rig.engine).weird[WEIRD_FRAGMENT_DIFFERENT], 1);
	assert_true(addr_equal(&f->watched.last.src, &b.src));
	assert_int_equal(f->watched.last.ip_proto, IPPROTO_UDP);
	b = part(f, "10.0.0.1", "10.0.0.2", FIRST, FIRST + 9); /* two at once */
	b.fragment_offset = 8191;
	b.more_fragments = true;
	feed(f, &b, 0, 0);
	assert_int_equal(f->watched.count[WEIRD_FRAGMENT_OVERSIZE], 1);
	assert_int_equal(f->watched.count[WEIRD_FRAGMENT_LENGTH], 1);
	assert_int_equal(f->watched.last.src_port, 0);
}

/* A part of a datagram is of no conversation yet. */
static void
an_oddity_has_the_name_of_its_conversation(void **state)
{
	struct fixture *f = *state;
	struct build b = build_between("10.0.0.1", 40000, "10.0.0.2", 53);

	b.flags = TCP_SYN;
	b.payload_bytes = 20;
	struct frame frame = build_frame(&b, f->bytes, build_tcp(f->bytes, &b), rig_ns(0));
	engine_packets(f->rig.engine, &frame, 1);
	assert_int_equal(f->watched.count[WEIRD_STREAM_SYN_DATA], 1);
	struct obs_weird told = f->watched.last;
	b = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);
	b.payload_bytes = 9;
	feed(f, &b, 0, 0);
	assert_int_equal(f->watched.last.id, 0);
	assert_string_equal(f->watched.last.uid.text, "");
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.flow_count, 1);
	assert_int_equal(told.id, f->rig.flows[0].id);
	assert_string_equal(told.uid.text, f->rig.flows[0].uid.text);
}

/* Ten at once, then one a minute that says how many it stands for; all are counted. */
static void
a_flood_of_oddities_is_counted_and_a_few_are_written(void **state)
{
	struct fixture *f = *state;
	struct build b = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);

	b.payload_bytes = 9;
	for (unsigned i = 0; i < 9; i++)
		feed(f, &b, 0, 1);
	assert_int_equal(f->rig.weird_count, 9);
	for (unsigned i = 0; i < 100; i++)
		feed(f, &b, 0, 1);
	assert_int_equal(f->rig.weird_count, 10);
	assert_int_equal(f->watched.count[WEIRD_FRAGMENT_LENGTH], 109);
	feed(f, &b, 60, 2);
	assert_int_equal(f->rig.weird_count, 11);
	assert_int_equal(f->rig.weirds[10].swallowed, 99);
	assert_int_equal(f->rig.weirds[10].interface, 2);
	assert_int_equal(f->rig.weirds[10].weird.kind, WEIRD_FRAGMENT_LENGTH);
	assert_int_equal(f->rig.weirds[9].swallowed, 0);
	/* another kind has its own */
	b.fragment_offset = 8191;
	b.payload_bytes = 16;
	feed(f, &b, 60, 0);
	assert_int_equal(f->rig.weird_count, 12);
	assert_int_equal(f->rig.weirds[11].weird.kind, WEIRD_FRAGMENT_OVERSIZE);
}

static void
totals_tell_the_kinds_that_were_seen(void **state)
{
	struct fixture *f = *state;
	struct build b = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);

	b.payload_bytes = 9;
	feed(f, &b, 0, 0);
	feed(f, &b, 0, 0);
	engine_rig_finish(&f->rig);
	assert_int_equal(f->rig.totals.weird_count, 1);
	assert_int_equal(f->rig.first_weird.count, 2);
	assert_string_equal(f->rig.first_weird.reason, "fragment_length");
}

/* Fragments of a fragment could go on for ever. */
static void
a_datagram_that_is_a_fragment_again_goes_no_further(void **state)
{
	struct fixture *f = *state;
	struct build inner = build_between("2001:db8::1", 4000, "2001:db8::2", 9000);

	inner.is_fragment = true;
	inner.more_fragments = true;
	inner.payload_bytes = DATA;
	(void)build_udp(f->datagram, &inner);
	for (unsigned from = 0; from <= FIRST; from += FIRST) {
		struct build b = build_between("2001:db8::1", 0, "2001:db8::2", 0);
		b.ip_proto = 44;
		b.is_fragment = true;
		b.fragment_offset = (uint16_t)(from / 8);
		b.more_fragments = from == 0;
		b.payload = f->datagram + 14 + 40 + from;
		b.payload_bytes = FIRST;
		feed(f, &b, 0, 0);
	}
	assert_int_equal(f->watched.count[WEIRD_FRAGMENT_NESTED], 1);
	assert_int_equal(engine_stats(f->rig.engine).fragments.whole, 1);
	assert_int_equal(engine_stats(f->rig.engine).fragments.waiting, 0);
	assert_int_equal(engine_stats(f->rig.engine).flows_started, 0);
}

static void
time_alone_ends_the_wait(void **state)
{
	struct fixture *f = *state;
	struct build first = part(f, "10.0.0.1", "10.0.0.2", 0, FIRST);

	feed(f, &first, 0, 0);
	engine_tick(f->rig.engine, rig_ns(29));
	assert_int_equal(engine_stats(f->rig.engine).fragments.waiting, 1);
	engine_tick(f->rig.engine, rig_ns(30));
	assert_int_equal(engine_stats(f->rig.engine).fragments.waiting, 0);
	assert_int_equal(engine_stats(f->rig.engine).fragments.incomplete, 1);
}

#define WITH_ENGINE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ENGINE(a_datagram_in_parts_is_one_packet_of_its_flow),
		WITH_ENGINE(a_wrong_checksum_of_the_whole_is_noted),
		WITH_ENGINE(parts_without_the_rest_are_no_packet),
		WITH_ENGINE(of_parts_that_the_capture_cut_the_first_stands_for_all),
		WITH_ENGINE(parts_on_two_interfaces_are_a_packet_and_its_copy),
		WITH_ENGINE(
			what_is_odd_is_counted_and_told_with_the_ends_of_the_part_that_showed_it),
		WITH_ENGINE(an_oddity_has_the_name_of_its_conversation),
		WITH_ENGINE(a_flood_of_oddities_is_counted_and_a_few_are_written),
		WITH_ENGINE(totals_tell_the_kinds_that_were_seen),
		WITH_ENGINE(a_datagram_that_is_a_fragment_again_goes_no_further),
		WITH_ENGINE(time_alone_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
