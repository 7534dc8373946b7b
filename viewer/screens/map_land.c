#include "viewer/screens/map_land.h"

/* Clockwise or not does not matter; longitude first, as x. */

static const struct map_point north_america[] = { { -168, 66 }, { -162, 70 }, { -156, 71 },
	{ -141, 70 }, { -128, 70 }, { -115, 68 }, { -108, 68 }, { -96, 68 }, { -94, 72 },
	{ -88, 68 }, { -82, 69 }, { -81, 66 }, { -87, 64 }, { -94, 61 }, { -94, 58 }, { -88, 57 },
	{ -82, 55 }, { -82, 53 }, { -80, 51 }, { -79, 54 }, { -77, 56 }, { -78, 62 }, { -72, 62 },
	{ -69, 59 }, { -65, 60 }, { -62, 57 }, { -56, 53 }, { -60, 50 }, { -66, 50 }, { -70, 47 },
	{ -65, 49 }, { -65, 47 }, { -61, 46 }, { -66, 44 }, { -70, 44 }, { -70, 42 }, { -74, 40 },
	{ -76, 37 }, { -76, 35 }, { -81, 31 }, { -80, 27 }, { -81, 25 }, { -83, 28 }, { -84, 30 },
	{ -90, 29 }, { -94, 30 }, { -97, 28 }, { -98, 22 }, { -96, 19 }, { -91, 19 }, { -90, 21 },
	{ -87, 21 }, { -88, 16 }, { -83, 15 }, { -83, 11 }, { -80, 9 }, { -77, 9 }, { -80, 7 },
	{ -84, 9 }, { -87, 13 }, { -94, 16 }, { -99, 17 }, { -105, 20 }, { -106, 23 }, { -112, 29 },
	{ -115, 32 }, { -112, 27 }, { -110, 23 }, { -115, 28 }, { -117, 33 }, { -121, 35 },
	{ -124, 40 }, { -124, 47 }, { -128, 51 }, { -131, 55 }, { -136, 58 }, { -146, 61 },
	{ -152, 59 }, { -158, 56 }, { -164, 55 }, { -158, 58 }, { -165, 61 }, { -161, 64 } };
static const struct map_point greenland[] = { { -73, 78 }, { -60, 82 }, { -32, 83 }, { -18, 80 },
	{ -20, 74 }, { -25, 70 }, { -40, 65 }, { -43, 60 }, { -50, 62 }, { -54, 67 }, { -54, 71 },
	{ -60, 76 } };
static const struct map_point baffin[] = { { -89, 73 }, { -80, 74 }, { -68, 70 }, { -62, 66 },
	{ -66, 62 }, { -74, 65 }, { -73, 68 }, { -80, 70 } };
static const struct map_point victoria[] = { { -117, 73 }, { -105, 73 }, { -102, 69 },
	{ -115, 69 } };
static const struct map_point ellesmere[] = { { -90, 77 }, { -90, 81 }, { -70, 83 }, { -64, 82 },
	{ -78, 77 } };
static const struct map_point newfoundland[] = { { -59, 48 }, { -56, 51 }, { -53, 47 } };
static const struct map_point cuba[] = { { -85, 22 }, { -81, 23 }, { -74, 20 }, { -78, 20 } };
static const struct map_point hispaniola[] = { { -74, 18 }, { -73, 20 }, { -69, 19 }, { -71, 18 } };
static const struct map_point south_america[] = { { -77, 8 }, { -75, 11 }, { -72, 12 }, { -68, 11 },
	{ -62, 10 }, { -57, 6 }, { -51, 4 }, { -50, 0 }, { -44, -3 }, { -37, -5 }, { -35, -8 },
	{ -39, -13 }, { -39, -18 }, { -42, -23 }, { -48, -26 }, { -49, -29 }, { -53, -34 },
	{ -58, -34 }, { -57, -38 }, { -62, -39 }, { -65, -42 }, { -66, -46 }, { -69, -51 },
	{ -66, -55 }, { -71, -54 }, { -75, -50 }, { -73, -44 }, { -74, -37 }, { -71, -30 },
	{ -70, -19 }, { -76, -14 }, { -81, -6 }, { -80, -2 }, { -80, 1 }, { -77, 4 } };
static const struct map_point africa[] = { { -6, 36 }, { 3, 37 }, { 10, 37 }, { 11, 34 },
	{ 15, 32 }, { 19, 30 }, { 21, 33 }, { 29, 31 }, { 32, 31 }, { 34, 27 }, { 37, 21 },
	{ 39, 16 }, { 43, 12 }, { 51, 12 }, { 48, 5 }, { 42, -1 }, { 39, -6 }, { 40, -15 },
	{ 35, -20 }, { 35, -24 }, { 32, -28 }, { 27, -34 }, { 19, -35 }, { 17, -29 }, { 12, -18 },
	{ 13, -9 }, { 9, -1 }, { 10, 4 }, { 4, 6 }, { -3, 5 }, { -8, 4 }, { -13, 9 }, { -17, 14 },
	{ -17, 21 }, { -13, 28 }, { -9, 32 } };
static const struct map_point madagascar[] = { { 49, -12 }, { 50, -16 }, { 47, -25 }, { 44, -23 },
	{ 44, -17 } };
static const struct map_point eurasia[] = { { -9, 37 }, { -9, 43 }, { -2, 43 }, { -1, 46 },
	{ -5, 48 }, { 2, 51 }, { 5, 53 }, { 8, 54 }, { 8, 57 }, { 10, 57 }, { 11, 54 }, { 14, 54 },
	{ 20, 54 }, { 21, 57 }, { 24, 59 }, { 30, 60 }, { 23, 60 }, { 21, 63 }, { 25, 65 },
	{ 22, 66 }, { 17, 62 }, { 19, 60 }, { 16, 56 }, { 13, 55 }, { 11, 59 }, { 6, 58 },
	{ 5, 62 }, { 12, 66 }, { 18, 70 }, { 26, 71 }, { 31, 70 }, { 41, 67 }, { 40, 66 },
	{ 34, 67 }, { 37, 64 }, { 44, 66 }, { 46, 68 }, { 60, 69 }, { 68, 69 }, { 68, 73 },
	{ 74, 72 }, { 81, 73 }, { 98, 76 }, { 104, 78 }, { 113, 74 }, { 128, 73 }, { 140, 73 },
	{ 160, 70 }, { 178, 69 }, { 180, 65 }, { 177, 62 }, { 170, 60 }, { 163, 60 }, { 163, 56 },
	{ 157, 51 }, { 156, 57 }, { 163, 62 }, { 155, 59 }, { 142, 59 }, { 135, 55 }, { 141, 53 },
	{ 140, 48 }, { 135, 44 }, { 130, 42 }, { 127, 40 }, { 129, 36 }, { 126, 34 }, { 125, 39 },
	{ 121, 40 }, { 118, 39 }, { 122, 37 }, { 119, 35 }, { 122, 31 }, { 120, 26 }, { 114, 22 },
	{ 108, 21 }, { 106, 18 }, { 109, 13 }, { 105, 9 }, { 103, 11 }, { 100, 13 }, { 99, 9 },
	{ 103, 5 }, { 104, 1 }, { 101, 3 }, { 98, 9 }, { 98, 16 }, { 94, 17 }, { 92, 22 },
	{ 88, 22 }, { 81, 16 }, { 80, 12 }, { 78, 8 }, { 75, 13 }, { 72, 21 }, { 67, 25 },
	{ 58, 25 }, { 56, 27 }, { 50, 30 }, { 48, 30 }, { 50, 26 }, { 52, 24 }, { 56, 26 },
	{ 60, 22 }, { 55, 17 }, { 44, 13 }, { 39, 21 }, { 35, 28 }, { 34, 32 }, { 36, 36 },
	{ 30, 36 }, { 27, 38 }, { 28, 41 }, { 24, 41 }, { 24, 38 }, { 22, 37 }, { 19, 42 },
	{ 14, 45 }, { 12, 45 }, { 14, 42 }, { 18, 40 }, { 16, 38 }, { 10, 44 }, { 4, 43 },
	{ 0, 40 }, { -2, 37 }, { -6, 36 } };
static const struct map_point black_sea[] = { { 28, 42 }, { 28, 44 }, { 31, 46 }, { 34, 45 },
	{ 38, 47 }, { 37, 45 }, { 41, 42 }, { 35, 42 } };
static const struct map_point caspian[] = { { 47, 45 }, { 52, 47 }, { 51, 44 }, { 54, 41 },
	{ 54, 37 }, { 49, 38 }, { 50, 41 } };
static const struct map_point britain[] = { { -5, 50 }, { 1, 51 }, { 1, 53 }, { -2, 56 },
	{ -4, 58 }, { -6, 57 }, { -3, 54 }, { -5, 52 } };
static const struct map_point ireland[] = { { -10, 52 }, { -6, 52 }, { -6, 55 }, { -9, 54 } };
static const struct map_point iceland[] = { { -24, 65 }, { -22, 66 }, { -15, 66 }, { -15, 64 },
	{ -20, 63 } };
static const struct map_point svalbard[] = { { 11, 79 }, { 18, 80 }, { 25, 79 }, { 17, 77 } };
static const struct map_point novaya_zemlya[] = { { 52, 71 }, { 56, 74 }, { 67, 77 }, { 58, 73 },
	{ 57, 71 } };
static const struct map_point sicily[] = { { 12, 38 }, { 15, 38 }, { 15, 37 } };
static const struct map_point japan[] = { { 130, 31 }, { 130, 34 }, { 136, 36 }, { 140, 40 },
	{ 140, 42 }, { 142, 45 }, { 145, 43 }, { 141, 41 }, { 141, 36 }, { 137, 34 }, { 132, 33 } };
static const struct map_point sakhalin[] = { { 142, 54 }, { 144, 50 }, { 143, 46 }, { 142, 48 } };
static const struct map_point taiwan[] = { { 121, 25 }, { 122, 25 }, { 121, 22 } };
static const struct map_point philippines[] = { { 120, 18 }, { 122, 18 }, { 124, 12 }, { 126, 9 },
	{ 125, 6 }, { 122, 7 }, { 123, 11 }, { 120, 14 } };
static const struct map_point sri_lanka[] = { { 80, 10 }, { 82, 7 }, { 80, 6 } };
static const struct map_point sumatra[] = { { 95, 6 }, { 104, -2 }, { 106, -6 }, { 101, -3 } };
static const struct map_point java[] = { { 105, -6 }, { 114, -7 }, { 115, -9 }, { 107, -8 } };
static const struct map_point borneo[] = { { 109, 2 }, { 117, 7 }, { 119, 5 }, { 116, -4 },
	{ 110, -3 } };
static const struct map_point sulawesi[] = { { 119, 1 }, { 125, 1 }, { 121, 0 }, { 123, -5 },
	{ 119, -5 } };
static const struct map_point new_guinea[] = { { 131, -1 }, { 141, -3 }, { 147, -6 }, { 151, -10 },
	{ 143, -8 }, { 138, -8 }, { 133, -4 } };
static const struct map_point australia[] = { { 114, -22 }, { 122, -18 }, { 126, -14 },
	{ 131, -12 }, { 136, -12 }, { 136, -15 }, { 140, -17 }, { 142, -11 }, { 146, -19 },
	{ 153, -25 }, { 153, -31 }, { 150, -37 }, { 144, -38 }, { 138, -35 }, { 132, -32 },
	{ 124, -33 }, { 118, -35 }, { 115, -34 } };
static const struct map_point tasmania[] = { { 145, -41 }, { 148, -41 }, { 147, -43 } };
static const struct map_point new_zealand_north[] = { { 173, -35 }, { 178, -38 }, { 175, -41 },
	{ 174, -39 } };
static const struct map_point new_zealand_south[] = { { 173, -41 }, { 174, -42 }, { 170, -46 },
	{ 167, -46 } };

#define SHAPE(points, is_water)                                        \
	{                                                              \
		points, sizeof(points) / sizeof((points)[0]), is_water \
	}

const struct map_shape map_land[] = {
	SHAPE(north_america, false),
	SHAPE(greenland, false),
	SHAPE(baffin, false),
	SHAPE(victoria, false),
	SHAPE(ellesmere, false),
	SHAPE(newfoundland, false),
	SHAPE(cuba, false),
	SHAPE(hispaniola, false),
	SHAPE(south_america, false),
	SHAPE(africa, false),
	SHAPE(madagascar, false),
	SHAPE(eurasia, false),
	SHAPE(black_sea, true),
	SHAPE(caspian, true),
	SHAPE(britain, false),
	SHAPE(ireland, false),
	SHAPE(iceland, false),
	SHAPE(svalbard, false),
	SHAPE(novaya_zemlya, false),
	SHAPE(sicily, false),
	SHAPE(japan, false),
	SHAPE(sakhalin, false),
	SHAPE(taiwan, false),
	SHAPE(philippines, false),
	SHAPE(sri_lanka, false),
	SHAPE(sumatra, false),
	SHAPE(java, false),
	SHAPE(borneo, false),
	SHAPE(sulawesi, false),
	SHAPE(new_guinea, false),
	SHAPE(australia, false),
	SHAPE(tasmania, false),
	SHAPE(new_zealand_north, false),
	SHAPE(new_zealand_south, false),
};
const size_t map_land_count = sizeof(map_land) / sizeof(map_land[0]);

/* Does a line to the east cross this edge? */
static bool
is_crossed(struct map_point a, struct map_point b, double longitude, double latitude)
{
	if ((a.latitude > latitude) == (b.latitude > latitude))
		return false;
	double share = (latitude - a.latitude) / (b.latitude - a.latitude);
	return longitude < a.longitude + share * (b.longitude - a.longitude);
}

static bool
is_inside(const struct map_shape *s, double longitude, double latitude)
{
	bool inside = false;

	for (size_t i = 0; i < s->count; i++) {
		struct map_point next = s->points[i + 1 < s->count ? i + 1 : 0];

		inside ^= is_crossed(s->points[i], next, longitude, latitude);
	}
	return inside;
}

bool
map_is_land(double longitude, double latitude)
{
	bool land = false;

	for (size_t i = 0; i < map_land_count; i++)
		if (is_inside(&map_land[i], longitude, latitude))
			land = !map_land[i].is_water;
	return land;
}
