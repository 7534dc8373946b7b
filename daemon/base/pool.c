#include "daemon/base/pool.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_FROM_BYTES = 64 * 1024 * 1024 };

int
pool_init(struct pool *p, size_t item_size, uint32_t capacity)
{
	assert(item_size >= sizeof(uint32_t) && capacity > 0);
	*p = (struct pool){ .item_size = (item_size + 7) & ~(size_t)7, .capacity = capacity };

	size_t bytes = p->item_size * capacity;
	void *region = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (region == MAP_FAILED)
		return -ENOMEM;
	/* Random access over hundreds of MiB misses the TLB at every item; large pages halve that. */
	if (bytes >= HUGE_FROM_BYTES)
		(void)madvise(region, bytes, MADV_HUGEPAGE);
	p->region = region;
	return 0;
}

void
pool_done(struct pool *p)
{
	if (p->region != NULL)
		(void)munmap(p->region, p->item_size * p->capacity);
	*p = (struct pool){ 0 };
}

void *
pool_take(struct pool *p)
{
	uint8_t *item;

	if (p->free_head != 0) {
		item = pool_at(p, p->free_head - 1);
		memcpy(&p->free_head, item, sizeof(p->free_head));
		memset(item, 0, p->item_size);
	} else if (p->touched < p->capacity) {
		item = pool_at(p, p->touched++); /* fresh from the kernel: already zero */
	} else {
		return NULL;
	}
	p->used++;
	return item;
}

void
pool_give(struct pool *p, void *item)
{
	assert(p->used > 0);
	memcpy(item, &p->free_head, sizeof(p->free_head));
	p->free_head = pool_index(p, item) + 1;
	p->used--;
}
