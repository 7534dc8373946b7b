#include "tests/support/failing_alloc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

static _Thread_local struct {
	bool active;
	uint32_t state; /* 0: none fails */
	uint64_t asked;
} now;

uint32_t
failing_alloc_seed(const uint8_t *bytes, size_t len)
{
	uint32_t hash = UINT32_C(2166136261); /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT32_C(16777619);
	return (hash >> 16) % 4 == 0 ? hash | 1 : 0;
}

void
failing_alloc_begin(uint32_t seed)
{
	now.state = seed;
	now.asked = 0;
	now.active = true;
}

uint64_t
failing_alloc_end(void)
{
	now.active = false;
	return now.asked;
}

static bool
fails(void)
{
	if (!now.active)
		return false;
	now.asked++;
	if (now.state == 0)
		return false;
	now.state = now.state * UINT32_C(1664525) + UINT32_C(1013904223);
	if (now.state == 0)
		now.state = 1;
	if ((now.state >> 16) % FAILING_ALLOC_ONE_IN != 0)
		return false;
	errno = ENOMEM;
	return true;
}

/*
 * The linker's names: a call of f() comes to __wrap_f(), and __real_f() is f().
 * NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
 */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *block, size_t size)
{
	return fails() ? NULL : __real_realloc(block, size);
}

char *
__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

void *
__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return fails() ? MAP_FAILED : __real_mmap(at, size, prot, flags, fd, offset);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
