#include "daemon/knowledge/organisation.h"

#include "daemon/base/domain.h"

#include <stddef.h>
#include <strings.h>

static const char *const words[ORGANISATION_COUNT] = {
	[ORGANISATION_APPLE] = "apple",
	[ORGANISATION_FACEBOOK] = "facebook",
	[ORGANISATION_GOOGLE] = "google",
	[ORGANISATION_MICROSOFT] = "microsoft",
	[ORGANISATION_TWITTER] = "twitter",
};

/* The domains alone, as domain_find() takes them; row by row whose they are. */
static const char *const domains[] = {
#define DOMAIN(owner, text) text,
#include "daemon/lists/organisation_domains.def"
#undef DOMAIN
};
static const enum organisation domain_owners[] = {
#define DOMAIN(owner, text) ORGANISATION_##owner,
#include "daemon/lists/organisation_domains.def"
#undef DOMAIN
};

static const struct {
	uint32_t number;
	enum organisation owner;
} systems[] = {
#define ASN(owner, number) { number, ORGANISATION_##owner },
#include "daemon/lists/organisation_systems.def"
#undef ASN
};

static const struct {
	const char *text;
	enum organisation owner;
} titles[] = {
#define TITLE(owner, text) { text, ORGANISATION_##owner },
#include "daemon/lists/organisation_titles.def"
#undef TITLE
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

const char *
organisation_word(enum organisation o)
{
	return words[o];
}

enum organisation
organisation_of_word(const char *word)
{
	enum organisation o = ORGANISATION_COUNT - 1;

	while (o != ORGANISATION_NONE && strcasecmp(words[o], word) != 0)
		o--;
	return o;
}

enum organisation
organisation_of_domain(const char *name)
{
	size_t row = domain_find(domains, COUNT(domains), name);

	return row < COUNT(domains) ? domain_owners[row] : ORGANISATION_NONE;
}

enum organisation
organisation_of_asn(uint32_t asn)
{
	for (size_t i = 0; i < COUNT(systems); i++)
		if (systems[i].number == asn)
			return systems[i].owner;
	return ORGANISATION_NONE;
}

enum organisation
organisation_of_title(const char *title)
{
	for (size_t i = 0; i < COUNT(titles); i++)
		if (strcasecmp(titles[i].text, title) == 0)
			return titles[i].owner;
	return ORGANISATION_NONE;
}
