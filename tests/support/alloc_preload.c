/*
 * alloc_preload.c -- the n-th allocation of a program fails, whoever asks for it.
 *
 * Loaded with LD_PRELOAD below a program without sanitizers, its libraries included. ALLOC_FAIL_AT is
 * n, from 1; without it none fails. ALLOC_COUNT names a file that gets, at the end, how many there
 * were. Memory that is mapped counts as allocated.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc's own, below the names that are taken here. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t align, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static atomic_ulong asked;
static unsigned long fail_at;

/* Before any library's own: the first allocations are made while they are set up. */
__attribute__((constructor(101))) static void
prepare(void)
{
	const char *at = getenv("ALLOC_FAIL_AT");

	if (at != NULL)
		fail_at = strtoul(at, NULL, 10);
}

__attribute__((destructor)) static void
tell(void)
{
	const char *path = getenv("ALLOC_COUNT");
	char text[32];
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	int n = snprintf(text, sizeof(text), "%lu\n", atomic_load(&asked));
	(void)!write(fd, text, (size_t)n);
	(void)close(fd);
}

static bool
fails(void)
{
	if (atomic_fetch_add(&asked, 1) + 1 != fail_at)
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}

int
posix_memalign(void **ret_block, size_t align, size_t size)
{
	void *block = fails() ? NULL : __libc_memalign(align, size);

	if (block == NULL)
		return ENOMEM;
	*ret_block = block;
	return 0;
}

void *
mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	if (fails())
		return MAP_FAILED;
	long got = syscall(SYS_mmap, at, size, prot, flags, fd, offset);
	return got == -1 ? MAP_FAILED : (void *)got;
}
