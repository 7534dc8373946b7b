#include "daemon/knowledge/listed.h"

#include "daemon/base/domain.h"

#define NAME(text)     text,
#define BYTES(group)   (uint8_t)((group) >> 8), (uint8_t)((group)&0xff)
#define V4(a, b, c, d) { .byte = { [10] = 0xff, 0xff, a, b, c, d } },
#define V6(a, b, c, d, e, f, g, h)                                                        \
	{ .byte = { BYTES(a), BYTES(b), BYTES(c), BYTES(d), BYTES(e), BYTES(f), BYTES(g), \
		  BYTES(h) } },

static const char *const doh_names[] = {
#include "daemon/lists/doh_names.def"
};
static const struct addr doh_addresses[] = {
#include "daemon/lists/doh_addresses.def"
};
static const char *const dynamic_dns[] = {
#include "daemon/lists/dynamic_dns.def"
};
static const char *const paste[] = {
#include "daemon/lists/paste.def"
};
static const char *const sinkhole_names[] = {
#include "daemon/lists/sinkhole_names.def"
};
static const struct addr sinkhole_addresses[] = {
#include "daemon/lists/sinkhole_addresses.def"
};

#define NAMES(rows)     .names = (rows), .name_count = sizeof(rows) / sizeof((rows)[0])
#define ADDRESSES(rows) .addresses = (rows), .address_count = sizeof(rows) / sizeof((rows)[0])

static const struct list {
	const char *const *names;
	size_t name_count;
	const struct addr *addresses; /* some dozens: read from the first to the last */
	size_t address_count;
} lists[LIST_CATEGORY_COUNT] = {
	[LIST_DOH] = { NAMES(doh_names), ADDRESSES(doh_addresses) },
	[LIST_DYNAMIC_DNS] = { NAMES(dynamic_dns) },
	[LIST_PASTE] = { NAMES(paste) },
	[LIST_SINKHOLE] = { NAMES(sinkhole_names), ADDRESSES(sinkhole_addresses) },
};

bool
listed_name(enum list_category c, const char *name)
{
	const struct list *l = &lists[c];

	return domain_find(l->names, l->name_count, name) < l->name_count;
}

bool
listed_addr(enum list_category c, const struct addr *a)
{
	const struct list *l = &lists[c];

	for (size_t i = 0; i < l->address_count; i++)
		if (addr_equal(&l->addresses[i], a))
			return true;
	return false;
}
