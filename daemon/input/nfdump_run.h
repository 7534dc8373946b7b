/*
 * nfdump_run.h -- nfdump's binary file, read by nfdump itself.
 *
 * Its layout changes with its versions and compresses in four ways; its own program reads them all. It is
 * run once a file, over files only: live, a process may start no other.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct nfdump_run {
	pid_t pid; /* 0: none runs */
	int fd; /* its standard output: lines of the nfdump format without a header; whoever reads closes it */
	int complaints; /* its standard error */
};

/*
 * Start it.
 *
 * program    NULL: "nfdump" of the PATH
 * path       the file
 * ret_error  on failure one line: what was expected, what to do
 * returns    0; -ENOENT: there is no such program; else -errno
 */
int nfdump_run_start(struct nfdump_run *run, const char *program, const char *path, char *ret_error,
	size_t error_size);

/*
 * Wait for its end. When whoever reads has closed the pipe early, it ends by that, which is no error.
 *
 * returns  0, or -EIO: it could not read the file; ret_error says so
 */
int nfdump_run_end(struct nfdump_run *run, char *ret_error, size_t error_size);
