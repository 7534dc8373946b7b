#include "daemon/loop/input_where.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/loop/listen_address.h"

#include <errno.h>
#include <string.h>

enum { QUOTED_MAX = 120 };

static const struct {
	const char *text;
	enum input_place place;
} prefixes[] = {
	{ "unix:", INPUT_PLACE_STREAM },
	{ "unix_dgram:", INPUT_PLACE_DATAGRAM },
	{ "udp:", INPUT_PLACE_UDP },
};

/* A prefix is taken off; what has none is a path. */
static void
place_of(const char *text, struct input_where *w)
{
	*w = (struct input_where){ .place = INPUT_PLACE_FILES, .path = text };
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(text, prefixes[i].text, strlen(prefixes[i].text)) == 0)
			*w = (struct input_where){
				.place = prefixes[i].place,
				.path = text + strlen(prefixes[i].text),
			};
}

/* returns NULL, or why this type does not come from there */
static const char *
refusal_of_place(uint32_t type, const struct input_where *w)
{
	bool is_packets = type == LIVE_INPUT_NETFLOW || type == LIVE_INPUT_SFLOW;
	bool is_socket = w->place == INPUT_PLACE_STREAM || w->place == INPUT_PLACE_DATAGRAM;

	if (is_packets != (w->place == INPUT_PLACE_UDP))
		return is_packets ? "routers export over UDP, write udp:ADDRESS:PORT"
				  : "only netflow and sflow come over UDP";
	if (type == LIVE_INPUT_ZEEK && is_socket)
		return "Zeek writes files, name its directory";
	return NULL;
}

/* returns NULL, or what it should be */
static const char *
refusal_of_path(struct input_where *w)
{
	if (w->place == INPUT_PLACE_UDP) {
		if (listen_address_parse(w->path, &w->addr, &w->port))
			return NULL;
		return "no address to listen on; write udp:ADDRESS:PORT or udp:[ADDRESS]:PORT, in numbers";
	}
	return w->path[0] == '/' ? NULL : "a path begins with /";
}

int
input_where_parse(const struct live_input_settings *s, struct input_where *ret_where,
	char *ret_error, size_t error_size)
{
	struct strbuf error;
	const char *why = "an input needs a path";

	place_of(s->path == NULL ? "" : s->path, ret_where);
	if (s->path != NULL)
		why = refusal_of_place(s->type, ret_where);
	if (why == NULL)
		why = refusal_of_path(ret_where);
	if (why == NULL)
		return 0;
	strbuf_init(&error, ret_error, error_size);
	strbuf_printf(&error, "inputs: %s", input_type_name(s->type));
	if (s->path != NULL) {
		strbuf_char(&error, ' ');
		log_quote(&error, s->path, strlen(s->path), QUOTED_MAX);
	}
	strbuf_printf(&error, ": %s", why);
	return -EINVAL;
}

const char *
input_type_name(uint32_t type)
{
	static const char *const names[LIVE_INPUT_COUNT] = {
		[LIVE_INPUT_ZEEK] = "zeek",
		[LIVE_INPUT_EVE] = "eve",
		[LIVE_INPUT_NETFLOW] = "netflow",
		[LIVE_INPUT_SFLOW] = "sflow",
	};

	return type < LIVE_INPUT_COUNT ? names[type] : "";
}
