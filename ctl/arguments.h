/* arguments.h -- naiadctl's command line, as a value. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

struct strbuf;

enum arguments_action {
	ARGUMENTS_ASK,
	ARGUMENTS_HELP,
	ARGUMENTS_VERSION,
};

struct arguments {
	enum arguments_action action;
	const char *socket;  /* never NULL */
	bool json;           /* the data as they are */
	const char *command; /* one of those that there are */
	json_t *args;        /* what goes with it; for arguments_done() */
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

/* What --help prints. */
const char *arguments_usage(void);
