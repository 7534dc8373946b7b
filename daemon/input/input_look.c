/* input_look.c -- following: what came, what was renamed or cut, and how far what is there was read. */
#include "daemon/base/log.h"
#include "daemon/input/input_directory.h"
#include "daemon/input/input_follow.h"
#include "daemon/input/input_state.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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
