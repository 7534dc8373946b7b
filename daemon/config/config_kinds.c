#include "daemon/config/config_kinds.h"

#include "daemon/evidence/evidence_converge.h"
#include "detectors/detector.h"

#include <string.h>

static bool
is_kind_of(const struct detector *d, const char *name)
{
	for (const struct evidence_kind *const *k = d->kinds; k != NULL && *k != NULL; k++)
		if (strcmp((*k)->name, name) == 0)
			return true;
	return false;
}

bool
config_is_kind(const char *name)
{
	for (size_t i = 0; i < detector_count; i++)
		if (is_kind_of(detectors[i], name))
			return true;
	return strcmp(evidence_converging.name, name) == 0;
}

bool
config_is_detector(const char *name)
{
	for (size_t i = 0; i < detector_count; i++)
		if (strcmp(detectors[i]->name, name) == 0)
			return true;
	return config_is_kind(name);
}
