/* whitelist_text.h -- the values of a rule as people write them. Each is read whole, or refused. */
#pragma once

#include "daemon/whitelist/whitelist.h"

#include <stdbool.h>
#include <stdint.h>

/* "443/tcp", "53/udp", "3868/sctp", or "443" of any protocol (0). Port 0 is none. */
bool whitelist_port_parse(const char *text, uint16_t *ret_port, uint8_t *ret_ip_proto);

/* "AS15169", "15169"; AS0 is nobody's. */
bool whitelist_asn_parse(const char *text, uint32_t *ret_asn);

/* "2026-12-31" (its first moment) or "2026-12-31T18:30:00Z", of 1970 to 2500. */
bool whitelist_time_parse(const char *text, uint64_t *ret_ns);

/*
 * A name as DNS has it: "example.com", "=www.example.com", "xn--bcher-kva.example".
 *
 * ret_name  a view into `text`
 * returns   false also for one that could not be told from another: more than 10 labels, or more than 62 bytes, of which
 *           only the end is remembered of a host (site_names.h)
 */
bool whitelist_name_parse(const char *text, struct whitelist_name *ret_name);
