/* openvpn.h -- how OpenVPN's sessions begin, whatever carries them. */
#pragma once

#include "daemon/base/cursor.h"

/* Is this whole packet a client's first one? */
bool openvpn_is_reset(struct cursor packet);
