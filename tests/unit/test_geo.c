/* test_geo.c -- where an address is, and whose network it is in; files that lie about it are refused. */
#include "daemon/knowledge/geo.h"

#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <glob.h>
#include <jansson.h>
#include <maxminddb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COLLECTION TESTS_DIR "/../../shared/data/maxmind-test-data"

struct rig {
	struct scratch *scratch;
	struct geo *geo;
	struct mmdb_build m;
	char path[96];
};

static int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->scratch = scratch_new();
	r->geo = geo_new();
	(void)snprintf(r->path, sizeof(r->path), "%s/a.mmdb", r->scratch->directory);
	mmdb_begin(&r->m);
	*state = r;
	return r->geo == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	struct rig *r = *state;

	geo_free(r->geo);
	scratch_free(r->scratch);
	free(r);
	return 0;
}

/* returns NULL when it was taken, or why not */
static const char *
add_file(struct geo *g, const char *path)
{
	MMDB_s db;
	int status = MMDB_open(path, MMDB_MODE_MMAP, &db);

	if (status != MMDB_SUCCESS)
		return MMDB_strerror(status);
	const char *wrong = geo_add(g, &db);
	if (wrong != NULL)
		MMDB_close(&db);
	return wrong;
}

static const char *
add_built(struct rig *r)
{
	mmdb_write(&r->m, r->path);
	return add_file(r->geo, r->path);
}

static struct addr
parse(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static const char *
country(struct rig *r, const char *text)
{
	struct addr a = parse(text);

	return geo_country(r->geo, &a);
}

static uint32_t
asn(struct rig *r, const char *text, const char **ret_org)
{
	struct addr a = parse(text);

	return geo_asn(r->geo, &a, ret_org);
}

static void
without_a_database_all_is_unknown(void **state)
{
	const char *org = "";

	assert_null(country(*state, "192.0.2.1"));
	assert_int_equal(asn(*state, "192.0.2.1", &org), 0);
	assert_null(org);
}

static void
maxminds_own_layout_is_read(void **state)
{
	struct rig *r = *state;
	const char *org;

	mmdb_map(&r->m, 3);
	mmdb_text(&r->m, "country");
	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "iso_code", "DE");
	mmdb_text(&r->m, "autonomous_system_number");
	mmdb_u32(&r->m, 64500);
	mmdb_pair(&r->m, "autonomous_system_organization", "Example AG");
	mmdb_network(&r->m, parse("192.0.2.0"), 96 + 24, 0);
	mmdb_network(&r->m, parse("2001:db8::"), 32, 0);
	assert_null(add_built(r));
	assert_string_equal(country(r, "192.0.2.255"), "DE");
	assert_string_equal(country(r, "2001:db8::1"), "DE");
	assert_int_equal(asn(r, "192.0.2.1", &org), 64500);
	assert_string_equal(org, "Example AG");
	assert_int_equal(asn(r, "192.0.2.1", NULL), 64500);
	assert_null(country(r, "192.0.3.0"));
	assert_null(country(r, "2001:db9::"));
	assert_int_equal(asn(r, "192.0.3.0", &org), 0);
	assert_null(org);
}

/* One network a record: 10.0.I.0/24, so many records as there are. */
static void
flat_layouts_are_read(void **state)
{
	static const struct {
		const char *key[3], *value[3], *country;
		uint32_t asn;
		const char *org;
	} rows[] = {
		{ { "country_code", "asn", "as_name" }, { "az", "AS64501", "One" }, "AZ", 64501,
			"One" },
		{ { "country", "asn", "name" }, { "ZA", "64502", "Two" }, "ZA", 64502, "Two" },
		{ { "country", "country_code", "org" }, { "France", "FR", "Three" }, "FR", 0,
			NULL },
		{ { "country", "asn", "org" }, { "C1", "AS", "Four" }, NULL, 0, NULL },
		{ { "country", "asn", "org" }, { "USA", "AS4294967296", "" }, NULL, 0, NULL },
		{ { "country", "asn", "org" }, { "U", "AS4294967295", "" }, NULL, UINT32_MAX,
			NULL },
		{ { "country", "asn", "org" }, { "{Z", "AS1x", "" }, NULL, 0, NULL },
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mmdb_network(&r->m, addr_v4(10, 0, (uint8_t)i, 0), 96 + 24, r->m.bytes);
		mmdb_map(&r->m, 3);
		for (size_t k = 0; k < 3; k++)
			mmdb_pair(&r->m, rows[i].key[k], rows[i].value[k]);
	}
	assert_null(add_built(r));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr a = addr_v4(10, 0, (uint8_t)i, 7);
		const char *org;
		const char *in = geo_country(r->geo, &a);
		assert_string_equal(
			in == NULL ? "" : in, rows[i].country == NULL ? "" : rows[i].country);
		assert_int_equal(geo_asn(r->geo, &a, &org), rows[i].asn);
		assert_string_equal(org == NULL ? "" : org, rows[i].org == NULL ? "" : rows[i].org);
	}
}

static void
a_long_name_is_cut_between_characters(void **state)
{
	struct rig *r = *state;
	char name[GEO_ORG_MAX + 4];
	const char *org;

	memset(name, 'x', sizeof(name));
	memcpy(name + GEO_ORG_MAX - 2, "\xc3\xa9", 3); /* its second byte is one too many */
	mmdb_map(&r->m, 2);
	mmdb_pair(&r->m, "asn", "AS1");
	mmdb_pair(&r->m, "name", name);
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	size_t second = r->m.bytes;
	name[GEO_ORG_MAX - 2] = 'y';
	name[GEO_ORG_MAX - 1] = '\0';
	mmdb_map(&r->m, 2);
	mmdb_pair(&r->m, "asn", "AS2");
	mmdb_pair(&r->m, "name", name);
	mmdb_network(&r->m, parse("11.0.0.0"), 96 + 8, second);
	assert_null(add_built(r));
	assert_int_equal(asn(r, "10.1.1.1", &org), 1);
	assert_int_equal(strlen(org), GEO_ORG_MAX - 2);
	assert_int_equal(asn(r, "11.1.1.1", &org), 2);
	assert_string_equal(org, name);
}

/* The second is asked for what the first does not say; a third is one too many. */
static void
two_databases_complete_each_other(void **state)
{
	struct rig *r = *state;

	r->m.ip_version = 4;
	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("0.0.0.0"), 96 + 1, 0);
	assert_null(add_built(r));
	assert_int_equal(asn(r, "10.1.1.1", NULL), 0); /* and this is not remembered */
	mmdb_begin(&r->m);
	mmdb_map(&r->m, 2);
	mmdb_pair(&r->m, "asn", "AS7");
	mmdb_pair(&r->m, "country", "NO");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	mmdb_network(&r->m, parse("2001:db8::"), 32, 0);
	(void)snprintf(r->path, sizeof(r->path), "%s/b.mmdb", r->scratch->directory);
	assert_null(add_built(r));
	assert_string_equal(country(r, "10.1.1.1"), "SE");
	assert_int_equal(asn(r, "10.1.1.1", NULL), 7);
	assert_string_equal(country(r, "2001:db8::"), "NO");
	assert_non_null(strstr(add_built(r), "two databases"));
}

/* The answer that waited longest is forgotten first, and a name stays as long as is promised. */
static void
a_name_outlives_many_questions(void **state)
{
	struct rig *r = *state;
	const char *org;

	for (unsigned i = 0; i <= GEO_REMEMBERED; i++) {
		char text[16];
		mmdb_network(&r->m, addr_v4(10, 0, (uint8_t)i, 0), 96 + 24, r->m.bytes);
		mmdb_map(&r->m, 2);
		(void)snprintf(text, sizeof(text), "AS%u", i + 1);
		mmdb_pair(&r->m, "asn", text);
		mmdb_pair(&r->m, "name", text);
	}
	assert_null(add_built(r));
	for (unsigned i = 0; i < GEO_REMEMBERED; i++) { /* fill, so that an old place is taken */
		struct addr a = addr_v4(10, 0, (uint8_t)i, 1);
		assert_int_equal(geo_asn(r->geo, &a, NULL), i + 1);
	}
	assert_int_equal(asn(r, "10.0.0.1", &org), 1);
	for (unsigned i = 1; i < GEO_REMEMBERED; i++) {
		struct addr a = addr_v4(10, 0, (uint8_t)(i + 1), 2);
		assert_int_equal(geo_asn(r->geo, &a, NULL), i + 2);
	}
	assert_string_equal(org, "AS1");
}

/* It looks like an empty place among the answers. */
static void
the_unspecified_address_is_one_as_any(void **state)
{
	struct rig *r = *state;

	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("::"), 1, 0);
	assert_null(add_built(r));
	assert_string_equal(country(r, "::"), "SE");
}

static void
what_says_nothing_of_places_is_refused(void **state)
{
	struct rig *r = *state;

	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "connection", "dialup");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	assert_non_null(strstr(add_built(r), "neither"));
}

static void
a_description_out_of_bounds_is_refused(void **state)
{
	struct rig *r = *state;

	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	r->m.epoch = (UINT64_C(1) << 40) + 1;
	assert_non_null(strstr(add_built(r), "description"));
	r->m.ip_version = 5;
	r->m.epoch--;
	assert_non_null(add_built(r));
	r->m.ip_version = 6;
	r->m.says_nodes = r->m.nodes + 1;
	assert_non_null(add_built(r)); /* its tree ends in its data */
	r->m.says_nodes = 0;
	assert_null(add_built(r));
}

static void
a_record_beyond_the_data_is_refused(void **state)
{
	struct rig *r = *state;

	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	mmdb_network(&r->m, parse("11.0.0.0"), 96 + 8, r->m.bytes + 100);
	assert_non_null(add_built(r));
}

/* A map that ends before its pairs do. */
static void
a_record_that_ends_early_is_refused(void **state)
{
	struct rig *r = *state;

	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	mmdb_network(&r->m, parse("11.0.0.0"), 96 + 8, r->m.bytes);
	mmdb_map(&r->m, 3);
	mmdb_text(&r->m, "other");
	assert_non_null(add_built(r));
}

/* Cut at each byte: refused, or read without harm. */
static void
a_file_cut_short_does_no_harm(void **state)
{
	struct rig *r = *state;
	static char bytes[32768];

	r->m.ip_version = 4;
	mmdb_map(&r->m, 1);
	mmdb_pair(&r->m, "country", "SE");
	mmdb_network(&r->m, parse("10.0.0.0"), 96 + 8, 0);
	mmdb_write(&r->m, r->path);
	FILE *f = fopen(r->path, "rb");
	size_t size = fread(bytes, 1, sizeof(bytes), f);
	(void)fclose(f);
	for (size_t cut = 0; cut < size; cut++) {
		struct geo *g = geo_new();
		f = fopen(r->path, "wb");
		(void)fwrite(bytes, 1, cut, f);
		(void)fclose(f);
		assert_non_null(add_file(g, r->path));
		geo_free(g);
	}
}

/* --- the collection: MaxMind's own test databases, where they are --- */

static void
each_bad_one_of_the_collection_is_refused(void **state)
{
	struct rig *r = *state;
	glob_t found;
	unsigned taken = 0;

	if (glob(COLLECTION "/bad-data/*/*.mmdb", 0, NULL, &found) != 0)
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (add_file(r->geo, found.gl_pathv[i]) == NULL) {
			print_message("taken: %s\n", found.gl_pathv[i]);
			taken++;
		}
	globfree(&found);
	assert_int_equal(taken, 0);
}

static const char *
text_at(const json_t *value, const char *key)
{
	const char *text = json_string_value(json_object_get(value, key));

	return text == NULL ? "" : text;
}

static void
compare(struct rig *r, const char *network, const json_t *value)
{
	char text[ADDR_TEXT_MAX];
	const char *org;
	struct addr a;

	(void)snprintf(text, sizeof(text), "%.*s", (int)strcspn(network, "/"), network);
	if (!addr_parse(text, &a))
		fail_msg("%s", text);
	const char *in = geo_country(r->geo, &a);
	uint32_t number = geo_asn(r->geo, &a, &org);
	assert_string_equal(
		in == NULL ? "" : in, text_at(json_object_get(value, "country"), "iso_code"));
	assert_int_equal(
		number, json_integer_value(json_object_get(value, "autonomous_system_number")));
	if (number != 0)
		assert_string_equal(
			org == NULL ? "" : org, text_at(value, "autonomous_system_organization"));
}

static void
good_ones_of_the_collection_say_what_their_sources_say(void **state)
{
	static const char *const names[] = { "GeoLite2-ASN-Test", "GeoIP2-Country-Test",
		"GeoIP2-City-Test", "GeoIP2-ISP-Test", "GeoIP2-Enterprise-Test" };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[512];
		const char *network;
		json_t *value;
		json_t *row;
		size_t at;

		(void)snprintf(path, sizeof(path), COLLECTION "/source-data/%s.json", names[i]);
		json_t *rows = json_load_file(path, 0, NULL);
		if (rows == NULL)
			skip();
		(void)snprintf(path, sizeof(path), COLLECTION "/%s.mmdb", names[i]);
		geo_free(r->geo);
		r->geo = geo_new();
		assert_null(add_file(r->geo, path));
		json_array_foreach(rows, at, row) json_object_foreach(row, network, value)
			compare(r, network, value);
		json_decref(rows);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_database_all_is_unknown),
		TEST(maxminds_own_layout_is_read),
		TEST(flat_layouts_are_read),
		TEST(a_long_name_is_cut_between_characters),
		TEST(two_databases_complete_each_other),
		TEST(a_name_outlives_many_questions),
		TEST(the_unspecified_address_is_one_as_any),
		TEST(what_says_nothing_of_places_is_refused),
		TEST(a_description_out_of_bounds_is_refused),
		TEST(a_record_beyond_the_data_is_refused),
		TEST(a_record_that_ends_early_is_refused),
		TEST(a_file_cut_short_does_no_harm),
		TEST(each_bad_one_of_the_collection_is_refused),
		TEST(good_ones_of_the_collection_say_what_their_sources_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
