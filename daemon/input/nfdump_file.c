/* nfdump_file.c -- nfdump's binary files: the text that nfdump makes of them. */
#include "daemon/input/nfdump.h"

static int
nfdump_file_open(struct input_stream *s, const char *path, char ret_error[INPUT_ERROR_MAX])
{
	struct nfdump_state *state = s->state;
	int error =
		nfdump_run_start(&state->run, s->plan->nfdump, path, ret_error, INPUT_ERROR_MAX);

	return error < 0 ? error : state->run.fd;
}

static int
nfdump_file_close(struct input_stream *s)
{
	struct nfdump_state *state = s->state;

	return nfdump_run_end(&state->run, s->complaint, sizeof(s->complaint));
}

const struct input_format input_nfdump_file = {
	.name = "nfdump",
	.kind = INPUT_KIND_NFDUMP_FILE,
	.state_size = sizeof(struct nfdump_state),
	.line = nfdump_line,
	.held = nfdump_held,
	.begin = nfdump_begin,
	.done = nfdump_done,
	.open = nfdump_file_open,
	.close = nfdump_file_close,
};
