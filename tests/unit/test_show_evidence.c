#include "tests/support/view_rig.h"
#include "viewer/screens/show_evidence.h"

static void
levels_have_their_colour(void **state)
{
	static const char *const names[] = { "info", "low", "medium", "high", "critical",
		"no level" };
	static const enum grid_colour colours[] = { GRID_DIM, GRID_GOOD, GRID_WARN, GRID_BAD,
		GRID_BAD, GRID_PLAIN };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(show_level_colour(names[i]), colours[i]);
}

/* The text of a cell of one evidence. */
static const char *
cell(const struct source_evidence *e, const char *title, enum grid_colour *ret_colour)
{
	static char room[SHEET_ROOM];
	struct sheet s = show_evidence_sheet(e, 1, false);

	for (size_t i = 0; i < s.column_count; i++)
		if (strcmp(s.columns[i].column.title, title) == 0) {
			struct sheet_cell found = s.cell(e, 0, i, room);

			*ret_colour = found.colour;
			return found.text;
		}
	fail();
	return NULL;
}

static void
a_sum_is_told_of_what_counted(void **state)
{
	struct source_evidence e = { .id = "a", .threat = "high", .counted = true, .sum = 1.25 };
	enum grid_colour colour;

	(void)state;
	assert_string_equal(cell(&e, "sum", &colour), "1.25");
	e.decisive = true;
	assert_string_equal(cell(&e, "sum", &colour), "alone");
	e.decisive = false;
	e.sum = -1;
	assert_string_equal(cell(&e, "sum", &colour), "");
	e.sum = 1;
	e.counted = false;
	assert_string_equal(cell(&e, "sum", &colour), "");
}

static void
without_a_sentence_there_is_a_title_or_a_kind(void **state)
{
	struct source_evidence e = { .id = "a",
		.threat = "high",
		.text = "it scanned",
		.title = "A scan",
		.kind = "SCAN",
		.silenced_by = "" };
	enum grid_colour colour;

	(void)state;
	assert_string_equal(cell(&e, "what", &colour), "it scanned");
	assert_int_equal(colour, GRID_PLAIN);
	e.silenced_by = "a rule";
	(void)cell(&e, "what", &colour);
	assert_int_equal(colour, GRID_DIM);
	e.text = "";
	assert_string_equal(cell(&e, "what", &colour), "A scan");
	e.title = "";
	assert_string_equal(cell(&e, "what", &colour), "SCAN");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_have_their_colour),
		cmocka_unit_test(a_sum_is_told_of_what_counted),
		cmocka_unit_test(without_a_sentence_there_is_a_title_or_a_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
