/*
 * capture_names.h -- number the interfaces of capture files.
 *
 * An interface is what has the same name, in whichever file or section: a capture that was cut in
 * pieces goes on, and what two interfaces saw is known to be twice there. Those without a name are
 * told apart by their place in their section only; that of a pcap file is the first.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/engine/interface_names.h"

#include <stdint.h>

/* Zeroed is empty. */
struct capture_names {
	struct interface_names names;
	uint16_t place[INTERFACES_MAX]; /* in its section, + 1, of one without a name; else 0 */
	uint16_t count;
};

/*
 * The number of an interface.
 *
 * name     its text, up to a NUL; empty if it has none. Equal in the first 63 bytes is equal
 * place    in its section, 0 ..; only of interest without a name
 * returns  below INTERFACES_MAX; when there are more, the rest share the last, which loses its name
 */
uint16_t capture_names_number(struct capture_names *n, struct cursor name, uint32_t place);
