/* sensor.h -- what a running sensor says to one command. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"

/*
 * Ask it. What goes wrong is said.
 *
 * args     of the request, borrowed; NULL: none
 * ret      the data of its answer, to be given to json_decref(); NULL when it failed
 */
enum exit_code sensor_ask(const char *socket, const char *command, json_t *args, json_t **ret);

/* The same, and what goes wrong is for the caller to tell: one line. */
enum exit_code sensor_try(const char *socket, const char *command, json_t *args, json_t **ret,
	char *ret_error, size_t error_size);
