#include "daemon/base/region.h"

#include <sys/mman.h>

enum { LARGE_PAGES_FROM = 4 * 1024 * 1024 };

void *
region_reserve(size_t bytes)
{
	void *region = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (region == MAP_FAILED)
		return NULL;
	if (bytes >= LARGE_PAGES_FROM)
		(void)madvise(region, bytes, MADV_HUGEPAGE);
	return region;
}

void
region_release(void *region, size_t bytes)
{
	if (region != NULL)
		(void)munmap(region, bytes);
}
