/*
 * child_rig.h -- a test of what cannot be undone: it runs in a child process, and the child is judged.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: says what is not so, and ends it. */
#define CHILD_CHECK(condition)                                                                  \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			(void)fprintf(                                                          \
				stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			_exit(1);                                                               \
		}                                                                               \
	} while (0)

/* returns whether `act` came to its end in a child of its own, with every check held */
static inline bool
child_holds(void (*act)(void *context), void *context)
{
	int status = -1;

	(void)fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		act(context);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}
