#include "daemon/feeds/feed.h"

#include "tests/support/feed_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
read_all(struct feed_rig *r, const char *text, size_t length)
{
	*r = (struct feed_rig){ .plan = { .level = THREAT_LOW } };
	feed_rig_read(r, text, length, 1000);
}

/* Write over the beginning of a text. returns what is behind it */
static char *
overwrite(char *at, const char *text)
{
	while (*text != '\0')
		*at++ = *text++;
	return at;
}

/* Lines of `text`, then `last`. */
static char *
many(const char *text, unsigned count, const char *last)
{
	char *all = malloc(strlen(text) * count + strlen(last) + 1);

	assert_non_null(all);
	char *at = all;
	for (unsigned i = 0; i < count; i++)
		at = overwrite(at, text);
	*overwrite(at, last) = '\0';
	return all;
}

static void
slices_of_any_size_say_the_same(void **state)
{
	static const char *const texts[] = {
		"# x\r\n198.51.100.1 # y\nbad.example,high,z\n\n2001:db8::1",
		" \n[{\"DomainAddress\":\"a}\\\"{.example\"},\n{\"DomainAddress\":\"b.example\"}]",
		"\xef\xbb\xbf{\"ip\":{\"v4\":\"198.51.100.3\"}}\n{\"ip\":\"198.51.100.4\"}\n"
	};

	static const uint64_t indicators[] = { 3, 1, 2 };

	(void)state;
	for (size_t t = 0; t < 3; t++) {
		struct feed_rig whole = { 0 };
		struct feed_rig cut = { 0 };
		feed_rig_read(&whole, texts[t], strlen(texts[t]), 1000);
		assert_int_equal(whole.stats.indicators, indicators[t]);
		for (size_t slice = 1; slice < strlen(texts[t]); slice++) {
			feed_rig_read(&cut, texts[t], strlen(texts[t]), slice);
			assert_string_equal(cut.told, whole.told);
			assert_int_equal(cut.refusal, whole.refusal);
			assert_int_equal(cut.line, whole.line);
		}
	}
}

static void
a_list_cut_at_any_byte_is_read_to_there(void **state)
{
	static const char text[] = "# ja3 hash,level\n198.51.100.1 # y\nbad.example,high,z\n"
				   "0.0.0.0 x.example\n\"1\",\"198.51.100.2\",\"q\"\n";
	struct feed_rig r = { 0 };

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		feed_rig_read(&r, text, length, 7);
		assert_true(r.refusal == FEED_ACCEPTED || r.refusal == FEED_BINARY);
	}
}

static void
binary_files_are_refused(void **state)
{
	struct feed_rig r;
	char *text = many("198.51.100.1\n", 3, "");

	(void)state;
	read_all(&r, "198.51.100.1\n\0", 14);
	assert_int_equal(r.refusal, FEED_BINARY);
	/* 39 bytes: one control character in 20 may be, two may not */
	text[12] = '\x01';
	read_all(&r, text, 39);
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	text[11] = '\x01';
	read_all(&r, text, 39);
	assert_int_equal(r.refusal, FEED_BINARY);
	free(text);
}

/* One in twenty of the first 64 KiB is 3276 of them. */
static void
a_long_file_is_judged_by_its_beginning(void **state)
{
	struct feed_rig r;
	char *text = many("#\n", 40000, "");

	(void)state;
	for (size_t i = 0; i < 3276; i++)
		text[i * 2 + 1] = '\x01'; /* in one long comment */
	for (size_t i = 4000; i < 7000; i += 1000)
		text[i] = '\n';
	text[70001] = '\x01'; /* past the beginning */
	read_all(&r, text, 80000);
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	text[7001] = '\x01';
	read_all(&r, text, 80000);
	assert_int_equal(r.refusal, FEED_BINARY);
	free(text);
}

static void
a_line_of_4096_bytes_is_the_longest(void **state)
{
	struct feed_rig r;
	char text[4200];

	(void)state;
	memset(text, 'a', sizeof(text));
	(void)overwrite(text, "198.51.100.1\n198.51.100.2 ");
	text[13 + 4096] = '\n';
	read_all(&r, text, 13 + 4097);
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	assert_int_equal(r.stats.indicators, 2);
	text[13 + 4096] = 'a';
	read_all(&r, text, 13 + 4098);
	assert_int_equal(r.refusal, FEED_LINE_TOO_LONG);
	assert_int_equal(r.line, 2);
	assert_int_equal(r.stats.indicators, 1);
}

static void
an_object_of_16_kib_is_the_longest(void **state)
{
	struct feed_rig r;
	char *text = many("a", FEED_OBJECT_MAX, "\"}");

	(void)state;
	(void)overwrite(text, "{\"ip\":\"198.51.100.1\",\"x\":\"");
	(void)overwrite(text + FEED_OBJECT_MAX - 2, "\"}");
	read_all(&r, text, FEED_OBJECT_MAX);
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	assert_int_equal(r.stats.indicators, 1);
	(void)overwrite(text + FEED_OBJECT_MAX - 2, "aaa");
	read_all(&r, text, FEED_OBJECT_MAX + 1);
	assert_int_equal(r.refusal, FEED_LINE_TOO_LONG);
	free(text);
}

static void
more_than_one_line_in_a_hundred_without_sense_is_refused(void **state)
{
	struct feed_rig r;
	char *good = many("198.51.100.1\n", 1089, "x\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\n");

	(void)state;
	read_all(&r, good, strlen(good)); /* 11 of 1100 */
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	read_all(&r, good + 13, strlen(good) - 13); /* 11 of 1099 */
	assert_int_equal(r.refusal, FEED_UNREADABLE);
	assert_int_equal(r.line, 1089);
	read_all(&r, "x\nx\nx\nx\nx\nx\nx\nx\nx\nx\n198.51.100.1\n", 33); /* 10 of 11 */
	assert_int_equal(r.refusal, FEED_ACCEPTED);
	free(good);
}

static void
broken_json_is_refused_where_it_breaks(void **state)
{
	struct feed_rig r;

	(void)state;
	read_all(&r, "{\"ip\":\"198.51.100.1\"}\n{\"ip\":}\n", 30);
	assert_int_equal(r.refusal, FEED_UNREADABLE);
	assert_int_equal(r.line, 2);
	read_all(&r, "{\"ip\":\"198.51.100.1\"}\nx\n", 24);
	assert_int_equal(r.refusal, FEED_UNREADABLE);
	read_all(&r, "[{\"ip\":\"198.51.100.1\"},{\"ip\":", 29);
	assert_int_equal(r.refusal, FEED_UNREADABLE);
	assert_int_equal(r.stats.indicators, 1);
}

static void
who_takes_may_refuse_and_the_line_is_known(void **state)
{
	static const char text[] = "# x\n198.51.100.1\n198.51.100.2\n";
	struct feed_rig r = { .answer = FEED_TOO_BROAD };

	(void)state;
	feed_rig_read(&r, text, strlen(text), 3);
	assert_int_equal(r.refusal, FEED_TOO_BROAD);
	assert_int_equal(r.line, 2);
	assert_int_equal(r.stats.indicators, 0);
	assert_string_equal(r.told, "198.51.100.1 info\n"); /* and nothing after it */
}

static void
each_refusal_has_its_words(void **state)
{
	(void)state;
	for (int r = 0; r < FEED_REFUSAL_COUNT; r++) {
		assert_true(strlen(feed_refusal_word((enum feed_refusal)r)) > 3);
		assert_true(strlen(feed_refusal_text((enum feed_refusal)r)) > 10);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_of_any_size_say_the_same),
		cmocka_unit_test(a_list_cut_at_any_byte_is_read_to_there),
		cmocka_unit_test(binary_files_are_refused),
		cmocka_unit_test(a_long_file_is_judged_by_its_beginning),
		cmocka_unit_test(a_line_of_4096_bytes_is_the_longest),
		cmocka_unit_test(an_object_of_16_kib_is_the_longest),
		cmocka_unit_test(more_than_one_line_in_a_hundred_without_sense_is_refused),
		cmocka_unit_test(broken_json_is_refused_where_it_breaks),
		cmocka_unit_test(who_takes_may_refuse_and_the_line_is_known),
		cmocka_unit_test(each_refusal_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
