/* test_json_read_oracle.c -- documents made at random mean what jansson says they mean, whole and damaged. */
#include "tests/support/exact_text.h"
#include "tests/support/json_oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DOCUMENT_MAX = 4096, NESTED_MOST = 7 };

struct rig {
	uint64_t seed;
	char document[DOCUMENT_MAX];
	struct strbuf out;
};

static unsigned
chance(struct rig *rig, unsigned sides)
{
	rig->seed = rig->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(rig->seed >> 33) % sides;
}

static void
make_space(struct rig *rig)
{
	static const char *const space[] = { " ", "\t", "\n", "\r", "  " };

	if (chance(rig, 6) == 0)
		strbuf_text(&rig->out, space[chance(rig, 5)]);
}

static void
make_text(struct rig *rig, unsigned most)
{
	static const char *const pieces[] = { "a", "Z", " ", "{", "]", ":", ",", "/", "'", "\x7f",
		"0", ".", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x90\x9f", "\\\"", "\\\\", "\\/",
		"\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00fc", "\\u20AC",
		"\\ud83d\\udc1f", "\\u0000", "conn", "id.orig_h", "12345678", "abcdefghijklmnop" };

	strbuf_char(&rig->out, '"');
	for (unsigned left = chance(rig, most); left > 0; left--)
		strbuf_text(&rig->out, pieces[chance(rig, sizeof(pieces) / sizeof(pieces[0]))]);
	strbuf_char(&rig->out, '"');
}

static void
make_digits(struct rig *rig, unsigned count)
{
	while (count-- > 0)
		strbuf_char(&rig->out, (char)('0' + chance(rig, 10)));
}

static void
make_number(struct rig *rig)
{
	if (chance(rig, 4) == 0)
		strbuf_char(&rig->out, '-');
	if (chance(rig, 4) == 0) {
		strbuf_char(&rig->out, '0');
	} else {
		strbuf_char(&rig->out, (char)('1' + chance(rig, 9)));
		make_digits(rig, chance(rig, 17));
	}
	if (chance(rig, 2) == 0) {
		strbuf_char(&rig->out, '.');
		make_digits(rig, 1 + chance(rig, 19));
	}
	if (chance(rig, 4) == 0) {
		static const char *const marks[] = { "e", "E", "e+", "E-", "e-" };
		strbuf_text(&rig->out, marks[chance(rig, 5)]);
		make_digits(rig, 1 + chance(rig, 2));
	}
}

static void
make_scalar(struct rig *rig)
{
	static const char *const words[] = { "true", "false", "null" };

	switch (chance(rig, 3)) {
	case 0:
		make_text(rig, 6);
		break;
	case 1:
		make_number(rig);
		break;
	default:
		strbuf_text(&rig->out, words[chance(rig, 3)]);
	}
}

static void
make_level(struct rig *rig, bool is_array, unsigned depth)
{
	strbuf_char(&rig->out, is_array ? '[' : '{');
	make_space(rig);
	for (unsigned left = chance(rig, 5), first = 1; left > 0; left--, first = 0) {
		if (!first)
			strbuf_char(&rig->out, ',');
		make_space(rig);
		if (!is_array) {
			make_text(rig, 4);
			make_space(rig);
			strbuf_char(&rig->out, ':');
			make_space(rig);
		}
		if (depth < NESTED_MOST && chance(rig, 3) == 0)
			make_level(rig, chance(rig, 2) == 0, depth + 1);
		else
			make_scalar(rig);
		make_space(rig);
	}
	strbuf_char(&rig->out, is_array ? ']' : '}');
}

/* returns its length */
static size_t
make_document(struct rig *rig)
{
	do {
		strbuf_init(&rig->out, rig->document, sizeof(rig->document));
		make_space(rig);
		make_level(rig, /* is_array= */ false, 1);
		make_space(rig);
	} while (rig->out.truncated);
	return rig->out.length;
}

/* returns whether it is a document that both read */
static bool
compare(const char *document, size_t length)
{
	static struct json_oracle oracle;
	char *exact = exact_text(document, length);
	enum json_agreement agreement = json_oracle_compare(&oracle, exact, length);

	free(exact);
	if (agreement == JSON_DISAGREED)
		fail_msg("%s: ours\n%stheirs, %s\n%s", document, oracle.ours.text,
			oracle.error.text, oracle.theirs.text);
	return agreement == JSON_READ_BY_BOTH;
}

static void
documents_mean_the_same(void **state)
{
	static struct rig rig = { .seed = 0x6f7261636c65 };
	unsigned both = 0;

	(void)state;
	for (unsigned round = 0; round < 3000; round++)
		both += compare(rig.document, make_document(&rig));
	assert_true(both > 2000); /* the others have a key twice, or a NUL in it */
}

static void
damaged_documents_are_refused_where_they_have_to_be(void **state)
{
	static const char favoured[] = "\"\\{}[]:,0123456789.eE+-truefalsn \t\n\r\x01\xff\xc3u/";
	static struct rig rig = { .seed = 0x64616d616765 };
	unsigned both = 0;

	(void)state;
	for (unsigned round = 0; round < 6000; round++) {
		size_t length = make_document(&rig);
		for (unsigned left = 1 + chance(&rig, 3); left > 0 && length > 0; left--) {
			char *at = rig.document + chance(&rig, (unsigned)length);
			if (chance(&rig, 3) == 0) {
				length--;
				memmove(at, at + 1, length - (size_t)(at - rig.document));
			} else {
				*at = favoured[chance(&rig, sizeof(favoured) - 1)];
			}
		}
		rig.document[length] = '\0';
		both += compare(rig.document, length);
	}
	assert_in_range(both, 500, 5500); /* damage may be harmless, and mostly is not */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_mean_the_same),
		cmocka_unit_test(damaged_documents_are_refused_where_they_have_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
