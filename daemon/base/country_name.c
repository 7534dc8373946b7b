#include "daemon/base/country_name.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct country {
	char code[3];
	const char *name;
} countries[] = {
#define COUNTRY(code, name) { code, name },
#include "daemon/base/country_names.def"
#undef COUNTRY
};

static int
compare(const void *code, const void *country)
{
	return strcmp(code, ((const struct country *)country)->code);
}

const char *
country_name(const char *code)
{
	const struct country *found = bsearch(code, countries,
		sizeof(countries) / sizeof(countries[0]), sizeof(countries[0]), compare);

	return found == NULL ? NULL : found->name;
}

/* Names of ISO's and MaxMind's that are not how Kalipso's begin. */
static const struct country other_names[] = {
	{ "AD", "Andorra" },
	{ "BN", "Brunei" },
	{ "CD", "Congo, Democratic Republic of the" },
	{ "CD", "DR Congo" },
	{ "CG", "Congo Republic" },
	{ "CI", "Côte d'Ivoire" },
	{ "CI", "Ivory Coast" },
	{ "CV", "Cabo Verde" },
	{ "CZ", "Czech Republic" },
	{ "KP", "North Korea" },
	{ "KR", "South Korea" },
	{ "LA", "Laos" },
	{ "LY", "Libya" },
	{ "MK", "North Macedonia" },
	{ "NL", "The Netherlands" },
	{ "PS", "Palestine" },
	{ "PS", "Palestine, State of" },
	{ "RE", "Réunion" },
	{ "RU", "Russia" },
	{ "RW", "Rwanda" },
	{ "SY", "Syria" },
	{ "SZ", "Eswatini" },
	{ "TR", "Türkiye" },
	{ "VN", "Vietnam" },
};

/* A name that begins with what one looks for: "Iran, Islamic Republic Of". `end`: what follows it */
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
