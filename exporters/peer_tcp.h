/* peer_tcp.h -- a TCP stream of counted messages as a peer. */
#pragma once

#include "exporters/peer_kind.h"

extern const struct peer_kind peer_tcp;
