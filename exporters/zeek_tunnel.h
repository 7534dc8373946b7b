/* zeek_tunnel.h -- what Zeek's tunnel.log says about a tunnel, whatever the file's form. */
#pragma once

#include "daemon/decode/tunnel_kind.h"

#include <stdbool.h>

/*
 * "Tunnel::VXLAN". PPTP and ERSPAN are Tunnel::GRE, as in Zeek; what Zeek does not follow has a name made
 * after the others.
 */
const char *zeek_tunnel_type(enum tunnel_kind kind);

/* "Tunnel::DISCOVER", or "Tunnel::CLOSE" at its end */
const char *zeek_tunnel_action(bool closed);
