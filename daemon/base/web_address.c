#include "daemon/base/web_address.h"

#include "daemon/base/addr.h"
#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum { HOST_SHOWN = 40, PATH_SHOWN = 60, DOTS = 3 };

static_assert(HOST_SHOWN + PATH_SHOWN + 2 * DOTS < WEB_ADDRESS_TEXT_MAX, "harmless text fits");

struct text_view
web_host(const char *host)
{
	if (host[0] == '[')
		return (struct text_view){ host + 1, strcspn(host + 1, "]") };

	size_t length = strcspn(host, ":");
	bool is_bare_v6 = host[length] != '\0' && strchr(host + length + 1, ':') != NULL;
	return (struct text_view){ host, is_bare_v6 ? strlen(host) : length };
}

bool
web_host_is_address(const char *host)
{
	struct text_view view = web_host(host);
	struct addr a;

	return addr_parse_bytes(view.at, view.length, &a);
}

struct text_view
web_path(const char *uri)
{
	const char *scheme_end = uri[0] == '/' ? NULL : strstr(uri, "://");
	const char *path = scheme_end == NULL ? uri : scheme_end + 3;

	if (scheme_end != NULL)
		path += strcspn(path, "/?#");
	return (struct text_view){ path, strcspn(path, "?;#") };
}

bool
web_path_ends_in(const char *uri, const char *const *endings)
{
	struct text_view path = web_path(uri);
	size_t length = 0;

	while (length < path.length && path.at[path.length - length - 1] != '.' &&
		path.at[path.length - length - 1] != '/')
		length++;
	if (length == path.length || path.at[path.length - length - 1] != '.')
		return false;
	const char *ending = path.at + (path.length - length);
	for (; *endings != NULL; endings++)
		if (strlen(*endings) == length && strncasecmp(ending, *endings, length) == 0)
			return true;
	return false;
}

const char *
web_address_text(const char *host, const char *uri, char ret_text[WEB_ADDRESS_TEXT_MAX])
{
	struct strbuf b;

	strbuf_init(&b, ret_text, WEB_ADDRESS_TEXT_MAX);
	if (host != NULL && (uri == NULL || uri[0] == '/'))
		text_safe(&b, host, HOST_SHOWN);
	if (uri != NULL)
		text_safe(&b, uri, PATH_SHOWN);
	return ret_text;
}
