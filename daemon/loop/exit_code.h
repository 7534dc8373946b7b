/* exit_code.h -- what the process ends with: part of the command line's contract. */
#pragma once

enum exit_code {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2, /* the command line, or the settings */
	EXIT_NO_PERMISSION = 3,
	EXIT_INPUT = 4,  /* not there, unreadable, or nothing we read */
	EXIT_ALERT = 10, /* --fail-on: an alert with evidence of that level */
};
