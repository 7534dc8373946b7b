/*
 * browser.c -- tokens of browsers, in the order in which they are to be looked for: each names those that came
 * before it, to be given their pages.
 */
#include "daemon/base/browser.h"

#include <stddef.h>
#include <string.h>

enum { MAJOR_MAX = 9999, TRIDENT_BEHIND = 4 };

static const struct {
	const char *token; /* the version follows */
	enum browser_family family;
	uint32_t
		add; /* Trident/4.0 is the engine of Internet Explorer 8, and so on to 7.0 and 11 */
} tokens[] = {
	{ "Trident/", BROWSER_EXPLORER, TRIDENT_BEHIND },
	{ "MSIE ", BROWSER_EXPLORER, 0 },
	{ "Edg/", BROWSER_EDGE, 0 },
	{ "Edge/", BROWSER_EDGE, 0 },
	{ "Chrome/", BROWSER_CHROME, 0 },
	{ "CriOS/", BROWSER_CHROME, 0 },
	{ "Firefox/", BROWSER_FIREFOX, 0 },
	{ "FxiOS/", BROWSER_FIREFOX, 0 },
	{ "Version/", BROWSER_SAFARI, 0 },
};

bool
browser_parse(const char *text, struct browser *ret_browser)
{
	if (strncmp(text, "Mozilla/", 8) != 0)
		return false;
	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		const char *at = strstr(text, tokens[i].token);
		uint32_t major = 0;

		if (at == NULL)
			continue;
		for (at += strlen(tokens[i].token); *at >= '0' && *at <= '9' && major <= MAJOR_MAX;
			at++)
			major = major * 10 + (uint32_t)(*at - '0');
		if (major == 0 || major > MAJOR_MAX)
			return false;
		*ret_browser = (struct browser){ tokens[i].family, major + tokens[i].add };
		return true;
	}
	return false;
}

const char *
browser_family_name(enum browser_family b)
{
	static const char *const names[] = { "no browser", "Internet Explorer", "Edge", "Chrome",
		"Firefox", "Safari" };

	return names[b];
}

enum system_family
browser_system(const char *text)
{
	/* What the makers' own programs and their libraries write. */
	static const struct {
		const char *token;
		enum system_family family;
	} systems[] = {
		{ "Windows NT", SYSTEM_WINDOWS },
		{ "Microsoft-CryptoAPI/", SYSTEM_WINDOWS },
		{ "Microsoft BITS/", SYSTEM_WINDOWS },
		{ "Windows-Update-Agent", SYSTEM_WINDOWS },
		{ "Macintosh", SYSTEM_APPLE },
		{ "iPhone", SYSTEM_APPLE },
		{ "iPad", SYSTEM_APPLE },
		{ "Darwin/", SYSTEM_APPLE },
		{ "Android", SYSTEM_ANDROID },
	};
	enum system_family found = SYSTEM_UNKNOWN;

	for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++) {
		if (strstr(text, systems[i].token) == NULL)
			continue;
		if (found != SYSTEM_UNKNOWN && found != systems[i].family)
			return SYSTEM_UNKNOWN;
		found = systems[i].family;
	}
	return found;
}

const char *
system_family_name(enum system_family f)
{
	static const char *const names[] = { "an unknown system", "an Apple system", "Windows",
		"Android" };

	return names[f];
}
