#include "ctl/duration.h"

#include "daemon/base/number_text.h"
#include "daemon/base/time_text.h"

#include <string.h>

#define LONGEST_S (UINT64_C(100) * 366 * 24 * 3600)

bool
duration_parse(const char *text, uint64_t *ret_ns)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	size_t length = strlen(text);
	uint64_t count = 0;

	if (length < 2 || number_text_count(text, length - 1, &count) < 0)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == text[length - 1] && count <= LONGEST_S / units[i].seconds) {
			*ret_ns = count * units[i].seconds * NS_PER_S;
			return true;
		}
	return false;
}
