#include "daemon/intel/intel_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static struct intel_endings
endings_of(const char *name)
{
	struct intel_endings e;

	assert_true(intel_name_endings(&key, name, strlen(name), &e));
	return e;
}

static bool
is_name(const char *name)
{
	struct intel_endings e;

	return intel_name_endings(&key, name, strlen(name), &e);
}

static void
a_name_has_the_hashes_of_its_parents(void **state)
{
	struct intel_endings child = endings_of("www.bad.example");
	struct intel_endings parent = endings_of("bad.example");

	(void)state;
	assert_int_equal(child.count, 3);
	assert_true(child.is_whole);
	assert_int_equal(parent.count, 2);
	assert_memory_equal(child.hash, parent.hash, sizeof(parent.hash[0]) * 2);
	assert_true(child.hash[2] != child.hash[1]);
}

static void
case_and_the_roots_dot_do_not_matter(void **state)
{
	struct intel_endings one = endings_of("Bad.EXAMPLE.");
	struct intel_endings other = endings_of("bad.example");

	(void)state;
	assert_memory_equal(&one, &other, sizeof(one));
}

static void
labels_are_kept_apart(void **state)
{
	(void)state;
	assert_true(endings_of("ab.c").hash[1] != endings_of("a.bc").hash[1]);
	assert_true(endings_of("a").hash[0] != endings_of("aa").hash[0]);
	assert_true(endings_of("a").hash[0] != endings_of("b").hash[0]);
	assert_true(endings_of("abcdefghi").hash[0] != endings_of("abcdefghj").hash[0]);
	assert_true(endings_of("a.a").hash[1] != endings_of("a").hash[0]);
}

static void
no_ending_is_longer_than_ten_labels(void **state)
{
	struct intel_endings ten = endings_of("1.2.3.4.5.6.7.8.9.a");
	struct intel_endings eleven = endings_of("0.1.2.3.4.5.6.7.8.9.a");

	(void)state;
	assert_int_equal(ten.count, INTEL_LABELS_MAX);
	assert_true(ten.is_whole);
	assert_int_equal(eleven.count, INTEL_LABELS_MAX);
	assert_false(eleven.is_whole);
	assert_memory_equal(ten.hash, eleven.hash, sizeof(ten.hash));
}

static void
what_is_no_name_has_no_hashes(void **state)
{
	char label[66];
	char name[300];

	(void)state;
	assert_false(is_name(""));
	assert_false(is_name("."));
	assert_false(is_name("a..b"));
	assert_false(is_name(".a"));
	assert_false(is_name("a.."));
	memset(label, 'a', sizeof(label));
	label[63] = '\0';
	assert_true(is_name(label));
	label[63] = 'a';
	label[64] = '\0';
	assert_false(is_name(label));
	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[253] = '\0';
	assert_true(is_name(name));
	name[253] = 'b';
	name[254] = '\0';
	assert_false(is_name(name));
	assert_true(is_name("a.b."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_the_hashes_of_its_parents),
		cmocka_unit_test(case_and_the_roots_dot_do_not_matter),
		cmocka_unit_test(labels_are_kept_apart),
		cmocka_unit_test(no_ending_is_longer_than_ten_labels),
		cmocka_unit_test(what_is_no_name_has_no_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
