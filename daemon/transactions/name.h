/* name.h -- a host is said to have a name: mostly by itself, when it announces or registers it. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_name {
	struct addr addr;   /* whose name it is */
	struct addr sender; /* who says so */
	const char *name;   /* a NUL as \x00; other bytes as they are */
	const char *by;     /* the protocol: "mdns", "llmnr", "nbns", "ssdp" */
};
