#include "exporters/kalipso/country_name.h"

#include <stddef.h>
#include <string.h>

static const struct country {
	char code[3];
	const char *name;
} countries[] = {
#define COUNTRY(code, name) { code, name },
#include "exporters/kalipso/country_names.def"
#undef COUNTRY
};

const char *
country_name(const char *code)
{
	size_t from = 0;
	size_t to = sizeof(countries) / sizeof(countries[0]);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = strcmp(countries[middle].code, code);

		if (order == 0)
			return countries[middle].name;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
