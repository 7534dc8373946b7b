/*
 * input_where.h -- the path of one of the `inputs`, as a setting names it.
 *
 * "/var/log/zeek/current", "unix:/run/naiad-eve/eve.sock", "unix_dgram:/run/naiad-eve/eve.sock" or
 * "udp:0.0.0.0:2055". Numbers only: no name is ever looked up.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/settings/shell_settings.h"

#include <stddef.h>
#include <stdint.h>

enum input_place {
	INPUT_PLACE_FILES,  /* a directory or a file, followed */
	INPUT_PLACE_STREAM, /* Unix sockets, which others connect to */
	INPUT_PLACE_DATAGRAM,
	INPUT_PLACE_UDP,
};

struct input_where {
	enum input_place place;
	const char *path; /* in the setting's text, without its prefix; of UDP the address */
	struct addr addr; /* of UDP */
	uint16_t port;
};

/*
 * Read where an input comes from, and see that its type comes from such a place.
 *
 * ret_error  one line: what is wrong and what would do
 * returns    0 or -EINVAL
 */
int input_where_parse(const struct live_input_settings *s, struct input_where *ret_where,
	char *ret_error, size_t error_size);

/* "zeek", "eve" ...: as the setting is written. */
const char *input_type_name(uint32_t type);
