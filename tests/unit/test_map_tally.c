#include "viewer/screens/map_tally.h"

#include "tests/support/places_rig.h"

static const struct map_country *
country(const struct map_tally *t, const char *name)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->countries[i].name, name) == 0)
			return &t->countries[i];
	fail_msg("there is no %s", name);
	return NULL;
}

static void
addresses_are_counted_once_by_direction(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct map_tally t = map_tally_of(&r.model);
	assert_int_equal(country(&t, "Netherlands")->out, 1);
	assert_int_equal(country(&t, "Netherlands")->in, 0);
	assert_int_equal(country(&t, "Netherlands")->bytes, 64000);
	assert_int_equal(country(&t, "Brazil")->in, 1);
	assert_int_equal(country(&t, "Brazil")->out, 0);
	assert_int_equal(country(&t, "private")->out, 1);
	assert_null(country(&t, "private")->place);
	assert_int_equal(country(&t, "not known")->out, 30);
	assert_int_equal(country(&t, "not known")->bytes, 30 * 60);
	assert_int_equal(country(&t, "United States")->bytes, 1200000);
	places_end(&r);
}

static void
most_addresses_come_first_then_most_bytes(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct map_tally t = map_tally_of(&r.model);
	assert_string_equal(t.countries[0].name, "not known");
	assert_string_equal(t.countries[1].code, "US");
	assert_string_equal(t.countries[2].code, "NL");
	assert_string_equal(t.countries[3].code, "JP");
	assert_int_equal(t.count, 7);
	places_end(&r);
}

static void
what_is_no_country_has_its_row_and_no_place(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct map_tally t = map_tally_of(&r.model);
	const struct map_country *odd = country(&t, "");
	assert_null(odd->place);
	assert_int_equal(odd->out, 1);
	assert_true(odd->code[0] == '\033');
	places_end(&r);
}

static void
nobody_is_nowhere(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	r.sample.is_empty = true;
	assert_int_equal(map_tally_of(&r.model).count, 0);
	assert_false(map_tally_of(&r.model).is_full);
	places_end(&r);
}

static void
without_memory_it_says_so(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	arena_done(&r.model.memory);
	arena_init(&r.model.memory, 100, NULL);
	assert_true(map_tally_of(&r.model).is_full);
	arena_done(&r.model.memory);
	arena_init(&r.model.memory, (size_t)MAP_COUNTRIES_MAX * sizeof(struct map_country) + 7600,
		NULL);
	assert_true(map_tally_of(&r.model).is_full);
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_counted_once_by_direction),
		cmocka_unit_test(most_addresses_come_first_then_most_bytes),
		cmocka_unit_test(what_is_no_country_has_its_row_and_no_place),
		cmocka_unit_test(nobody_is_nowhere),
		cmocka_unit_test(without_memory_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
