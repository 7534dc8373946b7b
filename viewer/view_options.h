/* view_options.h -- naiad-view's command line, as a value. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>

enum view_action {
	VIEW_TERMINAL,
	VIEW_PRINT, /* one picture, to stdout */
	VIEW_HELP,
	VIEW_VERSION,
};

struct view_options {
	enum view_action action;
	const char *what;  /* a store, a directory of a run, a Redis */
	const char *cache; /* NULL: as source_open() has it */
	const char *send;  /* keys before the picture; "" */
	unsigned rows, columns;
	bool keys_last, ascii, colours;
};

/*
 * Read a command line. Texts are borrowed from `argv`.
 *
 * ret_error  gets one line
 * errors     -EINVAL: exit 2
 */
int view_options_parse(
	int argc, char *argv[], struct view_options *ret_options, struct strbuf *ret_error);

/* What --help prints. */
const char *view_options_usage(void);
