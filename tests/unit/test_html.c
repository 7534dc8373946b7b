#include "ctl/report/html.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What html_text() makes of a text. */
static const char *
escaped(const char *text)
{
	static char room[8192];
	FILE *out = fmemopen(room, sizeof(room), "w");
	struct html h;

	assert_non_null(out);
	room[0] = '\0'; /* nothing is written of nothing */
	html_init(&h, out);
	html_text(&h, text);
	assert_int_equal(fclose(out), 0);
	return room;
}

static void
what_is_markup_becomes_characters(void **state)
{
	(void)state;
	assert_string_equal(escaped("<script>alert('1' & \"2\")</script>"),
		"&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
	assert_string_equal(escaped("]]> <!-- &amp; -->"), "]]&gt; &lt;!-- &amp;amp; --&gt;");
	assert_string_equal(
		escaped("plain b\xc3\xbc \xe4\xb8\xad"), "plain b\xc3\xbc \xe4\xb8\xad");
	assert_string_equal(escaped(""), "");
}

static void
what_drives_or_reorders_is_written_out(void **state)
{
	(void)state;
	assert_string_equal(escaped("a\x1b[2J\r\n\x7f"), "a\\x1b[2J\\x0d\\x0a\\x7f");
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
	assert_string_equal(escaped("\xe2\x80\xae"), "\\xe2\\x80\\xae");
	assert_string_equal(escaped("\xff\xc3"), "\\xff\\xc3");
	assert_string_equal(escaped("\xc2\x9b"), "\\xc2\\x9b");
}

/* Two names that look the same, and what no XML may hold. */
static void
what_hides_is_written_out(void **state)
{
	(void)state;
	assert_string_equal(escaped("ban\xc2\xadk"), "ban\\xc2\\xadk");
	assert_string_equal(escaped("\xe2\x80\x8b\xe2\x80\x8d"), "\\xe2\\x80\\x8b\\xe2\\x80\\x8d");
	assert_string_equal(escaped("\xe2\x80\x8a"), "\xe2\x80\x8a");
	assert_string_equal(escaped("\xe2\x81\xa0\xe2\x81\x9f"), "\\xe2\\x81\\xa0\xe2\x81\x9f");
	assert_string_equal(escaped("\xef\xbb\xbf"), "\\xef\\xbb\\xbf");
	assert_string_equal(escaped("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd"),
		"\\xef\\xbf\\xbe\\xef\\xbf\\xbf\xef\xbf\xbd");
	assert_string_equal(escaped("\xf3\xa0\x80\x81"), "\\xf3\\xa0\\x80\\x81");
	assert_string_equal(escaped("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

static void
a_long_text_is_cut(void **state)
{
	char text[HTML_TEXT_MAX + 2];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[HTML_TEXT_MAX] = '\0';
	assert_int_equal(strlen(escaped(text)), HTML_TEXT_MAX);
	text[HTML_TEXT_MAX] = 'x';
	text[HTML_TEXT_MAX + 1] = '\0';
	assert_int_equal(strlen(escaped(text)), HTML_TEXT_MAX + 3);
	assert_string_equal(escaped(text) + HTML_TEXT_MAX, "...");
	/* Each byte as four, and still all of it. */
	memset(text, '\x01', HTML_TEXT_MAX);
	text[HTML_TEXT_MAX] = '\0';
	assert_int_equal(strlen(escaped(text)), HTML_TEXT_MAX * 4);
}

static void
elements_are_closed_in_their_turn(void **state)
{
	char room[512];
	FILE *out = fmemopen(room, sizeof(room), "w");
	struct html h;

	(void)state;
	assert_non_null(out);
	html_init(&h, out);
	html_open(&h, "div", "class=\"a\"");
	html_open_format(&h, "p", "id=\"n-%d\"", 7);
	html_format(&h, "%s & %d", "<b>", 3);
	html_empty(&h, "rect", "x=\"%d\"", 1);
	html_element(&h, "em", NULL, "\"");
	html_raw(&h, "<i>ours</i>");
	html_close(&h);
	html_close(&h);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(room, "<div class=\"a\"><p id=\"n-7\">&lt;b&gt; &amp; 3<rect x=\"1\"/>"
				  "<em>&quot;</em><i>ours</i></p></div>");
	assert_int_equal(h.depth, 0);
}

/* The checker that the tests of the report rely on. */
static void
what_is_not_well_formed_is_found(void **state)
{
	(void)state;
	assert_true(report_rig_is_xml("<a b=\"c\"><d/>&amp;</a>"));
	assert_false(report_rig_is_xml("<a>"));
	assert_false(report_rig_is_xml("<a></b>"));
	assert_false(report_rig_is_xml("</a>"));
	assert_false(report_rig_is_xml("a & b"));
	assert_false(report_rig_is_xml("a > b"));
	assert_false(report_rig_is_xml("<a b=c></a>"));
	assert_false(report_rig_is_xml("<a b=\"<\"></a>"));
	assert_false(report_rig_is_xml("a\x01"));
	assert_false(report_rig_is_xml("\xff"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_markup_becomes_characters),
		cmocka_unit_test(what_drives_or_reorders_is_written_out),
		cmocka_unit_test(what_hides_is_written_out),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(elements_are_closed_in_their_turn),
		cmocka_unit_test(what_is_not_well_formed_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
