/* config_file.h -- settings from a file: reads it whole, within bounds. */
#pragma once

#include "daemon/config_item.h"

#include <stddef.h>

struct arena;
struct config_report;

enum { CONFIG_FILE_MAX = 1024 * 1024 }; /* bytes of a settings file */

/*
 * Fill a struct from a file of at most CONFIG_FILE_MAX bytes, as config_yaml_parse() does.
 *
 * path    of a file or a pipe
 * errors  -EINVAL, -EFBIG, -ENOMEM, or of open() and read(); all are told to `report`
 */
int config_file_load(const char *path, const struct config_item *rows, void *section,
	struct arena *arena, struct config_report *report);

/*
 * Read a file of at most CONFIG_FILE_MAX bytes.
 *
 * ret_text  written on success, to be freed by the caller; no NUL ends it
 * errors    -EFBIG, -ENOMEM, or of open() and read(); all are told to `report`
 */
int config_file_read(
	const char *path, struct config_report *report, char **ret_text, size_t *ret_length);
