/* test_organisation.c -- whose a name, a network or a certificate's title is. */
#include "daemon/knowledge/organisation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
each_has_a_word(void **state)
{
	(void)state;
	for (enum organisation o = ORGANISATION_NONE + 1; o < ORGANISATION_COUNT; o++)
		assert_int_equal(organisation_of_word(organisation_word(o)), o);
	assert_null(organisation_word(ORGANISATION_NONE));
	assert_int_equal(organisation_of_word("Google"), ORGANISATION_GOOGLE);
	assert_int_equal(organisation_of_word("googl"), ORGANISATION_NONE);
	assert_int_equal(organisation_of_word(""), ORGANISATION_NONE);
}

/* A row that is out of order would not be found. */
static void
every_domain_is_its_owners(void **state)
{
	static const struct {
		const char *name;
		enum organisation owner;
	} rows[] = {
#define DOMAIN(who, text) { text, ORGANISATION_##who },
#include "daemon/lists/organisation_domains.def"
#undef DOMAIN
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(organisation_of_domain(rows[i].name), rows[i].owner);
	assert_int_equal(organisation_of_domain("www.Google.com."), ORGANISATION_GOOGLE);
	assert_int_equal(organisation_of_domain("google.com.evil.example"), ORGANISATION_NONE);
	assert_int_equal(organisation_of_domain("notgoogle.com"), ORGANISATION_NONE);
	assert_int_equal(organisation_of_domain(""), ORGANISATION_NONE);
}

static void
a_network_is_its_owners(void **state)
{
	(void)state;
	assert_int_equal(organisation_of_asn(15169), ORGANISATION_GOOGLE);
	assert_int_equal(organisation_of_asn(714), ORGANISATION_APPLE);
	assert_int_equal(organisation_of_asn(63179), ORGANISATION_TWITTER);
	assert_int_equal(organisation_of_asn(0), ORGANISATION_NONE);
	assert_int_equal(organisation_of_asn(64500), ORGANISATION_NONE);
}

static void
a_title_is_the_whole_title(void **state)
{
	(void)state;
	assert_int_equal(organisation_of_title("google llc"), ORGANISATION_GOOGLE);
	assert_int_equal(organisation_of_title("Meta Platforms, Inc."), ORGANISATION_FACEBOOK);
	assert_int_equal(organisation_of_title("Google LLC of Nowhere"), ORGANISATION_NONE);
	assert_int_equal(organisation_of_title(""), ORGANISATION_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_a_word),
		cmocka_unit_test(every_domain_is_its_owners),
		cmocka_unit_test(a_network_is_its_owners),
		cmocka_unit_test(a_title_is_the_whole_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
