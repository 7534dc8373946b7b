/*
 * measure.c -- what a command costs: wall and CPU time, and the most memory it held.
 *
 * The kernel's own account of the child (wait4), so nothing of a shell or of this program is in it.
 * The command's output goes nowhere: a terminal would be measured too. With --own the wall time is less what the command
 * was ready and had no processor.
 */
#include "tests/support/stopwatch.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CANNOT_RUN = 127 };

static uint64_t
timeval_us(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static uint64_t
wall_us(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Of a child that has ended, and was not asked yet how. */
static uint64_t
waited_us(pid_t child)
{
	siginfo_t how;
	char path[64];

	if (waitid(P_PID, (id_t)child, &how, WEXITED | WNOWAIT) != 0)
		return 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/schedstat", child);
	return stopwatch_waited_ns(path) / 1000;
}

/* In the child. Does not return. */
static void
run(char **command)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere >= 0) {
		(void)dup2(nowhere, STDIN_FILENO);
		(void)dup2(nowhere, STDOUT_FILENO);
		(void)dup2(nowhere, STDERR_FILENO);
	}
	(void)execvp(command[0], command);
	_exit(CANNOT_RUN);
}

int
main(int argc, char **argv)
{
	const int own = argc > 1 && strcmp(argv[1], "--own") == 0;
	struct rusage used = { 0 };
	int status = 0;

	if (argc < 2 + own) {
		(void)fprintf(stderr, "usage: measure [--own] COMMAND [ARGUMENT...]\n"
				      "prints: wall_us cpu_us peak_rss_kib exit_status\n");
		return 2;
	}
	uint64_t start_us = wall_us();
	pid_t child = fork();
	if (child < 0) {
		perror("measure: fork");
		return EXIT_FAILURE;
	}
	if (child == 0)
		run(argv + 1 + own);
	uint64_t theirs_us = own ? waited_us(child) : 0;
	if (wait4(child, &status, 0, &used) != child) {
		perror("measure: wait4");
		return EXIT_FAILURE;
	}
	uint64_t took_us = wall_us() - start_us;
	took_us = took_us > theirs_us ? took_us - theirs_us : 0;
	uint64_t cpu_us = timeval_us(used.ru_utime) + timeval_us(used.ru_stime);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	(void)printf("%llu %llu %ld %d\n", (unsigned long long)took_us, (unsigned long long)cpu_us,
		used.ru_maxrss, code);
	return EXIT_SUCCESS;
}
