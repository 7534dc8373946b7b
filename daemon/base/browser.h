/* browser.h -- which browser a user agent says it is. */
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

/* "Internet Explorer", "Edge", ... */
const char *browser_family_name(enum browser_family b);
