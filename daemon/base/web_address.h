/* web_address.h -- where a request of the web goes: the parts of its Host and of its URI. Both are any text. */
#pragma once

#include "daemon/base/text_view.h"

#include <stdbool.h>
#include <stddef.h>

/* The host of a Host header, without port and brackets. */
struct text_view web_host(const char *host);
/* Is it an address instead of a name? */
bool web_host_is_address(const char *host);

/* The path of a URI, be it whole ("http://a/b") or only its end ("/b"): without what follows '?', ';' or '#'. */
struct text_view web_path(const char *uri);
/*
 * Does the last part of the path end in a dot and one of these? Case does not matter.
 *
 * endings  NULL at the end
 */
bool web_path_ends_in(const char *uri, const char *const *endings);

enum { WEB_ADDRESS_TEXT_MAX = 112 };

/*
 * Write down what was asked for, fit for a sentence: "example.com/index.php". The end of what is long is left out.
 *
 * host, uri  may be NULL
 * returns    ret_text
 */
const char *web_address_text(
	const char *host, const char *uri, char ret_text[WEB_ADDRESS_TEXT_MAX]);
