#include "daemon/input/input_file.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/input/input_kind.h"
#include "daemon/input/input_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum {
	PEEK_BLOCK = 16 << 10,
	PEEK_LINES = 1000, /* of a header, or of nothing that is followed, before a first item */
};

/* Of a file that is nothing that is read, say how it begins: its owner may see what it is. */
static int
refuse(const struct input_file *f, const char *what, char ret_error[INPUT_ERROR_MAX])
{
	struct cursor c = f->opened.bytes;
	struct strbuf b;

	strbuf_init(&b, ret_error, INPUT_ERROR_MAX);
	strbuf_printf(&b, "%s: %s", f->count.path, what);
	if (cursor_left(&c) == 0)
		strbuf_printf(&b, ": %s",
			f->opened.end_cause != NULL ? f->opened.end_cause : "it is empty");
	else
		strbuf_printf(&b, ": %s with",
			f->opened.packing == CAPTURE_PLAIN ? "starts"
							   : "what is packed in it starts");
	for (unsigned i = 0; i < 4 && cursor_left(&c) > 0; i++)
		strbuf_printf(&b, " %02x", cursor_u8(&c));
	strbuf_printf(&b, "; %s", input_kinds_expected);
	return -EINVAL;
}

static int
recognise(struct input_file *f, const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX])
{
	struct capture_input *in = &f->opened;

	/* A pipe may have given less than a line so far. */
	do
		f->count.kind = input_kind_of(in->bytes.at, cursor_left(&in->bytes));
	while (f->count.kind == INPUT_KIND_UNKNOWN && plan->kind == INPUT_KIND_UNKNOWN &&
		cursor_left(&in->bytes) < INPUT_LINE_MAX && capture_input_fill(in));
	if (f->count.kind == INPUT_KIND_CAPTURE)
		return refuse(f, "a capture, not a log", ret_error);
	/* nfdump's are two kinds with one name: a file of its own, or its text. */
	if (plan->kind != INPUT_KIND_UNKNOWN &&
		!(plan->kind == INPUT_KIND_NFDUMP && f->count.kind == INPUT_KIND_NFDUMP_FILE))
		f->count.kind = plan->kind;
	if (f->count.kind == INPUT_KIND_UNKNOWN)
		return refuse(f, "not recognised", ret_error);
	if (input_format_of(f->count.kind) == NULL)
		return refuse(f, "of a kind that this version does not read", ret_error);
	return 0;
}

static int
open_with(struct input_file *f, const struct input_plan *plan, struct capture_how how,
	char ret_error[INPUT_ERROR_MAX])
{
	struct stat st;

	if (!f->opened.is_open) {
		int rc = capture_input_open(
			&f->opened, f->count.path, how, ret_error, INPUT_ERROR_MAX);
		if (rc != 0)
			return rc;
	}
	f->bytes_total = f->opened.bytes_total;
	if (f->opened.is_regular && fstat(f->opened.fd, &st) == 0) {
		f->device = st.st_dev;
		f->inode = st.st_ino;
	}
	return recognise(f, plan, ret_error);
}

int
input_file_open(
	struct input_file *f, const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX])
{
	return open_with(f, plan, input_lines_how(), ret_error);
}

static uint64_t
first_time(struct input_stream *s, struct input_lines *lines)
{
	char *line;
	size_t length;

	for (unsigned i = 0; i < PEEK_LINES; i++) {
		if (input_lines_next(lines, &line, &length) != INPUT_ITEM)
			break;
		if (input_format_line(s, line, length, lines->number) > 0 ||
			input_format_held(s, UINT64_MAX) > 0)
			return input_item_key(&s->items[0]);
	}
	return UINT64_MAX;
}

int
input_file_peek(
	struct input_file *f, const struct input_plan *plan, char ret_error[INPUT_ERROR_MAX])
{
	struct capture_how how = input_lines_how();
	struct input_lines lines = { 0 };
	struct input_stream s;

	how.block_bytes = PEEK_BLOCK;
	int rc = open_with(f, plan, how, ret_error);
	lines.in = f->opened;
	f->opened = (struct capture_input){ .fd = -1 };
	f->first_ns = UINT64_MAX;
	/* What a program reads has its time in its name. */
	if (rc == 0 && input_format_of(f->count.kind)->open == NULL) {
		rc = input_format_start(&s, input_format_of(f->count.kind), plan, f->count.path);
		if (rc == 0) {
			input_format_begin(&s, f->count.path, (const char *)lines.in.bytes.at,
				cursor_left(&lines.in.bytes));
			f->first_ns = first_time(&s, &lines);
			f->count.log = s.log;
		}
		input_format_end(&s);
	}
	capture_input_close(&lines.in);
	return rc;
}

static void
complain(struct input_file *f, const struct input_stream *s)
{
	f->count.lines++;
	f->count.bad++;
	if (f->count.first_bad > 0)
		return;
	f->count.first_bad = s->line;
	log_warnx("input", "%s:%llu: %s, the line is skipped; further ones are only counted",
		f->count.path, (unsigned long long)s->line, s->complaint);
}

/* Count a line of which `n` items were told, in a stream that had skipped and kept so many before. */
static int
count_line(struct input_file *f, struct input_stream *s, int n, uint64_t skipped, uint64_t kept)
{
	f->count.log = s->log;
	if (n > 0 && input_stream_time(s, input_item_key(&s->items[0])) != 0)
		n = -EBADMSG;
	if (n < 0) {
		complain(f, s);
		return 0;
	}
	bool was_read = n > 0 || s->kept > kept;
	bool was_skipped = !was_read && s->skipped > skipped;
	f->count.lines += was_read || was_skipped;
	f->count.read += was_read;
	f->count.skipped += was_skipped;
	return n;
}

int
input_file_line(
	struct input_file *f, struct input_stream *s, char *line, size_t length, uint64_t number)
{
	uint64_t skipped = s->skipped;
	uint64_t kept = s->kept;
	int n = input_format_line(s, line, length, number);

	return count_line(f, s, n, skipped, kept);
}

int
input_file_read_before(struct input_file *f, struct input_stream *s, uint64_t number)
{
	s->line = number;
	return count_line(f, s, 1, s->skipped, s->kept);
}

void
input_file_free(struct input_file *f)
{
	if (f == NULL)
		return;
	capture_input_close(&f->opened);
	free(f->path);
	free(f);
}
