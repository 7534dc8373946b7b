/* rdp.h -- the beginning of a remote desktop session. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { RDP_COOKIE_MAX = 128 }; /* the NUL included; what is longer is cut */

struct obs_rdp {
	const char
		*cookie; /* the user's name as the client cuts it; "" none; NULL: not negotiated */
	const char *result; /* "encrypted", "Success", a reason of failure; NULL: not known */
	const char *security_protocol; /* that the server chose: "RDP", "SSL", "HYBRID" ... */
};
