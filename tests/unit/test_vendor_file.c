/* test_vendor_file.c -- the list of vendors is read, or a line says why not. */
#include "daemon/loop/vendor_file.h"

#include "daemon/knowledge/oui.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEVICES = RECORD_BIT(RECORD_DEVICE) };

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

static const char *
file_with(const struct scratch *s, const char *text, size_t times)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/oui.txt", s->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	while (times-- > 0)
		assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return path;
}

static void
a_list_is_read_to_its_end(void **state)
{
	static const char filler[] =
		"a line that names no block, as most of them ----------------\n";
	const char *path = file_with(*state, filler, 20000); /* more than a piece */
	FILE *f = fopen(path, "a");

	assert_true(fputs("0011DD     (base 16)\t\tSomebody Inc.\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	struct oui *o = vendor_file_load(path, DEVICES);
	assert_non_null(o);
	assert_int_equal(oui_count(o), 1);
	assert_string_equal(oui_vendor(o, &(struct mac){ { 0, 0x11, 0xdd } }), "Somebody Inc.");
	oui_free(o);
}

static void
what_is_no_list_gives_none(void **state)
{
	assert_null(vendor_file_load("/nowhere/oui.txt", DEVICES));
	assert_null(vendor_file_load("/tmp", DEVICES));
	assert_null(vendor_file_load(file_with(*state, "nothing", 1), DEVICES));
	assert_null(vendor_file_load(file_with(*state, "", 0), DEVICES));
}

static void
nobody_asks_for_it_where_nobody_wants_devices(void **state)
{
	const char *path = file_with(*state, "0011DD     (base 16)\t\tSomebody Inc.\n", 1);

	assert_null(vendor_file_load(NULL, DEVICES));
	assert_null(vendor_file_load("", DEVICES));
	assert_null(vendor_file_load(path, RECORD_BIT(RECORD_FLOW)));
}

static void
evidence_is_a_reason_as_well(void **state)
{
	const char *path = file_with(*state, "0011DD     (base 16)\t\tSomebody Inc.\n", 1);
	struct oui *o = vendor_file_load(path, RECORD_BIT(RECORD_EVIDENCE));

	assert_non_null(o);
	assert_int_equal(oui_count(o), 1);
	oui_free(o);
	assert_null(vendor_file_load("/nowhere/oui.txt", RECORD_BIT(RECORD_EVIDENCE)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_list_is_read_to_its_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_list_gives_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			nobody_asks_for_it_where_nobody_wants_devices, set_up, tear_down),
		cmocka_unit_test_setup_teardown(evidence_is_a_reason_as_well, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
