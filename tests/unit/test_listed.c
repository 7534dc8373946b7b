/* test_listed.c -- names and addresses of our own lists are found, others are not. */
#include "daemon/knowledge/listed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
check_names(enum list_category c, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!listed_name(c, names[i]))
			fail_msg("%s is not found", names[i]);
		assert_true(i == 0 || strcmp(names[i - 1], names[i]) < 0);
		for (const char *at = names[i]; *at != '\0'; at++)
			assert_true(*at == '-' || *at == '.' || (*at >= '0' && *at <= '9') ||
				    (*at >= 'a' && *at <= 'z'));
	}
}

#define CHECK(category, rows) check_names(category, rows, sizeof(rows) / sizeof((rows)[0]))
#define NAME(text)            text,

/* A row that is out of order, or not in lower case, would not be found. */
static void
every_name_is_found(void **state)
{
	static const char *const doh[] = {
#include "daemon/lists/doh_names.def"
	};
	static const char *const dynamic_dns[] = {
#include "daemon/lists/dynamic_dns.def"
	};
	static const char *const paste[] = {
#include "daemon/lists/paste.def"
	};
	static const char *const sinkholes[] = {
#include "daemon/lists/sinkhole_names.def"
	};

	(void)state;
	CHECK(LIST_DOH, doh);
	CHECK(LIST_DYNAMIC_DNS, dynamic_dns);
	CHECK(LIST_PASTE, paste);
	CHECK(LIST_SINKHOLE, sinkholes);
}

static void
names_below_are_listed_and_above_are_not(void **state)
{
	(void)state;
	assert_true(listed_name(LIST_DYNAMIC_DNS, "procesoexitos1.DuckDNS.org."));
	assert_false(listed_name(LIST_DYNAMIC_DNS, "org"));
	assert_false(listed_name(LIST_DYNAMIC_DNS, "notduckdns.org"));
	assert_true(listed_name(LIST_DOH, "dns.google"));
	assert_false(listed_name(LIST_DOH, "google"));
	assert_false(listed_name(LIST_DOH, "www.google.com"));
}

static void
lists_are_kept_apart(void **state)
{
	(void)state;
	assert_false(listed_name(LIST_DOH, "pastebin.com"));
	assert_true(listed_name(LIST_PASTE, "pastebin.com"));
	assert_false(listed_name(LIST_TOR, "pastebin.com"));
	assert_false(listed_name(LIST_PASTE, ""));
}

static void
addresses_are_listed_one_by_one(void **state)
{
	struct addr first = addr_v4(8, 8, 8, 8);
	struct addr near = addr_v4(8, 8, 8, 9);
	struct addr sinkhole = addr_v4(148, 81, 111, 111);
	struct addr six;
	struct addr not_six;

	(void)state;
	assert_true(addr_parse("2001:4860:4860::8844", &six));
	assert_true(addr_parse("2001:4860:4860::8845", &not_six));
	assert_true(listed_addr(LIST_DOH, &first));
	assert_true(listed_addr(LIST_DOH, &six));
	assert_false(listed_addr(LIST_DOH, &near));
	assert_false(listed_addr(LIST_DOH, &not_six));
	assert_false(listed_addr(LIST_DOH, &sinkhole));
	assert_true(listed_addr(LIST_SINKHOLE, &sinkhole));
	assert_false(listed_addr(LIST_TOR, &first));
	assert_false(listed_addr(LIST_PASTE, &first));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_is_found),
		cmocka_unit_test(names_below_are_listed_and_above_are_not),
		cmocka_unit_test(lists_are_kept_apart),
		cmocka_unit_test(addresses_are_listed_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
