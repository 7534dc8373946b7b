#include "daemon/base/country_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct country {
	char code[3];
	const char *name;
} countries[] = {
#define COUNTRY(code, name) { code, name },
#include "daemon/base/country_names.def"
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

/* Short names of MaxMind's that are not how ISO's begin. */
static const struct country other_names[] = {
	{ "BN", "Brunei" },
	{ "CD", "DR Congo" },
	{ "CG", "Congo Republic" },
	{ "CI", "Ivory Coast" },
	{ "CV", "Cape Verde" },
	{ "CZ", "Czech Republic" },
	{ "KP", "North Korea" },
	{ "KR", "South Korea" },
	{ "LA", "Laos" },
	{ "NL", "The Netherlands" },
	{ "RU", "Russia" },
	{ "SY", "Syria" },
	{ "TR", "Türkiye" },
	{ "VN", "Vietnam" },
};

/* ISO's names begin with what one looks for: "Iran, Islamic Republic of". `end`: what follows it */
static bool
is_called(const struct country *c, const char *name, char end)
{
	size_t length = strlen(name);

	return length > 0 && strncmp(c->name, name, length) == 0 && c->name[length] == end;
}

const char *
country_code(const char *name)
{
	for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]); i++)
		if (strcmp(other_names[i].name, name) == 0)
			return other_names[i].code;
	for (const char *end = (const char[]){ '\0', ',', '.' }; *end != '.'; end++)
		for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
			if (is_called(&countries[i], name, *end))
				return countries[i].code;
	return NULL;
}
