/* whole_file.h -- a file that is read at once, at start: the lists that a run is given. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/*
 * Read all of a regular file.
 *
 * most       bytes; a larger file is not read
 * ret_bytes  what free() takes; NULL when nothing was read
 * returns    how many bytes there are, or -errno: -EFBIG above `most`, -EINVAL for what is no regular file
 */
ssize_t whole_file_read(const char *path, size_t most, char **ret_bytes);
