/* test_geo_file.c -- databases of places are opened, or a line says why not. */
#include "daemon/loop/geo_file.h"

#include "daemon/knowledge/geo.h"
#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

struct rig {
	struct scratch *scratch;
	char countries[96], networks[96], none[96];
};

static void
write_database(const char *path, const char *key, const char *value)
{
	struct mmdb_build m;

	mmdb_begin(&m);
	mmdb_map(&m, 1);
	mmdb_pair(&m, key, value);
	mmdb_network(&m, addr_v4(10, 0, 0, 0), 96 + 8, 0);
	mmdb_write(&m, path);
}

static int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->scratch = scratch_new();
	(void)snprintf(r->countries, sizeof(r->countries), "%s/c", r->scratch->directory);
	(void)snprintf(r->networks, sizeof(r->networks), "%s/n", r->scratch->directory);
	(void)snprintf(r->none, sizeof(r->none), "%s/none", r->scratch->directory);
	write_database(r->countries, "country", "SE");
	write_database(r->networks, "asn", "AS7");
	*state = r;
	return 0;
}

static int
tear_down(void **state)
{
	struct rig *r = *state;

	scratch_free(r->scratch);
	free(r);
	return 0;
}

static void
expect(struct geo *g, bool in_country, bool in_network)
{
	struct addr a = addr_v4(10, 1, 2, 3);

	assert_non_null(g);
	assert_int_equal(geo_country(g, &a) != NULL, in_country);
	assert_int_equal(geo_asn(g, &a, NULL), in_network ? 7 : 0);
	geo_free(g);
}

static void
nothing_named_is_nothing_known(void **state)
{
	(void)state;
	assert_null(geo_file_load(NULL, NULL));
	assert_null(geo_file_load("", ""));
}

static void
each_is_read(void **state)
{
	const struct rig *r = *state;

	expect(geo_file_load(r->countries, r->networks), true, true);
	expect(geo_file_load(r->countries, ""), true, false);
	expect(geo_file_load(NULL, r->networks), false, true);
	expect(geo_file_load(r->countries, r->countries), true, false);
}

static void
one_that_is_not_usable_spares_the_other(void **state)
{
	const struct rig *r = *state;

	expect(geo_file_load(r->none, r->networks), false, true);
	expect(geo_file_load(r->countries, r->scratch->directory), true, false);
	assert_null(geo_file_load(r->none, r->none));
	write_database(r->countries, "speed", "slow");
	expect(geo_file_load(r->countries, r->networks), false, true);
}

/* Opened, it would wait for somebody to write into it. */
static void
a_fifo_is_not_waited_for(void **state)
{
	const struct rig *r = *state;

	assert_int_equal(mkfifo(r->none, 0600), 0);
	assert_null(geo_file_load(r->none, NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_named_is_nothing_known),
		TEST(each_is_read),
		TEST(one_that_is_not_usable_spares_the_other),
		TEST(a_fifo_is_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
