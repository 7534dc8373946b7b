/* zeek_conn.h -- what Zeek's conn.log says about a conversation, whatever the file's form. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/observation.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Would Zeek call this address local by default, when no networks are configured?
 *
 * source  Site::private_address_space of Zeek 8: the IANA special-purpose registries (RFC 6890) and
 *         locally scoped multicast; checked against its logs of all test captures
 */
bool zeek_conn_is_local(const struct addr *a);

/* "tcp", "udp", "icmp" (both versions) or "unknown_transport" */
const char *zeek_conn_proto(uint8_t ip_proto);

/* Zeek counts in microseconds. 0: it writes neither duration nor byte counts. */
uint64_t zeek_conn_duration_us(const struct obs_flow *f);
