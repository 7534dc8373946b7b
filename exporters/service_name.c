#include "exporters/service_name.h"

#include <stdbool.h>
#include <string.h>

static bool
has_name(const char *services, const char *name)
{
	size_t length = strlen(name);

	for (;;) {
		size_t some = strcspn(services, ",");
		if (some == length && memcmp(services, name, length) == 0)
			return true;
		if (services[some] == '\0')
			return false;
		services += some + 1;
	}
}

const char *
service_name(const char *services)
{
	static const char *const carriers[] = { "smb", "dce_rpc" };
	const char *last = strrchr(services, ',');

	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (has_name(services, carriers[i]))
			return carriers[i];
	return last == NULL ? services : last + 1;
}
