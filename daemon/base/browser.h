/* browser.h -- which browser a user agent says it is, and on whose system. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum browser_family {
	BROWSER_NONE,
	BROWSER_EXPLORER,
	BROWSER_EDGE,
	BROWSER_CHROME,
	BROWSER_FIREFOX,
	BROWSER_SAFARI,
};

struct browser {
	enum browser_family family;
	uint32_t
		major; /* of its version; Internet Explorer: of its engine, whatever it pretends to be for old pages */
};

/* returns false when it is no browser of these, or tells no version */
bool browser_parse(const char *text, struct browser *ret_browser);

/* Whose system it is. Others' are not told apart: Linux is on anybody's hardware. */
enum system_family {
	SYSTEM_UNKNOWN,
	SYSTEM_APPLE,
	SYSTEM_WINDOWS,
	SYSTEM_ANDROID,
};

/* Of any user agent, be it a browser's or not; SYSTEM_UNKNOWN also when it names more than one. */
enum system_family browser_system(const char *text);

/* "an Apple system", "Windows", ... */
const char *system_family_name(enum system_family f);

/* "Internet Explorer", "Edge", ... */
const char *browser_family_name(enum browser_family b);
