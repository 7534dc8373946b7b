#include "daemon/input/netflow_record.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/packet.h"
#include "tests/support/flow_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW (UINT64_C(1700000000) * NS_PER_S)
/* Seconds from NTP's epoch, as the upper half of its format. */
#define NTP(s) ((UINT64_C(2208988800) + (s)) << 32)

static void
set(struct netflow_record *r, enum netflow_element element, uint64_t value)
{
	r->has |= UINT64_C(1) << element;
	r->value[element] = value;
}

/* A record of one packet between two hosts. */
static struct netflow_record
sample(void)
{
	struct netflow_record r = { .src = addr_v4(10, 0, 0, 1), .dst = addr_v4(10, 0, 0, 2) };

	set(&r, NETFLOW_SRC_ADDR, 0);
	set(&r, NETFLOW_DST_ADDR, 0);
	set(&r, NETFLOW_PACKETS, 3);
	set(&r, NETFLOW_BYTES, 300);
	set(&r, NETFLOW_PROTOCOL, IPPROTO_UDP);
	set(&r, NETFLOW_SRC_PORT, 4000);
	set(&r, NETFLOW_DST_PORT, 53);
	return r;
}

static struct flow_part
part_of(const struct netflow_record *r)
{
	const struct netflow_clock clock = netflow_clock_of(NOW, false, 0, NOW);
	struct flow_part part;

	assert_true(netflow_record_part(r, &clock, 1, &part));
	return part;
}

/* returns what a template of one field makes of `bytes` */
static struct netflow_record
read_one(const struct netflow_field *field, const void *bytes, size_t length, bool *ret_whole)
{
	struct netflow_template t = { .count = 1, .min_bytes = 1, .fields = { *field } };
	struct netflow_record r;
	uint8_t *copy = malloc(length + 1);
	memcpy(copy, bytes, length);
	struct cursor c = cursor_over(copy, length);

	*ret_whole = netflow_record_read(&t, &c, &r);
	free(copy);
	return r;
}

static void
numbers_have_one_to_eight_bytes(void **state)
{
	static const uint8_t bytes[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	bool whole;

	(void)state;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		const struct netflow_field f = { .length = (uint16_t)length,
			.element = NETFLOW_BYTES };
		struct netflow_record r = read_one(&f, bytes, sizeof(bytes), &whole);
		assert_true(whole);
		assert_int_equal(netflow_has(&r, NETFLOW_BYTES), length >= 1 && length <= 8);
	}
	const struct netflow_field f = { .length = 3, .element = NETFLOW_BYTES };
	assert_int_equal(read_one(&f, bytes, 3, &whole).value[NETFLOW_BYTES], 0x010203);
	read_one(&f, bytes, 2, &whole);
	assert_false(whole);
}

static void
the_other_direction_is_kept_apart(void **state)
{
	static const uint8_t byte = 7;
	const struct netflow_field f = {
		.length = 1, .element = NETFLOW_PACKETS, .is_reverse = true
	};
	bool whole;
	struct netflow_record r = read_one(&f, &byte, 1, &whole);

	(void)state;
	assert_false(netflow_has(&r, NETFLOW_PACKETS));
	assert_int_equal(r.has_reverse, UINT64_C(1) << NETFLOW_PACKETS);
	assert_int_equal(r.reverse[NETFLOW_PACKETS], 7);
}

static void
lengths_may_stand_before_the_value(void **state)
{
	const struct netflow_field f = { .length = NETFLOW_LENGTH_VARIES,
		.element = NETFLOW_BYTES };
	static const uint8_t one[] = { 2, 1, 2 };
	static const uint8_t other[] = { 255, 0, 2, 1, 3 };
	bool whole;

	(void)state;
	assert_int_equal(read_one(&f, one, sizeof(one), &whole).value[NETFLOW_BYTES], 0x0102);
	assert_true(whole);
	assert_int_equal(read_one(&f, other, sizeof(other), &whole).value[NETFLOW_BYTES], 0x0103);
	assert_true(whole);
	for (size_t cut = 0; cut < sizeof(other); cut++) {
		read_one(&f, other, cut, &whole);
		assert_false(whole);
	}
}

static void
addresses_have_the_length_of_a_family(void **state)
{
	static const uint8_t bytes[17] = { 0x20, 1, 0xd, 0xb8 };
	bool whole;

	(void)state;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		const struct netflow_field f = { .length = (uint16_t)length,
			.element = NETFLOW_SRC_ADDR };
		struct netflow_record r = read_one(&f, bytes, sizeof(bytes), &whole);
		assert_int_equal(netflow_has(&r, NETFLOW_SRC_ADDR), length == 4 || length == 16);
		if (length == 4)
			assert_true(addr_is_v4(&r.src));
		if (length == 16)
			assert_memory_equal(r.src.byte, bytes, 16);
	}
}

static void
of_two_families_the_one_that_is_not_there_is_zero(void **state)
{
	static const uint8_t v4_first[20] = { 10, 0, 0, 1 };
	static const uint8_t v6_first[20] = { [16] = 10, [19] = 1 };
	const struct addr expected = addr_v4(10, 0, 0, 1);
	struct netflow_template t = { .count = 2,
		.min_bytes = 20,
		.fields = { { .length = 4, .element = NETFLOW_SRC_ADDR },
			{ .length = 16, .element = NETFLOW_SRC_ADDR } } };
	struct netflow_record r;
	struct cursor c = cursor_over(v4_first, sizeof(v4_first));

	(void)state;
	assert_true(netflow_record_read(&t, &c, &r));
	assert_true(addr_equal(&r.src, &expected));
	t.fields[0].length = 16;
	t.fields[1].length = 4;
	c = cursor_over(v6_first, sizeof(v6_first));
	assert_true(netflow_record_read(&t, &c, &r));
	assert_true(addr_equal(&r.src, &expected));
	t.count = 1; /* a host that has none yet speaks from :: */
	c = cursor_over(v6_first, sizeof(v6_first));
	assert_true(netflow_record_read(&t, &c, &r));
	assert_true(netflow_has(&r, NETFLOW_SRC_ADDR));
	assert_true(addr_is_unspecified(&r.src));
}

static void
cards_have_six_bytes(void **state)
{
	static const uint8_t bytes[7] = { 2, 0, 0, 0, 0, 1 };
	bool whole;

	(void)state;
	for (uint16_t length = 5; length <= 7; length++) {
		const struct netflow_field f = { .length = length, .element = NETFLOW_SRC_MAC };
		struct netflow_record r = read_one(&f, bytes, sizeof(bytes), &whole);
		assert_int_equal(netflow_has(&r, NETFLOW_SRC_MAC), length == 6);
		if (length == 6)
			assert_memory_equal(r.src_mac.byte, bytes, 6);
	}
}

static void
a_record_is_a_part_of_a_conversation(void **state)
{
	struct netflow_record r = sample();

	(void)state;
	set(&r, NETFLOW_TCP_FLAGS, 0x112); /* two bytes of flags */
	set(&r, NETFLOW_VLAN, 0xf00a);
	set(&r, NETFLOW_SRC_MAC, 0);
	r.src_mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	struct flow_part part = part_of(&r);
	assert_true(addr_equal(&part.src, &r.src) && addr_equal(&part.dst, &r.dst));
	assert_int_equal(part.src_port, 4000);
	assert_int_equal(part.dst_port, 53);
	assert_int_equal(part.ip_proto, IPPROTO_UDP);
	assert_int_equal(part.forward.packets, 3);
	assert_int_equal(part.forward.bytes, 300);
	assert_int_equal(part.forward.tcp_flags, TCP_SYN | TCP_ACK);
	assert_int_equal(part.reverse.packets, 0);
	assert_int_equal(part.vlan, 10);
	assert_true(part.has_macs);
	assert_true(mac_equal(&part.src_mac, &r.src_mac));
	assert_true(part.start_ns == NOW && part.end_ns == NOW);
	assert_int_equal(part.more, FLOW_PART_UNKNOWN);
	assert_false(part.src_opened);
}

static void
what_has_no_ends_or_no_packets_is_no_flow(void **state)
{
	const struct netflow_clock clock = netflow_clock_of(NOW, false, 0, NOW);
	struct netflow_record r = sample();
	struct flow_part part;

	(void)state;
	r.has &= ~(UINT64_C(1) << NETFLOW_SRC_ADDR);
	assert_false(netflow_record_part(&r, &clock, 1, &part));
	r = sample();
	r.has &= ~(UINT64_C(1) << NETFLOW_DST_ADDR);
	assert_false(netflow_record_part(&r, &clock, 1, &part));
	r = sample();
	r.value[NETFLOW_PACKETS] = 0;
	r.value[NETFLOW_BYTES] = 0;
	assert_false(netflow_record_part(&r, &clock, 1, &part));
	r.value[NETFLOW_BYTES] = 1;
	assert_true(netflow_record_part(&r, &clock, 1, &part));
	assert_int_equal(part.forward.packets, 1);
	r.value[NETFLOW_BYTES] = 0;
	r.reverse[NETFLOW_PACKETS] = 1;
	assert_true(netflow_record_part(&r, &clock, 1, &part));
}

static void
what_came_in_counts_before_totals_and_what_went_out(void **state)
{
	struct netflow_record r = sample();

	(void)state;
	set(&r, NETFLOW_TOTAL_PACKETS, 4);
	set(&r, NETFLOW_POST_PACKETS, 5);
	set(&r, NETFLOW_TOTAL_BYTES, 400);
	set(&r, NETFLOW_POST_BYTES, 500);
	assert_int_equal(part_of(&r).forward.packets, 3);
	assert_int_equal(part_of(&r).forward.bytes, 300);
	r.has &= ~(UINT64_C(1) << NETFLOW_PACKETS | UINT64_C(1) << NETFLOW_BYTES);
	assert_int_equal(part_of(&r).forward.packets, 4);
	assert_int_equal(part_of(&r).forward.bytes, 400);
	r.has &= ~(UINT64_C(1) << NETFLOW_TOTAL_PACKETS | UINT64_C(1) << NETFLOW_TOTAL_BYTES);
	assert_int_equal(part_of(&r).forward.packets, 5);
	assert_int_equal(part_of(&r).forward.bytes, 500);
}

static void
a_record_may_tell_both_directions_and_who_opened(void **state)
{
	struct netflow_record r = sample();

	(void)state;
	r.reverse[NETFLOW_PACKETS] = 2;
	r.reverse[NETFLOW_BYTES] = 200;
	r.reverse[NETFLOW_TCP_FLAGS] = TCP_ACK;
	set(&r, NETFLOW_BIFLOW, 1);
	struct flow_part part = part_of(&r);
	assert_int_equal(part.reverse.packets, 2);
	assert_int_equal(part.reverse.bytes, 200);
	assert_int_equal(part.reverse.tcp_flags, TCP_ACK);
	assert_true(part.src_opened);
	r.value[NETFLOW_BIFLOW] = 2;
	assert_false(part_of(&r).src_opened);
}

static void
icmp_has_type_and_code_in_any_of_three_places(void **state)
{
	struct netflow_record r = sample();

	(void)state;
	r.value[NETFLOW_PROTOCOL] = IPPROTO_ICMP;
	r.value[NETFLOW_DST_PORT] = 0x0301;
	assert_int_equal(part_of(&r).src_port, 3);
	assert_int_equal(part_of(&r).dst_port, 1);
	r.value[NETFLOW_PROTOCOL] = IPPROTO_ICMPV6;
	set(&r, NETFLOW_ICMP, 0x8002);
	assert_int_equal(part_of(&r).src_port, 0x80);
	assert_int_equal(part_of(&r).dst_port, 2);
	set(&r, NETFLOW_ICMP_TYPE, 11);
	set(&r, NETFLOW_ICMP_CODE, 3);
	assert_int_equal(part_of(&r).src_port, 11);
	assert_int_equal(part_of(&r).dst_port, 3);
	r.value[NETFLOW_PROTOCOL] = IPPROTO_TCP;
	assert_int_equal(part_of(&r).dst_port, 0x0301);
}

static void
the_reason_of_an_end_says_whether_more_comes(void **state)
{
	static const enum flow_part_more expected[] = { FLOW_PART_UNKNOWN, FLOW_PART_OVER,
		FLOW_PART_GOES_ON, FLOW_PART_OVER, FLOW_PART_OVER, FLOW_PART_OVER };
	struct netflow_record r = sample();

	(void)state;
	for (unsigned i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		set(&r, NETFLOW_END_REASON, i);
		assert_int_equal(part_of(&r).more, expected[i]);
	}
}

static void
assert_times(const struct netflow_record *r, const struct netflow_clock *clock,
	uint64_t start_ago_ms, uint64_t end_ago_ms)
{
	struct flow_part part;

	assert_true(netflow_record_part(r, clock, 1, &part));
	assert_true(part.start_ns == NOW - start_ago_ms * NS_PER_MS);
	assert_true(part.end_ns == NOW - end_ago_ms * NS_PER_MS);
}

static void
times_come_in_many_forms_and_the_finest_counts(void **state)
{
	const struct netflow_clock clock = netflow_clock_of(NOW, false, 0, NOW);
	const struct netflow_clock of_v9 = netflow_clock_of(NOW, true, 60000, NOW);
	struct netflow_record r = sample();

	(void)state;
	set(&r, NETFLOW_START_S, NOW / NS_PER_S - 9);
	set(&r, NETFLOW_END_S, NOW / NS_PER_S - 8);
	assert_times(&r, &clock, 9000, 8000);
	set(&r, NETFLOW_START_UPTIME_MS, 60000 - 7500);
	set(&r, NETFLOW_END_UPTIME_MS, 60000 - 6500);
	assert_times(&r, &of_v9, 7500, 6500);
	assert_times(&r, &clock, 0, 0); /* nobody says when it was up */
	set(&r, NETFLOW_INIT_MS, NOW / NS_PER_MS - 60000);
	assert_times(&r, &clock, 7500, 6500);
	set(&r, NETFLOW_START_MS, NOW / NS_PER_MS - 5500);
	set(&r, NETFLOW_END_MS, NOW / NS_PER_MS - 4500);
	assert_times(&r, &clock, 5500, 4500);
	set(&r, NETFLOW_START_AGO_US, 3500000);
	set(&r, NETFLOW_END_AGO_US, 2500000);
	assert_times(&r, &clock, 3500, 2500);
	set(&r, NETFLOW_START_NTP, NTP(NOW / NS_PER_S - 2) | UINT64_C(0x80000000));
	set(&r, NETFLOW_END_NTP, NTP(NOW / NS_PER_S - 1));
	assert_times(&r, &clock, 1500, 1000);
}

static void
a_duration_stands_for_the_time_that_is_missing(void **state)
{
	const struct netflow_clock clock = netflow_clock_of(NOW, false, 0, NOW);
	struct netflow_record r = sample();

	(void)state;
	assert_times(&r, &clock, 0, 0);
	set(&r, NETFLOW_DURATION_MS, 1500);
	assert_times(&r, &clock, 1500, 0);
	set(&r, NETFLOW_START_MS, NOW / NS_PER_MS - 5000);
	assert_times(&r, &clock, 5000, 3500);
	r.has &= ~(UINT64_C(1) << NETFLOW_START_MS);
	set(&r, NETFLOW_END_MS, NOW / NS_PER_MS - 1000);
	assert_times(&r, &clock, 2500, 1000);
	set(&r, NETFLOW_START_MS, NOW / NS_PER_MS); /* after its end */
	assert_times(&r, &clock, 1000, 1000);
}

static void
times_that_cannot_be_stay_in_bounds(void **state)
{
	static const enum netflow_element times[] = { NETFLOW_START_NTP, NETFLOW_START_AGO_US,
		NETFLOW_START_MS, NETFLOW_START_UPTIME_MS, NETFLOW_START_S, NETFLOW_DURATION_MS };
	static const uint64_t values[] = { 0, 1, UINT32_MAX, UINT64_MAX / 2, UINT64_MAX };
	const struct netflow_clock clocks[] = {
		netflow_clock_of(NOW, false, 0, NOW),
		netflow_clock_of(0, true, 0, NOW),
		netflow_clock_of(UINT64_MAX, true, UINT32_MAX, NOW),
		netflow_clock_of(0, true, 0, 0),
	};
	const size_t value_count = sizeof(values) / sizeof(*values);

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times) * value_count; i++)
		for (size_t c = 0; c < sizeof(clocks) / sizeof(*clocks); c++) {
			struct netflow_record r = sample();
			struct flow_part part;
			set(&r, times[i / value_count], values[i % value_count]);
			set(&r, times[i / value_count] + 1, values[(i + c) % value_count]);
			assert_true(netflow_record_part(&r, &clocks[c], 1, &part));
			assert_true(part.start_ns <= part.end_ns);
			assert_true(part.end_ns <= clocks[c].now_ns);
		}
}

static void
rates_are_told_in_three_ways(void **state)
{
	struct netflow_record r = { 0 };

	(void)state;
	assert_int_equal(netflow_record_rate(&r), 0);
	set(&r, NETFLOW_SAMPLING_INTERVAL, 512);
	assert_int_equal(netflow_record_rate(&r), 512);
	set(&r, NETFLOW_SAMPLE_SIZE, 10);
	set(&r, NETFLOW_SAMPLE_POPULATION, 1000);
	assert_int_equal(netflow_record_rate(&r), 100);
	set(&r, NETFLOW_SAMPLED_PACKETS, 1);
	set(&r, NETFLOW_SKIPPED_PACKETS, 63);
	assert_int_equal(netflow_record_rate(&r), 64);
	set(&r, NETFLOW_SKIPPED_PACKETS, UINT64_MAX - 1);
	assert_int_equal(netflow_record_rate(&r), UINT32_MAX);
}

static void
numbers_are_multiplied_and_stick_to_the_largest(void **state)
{
	const struct netflow_clock clock = netflow_clock_of(NOW, false, 0, NOW);
	struct netflow_record r = sample();
	struct flow_part part;

	(void)state;
	r.reverse[NETFLOW_PACKETS] = 2;
	r.reverse[NETFLOW_BYTES] = 100;
	assert_true(netflow_record_part(&r, &clock, 64, &part));
	assert_int_equal(part.rate, 64);
	assert_int_equal(part.forward.packets, 3 * 64);
	assert_int_equal(part.forward.bytes, 300 * 64);
	assert_int_equal(part.reverse.packets, 2 * 64);
	assert_int_equal(part.reverse.bytes, 100 * 64);
	assert_true(netflow_times_rate(UINT64_MAX, 1) == UINT64_MAX);
	assert_true(netflow_times_rate(UINT64_MAX / 2, 3) == UINT64_MAX);
	assert_int_equal(netflow_times_rate(5, 0), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_one_to_eight_bytes),
		cmocka_unit_test(the_other_direction_is_kept_apart),
		cmocka_unit_test(lengths_may_stand_before_the_value),
		cmocka_unit_test(addresses_have_the_length_of_a_family),
		cmocka_unit_test(of_two_families_the_one_that_is_not_there_is_zero),
		cmocka_unit_test(cards_have_six_bytes),
		cmocka_unit_test(a_record_is_a_part_of_a_conversation),
		cmocka_unit_test(what_has_no_ends_or_no_packets_is_no_flow),
		cmocka_unit_test(what_came_in_counts_before_totals_and_what_went_out),
		cmocka_unit_test(a_record_may_tell_both_directions_and_who_opened),
		cmocka_unit_test(icmp_has_type_and_code_in_any_of_three_places),
		cmocka_unit_test(the_reason_of_an_end_says_whether_more_comes),
		cmocka_unit_test(times_come_in_many_forms_and_the_finest_counts),
		cmocka_unit_test(a_duration_stands_for_the_time_that_is_missing),
		cmocka_unit_test(times_that_cannot_be_stay_in_bounds),
		cmocka_unit_test(rates_are_told_in_three_ways),
		cmocka_unit_test(numbers_are_multiplied_and_stick_to_the_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
