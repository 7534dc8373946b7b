#include "daemon/input/input_reader.h"

#include "daemon/base/log.h"
#include "daemon/input/input_begun.h"
#include "daemon/input/input_earliest.h"
#include "daemon/input/input_follow.h"
#include "daemon/input/input_order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct input_file *
file_at_hand(const struct input_reader *r)
{
	return r->files[r->at];
}

/* Are the lines of this file to be put in order? */
static bool
wants_order(const struct input_reader *r)
{
	const struct input_plan *plan = r->plan;

	if (plan->follow || plan->file_order || plan->sort == INPUT_SORT_NEVER)
		return false;
	if (r->s.format->open != NULL || !input_order_can(&r->lines.in))
		return false;
	return plan->sort == INPUT_SORT_ALWAYS || r->s.look_ahead > 0;
}

static struct input_order *
order_new(struct input_reader *r)
{
	const struct input_order_how how = {
		.look_ahead = r->s.look_ahead > 0 ? r->s.look_ahead : INPUT_LOOK_EVERYWHERE,
		.memory = r->plan->memory,
		.told_ns = r->key_ns,
	};

	return input_order_new(file_at_hand(r)->count.path, &r->lines, r->s.format, r->plan, &how);
}

/* Have the lines come from where the format says, if not from the file. */
static int
open_source(struct input_reader *r, char ret_error[INPUT_ERROR_MAX])
{
	struct input_file *f = file_at_hand(r);

	if (r->s.format->open == NULL)
		return 0;
	capture_input_close(&f->opened);
	int fd = r->s.format->open(&r->s, f->count.path, ret_error);
	return fd < 0 ? fd
		      : capture_input_open_fd(&f->opened, fd, f->count.path, input_lines_how(),
				ret_error, INPUT_ERROR_MAX);
}

/* Begin with a whole block, however the bytes come: what a format makes of it must not follow a pipe's moods. */
static void
begin(struct input_reader *r)
{
	struct capture_input *in = &r->lines.in;

	while (!r->plan->follow && cursor_left(&in->bytes) < INPUT_LINES_BLOCK &&
		capture_input_fill(in))
		;
	const char *first = (const char *)in->bytes.at;
	size_t left = cursor_left(&in->bytes);
	size_t length = left < INPUT_LINES_BLOCK ? left : INPUT_LINES_BLOCK;
	input_format_begin(&r->s, file_at_hand(r)->count.path, first, length);
	if (r->at == 0 && !r->plan->follow && !wants_order(r))
		r->begins_ns = input_earliest(&r->s, first, length);
}

static int
open_file(struct input_reader *r, char ret_error[INPUT_ERROR_MAX])
{
	struct input_file *f = file_at_hand(r);
	int rc = input_file_open(f, r->plan, ret_error);

	if (rc == 0)
		rc = open_source(r, ret_error);
	if (rc != 0) {
		capture_input_close(&f->opened);
		return rc;
	}
	r->lines = (struct input_lines){
		.in = f->opened,
		.follows = r->plan->follow && r->at + 1 == r->count,
	};
	f->opened = (struct capture_input){ .fd = -1 };
	r->is_open = true;
	begin(r);
	input_follow_resume(r);
	if (!wants_order(r))
		return 0;
	r->order = order_new(r);
	r->begun = input_begun_new();
	r->s.in_any_order = true;
	if (r->order != NULL && r->begun != NULL)
		return 0;
	(void)snprintf(ret_error, INPUT_ERROR_MAX, "%s: out of memory", f->count.path);
	return -ENOMEM;
}

/* Lines were put in order, and gone when they were to be told. */
static void
tell_gone(struct input_reader *r)
{
	uint64_t gone = r->order != NULL ? input_order_gone(r->order) : 0;

	if (gone == 0)
		return;
	r->cut_files++;
	log_warnx("input", "%s: it was cut while it was read, lines lost: %llu; read a copy of it",
		file_at_hand(r)->count.path, (unsigned long long)gone);
}

static void
close_file(struct input_reader *r)
{
	bool is_at_end = r->lines.in.end != CAPTURE_END_NONE;
	const char *cause = r->lines.in.end_cause;
	uint64_t line = r->lines.number;

	file_at_hand(r)->bytes_read = r->lines.in.bytes_read;
	r->long_lines += r->lines.too_long;
	tell_gone(r);
	input_order_free(r->order);
	input_begun_free(r->begun);
	r->order = NULL;
	r->begun = NULL;
	r->s.in_any_order = false;
	capture_input_close(&r->lines.in);
	r->lines = (struct input_lines){ 0 };
	r->is_open = false;
	if (r->s.format->close != NULL && r->s.format->close(&r->s) != 0)
		cause = r->s.complaint;
	if (!is_at_end || cause == NULL)
		return;
	r->cut_files++;
	log_warnx("input", "%s: cut short behind line %llu: %s; the rest is lost",
		file_at_hand(r)->count.path, (unsigned long long)line, cause);
}

/* Open the next file that can be. returns false when there is none. */
static bool
next_file(struct input_reader *r)
{
	char error[INPUT_ERROR_MAX];

	while (r->at + 1 < r->count) {
		r->at++;
		if (open_file(r, error) == 0)
			return true;
		r->cut_files++;
		log_warnx("input", "%s; going on without it", error);
	}
	return false;
}

/* Following: open the file that has the name by now. returns false while there is none */
static bool
open_again(struct input_reader *r)
{
	char error[INPUT_ERROR_MAX];
	int rc = open_file(r, error);

	if (rc != 0 && rc != -ENOENT && !r->is_troubled)
		log_warnx("input", "%s, trying again", error);
	r->is_troubled = rc != 0 && rc != -ENOENT;
	return rc == 0;
}

int
input_reader_start(struct input_reader *r, const struct input_plan *plan,
	struct input_file *const *files, size_t count, char ret_error[INPUT_ERROR_MAX])
{
	*r = (struct input_reader){ .plan = plan, .count = count, .begins_ns = UINT64_MAX };
	r->files = calloc(count, sizeof(struct input_file *));
	int rc = r->files == NULL ? -ENOMEM
				  : input_format_start(&r->s, input_format_of(files[0]->count.kind),
					    plan, files[0]->count.path);
	if (rc != 0) {
		(void)snprintf(
			ret_error, INPUT_ERROR_MAX, "%s: out of memory", files[0]->count.path);
		return rc;
	}
	memcpy(r->files, files, count * sizeof(struct input_file *));
	return open_file(r, ret_error);
}

/* Of the line at hand only that its conversation began. It is not counted: its turn is still to come. */
static void
tell_begin(struct input_reader *r, const struct input_ordered *next)
{
	struct input_item *item = &r->s.items[0];
	uint64_t cut_texts = r->s.cut_texts;
	char *line = input_order_line(r->order, next);

	r->items = 0;
	if (line == NULL)
		return;
	int n = input_format_line(&r->s, line, next->length, next->number);
	bool is_whole = r->s.cut_texts == cut_texts;
	r->s.cut_texts = cut_texts;
	if (n != 1 || item->o.kind != OBS_FLOW_END)
		return;
	if (is_whole)
		input_begun_keep(r->begun, next->number, &r->s);
	r->items = 1;
	item->o.kind = OBS_FLOW_START;
	item->o.ts_ns = item->key_ns = item->flow.start_ns;
}

/* The line at hand: as it was read when its conversation began, else as it is. returns how many items it told */
static int
read_line(struct input_reader *r, const struct input_ordered *next)
{
	struct input_file *f = file_at_hand(r);

	if (next->part == INPUT_PART_END && input_begun_have(r->begun, next->number, &r->s))
		return input_file_read_before(f, &r->s, next->number);
	char *line = input_order_line(r->order, next);
	return line == NULL ? 0 : input_file_line(f, &r->s, line, next->length, next->number);
}

/* As next_line(), of lines that are put in order. */
static enum input_step
next_ordered(struct input_reader *r)
{
	struct input_ordered next;
	enum input_step step = input_order_next(r->order, &next);

	if (step != INPUT_ITEM)
		return step;
	if (next.part == INPUT_PART_BEGIN) {
		tell_begin(r, &next);
		return INPUT_ITEM;
	}
	r->items = read_line(r, &next);
	if (r->items > 0)
		r->s.items[0].flow.begun = next.part == INPUT_PART_END;
	return INPUT_ITEM;
}

/* The next line through the format: r->items. returns WAIT, or END when the file is over. */
static enum input_step
next_line(struct input_reader *r)
{
	char *line;
	size_t length;

	if (r->order != NULL)
		return next_ordered(r);
	r->line_offset = capture_input_offset(&r->lines.in);
	r->line_before = r->lines.number;
	enum input_step step = input_lines_next(&r->lines, &line, &length);
	if (step == INPUT_ITEM)
		r->items = input_file_line(file_at_hand(r), &r->s, line, length, r->lines.number);
	return step;
}

static void
show(struct input_reader *r)
{
	uint64_t key = input_item_key(input_reader_item(r));

	if (key < r->key_ns)
		r->late++;
	else
		r->key_ns = key;
}

enum input_step
input_reader_next(struct input_reader *r)
{
	r->item++;
	while (r->item >= r->items) {
		r->item = 0;
		r->items = input_format_held(&r->s, r->is_over ? UINT64_MAX : r->key_ns);
		if (r->items > 0)
			break;
		if (r->is_over)
			return INPUT_END;
		if (!r->is_open && !open_again(r))
			return INPUT_WAIT;
		enum input_step step = next_line(r);
		if (step == INPUT_WAIT)
			return INPUT_WAIT;
		if (step == INPUT_END) {
			close_file(r);
			r->is_over = !r->is_replaced && !next_file(r);
			r->is_replaced = false;
		}
	}
	show(r);
	return INPUT_ITEM;
}

uint64_t
input_reader_earliest(const struct input_reader *r)
{
	uint64_t begins_ns = r->order != NULL ? input_order_earliest(r->order) : r->begins_ns;
	uint64_t item_ns = r->items > 0 ? input_item_begins(input_reader_item(r)) : UINT64_MAX;

	return item_ns < begins_ns ? item_ns : begins_ns;
}

uint64_t
input_reader_memory(const struct input_reader *r)
{
	uint64_t bytes = sizeof(*r) + INPUT_LINES_BLOCK + INPUT_TEXT_MAX + r->s.format->state_size;

	return r->order == NULL ? bytes
				: bytes + input_order_memory(r->order) + input_begun_memory();
}

uint64_t
input_reader_bytes(const struct input_reader *r)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < r->count; i++)
		bytes += r->files[i]->bytes_read;
	if (r->order != NULL)
		return bytes + input_order_done(r->order);
	return bytes + r->lines.in.bytes_read;
}

uint64_t
input_reader_long(const struct input_reader *r)
{
	return r->long_lines + r->lines.too_long;
}

void
input_reader_end(struct input_reader *r)
{
	if (r->is_open)
		close_file(r);
	input_format_end(&r->s);
	free(r->files);
	*r = (struct input_reader){ 0 };
}
