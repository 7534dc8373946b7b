#include "daemon/knowledge/oui.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char list[] = "OUI/MA-L                                  Organization  \r\n"
			   "\r\n"
			   "00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.\r\n"
			   "002272     (base 16)\t\tAmerican Micro-Fuel Device Corp.\r\n"
			   "\t\t\t\tFerndale  WA  98248\r\n"
			   "00D0EF     (base 16)\t\tIGT\r\n"
			   "080030     (base 16)\t\tROYAL MELBOURNE\r\n"
			   "080030     (base 16)\t\tCERN\r\n"
			   "FCFFFF     (base 16)\t\tIGT\n"
			   "080031 (base 16) IGT and more";

static const char *
vendor(const struct oui *o, uint8_t a, uint8_t b, uint8_t c)
{
	const struct mac mac = { { a, b, c, 1, 2, 3 } };
	const char *name = oui_vendor(o, &mac);

	return name != NULL ? name : "none";
}

static struct oui *
made_of(const char *text, size_t size)
{
	char *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, text, size);
	struct oui *o = oui_new(cursor_over(exact, size));
	free(exact);
	assert_non_null(o);
	return o;
}

static void
a_card_has_the_vendor_of_its_block(void **state)
{
	struct oui *o = made_of(list, sizeof(list) - 1);

	(void)state;
	assert_int_equal(oui_count(o), 5);
	assert_string_equal(vendor(o, 0x00, 0x22, 0x72), "American Micro-Fuel Device Corp.");
	assert_string_equal(vendor(o, 0x00, 0xd0, 0xef), "IGT");
	assert_string_equal(vendor(o, 0xfc, 0xff, 0xff), "IGT");
	assert_string_equal(vendor(o, 0x08, 0x00, 0x31), "IGT and more");
	oui_free(o);
}

static void
what_is_not_registered_has_none(void **state)
{
	struct oui *o = made_of(list, sizeof(list) - 1);

	(void)state;
	assert_string_equal(vendor(o, 0x00, 0x22, 0x71), "none");
	assert_string_equal(vendor(o, 0x00, 0x22, 0x73), "none");
	assert_string_equal(vendor(o, 0x00, 0x00, 0x00), "none");
	assert_string_equal(vendor(o, 0xfd, 0xff, 0xff), "none");
	oui_free(o);
}

static void
made_up_addresses_and_groups_have_none(void **state)
{
	static const char text[] = "020000 (base 16) a\n010000 (base 16) b\n040000 (base 16) c\n";
	struct oui *o = made_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(oui_count(o), 3);
	assert_string_equal(vendor(o, 2, 0, 0), "none");
	assert_string_equal(vendor(o, 1, 0, 0), "none");
	assert_string_equal(vendor(o, 4, 0, 0), "c");
	oui_free(o);
}

static void
of_several_vendors_the_first_is_kept(void **state)
{
	struct oui *o = made_of(list, sizeof(list) - 1);

	(void)state;
	assert_string_equal(vendor(o, 0x08, 0x00, 0x30), "ROYAL MELBOURNE");
	oui_free(o);
}

static void
it_costs_its_blocks_and_their_names(void **state)
{
	static const char one[] = "000001 (base 16) one name\n";
	static const char two[] = "000001 (base 16) one name\n000004 (base 16) another\n";
	struct oui *small = made_of(one, sizeof(one) - 1);
	struct oui *large = made_of(two, sizeof(two) - 1);

	(void)state;
	assert_int_equal(oui_bytes(large) - oui_bytes(small), 8 + sizeof("another"));
	oui_free(small);
	oui_free(large);
	oui_free(NULL);
}

static void
lines_that_name_no_block_are_passed_over(void **state)
{
	static const char text[] = "00000g (base 16) x\n0000 (base 16) x\n00000a (base 16) x\n"
				   "000001 (base 17) x\n000002 (base 16)\n000003 (base 16) \t\r\n"
				   "000004\n000005 (base 16) a\0b\n\n\n000006 (base 16) y\n";
	struct oui *o = made_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(oui_count(o), 1);
	assert_string_equal(vendor(o, 0, 0, 6), "y");
	oui_free(o);
	o = made_of("", 0);
	assert_int_equal(oui_count(o), 0);
	assert_string_equal(vendor(o, 0, 0, 6), "none");
	oui_free(o);
}

static void
digits_stand_at_the_beginning_of_the_marks_line(void **state)
{
	static const char text[] = "000004(base 16)no blank\n"
				   "000008 \t \r(base 16)blanks\n"
				   "x00000C (base 16) more before\n"
				   "x (base 16)000010 (base 16) another mark before\n"
				   "000014\n(base 16) on the line before\n"
				   "(base 16) none\n0018 (base 16) too few\n"
				   "00001C ((base 16) another byte between\n"
				   "000020 (base 16) (base 16) of a name\n";
	struct oui *o = made_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(oui_count(o), 3);
	assert_string_equal(vendor(o, 0, 0, 4), "no blank");
	assert_string_equal(vendor(o, 0, 0, 8), "blanks");
	assert_string_equal(vendor(o, 0, 0, 0x20), "(base 16) of a name");
	oui_free(o);
	o = made_of(" (base 16) nothing before", 25);
	assert_int_equal(oui_count(o), 0);
	oui_free(o);
	o = made_of(text + 2, sizeof("0004(base 16)no blank") - 1);
	assert_int_equal(oui_count(o), 0);
	oui_free(o);
}

/* The shortest lines that name a block: there is room for all. */
static void
short_lines_have_room(void **state)
{
	static const char text[] = "000004(base 16)a\n000008(base 16)b\n00000C(base 16)c";
	struct oui *o = made_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(oui_count(o), 3);
	assert_string_equal(vendor(o, 0, 0, 0xc), "c");
	oui_free(o);
	o = made_of(text, 16);
	assert_string_equal(vendor(o, 0, 0, 4), "a");
	oui_free(o);
}

static void
a_name_has_its_cap(void **state)
{
	char text[160] = "000001 (base 16) ";
	size_t at = strlen(text);

	(void)state;
	memset(text + at, 'x', 120);
	for (size_t size = 94; size <= 97; size++) {
		struct oui *o = made_of(text, at + size);
		assert_int_equal(strlen(vendor(o, 0, 0, 1)), size < 95 ? size : 95);
		oui_free(o);
	}
}

static void
a_list_cut_anywhere_is_read_within_its_bytes(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(list); size++)
		oui_free(made_of(list, size));
}

static void
blocks_are_found_among_many(void **state)
{
	size_t room = (size_t)OUI_ENTRIES_MAX * 40;
	size_t length = 0;
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i <= OUI_ENTRIES_MAX; i++)
		length += (size_t)snprintf(
			text + length, room - length, "%06X (base 16) vendor %u\n", i << 2, i / 3);
	struct oui *o = oui_new(cursor_over(text, length));
	free(text);
	assert_non_null(o);
	assert_int_equal(oui_count(o), OUI_ENTRIES_MAX);
	for (unsigned i = 0; i < OUI_ENTRIES_MAX; i += 997) {
		char name[32];
		unsigned prefix = i << 2;
		(void)snprintf(name, sizeof(name), "vendor %u", i / 3);
		bool is_card = (prefix >> 16 & 3) == 0;
		assert_string_equal(
			vendor(o, (uint8_t)(prefix >> 16), (uint8_t)(prefix >> 8), (uint8_t)prefix),
			is_card ? name : "none");
	}
	oui_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_has_the_vendor_of_its_block),
		cmocka_unit_test(what_is_not_registered_has_none),
		cmocka_unit_test(made_up_addresses_and_groups_have_none),
		cmocka_unit_test(of_several_vendors_the_first_is_kept),
		cmocka_unit_test(it_costs_its_blocks_and_their_names),
		cmocka_unit_test(lines_that_name_no_block_are_passed_over),
		cmocka_unit_test(digits_stand_at_the_beginning_of_the_marks_line),
		cmocka_unit_test(short_lines_have_room),
		cmocka_unit_test(a_name_has_its_cap),
		cmocka_unit_test(a_list_cut_anywhere_is_read_within_its_bytes),
		cmocka_unit_test(blocks_are_found_among_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
