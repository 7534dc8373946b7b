/* arguments.h -- naiadctl's command line, as a value. */
#pragma once

#include "ctl/commands.h"

#include "daemon/base/addr.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct strbuf;

enum arguments_action {
	ARGUMENTS_ASK,
	ARGUMENTS_HELP,
	ARGUMENTS_VERSION,
	ARGUMENTS_COMPLETION,
};

struct arguments {
	enum arguments_action action;
	const char *socket;  /* never NULL */
	const char *dir;     /* NULL: not a run that was, but the sensor */
	bool json;           /* the data as they are */
	const char *command; /* one of those that there are */
	const struct command *what;
	const char *values[COMMAND_OPTIONS]; /* as they were given; NULL: not */
	struct cidr host;                    /* with --host only */
	uint64_t limit;
	uint64_t since_ns; /* how long ago, of those that are not asked of the sensor */
	int64_t window;
	const char *const *words; /* after the command */
	size_t word_count;
	json_t *args; /* what is sent with it; for arguments_done() */
};

/*
 * Read a command line. Options may stand before and after the command.
 *
 * ret_error  gets one line
 * errors     -EINVAL: exit 2
 */
int arguments_parse(
	int argc, char *argv[], struct arguments *ret_arguments, struct strbuf *ret_error);
void arguments_done(struct arguments *a);
