/*
 * test_json_read_oracle.c -- documents made at random mean what jansson says they mean, whole and damaged.
 *
 * It refuses what we are to read: bytes that are no UTF-8, lone surrogates, numbers that it cannot hold.
 */
#include "daemon/base/json_read.h"

#include "daemon/base/strbuf.h"
#include "tests/support/exact_text.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DOCUMENT_MAX = 4096, TOLD_MAX = 1 << 16, NESTED_MOST = 7 };

struct rig {
	uint64_t seed;
	char document[DOCUMENT_MAX];
	struct strbuf out;
	char path[JSON_READ_PATH_MAX + 64];
	char theirs_text[TOLD_MAX];
	struct strbuf theirs;
	char ours_text[TOLD_MAX];
	struct strbuf ours;
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

/* A NUL of a text is told as we tell it. */
static void
tell_bytes(struct strbuf *b, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\0')
			strbuf_text(b, "\\x00");
		else
			strbuf_char(b, bytes[i]);
}

static void
tell_their_scalar(struct rig *rig, const json_t *value, size_t path_length, unsigned element)
{
	struct strbuf *b = &rig->theirs;

	if (path_length > JSON_READ_PATH_MAX)
		return;
	strbuf_bytes(b, rig->path, path_length);
	strbuf_printf(b, "[%u]", element);
	if (json_is_string(value))
		tell_bytes(b, json_string_value(value), json_string_length(value));
	else if (json_is_integer(value))
		strbuf_i64(b, json_integer_value(value));
	else if (json_is_real(value))
		strbuf_printf(b, "%.17g", json_real_value(value));
	else
		strbuf_text(b, json_is_null(value)   ? "null"
			       : json_is_true(value) ? "true"
						     : "false");
	strbuf_char(b, '\n');
}

static void
tell_theirs(struct rig *rig, json_t *value, size_t path_length, unsigned element)
{
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item) tell_theirs(rig, item, path_length, (unsigned)i);
	if (!json_is_object(value)) {
		if (!json_is_array(value))
			tell_their_scalar(rig, value, path_length, element);
		return;
	}
	if (path_length > 0 && path_length < sizeof(rig->path))
		rig->path[path_length++] = '.';
	json_object_foreach(value, key, item)
	{
		size_t length = path_length + strlen(key);
		if (length > JSON_READ_PATH_MAX)
			continue;
		memcpy(rig->path + path_length, key, strlen(key));
		tell_theirs(rig, item, length, element);
	}
}

/* returns as json_read_next() did at last */
static int
tell_ours(struct rig *rig, const char *document, size_t length)
{
	char text[DOCUMENT_MAX];
	struct strbuf *b = &rig->ours;
	struct json_read r;
	struct json_value v;
	int result;

	json_read_begin(&r, document, length);
	while ((result = json_read_next(&r, &v)) == 1) {
		strbuf_bytes(b, v.path, v.path_length);
		strbuf_printf(b, "[%u]", v.element);
		size_t plain = json_read_text(&v, text, sizeof(text));
		assert_true(v.is_escaped || plain == v.length);
		if (v.type != JSON_READ_NUMBER)
			strbuf_bytes(b, text, plain);
		else if (strpbrk(text, ".eE") != NULL)
			strbuf_printf(b, "%.17g", strtod(text, NULL));
		else
			strbuf_i64(b, strtoll(text, NULL, 10));
		strbuf_char(b, '\n');
	}
	return result;
}

/* May we read what it refused? */
static bool
is_ours_to_read(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_invalid_utf8:
	case json_error_numeric_overflow:
	case json_error_duplicate_key:
	case json_error_null_byte_in_key:
		return true;
	default:
		return strstr(error->text, "invalid Unicode") != NULL;
	}
}

/* returns whether it is a document that both read */
static bool
compare(struct rig *rig, const char *document, size_t length)
{
	char *exact = exact_text(document, length);
	json_error_t error;

	json_t *root = json_loadb(exact, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	strbuf_init(&rig->theirs, rig->theirs_text, sizeof(rig->theirs_text));
	strbuf_init(&rig->ours, rig->ours_text, sizeof(rig->ours_text));
	int result = tell_ours(rig, exact, length);
	bool both = root != NULL && json_is_object(root);

	if (both) {
		tell_theirs(rig, root, 0, 0);
		assert_false(rig->theirs.truncated || rig->ours.truncated);
		if (result != 0 || strcmp(rig->ours_text, rig->theirs_text) != 0)
			fail_msg("%s\n%s\n%s", document, rig->ours_text, rig->theirs_text);
	} else if (result == 0 && (root != NULL || !is_ours_to_read(&error))) {
		fail_msg("%s: %s", document, error.text);
	}
	json_decref(root);
	free(exact);
	return both;
}

static void
documents_mean_the_same(void **state)
{
	static struct rig rig = { .seed = 0x6f7261636c65 };
	unsigned both = 0;

	(void)state;
	for (unsigned round = 0; round < 3000; round++)
		both += compare(&rig, rig.document, make_document(&rig));
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
		both += compare(&rig, rig.document, length);
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
