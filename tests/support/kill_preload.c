/*
 * kill_preload.c -- a program is killed in the middle of the n-th write into its files.
 *
 * Loaded with LD_PRELOAD below a program without sanitizers, its libraries included. KILL_IN is a piece of the path
 * of the files that count, KILL_AT is n, from 1: half of that write is done, then comes SIGKILL. Without it nothing
 * happens. KILL_COUNT names a file that gets, at the end, how many writes there were.
 *
 * The monotonic clock stands, so that what is written by the clock is not written, and n is the same write in every run.
 *
 * What a kill leaves behind is what had been written by then: all moments are between two writes or within one.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static atomic_ulong done;
static unsigned long kill_at;
static const char *kill_in;

__attribute__((constructor)) static void
prepare(void)
{
	const char *at = getenv("KILL_AT");

	if (at != NULL)
		kill_at = strtoul(at, NULL, 10);
	kill_in = getenv("KILL_IN");
}

__attribute__((destructor)) static void
tell(void)
{
	const char *path = getenv("KILL_COUNT");
	char text[32];
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	int n = snprintf(text, sizeof(text), "%lu\n", atomic_load(&done));
	(void)syscall(SYS_write, fd, text, (size_t)n);
	(void)close(fd);
}

static bool
counts(int fd)
{
	char link[64];
	char path[PATH_BYTES];

	if (kill_in == NULL)
		return false;
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return false;
	path[length] = '\0';
	return strstr(path, kill_in) != NULL;
}

/* Is this the one that is not survived? */
static bool
is_last(int fd)
{
	return counts(fd) && atomic_fetch_add(&done, 1) + 1 == kill_at;
}

static void
die(void)
{
	(void)kill(getpid(), SIGKILL);
}

/* These are libc's. NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
ssize_t
write(int fd, const void *bytes, size_t length)
{
	if (!is_last(fd))
		return syscall(SYS_write, fd, bytes, length);
	(void)syscall(SYS_write, fd, bytes, length / 2);
	die();
	return -1;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	if (!is_last(fd))
		return syscall(SYS_pwrite64, fd, bytes, length, offset);
	(void)syscall(SYS_pwrite64, fd, bytes, length / 2, offset);
	die();
	return -1;
}

int
clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (clock != CLOCK_MONOTONIC)
		return (int)syscall(SYS_clock_gettime, clock, ret);
	*ret = (struct timespec){ .tv_sec = 1 };
	return 0;
}

int
ftruncate64(int fd, off64_t length)
{
	if (is_last(fd))
		die();
	return (int)syscall(SYS_ftruncate, fd, length);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
