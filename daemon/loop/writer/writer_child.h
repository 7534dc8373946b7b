/* writer_child.h -- the writing process itself; see writer.h. */
#pragma once

struct writer_plan;

/*
 * Open the outlets, say so, and write what comes until the other end closes.
 *
 * fd       this end of the socket pair; closed at the end
 * returns  the process's exit code: 0, or 1 when something that was accepted could not be written
 */
int writer_child_run(int fd, const struct writer_plan *plan);
