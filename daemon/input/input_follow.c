#include "daemon/input/input_follow.h"

#include "daemon/base/log.h"
#include "daemon/input/input_directory.h"
#include "daemon/input/input_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { HEAD_BYTES = 256 };

/* Sum of the first bytes, no more of them than were read: so it stays what it was while the file grows. */
static uint32_t
head_of(int fd, uint64_t offset)
{
	uint8_t bytes[HEAD_BYTES];
	size_t most = offset < HEAD_BYTES ? (size_t)offset : HEAD_BYTES;
	ssize_t n = pread(fd, bytes, most, 0);

	return (uint32_t)crc32(0, bytes, n > 0 ? (uInt)n : 0);
}

static const struct input_position *
position_of(const struct stat *st, int fd, const struct input_position *positions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct input_position *p = &positions[i];
		if (p->device == st->st_dev && p->inode == st->st_ino && st->st_size >= 0 &&
			p->offset <= (uint64_t)st->st_size && p->head == head_of(fd, p->offset))
			return p;
	}
	return NULL;
}

void
input_follow_look(struct input_reader *r)
{
	const char *path = r->files[r->at]->count.path;
	struct stat open_now;
	struct stat named;

	if (!r->is_open || r->at + 1 < r->count || fstat(r->lines.in.fd, &open_now) != 0)
		return;
	if (open_now.st_size >= 0 && (uint64_t)open_now.st_size < r->lines.in.bytes_read) {
		if (!r->is_replaced)
			log_warnx("input", "%s: it was cut, and is read from its beginning", path);
		r->is_replaced = true;
	}
	/* One that was renamed is still written to until the new one is there. */
	if (stat(path, &named) == 0 &&
		(named.st_ino != open_now.st_ino || named.st_dev != open_now.st_dev))
		r->is_replaced = true;
	if (r->is_replaced)
		r->lines.follows = false;
}

/* Read on to the first line that is none of a header. returns false where the file ends before */
static bool
read_header(struct input_reader *r, uint64_t offset)
{
	char *line;
	size_t length;

	while (capture_input_offset(&r->lines.in) < offset) {
		if (input_lines_next(&r->lines, &line, &length) != INPUT_ITEM)
			return false;
		if (line[0] != '#')
			return true;
		(void)input_format_line(&r->s, line, length, r->lines.number);
	}
	return true;
}

void
input_follow_resume(struct input_reader *r)
{
	const struct input_plan *plan = r->plan;
	struct stat st;

	if (plan->position_count == 0 || r->lines.in.packing != CAPTURE_PLAIN ||
		fstat(r->lines.in.fd, &st) != 0)
		return;
	const struct input_position *p =
		position_of(&st, r->lines.in.fd, plan->positions, plan->position_count);
	if (p == NULL || !read_header(r, p->offset))
		return;
	capture_input_seek(&r->lines.in, p->offset);
	r->lines.searched = 0;
	r->lines.number = p->line;
}

bool
input_follow_position(struct input_reader *r, struct input_position *ret)
{
	bool has_item = r->item < r->items;
	struct stat st;

	if (!r->is_open || fstat(r->lines.in.fd, &st) != 0)
		return false;
	*ret = (struct input_position){
		.device = st.st_dev,
		.inode = st.st_ino,
		.offset = has_item ? r->line_offset : capture_input_offset(&r->lines.in),
		.line = has_item ? r->line_before : r->lines.number,
	};
	ret->head = head_of(r->lines.in.fd, ret->offset);
	return true;
}

bool
input_follow_is_unfinished(const char *path, const struct input_position *positions, size_t count)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false;
	const struct input_position *p =
		fstat(fd, &st) == 0 ? position_of(&st, fd, positions, count) : NULL;
	(void)close(fd);
	return p != NULL && p->offset < (uint64_t)st.st_size;
}

/* Begin with a file that came. What cannot be opened is left for the next look. */
static void
start_new(struct input *in, size_t before)
{
	char error[INPUT_ERROR_MAX];
	size_t streams = in->stream_count;
	int rc = 0;

	if (in->file_count > before)
		rc = streams < INPUT_STREAMS_MAX
			     ? input_stream_add(in, before, error)
			     : input_refuse(error, in->files[before]->count.path,
				       "more than 64 logs at once", -EMFILE);
	if (rc == 0)
		return;
	while (in->stream_count > streams)
		input_reader_end(&in->streams[--in->stream_count].reader);
	while (in->file_count > before)
		input_file_free(in->files[--in->file_count]);
	if (rc != -ENOENT && !in->is_troubled)
		log_warnx("input", "%s, trying again", error);
	in->is_troubled = in->is_troubled || rc != -ENOENT;
}

/* log  NULL: a file that was given itself */
static bool
is_followed(const struct input *in, size_t given, const char *log)
{
	for (size_t i = 0; i < in->file_count; i++) {
		const struct input_file *f = in->files[i];
		if (f->given == given &&
			(f->log == NULL || (log != NULL && strcmp(f->log, log) == 0)))
			return true;
	}
	return false;
}

static void
look_for_new(struct input *in, size_t given)
{
	char error[INPUT_ERROR_MAX];
	struct input_directory listed;
	struct stat st;

	if (is_followed(in, given, NULL) || stat(in->plan.paths[given], &st) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		size_t before = in->file_count;
		if (input_path_add(in, given, error) == 0)
			start_new(in, before);
		return;
	}
	int rc = input_directory_list(in->plan.paths[given], /* live_only= */ true, &listed, error);
	for (size_t i = 0; rc == 0 && i < listed.count; i++) {
		size_t before = in->file_count;
		if (!is_followed(in, given, listed.entries[i].name.log) &&
			input_directory_file_add(in, given, &listed.entries[i], error) == 0)
			start_new(in, before);
	}
	input_directory_free(&listed);
}

void
input_look_again(struct input *in)
{
	for (size_t i = 0; i < in->stream_count; i++)
		input_follow_look(&in->streams[i].reader);
	for (size_t i = 0; i < in->plan.count; i++)
		look_for_new(in, i);
	in->looks_again = true;
}

size_t
input_positions(struct input *in, struct input_position *ret, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < in->stream_count && count < room; i++)
		count += input_follow_position(&in->streams[i].reader, &ret[count]);
	return count;
}
