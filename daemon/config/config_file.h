/* config_file.h -- the text of a settings file, read whole and within bounds. */
#pragma once

#include <sys/types.h>

struct config_report;

enum { CONFIG_FILE_MAX = 1024 * 1024 }; /* bytes of a settings file */

/*
 * Read a file of at most CONFIG_FILE_MAX bytes.
 *
 * path      of a file or a pipe
 * ret_text  what is in it, to be freed by the caller; not terminated
 * returns   its length; -EFBIG, -ENOMEM, or of open() and read(), told to `report`
 */
ssize_t config_file_read(const char *path, struct config_report *report, char **ret_text);
