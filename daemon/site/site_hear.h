/* site_hear.h -- which names what was said gives to addresses, and how far each is believed. */
#pragma once

#include "daemon/site/site_names.h"

struct observation;

/*
 * Learn the names that an observation tells: OBS_DNS, OBS_NAME, OBS_DHCP, OBS_TLS, OBS_QUIC, OBS_HTTP; others are
 * ignored.
 *
 * returns  the address of a host that told a name of its own which was not known; valid as long as `o`. NULL: none
 * cost     one look-up, two when a name is learned
 */
const struct addr *site_hear(struct site_names *n, const struct observation *o);
