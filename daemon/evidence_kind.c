#include "daemon/evidence_kind.h"

#include <assert.h>
#include <string.h>

struct level {
	const char *name;
	double value;
};

/* detections §0.3; a sum of these, each times its confidence, is what an alert is made of */
static const struct level levels[THREAT_COUNT] = {
	[THREAT_INFO] = { "info", 0 },
	[THREAT_LOW] = { "low", 0.2 },
	[THREAT_MEDIUM] = { "medium", 0.5 },
	[THREAT_HIGH] = { "high", 0.8 },
	[THREAT_CRITICAL] = { "critical", 1 },
};

const char *
threat_name(enum threat t)
{
	assert((unsigned)t < THREAT_COUNT);
	return levels[t].name;
}

double
threat_value(enum threat t)
{
	assert((unsigned)t < THREAT_COUNT);
	return levels[t].value;
}

bool
threat_parse(const char *name, enum threat *ret_threat)
{
	for (unsigned i = 0; i < THREAT_COUNT; i++)
		if (strcmp(levels[i].name, name) == 0) {
			*ret_threat = (enum threat)i;
			return true;
		}
	return false;
}
