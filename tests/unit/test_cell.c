#include "ctl/cell.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int
begin(void **state)
{
	(void)state;
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): before anything else runs */
	return setlocale(LC_CTYPE, "C.UTF-8") == NULL;
}

static const char *
cell(const char *text, bool utf8)
{
	static char memory[512];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	cell_append(&b, text, 100, utf8);
	return memory;
}

static void
what_can_be_read_stays(void **state)
{
	(void)state;
	assert_string_equal(cell("", true), "");
	assert_string_equal(cell("a \"b\" \\ ~", true), "a \"b\" \\ ~");
	assert_string_equal(cell("b\xc3\xbc \xe4\xb8\xad", true), "b\xc3\xbc \xe4\xb8\xad");
}

static void
what_drives_a_terminal_is_written_out(void **state)
{
	(void)state;
	assert_string_equal(cell("\x1b[2J\n\r\t\x7f", true), "\\x1b[2J\\x0a\\x0d\\x09\\x7f");
	assert_string_equal(cell("\xc2\x9b"
				 "1m",
				    true),
		"\\xc2\\x9b1m");
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
	assert_string_equal(cell("\xe2\x80\xae", true), "\\xe2\\x80\\xae");
	assert_string_equal(cell("\xff\xc3", true), "\\xff\\xc3");
}

/* A combining accent, a joiner: they would stand on the neighbour. */
static void
what_has_no_place_of_its_own_is_written_out(void **state)
{
	(void)state;
	assert_string_equal(cell("e\xcc\x81", true), "e\\xcc\\x81");
	assert_string_equal(cell("a\xe2\x80\x8d"
				 "b",
				    true),
		"a\\xe2\\x80\\x8db");
}

static void
without_utf8_only_ascii_is_shown(void **state)
{
	(void)state;
	assert_string_equal(cell("b\xc3\xbc~", false), "b\\xc3\\xbc~");
}

static void
a_long_text_is_cut(void **state)
{
	char text[102];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[100] = '\0';
	assert_int_equal(strlen(cell(text, true)), 100);
	text[100] = 'x';
	text[101] = '\0';
	assert_string_equal(cell(text, true) + 98, "xx...");
}

static void
width_is_counted_in_columns(void **state)
{
	(void)state;
	assert_int_equal(cell_width("", true), 0);
	assert_int_equal(cell_width("abc", true), 3);
	assert_int_equal(cell_width("b\xc3\xbc", true), 2);
	assert_int_equal(cell_width("\xe4\xb8\xad\xe6\x96\x87", true), 4);
}

static size_t
fold(const char *text, size_t room, size_t *ret_skip)
{
	return cell_fold(text, room, true, ret_skip);
}

static void
a_text_is_folded_at_a_blank(void **state)
{
	size_t skip = 0;

	(void)state;
	assert_int_equal(fold("one two three", 7, &skip), 7);
	assert_int_equal(skip, 8);
	assert_int_equal(fold("one two three", 8, &skip), 7);
	assert_int_equal(fold("one two three", 6, &skip), 3);
	assert_int_equal(skip, 4);
	assert_int_equal(fold("one", 3, &skip), 3);
	assert_int_equal(skip, 3);
}

static void
a_word_that_is_too_long_is_broken_between_characters(void **state)
{
	size_t skip = 0;

	(void)state;
	assert_int_equal(fold("abcdef", 4, &skip), 4);
	assert_int_equal(skip, 4);
	assert_int_equal(fold("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5, &skip), 6);
	assert_int_equal(fold("\xe4\xb8\xad", 1, &skip), 3); /* it goes on, whatever the room */
	assert_int_equal(fold(" abcdef", 4, &skip), 4);      /* a blank that leads breaks nothing */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_stays),
		cmocka_unit_test(what_drives_a_terminal_is_written_out),
		cmocka_unit_test(what_has_no_place_of_its_own_is_written_out),
		cmocka_unit_test(without_utf8_only_ascii_is_shown),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(width_is_counted_in_columns),
		cmocka_unit_test(a_text_is_folded_at_a_blank),
		cmocka_unit_test(a_word_that_is_too_long_is_broken_between_characters),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
