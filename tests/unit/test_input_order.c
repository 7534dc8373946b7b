#include "daemon/input/input_order.h"

#include "tests/support/input_files.h"
#include "tests/support/input_toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LINES_MAX = 5000, TEXT_MAX = 64 };

struct rig {
	struct input_files *files;
	struct input_plan plan;
	struct input_file file;
	struct input_lines lines;
	struct input_order *order;
	char error[INPUT_ERROR_MAX];
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->files = input_files_new();
	r->file.count.path = "x";
	log_level_set(LOG_LEVEL_ERR);
	*state = r;
	return 0;
}

static void
shut(struct rig *r)
{
	input_order_free(r->order);
	capture_input_close(&r->lines.in);
	r->order = NULL;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	shut(r);
	input_files_free(r->files);
	free(r);
	return 0;
}

/* In pieces of `lines` lines. */
static void
open_order(struct rig *r, uint64_t lines)
{
	shut(r);
	r->file.count = (struct input_count){ .path = "x" };
	r->lines = (struct input_lines){ 0 };
	assert_int_equal(capture_input_open(&r->lines.in, input_files_path(r->files, "x"),
				 input_lines_how(), r->error, sizeof(r->error)),
		0);
	assert_true(input_order_can(&r->lines.in));
	r->order = input_order_new(
		&r->file, &r->lines, &toy_zeek, &r->plan, (lines - 1) * INPUT_ORDER_LINE_BYTES);
	assert_non_null(r->order);
}

static void
expect(struct rig *r, const char *const *texts, size_t count)
{
	char *line;
	size_t length;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(input_order_next(r->order, &line, &length), INPUT_ITEM);
		assert_string_equal(line, texts[i]);
		assert_int_equal(length, strlen(texts[i]));
	}
	assert_int_equal(input_order_next(r->order, &line, &length), INPUT_END);
	assert_int_equal(input_order_next(r->order, &line, &length), INPUT_END);
}

static void
lines_come_by_time_and_those_of_one_time_as_they_lie(void **state)
{
	static const char *const sorted[] = {
		"{\"ts\":1,\"id\":\"c\"}", "{\"ts\":3,\"id\":\"a\"}", "{\"ts\":3,\"id\":\"d\"}",
		"{\"ts\":7,\"id\":\"b\"}", "{\"ts\":9,\"key\":8}", "{\"ts\":9,\"id\":\"end\"}",
		"{\"ts\":4102444800}", /* of another century: there is nothing that it harms */
	};
	struct rig *r = *state;

	input_files_add(r->files, "x",
		"# header\n{\"ts\":3,\"id\":\"a\"}\r\n\n{\"ts\":9,\"key\":8}\n{\"ts\":7,\"id\":\"b\"}\nbad\n"
		"{\"skip\":1}\n{\"ts\":1,\"id\":\"c\"}\n{\"ts\":2,\"items\":0}\n{\"ts\":4102444800}\n{\"ts\":3,\"id\":\"d\"}\n{\"ts\":9,\"id\":\"end\"}");
	open_order(r, 100);
	expect(r, sorted, 7);
	assert_int_equal(r->file.count.lines, 9);
	assert_int_equal(r->file.count.read, 7);
	assert_int_equal(r->file.count.skipped, 1);
	assert_int_equal(r->file.count.bad, 1);
	assert_int_equal(r->file.count.first_bad, 6);
	assert_int_equal(input_order_unknown(r->order), 1);
	assert_true(input_order_done(r->order) <= r->lines.in.bytes_total);
	assert_true(input_order_done(r->order) > r->lines.in.bytes_total / 2);
}

static void
a_piece_is_as_long_as_memory_allows(void **state)
{
	static const char *const first_whole[] = { "{\"ts\":1}", "{\"ts\":2}", "{\"ts\":3}" };
	static const char *const pieces[] = { "{\"ts\":2}", "{\"ts\":3}", "{\"ts\":1}" };
	static const char *const single[] = { "{\"ts\":3}", "{\"ts\":2}", "{\"ts\":1}" };
	struct rig *r = *state;

	input_files_add(r->files, "x", "{\"ts\":3}\n{\"ts\":2}\n{\"ts\":1}\n");
	open_order(r, 4);
	expect(r, first_whole, 3);
	log_level_set(LOG_LEVEL_INFO);
	int saved = input_files_hear(r->files);
	open_order(r, 3);
	expect(r, first_whole, 3);
	assert_string_equal(input_files_heard(r->files, saved), "");
	saved = input_files_hear(r->files);
	open_order(r, 2);
	expect(r, pieces, 3);
	assert_non_null(strstr(input_files_heard(r->files, saved), "x: more than 2 lines, "));
	saved = input_files_hear(r->files);
	open_order(r, 1);
	expect(r, single, 3);
	const char *once = strstr(input_files_heard(r->files, saved), "x: more than 1 lines, ");
	assert_non_null(once);
	assert_null(strstr(once + 12, "more than"));
	assert_int_equal(r->file.count.read, 3);
}

/* What is held back has the time of the lines before it, and keeps its place. */
static void
a_line_that_is_held_back_stays_among_its_neighbours(void **state)
{
	static const char *const sorted[] = {
		"{\"ts\":1}",
		"{\"ts\":5}",
		"{\"ts\":0,\"keep\":1}",
	};
	struct rig *r = *state;

	input_files_add(r->files, "x", "{\"ts\":5}\n{\"ts\":0,\"keep\":1}\n{\"ts\":1}\n");
	open_order(r, 100);
	expect(r, sorted, 3);
}

/* Against a sort of the whole, with many lines and blocks. */
static void
many_lines_in_no_order_are_put_in_one(void **state)
{
	struct rig *r = *state;
	FILE *f = fopen(input_files_path(r->files, "x"), "wb");
	uint64_t random = 1;
	uint64_t before = 0;
	uint64_t seen = 0;
	unsigned waits = 0;
	char *line;
	size_t length;

	for (unsigned i = 0; i < LINES_MAX; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		(void)fprintf(f, "{\"ts\":%u,\"id\":\"%u\"%*s}\n", (unsigned)(random >> 54), i,
			(int)(random >> 56), "");
	}
	(void)fclose(f);
	open_order(r, LINES_MAX);
	while (input_order_next(r->order, &line, &length) == INPUT_WAIT)
		waits++;
	assert_in_range(waits, LINES_MAX / 1000, LINES_MAX / 100); /* who waits may want to stop */
	do {
		uint64_t ts = strtoull(line + strlen("{\"ts\":"), NULL, 10);
		uint64_t id = strtoull(strstr(line, "\"id\":\"") + 6, NULL, 10);
		uint64_t rank = ts * LINES_MAX + id; /* of one time, by place */
		assert_true(seen == 0 || rank > before);
		before = rank;
		seen++;
	} while (input_order_next(r->order, &line, &length) == INPUT_ITEM);
	assert_int_equal(seen, LINES_MAX);
}

static void
what_was_cut_off_meanwhile_is_left_out(void **state)
{
	static const char *const left[] = { "{\"ts\":3}" };
	struct rig *r = *state;
	char *line;
	size_t length;

	input_files_add(r->files, "x", "{\"ts\":3}\n{\"ts\":2}\n{\"ts\":1}\n");
	open_order(r, 100);
	assert_int_equal(input_order_next(r->order, &line, &length), INPUT_ITEM);
	assert_string_equal(line, "{\"ts\":1}");
	assert_int_equal(truncate(input_files_path(r->files, "x"), 12), 0);
	expect(r, left, 1);
	assert_int_equal(input_order_gone(r->order), 1);
}

static void
a_line_of_the_longest_is_put_in_order(void **state)
{
	struct rig *r = *state;
	char *text = malloc(INPUT_LINE_MAX + 1);
	char *line;
	size_t length;

	memset(text, ' ', INPUT_LINE_MAX);
	memcpy(text, "{\"ts\":2}", 8);
	text[INPUT_LINE_MAX] = '\0';
	input_files_add(r->files, "x", text);
	input_files_add(r->files, "x", "\n{\"ts\":1}\n");
	open_order(r, 100);
	assert_int_equal(input_order_next(r->order, &line, &length), INPUT_ITEM);
	assert_string_equal(line, "{\"ts\":1}");
	assert_int_equal(input_order_next(r->order, &line, &length), INPUT_ITEM);
	assert_int_equal(length, INPUT_LINE_MAX);
	assert_string_equal(line, text);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define ORDER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		ORDER_TEST(lines_come_by_time_and_those_of_one_time_as_they_lie),
		ORDER_TEST(a_piece_is_as_long_as_memory_allows),
		ORDER_TEST(a_line_that_is_held_back_stays_among_its_neighbours),
		ORDER_TEST(many_lines_in_no_order_are_put_in_one),
		ORDER_TEST(what_was_cut_off_meanwhile_is_left_out),
		ORDER_TEST(a_line_of_the_longest_is_put_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
