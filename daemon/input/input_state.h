/*
 * input_state.h -- a merged reading from inside, for the files that make it up; see input.h.
 *
 * input_given.c finds the files, input.c makes streams of them and merges those, input_follow.c looks what
 * came and went while they are read.
 */
#pragma once

#include "daemon/input/input_directory.h"
#include "daemon/input/input_reader.h"

enum { INPUT_STREAMS_MAX = 64 };

enum input_stream_state {
	STREAM_WAITS, /* its next item is to be asked for */
	STREAM_HAS_ITEM,
	STREAM_IS_OVER,
};

struct input_merged {
	struct input_reader reader;
	enum input_stream_state state;
};

struct input {
	struct input_plan plan;
	struct input_file **files; /* INPUT_FILES_MAX */
	size_t file_count;
	struct input_merged *streams; /* INPUT_STREAMS_MAX */
	size_t stream_count;
	struct input_merged *told; /* whose item was told last; NULL: none */
	bool looks_again;          /* streams that wait are to be asked */
	bool is_troubled;          /* something that is followed cannot be opened, which was told */
	uint64_t key_ns;
	uint64_t passed_over;           /* files of directories */
	size_t given_again;             /* files that were given before, and are read once */
	void *shared[INPUT_KIND_COUNT]; /* by the streams of a format */
};

/* Write why not: "path: what". returns `error` */
int input_refuse(char ret_error[INPUT_ERROR_MAX], const char *path, const char *what, int error);

/* input_given.c: add the files of a path, by its index. Errors are those of input_open(). */
int input_path_add(struct input *in, size_t given, char ret_error[INPUT_ERROR_MAX]);

/* Add a log of a directory; what it is may be known only when it is opened, and then it is passed over. */
int input_directory_file_add(struct input *in, size_t given, struct input_directory_entry *e,
	char ret_error[INPUT_ERROR_MAX]);

/* input.c: make a stream of the file `first` and all that are of its series. */
int input_stream_add(struct input *in, size_t first, char ret_error[INPUT_ERROR_MAX]);
