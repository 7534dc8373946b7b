#include "daemon/input/input_order.h"

#include "tests/support/input_files.h"
#include "tests/support/input_toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LINES_MAX = 5000 };

/* {"quick":SECONDS} has a time of its own here, another than that of line(). */
static bool
toy_times(const struct input_stream *s, const char *line, size_t length, uint64_t *ret_begin_ns,
	uint64_t *ret_key_ns)
{
	const char *at = toy_after(line, "\"quick\":");

	(void)s;
	(void)length;
	if (at == NULL)
		return false;
	*ret_begin_ns = *ret_key_ns = strtoull(at, NULL, 10) * TOY_S;
	return true;
}

static const struct input_format toy_quick = {
	.name = "quick",
	.kind = INPUT_KIND_ZEEK,
	.state_size = sizeof(struct toy),
	.line = toy_line,
	.times = toy_times,
};

struct rig {
	struct input_files *files;
	const char *name; /* of the file that is opened */
	const struct input_format *format;
	struct input_plan plan;
	struct input_lines lines;
	struct input_order *order;
	char error[INPUT_ERROR_MAX];
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->files = input_files_new();
	r->name = "x";
	r->format = &toy_zeek;
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

static void
open_how(struct rig *r, const struct input_order_how *how)
{
	shut(r);
	r->lines = (struct input_lines){ 0 };
	assert_int_equal(capture_input_open(&r->lines.in, input_files_path(r->files, r->name),
				 input_lines_how(), r->error, sizeof(r->error)),
		0);
	assert_true(input_order_can(&r->lines.in));
	r->order = input_order_new("x", &r->lines, r->format, &r->plan, how);
	assert_non_null(r->order);
}

/* With memory for so many lines. */
static void
open_order(struct rig *r, uint64_t lines)
{
	open_how(r, &(struct input_order_how){
			    .look_ahead = INPUT_LOOK_EVERYWHERE,
			    .memory = (lines - 1) * INPUT_ORDER_LINE_BYTES,
		    });
}

/* "1b 2w": numbers of lines, and what of each is told */
static void
expect_parts(struct rig *r, const char *expected)
{
	static const char letters[] = "bwe";
	struct input_ordered next;
	char told[256] = "";
	size_t length = 0;

	while (input_order_next(r->order, &next) == INPUT_ITEM) {
		const char *line = input_order_line(r->order, &next);
		if (line == NULL)
			continue;
		assert_int_equal(strlen(line), next.length);
		length += (size_t)snprintf(told + length, sizeof(told) - length, "%s%llu%c",
			length > 0 ? " " : "", (unsigned long long)next.number, letters[next.part]);
	}
	assert_string_equal(told, expected);
	assert_int_equal(input_order_next(r->order, &next), INPUT_END);
}

static void
lines_come_by_time_and_those_of_one_time_as_they_lie(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "x",
		"{\"ts\":3}\r\n\n{\"ts\":9,\"key\":8}\n{\"ts\":7}\n{\"ts\":1}\n"
		"{\"ts\":4102444800}\n{\"ts\":3}\n{\"ts\":9}");
	open_order(r, 100);
	expect_parts(r, "5w 1w 7w 4w 3w 8w 6w");
	assert_int_equal(input_order_earliest(r->order), TOY_S);
	assert_true(input_order_done(r->order) <= r->lines.in.bytes_total);
	assert_true(input_order_done(r->order) > r->lines.in.bytes_total * 3 / 4);
}

/* A line that tells nothing, that is held back or that is bad keeps its place: it is counted when it is told. */
static void
a_line_without_a_time_stays_among_its_neighbours(void **state)
{
	static const char *const lines[] = { "skip", "bad", "\"ts\":0,\"keep\"" };
	struct rig *r = *state;

	for (size_t i = 0; i < 3; i++) {
		r->name = lines[i];
		input_files_add(r->files, r->name, "{\"ts\":5}\n");
		input_files_add(r->files, r->name, lines[i]);
		input_files_add(r->files, r->name, "\n{\"ts\":1}\n");
		open_order(r, 100);
		expect_parts(r, "3w 1w 2w");
	}
}

static void
a_conversation_comes_when_it_began_and_when_it_ended(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "x",
		"{\"ts\":5}\n{\"start\":2,\"ts\":6}\n{\"start\":1,\"ts\":7}\n{\"start\":7,\"ts\":7}\n");
	open_order(r, 100);
	expect_parts(r, "3b 2b 1w 2e 3e 4w");
	assert_int_equal(input_order_earliest(r->order), TOY_S);
	open_how(r, &(struct input_order_how){
			    .look_ahead = 100, .memory = 9600, .told_ns = 2 * TOY_S });
	expect_parts(r, "2b 1w 2e 3w 4w"); /* that time was over when the file began */
}

/* What began further back than is looked is told as a whole; and is not late for it. */
static void
no_more_lines_are_looked_at_than_is_said(void **state)
{
	struct rig *r = *state;

	log_level_set(LOG_LEVEL_INFO);
	input_files_add(
		r->files, "x", "{\"ts\":5}\n{\"ts\":6}\n{\"ts\":7}\n{\"start\":1,\"ts\":8}\n");
	int saved = input_files_hear(r->files);
	open_how(r, &(struct input_order_how){ .look_ahead = 3, .memory = 960 });
	expect_parts(r, "1w 2w 3w 4w");
	open_how(r, &(struct input_order_how){ .look_ahead = 4, .memory = 960 });
	expect_parts(r, "4b 1w 2w 3w 4e");
	assert_string_equal(input_files_heard(r->files, saved), "");
}

/* Its columns are those of the lines behind it. */
static void
a_header_keeps_the_lines_before_it_from_those_behind(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "x",
		"# a\n# b\n{\"ts\":5}\n{\"ts\":4}\n# c\n{\"ts\":2}\n{\"start\":1,\"ts\":6}\n# d");
	open_order(r, 100);
	expect_parts(r, "1w 2w 4w 3w 5w 6w 7w 8w");
}

static void
a_format_may_say_times_at_less_cost(void **state)
{
	struct rig *r = *state;

	r->format = &toy_quick;
	input_files_add(r->files, "x", "{\"ts\":5,\"quick\":9}\n{\"ts\":6}\n");
	open_order(r, 100);
	expect_parts(r, "2w 1w");
	assert_int_equal(input_order_earliest(r->order), 6 * TOY_S);
}

/* Nothing is told before as many lines are at hand as memory allows; what is older than what was told is late. */
static void
so_many_lines_are_looked_at_as_memory_allows(void **state)
{
	static const char lines[] =
		"{\"ts\":5}\n{\"ts\":4}\n{\"ts\":3}\n{\"ts\":2}\n{\"ts\":1}\n{\"ts\":9}\n";
	struct rig *r = *state;

	input_files_add(r->files, "x", lines);
	log_level_set(LOG_LEVEL_INFO);
	int saved = input_files_hear(r->files);
	open_order(r, 5);
	expect_parts(r, "5w 4w 3w 2w 1w 6w");
	assert_string_equal(input_files_heard(r->files, saved), "");
	saved = input_files_hear(r->files);
	open_order(r, 2);
	expect_parts(r, "2w 3w 4w 5w 1w 6w");
	const char *once = strstr(input_files_heard(r->files, saved),
		"x: more than 2 lines, which memory has no room");
	assert_non_null(once);
	assert_null(strstr(once + 12, "more than"));
	open_order(r, 1);
	expect_parts(r, "1w 2w 3w 4w 5w 6w");
	assert_int_equal(input_order_memory(r->order),
		INPUT_ORDER_LINE_BYTES + 2 * ((uint64_t)INPUT_LINE_MAX + 1));
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
	struct input_ordered next;

	for (unsigned i = 0; i < LINES_MAX; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		(void)fprintf(f, "{\"ts\":%u,\"id\":\"%u\"%*s}\n", (unsigned)(random >> 54), i,
			(int)(random >> 56), "");
	}
	(void)fclose(f);
	open_order(r, LINES_MAX);
	while (input_order_next(r->order, &next) == INPUT_WAIT)
		waits++;
	assert_in_range(waits, LINES_MAX / 1000, LINES_MAX / 100); /* who waits may want to stop */
	do {
		const char *line = input_order_line(r->order, &next);
		uint64_t ts = strtoull(line + strlen("{\"ts\":"), NULL, 10);
		uint64_t id = strtoull(strstr(line, "\"id\":\"") + 6, NULL, 10);
		uint64_t rank = ts * LINES_MAX + id; /* of one time, by place */
		assert_true(seen == 0 || rank > before);
		assert_int_equal(next.number, id + 1);
		before = rank;
		seen++;
	} while (input_order_next(r->order, &next) == INPUT_ITEM);
	assert_int_equal(seen, LINES_MAX);
}

static void
what_was_cut_off_meanwhile_is_left_out(void **state)
{
	struct rig *r = *state;
	struct input_ordered next;
	char *text = malloc(20001);

	/* Far enough from each other not to be read at once. */
	(void)snprintf(text, 20001, "%-20000s", "{\"ts\":9}");
	input_files_add(r->files, "x", "{\"ts\":3}\n");
	input_files_add(r->files, "x", text);
	input_files_add(r->files, "x", "\n{\"start\":1,\"ts\":2}\n");
	open_order(r, 100);
	assert_int_equal(input_order_next(r->order, &next), INPUT_ITEM);
	assert_int_equal(next.part, INPUT_PART_BEGIN);
	assert_int_equal(truncate(input_files_path(r->files, "x"), 12), 0);
	assert_null(input_order_line(r->order, &next));
	expect_parts(r, "1w");
	assert_int_equal(input_order_gone(r->order), 2); /* each once, when it is to be told */
	free(text);
}

static void
a_line_of_the_longest_is_put_in_order(void **state)
{
	struct rig *r = *state;
	struct input_ordered next;
	char *text = malloc(INPUT_LINE_MAX + 1);

	memset(text, ' ', INPUT_LINE_MAX);
	memcpy(text, "{\"ts\":2}", 8);
	text[INPUT_LINE_MAX] = '\0';
	input_files_add(r->files, "x", text);
	input_files_add(r->files, "x", "\n{\"ts\":1}\n");
	open_order(r, 100);
	assert_int_equal(input_order_next(r->order, &next), INPUT_ITEM);
	assert_string_equal(input_order_line(r->order, &next), "{\"ts\":1}");
	assert_int_equal(input_order_next(r->order, &next), INPUT_ITEM);
	assert_int_equal(next.length, INPUT_LINE_MAX);
	assert_string_equal(input_order_line(r->order, &next), text);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define ORDER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		ORDER_TEST(lines_come_by_time_and_those_of_one_time_as_they_lie),
		ORDER_TEST(a_line_without_a_time_stays_among_its_neighbours),
		ORDER_TEST(a_conversation_comes_when_it_began_and_when_it_ended),
		ORDER_TEST(no_more_lines_are_looked_at_than_is_said),
		ORDER_TEST(a_header_keeps_the_lines_before_it_from_those_behind),
		ORDER_TEST(a_format_may_say_times_at_less_cost),
		ORDER_TEST(so_many_lines_are_looked_at_as_memory_allows),
		ORDER_TEST(many_lines_in_no_order_are_put_in_one),
		ORDER_TEST(what_was_cut_off_meanwhile_is_left_out),
		ORDER_TEST(a_line_of_the_longest_is_put_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
