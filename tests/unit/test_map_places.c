#include "viewer/screens/map_places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
countries_are_found_by_their_letters(void **state)
{
	(void)state;
	assert_string_equal(map_place_find("AD")->name, "Andorra");
	assert_string_equal(map_place_find("CZ")->name, "Czechia");
	assert_int_equal(map_place_find("CZ")->latitude, 50);
	assert_int_equal(map_place_find("CZ")->longitude, 15);
	assert_string_equal(map_place_find("ZW")->name, "Zimbabwe");
	assert_null(map_place_find(""));
	assert_null(map_place_find("QQ"));
	assert_null(map_place_find("CZE"));
	assert_null(map_place_find("cz"));
}

static void
all_250_are_there_each_on_the_globe(void **state)
{
	size_t count = 0;
	char code[3] = "";

	(void)state;
	for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
		for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
			const struct map_place *p = map_place_find(code);

			if (p == NULL)
				continue;
			count++;
			assert_string_equal(p->code, code);
			assert_in_range(p->latitude + 90, 0, 180);
			assert_in_range(p->longitude + 180, 0, 360);
		}
	assert_int_equal(count, 250);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(countries_are_found_by_their_letters),
		cmocka_unit_test(all_250_are_there_each_on_the_globe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
