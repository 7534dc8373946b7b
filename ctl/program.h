/* program.h -- the installed naiad, run for what it says. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
	PROGRAM_PATH_MAX = 4096,
	PROGRAM_OUTPUT_MAX = 256 * 1024,
	PROGRAM_WORDS_MAX = 16,
	PROGRAM_PATIENCE_S = 120,
};

/* Beside naiadctl, in the sbin beside its bin, or where programs of the system are. returns false when it is nowhere */
bool program_find(char ret_path[PROGRAM_PATH_MAX]);

/*
 * Run it to its end, with nothing to read.
 *
 * words       its arguments; NULL at the end
 * both        standard error goes to the output as well; else it stays ours
 * ret_output  what it wrote, NUL-terminated; what is past `size` is left out
 * returns     its exit status; 128 and more: ended by a signal; or a negative errno, -ETIMEDOUT
 */
int program_run(
	const char *path, const char *const *words, bool both, char *ret_output, size_t size);
