#include "daemon/base/pool.h"

#include "daemon/base/region.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int
pool_init(struct pool *p, size_t item_size, uint32_t capacity)
{
	assert(item_size >= sizeof(uint32_t) && capacity > 0);
	*p = (struct pool){ .item_size = (item_size + 7) & ~(size_t)7, .capacity = capacity };

	p->region = region_reserve(p->item_size * capacity);
	return p->region == NULL ? -ENOMEM : 0;
}

void
pool_done(struct pool *p)
{
	region_release(p->region, p->item_size * p->capacity);
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
