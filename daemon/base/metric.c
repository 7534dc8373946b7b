#include "daemon/base/metric.h"

#include <string.h>

void
metric_walk(const struct metric *rows, const void *owner,
	void (*each)(void *context, const struct metric *row, uint64_t value), void *context)
{
	for (const struct metric *row = rows; row->name != NULL; row++) {
		uint64_t value;
		memcpy(&value, (const char *)owner + row->offset, sizeof(value));
		each(context, row, value);
	}
}
