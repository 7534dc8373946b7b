/* test_fragments.c -- what belongs together, what is waited for and how long, and who goes when it is full. */
#include "daemon/reassembly/fragments.h"

#include "daemon/base/table.h"
#include "daemon/base/time_text.h"
#include "daemon/reassembly/datagram.h"
#include "daemon/weird.h"
#include "tests/support/decode_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define START_NS   (1000 * NS_PER_S)
#define TIMEOUT_NS (30 * NS_PER_S)

enum { LARGE = 4 << 20 };

static struct fragments *
table_of(uint64_t bytes)
{
	struct fragments *f = fragments_new(&(struct fragments_plan){
		.bytes = bytes, .timeout_ns = TIMEOUT_NS, .hash_key = { { 1, 2 } } });

	assert_non_null(f);
	return f;
}

/* A table in which `n` datagrams wait, no more. */
static struct fragments *
table_for(uint64_t n)
{
	uint64_t bytes = 1000;

	for (;; bytes += 500) {
		struct fragments *f = table_of(bytes);
		if (fragments_stats(f).capacity == n)
			return f;
		assert_true(fragments_stats(f).capacity < n);
		fragments_free(f);
	}
}

static struct build
part(uint16_t id, unsigned offset, bool more)
{
	struct build b = build_between("10.0.0.1", 4000, "10.0.0.2", 53);

	b.ip_proto = 17;
	b.ip_id = id;
	b.fragment_offset = (uint16_t)(offset / 8);
	b.more_fragments = more;
	b.is_fragment = true;
	b.payload_bytes = 16;
	return b;
}

static struct build
part6(uint16_t id, unsigned offset, bool more)
{
	struct build b = part(id, offset, more);

	b.src = build_addr("2001:db8::1");
	b.dst = build_addr("2001:db8::2");
	return b;
}

/* returns bytes of the whole, 0 while there is none */
static size_t
put_at(struct fragments *f, const struct packet *p, uint64_t now_ns)
{
	uint64_t evicted = fragments_stats(f).evicted;
	uint64_t weirds;
	struct cursor whole = fragments_put(f, p, now_ns, &weirds);

	/* whoever makes others go is told of */
	assert_int_equal((weirds & WEIRD_BIT(WEIRD_FRAGMENT_FULL)) != 0,
		fragments_stats(f).evicted > evicted);
	return cursor_left(&whole);
}

static size_t
put(struct fragments *f, const struct build *b)
{
	struct packet p = rig_packet(b, RIG_OTHER);

	assert_true(fragments_wants(&p));
	return put_at(f, &p, START_NS);
}

static void
two_parts_are_one_datagram_and_then_it_is_gone(void **state)
{
	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		struct fragments *f = table_of(LARGE);
		struct build first = is_v6 ? part6(1, 0, true) : part(1, 0, true);
		struct build last = is_v6 ? part6(1, 16, false) : part(1, 16, false);
		for (unsigned round = 1; round <= 2; round++) {
			assert_int_equal(put(f, &first), 0);
			assert_int_equal(fragments_stats(f).waiting, 1);
			assert_int_equal(put(f, &last), is_v6 ? 72 : 52);
			assert_int_equal(fragments_stats(f).waiting, 0);
			assert_int_equal(fragments_stats(f).pages, 0);
			assert_int_equal(fragments_stats(f).whole, round);
			assert_int_equal(fragments_stats(f).fragments, 2 * round);
		}
		fragments_free(f);
	}
}

/* Each of these makes it a part of another datagram. */
static void
only_what_came_the_same_way_between_the_same_ends_belongs_together(void **state)
{
	struct build first = part(1, 0, true);
	struct build last = part(1, 16, false);
	static const uint8_t header[20] = { [12] = 10, [15] = 1, [16] = 10, [19] = 2 };
	struct packet others[10];
	size_t count = 0;

	(void)state;
	struct packet p = rig_packet(&last, RIG_OTHER);
	p.fragment.header = cursor_over(header, sizeof(header));
	for (size_t i = 0; i < 10; i++)
		others[i] = p;
	others[count++].fragment.id = 2;
	others[count++].fragment.ip_proto = 6;
	others[count++].interface = 1;
	others[count++].tunnel_chain = 1;
	others[count].vlan_count = 1;
	others[count++].vlan[0] = 0; /* a tag of priority only */
	others[count].vlan_count = 1;
	others[count++].vlan[0] = 5;
	others[count].vlan_count = 4;
	others[count++].vlan[3] = 5;
	for (size_t i = 0; i < count; i++) {
		struct fragments *f = table_of(LARGE);
		static const uint8_t data[16];
		(void)put(f, &first);
		others[i].fragment.data = cursor_over(data, sizeof(data));
		assert_int_equal(put_at(f, &others[i], START_NS), 0);
		assert_int_equal(fragments_stats(f).waiting, 2);
		fragments_free(f);
	}
}

static void
the_protocol_is_no_part_of_the_key_of_ipv6(void **state)
{
	struct fragments *f = table_of(LARGE);
	struct build first = part6(1, 0, true);
	struct build last = part6(1, 16, false);

	(void)state;
	last.ip_proto = 6; /* that of the first part counts (RFC 8200) */
	(void)put(f, &first);
	assert_int_equal(put(f, &last), 72);
	fragments_free(f);
}

static void
other_ends_or_the_same_turned_round_are_other_datagrams(void **state)
{
	static const char *const ends4[][2] = { { "10.0.0.2", "10.0.0.1" },
		{ "10.0.0.3", "10.0.0.2" }, { "10.0.0.1", "10.0.0.3" } };
	static const char *const ends6[][2] = { { "2001:db8::2", "2001:db8::1" },
		{ "2001:db8::3", "2001:db8::2" }, { "2001:db8::1", "2001:db8::3" } };

	(void)state;
	for (int is_v6 = 0; is_v6 < 2; is_v6++)
		for (size_t i = 0; i < 3; i++) {
			struct fragments *f = table_of(LARGE);
			struct build first = is_v6 ? part6(1, 0, true) : part(1, 0, true);
			struct build last = is_v6 ? part6(1, 16, false) : part(1, 16, false);
			last.src = build_addr(is_v6 ? ends6[i][0] : ends4[i][0]);
			last.dst = build_addr(is_v6 ? ends6[i][1] : ends4[i][1]);
			(void)put(f, &first);
			assert_int_equal(put(f, &last), 0);
			fragments_free(f);
		}
}

/* A home address in the first part is not known to the others. */
static void
ends_are_those_of_the_ip_header_whatever_the_packet_says(void **state)
{
	struct fragments *f = table_of(LARGE);
	struct build first = part6(1, 0, true);
	struct build last = part6(1, 16, false);
	struct packet p = rig_packet(&first, RIG_OTHER);

	(void)state;
	p.src = build_addr("2001:db8::77");
	p.dst = build_addr("2001:db8::88");
	(void)put_at(f, &p, START_NS);
	assert_int_equal(put(f, &last), 72);
	fragments_free(f);
}

/* An IPv6 packet may claim addresses that stand for IPv4. */
static void
the_version_is_that_of_the_header(void **state)
{
	struct fragments *f = table_of(LARGE);
	struct build first = part6(1, 0, true);
	struct build last = part6(1, 16, false);
	uint8_t buf[256];

	(void)state;
	for (int is_last = 0; is_last < 2; is_last++) {
		struct build *b = is_last ? &last : &first;
		struct frame frame = build_frame(b, buf, build_ip(buf, b), 1);
		memset(buf + 14 + 8, 0, 10); /* ::ffff:0:1 */
		memset(buf + 14 + 18, 0xff, 2);
		struct packet p = rig_decode(&frame);
		assert_true(addr_is_v4(&p.src));
		assert_int_equal(put_at(f, &p, START_NS), is_last ? 72 : 0);
	}
	fragments_free(f);
}

static void
a_datagram_is_waited_for_from_its_first_part_on_until_the_time_is_over(void **state)
{
	struct build first = part(1, 0, true);
	struct build middle = part(1, 16, true);
	struct build last = part(1, 32, false);

	(void)state;
	for (uint64_t late = 0; late < 2; late++) {
		struct fragments *f = table_of(LARGE);
		uint64_t end_ns = START_NS + TIMEOUT_NS - 1 + late;
		struct packet p;
		(void)put(f, &first);
		p = rig_packet(&middle, RIG_OTHER);
		(void)put_at(f, &p, START_NS + TIMEOUT_NS - 1);
		p = rig_packet(&last, RIG_OTHER);
		assert_int_equal(put_at(f, &p, end_ns) > 0, late == 0);
		assert_int_equal(fragments_stats(f).incomplete, late);
		assert_int_equal(fragments_stats(f).waiting, late);
		fragments_free(f);
	}
}

static void
what_is_too_old_goes_when_time_passes(void **state)
{
	struct fragments *f = table_of(LARGE);

	(void)state;
	for (uint16_t id = 0; id < 3; id++) {
		struct build b = part(id, 0, true);
		struct packet p = rig_packet(&b, RIG_OTHER);
		(void)put_at(f, &p, START_NS + id);
	}
	fragments_expire(f, START_NS + TIMEOUT_NS - 1);
	assert_int_equal(fragments_stats(f).incomplete, 0);
	fragments_expire(f, START_NS + TIMEOUT_NS + 1);
	assert_int_equal(fragments_stats(f).incomplete, 2);
	assert_int_equal(fragments_stats(f).waiting, 1);
	fragments_expire(f, UINT64_MAX);
	assert_int_equal(fragments_stats(f).incomplete, 3);
	assert_int_equal(fragments_stats(f).pages, 0);
	fragments_free(f);
}

static void
what_a_host_would_drop_is_refused(void **state)
{
	static const enum packet_anomaly wrong[] = { ANOMALY_IP_CHECKSUM, ANOMALY_IP_LENGTH };
	struct fragments *f = table_of(LARGE);
	struct build b = part(1, 0, true);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct packet p = rig_packet(&b, RIG_OTHER);
		p.anomalies |= ANOMALY_BIT(wrong[i]);
		assert_int_equal(put_at(f, &p, START_NS), 0);
		assert_int_equal(fragments_stats(f).refused, i + 1);
		assert_int_equal(fragments_stats(f).waiting, 0);
		assert_int_equal(fragments_stats(f).fragments, 0);
	}
	fragments_free(f);
}

static void
only_fragments_that_are_all_here_are_wanted(void **state)
{
	struct build b = part(1, 16, true);
	uint8_t buf[256];
	struct frame frame = build_frame(&b, buf, build_ip(buf, &b), 1);

	(void)state;
	for (; frame.captured > 40; frame.captured--) {
		struct packet p = rig_decode(&frame);
		assert_int_equal(fragments_wants(&p), frame.captured == frame.wire);
	}
	b.more_fragments = false;
	b.fragment_offset = 0;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_false(fragments_wants(&p));
}

static void
a_broken_datagram_is_forgotten_and_may_come_again(void **state)
{
	struct fragments *f = table_of(LARGE);
	struct build first = part(1, 0, true);
	struct build last = part(1, 16, false);
	struct build other_end = part(1, 32, false);
	uint64_t weirds;

	(void)state;
	(void)put(f, &last);
	struct packet p = rig_packet(&other_end, RIG_OTHER);
	struct cursor whole = fragments_put(f, &p, START_NS, &weirds);
	assert_int_equal(cursor_left(&whole), 0);
	assert_int_equal(weirds, WEIRD_BIT(WEIRD_FRAGMENT_END));
	assert_int_equal(fragments_stats(f).broken, 1);
	assert_int_equal(fragments_stats(f).waiting, 0);
	assert_int_equal(fragments_stats(f).pages, 0);
	(void)put(f, &first);
	assert_int_equal(put(f, &last), 52);
	fragments_free(f);
}

/* Full, one below and one above: the one begun first goes, not the one touched least. */
static void
a_full_table_forgets_what_began_first(void **state)
{
	(void)state;
	for (uint16_t over = 0; over < 3; over++) {
		struct fragments *f = table_for(4);
		uint16_t begun = (uint16_t)(3 + over);
		for (uint16_t id = 0; id < begun; id++) {
			struct build b = part(id, 16, true);
			(void)put(f, &b);
			b = part(0, 32, true); /* touched again and again while it is there */
			if (id < 3)
				(void)put(f, &b);
		}
		struct fragments_stats s = fragments_stats(f);
		assert_int_equal(s.capacity, 4);
		assert_int_equal(s.waiting, begun < 4 ? begun : 4);
		assert_int_equal(s.evicted, begun < 4 ? 0 : begun - 4);
		/* Number 0 has the rest now, and is whole only if it was not forgotten. */
		struct build first = part(0, 0, true);
		struct build last = part(0, 48, false);
		(void)put(f, &first);
		assert_int_equal(put(f, &last) > 0, over < 2);
		fragments_free(f);
	}
}

/* Pages run out before the table does: others make room, the one in hand only when that is not enough. */
static void
without_pages_others_go_first_and_then_itself(void **state)
{
	struct fragments *f = table_for(3);
	uint64_t pages = fragments_stats(f).pages_capacity;
	struct build b = part(1, 8, true);

	(void)state;
	assert_int_equal(pages, 12);
	(void)put(f, &b);
	b = part(2, 8, true);
	(void)put(f, &b);
	b = part(3, DATAGRAM_PAGE, true);
	b.payload_bytes = (size_t)DATAGRAM_PAGE * 10;
	(void)put(f, &b);
	assert_int_equal(fragments_stats(f).evicted, 0);
	assert_int_equal(fragments_stats(f).pages, 12);
	/* One more: the first goes, and the second and the third stay. */
	b = part(3, (unsigned)DATAGRAM_PAGE * 11, true);
	(void)put(f, &b);
	assert_int_equal(fragments_stats(f).evicted, 1);
	assert_int_equal(fragments_stats(f).waiting, 2);
	/* Of the second, which is older than the third but in hand now: the third goes. */
	b = part(2, (unsigned)DATAGRAM_PAGE * 3, true);
	(void)put(f, &b);
	assert_int_equal(fragments_stats(f).evicted, 2);
	assert_int_equal(fragments_stats(f).waiting, 1);
	assert_int_equal(fragments_stats(f).pages, 2);
	/* All there is, and one more than that. */
	b = part(4, 0, true);
	b.payload_bytes = (size_t)DATAGRAM_PAGE * 11;
	(void)put(f, &b);
	assert_int_equal(fragments_stats(f).pages, 12);
	assert_int_equal(fragments_stats(f).evicted, 3);
	b = part(5, 0, true);
	b.payload_bytes = (size_t)DATAGRAM_PAGE * 12;
	assert_int_equal(put(f, &b), 0);
	assert_int_equal(fragments_stats(f).evicted, 5);
	assert_int_equal(fragments_stats(f).waiting, 0);
	assert_int_equal(fragments_stats(f).pages, 0);
	fragments_free(f);
}

static void
memory_is_kept_within_what_it_is_given(void **state)
{
	(void)state;
	fragments_free(NULL);
	struct fragments *f = table_of(0);
	assert_int_equal(fragments_stats(f).capacity, 1);
	fragments_free(f);
	f = table_of(LARGE);
	struct fragments_stats s = fragments_stats(f);
	assert_int_equal(s.pages_capacity, 4 * s.capacity);
	assert_true(s.pages_capacity * sizeof(struct datagram_page) +
			    s.capacity * (sizeof(struct datagram) + 32) <
		    LARGE);
	assert_true(s.pages_capacity * sizeof(struct datagram_page) > LARGE / 2);
	fragments_free(f);
	f = table_of(UINT64_C(1) << 30); /* pages are numbered in 16 bits */
	assert_int_equal(fragments_stats(f).pages_capacity, 65532);
	fragments_free(f);
}

/* The longest there is, in the smallest steps of a page and a bit, last part first. */
static void
the_longest_datagram_is_put_together(void **state)
{
	static uint8_t bytes[BUILD_MAX];
	struct fragments *f = table_of(LARGE);
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	for (int at = 65515 / 520 * 520; at >= 0; at -= 520) {
		struct build b = part(1, (unsigned)at, at + 520 < 65515);
		b.payload = bytes + at;
		b.payload_bytes = b.more_fragments ? 520 : (size_t)(65515 - at);
		struct packet p = rig_packet(&b, RIG_OTHER);
		uint64_t weirds;
		struct cursor whole = fragments_put(f, &p, START_NS, &weirds);
		assert_int_equal(weirds, 0);
		len = cursor_left(&whole);
		assert_int_equal(len > 0, at == 0);
		if (len > 0)
			assert_memory_equal(whole.at + 20, bytes, 65515);
	}
	assert_int_equal(len, 65535);
	fragments_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_parts_are_one_datagram_and_then_it_is_gone),
		cmocka_unit_test(
			only_what_came_the_same_way_between_the_same_ends_belongs_together),
		cmocka_unit_test(the_protocol_is_no_part_of_the_key_of_ipv6),
		cmocka_unit_test(other_ends_or_the_same_turned_round_are_other_datagrams),
		cmocka_unit_test(ends_are_those_of_the_ip_header_whatever_the_packet_says),
		cmocka_unit_test(the_version_is_that_of_the_header),
		cmocka_unit_test(
			a_datagram_is_waited_for_from_its_first_part_on_until_the_time_is_over),
		cmocka_unit_test(what_is_too_old_goes_when_time_passes),
		cmocka_unit_test(what_a_host_would_drop_is_refused),
		cmocka_unit_test(only_fragments_that_are_all_here_are_wanted),
		cmocka_unit_test(a_broken_datagram_is_forgotten_and_may_come_again),
		cmocka_unit_test(a_full_table_forgets_what_began_first),
		cmocka_unit_test(without_pages_others_go_first_and_then_itself),
		cmocka_unit_test(memory_is_kept_within_what_it_is_given),
		cmocka_unit_test(the_longest_datagram_is_put_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
