/* run_inputs.h -- are the inputs of a run captures, or logs? */
#pragma once

#include "daemon/config/options.h"
#include "daemon/input/capture_input.h"
#include "daemon/loop/exit_code.h"

struct run_inputs {
	bool are_logs;
	struct capture_input
		*opened; /* one for each path: what could not be opened twice (a pipe) is_open */
	size_t count;
};

/*
 * Look at what the inputs are, unless their type says it.
 *
 * returns  EXIT_OK; EXIT_USAGE: captures and logs, whose traffic would count twice; EXIT_INPUT,
 *          EXIT_NO_PERMISSION: one cannot be read. What went wrong has been told
 * owns     `ret` is to be ended, after a failure too
 */
enum exit_code run_inputs_look(
	const char *const *paths, size_t count, enum options_input type, struct run_inputs *ret);

/* returns what a failure to open or read an input ends the process with */
enum exit_code run_inputs_exit(int error);

void run_inputs_end(struct run_inputs *inputs);
