/*
 * A file is looked at and closed again: only what cannot be opened twice, a pipe or standard input, stays
 * open and is handed on with what was read of it.
 */
#include "daemon/loop/run_inputs.h"

#include "daemon/base/log.h"
#include "daemon/input/input_kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ERROR_MAX = 512 };

enum exit_code
run_inputs_exit(int error)
{
	return error == -EACCES || error == -EPERM ? EXIT_NO_PERMISSION : EXIT_INPUT;
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A pipe may have given less so far than it takes to tell. */
static enum input_kind
kind_of(struct capture_input *in)
{
	enum input_kind kind;

	do
		kind = input_kind_of(in->bytes.at, cursor_left(&in->bytes));
	while (kind == INPUT_KIND_UNKNOWN && cursor_left(&in->bytes) < CAPTURE_RECORD_MAX &&
		capture_input_fill(in));
	return kind;
}

static enum exit_code
look_at(const char *path, struct capture_input *in, enum input_kind *ret_kind)
{
	const struct capture_how how = {
		.record_bytes = CAPTURE_RECORD_MAX,
		.block_bytes = CAPTURE_BLOCK_BYTES,
	};
	char error[ERROR_MAX];

	if (is_directory(path)) {
		*ret_kind = INPUT_KIND_ZEEK; /* or what else lies in it; no capture */
		return EXIT_OK;
	}
	int rc = capture_input_open(in, path, how, error, sizeof(error));
	if (rc != 0) {
		log_err("input", "%s", error);
		return run_inputs_exit(rc);
	}
	*ret_kind = kind_of(in);
	if (in->is_regular && strcmp(path, "-") != 0)
		capture_input_close(in);
	return EXIT_OK;
}

/* returns false, with a line, when there are both */
static bool
is_one_of_both(const char *capture, const char *log)
{
	if (capture == NULL || log == NULL)
		return true;
	log_err("options",
		"%s is a capture and %s is none: the same traffic would count twice, give either in a run of its own",
		capture, log);
	return false;
}

enum exit_code
run_inputs_look(
	const char *const *paths, size_t count, enum options_input type, struct run_inputs *ret)
{
	const char *capture = NULL;
	const char *log = NULL;
	enum exit_code code = EXIT_OK;

	*ret = (struct run_inputs){ .are_logs = type > OPTIONS_INPUT_PCAP };
	if (type != OPTIONS_INPUT_ANY)
		return EXIT_OK;
	ret->opened = calloc(count, sizeof(*ret->opened));
	if (ret->opened == NULL) {
		log_err("input", "%s: out of memory", paths[0]);
		return EXIT_RUNTIME;
	}
	for (; code == EXIT_OK && ret->count < count; ret->count++) {
		enum input_kind kind = INPUT_KIND_UNKNOWN;
		const char *path = paths[ret->count];
		code = look_at(path, &ret->opened[ret->count], &kind);
		if (kind == INPUT_KIND_CAPTURE)
			capture = path;
		else
			log = path;
	}
	if (code == EXIT_OK && !is_one_of_both(capture, log))
		code = EXIT_USAGE;
	ret->are_logs = capture == NULL;
	return code;
}

void
run_inputs_end(struct run_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		capture_input_close(&inputs->opened[i]);
	free(inputs->opened);
	*inputs = (struct run_inputs){ 0 };
}
