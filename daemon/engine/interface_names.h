/* interface_names.h -- what the interfaces of a capture are called. */
#pragma once

#include "daemon/decode/frame.h"

enum { INTERFACE_NAME_MAX = 64 }; /* bytes, with the end; longer names are cut */

/*
 * By frame.interface. "" where nobody knows, and for the last one when it stands for several. Over
 * files names turn up while they are read. Hostile text: a capture may claim any.
 */
struct interface_names {
	char text[INTERFACES_MAX][INTERFACE_NAME_MAX];
};
