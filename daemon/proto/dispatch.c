#include "daemon/proto/dispatch.h"

#include "daemon/proto/proto.h"

static void
put_ranges(struct dispatch *d, const struct byte_range *ranges, uint64_t bit)
{
	static const struct byte_range all[] = { { 0, UINT8_MAX }, { 1, 0 } };

	for (const struct byte_range *r = ranges != NULL ? ranges : all; r->first <= r->last; r++)
		for (unsigned byte = r->first; byte <= r->last; byte++)
			d->by_first_byte[byte] |= bit;
}

void
dispatch_init(struct dispatch *ret, uint64_t read)
{
	*ret = (struct dispatch){ 0 };
	for (size_t i = 0; i < protocol_count; i++) {
		uint64_t bit = UINT64_C(1) << i;
		if (protocols[i]->looks_like == NULL)
			continue;
		ret->by_ip_proto[protocols[i]->ip_proto] |= read & bit;
		put_ranges(ret, protocols[i]->begins, bit);
	}
}
