#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): pipe2() */
#include "ctl/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool
is_program(const char *directory, const char *below, char ret_path[PROGRAM_PATH_MAX])
{
	int length = snprintf(ret_path, PROGRAM_PATH_MAX, "%s/%s", directory, below);

	return length > 0 && length < PROGRAM_PATH_MAX && access(ret_path, X_OK) == 0;
}

bool
program_find(char ret_path[PROGRAM_PATH_MAX])
{
	char own[PROGRAM_PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
	static const char *const elsewhere[] = { "/usr/sbin", "/usr/local/sbin", "/usr/bin" };

	own[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(own, '/');
	if (slash != NULL) {
		*slash = '\0';
		if (is_program(own, "naiad", ret_path) ||
			is_program(own, "../sbin/naiad", ret_path))
			return true;
	}
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (is_program(elsewhere[i], "naiad", ret_path))
			return true;
	return false;
}

static int
spawn(const char *path, const char *const *words, bool both, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	char *argv[PROGRAM_WORDS_MAX + 2] = { NULL };
	size_t count = 0;

	/* Whoever wrote execve() down left the const out: nothing is written there. */
	memcpy(&argv[0], &path, sizeof(path));
	for (; words[count] != NULL && count < PROGRAM_WORDS_MAX; count++)
		memcpy(&argv[count + 1], &words[count], sizeof(words[count]));
	if (posix_spawn_file_actions_init(&actions) != 0)
		return -ENOMEM;
	int r = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (r == 0 && both)
		r = posix_spawn_file_actions_adddup2(&actions, out, 2);
	if (r == 0)
		r = posix_spawn(ret_pid, path, &actions, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return -r;
}

static int64_t
seconds_now(void)
{
	struct timespec t = { .tv_sec = 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Read to the end. returns 0, or -ETIMEDOUT */
static int
output_read(int fd, char *output, size_t size)
{
	char beyond[4096];
	size_t length = 0;
	int64_t until = seconds_now() + PROGRAM_PATIENCE_S;

	output[0] = '\0';
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = until - seconds_now();

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&p, 1, (int)left * 1000) <= 0)
			continue;
		bool room = length + 1 < size;
		ssize_t n = room ? read(fd, output + length, size - 1 - length)
				 : read(fd, beyond, sizeof(beyond));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 0;
		length += room ? (size_t)n : 0;
		output[length] = '\0';
	}
}

int
program_run(const char *path, const char *const *words, bool both, char *ret_output, size_t size)
{
	int ends[2];
	pid_t child = 0;
	int status = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	int r = spawn(path, words, both, ends[1], &child);
	(void)close(ends[1]);
	if (r == 0) {
		r = output_read(ends[0], ret_output, size);
		if (r < 0)
			(void)kill(child, SIGKILL);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	}
	(void)close(ends[0]);
	if (r < 0)
		return r;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
