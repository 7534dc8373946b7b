#include "daemon/config/config_check.h"

#include "daemon/base/strbuf.h"
#include "daemon/config/config.h"
#include "daemon/config/config_text.h"
#include "tests/support/config_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool
sound(const struct config_item *row, char ret_why[128])
{
	const struct config_item rows[] = { *row, CONFIG_END };
	struct strbuf why;

	strbuf_init(&why, ret_why, 128);
	return config_rows_check(rows, &why);
}

static void
refused(struct config_item row, const char *name)
{
	char why[128];

	assert_false(sound(&row, why));
	assert_string_equal(why, name);
}

static void
taken(struct config_item row)
{
	char why[128];

	assert_true(sound(&row, why));
}

static void
rows_that_make_sense_pass(void **state)
{
	char memory[64];
	struct strbuf why;

	(void)state;
	strbuf_init(&why, memory, sizeof(memory));
	assert_true(config_rows_check(sample_rows(), &why));
	assert_true(config_rows_check(settings_rows, &why));
	assert_string_equal(why.text, "");
}

static void
every_row_of_the_program_makes_sense(void **state)
{
	char memory[128];
	struct strbuf why;
	struct sample_report told;
	struct config *c = NULL;

	(void)state;
	assert_int_equal(config_load(NULL, NULL, sample_report_init(&told), &c), 0);
	strbuf_init(&why, memory, sizeof(memory));
	if (!config_rows_check(c->rows, &why))
		fail_msg("the row of %s", why.text);
	config_free(c);
}

static void
a_name_fits_its_bounds(void **state)
{
	char name[CONFIG_NAME_MAX + 2];
	struct config_item row = *sample_row("verbose");

	(void)state;
	memset(name, 'a', sizeof(name));
	name[CONFIG_NAME_MAX] = '\0';
	row.name = name;
	taken(row);
	name[CONFIG_NAME_MAX] = 'a';
	name[CONFIG_NAME_MAX + 1] = '\0';
	refused(row, name);
}

static void
a_name_is_a_lower_case_word(void **state)
{
	static const char *const wrong[] = { "", "Verbose", "1st", "_a", "a-b", "a.b", "a b" };
	struct config_item row = *sample_row("verbose");

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		row.name = wrong[i];
		refused(row, wrong[i]);
	}
	row.name = NULL;
	refused(row, "(no name)");
	row.name = "a1_";
	taken(row);
}

static void
help_is_a_sentence(void **state)
{
	static const char *const wrong[] = { NULL, "", ".", "No full stop", "A tab\t." };
	struct config_item row = *sample_row("verbose");

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		row.help = wrong[i];
		refused(row, "verbose");
	}
}

static void
a_default_lies_within_its_bounds(void **state)
{
	struct config_item row = *sample_row("min_targets");

	(void)state;
	row.dflt = 2;
	taken(row);
	row.dflt = 1;
	refused(row, "min_targets");
	row.dflt = 1024;
	taken(row);
	row.dflt = 1025;
	refused(row, "min_targets");
	row.max = UINT64_C(1) << 32;
	refused(row, "min_targets");

	row = *sample_row("memory");
	row.dflt = row.max + 1;
	refused(row, "memory");
	row = *sample_row("ratio");
	row.dflt_double = -0.1;
	refused(row, "ratio");
	row.dflt_double = 1.1;
	refused(row, "ratio");
	row = *sample_row("direction");
	row.dflt = 2;
	taken(row);
	row.dflt = 3;
	refused(row, "direction");
	row.choices = NULL;
	refused(row, "direction");
	row = *sample_row("verbose");
	row.dflt = 2;
	refused(row, "verbose");
	row = *sample_row("direction");
	row.choices = (const char *const[]){ "out", "a\tb", NULL };
	refused(row, "direction");
	row = *sample_row("label");
	row.dflt_text = "12345678";
	taken(row);
	row.dflt_text = "123456789";
	refused(row, "label");
	row.dflt_text = "a\nb";
	refused(row, "label");
	row = *sample_row("gateway");
	row.dflt_text = "gateway";
	refused(row, "gateway");
	row = *sample_row("inside");
	row.dflt_text = "10.0.0.1/8";
	refused(row, "inside");
}

static void
rows_within_rows_are_looked_at_as_well(void **state)
{
	struct config_item below[] = { *sample_row("verbose"), CONFIG_END };
	struct config_item row = *sample_row("windows");

	(void)state;
	below[0].help = NULL;
	row.rows = below;
	refused(row, "verbose");
	row = *sample_row("servers");
	row.rows = below;
	refused(row, "verbose");
	row = *sample_row("servers");
	row.max = 0;
	refused(row, "servers");
}

static void
a_name_stands_once_in_a_section(void **state)
{
	const struct config_item rows[] = { *sample_row("ratio"), *sample_row("verbose"),
		*sample_row("ratio"), CONFIG_END };
	char memory[64];
	struct strbuf why;

	(void)state;
	strbuf_init(&why, memory, sizeof(memory));
	assert_false(config_rows_check(rows, &why));
	assert_string_equal(why.text, "ratio");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_make_sense_pass),
		cmocka_unit_test(every_row_of_the_program_makes_sense),
		cmocka_unit_test(a_name_is_a_lower_case_word),
		cmocka_unit_test(a_name_fits_its_bounds),
		cmocka_unit_test(help_is_a_sentence),
		cmocka_unit_test(a_default_lies_within_its_bounds),
		cmocka_unit_test(rows_within_rows_are_looked_at_as_well),
		cmocka_unit_test(a_name_stands_once_in_a_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
