#include "daemon/flow/flow_history.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The history after a play, and after a word of it that is said again and again. */
static void
expect_history(const char *words, const char *word, unsigned times, const char *history)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);

	rig_play(r, words);
	for (unsigned i = 0; i < times; i++)
		rig_play(r, word);
	rig_end(r);
	assert_string_equal(r->last.flow.history, history);
	rig_free(r);
}

static void
frequent_letters_are_written_at_powers_of_ten(void **state)
{
	static const struct {
		unsigned times;
		const char *history;
	} cases[] = {
		{ 1, "ShADT" },
		{ 9, "ShADT" },
		{ 10, "ShADTT" },
		{ 99, "ShADTT" },
		{ 100, "ShADTTT" },
		{ 999, "ShADTTT" },
		{ 1000, "ShADTTTT" },
		{ 10000, "ShADTTTTT" },
		{ 70000, "ShADTTTTT" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect_history(">S <SA >A >100", "t>100", cases[i].times, cases[i].history);
	expect_history(">S <SA >A", "x>10 <A", 10, "ShAaGG");
}

static void
windows_and_checksums_are_counted_to_a_hundred(void **state)
{
	(void)state;
	expect_history(">S <SA >A <A", "w<A", 1000, "ShAawww");
	expect_history(">S c<SA >A", "c>10", 1000, "SchACDCC");
}

static void
sides_are_counted_apart(void **state)
{
	(void)state;
	expect_history(">S <SA >A >10 <10", "t>10 t<10", 10, "ShADdTtTt");
}

static void
a_history_that_is_full_stays_as_it_is(void **state)
{
	(void)state;
	expect_history(">S <SA >A", ">FA", 19, "ShAFFFFFFFFFFFFFFFFFFF");
	expect_history(">S <SA >A", ">FA", 20, "ShAFFFFFFFFFFFFFFFFFFFF");
	expect_history(">S <SA >A", ">FA", 21, "ShAFFFFFFFFFFFFFFFFFFFF");
	assert_int_equal(strlen("ShAFFFFFFFFFFFFFFFFFFFF"), FLOW_HISTORY_MAX - 1);
}

static void
datagrams_have_a_letter_a_side(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
	struct packet ask = rig_udp(r, 40000, 4000, 10);
	struct packet answer = rig_answer(&ask);

	(void)state;
	rig_packet(r, &ask);
	rig_packet(r, &ask);
	rig_packet(r, &answer);
	answer.anomalies = ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM);
	rig_packet(r, &answer);
	rig_end(r);
	assert_string_equal(r->last.flow.history, "Ddc");
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frequent_letters_are_written_at_powers_of_ten),
		cmocka_unit_test(windows_and_checksums_are_counted_to_a_hundred),
		cmocka_unit_test(sides_are_counted_apart),
		cmocka_unit_test(a_history_that_is_full_stays_as_it_is),
		cmocka_unit_test(datagrams_have_a_letter_a_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
