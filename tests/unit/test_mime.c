/* What a file is, by its first bytes. */
#include "daemon/proto/mime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The bytes lie in memory of exactly their size. */
static const char *
mime(const void *bytes, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, bytes, size);
	const char *type = mime_of_content(cursor_over(exact, size));
	free(exact);
	return type;
}

#define IS(bytes_, type_)  assert_string_equal(mime(bytes_, sizeof(bytes_) - 1), type_)
#define IS_UNKNOWN(bytes_) assert_null(mime(bytes_, sizeof(bytes_) - 1))

static void
binary_formats_have_signatures(void **state)
{
	(void)state;
	IS("\x89PNG\r\n\x1a\n....", "image/png");
	IS("\xff\xd8\xff\xe0", "image/jpeg");
	IS("GIF89a", "image/gif");
	IS("RIFF\1\2\3\4WEBPVP8 ", "image/webp");
	IS("MZ\x90\0", "application/x-dosexec");
	IS("\x7f"
	   "ELF\2\1\1",
		"application/x-executable");
	IS("PK\3\4\24", "application/zip");
	IS("\x1f\x8b\x08\0", "application/x-gzip");
	IS("%PDF-1.7\n", "application/pdf");
	IS("CWS\x0a", "application/x-shockwave-flash");
	IS("MSCF\0\0\0\0", "application/vnd.ms-cab-compressed");
	IS("\0\0\0\x1c"
	   "ftypmp42",
		"video/mp4");
	IS("#!/bin/sh\n", "text/x-shellscript");
}

static void
a_program_says_where_it_goes_on(void **state)
{
	static const char below[] = { '\xff', '\xff', '\x0f', '\0' };
	static const char above[] = { '\0', '\0', '\x10', '\0' };
	char head[70] = "MZ";

	(void)state;
	assert_string_equal(mime(head, sizeof(head)), "application/x-dosexec");
	memcpy(head + 0x3c, below, sizeof(below));
	assert_string_equal(mime(head, sizeof(head)), "application/x-dosexec");
	memcpy(head + 0x3c, above, sizeof(above));
	assert_null(mime(head, sizeof(head)));
	assert_null(mime(head, 0x40));
	assert_string_equal(mime(head, 0x3f), "application/x-dosexec"); /* it is not there */
	IS("MZ is how this text of more than sixty-four letters begins, and goes on", "text/plain");
}

static void
a_signature_that_is_cut_convicts_nobody(void **state)
{
	(void)state;
	IS_UNKNOWN("\x89PNG\r\n\x1a");
	IS_UNKNOWN("GIF89");
	IS_UNKNOWN("M");
	IS_UNKNOWN("\0\0\0\x1c"
		   "ftyp");
	IS_UNKNOWN("");
}

static void
pages_begin_with_a_tag_in_any_case(void **state)
{
	(void)state;
	IS("<!DOCTYPE html><html>", "text/html");
	IS("\r\n  <HTML lang=x>", "text/html");
	IS("\xef\xbb\xbf<html>ab", "text/html");
	IS("<!-- hello --> <body>", "text/html");
	IS("<?xml version=\"1.0\"?><html>", "text/html");
	IS("<?xml version=\"1.0\"?><other>", "application/xml");
	IS("<?xml never ends", "application/xml");
	IS("<?xml version=\"1.0\"?>\n<cross-domain-policy>", "text/x-cross-domain-policy");
	IS("<soap:Envelope>", "application/soap+xml");
	IS("<!-- never ends", "text/html");
}

static void
a_tag_ends_where_its_name_does(void **state)
{
	(void)state;
	IS("<bandwidth>", "text/plain");
	IS("<htmlx>1</htmlx>", "text/plain");
	IS("<b>bold</b>", "text/html");
}

static void
json_is_told_from_text_that_begins_like_it(void **state)
{
	(void)state;
	IS("{\"a\": 1}", "text/json");
	IS(" [ {\"a\":1} ]", "text/json");
	IS("{ad:\"x\"}", "text/json");
	IS("[-1, 2, 3]", "text/json");
	IS("[null, true]", "text/json");
	IS("{ hello world }", "text/plain");
	IS("[section]\nkey=1", "text/plain");
}

static void
scripts_begin_with_what_nothing_else_does(void **state)
{
	(void)state;
	IS("(function(){ var a;", "application/javascript");
	IS("document.write('x')", "application/javascript");
	IS("(function()\n{", "text/plain");
	IS("(functional) text", "text/plain");
}

static void
text_has_no_control_characters(void **state)
{
	(void)state;
	IS("hello world\r\n\t", "text/plain");
	IS("gr\xc3\xbc\xc3\x9f Gott", "text/plain");
	IS("cut in a sign \xe2\x82", "text/plain");
	IS("\xff\xfeh\0i\0 \0y\0", "text/plain");
	IS_UNKNOWN("hello\0world");
	IS_UNKNOWN("hello\1world");
	IS_UNKNOWN("hello\x7fworld");
	IS_UNKNOWN("caf\xe9 au lait");
}

static void
few_bytes_say_nothing_of_text(void **state)
{
	(void)state;
	IS_UNKNOWN("1234567");
	IS("12345678", "text/plain");
	IS_UNKNOWN("{}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binary_formats_have_signatures),
		cmocka_unit_test(a_program_says_where_it_goes_on),
		cmocka_unit_test(a_signature_that_is_cut_convicts_nobody),
		cmocka_unit_test(pages_begin_with_a_tag_in_any_case),
		cmocka_unit_test(a_tag_ends_where_its_name_does),
		cmocka_unit_test(json_is_told_from_text_that_begins_like_it),
		cmocka_unit_test(scripts_begin_with_what_nothing_else_does),
		cmocka_unit_test(text_has_no_control_characters),
		cmocka_unit_test(few_bytes_say_nothing_of_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
