/* test_country_name.c -- what Kalipso calls a country. */
#include "daemon/base/country_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *code, *name;
} rows[] = {
#define COUNTRY(code, name) { code, name },
#include "daemon/base/country_names.def"
#undef COUNTRY
};

enum { COUNTRIES = 249 + 1, ROWS = sizeof(rows) / sizeof(rows[0]) }; /* ISO's, and Kosovo */

static void
countries_have_the_names_that_kalipso_looks_up(void **state)
{
	static const struct {
		const char *code, *name;
	} known[] = {
		{ "CN", "China" },
		{ "BR", "Brazil" },
		{ "IN", "India" },
		{ "DE", "Germany" },
		{ "TR", "Turkey" },
		{ "NL", "Netherlands" },
		{ "VN", "Viet Nam" },
		{ "RU", "Russian Federation" },
		{ "US", "United States" },
		{ "GB", "United Kingdom" },
		{ "CZ", "Czechia" },
		{ "VE", "Venezuela" },
		{ "IR", "Iran, Islamic Republic Of" },
		{ "KP", "Korea, Democratic People'S Republic of" },
		{ "MK", "Macedonia, The Former Yugoslav Republic of" },
		{ "RW", "RWANDA" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_string_equal(country_name(known[i].code), known[i].name);
}

/* A row that is out of order would not be found. */
static void
every_country_is_found_and_is_there_once(void **state)
{
	(void)state;
	assert_int_equal(ROWS, COUNTRIES);
	for (size_t i = 0; i < ROWS; i++) {
		assert_int_equal(strlen(rows[i].code), 2);
		assert_true(i == 0 || strcmp(rows[i - 1].code, rows[i].code) < 0);
		assert_string_equal(country_name(rows[i].code), rows[i].name);
		assert_string_equal(country_code(rows[i].name), rows[i].code);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rows[i].name, rows[k].name);
	}
}

static void
what_is_no_country_has_no_name(void **state)
{
	static const char *const others[] = { "", "A", "AA", "D", "DEU", "ZZ", "de", "UK", "EU" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_null(country_name(others[i]));
}

static void
countries_are_known_by_the_short_names_of_others_too(void **state)
{
	(void)state;
	assert_string_equal(country_code("Russia"), "RU");
	assert_string_equal(country_code("Vietnam"), "VN");
	assert_string_equal(country_code("Iran"), "IR");
	assert_string_equal(country_code("South Korea"), "KR");
	assert_string_equal(country_code("Congo"), "CG");
	assert_string_equal(country_code("Congo, Democratic Republic of the"), "CD");
	assert_string_equal(country_code("Libya"), "LY");
	assert_string_equal(country_code("Rwanda"), "RW");
	assert_null(country_code("Private"));
	assert_null(country_code("Ira"));
	assert_null(country_code(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries_have_the_names_that_kalipso_looks_up),
		cmocka_unit_test(every_country_is_found_and_is_there_once),
		cmocka_unit_test(what_is_no_country_has_no_name),
		cmocka_unit_test(countries_are_known_by_the_short_names_of_others_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
