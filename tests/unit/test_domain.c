/* test_domain.c -- names of domains: their labels, and lists of them. */
#include "daemon/base/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const rows[] = { "example", "example-a.com", "example.com", "sub.example.com" };

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void
the_last_dot_is_no_part_of_a_name(void **state)
{
	(void)state;
	assert_int_equal(domain_view("a.b.").length, 3);
	assert_int_equal(domain_view("a.b").length, 3);
	assert_int_equal(domain_view(".").length, 0);
	assert_int_equal(domain_view("").length, 0);
}

static void
a_host_is_a_name_without_its_port(void **state)
{
	char longest[DOMAIN_TEXT_MAX + 2 + sizeof(":80")];
	char name[DOMAIN_TEXT_MAX + 1];

	(void)state;
	domain_of_host("www.example.com:8080", name);
	assert_string_equal(name, "www.example.com");
	domain_of_host("example.com", name);
	assert_string_equal(name, "example.com");
	domain_of_host("[2001:db8::1]:80", name);
	assert_string_equal(name, "");
	domain_of_host("", name);
	assert_string_equal(name, "");
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + DOMAIN_TEXT_MAX, ":80", sizeof(":80"));
	domain_of_host(longest, name);
	assert_int_equal(strlen(name), DOMAIN_TEXT_MAX);
	memcpy(longest + DOMAIN_TEXT_MAX, "a:80", sizeof("a:80"));
	domain_of_host(longest, name);
	assert_string_equal(name, "");
}

static void
a_domain_is_left_label_by_label(void **state)
{
	struct text_view d = domain_view("a.bc.d.");

	(void)state;
	assert_true(domain_up(&d));
	assert_int_equal(d.length, 4);
	assert_memory_equal(d.at, "bc.d", 4);
	assert_true(domain_up(&d));
	assert_false(domain_up(&d));
	assert_int_equal(d.length, 1);
	d = domain_view("");
	assert_false(domain_up(&d));
}

static void
a_name_and_what_is_below_it_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		assert_int_equal(domain_find(rows, ROWS, rows[i]), i);
	assert_int_equal(domain_find(rows, ROWS, "www.Example.COM."), 2);
	assert_int_equal(domain_find(rows, ROWS, "a.b.sub.example.com"), 3);
	assert_int_equal(domain_find(rows, ROWS, "other.example"), 0);
}

static void
a_name_that_only_looks_like_one_is_not(void **state)
{
	(void)state;
	assert_int_equal(domain_find(rows, ROWS, "notexample.com"), ROWS);
	assert_int_equal(domain_find(rows, ROWS, "example.com.org"), ROWS);
	assert_int_equal(domain_find(rows, ROWS, "exampl"), ROWS);
	assert_int_equal(domain_find(rows, ROWS, "zzz"), ROWS);
	assert_int_equal(domain_find(rows, ROWS, ""), ROWS);
	assert_int_equal(domain_find(rows, ROWS, "example.com.."), ROWS);
	assert_int_equal(domain_find(rows, 0, "example.com"), 0);
}

/* As many labels as a name can have are looked at, and no more. */
static void
endless_labels_cost_no_more(void **state)
{
	char name[1024];
	const size_t most = DOMAIN_TEXT_MAX / 2 + 1;

	(void)state;
	for (size_t labels = most; labels <= most + 1; labels++) {
		for (size_t i = 0; i < 2 * (labels - 1); i++)
			name[i] = i % 2 == 0 ? 'a' : '.';
		(void)strcpy(name + 2 * (labels - 1), "example");
		assert_int_equal(domain_find(rows, ROWS, name), labels == most ? 0 : ROWS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_dot_is_no_part_of_a_name),
		cmocka_unit_test(a_host_is_a_name_without_its_port),
		cmocka_unit_test(a_domain_is_left_label_by_label),
		cmocka_unit_test(a_name_and_what_is_below_it_are_found),
		cmocka_unit_test(a_name_that_only_looks_like_one_is_not),
		cmocka_unit_test(endless_labels_cost_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
