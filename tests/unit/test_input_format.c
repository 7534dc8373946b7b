#include "daemon/input/input_format.h"

#include "tests/support/input_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct said {
	const char *first, *second;
};

static const struct transaction_field said_fields[] = {
	FIELD_ROW_TEXT(struct said, first, "first"),
	FIELD_ROW_TEXT(struct said, second, "second"),
	FIELD_END,
};

/* A format: a word a line, told as often as the digit in front of it says. */
struct words {
	char kept[8]; /* held back until `kept_until` */
	uint64_t kept_until;
	unsigned begun;
	size_t first_length;
};

static bool words_done;

static int
words_line(struct input_stream *s, char *line, size_t length)
{
	struct words *w = s->state;
	int count = line[0] - '0';

	if (line[0] == '#')
		return input_stream_skip(s);
	if (count < 0 || count > INPUT_ITEMS_MAX)
		return input_stream_bad(s, "count", (struct text_view){ line, length }, "digit");
	for (int i = 0; i < count; i++) {
		struct input_item *item = input_stream_item(s, (size_t)i, NULL, 0);
		item->flow.start_ns = (uint64_t)i;
		item->flow.last_ns = 100 + (uint64_t)i;
		item->flow.orig_total.packets = 3;
		input_item_flow(item);
		item->said.text[item->said.text_used++] = line[1];
		item->said.cut = (uint32_t)i;
	}
	(void)snprintf(w->kept, sizeof(w->kept), "%s", line + 1);
	w->kept_until = s->line;
	return count;
}

static int
words_held(struct input_stream *s, uint64_t now_ns)
{
	struct words *w = s->state;

	if (w->kept[0] == '\0' || now_ns < w->kept_until)
		return 0;
	struct input_item *item = input_stream_item(s, 0, NULL, 0);
	item->said.text[0] = w->kept[0];
	w->kept[0] = '\0';
	return 1;
}

static void
words_begin(struct input_stream *s, const char *first, size_t length)
{
	struct words *w = s->state;

	w->begun++;
	w->first_length = length;
	assert_true(length == 0 || first[0] == '2');
}

static void
words_end(void *state)
{
	words_done = ((struct words *)state)->begun == 2;
}

static const struct input_format words = {
	.name = "words",
	.state_size = sizeof(struct words),
	.line = words_line,
	.held = words_held,
	.begin = words_begin,
	.done = words_end,
};

static void
a_line_becomes_items_whose_texts_lie_apart(void **state)
{
	struct input_rig *r = input_rig_new(&words);

	(void)state;
	assert_int_equal(input_rig_line(r, "3x"), 3);
	for (size_t i = 0; i < 3; i++) {
		const struct input_item *item = &r->s.items[i];
		assert_int_equal(item->said.text - r->s.text, i);
		assert_int_equal(item->said.text[0], 'x');
		assert_int_equal(item->said.text_size, INPUT_TEXT_MAX - i);
		assert_int_equal(item->o.kind, OBS_FLOW_END);
		assert_ptr_equal(item->o.flow, &item->flow);
		assert_int_equal(item->o.ts_ns, 100 + i);
		assert_int_equal(item->flow.previous_ns, i);
		assert_int_equal(item->flow.orig_delta.packets, 3);
		assert_string_equal(item->flow.history, "");
		assert_string_equal(item->flow.service, "");
		assert_string_equal(item->flow.label, "");
	}
	assert_int_equal(r->s.cut_texts, 3);
	assert_int_equal(r->s.line, 1);
	assert_int_equal(input_rig_line(r, "1y"), 1); /* from the front again */
	assert_ptr_equal(r->s.items[0].said.text, r->s.text);
	assert_int_equal(r->s.line, 2);
	input_rig_free(r);
}

static void
what_is_held_back_comes_when_its_time_has(void **state)
{
	struct input_rig *r = input_rig_new(&words);

	(void)state;
	assert_int_equal(input_rig_held(r, UINT64_MAX), 0);
	assert_int_equal(input_rig_line(r, "0z"), 0);
	assert_int_equal(input_rig_held(r, 0), 0);
	assert_int_equal(input_rig_held(r, 1), 1);
	assert_int_equal(r->s.items[0].said.text[0], 'z');
	assert_int_equal(input_rig_held(r, UINT64_MAX), 0);
	input_rig_free(r);
}

static void
a_line_is_skipped_or_bad(void **state)
{
	struct input_rig *r = input_rig_new(&words);

	(void)state;
	assert_int_equal(input_rig_line(r, "# nothing"), 0);
	assert_int_equal(r->s.skipped, 1);
	assert_int_equal(input_rig_line(r, "x\x1b[1m"), -EBADMSG);
	assert_string_equal(r->s.complaint, "count: \"x\\x1b[1m\" is no digit");
	char lengthy[200];
	memset(lengthy, 'x', sizeof(lengthy));
	assert_int_equal(input_rig_bytes(r, lengthy, sizeof(lengthy)), -EBADMSG);
	assert_string_equal(r->s.complaint + strlen("count: \"") + 60, "\" is no digit");
	input_rig_free(r);
}

static void
a_format_hears_where_files_begin_and_frees_what_it_has(void **state)
{
	struct input_rig *r = input_rig_new(&words);

	(void)state;
	words_done = false;
	input_rig_begin(r, "2 first bytes");
	assert_int_equal(((const struct words *)r->s.state)->first_length, 13);
	assert_string_equal(r->s.path, "test.log");
	input_rig_free(r);
	assert_true(words_done);
}

static void
an_item_is_empty_but_for_what_is_unset(void **state)
{
	struct input_rig *r = input_rig_new(&words);
	struct input_item *item = &r->s.items[0];

	(void)state;
	memset(item, 0xff, sizeof(*item));
	assert_ptr_equal(input_stream_item(&r->s, 0, said_fields, sizeof(struct said)), item);
	assert_int_equal(item->key_ns, 0);
	assert_int_equal(item->arp.operation, 0);
	assert_int_equal(item->history[FLOW_HISTORY_MAX], 0);
	assert_int_equal(item->label[0], 0);
	assert_null(((const struct said *)(const void *)item->said.room.said)->second);
	input_item_said(item, OBS_DNS);
	assert_int_equal(item->o.kind, OBS_DNS);
	assert_ptr_equal(item->o.talk, &item->talk);
	assert_ptr_equal(item->o.said, item->said.room.said);
	input_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_becomes_items_whose_texts_lie_apart),
		cmocka_unit_test(what_is_held_back_comes_when_its_time_has),
		cmocka_unit_test(a_line_is_skipped_or_bad),
		cmocka_unit_test(a_format_hears_where_files_begin_and_frees_what_it_has),
		cmocka_unit_test(an_item_is_empty_but_for_what_is_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
