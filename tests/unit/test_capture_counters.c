#include "daemon/loop/capture/capture_counters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
frames(struct capture_tally *t, unsigned count, bool passed)
{
	for (unsigned i = 0; i < count; i++)
		capture_tally_frame(t, &(struct frame){ .wire = 100, .ts_ns = 7 }, passed);
}

static void
assert_waiting(const struct capture_tally *t, uint64_t waiting)
{
	const struct capture_counters *c = &t->told;

	assert_int_equal(c->waiting, waiting);
	assert_int_equal(c->offered, c->analysed + c->filtered + c->dropped_kernel +
					     c->dropped_interface + c->dropped_here + waiting);
}

static void
every_packet_is_somewhere(void **state)
{
	struct capture_tally t = { 0 };

	(void)state;
	capture_tally_open(&t, 0);
	capture_tally_kernel(&t, 100, 30);
	assert_waiting(&t, 70);
	frames(&t, 40, true);
	frames(&t, 20, false);
	capture_tally_kernel(&t, 100, 30);
	assert_waiting(&t, 10);
	capture_tally_missed(&t, 5);
	capture_tally_kernel(&t, 101, 30);
	assert_waiting(&t, 11);
	assert_int_equal(t.told.offered, 106);
	assert_int_equal(t.told.analysed, 40);
	assert_int_equal(t.told.filtered, 20);
	assert_int_equal(t.told.dropped_kernel, 30);
	assert_int_equal(t.told.dropped_interface, 5);
	assert_int_equal(t.told.bytes, 6000);
	assert_int_equal(t.told.last_packet_ns, 7);
}

static void
what_waits_at_the_close_is_lost_here_and_the_rest_goes_on(void **state)
{
	struct capture_tally t = { 0 };

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		capture_tally_open(&t, 0);
		frames(&t, 50, true);
		capture_tally_kernel(&t, 100, 20); /* a new handle counts from 0 */
		assert_waiting(&t, 30);
		capture_tally_close(&t);
		assert_waiting(&t, 0);
		assert_int_equal(t.told.offered, i * 100);
		assert_int_equal(t.told.dropped_kernel, i * 20);
		assert_int_equal(t.told.dropped_here, i * 30);
	}
}

static void
thirty_two_bits_wrap_unseen(void **state)
{
	struct capture_tally t = { 0 };
	uint32_t received = 0;
	uint32_t dropped = 0;

	(void)state;
	capture_tally_open(&t, 0);
	for (unsigned i = 0; i < 10; i++) {
		received += 3000000000U;
		dropped += 3000000000U;
		capture_tally_kernel(&t, received, dropped);
	}
	assert_int_equal(t.told.offered, UINT64_C(30000000000));
	assert_int_equal(t.told.dropped_kernel, UINT64_C(30000000000));
	assert_waiting(&t, 0);
}

static void
an_interface_that_counts_anew_takes_nothing_away(void **state)
{
	struct capture_tally t = { 0 };

	(void)state;
	capture_tally_open(&t, 1000); /* before us */
	capture_tally_missed(&t, 1000);
	assert_int_equal(t.told.dropped_interface, 0);
	capture_tally_missed(&t, 1010);
	capture_tally_missed(&t, 3); /* its driver was loaded again */
	capture_tally_missed(&t, 4);
	assert_int_equal(t.told.dropped_interface, 11);
	assert_int_equal(t.told.offered, 11);
}

/* Each field at least once, so that none is forgotten in a sum. */
static void
a_sum_is_the_sum_of_each(void **state)
{
	struct capture_counters one;
	struct capture_counters sum = { 0 };
	uint64_t values[sizeof(one) / sizeof(uint64_t)];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		values[i] = i + 1;
	memcpy(&one, values, sizeof(one));
	capture_counters_add(&sum, &one);
	capture_counters_add(&sum, &one);
	uint64_t last_packet_ns = one.last_packet_ns;
	memcpy(values, &sum, sizeof(sum));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (i * sizeof(uint64_t) != offsetof(struct capture_counters, last_packet_ns))
			assert_int_equal(values[i], 2 * (i + 1));
	assert_int_equal(sum.last_packet_ns, last_packet_ns);
	capture_counters_add(&sum, &(struct capture_counters){ .last_packet_ns = 1 });
	assert_int_equal(sum.last_packet_ns, last_packet_ns);
}

static void
add_value(void *context, const struct metric *row, uint64_t value)
{
	uint64_t *sum = context;

	assert_non_null(strchr(row->help, '.'));
	*sum += value;
}

static void
the_rows_show_each_counter_once(void **state)
{
	const struct capture_counters c = { 1, 2, 4, 8, 16, 32, 64, 128, 4096, 256, 512, 1024, 2048,
		8192 };
	uint64_t sum = 0;

	(void)state;
	metric_walk(capture_counters_metrics, &c, add_value, &sum);
	assert_int_equal(sum, 16383);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_packet_is_somewhere),
		cmocka_unit_test(what_waits_at_the_close_is_lost_here_and_the_rest_goes_on),
		cmocka_unit_test(thirty_two_bits_wrap_unseen),
		cmocka_unit_test(an_interface_that_counts_anew_takes_nothing_away),
		cmocka_unit_test(a_sum_is_the_sum_of_each),
		cmocka_unit_test(the_rows_show_each_counter_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
