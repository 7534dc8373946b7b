/* zeek_json.h -- values as Zeek's JSON logs have them: seconds since the epoch, names with dots. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/json.h"

#include <stdint.h>

/* Six decimals are exact: a double holds microseconds since the epoch up to the year 2255. */
static inline void
zeek_json_us(struct json *j, const char *key, uint64_t us)
{
	json_key_double(j, key, (double)us / 1e6, 6);
}

static inline void
zeek_json_end(struct json *j, const char *addr_key, const char *port_key, const struct addr *a,
	uint16_t port)
{
	json_key_addr(j, addr_key, a);
	json_key_u64(j, port_key, port);
}
