/*
 * sandbox_preload.c -- try to leave the sandbox of a real daemon, from inside of it.
 *
 * Loaded with LD_PRELOAD. On SIGRTMAX the process that gets it runs the probes of sandbox_probes.h
 * and writes their lines, then "end", to the descriptor that SANDBOX_FD names. A child that the
 * daemon forks inherits both. The places are read from the environment at start.
 */
#include "tests/support/sandbox_probes.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct sandbox_place place;
static int fd;

static void
attempt(int number)
{
	static const char end[] = "end\n";

	(void)number;
	sandbox_probes_run(fd, &place);
	if (write(fd, end, sizeof(end) - 1) < 0)
		_exit(1);
}

__attribute__((constructor)) static void
prepare(void)
{
	struct sigaction action = { .sa_handler = attempt, .sa_flags = SA_RESTART };
	const char *number = getenv("SANDBOX_FD");

	if (number == NULL)
		return;
	fd = (int)strtol(number, NULL, 10);
	place = sandbox_place_from_environment();
	(void)sigaction(SIGRTMAX, &action, NULL);
}
