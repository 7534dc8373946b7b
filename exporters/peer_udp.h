/* peer_udp.h -- a UDP port as a peer. */
#pragma once

#include "exporters/peer_kind.h"

extern const struct peer_kind peer_udp;
