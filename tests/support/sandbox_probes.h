/*
 * sandbox_probes.h -- what a taken-over process would try, tried from inside of one of ours.
 *
 * Each probe asks the kernel for one thing with arguments that do no harm where it is granted.
 */
#pragma once

#include <stddef.h>

/* Where to try. Paths, borrowed; NULL: that is not tried. */
struct sandbox_place {
	const char *read;  /* a file in a path that the process may read */
	const char *write; /* a directory that the writer may write to */
	const char *other; /* a directory that any user may write to, with a file "victim" in it */
};

/* From SANDBOX_READ, SANDBOX_WRITE and SANDBOX_OTHER of the environment. */
struct sandbox_place sandbox_place_from_environment(void);

/*
 * Try everything, and write a line for each to `fd`: "NAME allowed", "NAME refused" (EPERM, EACCES
 * or ENOSYS), or "NAME reached (...)" with another error: the kernel would have done it.
 * Allocates nothing itself, so that it can run in a signal handler.
 */
void sandbox_probes_run(int fd, const struct sandbox_place *place);

/* The line of a probe of the caller's own; `result` is 0 or -errno. */
void sandbox_probe_tell(int fd, const char *name, int result);
