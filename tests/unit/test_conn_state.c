#include "daemon/conn_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_state_has_its_name_and_says_whether_two_sides_talked(void **state)
{
	static const struct {
		const char *name;
		enum conn_state state;
		bool three, four; /* established with three, four packets */
	} rows[] = {
		{ "S0", CONN_S0, false, false },
		{ "S1", CONN_S1, true, true },
		{ "SF", CONN_SF, true, true },
		{ "REJ", CONN_REJ, false, false },
		{ "S2", CONN_S2, true, true },
		{ "S3", CONN_S3, true, true },
		{ "RSTO", CONN_RSTO, true, true },
		{ "RSTR", CONN_RSTR, false, true },
		{ "RSTOS0", CONN_RSTOS0, false, false },
		{ "RSTRH", CONN_RSTRH, false, false },
		{ "SH", CONN_SH, false, false },
		{ "SHR", CONN_SHR, false, false },
		{ "OTH", CONN_OTH, true, true },
	};

	(void)state;
	assert_int_equal(sizeof(rows) / sizeof(*rows), CONN_STATE_COUNT);
	for (size_t i = 0; i < CONN_STATE_COUNT; i++) {
		assert_int_equal(rows[i].state, i);
		assert_string_equal(conn_state_name(rows[i].state), rows[i].name);
		assert_int_equal(conn_state_established(rows[i].state, 3), rows[i].three);
		assert_int_equal(conn_state_established(rows[i].state, 4), rows[i].four);
	}
	assert_false(conn_state_established(CONN_STATE_COUNT, 4));
}

static void
a_name_leads_back_to_its_state(void **state)
{
	enum conn_state s = CONN_STATE_COUNT;

	(void)state;
	for (size_t i = 0; i < CONN_STATE_COUNT; i++) {
		assert_true(conn_state_of_name(conn_state_name((enum conn_state)i), &s));
		assert_int_equal(s, i);
	}
	s = CONN_SF;
	assert_false(conn_state_of_name("", &s));
	assert_false(conn_state_of_name("S", &s));
	assert_false(conn_state_of_name("sf", &s));
	assert_int_equal(s, CONN_SF);
}

static void
reasons_are_named_as_in_eve(void **state)
{
	static const char *const names[] = { "none", "closed", "timeout", "tcp_reuse", "forced",
		"shutdown" };

	(void)state;
	assert_int_equal(sizeof(names) / sizeof(*names), FLOW_END_REASON_COUNT);
	for (size_t i = 0; i < FLOW_END_REASON_COUNT; i++)
		assert_string_equal(flow_end_reason_name((enum flow_end_reason)i), names[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_its_name_and_says_whether_two_sides_talked),
		cmocka_unit_test(a_name_leads_back_to_its_state),
		cmocka_unit_test(reasons_are_named_as_in_eve),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
