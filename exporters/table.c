/* table.c -- the exporters and encodings. Edit exporters.def and encodings.def, not this file. */
#include "exporters/exporter.h"

#include <string.h>

#define EXPORTER(name) extern const struct exporter exporter_##name;
#include "exporters_list.h"
#undef EXPORTER
#define ENCODING(name) extern const struct encoding encoding_##name;
#include "encodings_list.h"
#undef ENCODING

#define EXPORTER(name) &exporter_##name,
const struct exporter *const exporters[] = {
#include "exporters_list.h"
};
#undef EXPORTER

#define ENCODING(name) &encoding_##name,
const struct encoding *const encodings[] = {
#include "encodings_list.h"
};
#undef ENCODING

const size_t exporter_count = sizeof(exporters) / sizeof(exporters[0]);
const size_t encoding_count = sizeof(encodings) / sizeof(encodings[0]);

const struct encoding *
encoding_find(const char *name)
{
	for (size_t i = 0; i < encoding_count; i++)
		if (strcmp(encodings[i]->name, name) == 0)
			return encodings[i];
	return NULL;
}
