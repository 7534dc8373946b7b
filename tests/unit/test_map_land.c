#include "viewer/screens/map_land.h"

#include "viewer/screens/map_places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
land_is_land_and_water_is_water(void **state)
{
	static const struct {
		double longitude, latitude;
		bool is_land;
	} rows[] = {
		{ -100, 40, true },  /* Kansas */
		{ -60, -10, true },  /* Amazonas */
		{ 20, 0, true },     /* Congo */
		{ 100, 60, true },   /* Siberia */
		{ 134, -25, true },  /* Australia */
		{ -42, 72, true },   /* Greenland */
		{ 47, -19, true },   /* Madagascar */
		{ 114, 0, true },    /* Borneo */
		{ 138, 36, true },   /* Honshu */
		{ -30, 30, false },  /* Atlantic */
		{ -150, 0, false },  /* Pacific */
		{ 80, -20, false },  /* Indian Ocean */
		{ 18, 35, false },   /* Mediterranean */
		{ 35, 43.5, false }, /* Black Sea */
		{ 51, 42.5, false }, /* Caspian */
		{ -85, 60, false },  /* Hudson Bay */
		{ 0, -75, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(map_is_land(rows[i].longitude, rows[i].latitude), rows[i].is_land);
}

static void
large_countries_are_on_land(void **state)
{
	static const char *const codes[] = { "AR", "AU", "BR", "CA", "CD", "CN", "DE", "DZ", "EG",
		"ES", "ET", "FR", "GB", "ID", "IN", "IR", "JP", "KZ", "LY", "MG", "MN", "MX", "NG",
		"PL", "RU", "SA", "SE", "TR", "UA", "US", "ZA" };

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		const struct map_place *p = map_place_find(codes[i]);

		if (!map_is_land(p->longitude, p->latitude))
			fail_msg("%s is in the sea", p->name);
	}
}

static void
shapes_have_an_inside_and_stay_on_the_globe(void **state)
{
	(void)state;
	for (size_t i = 0; i < map_land_count; i++) {
		assert_true(map_land[i].count >= 3);
		for (size_t at = 0; at < map_land[i].count; at++) {
			assert_in_range(map_land[i].points[at].longitude + 180, 0, 360);
			assert_in_range(map_land[i].points[at].latitude + 90, 0, 180);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(land_is_land_and_water_is_water),
		cmocka_unit_test(large_countries_are_on_land),
		cmocka_unit_test(shapes_have_an_inside_and_stay_on_the_globe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
