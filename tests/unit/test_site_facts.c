/* test_site_facts.c -- what a site says of names and addresses that lists and databases tell. */
#include "daemon/site.h"

#include "daemon/public_suffix.h"

#include <libpsl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static void
without_lists_and_databases_nothing_is_known(void **state)
{
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	struct addr a = addr_v4(8, 8, 8, 8);
	const char *org = "";

	(void)state;
	assert_int_equal(site_registrable(s, "www.example.com").length, 0);
	assert_int_equal(site_asn(s, &a, &org), 0);
	assert_null(org);
	assert_int_equal(site_asn(s, &a, NULL), 0);
	assert_null(site_country(s, &a));
	site_free(s);
}

static void
a_name_has_an_owner_with_a_list(void **state)
{
	struct public_suffix *p = public_suffix_new(psl_latest(NULL));
	struct site *s =
		site_new(&(struct site_plan){ .names = 4, .macs = 4, .suffixes = p }, &key);

	(void)state;
	struct text_view v = site_registrable(s, "www.example.co.uk");
	assert_int_equal(v.length, strlen("example.co.uk"));
	site_free(s);
	public_suffix_free(p);
}

static void
a_name_or_an_address_is_listed(void **state)
{
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	struct addr listed = addr_v4(8, 8, 8, 8);
	struct addr other = addr_v4(192, 0, 2, 1);

	(void)state;
	assert_true(site_listed(s, LIST_DOH, "dns.google", NULL));
	assert_true(site_listed(s, LIST_DOH, NULL, &listed));
	assert_true(site_listed(s, LIST_DOH, "example.com", &listed));
	assert_false(site_listed(s, LIST_DOH, "example.com", &other));
	assert_false(site_listed(s, LIST_DOH, NULL, NULL));
	site_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_lists_and_databases_nothing_is_known),
		cmocka_unit_test(a_name_has_an_owner_with_a_list),
		cmocka_unit_test(a_name_or_an_address_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
