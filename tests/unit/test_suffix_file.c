/* test_suffix_file.c -- the list of public suffixes is read; what is none is not taken for one. */
#include "daemon/loop/suffix_file.h"

#include "daemon/knowledge/public_suffix.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

static int
set_up(void **state)
{
	*state = scratch_new();
	return *state == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	scratch_free(*state);
	return 0;
}

/* Is it the list of the file, under which "made-up.com" is a suffix, or libpsl's own? */
static void
expect(const char *path, bool of_the_file)
{
	struct public_suffix *p = suffix_file_load(path);

	assert_non_null(p);
	assert_int_equal(public_suffix_registrable(p, "www.example.made-up.com").length,
		strlen(of_the_file ? "example.made-up.com" : "made-up.com"));
	assert_int_equal(public_suffix_registrable(p, "a.b.co.uk").length, strlen("b.co.uk"));
	public_suffix_free(p);
}

static void
a_list_is_read(void **state)
{
	const struct scratch *s = *state;
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/list", s->directory);
	FILE *f = fopen(path, "w");
	(void)fputs("com\nuk\nco.uk\nmade-up.com\n", f);
	(void)fclose(f);
	expect(path, true);
}

static void
without_a_list_the_library_has_one(void **state)
{
	const struct scratch *s = *state;
	char path[96];

	expect(NULL, false);
	expect("", false);
	expect(s->directory, false);
	(void)snprintf(path, sizeof(path), "%s/list", s->directory);
	expect(path, false);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(path, false);
}

static void
what_is_no_list_is_not_taken_for_one(void **state)
{
	static const char *const texts[] = { "", "hello\nmade-up.com\n", "com\nmade-up.com\n",
		"co.uk\nuk\nexample.com\nmade-up.com\n", ".DAFSA@PSL_0\n\x80\x80\x80\x80\x80" };
	const struct scratch *s = *state;
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/list", s->directory);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *f = fopen(path, "w");
		(void)fputs(texts[i], f);
		(void)fclose(f);
		expect(path, false);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_is_read),
		TEST(without_a_list_the_library_has_one),
		TEST(what_is_no_list_is_not_taken_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
