/* peer_unix.h -- a Unix datagram socket as a peer. */
#pragma once

#include "exporters/peer_kind.h"

extern const struct peer_kind peer_unix;
